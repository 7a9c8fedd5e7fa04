"""The three that must refuse a false claim: the reference relation, the witness generator, and the R1CS alone."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pytest

from anomi_core.relations import CheckFailedError
from anomi_core.spec import CHECKS, CircuitPreset
from anomi_prover.witness import WitnessError
from tests.circuits.support.circuit import CIRCUITS, Circuit
from tests.circuits.support.claims import Claim

__all__ = ["JUDGES", "Bench"]


class Judge(ABC):
    """Someone who accepts or refuses a claim, for a reason he may or may not give."""

    @abstractmethod
    def accept(self, circuit: Circuit, claim: Claim) -> None:
        """Fail the test unless the claim is accepted."""

    @abstractmethod
    def refuse(self, circuit: Circuit, claim: Claim, check: str) -> None:
        """Fail the test unless the claim is refused, for the named check where the judge gives reasons."""


class Relation(Judge):
    """The reference relation: names the check."""

    def accept(self, circuit: Circuit, claim: Claim) -> None:
        """See it raise nothing."""
        del circuit
        claim.check()

    def refuse(self, circuit: Circuit, claim: Claim, check: str) -> None:
        """See it raise CheckFailedError with exactly this check."""
        del circuit
        with pytest.raises(CheckFailedError) as caught:
            claim.check()
        assert caught.value.check == check


class WitnessGenerator(Judge):
    """circom's witness generator, which stops at the first `===` that does not hold."""

    def accept(self, circuit: Circuit, claim: Claim) -> None:
        """See it make a witness that the R1CS accepts."""
        assert circuit.r1cs.first_violation(circuit.witness(claim.inputs())) is None

    def refuse(self, circuit: Circuit, claim: Claim, check: str) -> None:
        """See it stop at a line that stands under the check's name in the circuit's source."""
        stopped = refuse_inputs(circuit, claim.inputs())
        place = re.fullmatch(r"Error in template (\w+)_\d+ line: (\d+)", stopped.trace[-1].strip())
        assert place is not None
        assert check_at(place[1].lower(), int(place[2])) == check


class EditedWitness(Judge):
    """The R1CS, shown every wire of the false claim by a prover who passes over all checks of his own."""

    def accept(self, circuit: Circuit, claim: Claim) -> None:
        """See the R1CS accept."""
        assert circuit.r1cs.first_violation(circuit.unasserted_witness(claim.inputs())) is None

    def refuse(self, circuit: Circuit, claim: Claim, check: str) -> None:
        """See the R1CS refuse."""
        refuse_edited(circuit, claim.inputs(), check)


def check_at(circuit: str, line: int) -> str | None:
    """Return the named check under whose comment a line of solvency.circom or payment.circom stands."""
    source = (CIRCUITS / circuit / f"{circuit}.circom").read_text(encoding="utf-8").splitlines()
    comments = (text.strip().removeprefix("// ").removesuffix(".") for text in reversed(source[:line]))
    return next((comment for comment in comments if comment in CHECKS[circuit]), None)


def refuse_inputs(circuit: Circuit, inputs: Mapping[str, object]) -> WitnessError:
    """Fail unless the witness generator stops at a constraint; return what it says."""
    with pytest.raises(WitnessError, match="an assertion fails in template") as caught:
        circuit.witness(inputs)
    return caught.value


def refuse_edited(circuit: Circuit, inputs: Mapping[str, object], check: str) -> None:
    """Fail unless the R1CS refuses all wires of these inputs."""
    try:
        wires = circuit.unasserted_witness(inputs)
    except WitnessError as error:
        pytest.fail(
            f"“{check}”: the generator without refusals stopped all the same ({error}). Something in the circuit ends "
            "the computation of a witness without being a constraint, such as an `assert` where `===` belongs."
        )
    if circuit.r1cs.first_violation(wires) is None:
        pytest.fail(
            f"“{check}”: the R1CS accepts a false claim. The check is missing, or stands only in the witness "
            "generator, as an `assert` or a `<--` does."
        )


JUDGES: Final = {"relation": Relation(), "witness_generator": WitnessGenerator(), "edited_witness": EditedWitness()}


@dataclass(frozen=True)
class Bench:
    """One compiled circuit, one judge, and the maker of claims."""

    preset: CircuitPreset
    circuit: Circuit
    judge: Judge
    claim_for: Callable[..., Claim]

    def claim(self, **changes: Any) -> Claim:
        """Return a claim with these changes."""
        return self.claim_for(self.preset, **changes)

    def accepts(self, **changes: Any) -> None:
        """Fail unless the claim with these changes is accepted."""
        self.judge.accept(self.circuit, self.claim(**changes))

    def refuses(self, check: str, **changes: Any) -> None:
        """Fail unless the claim with these changes is refused by the named check."""
        self.judge.refuse(self.circuit, self.claim(**changes), check)
