"""Circom: `circuits/lib/spec.circom` and the one-line mains."""

from __future__ import annotations

from tools.codegen import spec

HEAD = "// generated from spec/ by `python -m tools.codegen`; do not edit\npragma circom 2.2.3;\n"


def render() -> dict[str, str]:
    """Return path → text of every generated Circom file."""
    files = {"circuits/lib/spec.circom": _constants()}
    for circuit in spec.circuits():
        for preset in circuit["presets"]:
            public = ", ".join(circuit["public"])
            template = f"{circuit['template']}({preset['k']}, {preset['depth']})"
            files[f"circuits/main/{preset['main']}.circom"] = (
                f'{HEAD}\ninclude "../{circuit["source"]}";\n\ncomponent main {{public [{public}]}} = {template};\n'
            )
    return files


def _constants() -> str:
    lines = [HEAD]
    for tag in spec.tags():
        lines.append(f"// {tag['use']}\nfunction TAG_{tag['name']}() {{ return {tag['value']}; }}")
    for limit in spec.limits():
        if limit.get("circuits"):
            lines.append(f"// {limit['meaning']}\nfunction {limit['name']}() {{ return {limit['value']}; }}")
    for name, statement in spec.statements().items():
        for part in statement["packed"]:
            function = f"{name.upper()}_{part['name'].upper()}_SHIFT"
            lines.append(f"// bit position inside {name}'s packed word")
            lines.append(f"function {function}() {{ return {part['shift']}; }}")
    return "\n".join(lines) + "\n"
