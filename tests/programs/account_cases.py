"""Hostile account lists and instruction data: what Solana lets anybody send, and every instruction has to refuse."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from functools import partial

from solders.account import Account
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_sdk.generated import groth16_verifier as generated
from anomi_sdk.generated.groth16_verifier_errors import (
    AccountCountMismatchError,
    AccountNotWritableError,
    AuthorityNotSignerError,
    Groth16VerifierError,
    InstructionDataLengthMismatchError,
    InstructionUnknownError,
    StagingAddressMismatchError,
    StagingAuthorityMismatchError,
    StagingOwnerMismatchError,
    StagingTagMismatchError,
    SystemProgramMismatchError,
    VerifyingKeyAddressMismatchError,
    VerifyingKeyOwnerMismatchError,
    VerifyingKeyTagMismatchError,
)
from anomi_sdk.groth16_verifier import (
    close_staging,
    finalize_key,
    init_key,
    verify,
    verify_batch,
    verifying_key_address,
    write_key,
)
from anomi_sdk.outcome import TransactionOutcome
from tests.programs.golden import golden
from tests.programs.world import (
    GROTH16_VERIFIER_ID,
    Case,
    World,
    with_account,
    with_accounts,
    with_data,
)

BODY = golden(1).body
DIGEST = hashlib.sha256(BODY).digest()
STRANGER = Pubkey.from_bytes(hashlib.sha256(b"a stranger's address").digest())

Ready = tuple[Instruction, Keypair]
"""An instruction that would go through as it is, and its authority, who is not the payer."""

Spoil = Callable[[World, Instruction, Keypair], Instruction]


def _init(world: World) -> Ready:
    authority = world.user()
    return init_key(authority.pubkey(), DIGEST, len(BODY)), authority


def _write(world: World) -> Ready:
    authority = world.user()
    world.accepted(init_key(authority.pubkey(), DIGEST, len(BODY)), payer=authority)
    return write_key(authority.pubkey(), DIGEST, 0, BODY[:100]), authority


def _finalize(world: World) -> Ready:
    authority = world.user()
    world.stage(BODY, authority)
    return finalize_key(authority.pubkey(), DIGEST), authority


def _close(world: World) -> Ready:
    authority = world.user()
    world.stage(BODY, authority)
    return close_staging(authority.pubkey(), DIGEST), authority


def _verify(world: World) -> Ready:
    world.store(BODY)
    return verify(verifying_key_address(DIGEST), golden(1).proof, golden(1).inputs), world.user()


def _verify_batch(world: World) -> Ready:
    world.store(BODY)
    vector = golden(1)
    return verify_batch(verifying_key_address(DIGEST), [vector.proof] * 2, vector.inputs * 2), world.user()


READY: dict[str, Callable[[World], Ready]] = {
    "init_key": _init,
    "write_key": _write,
    "finalize_key": _finalize,
    "close_staging": _close,
    "verify": _verify,
    "verify_batch": _verify_batch,
}
ACCOUNTS = {spec.name: [account.name for account in spec.accounts] for spec in generated.INSTRUCTIONS}


def cases() -> list[Case]:
    """Every case."""
    found = [*_data(), *_lists(), *_privileges(), *_identities(), *_duplicates()]
    assert len({case.name for case in found}) == len(found)
    return found


def _case(instruction: str, name: str, error: type[Groth16VerifierError], spoil: Spoil, *, signs: bool = True) -> Case:
    def run(world: World) -> TransactionOutcome:
        ready, authority = READY[instruction](world)
        needs_signature = signs and any(meta.is_signer for meta in ready.accounts)
        return world.refused(spoil(world, ready, authority), signers=[authority] if needs_signature else [], code=error)

    return Case(f"{instruction}: {name}", error, run)


def _data() -> Iterator[Case]:
    for name in READY:
        for label, change in {
            "no data": lambda data: data[:0],
            "half a discriminator": lambda data: data[:4],
            "7 bytes of discriminator": lambda data: data[:7],
            "discriminator of zeros": lambda data: bytes(8) + data[8:],
            "discriminator reversed": lambda data: data[:8][::-1] + data[8:],
            "first bit of the discriminator": lambda data: bytes([data[0] ^ 0x80]) + data[1:],
            "last bit of the discriminator": lambda data: data[:7] + bytes([data[7] ^ 1]) + data[8:],
        }.items():
            yield _data_case(name, label, InstructionUnknownError, change)
        yield _data_case(name, "a byte more", InstructionDataLengthMismatchError, lambda data: data + b"\0")
        yield _data_case(name, "32 bytes more", InstructionDataLengthMismatchError, lambda data: data + bytes(32))
    for name in ("init_key", "write_key", "verify", "verify_batch"):
        yield _data_case(name, "a byte less", InstructionDataLengthMismatchError, lambda data: data[:-1])
        yield _data_case(name, "no arguments", InstructionDataLengthMismatchError, lambda data: data[:8])
    for count, label in {
        0: "counts no inputs, sends one",
        2: "counts two inputs, sends one",
        2**27: "count · 32 wraps to 0 in 32 bits",
        2**27 + 1: "count · 32 wraps to 32 in 32 bits",
        2**32 - 1: "counts 2^32 − 1 inputs",
    }.items():
        yield _data_case("verify", label, InstructionDataLengthMismatchError, partial(_with_u32, at=264, value=count))
    for at, item in ((8, "proofs"), (12 + 2 * 256, "inputs")):
        for count in (0, 1, 3, 2**24, 2**24 + 2, 2**27, 2**27 + 2, 2**32 - 1):
            yield _data_case(
                "verify_batch",
                f"counts {count} {item}, sends two",
                InstructionDataLengthMismatchError,
                partial(_with_u32, at=at, value=count),
            )
    for length, label in {
        99: "claims a byte less than it sends",
        101: "claims a byte more than it sends",
        2**32 - 1: "claims 2^32 − 1 bytes",
        2**32 - 16: "length wraps past the header in 32 bits",
    }.items():
        yield _data_case(
            "write_key", label, InstructionDataLengthMismatchError, partial(_with_u32, at=12, value=length)
        )


def _data_case(
    instruction: str, name: str, error: type[Groth16VerifierError], change: Callable[[bytes], bytes]
) -> Case:
    return _case(instruction, name, error, lambda _, ready, __: with_data(ready, change(bytes(ready.data))))


def _lists() -> Iterator[Case]:
    for name in READY:
        yield _case(
            name, "no accounts", AccountCountMismatchError, lambda _, ready, __: with_accounts(ready, []), signs=False
        )
        yield _case(
            name,
            "last account missing",
            AccountCountMismatchError,
            lambda _, ready, __: with_accounts(ready, ready.accounts[:-1]),
            signs=name not in ("write_key", "close_staging"),
        )
        yield _case(
            name,
            "one account more",
            AccountCountMismatchError,
            lambda _, ready, __: with_accounts(ready, [*ready.accounts, AccountMeta(STRANGER, False, False)]),
        )
        yield _case(
            name,
            "last account twice",
            AccountCountMismatchError,
            lambda _, ready, __: with_accounts(ready, [*ready.accounts, ready.accounts[-1]]),
        )
        yield _case(
            name,
            "forty accounts",
            AccountCountMismatchError,
            lambda _, ready, __: with_accounts(
                ready, [*ready.accounts, *[AccountMeta(STRANGER, False, False)] * (40 - len(ready.accounts))]
            ),
        )


def _privileges() -> Iterator[Case]:
    for spec in generated.INSTRUCTIONS:
        for index, account in enumerate(spec.accounts):
            if account.signer:
                yield _case(
                    spec.name,
                    f"{account.name} does not sign",
                    AuthorityNotSignerError,
                    _changed(index, is_signer=False),
                    signs=False,
                )
            if account.writable:
                yield _case(
                    spec.name,
                    f"{account.name} is read-only",
                    AccountNotWritableError,
                    _changed(index, is_writable=False),
                )


def _identities() -> Iterator[Case]:
    """Another account in one account's place."""
    for name, index in (("init_key", 2), ("finalize_key", 3)):
        for label, address in {
            "a stranger": STRANGER,
            "this program": GROTH16_VERIFIER_ID,
            "the loader": Pubkey.from_string("BPFLoader2111111111111111111111111111111111"),
        }.items():
            yield _replaced(name, index, f"system program is {label}", SystemProgramMismatchError, address)
    yield _replaced("init_key", 0, "staging is a stranger", StagingAddressMismatchError, STRANGER)
    yield _replaced(
        "init_key", 0, "staging is the key's address", StagingAddressMismatchError, verifying_key_address(DIGEST)
    )
    yield _case(
        "init_key",
        "staging is another authority's",
        StagingAddressMismatchError,
        lambda world, ready, _: with_account(ready, 0, pubkey=world.staging(DIGEST)),
    )
    yield _case(
        "init_key",
        "staging is another key's",
        StagingAddressMismatchError,
        lambda world, ready, authority: with_account(
            ready, 0, pubkey=world.staging(hashlib.sha256(b"other").digest(), authority)
        ),
    )
    yield _case(
        "init_key",
        "staging has a bump that is not canonical",
        StagingAddressMismatchError,
        lambda _, ready, authority: with_account(ready, 0, pubkey=_other_bump(authority)),
    )
    for name in ("write_key", "finalize_key", "close_staging"):
        yield _replaced(name, 0, "staging does not exist", StagingOwnerMismatchError, STRANGER)
        yield _case(
            name,
            "staging is a wallet",
            StagingOwnerMismatchError,
            lambda world, ready, _: with_account(ready, 0, pubkey=world.user().pubkey()),
        )
        yield _case(name, "staging is a copy of another program", StagingOwnerMismatchError, _copied)
        yield _case(name, "staging is a stored key", StagingTagMismatchError, _key_as_staging)
        yield _case(name, "staging tag is spoilt", StagingTagMismatchError, _spoilt_tag(0))
        yield _case(name, "staging has no data", StagingTagMismatchError, _no_data(0))
        yield _case(name, "staging of another authority", StagingAuthorityMismatchError, _foreign_staging)
    replacements: dict[str, Callable[[World], Pubkey]] = {
        "a stranger": lambda _: STRANGER,
        "another key's address": lambda _: verifying_key_address(hashlib.sha256(b"other").digest()),
        "another stored key": lambda world: world.store(golden(2).body),
        "a bump that is not canonical": lambda _: _other_key_bump(),
    }
    for label, replacement in replacements.items():
        yield _case(
            "finalize_key", f"verifying key is {label}", VerifyingKeyAddressMismatchError, _key_replaced(replacement)
        )
    for name in ("verify", "verify_batch"):
        yield _replaced(name, 0, "key does not exist", VerifyingKeyOwnerMismatchError, STRANGER)
        yield _case(
            name,
            "key is a wallet",
            VerifyingKeyOwnerMismatchError,
            lambda world, ready, _: with_account(ready, 0, pubkey=world.user().pubkey()),
        )
        yield _case(name, "key is a copy of another program", VerifyingKeyOwnerMismatchError, _copied)
        yield _case(name, "key is a staging account", VerifyingKeyTagMismatchError, _staging_as_key)
        yield _case(name, "key tag is spoilt", VerifyingKeyTagMismatchError, _spoilt_tag(0))
        yield _case(name, "key has no data", VerifyingKeyTagMismatchError, _no_data(0))


def _duplicates() -> Iterator[Case]:
    yield _case(
        "finalize_key",
        "verifying key is the staging account",
        VerifyingKeyAddressMismatchError,
        lambda _, ready, __: with_account(ready, 2, pubkey=ready.accounts[0].pubkey),
    )
    yield _case(
        "finalize_key",
        "verifying key is the authority",
        VerifyingKeyAddressMismatchError,
        _authority_at(2),
    )
    for name in ("write_key", "finalize_key", "close_staging"):
        yield _case(
            name,
            "staging is the authority",
            StagingOwnerMismatchError,
            _authority_at(0),
        )
    yield _case(
        "init_key",
        "staging is the authority",
        StagingAddressMismatchError,
        _authority_at(0),
    )
    for name, index in (("init_key", 2), ("finalize_key", 3)):
        yield _case(
            name,
            "system program is the authority",
            SystemProgramMismatchError,
            _authority_at(index),
        )


def _replaced(instruction: str, index: int, name: str, error: type[Groth16VerifierError], address: Pubkey) -> Case:
    return _case(instruction, name, error, _changed(index, pubkey=address))


def _changed(index: int, **changes: object) -> Spoil:
    return lambda _, ready, __: with_account(ready, index, **changes)


def _authority_at(index: int) -> Spoil:
    return lambda _, ready, authority: with_account(ready, index, pubkey=authority.pubkey())


def _key_replaced(replacement: Callable[[World], Pubkey]) -> Spoil:
    return lambda world, ready, _: with_account(ready, 2, pubkey=replacement(world))


def _foreign_staging(world: World, ready: Instruction, _: Keypair) -> Instruction:
    """The victim is the world's own authority; the attacker signs and passes the victim's staging account."""
    world.stage(golden(2).body)
    return with_account(ready, 0, pubkey=world.staging(hashlib.sha256(golden(2).body).digest()))


def _key_as_staging(world: World, ready: Instruction, _: Keypair) -> Instruction:
    return with_account(ready, 0, pubkey=world.store(golden(2).body))


def _staging_as_key(world: World, ready: Instruction, _: Keypair) -> Instruction:
    digest = world.stage(golden(2).body)
    return with_account(ready, 0, pubkey=world.staging(digest))


def _copied(world: World, ready: Instruction, _: Keypair) -> Instruction:
    """The right bytes, owned by somebody else's program."""
    true = world.account(ready.accounts[0].pubkey)
    assert true is not None
    world.svm.set_account(STRANGER, Account(true.lamports, bytes(true.data), Pubkey.from_bytes(bytes([7] * 32))))
    return with_account(ready, 0, pubkey=STRANGER)


def _spoilt_tag(index: int) -> Spoil:
    def spoil(world: World, ready: Instruction, _: Keypair) -> Instruction:
        address = ready.accounts[index].pubkey
        true = world.account(address)
        assert true is not None
        data = bytearray(true.data)
        data[7] ^= 1
        world.svm.set_account(address, Account(true.lamports, bytes(data), true.owner))
        return ready

    return spoil


def _no_data(index: int) -> Spoil:
    def spoil(world: World, ready: Instruction, _: Keypair) -> Instruction:
        address = ready.accounts[index].pubkey
        world.svm.set_account(address, Account(10_000_000, b"", GROTH16_VERIFIER_ID))
        return ready

    return spoil


def _other_bump(authority: Keypair) -> Pubkey:
    return _lower_bump([generated.STAGING_SEED, bytes(authority.pubkey()), DIGEST])


def _other_key_bump() -> Pubkey:
    return _lower_bump([generated.VERIFYING_KEY_SEED, DIGEST])


def _lower_bump(seeds: list[bytes]) -> Pubkey:
    """The next address that the same seeds have below the canonical bump."""
    canonical = Pubkey.find_program_address(seeds, GROTH16_VERIFIER_ID)[1]
    for bump in range(canonical - 1, 0, -1):
        try:
            return Pubkey.create_program_address([*seeds, bytes([bump])], GROTH16_VERIFIER_ID)
        except ValueError:
            continue
    raise AssertionError("no second bump")


def _with_u32(data: bytes, at: int, value: int) -> bytes:
    return data[:at] + value.to_bytes(4, "little") + data[at + 4 :]
