"""Python: `core/anomi_core/spec.py`."""

from __future__ import annotations

import json
from typing import Any

from tools.codegen import spec


def literal(value: Any) -> str:
    """Return a Python literal in the formatter's own quotes."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple):
        inner = ", ".join(literal(item) for item in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    return repr(value)


def render() -> dict[str, str]:
    """Return path → text of the generated Python module."""
    out = [
        '"""Shared numbers, generated from spec/ by `python -m tools.codegen`; do not edit."""',
        "",
        "# ruff: noqa: E501",
        "from __future__ import annotations",
        "",
        "from dataclasses import dataclass",
        "from typing import Final",
        "",
    ]
    for tag in spec.tags():
        out.append(f"TAG_{tag['name']}: Final = {tag['value']}")
        out.append(f'"""{tag["use"]}"""')
    out.append("")
    for limit in spec.limits():
        out.append(f"{limit['name']}: Final = {limit['value']}")
        out.append(f'"""{limit["meaning"]}"""')
    out += ["", ""]
    for name, statement in spec.statements().items():
        upper = name.upper()
        out.append(f"{upper}_WORDS: Final = {literal(statement['words'])}")
        for part in statement["packed"]:
            out.append(f"{upper}_{part['name'].upper()}_SHIFT: Final = {part['shift']}")
    out += ["", "", *_circuits(), "", "", *_rails(), "", "", *_setup(), ""]
    return {"core/anomi_core/spec.py": "\n".join(out)}


def _circuits() -> list[str]:
    out = [
        "@dataclass(frozen=True)",
        "class CircuitPreset:",
        '    """One compiled form of a circuit: `circuits/main/<main>.circom`."""',
        "",
        "    circuit: str",
        "    main: str",
        "    k: int",
        "    depth: int",
        "    keyed: bool",
        "    constraints_max: int",
        "",
        "",
        "CIRCUIT_PRESETS: Final = (",
    ]
    for circuit in spec.circuits():
        for preset in circuit["presets"]:
            fields = {
                "circuit": circuit["name"],
                **{key: preset[key] for key in ("main", "k", "depth", "keyed", "constraints_max")},
            }
            out.append(
                "    CircuitPreset(" + ", ".join(f"{key}={literal(value)}" for key, value in fields.items()) + "),"
            )
    out += [")", ""]
    out.append("CHECKS: Final = {")
    for circuit in spec.circuits():
        out.append(f"    {literal(circuit['name'])}: (")
        out += [f"        {literal(check)}," for check in circuit["checks"]]
        out.append("    ),")
    out.append("}")
    out.append('"""The named checks of each circuit, in order: one name in circuit, relation, docs and tests."""')
    return out


RAIL_FIELDS = {
    "name": "str",
    "title": "str",
    "provider_id": "int",
    "currency": "str",
    "iso4217_numeric": "int",
    "exponent": "int",
    "account_rule": "str",
    "iban_characters": "tuple[tuple[str, int], ...]",
    "txid_rule": "str",
    "txid_characters_min": "int",
    "txid_characters_max": "int",
    "final": "bool",
    "final_reason": "str",
}


def _rails() -> list[str]:
    out = ["@dataclass(frozen=True)", "class RailRow:", '    """One row of spec/rails.toml."""', ""]
    out += [f"    {name}: {kind}" for name, kind in RAIL_FIELDS.items()]
    out += ["", "", "RAILS: Final = ("]
    for rail in spec.rails():
        out.append("    RailRow(")
        for name in RAIL_FIELDS:
            pairs = sorted(rail.get("iban_characters", {}).items())
            if name == "iban_characters" and len(pairs) > 1:
                out += ["        iban_characters=(", *(f"            {literal(pair)}," for pair in pairs), "        ),"]
            else:
                out.append(f"        {name}={literal(pairs if name == 'iban_characters' else rail[name])},")
        out.append("    ),")
    return [*out, ")"]


def _setup() -> list[str]:
    rows = spec.load("setup")
    out = [f"DEV_PTAU_POWER: Final = {rows['powers_of_tau']['power']}"]
    out.append(f"DEV_PTAU_SHA256: Final = {literal(rows['powers_of_tau']['sha256'])}")
    x, y = (int(coordinate) for coordinate in rows["powers_of_tau"]["alpha_g1"])
    out += ["DEV_PTAU_ALPHA_G1: Final = (", *(f"    {coordinate}," for coordinate in (x, y)), ")"]
    for prefix, table in (("DEV_PHASE_1", "powers_of_tau"), ("DEV_PHASE_2", "phase_2")):
        row = rows[table]
        out.append(f"{prefix}_NAME: Final = {literal(row['name'])}")
        out.append(f"{prefix}_BEACON_TEXT: Final = {literal(row['beacon_text'])}")
        out.append(f"{prefix}_BEACON_ITERATIONS_EXP: Final = {row['beacon_iterations_exp']}")
    return out
