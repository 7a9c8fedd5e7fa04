"""Hostile `verify_batch` instructions: every spoilt proof beside a true one, and what only a batch can get wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from anomi_core.field import FR_MODULUS
from anomi_sdk.generated.groth16_verifier_errors import (
    BatchEmptyError,
    BatchInvalidError,
    Groth16VerifierError,
    ProofInvalidError,
    PublicInputCountMismatchError,
)
from anomi_sdk.groth16_verifier import verify_batch, verifying_key_address
from anomi_sdk.outcome import TransactionOutcome
from tests.programs.golden import golden
from tests.programs.verify_cases import COUNT, negated, spoilt
from tests.programs.world import Case, World

TRUE = golden(COUNT)
ADDRESS = verifying_key_address(hashlib.sha256(TRUE.body).digest())


def cases() -> list[Case]:
    """Every case; each world is expected to hold the golden key of COUNT public inputs."""
    found = [*_spoilt(), *_counts(), *_together()]
    assert len({case.name for case in found}) == len(found)
    return found


def _case(name: str, error: type[Groth16VerifierError], proofs: Sequence[bytes], inputs: Sequence[bytes]) -> Case:
    def send(world: World) -> TransactionOutcome:
        return world.refused(verify_batch(ADDRESS, proofs, inputs), code=error)

    return Case(f"batch: {name}", error, send)


def _spoilt() -> Iterator[Case]:
    """In the first place, where the weight is one, and in the second, where it is drawn."""
    for case in spoilt():
        if len(case.inputs) > 2 * COUNT:
            continue  # Beside a second proof they do not fit a transaction.
        error = BatchInvalidError if case.error is ProofInvalidError else case.error
        yield _case(f"{case.name}, first", error, [case.proof, TRUE.proof], [*case.inputs, *TRUE.inputs])
        yield _case(f"{case.name}, second", error, [TRUE.proof, case.proof], [*TRUE.inputs, *case.inputs])
        yield _case(f"{case.name}, alone", error, [case.proof], case.inputs)


def _counts() -> Iterator[Case]:
    proof, inputs = TRUE.proof, TRUE.inputs
    yield _case("no proof", BatchEmptyError, [], [])
    yield _case("no proof, two inputs", BatchEmptyError, [], inputs)
    yield _case("inputs of one proof for two", PublicInputCountMismatchError, [proof] * 2, inputs)
    yield _case("inputs of two proofs for one", PublicInputCountMismatchError, [proof], inputs * 2)
    yield _case("an input less", PublicInputCountMismatchError, [proof] * 2, (inputs * 2)[:-1])
    yield _case("an input more", PublicInputCountMismatchError, [proof] * 2, (*inputs * 2, bytes(32)))


def _together() -> Iterator[Case]:
    """Falsehoods that would cancel if the weights were equal, or known before the batch was made."""
    proof, inputs = TRUE.proof, TRUE.inputs
    inverse = negated(proof, (1,))
    yield _case("a false proof twice", BatchInvalidError, [inverse] * 2, inputs * 2)
    changed = [[*inputs], [*inputs]]
    for inputs_of_one, step in zip(changed, (1, -1), strict=True):
        value = (int.from_bytes(inputs_of_one[0], "big") + step) % FR_MODULUS
        inputs_of_one[0] = value.to_bytes(32, "big")
    yield _case("inputs one more and one less", BatchInvalidError, [proof] * 2, [*changed[0], *changed[1]])
    yield _case("inputs turned by one place", BatchInvalidError, [proof] * 2, [inputs[1], *inputs, inputs[0]])
