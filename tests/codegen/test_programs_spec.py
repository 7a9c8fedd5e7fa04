"""The tables of spec/programs.toml: Anchor's clients agree with what is generated, and a bad table is refused."""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import json
import re
from typing import Any

import pytest
from anchorpy.coder.accounts import AccountsCoder
from anchorpy.coder.instruction import InstructionCoder
from anchorpy_core.idl import Idl
from solders.keypair import Keypair

from anomi_sdk.generated import PROGRAMS, groth16_verifier
from anomi_sdk.program_spec import ProgramSpec
from tools.codegen import idl, programs, programs_docs, python_sdk, rust, spec

PROGRAM = programs.programs()[0]
LEGACY = Idl.from_json(idl.render()["verifier_program/idl/groth16_verifier.json"])


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


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_every_error_code_is_in_every_language(program: ProgramSpec) -> None:
    text = rust.render()[f"verifier_program/programs/{program.name}/interface/src/generated.rs"]
    legacy = json.loads(idl.render()[f"verifier_program/idl/{program.name}.json"])
    page = programs_docs.render()["docs/reference/programs.md"]
    first = min(program.errors)
    assert list(program.errors) == list(range(first, first + len(program.errors)))
    assert [(row["code"], row["name"], row["msg"]) for row in legacy["errors"]] == [
        (error.code, error.name, error.message) for error in program.errors.values()
    ]
    for code, error in program.errors.items():
        assert f"    {error.name} = {code},\n" in text
        assert f"| {code} | `{error.name}` | {error.message} |\n" in page


@pytest.mark.parametrize("program", programs.programs(), ids=lambda program: program.name)
def test_every_development_key_is_the_published_one(program: programs.Program) -> None:
    for text, address in [(program.id_text, program.id), *((row.text, row.address) for row in program.addresses)]:
        assert str(Keypair.from_seed(hashlib.sha256(text.encode()).digest()).pubkey()) == address


def test_links_of_the_reference_page_lead_somewhere() -> None:
    page = programs_docs.render()["docs/reference/programs.md"]
    headings = [line.lstrip("# ").replace(" ", "-") for line in page.splitlines() if line.startswith(("## ", "### "))]
    links = set(re.findall(r"\]\(#([^)]+)\)", page))
    assert len(headings) == len(set(headings))
    assert links <= set(headings)
    assert {f"{program.name}-errors" for program in PROGRAMS} <= links


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


def _module_of(change: dict[str, Any]) -> None:
    """Render groth16_verifier's Python module with some of its tables replaced."""
    python_sdk.module(dataclasses.replace(PROGRAM, **change))


def test_names_that_would_hide_one_another_are_refused() -> None:
    key = PROGRAM.accounts[0]
    with pytest.raises(SystemExit, match="stands twice in the Python module of groth16_verifier"):
        _module_of({"structs": (*PROGRAM.structs, dataclasses.replace(key, name="Staging"))})
    verify = next(instruction for instruction in PROGRAM.instructions if instruction.name == "verify")
    proof = dataclasses.replace(verify.accounts[0], name="proof")
    with pytest.raises(SystemExit, match="proof stands twice in accounts and arguments of verify"):
        _module_of({"instructions": (dataclasses.replace(verify, accounts=(proof,)),)})
    with pytest.raises(SystemExit, match="VERIFY stands twice"):
        _module_of({"instructions": (verify, verify)})


def test_words_of_python_get_an_underscore() -> None:
    field = dataclasses.replace(PROGRAM.events[0].fields[0], name="from")
    event = dataclasses.replace(PROGRAM.events[0], fields=(field,))
    text = python_sdk.module(dataclasses.replace(PROGRAM, events=(event,)))
    assert "    from_: Pubkey\n" in text
    assert 'FIELDS = (Field("from_", PUBKEY),)' in text
    assert "KEY_FINALIZED_EVENT_FROM_OFFSET: Final = 8" in text
    compile(text, "groth16_verifier.py", "exec")


@pytest.mark.parametrize(
    ("kind", "wire", "python", "argument"),
    [
        ("u64", "U64", "int", "int"),
        ("bool", "BOOL", "bool", "bool"),
        ("[u8; 32]", "ByteArray(32)", "bytes", "bytes"),
        ("vec<[u8; 32]>", "Vec(ByteArray(32))", "tuple[bytes, ...]", "Sequence[bytes]"),
        ("[AttestorKey; 5]", "Array(Struct(AttestorKey), 5)", "tuple[AttestorKey, ...]", "Sequence[AttestorKey]"),
        ("vec<AttestorKey>", "Vec(Struct(AttestorKey))", "tuple[AttestorKey, ...]", "Sequence[AttestorKey]"),
        ("AttestorKey", "Struct(AttestorKey)", "AttestorKey", "AttestorKey"),
        ("rest", "REST", "bytes", "bytes"),
    ],
)
def test_types(kind: str, wire: str, python: str, argument: str) -> None:
    assert python_sdk.wire_type(kind) == wire
    assert python_sdk.python_type(kind) == python
    assert python_sdk.python_type(kind, argument=True) == argument


def test_types_in_the_idls() -> None:
    assert idl.idl_type("[AttestorKey; 5]", legacy=True) == {"array": [{"defined": "AttestorKey"}, 5]}
    assert idl.idl_type("[AttestorKey; 5]", legacy=False) == {"array": [{"defined": {"name": "AttestorKey"}}, 5]}
    assert idl.idl_type("vec<[u8; 32]>", legacy=True) == {"vec": {"array": ["u8", 32]}}
    assert idl.idl_type("vec<AttestorKey>", legacy=False) == {"vec": {"defined": {"name": "AttestorKey"}}}
