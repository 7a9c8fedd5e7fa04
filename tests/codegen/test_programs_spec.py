"""The tables of spec/programs.toml: Anchor's clients agree with what is generated, and a bad table is refused."""

from __future__ import annotations

import copy
import hashlib
import json
from typing import Any

import pytest
from anchorpy.coder.accounts import AccountsCoder
from anchorpy.coder.instruction import InstructionCoder
from anchorpy_core.idl import Idl
from solders.keypair import Keypair

from anomi_sdk.generated import groth16_verifier
from tools.codegen import idl, programs, rust, spec

PROGRAM = programs.programs()[0]
LEGACY = Idl.from_json(idl.render()["verifier_program/idl/groth16_verifier.json"])


def test_program_id_is_the_published_development_key() -> None:
    seed = hashlib.sha256(PROGRAM.id_text.encode()).digest()
    assert str(Keypair.from_seed(seed).pubkey()) == PROGRAM.id == str(groth16_verifier.PROGRAM_ID)


def test_anchorpy_encodes_instructions_as_the_generated_tables_do() -> None:
    coder = InstructionCoder(LEGACY)
    init_key = coder.encode("init_key", {"body_hash": list(range(32)), "body_len": 576})
    assert init_key == groth16_verifier.INIT_KEY.discriminator + bytes(range(32)) + (576).to_bytes(4, "little")
    write_key = coder.encode("write_key", {"offset": 7, "bytes": b"xyz"})
    assert write_key == groth16_verifier.WRITE_KEY.discriminator + bytes([7, 0, 0, 0, 3, 0, 0, 0]) + b"xyz"
    verify = coder.encode("verify", {"proof": [5] * 256, "public_inputs": [[6] * 32, [7] * 32]})
    expected = bytes([5] * 256 + [2, 0, 0, 0] + [6] * 32 + [7] * 32)
    assert verify == groth16_verifier.VERIFY.discriminator + expected
    for name in ("finalize_key", "close_staging"):
        assert coder.encode(name, {}) == getattr(groth16_verifier, name.upper()).discriminator


def test_anchorpy_decodes_accounts_with_bytes_after_the_last_field() -> None:
    coder = AccountsCoder(LEGACY)
    body = bytes(range(256)) * 2
    key = coder.decode(groth16_verifier.VERIFYING_KEY_TAG + body)
    assert bytes(key.body.alpha) == body[: groth16_verifier.KEY_BODY_NEG_BETA_OFFSET]
    assert bytes(key.body.neg_delta) == body[groth16_verifier.KEY_BODY_NEG_DELTA_OFFSET :][:128]
    staging = coder.decode(groth16_verifier.STAGING_TAG + bytes([1] * 32) + bytes([2] * 32) + body)
    assert bytes(staging.authority) == bytes([1] * 32)
    assert bytes(staging.body_hash) == bytes([2] * 32)


def test_anchor_030_idl_names_every_seed() -> None:
    document = json.loads(idl.render()["verifier_program/idl/groth16_verifier.anchor-0.30.json"])
    assert document["metadata"]["spec"] == "0.1.0"
    staging = document["instructions"][0]["accounts"][0]
    assert bytes(staging["pda"]["seeds"][0]["value"]) == groth16_verifier.STAGING_SEED
    assert staging["pda"]["seeds"][1:] == [
        {"kind": "account", "path": "authority"},
        {"kind": "arg", "path": "body_hash"},
    ]
    discriminators = {bytes(row["discriminator"]) for row in document["instructions"]}
    assert discriminators == {row.discriminator for row in groth16_verifier.INSTRUCTIONS}


def test_every_error_code_is_in_every_language() -> None:
    text = rust.render()["verifier_program/programs/groth16_verifier/interface/src/generated.rs"]
    assert list(groth16_verifier.ERRORS) == list(range(6000, 6000 + len(PROGRAM.errors)))
    for code, error in groth16_verifier.ERRORS.items():
        assert f"    {error.name} = {code},\n" in text
    assert [row["code"] for row in json.loads(LEGACY.to_json())["errors"]] == list(groth16_verifier.ERRORS)


def _broken(change: str) -> dict[str, Any]:
    tables = copy.deepcopy(spec.load("programs"))
    program = tables["program"][0]
    match change:
        case "error code left out":
            del program["error"][3]
        case "error name twice":
            program["error"][1]["name"] = program["error"][0]["name"]
        case "error block shared":
            tables["program"].append({**copy.deepcopy(program), "name": "other", "id": "1" * 32})
        case "id too long":
            program["id"] = "1" * 33
        case "unknown type":
            program["instruction"][0]["args"][0]["type"] = "u128"
        case "variable field first":
            program["account"][1]["fields"].reverse()
        case "unknown PDA":
            program["account"][0]["pda"] = "nowhere"
        case "rest as an argument":
            program["instruction"][1]["args"][1]["type"] = "rest"
        case "account twice":
            program["instruction"][0]["accounts"][1]["name"] = "staging"
    return tables


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("error code left out", "do not count up"),
        ("error name twice", "error name of groth16_verifier stands twice"),
        ("error block shared", "error block stands twice"),
        ("id too long", "not the base58 form of 32 bytes"),
        ("unknown type", "unknown type u128"),
        ("variable field first", "variable and not the last"),
        ("unknown PDA", "no PDA named nowhere"),
        ("rest as an argument", "cannot hold `rest`"),
        ("account twice", "account of groth16_verifier.init_key stands twice"),
    ],
)
def test_a_bad_table_is_refused(monkeypatch: pytest.MonkeyPatch, change: str, message: str) -> None:
    tables, load = _broken(change), spec.load
    monkeypatch.setattr(spec, "load", lambda name: tables if name == "programs" else load(name))
    with pytest.raises(SystemExit, match=message):
        programs.programs()


def test_the_key_length_message_states_the_limit() -> None:
    message = next(error.message for error in PROGRAM.errors if error.name == "KeyLengthInvalid")
    assert f"from 0 to {groth16_verifier.PUBLIC_INPUTS_MAX}" in message
    assert f"has {groth16_verifier.KEY_BODY_FIXED_BYTES} + 64 * (n + 1) bytes" in message
