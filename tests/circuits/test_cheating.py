"""Cheating provers: wires that no witness generator would write, each cheat with one check in its way.

The false claims here pass every check but one, and mostly that one is a range check: a comparator takes r - 5 for -5.
A cheat then chooses the values that the R1CS leaves to the prover (bits of a decomposition, inverses, a component's
inner wires) as best he can.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from anomi_core.babyjub import A, D
from anomi_core.field import FR_MODULUS
from anomi_core.spec import CIRCUIT_PRESETS, CircuitPreset
from anomi_prover.soundness.neighbourhood import Neighbourhood
from tests.circuits.support import attacks
from tests.circuits.support.circuit import Circuit, preset_circuit
from tests.circuits.support.claims import NOW, Claim
from tests.circuits.support.judges import refuse_edited, refuse_inputs

KEYED: Final = {preset.circuit: preset for preset in CIRCUIT_PRESETS if preset.keyed}

FALSE: Final[dict[str, dict[str, dict[str, Any]]]] = {
    "solvency": {
        "balance too small": {"balance_minor_units": 999, "covered_minor_units": 1000},
        "balance 2^64": {"balance_minor_units": 2**64, "covered_minor_units": 1},
        "balance r - 1": {"balance_minor_units": FR_MODULUS - 1},
        "covered -5": {"covered_minor_units": FR_MODULUS - 5},
        "covered 2^64": {"covered_minor_units": 2**64, "balance_minor_units": 2**64 - 1},
        "seq 2^64": {"seq": 2**64},
        "seq -1": {"seq": FR_MODULUS - 1},
        "issued too early": {"issued_at_unix_s": NOW - 1, "issued_min_unix_s": NOW},
        "issued too late": {"issued_at_unix_s": NOW + 128, "issued_min_unix_s": NOW},
        "issued at 2^40": {"issued_at_unix_s": 2**40, "issued_min_unix_s": 2**40 - 1},
        "issued_min -5": {"issued_at_unix_s": 10, "issued_min_unix_s": FR_MODULUS - 5},
        "line one off": {"line_id": 1},
        "domain one off": {"domain": 1},
        "bitmap one off": {"bitmap": 4},
        "stmt one off": {"stmt": 1},
        "attested less": {"attested": {"balance_minor_units": 1}},
    },
    "payment": {
        "amount too small": {"amount_minor_units": 999, "paid_floor_minor_units": 1000},
        "amount 2^64": {"amount_minor_units": 2**64, "paid_floor_minor_units": 1},
        "amount r - 1": {"amount_minor_units": FR_MODULUS - 1},
        "floor -5": {"paid_floor_minor_units": FR_MODULUS - 5},
        "floor r - 2^64 + 3000000": {"paid_floor_minor_units": FR_MODULUS - 2**64 + 3_000_000},
        "not_before -5": {"not_before_unix_s": FR_MODULUS - 5},
        "not_after 2^40": {"not_after_unix_s": 2**40},
        "paid too early": {"paid_at_unix_s": NOW - 1, "not_before_unix_s": NOW},
        "paid too late": {"paid_at_unix_s": NOW + 3601, "not_after_unix_s": NOW + 3600},
        "paid at 2^40": {"paid_at_unix_s": 2**40, "not_after_unix_s": 2**40 - 1},
        "payee one off": {"payee_commit": 1},
        "nullifier one off": {"nf": 1},
        "line one off": {"line_id": 1},
        "domain one off": {"domain": 1},
        "bitmap one off": {"bitmap": 4},
        "stmt one off": {"stmt": 1},
        "attested less": {"attested": {"amount_minor_units": 1}},
    },
}

MORE_ROWS: Final = {
    "balance r - 1": 2,  # the range check, and the comparison with a small number
    "amount r - 1": 2,  # the same
    "covered 2^64": 2,  # the same
    "paid at 2^40": 2,  # the range check, and the end of the window, which is below 2^40 itself
    "attested less": 4,  # both coordinates of both signatures' equations
}

CASES: Final = [
    pytest.param((KEYED[circuit], name), id=f"{circuit}-{name}") for circuit in FALSE for name in FALSE[circuit]
]


@dataclass(frozen=True)
class Cheat:
    """A false claim of a preset, with every wire as an honest computation has it."""

    name: str
    preset: CircuitPreset
    circuit: Circuit
    false: Neighbourhood
    claim: Callable[..., Claim]


@pytest.fixture(params=CASES, scope="module")
def cheat(request: pytest.FixtureRequest, scratch: Path, claim_for: Callable[..., Claim]) -> Cheat:
    """Each false claim."""
    preset, name = request.param
    circuit = preset_circuit(preset.main, scratch)
    claim = partial(claim_for, preset)
    wires = circuit.unasserted_witness(claim(**FALSE[preset.circuit][name]).inputs())
    return Cheat(name, preset, circuit, Neighbourhood(circuit.r1cs, wires), claim)


def test_one_row_stands_in_the_way(cheat: Cheat) -> None:
    # The claim is false in one way: were that check lost, nothing else would refuse it.
    assert len(cheat.false.violated) == MORE_ROWS.get(cheat.name, 1)


def test_no_wire_alone_repairs_a_false_claim(cheat: Cheat) -> None:
    # Every wire that could (it stands in every violated row), at every value that could (it solves the row), except
    # the public input: with the right one the claim would be true.
    names = {wire: name for name, wire in cheat.circuit.wires.items()}
    repairs = [names[wire] for edit in cheat.false.single_wire_repairs() for wire in edit]
    assert repairs == (["stmt"] if cheat.name == "stmt one off" else [])


def test_no_bit_pattern_repairs_a_false_claim(cheat: Cheat) -> None:
    # Comparators and range checks decompose into bits. Try those of every other number that a cheat might like there.
    for bits in bit_wires(cheat.circuit):
        for number in (0, 1, 2, 2 ** len(bits) - 1, 2 ** (len(bits) - 1), 5, 2_850_000, NOW):
            pattern = {wire: number >> i & 1 for i, wire in bits.items()}
            assert not cheat.false.repaired_by(pattern)


def test_no_part_of_another_witness_repairs_a_false_claim(cheat: Cheat) -> None:
    # The inner wires of one component, as they are in a claim about what the attestors did see: a valid signature of
    # another message, a comparison of other numbers.
    changes = FALSE[cheat.preset.circuit][cheat.name]
    seen = cheat.circuit.unasserted_witness(cheat.claim(**changes.get("attested", {})).inputs())
    inputs = set(cheat.claim().inputs())
    components: defaultdict[str, dict[int, int]] = defaultdict(dict)
    signals: dict[int, int] = {}
    for name, wire in cheat.circuit.wires.items():
        if "." in name:
            components[name.split(".")[0]][wire] = seen[wire]
        elif name.split("[")[0] not in inputs:
            signals[wire] = seen[wire]
    assert len(components) >= 12
    for component, wires in components.items():
        assert not cheat.false.repaired_by(wires), component
        assert not cheat.false.repaired_by(wires | signals), component


def bit_wires(circuit: Circuit) -> list[dict[int, int]]:
    """Return, for each range check and comparator, its surviving bits: position → wire."""
    found: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for name, wire in circuit.wires.items():
        match = re.fullmatch(r"((?:RangeCheck|LessThan|LessEqThan|GreaterEqThan)_.*)\[(\d+)\]", name)
        if match:
            found[match[1]][int(match[2])] = wire
    return list(found.values())


@pytest.mark.parametrize("preset", CIRCUIT_PRESETS, ids=lambda preset: preset.main)
def test_index_bits_are_bits(preset: CircuitPreset, scratch: Path, claim_for: Callable[..., Claim]) -> None:
    # With a free index bit, k keys that nobody registered hang under the true root.
    circuit = preset_circuit(preset.main, scratch)
    inputs = attacks.foreign_subtree(preset, partial(claim_for, preset))
    refuse_inputs(circuit, inputs)
    refuse_edited(circuit, inputs, "Attestors are distinct and registered")
    # One row for each key: only "this index bit is 0 or 1" is false.
    assert len(circuit.violations(circuit.unasserted_witness(inputs))) == preset.k


@pytest.mark.parametrize("preset", CIRCUIT_PRESETS, ids=lambda preset: preset.main)
def test_nonce_point_is_on_the_curve(preset: CircuitPreset, scratch: Path, claim_for: Callable[..., Claim]) -> None:
    # Off the curve the signature's equation fails as well, for all that is known; the curve's own must not be missed
    # among the rows that fail.
    circuit = preset_circuit(preset.main, scratch)
    inputs = claim_for(preset, tamper=attacks.signature_changed(r8x=1)).inputs()
    wires = circuit.unasserted_witness(inputs)
    x, y = int(inputs["r8_x"][-1]), int(inputs["r8_y"][-1])  # type: ignore[arg-type]
    off = (A * x * x + y * y - 1 - D * x * x * y * y) % FR_MODULUS
    assert off
    assert {off, FR_MODULUS - off} & {residual(circuit, row, wires) for row in circuit.violations(wires)}


def residual(circuit: Circuit, row: int, wires: list[int]) -> int:
    """Return A·B - C of one row."""
    a, b, c = (sum(factor * wires[wire] for wire, factor in side) for side in circuit.r1cs.constraints[row])
    return (a * b - c) % FR_MODULUS
