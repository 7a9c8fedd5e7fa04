"""No instruction is forgotten: each has a rule in the model and a way in which the machine tries it."""

from __future__ import annotations

from tests.property.acts import ACTS
from tests.property.arena import INSTRUCTIONS
from tests.property.model import RULES


def test_every_instruction_has_a_rule() -> None:
    assert RULES.keys() == INSTRUCTIONS.keys()


def test_every_instruction_is_tried() -> None:
    assert ACTS.keys() == INSTRUCTIONS.keys()
