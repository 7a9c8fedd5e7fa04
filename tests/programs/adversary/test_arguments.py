"""Every argument at its edges, as expected/arguments.toml says; data of every other length; others' discriminators."""

from __future__ import annotations

import pytest

from tests.programs.adversary.edges import altered, arguments, edges, value_of
from tests.programs.adversary.stage import INSTRUCTIONS, Stage
from tests.programs.adversary.tables import answers, compare, table
from tests.programs.world import with_data

ARGUMENTS = [(name, field.name) for name, (_, spec) in INSTRUCTIONS.items() for field in spec.arguments]
SURPLUS = 33


def test_every_argument_has_its_row() -> None:
    rows = {
        (f"{program}.{instruction}", argument)
        for program, instructions in table("arguments").items()
        for instruction, arguments in instructions.items()
        for argument in arguments
    }
    assert rows == set(ARGUMENTS)


@pytest.mark.parametrize("name", [name for name, (_, spec) in INSTRUCTIONS.items() if spec.arguments])
def test_the_edges_of_an_argument(stage: Stage, name: str) -> None:
    """A label of the table that is none of a type's own edges is a value: a limit, and one past it."""
    program, instruction = name.split(".")
    call, wrong = stage.calls[name], []
    for field, value in arguments(name, call):
        row = table("arguments")[program][instruction][field.name]
        found = dict(edges(name, field, value))
        values = answers(row).keys() - found.keys() - {"else"}
        found |= {label: field.type.encode(value_of(name, label), label) for label in values}
        came = {label: stage.result(altered(name, call, field.name, data), name) for label, data in found.items()}
        wrong += [f"{field.name}, {line}" for line in compare(row, came)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", INSTRUCTIONS)
def test_data_of_any_other_length(stage: Stage, name: str) -> None:
    call = stage.calls[name]
    whole = bytes(call.data)
    for length in [*range(len(whole)), *range(len(whole) + 1, len(whole) + SURPLUS)]:
        data = (whole + bytes(SURPLUS))[:length]
        due = "InstructionUnknown" if length < 8 else "InstructionDataLengthMismatch"
        assert stage.result(with_data(call, data), name) == due, length


@pytest.mark.parametrize("name", INSTRUCTIONS)
def test_the_name_of_another_programs_instruction(stage: Stage, name: str) -> None:
    program, _ = INSTRUCTIONS[name]
    call = stage.calls[name]
    others = [other.discriminator for owner, other in INSTRUCTIONS.values() if owner is not program]
    tags = [account.TAG for account in program.accounts]
    for discriminator in (*others, *tags, bytes(8), b"\xff" * 8):
        data = discriminator + bytes(call.data)[8:]
        assert stage.result(with_data(call, data), name) == "InstructionUnknown", discriminator.hex()
