"""@solana/web3.js, as it comes from npm, works against the local node."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from solders.hash import Hash
from solders.pubkey import Pubkey

from anomi_core.groth16.solana import proof_to_bytes, verifying_key_body
from anomi_sdk.generated.groth16_verifier_errors import ProofInvalidError
from anomi_sdk.groth16_verifier import GROTH16_VERIFIER_ID, verify
from anomi_sdk.localnet import Localnet
from anomi_sdk.svm import EmbeddedSvm
from anomi_sdk.verifier_client import VerifierClient
from tests.programs.somebody import key_of_somebody

from .conftest import PAYER

OTHER = Pubkey.from_bytes(bytes([8] * 32))
SCRIPT = Path(__file__).with_name("web3.cjs")


@pytest.fixture
def told(net: Localnet, svm: EmbeddedSvm, artifact: Callable[[str], Path]) -> dict[str, Any]:
    """What the script has seen, after a key with one public input was stored."""
    made = key_of_somebody(1)
    upload = VerifierClient(svm, PAYER).upload_key(verifying_key_body(made.verifying_key))
    call = verify(upload.verifying_key, proof_to_bytes(made.prove([7], "web3.js")), [(7).to_bytes(32, "big")])
    given = {
        "secret": list(bytes(PAYER)),
        "to": str(OTHER),
        "program": str(GROTH16_VERIFIER_ID),
        "key": str(upload.verifying_key),
        "verify": bytes(call.data).hex(),
    }
    done = subprocess.run(
        [artifact(".tools/node/bin/node"), SCRIPT, net.url, artifact(".tools/npm-tests/package.json")],
        input=json.dumps(given).encode(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def test_it_sends_confirms_and_reads(told: dict[str, Any], svm: EmbeddedSvm) -> None:
    assert told["genesis"] == str(Hash.from_bytes(svm.genesis_hash()))
    assert "anomi-localnet" in told["version"]["solana-core"]
    assert told["rent"] == 293 * 6960
    assert (told["transfer"]["status"]["err"], told["transfer"]["fee"], told["transfer"]["units"]) == (None, 5_000, 150)
    assert told["received"] == 1_000_000
    assert told["airdrop"]["err"] is None
    # The program's own answers: a proof that holds, and one whose public input was altered.
    assert told["verified"]["status"]["err"] is None
    assert 77_786 <= told["verified"]["units"] <= 78_500
    assert told["refused"] == {"InstructionError": [0, {"Custom": ProofInvalidError.code}]}
    assert told["refusal"] == "SendTransactionError"
    assert told["key"] == {"owner": str(GROTH16_VERIFIER_ID), "bytes": 8 + 576}
    assert told["stored"] == 1
