"""Runs a program in the LiteSVM of whatever interpreter this script is started with.

Usage: PYTHON svm_runner.py PROGRAM.so. Each line of standard input is instruction data in hexadecimal; each line of
standard output is JSON: {"error", "logs", "return_data" (hexadecimal), "units"}. It imports nothing but solders: both test
environments have it.
"""

import json
import sys
from pathlib import Path

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


def main(path: str) -> None:
    payer = Keypair.from_seed(bytes(range(32)))
    svm = LiteSVM().with_log_bytes_limit(None).with_blockhash_check(False).with_sigverify(False)
    svm.airdrop(payer.pubkey(), 10**12)
    svm.add_program(PROGRAM_ID, Path(path).read_bytes())
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        instructions = [set_compute_unit_limit(UNITS), Instruction(PROGRAM_ID, bytes.fromhex(line), [])]
        message = Message(instructions, payer.pubkey())
        svm.expire_blockhash()  # the same data twice is not the same transaction twice
        outcome = svm.send_transaction(Transaction([payer], message, svm.latest_blockhash()))
        failed = isinstance(outcome, FailedTransactionMetadata)
        metadata = outcome.meta() if failed else outcome
        answer = {
            "error": str(outcome.err()) if failed else None,
            "logs": metadata.logs(),
            "return_data": metadata.return_data().data.hex(),
            "units": metadata.compute_units_consumed(),
        }
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
