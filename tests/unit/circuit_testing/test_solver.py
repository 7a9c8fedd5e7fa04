"""What follows from the inputs of a circuit, and what a search finds where something does not."""

from __future__ import annotations

import random

import pytest

from anomi_core.field import FR_MODULUS
from anomi_prover.r1cs import Constraint, R1cs, WireCountMismatchError
from anomi_prover.soundness.neighbourhood import Neighbourhood
from anomi_prover.soundness.roots import roots, square_root
from anomi_prover.soundness.search import FalseWitnessError, find_witness, search_second_witnesses
from anomi_prover.soundness.solver import Conflict, Solver

R = FR_MODULUS


def system(n_wires: int, *constraints: Constraint, outputs: int = 0, inputs: int = 1) -> R1cs:
    """Return an R1CS whose wires are 1, outputs, private inputs, others."""
    return R1cs(R, n_wires, outputs, 0, inputs, n_wires, len(constraints), constraints, tuple(range(n_wires)))


def bit(wire: int) -> Constraint:
    """Return w·(w − 1) = 0."""
    return (((wire, 1),), ((wire, 1), (0, -1)), ())


def bits_of_the_input(count: int) -> R1cs:
    """Return Σ 2^i·b_i = input (wire 1), with every b_i a bit (wires 2 …)."""
    total = (*((2 + i, pow(2, i, R)) for i in range(count)), (1, -1))
    return system(2 + count, *(bit(2 + i) for i in range(count)), ((), (), total))


def bits_witness(value: int, count: int) -> list[int]:
    return [1, value % R, *(value >> i & 1 for i in range(count))]


@pytest.mark.parametrize("prime", [R, 2**61 - 1, 10007])
def test_square_roots_and_none(prime: int) -> None:
    chance = random.Random(5)
    for value in (0, 1, 2, prime - 1, *(chance.randrange(prime) for _ in range(20))):
        root = square_root(value * value % prime, prime)
        assert root in (value, prime - value if value else 0)
        found = square_root(value, prime)
        assert (found is None) == (pow(value, (prime - 1) // 2, prime) == prime - 1)
        assert found is None or found * found % prime == value


def test_roots_of_each_degree() -> None:
    assert roots(1, R - 5, 6, R) == [2, 3]
    assert roots(1, R - 4, 4, R) == [2]
    assert roots(1, 0, R - 5, R) == []  # 5 is no square
    assert roots(0, 3, R - 6, R) == [2]
    assert roots(0, 0, 1, R) == roots(0, 0, 0, R) == []


@pytest.mark.parametrize("value", [0, 1, 2**253 - 1])
def test_253_bits_have_one_reading(value: int) -> None:
    result = search_second_witnesses(bits_of_the_input(253), bits_witness(value, 253))
    assert result.is_unique
    assert result.forged == ()


@pytest.mark.parametrize(("value", "readings"), [(0, 2), (2**254 - R - 1, 2), (2**254 - R, 1), (R - 1, 1)])
def test_254_bits_have_two_readings_below_2_254_minus_r(value: int, readings: int) -> None:
    circuit = bits_of_the_input(254)
    result = search_second_witnesses(circuit, bits_witness(value, 254))
    assert len(result.forged) == readings - 1
    for forged in result.forged:
        assert sum(b << i for i, b in enumerate(forged[2:])) == value + R
        assert circuit.first_violation(forged) is None


def test_value_outside_its_bits_is_a_conflict() -> None:
    circuit = bits_of_the_input(8)
    for value, conflict in ((255, False), (256, True), (R - 1, True)):
        solver = Solver(circuit)
        solver.assign({1: value})
        if conflict:
            with pytest.raises(Conflict):
                solver.propagate()
        else:
            solver.propagate()
            assert solver.unknown_wires() == []


def test_undo_forgets_everything_since_its_mark() -> None:
    solver = Solver(bits_of_the_input(8))
    start = solver.mark()
    for value in (200, 7):
        solver.assign({1: value})
        solver.propagate()
        assert [solver.values[2 + i] for i in range(8)] == [value >> i & 1 for i in range(8)]
        solver.undo(start)
        assert solver.values == [1, *[None] * 9]
        assert not solver.domains


def test_two_sums_are_solved_together() -> None:
    # x + y = 2·input, x − y = 0.
    circuit = system(4, ((), (), ((2, 1), (3, 1), (1, -2))), ((), (), ((2, 1), (3, -1))))
    assert search_second_witnesses(circuit, [1, 9, 9, 9]).is_unique
    # With one of them, a second solution is found for any input.
    loose = system(4, ((), (), ((2, 1), (3, 1), (1, -2))))
    (forged,) = search_second_witnesses(loose, [1, 9, 9, 9]).forged
    assert (forged[2] + forged[3]) % R == 18
    assert forged[2] != 9


def test_square_leaves_its_sign_open_and_zero_does_not() -> None:
    circuit = system(3, (((2, 1),), ((2, 1),), ((1, 1),)))
    (forged,) = search_second_witnesses(circuit, [1, 9, 3]).forged
    assert forged == (1, 9, R - 3)
    assert search_second_witnesses(circuit, [1, 0, 0]).is_unique


def test_wire_in_no_constraint_is_free() -> None:
    circuit = system(4, (((1, 1),), ((1, 1),), ((2, 1),)))
    result = search_second_witnesses(circuit, [1, 3, 9, 77])
    assert result.undetermined == (3,)
    assert result.forged == ((1, 3, 9, 78),)


def test_inputs_are_known_by_their_labels_where_some_were_removed() -> None:
    # Two private inputs were declared, labels 1 and 2; wire 1 carries label 2, wire 2 an internal signal.
    circuit = R1cs(R, 3, 0, 0, 2, 4, 1, ((((2, 1),), ((2, 1),), ((1, 1),)),), (0, 2, 3))
    assert len(search_second_witnesses(circuit, [1, 9, 3]).forged) == 1


def test_false_witness_has_no_second() -> None:
    with pytest.raises(FalseWitnessError):
        search_second_witnesses(bits_of_the_input(8), [*bits_witness(5, 8)[:-1], 1])
    with pytest.raises(WireCountMismatchError):
        search_second_witnesses(bits_of_the_input(8), [1, 2])
    with pytest.raises(WireCountMismatchError):
        find_witness(bits_of_the_input(8), [1, 2])


def test_witness_near_false_wires_is_found_if_there_is_one() -> None:
    # quotient·4 + rest = input, nothing else: any rest can be made up for.
    circuit = system(5, ((), (), ((2, 4), (3, 1), (1, -1))), ((), (), ((3, 1), (4, -1))))
    assert find_witness(circuit, [1, 9, 2, 1, 1]) == (1, 9, 2, 1, 1)
    found = find_witness(circuit, [1, 9, 2, 0, 0])
    assert found is not None
    assert circuit.first_violation(found) is None
    assert find_witness(bits_of_the_input(8), bits_witness(256, 8)) is None


def test_neighbourhood_agrees_with_the_whole_system() -> None:
    circuit, chance = bits_of_the_input(12), random.Random(2)
    witness = bits_witness(1234, 12)
    near = Neighbourhood(circuit, witness)
    for _ in range(200):
        edits = {chance.randrange(1, 14): chance.choice([0, 1, 2, R - 1, chance.randrange(R)]) for _ in range(3)}
        edited = [edits.get(wire, value) for wire, value in enumerate(witness)]
        assert near.violations(edits) == set(circuit.violations(edited))
    with pytest.raises(WireCountMismatchError):
        Neighbourhood(circuit, witness[:-1])
