"""Another account in every place of every instruction: each is refused as expected/accounts.toml says."""

from __future__ import annotations

import pytest

from tests.programs.adversary.slots import rights_and_counts, spoilt, substituted
from tests.programs.adversary.stage import INSTRUCTIONS, Stage
from tests.programs.adversary.tables import answers, compare, table

PLACES = [(name, account.name) for name, (_, spec) in INSTRUCTIONS.items() for account in spec.accounts]


def test_every_instruction_goes_through_as_it_is(stage: Stage) -> None:
    """What is refused below is refused for the one thing that is wrong with it."""
    assert set(stage.calls) == set(INSTRUCTIONS), "every instruction has its call in Stage"
    assert {stage.result(call, of=name) for name, call in stage.calls.items()} == {"ok"}


def test_every_place_has_its_row() -> None:
    rows = {
        (f"{program}.{instruction}", place)
        for program, instructions in table("accounts").items()
        for instruction, places in instructions.items()
        for place in places
    }
    assert rows == set(PLACES)


@pytest.mark.parametrize("name", INSTRUCTIONS)
def test_another_account(stage: Stage, name: str) -> None:
    program, instruction = name.split(".")
    wrong = []
    for place, account in enumerate(INSTRUCTIONS[name][1].accounts):
        row = table("accounts")[program][instruction][account.name]
        others = {one.label: stage.result(one.call, name, one.accounts) for one in substituted(stage, name, place)}
        itself = {one.label: stage.result(one.call, name, one.accounts) for one in spoilt(stage, name, place)}
        assert len(others) >= len(stage.pool) - 1
        stale = answers(row).keys() - others.keys() - itself.keys() - {"else", "spoilt"}
        lines = [*compare(row, others), *compare(row, itself, "spoilt"), *(f"{label}: nobody tried" for label in stale)]
        wrong += [f"{account.name}, {line}" for line in lines]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", INSTRUCTIONS)
def test_rights_withheld_and_accounts_too_few_or_too_many(stage: Stage, name: str) -> None:
    verifier = name.startswith("groth16_verifier.")
    due = {
        "signer": "AuthorityNotSigner" if verifier else "SignerMissing",
        "writable": "AccountNotWritable",
        "count": "AccountCountMismatch",
    }
    wrong = []
    for place, account in enumerate(INSTRUCTIONS[name][1].accounts):
        for kind, one in rights_and_counts(stage, name, place, account):
            if (answer := stage.result(one.call, name, one.accounts)) != due[kind]:
                wrong.append(f"{one.label}: expected {due[kind]}, came {answer}")
    assert not wrong, "\n".join(wrong)
