"""No error code without an attack that meets it, no instruction without attacks: what is missing fails here.

The tables are what is counted, and each of their answers is held to what really came. Instructions are counted by
test_accounts.py: one without a call, a row for each place or each argument fails there.
"""

from __future__ import annotations

from anomi_sdk.generated import PROGRAMS
from tests.programs import account_cases, batch_cases, key_cases, staging_cases, verify_cases
from tests.programs.adversary.tables import codes

BY_RULE = {
    "InstructionUnknown",
    "InstructionDataLengthMismatch",
    "AccountCountMismatch",
    "SignerMissing",
    "AuthorityNotSigner",
    "AccountNotWritable",
}
"""What test_accounts.py and test_arguments.py expect of every instruction, without a table."""

OUT_OF_REACH = {
    "market.DepositMismatch": "the classic token program moves what it is told, or refuses",
    "order_store.TokenProgramMismatch": "no instruction takes a token program; every program of a trade has the code",
    "order_store.ProgramMismatch": "no instruction takes another program's account",
    "order_store.ArithmeticOverflow": "nothing is added but a retention to a time, which has a refusal of its own",
}
"""Codes that no call can meet, each with its reason."""


def test_every_error_code_is_met() -> None:
    every = {f"{spec.name}.{error.name}" for spec in PROGRAMS for error in spec.errors.values()}
    ruled = {code for code in every if code.partition(".")[2] in BY_RULE}
    verifier = [
        *account_cases.cases(),
        *staging_cases.cases(),
        *key_cases.cases(),
        *verify_cases.cases(),
        *batch_cases.cases(),
    ]
    # test_hostile.py measures that these cases meet every code of groth16_verifier, but for one that needs more proofs
    # than a transaction holds: it sends them from a program.
    met = codes() | ruled | {f"groth16_verifier.{case.error.__name__.removesuffix('Error')}" for case in verifier}
    met.add("groth16_verifier.BatchTooLarge")
    assert every - met == OUT_OF_REACH.keys()
