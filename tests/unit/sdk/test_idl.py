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

from anomi_sdk.groth16_verifier import GROTH16_VERIFIER_ID, staging_address
from anomi_sdk.generated import groth16_verifier as generated

FOLDER = Path(__file__).resolve().parents[3] / "verifier_program" / "idl"
LEGACY = json.loads((FOLDER / "groth16_verifier.json").read_text(encoding="utf-8"))
ANCHOR = json.loads((FOLDER / "groth16_verifier.anchor-0.30.json").read_text(encoding="utf-8"))


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


def test_anchor_form() -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(ANCHOR)


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


def test_discriminators_are_anchors() -> None:
    for instruction in ANCHOR["instructions"]:
        assert instruction["discriminator"] == _sha("global", instruction["name"])
    for account in ANCHOR["accounts"]:
        assert account["discriminator"] == _sha("account", account["name"])
    for event in ANCHOR["events"]:
        assert event["discriminator"] == _sha("event", event["name"])
    assert [list(spec.discriminator) for spec in generated.INSTRUCTIONS] == [
        instruction["discriminator"] for instruction in ANCHOR["instructions"]
    ]


def test_every_name_is_defined() -> None:
    defined = {entry["name"] for entry in ANCHOR["types"]}
    named = {entry["name"] for kind in ("accounts", "events") for entry in ANCHOR[kind]}
    used = set(re.findall(r'"defined": \{"name": "([A-Za-z0-9]+)"', json.dumps(ANCHOR)))
    assert used
    assert named | used <= defined


def test_addresses() -> None:
    assert ANCHOR["address"] == str(GROTH16_VERIFIER_ID) == LEGACY["metadata"]["address"]
    fixed = {
        account["name"]: account["address"]
        for instruction in ANCHOR["instructions"]
        for account in instruction["accounts"]
        if "address" in account
    }
    assert fixed == {"system_program": "11111111111111111111111111111111"}


def test_seeds_derive_our_address() -> None:
    """A TypeScript client fills the staging account in by itself, from the seeds of the IDL."""
    authority, digest = Pubkey.from_bytes(bytes([4] * 32)), bytes([5] * 32)
    values = {"account authority": bytes(authority), "arg body_hash": digest}
    init = next(instruction for instruction in ANCHOR["instructions"] if instruction["name"] == "init_key")
    seeds = [
        bytes(seed["value"]) if seed["kind"] == "const" else values[f"{seed['kind']} {seed['path']}"]
        for seed in init["accounts"][0]["pda"]["seeds"]
    ]
    derived = Pubkey.find_program_address(seeds, GROTH16_VERIFIER_ID)[0]
    assert derived == staging_address(authority, digest)


def test_both_idls_say_the_same() -> None:
    for old, new in zip(LEGACY["instructions"], ANCHOR["instructions"], strict=True):
        assert _snake(old["name"]) == new["name"]
        assert [(_snake(a["name"]), a["isMut"], a["isSigner"]) for a in old["accounts"]] == [
            (a["name"], a.get("writable", False), a.get("signer", False)) for a in new["accounts"]
        ]
        assert [_modern(argument) for argument in old["args"]] == new["args"]
    assert LEGACY["errors"] == ANCHOR["errors"]
    assert [entry["name"] for entry in LEGACY["accounts"]] == [entry["name"] for entry in ANCHOR["accounts"]]
    shapes = {entry["name"]: entry["type"]["fields"] for entry in ANCHOR["types"]}
    for entry in [*LEGACY["accounts"], *LEGACY.get("types", [])]:
        assert [_modern(field)["type"] for field in entry["type"]["fields"]] == [
            field["type"] for field in shapes[entry["name"]]
        ]


def _modern(field: dict[str, Any]) -> dict[str, Any]:
    """A legacy field in the newer spelling."""
    text = json.dumps(field["type"]).replace('"publicKey"', '"pubkey"')
    kind = json.loads(re.sub(r'"defined": "(\w+)"', r'"defined": {"name": "\1"}', text))
    return {**field, "name": _snake(field["name"]), "type": kind}
