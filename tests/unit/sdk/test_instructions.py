"""Instruction builders and addresses: every byte as the specification says, and nothing that does not fit."""

from __future__ import annotations

import hashlib
import inspect
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey
from solders.system_program import ID as SYSTEM_PROGRAM

from anomi_core.errors import UsageError
from anomi_sdk.generated import PROGRAMS, market, market_errors, order_processor_errors, order_store
from anomi_sdk.generated import groth16_verifier as generated
from anomi_sdk.groth16_verifier import (
    GROTH16_VERIFIER_ID,
    close_staging,
    finalize_key,
    init_key,
    staging_address,
    verify,
    verify_batch,
    verifying_key_address,
    write_key,
)
from anomi_sdk.instruction_data import encode_instruction
from anomi_sdk.layouts import Struct
from anomi_sdk.program_errors import TransactionFailure
from anomi_sdk.program_spec import InstructionSpec, PdaSpec, ProgramSpec
from anomi_sdk.refusals import error_for
from anomi_sdk.wire import BOOL, BYTES, PUBKEY, Array, ByteArray, Integer, Vec

SPEC = tomllib.loads((Path(__file__).resolve().parents[3] / "spec" / "programs.toml").read_text(encoding="utf-8"))
AUTHORITY = Pubkey.from_bytes(bytes(range(32)))
DIGEST = bytes(range(100, 132))
STAGING = staging_address(AUTHORITY, DIGEST)
KEY = verifying_key_address(DIGEST)


def _discriminator(name: str) -> bytes:
    return hashlib.sha256(f"global:{name}".encode()).digest()[:8]


def test_addresses_are_the_derived_ones() -> None:
    assert Pubkey.find_program_address([b"vk", DIGEST], GROTH16_VERIFIER_ID)[0] == KEY
    assert Pubkey.find_program_address([b"staging", bytes(AUTHORITY), DIGEST], GROTH16_VERIFIER_ID)[0] == STAGING
    for wrong in (b"", DIGEST[:-1], DIGEST + b"\0"):
        with pytest.raises(UsageError, match=f"verifying_key address: body_hash is 32 bytes, {len(wrong)} came"):
            verifying_key_address(wrong)
        with pytest.raises(UsageError, match=f"staging address: body_hash is 32 bytes, {len(wrong)} came"):
            staging_address(AUTHORITY, wrong)


EXPECTED = {
    "init_key": (
        init_key(AUTHORITY, DIGEST, 0x01020304),
        DIGEST + bytes([4, 3, 2, 1]),
        [
            AccountMeta(STAGING, False, True),
            AccountMeta(AUTHORITY, True, True),
            AccountMeta(SYSTEM_PROGRAM, False, False),
        ],
    ),
    "write_key": (
        write_key(AUTHORITY, DIGEST, 0x0102, b"abc"),
        bytes([2, 1, 0, 0, 3, 0, 0, 0]) + b"abc",
        [AccountMeta(STAGING, False, True), AccountMeta(AUTHORITY, True, False)],
    ),
    "finalize_key": (
        finalize_key(AUTHORITY, DIGEST),
        b"",
        [
            AccountMeta(STAGING, False, True),
            AccountMeta(AUTHORITY, True, True),
            AccountMeta(KEY, False, True),
            AccountMeta(SYSTEM_PROGRAM, False, False),
        ],
    ),
    "close_staging": (
        close_staging(AUTHORITY, DIGEST),
        b"",
        [AccountMeta(STAGING, False, True), AccountMeta(AUTHORITY, True, True)],
    ),
    "verify": (
        verify(KEY, bytes(range(256)), [bytes(32), b"\xff" * 32]),
        bytes(range(256)) + bytes([2, 0, 0, 0]) + bytes(32) + b"\xff" * 32,
        [AccountMeta(KEY, False, False)],
    ),
    "verify_batch": (
        verify_batch(KEY, [bytes(range(256)), bytes(256)], [b"\xff" * 32]),
        bytes([2, 0, 0, 0]) + bytes(range(256)) + bytes(256) + bytes([1, 0, 0, 0]) + b"\xff" * 32,
        [AccountMeta(KEY, False, False)],
    ),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_byte(name: str) -> None:
    instruction, arguments, accounts = EXPECTED[name]
    assert instruction == Instruction(GROTH16_VERIFIER_ID, _discriminator(name) + arguments, accounts)


def test_there_is_a_builder_for_every_instruction() -> None:
    assert set(EXPECTED) == {spec.name for spec in generated.INSTRUCTIONS}


def test_numbers_have_their_width() -> None:
    assert bytes(init_key(AUTHORITY, DIGEST, 2**32 - 1).data)[-4:] == b"\xff" * 4
    assert bytes(write_key(AUTHORITY, DIGEST, 2**32 - 1, b"").data)[8:12] == b"\xff" * 4
    for wrong in (2**32, -1):
        with pytest.raises(UsageError, match="unsigned integer of 32 bits"):
            init_key(AUTHORITY, DIGEST, wrong)
        with pytest.raises(UsageError, match="unsigned integer of 32 bits"):
            write_key(AUTHORITY, DIGEST, wrong, b"")


def test_arrays_have_their_length() -> None:
    for size in (255, 257):
        with pytest.raises(UsageError, match=f"verify: proof is 256 bytes, {size} came"):
            verify(KEY, bytes(size), [])
    for size in (0, 31, 33):
        with pytest.raises(UsageError, match=rf"verify: public_inputs\[1\] is 32 bytes, {size} came"):
            verify(KEY, bytes(256), [bytes(32), bytes(size)])


BUILDERS = [(program, spec) for program in PROGRAMS for spec in program.instructions]
every_builder = pytest.mark.parametrize(
    ("program", "spec"), BUILDERS, ids=[f"{program.name}.{spec.name}" for program, spec in BUILDERS]
)


def _given(spec: InstructionSpec) -> dict[str, Any]:
    accounts = [account.name for account in spec.accounts if account.address is None]
    keys = {name: Pubkey.from_bytes(bytes([index + 1] * 32)) for index, name in enumerate(accounts)}
    return {**keys, **{f"{arg.name}_" if arg.name == "bytes" else arg.name: _zero(arg.type) for arg in spec.arguments}}


def _zero(kind: Any) -> Any:
    match kind:
        case Integer():
            return 0
        case ByteArray(size=size):
            return bytes(size)
        case Array(item=item, count=count):
            return (_zero(item),) * count
        case Vec():
            return ()
        case Struct(layout=layout):
            return layout.decode(bytes(layout.size() or 0))
    return {PUBKEY: Pubkey.default(), BOOL: False, BYTES: b""}[kind]


@every_builder
def test_every_builder_follows_the_specification(program: ProgramSpec, spec: InstructionSpec) -> None:
    row = next(row for row in SPEC["program"] if row["name"] == program.name)
    row = next(entry for entry in row["instruction"] if entry["name"] == spec.name)
    given = _given(spec)
    built = getattr(import_module(f"anomi_sdk.generated.{program.name}"), spec.name)(**given)
    assert built.program_id == program.program_id
    assert bytes(built.data).startswith(_discriminator(spec.name))
    assert list(built.accounts) == [
        AccountMeta(
            Pubkey.from_string(account["address"]) if "address" in account else given[account["name"]],
            account.get("signer", False),
            account.get("writable", False),
        )
        for account in row["accounts"]
    ]


@every_builder
def test_every_builder_takes_keywords_and_checks_widths(program: ProgramSpec, spec: InstructionSpec) -> None:
    build = getattr(import_module(f"anomi_sdk.generated.{program.name}"), spec.name)
    given = _given(spec)
    parameters = inspect.signature(build).parameters
    assert list(parameters) == list(given)
    assert {parameter.kind for parameter in parameters.values()} == {inspect.Parameter.KEYWORD_ONLY}
    for argument in spec.arguments:
        if isinstance(argument.type, Integer):
            top = 256**argument.type.size
            build(**{**given, argument.name: top - 1})
            for wrong in (top, -1):
                with pytest.raises(UsageError, match=f"{spec.name}: {argument.name} is an unsigned integer"):
                    build(**{**given, argument.name: wrong})
        if isinstance(argument.type, ByteArray):
            with pytest.raises(UsageError, match=f"{spec.name}: {argument.name} is {argument.type.size} bytes, 1 came"):
                build(**{**given, argument.name: b"x"})


def test_names_that_are_missing_or_unknown() -> None:
    accounts = {"staging": STAGING, "authority": AUTHORITY}
    arguments: dict[str, object] = {"body_hash": DIGEST, "body_len": 5}
    build = encode_instruction(generated.INIT_KEY, GROTH16_VERIFIER_ID, accounts, arguments)
    assert build == init_key(AUTHORITY, DIGEST, 5)
    for bad_accounts, bad_arguments, sentence in (
        ({"staging": STAGING}, arguments, "init_key takes the account authority, which did not come"),
        ({**accounts, "thief": STAGING}, arguments, "init_key takes no account thief from its caller"),
        ({**accounts, "system_program": STAGING}, arguments, "init_key takes no account system_program from its"),
        (accounts, {"body_hash": DIGEST}, "init_key takes the argument body_len, which did not come"),
        (accounts, {**arguments, "more": 1}, "init_key takes no argument more from its caller"),
    ):
        with pytest.raises(UsageError, match=sentence):
            encode_instruction(generated.INIT_KEY, GROTH16_VERIFIER_ID, bad_accounts, bad_arguments)


PDAS = [(program, pda) for program in PROGRAMS for pda in program.pdas]


@pytest.mark.parametrize(("program", "pda"), PDAS, ids=[f"{program.name}.{pda.name}" for program, pda in PDAS])
def test_every_address_is_derived_from_its_seeds(program: ProgramSpec, pda: PdaSpec) -> None:
    module = import_module(f"anomi_sdk.generated.{program.name}")
    row = next(row for row in SPEC["program"] if row["name"] == program.name)
    row = next(entry for entry in row["pda"] if entry["name"] == pda.name)
    values: dict[str, tuple[Any, bytes]] = {
        "pubkey": (AUTHORITY, bytes(AUTHORITY)),
        "[u8; 32]": (DIGEST, DIGEST),
        "u32": (0x01020304, b"\4\3\2\1"),
        "u64": (0x0102030405060708, bytes(range(8, 0, -1))),
    }
    given = [values[seed["type"]] for seed in row["seeds"]]
    derived = Pubkey.find_program_address(
        [row["literal"].encode(), *(encoded for _, encoded in given)], program.program_id
    )
    parameters = [value for value, _ in given]
    assert getattr(module, f"{pda.name}_address_and_bump")(*parameters) == derived
    assert getattr(module, f"{pda.name}_address")(*parameters) == derived[0]
    assert list(inspect.signature(getattr(module, f"{pda.name}_address")).parameters) == [
        seed["name"] for seed in row["seeds"]
    ]


def test_seeds_have_their_width() -> None:
    market.ask_address(AUTHORITY, AUTHORITY, 2**64 - 1)
    for wrong in (2**64, -1):
        with pytest.raises(UsageError, match="ask address: client_nonce is an unsigned integer of 64 bits"):
            market.ask_address(AUTHORITY, AUTHORITY, wrong)
    with pytest.raises(UsageError, match="order address: line_id is 32 bytes, 31 came"):
        order_store.order_address(AUTHORITY, DIGEST[:-1], 0)


def test_errors_of_the_same_name_are_each_programs_own() -> None:
    assert not issubclass(market_errors.BitmapInvalidError, order_processor_errors.OrderProcessorError)
    seen = {
        type(error_for(TransactionFailure("Custom", 0, program.program_id, code)))
        for program in PROGRAMS
        for code in program.errors
    }
    assert len(seen) == sum(len(program.errors) for program in PROGRAMS)
    for program in PROGRAMS:
        for code, spec in program.errors.items():
            error = error_for(TransactionFailure("Custom", 0, program.program_id, code))
            assert type(error).__module__ == f"anomi_sdk.generated.{program.name}_errors"
            assert type(error).__name__ == f"{spec.name}Error"
            assert str(error) == f"{spec.message} ({program.name}, code {code})"
