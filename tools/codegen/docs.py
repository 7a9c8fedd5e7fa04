"""Docs: `docs/reference/spec.md`."""

from __future__ import annotations

from typing import Any

from tools.codegen import spec


def table(head: list[str], rows: list[list[Any]]) -> str:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def render() -> dict[str, str]:
    """Return path → text of the generated reference pages."""
    parts = [
        "# Shared numbers\n\nGenerated from `spec/` by `python -m tools.codegen`; do not edit.",
        "## Tags\n\n"
        + table(
            ["tag", "value", "use"],
            [[f"`TAG_{t['name']}`", t["value"], f"`{t['use']}`"] for t in spec.tags()],
        ),
        "## Widths and limits\n\n"
        + table(
            ["name", "value", "meaning"],
            [[f"`{row['name']}`", row["value"], row["meaning"]] for row in spec.limits()],
        ),
    ]
    for name, statement in spec.statements().items():
        parts.append(
            f"## Statement: {name}\n\n`stmt = P({', '.join(statement['words'])})`, attested message "
            f"`P({', '.join(statement['message'])})`\n\n"
            + table(
                ["packed part", "bits", "shift"],
                [[f"`{p['name']}`", p["bits"], p["shift"]] for p in statement["packed"]],
            )
        )
    for circuit in spec.circuits():
        parts.append(
            f"## Circuit: {circuit['name']}\n\n"
            + table(["no.", "check"], [[i, check] for i, check in enumerate(circuit["checks"], 1)])
            + "\n\n"
            + table(
                ["main", "k", "depth", "keyed", "constraints at most"],
                [
                    [
                        f"`{p['main']}`",
                        p["k"],
                        p["depth"],
                        "yes" if p["keyed"] else "no",
                        p["constraints_max"],
                    ]
                    for p in circuit["presets"]
                ],
            )
        )
    parts.append(
        "## Rails\n\n"
        + table(
            ["rail", "provider", "currency", "minor unit", "account", "transaction id", "why a transfer is final"],
            [
                [
                    f"`{r['name']}`: {r['title']}",
                    r["provider_id"],
                    f"{r['currency']} ({r['iso4217_numeric']})",
                    f"10^-{r['exponent']}",
                    f"{r['account_rule']}, as `{r['account_examples'][0][1]}`",
                    f"{r['txid_rule']}, {r['txid_characters_min']} to {r['txid_characters_max']} characters",
                    r["final_reason"],
                ]
                for r in spec.rails()
            ],
        )
    )
    return {"docs/reference/spec.md": "\n\n".join(parts) + "\n"}
