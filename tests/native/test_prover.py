"""A resident prover: threads, memory, cancelling, progress, masking, and what it refuses to return."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from anomi_prover_native import Prover, Verifier

from anomi_core.errors import AnomiError, UsageError
from anomi_core.groth16.errors import InvalidProofError
from anomi_prover.backends.native import CancelledError, open_prover, prove_verified, witness_bytes
from anomi_prover.cache import Cache
from anomi_prover.progress import NoProgress
from anomi_prover.prove import DamagedKeyError, UnprovableWitnessError, WitnessLengthMismatchError, prove
from anomi_prover.wtns import WitnessValueError, write_wtns
from tests.native import trusted
from tests.native.circuits import random_circuit
from tests.native.conftest import Small
from tests.unit.prove.circuits import section

STAGES = ["A·w", "B·w", "transforms", "quotient", "H", "A", "B", "C", "assemble", "self-verify"]


@pytest.fixture(scope="module")
def prover(small: Small) -> Prover:
    return Prover(small.zkey)


@pytest.fixture(scope="module")
def payment(artifact: Callable[[str], Path]) -> Path:
    """The real payment key."""
    return artifact("build/circuits/payment/payment.zkey")


def test_what_a_prover_says_of_its_key(prover: Prover, small: Small) -> None:
    from anomi_prover.files import sha256_file

    assert prover.sha256 == sha256_file(small.zkey)
    assert (prover.n_vars, prover.n_public, prover.domain_size) == (8, 2, 16)
    assert prover.is_development
    assert repr(prover) == "<Prover of 8 wires, 2 public, domain 2^4>"


@pytest.mark.parametrize("threads", range(1, 9))
@pytest.mark.parametrize("constant_work", [False, True])
def test_any_number_of_threads(prover: Prover, small: Small, threads: int, constant_work: bool) -> None:
    proof, inputs = prover.prove(small.wtns, threads=threads, constant_work=constant_work)
    Verifier(prover.verifying_key).verify(inputs, proof)


def test_no_threads_are_a_usage_error(prover: Prover, small: Small) -> None:
    with pytest.raises(UsageError, match="threads must be 1 or more"):
        prover.prove(small.wtns, threads=0)


def test_proofs_are_blinded_anew(prover: Prover, small: Small) -> None:
    proofs = [prover.prove(small.wtns)[0] for _ in range(3)]
    assert len({proof.a for proof in proofs}) == len({proof.b for proof in proofs}) == 3
    assert len({proof.c for proof in proofs}) == 3


def test_proofs_at_the_same_time(prover: Prover, small: Small) -> None:
    made: list[object] = []
    verifier = Verifier(prover.verifying_key)

    def work() -> None:
        for _ in range(5):
            proof, inputs = prover.prove(small.wtns, threads=2, constant_work=len(made) % 2 == 0)
            verifier.verify(inputs, proof)
            made.append(proof)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 20


def test_a_violated_constraint_is_refused_unless_told_otherwise(prover: Prover, small: Small) -> None:
    wrong = list(small.circuit.witness)
    wrong[3] += 1
    for constant_work in (False, True):
        with pytest.raises(UnprovableWitnessError):
            prover.prove(witness_bytes(wrong), constant_work=constant_work)
    proof, inputs = prover.prove(witness_bytes(wrong), self_verify=False)
    with pytest.raises(InvalidProofError):
        Verifier(prover.verifying_key).verify(inputs, proof)


@pytest.mark.parametrize("wires", [1, 7, 9])
def test_a_witness_of_another_circuit(prover: Prover, wires: int) -> None:
    with pytest.raises(WitnessLengthMismatchError, match=f"has 8 wires, the witness {wires}:"):
        prover.prove(witness_bytes([1] * wires))


def test_witness_bytes_refuses_what_is_no_value() -> None:
    for bad in (-1, 1 << 256):
        with pytest.raises(WitnessValueError):
            witness_bytes([1, bad])


@pytest.mark.parametrize("number", [5, 6, 7, 8])
def test_a_key_whose_points_are_exchanged_yields_no_proof(number: int, tmp_path: Path) -> None:
    """Valid points at wrong places: only verifying the proof can tell."""
    circuit = random_circuit(9, constraints=20, n_public=1, n_private=12)
    data = bytearray(trusted.write_zkey(tmp_path / "good.zkey", circuit).read_bytes())
    start, length = section(data, number)
    size = 128 if number == 7 else 64
    data[start : start + length] = data[start + size : start + length] + data[start : start + size]
    path = tmp_path / "exchanged.zkey"
    path.write_bytes(data)
    Prover(tmp_path / "good.zkey").prove(witness_bytes(circuit.witness))
    with pytest.raises(UnprovableWitnessError):
        Prover(path).prove(witness_bytes(circuit.witness))


def test_a_damaged_key_believed_to_be_checked_yields_no_proof(small: Small, tmp_path: Path) -> None:
    data = bytearray(small.zkey.read_bytes())
    start, _ = section(data, 9)
    data[start + 64 + 3] ^= 1
    path = tmp_path / "damaged.zkey"
    path.write_bytes(data)
    with pytest.raises((DamagedKeyError, UnprovableWitnessError)):
        Prover(path, checked=lambda _: True).prove(small.wtns)


def test_checked_keys_are_remembered_by_their_hash(small: Small, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    assert not open_prover(small.zkey, cache=cache).points_were_known
    assert open_prover(small.zkey, cache=cache).points_were_known
    data = bytearray(small.zkey.read_bytes())
    start, _ = section(data, 5)
    data[start + 40] ^= 1
    path = tmp_path / "changed.zkey"
    path.write_bytes(data)
    with pytest.raises(DamagedKeyError):
        open_prover(path, cache=cache)
    assert len(cache.entries()) == 1


def test_an_unusable_cache_costs_the_check_and_nothing_else(small: Small, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert not open_prover(small.zkey, cache=Cache(tmp_path / "file" / "cache")).points_were_known


def test_progress_rises_to_the_end(prover: Prover, small: Small) -> None:
    told: list[int] = []
    timings: dict[str, float] = {}
    prover.prove(small.wtns, progress=told.append, timings=timings)
    assert told == sorted(set(told))
    assert told[-1] == 1000
    assert set(timings) == set(STAGES)
    assert all(seconds >= 0 for seconds in timings.values())


def test_cancelling_and_exceptions_of_callbacks_stop_the_work(payment: Path) -> None:
    prover = Prover(payment, checked=lambda _: True)
    witness = (1).to_bytes(32, "little") + bytes(range(1, 32)).ljust(32, b"\0") * (prover.n_vars - 1)

    def fail(_: int) -> None:
        raise LookupError("the callback's own")

    with pytest.raises(CancelledError):
        prover.prove(witness, threads=1, cancel=lambda: True)
    with pytest.raises(LookupError, match="own"):
        prover.prove(witness, threads=1, progress=fail, self_verify=False)

    def deny(_: str) -> bool:
        raise LookupError("the callback's own")

    with pytest.raises(LookupError, match="own"):
        Prover(payment, checked=deny)


INTERRUPTED = """
import os, signal, sys, threading
from anomi_prover_native import Prover
threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    while True:
        Prover(sys.argv[1])
except KeyboardInterrupt:
    print("stopped")
"""


def test_ctrl_c_stops_the_work(payment: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, payment], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, "stopped\n"), done.stderr


GROWTH = """
import resource, sys
from anomi_prover_native import Prover, Verifier, verify_batch
prover = Prover(sys.argv[1])
verifier = Verifier(prover.verifying_key)
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize()
def some(count):
    for turn in range(count):
        proof, inputs = prover.prove(sys.argv[2], threads=1 + turn % 4, constant_work=turn % 5 == 0)
        verify_batch([(verifier, inputs, proof)] * 2, threads=2)
some(30)
growths = []
for _ in range(3):
    before = resident()
    some(100)
    growths.append(resident() - before)
print(min(growths))
"""


def test_a_hundred_proofs_take_no_more_memory(tmp_path: Path) -> None:
    circuit = random_circuit(5, constraints=120, n_public=2, n_private=60)
    zkey = trusted.write_zkey(tmp_path / "k.zkey", circuit)
    write_wtns(tmp_path / "w.wtns", circuit.witness)
    done = subprocess.run(
        [sys.executable, "-c", GROWTH, zkey, tmp_path / "w.wtns"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    # One proof's buffers are 30 kB and more: a leak of them would show as megabytes in each hundred. A single hundred
    # may grow by what the allocator keeps for threads that were never at work at the same time before.
    assert int(done.stdout) < 1 << 20


def test_prove_takes_values_or_a_file_and_says_that_a_key_is_for_development(small: Small) -> None:
    class Notes(NoProgress):
        def __init__(self) -> None:
            self.notes: list[str] = []
            self.steps = 0

        def advance(self, n: int, /) -> None:
            self.steps += n

        def note(self, message: str, /) -> None:
            self.notes.append(message)

    notes = Notes()
    for witness in (small.wtns, list(small.circuit.witness)):
        bundle = prove(small.zkey, witness, "native", progress=notes, threads=2, constant_work=True)
        assert (bundle.backend, bundle.public_inputs) == ("native", small.circuit.witness[1:3])
    assert notes.steps == 2000
    assert len(notes.notes) == 2
    assert "anyone can forge proofs" in notes.notes[0]
    bundle = prove(small.zkey, small.wtns, "native", verifier="py-ecc")
    assert (bundle.backend, bundle.verifier) == ("native", "py-ecc")
    with pytest.raises(UsageError, match="snarkjs has no choice of threads"):
        prove(small.zkey, small.wtns, "snarkjs", threads=1)


def test_errors_hold_no_value_of_the_witness(prover: Prover) -> None:
    secret = 0x5EC2E7_5EC2E7_5EC2E7
    for witness in ([1] + [secret] * 7, [1] + [secret] * 3):
        with pytest.raises(AnomiError) as caught:
            prover.prove(witness_bytes(witness))
        assert str(secret) not in str(caught.value)
        assert hex(secret)[2:] not in str(caught.value)


def test_prove_verified_returns_the_keys_verifying_key(small: Small, prover: Prover) -> None:
    assert prove_verified(small.zkey, small.wtns, NoProgress(), None, False)[2] == prover.verifying_key
