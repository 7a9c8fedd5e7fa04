"""Runs a program in the LiteSVM of whatever interpreter this script is started with.

Usage: PYTHON svm_runner.py PROGRAM.so. Each line of standard input is instruction data in hexadecimal; each line of
standard output is JSON: {"error", "logs", "return_data" (hexadecimal), "units"}. It imports nothing but solders: both
test environments have it.
"""

import json
import sys
from pathlib import Path
from typing import Any

from solders.compute_budget import set_compute_unit_limit
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.litesvm import LiteSVM
from solders.message import Message
from solders.pubkey import Pubkey
from solders.transaction import Transaction
from solders.transaction_metadata import FailedTransactionMetadata

PROGRAM_ID = Pubkey.from_string("Probe11111111111111111111111111111111111111")
UNITS = 1_400_000


def answer(record: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(record) + "\n")
    sys.stdout.flush()


def main(path: str) -> None:
    payer = Keypair.from_seed(bytes(range(32)))
    svm = LiteSVM().with_log_bytes_limit(None).with_blockhash_check(False).with_sigverify(False)
    svm.airdrop(payer.pubkey(), 10**12)
    svm.add_program(PROGRAM_ID, Path(path).read_bytes())
    answer({"ready": True})
    for line in sys.stdin:
        instructions = [set_compute_unit_limit(UNITS), Instruction(PROGRAM_ID, bytes.fromhex(line), [])]
        message = Message(instructions, payer.pubkey())
        svm.expire_blockhash()  # the same data twice is not the same transaction twice
        outcome = svm.send_transaction(Transaction([payer], message, svm.latest_blockhash()))
        error = str(outcome.err()) if isinstance(outcome, FailedTransactionMetadata) else None
        metadata: Any = outcome.meta() if isinstance(outcome, FailedTransactionMetadata) else outcome
        answer(
            {
                "error": error,
                "logs": metadata.logs(),
                "return_data": metadata.return_data().data.hex(),
                "units": metadata.compute_units_consumed(),
            }
        )


if __name__ == "__main__":
    main(sys.argv[1])
