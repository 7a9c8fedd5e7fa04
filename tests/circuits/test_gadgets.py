"""The gadgets of circuits/lib, each alone: exhaustively where it is small, at every edge where it is not."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from anomi_core.field import FR_MODULUS
from anomi_prover.soundness.search import search_second_witnesses
from tests.circuits.support.circuit import Circuit
from tests.circuits.support.judges import refuse_edited, refuse_inputs
from tests.circuits.support.signers import Negative, Signer, Tree

Tiny = Callable[[str], Circuit]
WIDTHS = (1, 8, 40, 64, 253)


def accepts(circuit: Circuit, **inputs: Any) -> dict[str, int]:
    """See generator and R1CS accept; return the outputs and inputs by name."""
    witness = circuit.witness(inputs)
    assert circuit.violations(witness) == []
    return {name: witness[wire] for name, wire in circuit.wires.items() if "." not in name}


def refuses(circuit: Circuit, **inputs: Any) -> None:
    """See generator and R1CS refuse."""
    refuse_inputs(circuit, inputs)
    refuse_edited(circuit, inputs, "this gadget")


@pytest.mark.parametrize("bits", WIDTHS)
def test_range_check_accepts_both_ends(tiny: Tiny, bits: int) -> None:
    for value in (0, 1, 2 ** (bits - 1), 2**bits - 1):
        accepts(tiny("ranges"), **{f"in_{width}": value if width == bits else 0 for width in WIDTHS})


@pytest.mark.parametrize("bits", WIDTHS)
def test_range_check_refuses_past_both_ends(tiny: Tiny, bits: int) -> None:
    for value in (2**bits, 2**bits + 1, FR_MODULUS - 1, FR_MODULUS - 2 ** (bits - 1)):
        refuses(tiny("ranges"), **{f"in_{width}": value if width == bits else 0 for width in WIDTHS})


def test_range_check_8_accepts_a_byte_and_nothing_near_it(tiny: Tiny) -> None:
    circuit = tiny("ranges")
    others = {f"in_{width}": 0 for width in WIDTHS}
    for value in range(-32, 300):
        verdict = accepts if 0 <= value < 256 else refuses
        verdict(circuit, **{**others, "in_8": value % FR_MODULUS})


def test_assert_less_is_strict(tiny: Tiny) -> None:
    for low, high in product(range(8), repeat=2):
        verdict = accepts if low < high else refuses
        verdict(tiny("comparisons"), low=low, high=high, a=0, b=1)


def test_assert_different(tiny: Tiny) -> None:
    values = (0, 1, 2, FR_MODULUS - 1, FR_MODULUS // 2)
    for a, b in product(values, repeat=2):
        verdict = accepts if a != b else refuses
        verdict(tiny("comparisons"), low=0, high=1, a=a, b=b)


def test_index_mask_is_the_power_of_the_index(tiny: Tiny) -> None:
    for index in range(8):
        bits = [index >> i & 1 for i in range(3)]
        outputs = accepts(tiny("masks"), bits_1=[index & 1], bits_3=bits)
        assert outputs["mask_1"] == 1 << (index & 1)
        assert outputs["mask_3"] == 1 << index


def test_outputs_follow_from_the_inputs(tiny: Tiny) -> None:
    """Whatever wires a prover writes: no other mask of these bits, no other root over this leaf, no other bitmap.

    In a whole circuit root and bitmap are inputs, so that what a prover might choose would still follow from them.
    """
    tree = Tree({index: Signer(index) for index in range(4)}, 2)
    for name, inputs in (
        ("masks", {"bits_1": [1], "bits_3": [1, 0, 1]}),
        ("merkle_roots", {"leaf": 5, "index_bits": [1, 0, 1], "siblings": [6, 7, 8]}),
        ("registered_attestors", registered(tree, 1, 2)),
    ):
        circuit = tiny(name)
        assert search_second_witnesses(circuit.r1cs, circuit.witness(inputs)).is_unique, name


def test_merkle_root_of_every_leaf(tiny: Tiny) -> None:
    for depth in (1, 2, 3):
        tree = Tree({index: Signer(index) for index in range(2**depth)}, depth)
        for index in range(2**depth):
            padding = [0] * (3 - depth)
            bits = [*(index >> i & 1 for i in range(depth)), *padding]
            siblings = [*tree.siblings(index), *padding]
            outputs = accepts(tiny("merkle_roots"), leaf=tree.node(0, index), index_bits=bits, siblings=siblings)
            assert outputs[f"root_{depth}"] == tree.root


def test_merkle_root_refuses_an_index_bit_that_is_no_bit(tiny: Tiny) -> None:
    for place, bit in product(range(3), (2, FR_MODULUS - 1, pow(2, -1, FR_MODULUS))):
        bits = [bit if i == place else 0 for i in range(3)]
        refuses(tiny("merkle_roots"), leaf=5, index_bits=bits, siblings=[6, 7, 8])


def registered(tree: Tree, *indices: int) -> dict[str, Any]:
    """Return the inputs of RegisteredAttestors."""
    return {
        "root": tree.root,
        "key_x": [tree.signers[index].key.ax for index in indices],
        "key_y": [tree.signers[index].key.ay for index in indices],
        "index_bits": [[index >> level & 1 for level in range(tree.depth)] for index in indices],
        "siblings": [tree.siblings(index) for index in indices],
    }


def test_registered_attestors_accepts_increasing_pairs_alone(tiny: Tiny) -> None:
    tree = Tree({index: Signer(index) for index in range(4)}, 2)
    for first, second in product(range(4), repeat=2):
        inputs = registered(tree, first, second)
        if first < second:
            assert accepts(tiny("registered_attestors"), **inputs)["bitmap"] == 1 << first | 1 << second
        else:
            refuses(tiny("registered_attestors"), **inputs)


def test_registered_attestors_refuses_one_y_at_two_leaves(tiny: Tiny) -> None:
    one = Negative(5)
    for other in (one, Negative(5, negated=True)):
        tree = Tree({0: Signer(0), 1: one, 2: other, 3: Signer(3)}, 2)
        refuses(tiny("registered_attestors"), **registered(tree, 1, 2))
        accepts(tiny("registered_attestors"), **registered(tree, 0, 1))


def test_registered_attestors_refuses_each_of_two_strangers(tiny: Tiny) -> None:
    tree = Tree({index: Signer(index) for index in range(4)}, 2)
    inputs = registered(tree, 1, 2)
    for position in range(2):
        for part, value in (("key_x", Signer(9).key.ax), ("key_y", Signer(9).key.ay)):
            changed = [*inputs[part]]
            changed[position] = value
            refuses(tiny("registered_attestors"), **{**inputs, part: changed})
