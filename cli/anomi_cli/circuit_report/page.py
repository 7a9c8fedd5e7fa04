"""The report as one HTML file that needs no network: its policy forbids one, and everything stands in it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter, defaultdict
from html import escape
from importlib.resources import files
from typing import Any

from anomi_cli.circuit_report.document import label
from anomi_cli.circuit_report.page_chain import chain_section
from anomi_prover.circuit_report.findings import RULES, SEVERITIES, Finding
from anomi_prover.circuit_report.report import CircuitReport

__all__ = ["page"]

LINES_SHOWN = 40


def page(report: CircuitReport, data: dict[str, Any]) -> str:
    """Return the page; `data` is what `document` made of the same report."""
    style, script = (
        files("anomi_cli.circuit_report").joinpath(name).read_text("utf-8") for name in ("page.css", "page.js")
    )
    shown = json.dumps({"components": data["components"]}, ensure_ascii=True).replace("<", "\\u003c")
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src '{_hash(script)}'"
    body = "\n".join(
        (
            _head(report),
            _flame(report),
            _findings(report),
            chain_section(data),
            _public(report),
            _tables(report),
            _basis(report),
        )
    )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{escape(report.name)}: circuit report</title>
<style>{style}</style>
</head>
<body>
<main>
{body}
</main>
<script type="application/json" id="data">{shown}</script>
<script>{script}</script>
</body>
</html>
"""


def _hash(script: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _head(report: CircuitReport) -> str:
    size = report.size
    tiles: list[tuple[str, str]] = []
    if size is not None:
        level = f"constraints, --{size.optimisation}" if size.optimisation else "constraints"
        tiles.append((f"{size.constraints:,}", level))
        if size.written is not None:
            tiles.append((f"{size.written:,}", "constraints as written"))
        tiles += [(f"{size.public:,}", "public inputs"), (f"{size.private_inputs:,}", "private inputs")]
        tiles += [(f"{size.wires:,}", "wires"), (f"2^{size.domain_power}", "domain")]
    open_ones = Counter(one.severity for one in report.findings if not one.is_suppressed)
    worst = report.worst()
    for severity in SEVERITIES[:2]:
        css = severity if open_ones[severity] else "good"
        tiles.append(
            (
                f'<span class="{css}">{open_ones[severity]}</span>',
                severity if open_ones[severity] == 1 else f"{severity}s",
            )
        )
    cells = "".join(f'<div class="tile"><b>{value}</b><span>{escape(name)}</span></div>' for value, name in tiles)
    verdict = "nothing that needs a decision" if worst in (None, "note") else f"worst finding: {worst}"
    return (
        f'<a class="skip" href="#findings">Skip to findings</a><h1>{escape(report.name)}</h1>'
        f'<p class="soft">{escape(report.source.name)} · {verdict}</p><div class="tiles">{cells}</div>'
    )


def _flame(report: CircuitReport) -> str:
    if report.costs is None:
        return ""
    choice = (
        '<label>Width: <select id="measure"><option value="left">constraints left after simplification</option>'
        '<option value="written">constraints as written (--O0)</option></select></label>'
        if report.exact
        else ""
    )
    return (
        '<h2 id="where">Where the constraints come from</h2><p class="soft">A box is a template with its arguments, '
        "its width what it and its components cost. Click or Enter zooms in, Escape out, arrow keys walk.</p>"
        f'{choice}<div><div id="flame" role="group" aria-label="Constraints by component"></div></div>'
        '<div id="about" aria-live="polite"></div><noscript><p>The tables below hold the same figures.</p></noscript>'
    )


def _findings(report: CircuitReport) -> str:
    shown = [one for one in report.findings if not one.is_suppressed]
    allowed = [one for one in report.findings if one.is_suppressed]
    parts = ['<h2 id="findings">Findings</h2>']
    if report.program is None:
        return parts[0] + "<p>Findings need the source; this report was made from an .r1cs file.</p>"
    if not shown:
        parts.append('<p class="good">No rule is broken.</p>')
    parts += [_finding(report, one) for one in shown]
    if allowed:
        parts.append(f"<details><summary>{len(allowed)} allowed by a comment in the source</summary>")
        parts += [_finding(report, one) for one in allowed]
        parts.append("</details>")
    if report.library_findings:
        parts.append(
            f"<details><summary>{len(report.library_findings)} in included packages, which fail nothing</summary>"
        )
        parts += [_finding(report, one) for one in report.library_findings]
        parts.append("</details>")
    return "\n".join(parts)


def _finding(report: CircuitReport, one: Finding) -> str:
    place = f"{label(report, one.file)}:{one.line}"
    where = f", template {one.template}" if one.template else ""
    reason = f"<p>Allowed: {escape(one.reason)}</p>" if one.reason is not None else ""
    code = ""
    if report.program is not None:
        lines = report.program.texts[one.file].split("\n")
        code = f"<pre>{escape(lines[one.line - 1].strip())}</pre>" if one.line <= len(lines) else ""
    return (
        f'<div class="finding"><span class="chip {one.severity}">{one.severity}</span> <b>{escape(one.message)}</b>'
        f'<p class="soft"><code>{escape(place)}</code>{escape(where)} · <code>{one.rule}</code></p>{code}'
        f"<p>{escape(RULES[one.rule].help)}</p>{reason}</div>"
    )


def _public(report: CircuitReport) -> str:
    if not report.public_signals:
        return ""
    rows = "".join(
        f'<tr><td class="n">{at}</td><td class="mono">{escape(one.name)}</td><td>{one.direction}</td>'
        f"<td>{f'below 2^{one.bits}' if one.bits is not None else 'any field element'}</td></tr>"
        for at, one in enumerate(report.public_signals)
    )
    note = "as far as the constraints show it" if report.exact else "not looked at without a source"
    return (
        '<h2 id="public">Public inputs</h2><p class="soft">In the order of a proof&#39;s public inputs. Width: '
        f'{note}.</p><div class="wide"><table><thead><tr><th class="n">#</th><th>signal</th><th>kind</th>'
        f"<th>width</th></tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _tables(report: CircuitReport) -> str:
    costs, program = report.costs, report.program
    if costs is None or program is None or not report.exact:
        return ""
    whole = costs.tree.total or 1
    rows = "".join(
        f'<tr><td class="mono">{escape(one.template)}</td>'
        f'<td class="mono soft">{escape(label(report, one.file))}:{one.line}</td>'
        f'<td class="n">{one.instances:,}</td><td class="n">{one.own:,}</td><td>{_meter(one.own / whole)}</td>'
        f'<td class="n">{one.total:,}</td><td class="n">{one.written:,}</td></tr>'
        for one in costs.templates
    )
    parts = [
        '<h2 id="templates">By template</h2><div class="wide"><table><thead><tr><th>template</th><th>where</th>'
        '<th class="n">instances</th><th class="n">own</th><th></th><th class="n">with components</th>'
        f'<th class="n">own, as written</th></tr></thead><tbody>{rows}</tbody></table></div>'
    ]
    rows = "".join(
        f'<tr><td class="mono soft">{escape(label(report, one.file))}:{one.line}</td>'
        f'<td class="code">{escape(program.texts[one.file].split(chr(10))[one.line - 1].strip()[:120])}</td>'
        f'<td class="n">{one.left:,}</td><td>{_meter(one.left / whole)}</td><td class="n">{one.written:,}</td></tr>'
        for one in costs.lines[:LINES_SHOWN]
    )
    parts.append(
        f'<h2 id="lines">By line</h2><p class="soft">The {min(LINES_SHOWN, len(costs.lines))} dearest of '
        f'{len(costs.lines)} statements that write constraints.</p><div class="wide"><table><thead><tr><th>where</th>'
        '<th>statement</th><th class="n">left</th><th></th><th class="n">as written</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )
    parts += _listings(report)
    return "\n".join(parts)


def _listings(report: CircuitReport) -> list[str]:
    """The project's own files, with what each line costs."""
    assert report.costs is not None and report.program is not None  # noqa: S101 - the caller has looked
    by_file: dict[Any, dict[int, tuple[int, int]]] = defaultdict(dict)
    for one in report.costs.lines:
        left, written = by_file[one.file].get(one.line, (0, 0))
        by_file[one.file][one.line] = (left + one.left, written + one.written)
    most = max((left for lines in by_file.values() for left, _ in lines.values()), default=1) or 1
    parts = ["<h3>Source</h3>"]
    for file in report.program.files:
        if "node_modules" in file.parts or file not in by_file:
            continue
        rows = []
        for number, text in enumerate(report.program.texts[file].split("\n"), 1):
            left, written = by_file[file].get(number, (0, 0))
            css = f' class="hot" style="--heat:{100 * left / most:.0f}%"' if left else ""
            cells = (
                f'<td class="n">{left:,}</td><td class="n soft">{written:,}</td>' if written else "<td></td><td></td>"
            )
            rows.append(f'<tr{css}><td class="n soft">{number}</td>{cells}<td class="code">{escape(text)}</td></tr>')
        total = sum(left for left, _ in by_file[file].values())
        parts.append(
            f"<details><summary><code>{escape(label(report, file))}</code>: {total:,} constraints</summary>"
            '<div class="wide"><table class="listing"><thead><tr><th class="n">line</th><th class="n">left</th>'
            f'<th class="n">written</th><th></th></tr></thead><tbody>{"".join(rows)}</tbody></table></div></details>'
        )
    return parts


def _meter(share: float) -> str:
    return f'<span class="meter"><i style="width:{100 * min(share, 1):.1f}%"></i></span>'


def _basis(report: CircuitReport) -> str:
    if report.size is None:
        text = "The file has no component main: its templates were read, nothing was compiled."
    elif report.exact:
        combined = report.costs.combined if report.costs else 0
        text = (
            "<b>Exact.</b> The source was unrolled here and compared with what circom writes without simplification: "
            "the same number of constraints, each holding only signals of the component that it was found in. Each "
            "constraint left after simplification was then matched with the one it was written as, by their "
            "values at random points; two that differ would agree with a probability below 2^-200. "
            + (
                f"{combined} constraints left are put together from several and count for main&#39;s total only. "
                if combined
                else ""
            )
            + "Widths and range checks are derived from the constraints alone. What they show holds for every prover; "
            "what they do not show may still hold for a reason that is not looked for. The other findings read the "
            "source and may be wrong in both directions: no finding is no proof."
        )
    else:
        text = (
            f"<b>Attributed, not exact</b>, because {escape(report.doubt or 'the source is not there')}. A constraint "
            "counts for the smallest component that holds all its signals; it may be one level too deep or too high. "
            "Rules that look at the compiled circuit (range checks, booleans, free inputs) were not applied."
        )
    return (
        f'<h2 id="basis">What is exact and what is not</h2><p>{text}</p><p>Chain figures: sizes, rent and transactions '
        "are computed by the code that builds them; compute units are a measured line, held to the program by a test. "
        "Proving time is an estimate, good to a factor of two. Nothing here is an audit.</p>"
    )
