"""IDLs: each program in the two forms that Anchor's clients read.

`<program>.json` is the legacy form (Anchor up to 0.29), the one anchorpy 0.21 parses; `<program>.anchor-0.30.json` is
spec 0.1.0 (Anchor 0.30 and later), for TypeScript clients. Borsh cannot say "bytes up to the end", so a `rest` field is
left out of both and described in the docs of its type; decoders ignore bytes after the last field. A PDA stands in the
newer form only where a client can derive it: when each of its seeds is an account or an argument of the instruction.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from tools.codegen import programs as model
from tools.codegen.programs import (
    Address,
    Field,
    Instruction,
    Layout,
    Pda,
    Program,
    camel,
    discriminator,
    upper_snake,
)

FOLDER = "verifier_program/idl"
GENERATED = "Generated from spec/programs.toml by `python -m tools.codegen`; do not edit."


def render() -> dict[str, str]:
    """Return path → text of the generated IDLs."""
    files = {}
    for program in model.programs():
        files[f"{FOLDER}/{program.name}.json"] = _text(_legacy(program))
        files[f"{FOLDER}/{program.name}.anchor-0.30.json"] = _text(_anchor_030(program))
    return files


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _legacy(program: Program) -> dict[str, Any]:
    def fields(rows: Iterable[Field], **more: Any) -> list[dict[str, Any]]:
        return [
            {"name": camel(row.name), **_docs(row.meaning), "type": idl_type(row.type, legacy=True), **more}
            for row in rows
            if row.type != "rest"
        ]

    def types(rows: Iterable[Layout]) -> list[dict[str, Any]]:
        return [
            {"name": row.name, **_layout_docs(row), "type": {"kind": "struct", "fields": fields(row.fields)}}
            for row in rows
        ]

    return {
        "version": program.version,
        "name": program.name,
        "docs": [program.about, GENERATED],
        "constants": [
            *({"name": limit["name"], "type": "u32", "value": str(limit["value"])} for limit in program.limits),
            *({"name": _constant(row), "type": "publicKey", "value": row.address} for row in program.addresses),
        ],
        "instructions": [
            {
                "name": camel(instruction.name),
                "docs": [instruction.meaning],
                "accounts": [
                    {"name": camel(account.name), "isMut": account.writable, "isSigner": account.signer}
                    for account in instruction.accounts
                ],
                "args": fields(instruction.args),
            }
            for instruction in program.instructions
        ],
        "accounts": types(program.accounts),
        "types": types(program.structs),
        "events": [{"name": event.name, "fields": fields(event.fields, index=False)} for event in program.events],
        "errors": _errors(program),
        "metadata": {"address": program.id},
    }


def _anchor_030(program: Program) -> dict[str, Any]:
    def fields(rows: Iterable[Field]) -> list[dict[str, Any]]:
        return [
            {"name": row.name, **_docs(row.meaning), "type": idl_type(row.type, legacy=False)}
            for row in rows
            if row.type != "rest"
        ]

    def tagged(space: str, rows: Iterable[Layout]) -> list[dict[str, Any]]:
        return [{"name": row.name, "discriminator": list(discriminator(space, row.name))} for row in rows]

    pdas = {pda.name: pda for pda in program.pdas}
    return {
        "address": program.id,
        "metadata": {
            "name": program.name,
            "version": program.version,
            "spec": "0.1.0",
            "description": program.about,
        },
        "docs": [program.about, GENERATED],
        "instructions": [
            {
                "name": instruction.name,
                "docs": [instruction.meaning],
                "discriminator": list(instruction.discriminator),
                "accounts": [
                    {
                        "name": account.name,
                        **({"writable": True} if account.writable else {}),
                        **({"signer": True} if account.signer else {}),
                        **({"address": account.address} if account.address else {}),
                        **(_pda(pdas[account.pda], instruction) if account.pda else {}),
                    }
                    for account in instruction.accounts
                ],
                "args": fields(instruction.args),
            }
            for instruction in program.instructions
        ],
        "accounts": tagged("account", program.accounts),
        "events": tagged("event", program.events),
        "errors": _errors(program),
        "types": [
            {"name": row.name, **_layout_docs(row), "type": {"kind": "struct", "fields": fields(row.fields)}}
            for row in (*program.structs, *program.accounts, *program.events)
        ],
        "constants": [
            *(
                {"name": limit["name"], **_docs(limit["meaning"]), "type": "u32", "value": str(limit["value"])}
                for limit in program.limits
            ),
            *(
                {"name": _constant(row), **_docs(row.meaning), "type": "pubkey", "value": row.address}
                for row in program.addresses
            ),
        ],
    }


def _errors(program: Program) -> list[dict[str, Any]]:
    return [{"code": error.code, "name": error.name, "msg": error.message} for error in program.errors]


def _constant(address: Address) -> str:
    return upper_snake(address.name)


def _pda(pda: Pda, instruction: Instruction) -> dict[str, Any]:
    """The seeds, when each is an account or an argument of the instruction; else a word about them."""
    places = {(account.name, "pubkey"): "account" for account in instruction.accounts}
    places |= {(argument.name, argument.type): "arg" for argument in instruction.args}
    seeds: list[dict[str, Any]] = [{"kind": "const", "value": list(pda.literal.encode())}]
    for seed in pda.seeds:
        kind = places.get((seed.name, seed.type))
        if kind is None:
            names = ", ".join([f'"{pda.literal}"', *(seed.name for seed in pda.seeds)])
            return {"docs": [f"PDA [{names}]"]}
        seeds.append({"kind": kind, "path": seed.name})
    return {"pda": {"seeds": seeds}}


def idl_type(name: str, *, legacy: bool) -> Any:
    """Return the type as either form of IDL spells it."""
    if name == "pubkey":
        return "publicKey" if legacy else "pubkey"
    if match := re.fullmatch(r"\[(.+); ([0-9]+)\]", name):
        return {"array": [idl_type(match[1], legacy=legacy), int(match[2])]}
    if match := re.fullmatch(r"vec<(.+)>", name):
        return {"vec": idl_type(match[1], legacy=legacy)}
    if name in model.SCALAR_BYTES or name == "bytes":
        return name
    return {"defined": name if legacy else {"name": name}}


def _docs(text: str) -> dict[str, list[str]]:
    return {"docs": [text]} if text else {}


def _layout_docs(layout: Layout) -> dict[str, list[str]]:
    rest = [f"Then `{field.name}`: {field.meaning}." for field in layout.fields if field.type == "rest"]
    return {"docs": [layout.meaning, *rest]}
