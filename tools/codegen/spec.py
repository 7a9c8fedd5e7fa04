"""Reads `spec/*.toml` into plain checked values."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT / "spec"


def load(name: str) -> dict[str, Any]:
    """Return the parsed `spec/<name>.toml`."""
    return tomllib.loads((SPEC / f"{name}.toml").read_text(encoding="utf-8"))


def tags() -> list[dict[str, Any]]:
    """Return the tags; names and values are unique, values are small positive integers."""
    rows: list[dict[str, Any]] = load("tags")["tag"]
    _unique("tag name", [row["name"] for row in rows])
    _unique("tag value", [row["value"] for row in rows])
    for row in rows:
        if not 0 < row["value"] < 2**16:
            raise SystemExit(f"spec/tags.toml: {row['name']} = {row['value']} is not in 1..65535")
    return rows


def limits() -> list[dict[str, Any]]:
    """Return the widths and limits; names are unique."""
    rows: list[dict[str, Any]] = load("limits")["limit"]
    _unique("limit name", [row["name"] for row in rows])
    return rows


def statements() -> dict[str, dict[str, Any]]:
    """Return the statements; packed parts may touch but never overlap, at the largest depth of any preset."""
    rows = load("statements")
    depth_max = max(preset["depth"] for circuit in circuits() for preset in circuit["presets"])
    for name, statement in rows.items():
        end = 0
        for part in statement["packed"]:
            bits = 2**depth_max if part["bits"] == "2 ** depth" else part["bits"]
            if part["shift"] < end:
                raise SystemExit(f"spec/statements.toml: {name}.{part['name']} overlaps the part below it")
            end = part["shift"] + bits
        if end > 253:
            raise SystemExit(f"spec/statements.toml: {name}.packed needs {end} bits, a field element holds 253")
    return rows


def circuits() -> list[dict[str, Any]]:
    """Return the circuits and their presets."""
    rows: list[dict[str, Any]] = load("circuits")["circuit"]
    return rows


def rails() -> list[dict[str, Any]]:
    """Return the payment rails; names and (provider, currency) are unique, and every completed transfer is final."""
    rows: list[dict[str, Any]] = load("rails")["rail"]
    _unique("rail name", [row["name"] for row in rows])
    _unique("rail provider and currency", [(row["provider_id"], row["currency"]) for row in rows])
    for row in rows:
        if row.get("final") is not True or not row.get("final_reason"):
            raise SystemExit(f"spec/rails.toml: {row['name']} is refused: its completed transfers are not final")
        if row["account_rule"] not in ("pk_mobile", "iban") or row["txid_rule"] not in ("digits", "alphanumeric"):
            raise SystemExit(f"spec/rails.toml: {row['name']} names an unknown account or transaction id rule")
        if (row["account_rule"] == "iban") != ("iban_characters" in row):
            raise SystemExit(
                f"spec/rails.toml: {row['name']}: iban_characters stands with the iban rule, and only there"
            )
    return rows


def _unique(what: str, values: list[Any]) -> None:
    if len(set(values)) != len(values):
        raise SystemExit(f"spec: a {what} stands twice")
