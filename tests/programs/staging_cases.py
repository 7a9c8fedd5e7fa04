"""Attacks on the upload of a key: other people's staging accounts, half-made ones, revived ones, wrong bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from functools import partial

from solders.account import Account
from solders.instruction import Instruction
from solders.system_program import TransferParams, transfer

from anomi_sdk.generated import groth16_verifier as generated
from anomi_sdk.generated.groth16_verifier_errors import (
    BodyHashMismatchError,
    Groth16VerifierError,
    KeyLengthInvalidError,
    StagingAlreadyExistsError,
    StagingAuthorityMismatchError,
    StagingOwnerMismatchError,
    VerifyingKeyAlreadyExistsError,
    VerifyingKeyOwnerMismatchError,
    VerifyingKeyTagMismatchError,
    WriteEmptyError,
    WriteOutOfBoundsError,
)
from anomi_sdk.groth16_verifier import (
    close_staging,
    finalize_key,
    init_key,
    verify,
    verifying_key_address,
    write_key,
)
from anomi_sdk.outcome import TransactionOutcome
from tests.programs.golden import golden
from tests.programs.world import GROTH16_VERIFIER_ID, Case, World, with_account

BODY = golden(1).body
DIGEST = hashlib.sha256(BODY).digest()
OTHER_DIGEST = hashlib.sha256(b"not this body").digest()
LENGTHS = (
    0,
    1,
    447,
    448,
    448 + 32,
    448 + 63,
    448 + 65,
    448 + 64 * (generated.PUBLIC_INPUTS_MAX + 2),
    448 + 64 * (generated.PUBLIC_INPUTS_MAX + 2) + 1,
    10_240,
    10_241,
    2**31,
    2**32 - 1,
)


def cases() -> list[Case]:
    """Every case."""
    found = [*_lengths(), *_writes(), *_contents(), *_foreign(), *_repeated(), *_revived(), *_unfinished()]
    assert len({case.name for case in found}) == len(found)
    return found


def _case(
    name: str,
    error: type[Groth16VerifierError],
    attack: Callable[[World], list[Instruction]],
) -> Case:
    def run(world: World) -> TransactionOutcome:
        return world.refused(*attack(world), code=error)

    return Case(f"staging: {name}", error, run)


def _lengths() -> Iterator[Case]:
    for length in LENGTHS:
        yield _case(
            f"a body of {length} bytes",
            KeyLengthInvalidError,
            partial(_opened, length=length),
        )


def _opened(world: World, length: int) -> list[Instruction]:
    return [init_key(world.authority.pubkey(), DIGEST, length)]


def _writes() -> Iterator[Case]:
    size = len(BODY)

    def opened(offset: int, chunk: bytes) -> Callable[[World], list[Instruction]]:
        def attack(world: World) -> list[Instruction]:
            authority = world.authority.pubkey()
            world.accepted(init_key(authority, DIGEST, size))
            return [write_key(authority, DIGEST, offset, chunk)]

        return attack

    for offset in (0, 1, size, size + 1, 2**32 - 1):
        yield _case(f"no bytes at {offset}", WriteEmptyError, opened(offset, b""))
    for offset, length in (
        (size, 1),
        (size - 1, 2),
        (size - 99, 100),
        (0, size + 1),
        (1, size),
        (size + 1, 1),
        (2**31, 1),
        (2**32 - 1, 1),
        (2**32 - 1, 2),
        # Offset and length wrap to the start of the body, or into the head before it, in 32 bits.
        (2**32 - 8, 16),
        (2**32 - 72, 80),
        (2**32 - 64, 32),
    ):
        yield _case(f"{length} bytes at {offset}", WriteOutOfBoundsError, opened(offset, bytes(length)))


def _contents() -> Iterator[Case]:
    """The staged bytes are not the ones that the hash names."""

    def finalized(prepare: Callable[[World], bytes]) -> Callable[[World], list[Instruction]]:
        return lambda world: [finalize_key(world.authority.pubkey(), prepare(world))]

    def wrong_hash(world: World) -> bytes:
        return world.stage(BODY, body_hash=OTHER_DIGEST)

    def nothing_written(world: World) -> bytes:
        world.accepted(init_key(world.authority.pubkey(), DIGEST, len(BODY)))
        return DIGEST

    def half_written(world: World) -> bytes:
        nothing_written(world)
        world.accepted(write_key(world.authority.pubkey(), DIGEST, 0, BODY[:-1]))
        return DIGEST

    def overwritten(world: World) -> bytes:
        world.stage(BODY)
        changed = bytes([BODY[300] ^ 1])
        world.accepted(write_key(world.authority.pubkey(), DIGEST, 300, changed))
        return DIGEST

    def other_key(world: World) -> bytes:
        """A perfectly good key, under the hash of another."""
        other = golden(1).body[:-64] + golden(1).body[-128:-64]
        return world.stage(other, body_hash=DIGEST)

    def shorter(world: World) -> bytes:
        return world.stage(BODY[:-64], body_hash=DIGEST)

    def longer(world: World) -> bytes:
        return world.stage(BODY + bytes(64), body_hash=DIGEST)

    for name, prepare in {
        "hash of something else": wrong_hash,
        "nothing written": nothing_written,
        "last byte not written": half_written,
        "a byte overwritten after the last write": overwritten,
        "another key's bytes": other_key,
        "a point too few": shorter,
        "a point of zeros too many": longer,
    }.items():
        yield _case(name, BodyHashMismatchError, finalized(prepare))


def _foreign() -> Iterator[Case]:
    """The world's authority attacks the staging account of somebody else, whose upload is complete."""

    def attacked(build: Callable[[World], Instruction]) -> Callable[[World], list[Instruction]]:
        def attack(world: World) -> list[Instruction]:
            victim = world.user()
            world.stage(BODY, victim)
            return [with_account(build(world), 0, pubkey=world.staging(DIGEST, victim))]

        return attack

    for name, build in {
        "written by a stranger": lambda world: write_key(world.authority.pubkey(), DIGEST, 0, b"\1"),
        "finalized by a stranger": lambda world: finalize_key(world.authority.pubkey(), DIGEST),
        "closed by a stranger": lambda world: close_staging(world.authority.pubkey(), DIGEST),
    }.items():
        yield _case(name, StagingAuthorityMismatchError, attacked(build))


def _repeated() -> Iterator[Case]:
    def opened_twice(world: World) -> list[Instruction]:
        world.stage(BODY)
        return [init_key(world.authority.pubkey(), DIGEST, len(BODY))]

    def opened_twice_longer(world: World) -> list[Instruction]:
        world.stage(BODY)
        return [init_key(world.authority.pubkey(), DIGEST, len(BODY) + 64)]

    def opened_twice_at_once(world: World) -> list[Instruction]:
        return [init_key(world.authority.pubkey(), DIGEST, len(BODY))] * 2

    def finalized_again(world: World) -> list[Instruction]:
        world.store(BODY)
        return [finalize_key(world.authority.pubkey(), DIGEST)]

    def finalized_twice_at_once(world: World) -> list[Instruction]:
        world.stage(BODY)
        return [finalize_key(world.authority.pubkey(), DIGEST)] * 2

    def uploaded_again(world: World) -> list[Instruction]:
        world.store(BODY)
        world.stage(BODY)
        return [finalize_key(world.authority.pubkey(), DIGEST)]

    def uploaded_by_another(world: World) -> list[Instruction]:
        world.stage(BODY)
        other = world.user()
        world.stage(BODY, other)
        world.accepted(finalize_key(other.pubkey(), DIGEST), payer=other)
        return [finalize_key(world.authority.pubkey(), DIGEST)]

    def closed_twice(world: World) -> list[Instruction]:
        world.stage(BODY)
        return [close_staging(world.authority.pubkey(), DIGEST)] * 2

    yield _case("opened twice", StagingAlreadyExistsError, opened_twice)
    yield _case("opened twice, longer", StagingAlreadyExistsError, opened_twice_longer)
    yield _case("opened twice in one transaction", StagingAlreadyExistsError, opened_twice_at_once)
    yield _case("finalized again", StagingOwnerMismatchError, finalized_again)
    yield _case("finalized twice in one transaction", StagingOwnerMismatchError, finalized_twice_at_once)
    yield _case("uploaded again", VerifyingKeyAlreadyExistsError, uploaded_again)
    yield _case("uploaded by two authorities", VerifyingKeyAlreadyExistsError, uploaded_by_another)
    yield _case("closed twice in one transaction", StagingOwnerMismatchError, closed_twice)


def _revived() -> Iterator[Case]:
    """A closed account lives until the end of its transaction: lamports sent there keep it, but not what it was."""

    def revived(ending: str, then: Callable[[World], list[Instruction]]) -> Callable[[World], list[Instruction]]:
        def attack(world: World) -> list[Instruction]:
            world.stage(BODY)
            authority = world.authority.pubkey()
            close = {"closed": close_staging, "finalized": finalize_key}[ending](authority, DIGEST)
            fund = transfer(TransferParams(from_pubkey=authority, to_pubkey=world.staging(DIGEST), lamports=20_000_000))
            return [close, fund, *then(world)]

        return attack

    for ending in ("closed", "finalized"):
        for name, then in {
            "written": lambda world: [write_key(world.authority.pubkey(), DIGEST, 0, b"\1")],
            "finalized": lambda world: [finalize_key(world.authority.pubkey(), DIGEST)],
            "closed": lambda world: [close_staging(world.authority.pubkey(), DIGEST)],
        }.items():
            yield _case(f"{ending}, revived and {name}", StagingOwnerMismatchError, revived(ending, then))
    yield _case(
        "closed, opened again and finalized with the old bytes",
        BodyHashMismatchError,
        revived(
            "closed",
            lambda world: [
                init_key(world.authority.pubkey(), DIGEST, len(BODY)),
                finalize_key(world.authority.pubkey(), DIGEST),
            ],
        ),
    )
    yield _case(
        "finalized, opened, written and finalized again",
        VerifyingKeyAlreadyExistsError,
        revived(
            "finalized",
            lambda world: [
                init_key(world.authority.pubkey(), DIGEST, len(BODY)),
                write_key(world.authority.pubkey(), DIGEST, 0, BODY),
                finalize_key(world.authority.pubkey(), DIGEST),
            ],
        ),
    )


def _unfinished() -> Iterator[Case]:
    """Verification under what is not, or not yet, a key."""
    proof, inputs = golden(1).proof, golden(1).inputs

    def not_finalized(world: World) -> list[Instruction]:
        world.stage(BODY)
        return [verify(verifying_key_address(DIGEST), proof, inputs)]

    def refused_key(world: World) -> list[Instruction]:
        """A finalize that failed leaves no key behind, whatever it had written."""
        body = BODY[:-64] + bytes(64)
        digest = world.stage(body)
        world.refused(finalize_key(world.authority.pubkey(), digest))
        return [verify(verifying_key_address(digest), proof, inputs)]

    def staged(world: World) -> list[Instruction]:
        world.stage(BODY)
        return [verify(world.staging(DIGEST), proof, inputs)]

    def damaged(world: World) -> list[Instruction]:
        """No instruction makes such an account; were there one, its length alone would stop it."""
        address = verifying_key_address(DIGEST)
        data = generated.VERIFYING_KEY_TAG + BODY + b"\0"
        world.svm.set_account(address, Account(100_000_000, data, GROTH16_VERIFIER_ID))
        return [verify(address, proof, inputs)]

    yield _case("verified before it is finalized", VerifyingKeyOwnerMismatchError, not_finalized)
    yield _case("verified after its refusal", VerifyingKeyOwnerMismatchError, refused_key)
    yield _case("verified in the staging account", VerifyingKeyTagMismatchError, staged)
    yield _case("verified under a damaged key", KeyLengthInvalidError, damaged)
