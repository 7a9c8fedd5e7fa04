"""The two IDLs: the Anchor 0.30 one has the form that TypeScript's Anchor reads, and both say the same."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from solders.pubkey import Pubkey

from anomi_sdk.addresses import find_address
from anomi_sdk.generated import PROGRAMS
from anomi_sdk.program_spec import ProgramSpec
from anomi_sdk.wire import PUBKEY, U32, U64, ByteArray, WireType

FOLDER = Path(__file__).resolve().parents[3] / "verifier_program" / "idl"
IDLS = {
    program.name: tuple(
        json.loads((FOLDER / f"{program.name}{form}.json").read_text(encoding="utf-8")) for form in ("", ".anchor-0.30")
    )
    for program in PROGRAMS
}
ANCHOR = IDLS["groth16_verifier"][1]
every_program = pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)


def _object(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def _list(item: Any) -> dict[str, Any]:
    return {"type": "array", "items": item}


STRING = {"type": "string"}
SNAKE = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
PASCAL = {"type": "string", "pattern": "^[A-Z][A-Za-z0-9]*$"}
BYTE = {"type": "integer", "minimum": 0, "maximum": 255}
DOCS = {"docs": _list(STRING)}
DISCRIMINATOR = {"type": "array", "items": BYTE, "minItems": 8, "maxItems": 8}
TYPE: dict[str, Any] = {
    "oneOf": [
        {"enum": ["bool", "u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "u128", "i128"]},
        {"enum": ["bytes", "string", "pubkey", "f32", "f64", "u256", "i256"]},
        _object({"option": {"$ref": "#/$defs/type"}}),
        _object({"vec": {"$ref": "#/$defs/type"}}),
        _object(
            {
                "array": {
                    "type": "array",
                    "prefixItems": [{"$ref": "#/$defs/type"}, {"type": "integer", "minimum": 1}],
                    "minItems": 2,
                    "maxItems": 2,
                }
            }
        ),
        _object({"defined": _object({"name": PASCAL}, {"generics": _list({})})}),
    ]
}
FIELD = _object({"name": SNAKE, "type": {"$ref": "#/$defs/type"}}, DOCS)
SEED = {
    "oneOf": [
        _object({"kind": {"const": "const"}, "value": _list(BYTE)}),
        _object({"kind": {"const": "arg"}, "path": STRING}),
        _object({"kind": {"const": "account"}, "path": STRING}, {"account": STRING}),
    ]
}
ACCOUNT = _object(
    {"name": SNAKE},
    {
        **DOCS,
        "writable": {"const": True},
        "signer": {"const": True},
        "optional": {"const": True},
        "address": STRING,
        "pda": _object({"seeds": _list(SEED)}, {"program": SEED}),
        "relations": _list(STRING),
    },
)
# solana-foundation/anchor, idl/spec/src/lib.rs and ts/packages/anchor/src/idl.ts, `metadata.spec` 0.1.0. What
# TypeScript treats as absent when it is false (`writable`, `signer`) is left out when it is false.
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$defs": {"type": TYPE},
    **_object(
        {
            "address": STRING,
            "metadata": _object(
                {"name": SNAKE, "version": STRING, "spec": {"const": "0.1.0"}}, {"description": STRING}
            ),
            "instructions": _list(
                _object(
                    {"name": SNAKE, "discriminator": DISCRIMINATOR, "accounts": _list(ACCOUNT), "args": _list(FIELD)},
                    {**DOCS, "returns": {"$ref": "#/$defs/type"}},
                )
            ),
        },
        {
            **DOCS,
            "accounts": _list(_object({"name": PASCAL, "discriminator": DISCRIMINATOR})),
            "events": _list(_object({"name": PASCAL, "discriminator": DISCRIMINATOR})),
            "errors": _list(_object({"code": {"type": "integer", "minimum": 6000}, "name": PASCAL}, {"msg": STRING})),
            "types": _list(
                _object(
                    {
                        "name": PASCAL,
                        "type": _object({"kind": {"const": "struct"}}, {"fields": _list(FIELD)}),
                    },
                    {**DOCS, "serialization": STRING, "repr": {}, "generics": _list({})},
                )
            ),
            "constants": _list(
                _object({"name": STRING, "type": {"$ref": "#/$defs/type"}, "value": STRING}, DOCS),
            ),
        },
    ),
}


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _sha(space: str, name: str) -> list[int]:
    return list(hashlib.sha256(f"{space}:{name}".encode()).digest()[:8])


@every_program
def test_anchor_form(program: ProgramSpec) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(IDLS[program.name][1])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda idl: idl["metadata"].update(spec="0.2.0"),
        lambda idl: idl["instructions"][0].pop("discriminator"),
        lambda idl: idl["instructions"][0].update(name="initKey"),
        lambda idl: idl["instructions"][0]["accounts"][0].update(isMut=True),
        lambda idl: idl["instructions"][0]["args"][0].update(type="publicKey"),
        lambda idl: idl["accounts"][0].update(discriminator=[1, 2, 3]),
        lambda idl: idl["types"][0]["type"]["fields"][0].update(type={"defined": "KeyBody"}),
    ],
)
def test_the_schema_notices_what_typescript_would_not_read(spoil: Any) -> None:
    idl = json.loads(json.dumps(ANCHOR))
    spoil(idl)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(idl)


@every_program
def test_discriminators_are_anchors(program: ProgramSpec) -> None:
    idl = IDLS[program.name][1]
    for instruction in idl["instructions"]:
        assert instruction["discriminator"] == _sha("global", instruction["name"])
    for account in idl["accounts"]:
        assert account["discriminator"] == _sha("account", account["name"])
    for event in idl["events"]:
        assert event["discriminator"] == _sha("event", event["name"])
    assert [list(spec.discriminator) for spec in program.instructions] == [
        instruction["discriminator"] for instruction in idl["instructions"]
    ]


@every_program
def test_every_name_is_defined(program: ProgramSpec) -> None:
    idl = IDLS[program.name][1]
    defined = [entry["name"] for entry in idl["types"]]
    named = {entry["name"] for kind in ("accounts", "events") for entry in idl[kind]}
    used = set(re.findall(r'"defined": \{"name": "([A-Za-z0-9]+)"', json.dumps(idl)))
    assert named | used <= set(defined)
    assert len(set(defined)) == len(defined)


@every_program
def test_addresses(program: ProgramSpec) -> None:
    legacy, idl = IDLS[program.name]
    assert idl["address"] == str(program.program_id) == legacy["metadata"]["address"]
    for spec, row in zip(program.instructions, idl["instructions"], strict=True):
        assert [(a.name, None if a.address is None else str(a.address)) for a in spec.accounts] == [
            (account["name"], account.get("address")) for account in row["accounts"]
        ]


KEY = Pubkey.from_bytes(bytes([4] * 32))
SEEDS: dict[WireType, tuple[Any, object, bytes]] = {
    PUBKEY: ("pubkey", KEY, bytes(KEY)),
    U32: ("u32", 0x01020304, bytes([4, 3, 2, 1])),
    U64: ("u64", 0x0102030405060708, bytes([8, 7, 6, 5, 4, 3, 2, 1])),
    ByteArray(32): ({"array": ["u8", 32]}, bytes(range(32)), bytes(range(32))),
}
"""By type of seed: the IDL's type of it, a value, and the bytes that Anchor's clients make of that."""


@every_program
def test_seeds_derive_our_addresses(program: ProgramSpec) -> None:
    """A TypeScript client fills in by itself the accounts whose seeds the IDL has."""
    by_literal = {pda.literal: pda for pda in program.pdas}
    found = 0
    for instruction in IDLS[program.name][1]["instructions"]:
        kinds = {("account", account["name"]): "pubkey" for account in instruction["accounts"]}
        kinds |= {("arg", argument["name"]): argument["type"] for argument in instruction["args"]}
        for account in instruction["accounts"]:
            if "pda" not in account:
                continue
            literal, *seeds = account["pda"]["seeds"]
            pda = by_literal[bytes(literal["value"])]
            expected = [SEEDS[field.type] for field in pda.seeds]
            assert literal["kind"] == "const"
            assert [seed["path"] for seed in seeds] == [field.name for field in pda.seeds]
            assert [kinds[seed["kind"], seed["path"]] for seed in seeds] == [kind for kind, _, _ in expected]
            raw = [pda.literal, *(encoded for _, _, encoded in expected)]
            derived = Pubkey.find_program_address(raw, program.program_id)
            assert derived == find_address(pda, *(value for _, value, _ in expected))
            found += 1
    assert found


def test_seeds_that_no_client_can_find_are_named() -> None:
    """The market's rail is a hash of three arguments: the IDL says where the account lives, and no more."""
    market = IDLS["market"][1]
    row = next(row for row in market["instructions"] if row["name"] == "initialize_market")
    account = next(account for account in row["accounts"] if account["name"] == "market")
    assert account == {"name": "market", "writable": True, "docs": ['PDA ["market", base_mint, rail]']}


@every_program
def test_both_idls_say_the_same(program: ProgramSpec) -> None:
    legacy, idl = IDLS[program.name]
    for old, new in zip(legacy["instructions"], idl["instructions"], strict=True):
        assert _snake(old["name"]) == new["name"]
        assert [(_snake(a["name"]), a["isMut"], a["isSigner"]) for a in old["accounts"]] == [
            (a["name"], a.get("writable", False), a.get("signer", False)) for a in new["accounts"]
        ]
        assert [_modern(argument) for argument in old["args"]] == new["args"]
    assert legacy["errors"] == idl["errors"]
    assert [entry["name"] for entry in legacy["accounts"]] == [entry["name"] for entry in idl["accounts"]]
    assert [entry["name"] for entry in legacy["events"]] == [entry["name"] for entry in idl["events"]]
    assert [_modern(row)["type"] for row in legacy["constants"]] == [row["type"] for row in idl["constants"]]
    assert [(row["name"], row["value"]) for row in legacy["constants"]] == [
        (row["name"], row["value"]) for row in idl["constants"]
    ]
    shapes = {entry["name"]: entry["type"]["fields"] for entry in idl["types"]}
    for entry in [*legacy["accounts"], *legacy["types"]]:
        assert [_modern(field) for field in entry["type"]["fields"]] == shapes[entry["name"]]
    for entry in legacy["events"]:
        plain = [{key: value for key, value in field.items() if key != "index"} for field in entry["fields"]]
        assert [_modern(field) for field in plain] == shapes[entry["name"]]


def _modern(field: dict[str, Any]) -> dict[str, Any]:
    """A legacy field in the newer spelling."""
    text = json.dumps(field["type"]).replace('"publicKey"', '"pubkey"')
    kind = json.loads(re.sub(r'"defined": "(\w+)"', r'"defined": {"name": "\1"}', text))
    return {**field, "name": _snake(field["name"]), "type": kind}
