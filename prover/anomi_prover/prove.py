"""Prove a witness under a proving key: checked before, verified after, and nothing left behind.

`auto` is the native core when it is installed, else snarkjs. rapidsnark is used only when it is asked for by name: a
program that merely happens to be on PATH is not handed a secret witness.
"""

from __future__ import annotations

import importlib
import importlib.util
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Protocol, cast, runtime_checkable

from anomi_core.errors import InternalError, MissingToolError, RefusedError, UsageError
from anomi_core.groth16 import Proof, VerifyingKey, proof_json, public_inputs_json
from anomi_core.groth16.errors import (
    InvalidProofError,
    PointAtInfinityError,
    PointNotInSubgroupError,
    PointNotOnCurveError,
)
from anomi_prover.files import atomic_write
from anomi_prover.keys import DEVELOPMENT_NOTICE, is_development_key, read_proving_key
from anomi_prover.progress import NoProgress, Progress
from anomi_prover.verify import verifier as find_verifier
from anomi_prover.verify import verify
from anomi_prover.wtns import read_wtns, write_wtns

__all__ = [
    "PROVERS",
    "DamagedKeyError",
    "ProofBundle",
    "ProverDisagreesError",
    "ProverModule",
    "UnprovableWitnessError",
    "VerifyingProverModule",
    "WitnessLengthMismatchError",
    "prove",
    "prover",
]


class WitnessLengthMismatchError(RefusedError):
    """The witness has another number of wires than the proving key: they are of different circuits."""


class UnprovableWitnessError(RefusedError):
    """The proof that was made does not verify: the witness violates a constraint, or is another circuit's."""


class DamagedKeyError(RefusedError):
    """The proof that was made has a point off its curve: points of the proving key are."""


class ProverDisagreesError(InternalError):
    """The prover reported other public inputs than the witness holds."""


class ProverModule(Protocol):
    """What a prover module offers."""

    NAME: str

    def prove(self, zkey: Path, wtns: Path, folder: Path) -> tuple[Proof, tuple[int, ...]]:
        """Return an unverified proof and its public inputs, using the private folder for scratch files."""


@runtime_checkable
class VerifyingProverModule(Protocol):
    """What a prover module offers that makes every check of `prove` itself."""

    NAME: str

    def prove_verified(
        self, zkey: Path, wtns: Path | Sequence[int], progress: Progress, threads: int | None, constant_work: bool
    ) -> tuple[Proof, tuple[int, ...], VerifyingKey]:
        """Return a verified proof, its public inputs and the key's verifying key."""


PROVERS: Final = MappingProxyType(
    {
        "native": "anomi_prover.backends.native",
        "snarkjs": "anomi_prover.backends.snarkjs",
        "rapidsnark": "anomi_prover.backends.rapidsnark",
    }
)
"""Name → module, which is imported when it is asked for."""


@dataclass(frozen=True)
class ProofBundle:
    """A proof that has been verified, its public inputs, and the names of the prover and verifier that saw it."""

    proof: Proof
    public_inputs: tuple[int, ...]
    backend: str
    verifier: str

    def write(self, proof: Path, public: Path) -> None:
        """Write `proof.json` and `public.json` as snarkjs does, each in one step. Raises OutputNotWritableError."""
        atomic_write(proof, proof_json(self.proof).encode())
        atomic_write(public, public_inputs_json(self.public_inputs).encode())


def prover(name: str = "auto") -> ProverModule | VerifyingProverModule:
    """Return the prover `name`. Raises UsageError on an unknown name, MissingToolError when it is not installed."""
    if name == "auto":
        name = "native" if importlib.util.find_spec("anomi_prover_native") else "snarkjs"
    if name not in PROVERS:
        raise UsageError(f"no prover is called {name!r}; choose one of auto, {', '.join(PROVERS)}")
    try:
        return cast(ProverModule | VerifyingProverModule, importlib.import_module(PROVERS[name]))
    except ModuleNotFoundError as error:
        raise MissingToolError(
            f"the prover {name!r} is not installed on this machine",
            hint="use --backend snarkjs, or run `make native` in the checkout",
        ) from error
    except ImportError as error:
        raise MissingToolError(f"the prover {name!r} cannot be loaded: {error}", hint="run `make native`") from error


def prove(
    zkey: Path,
    wtns: Path | Sequence[int],
    backend: str = "auto",
    *,
    verifier: str = "auto",
    progress: Progress | None = None,
    threads: int | None = None,
    constant_work: bool = False,
) -> ProofBundle:
    """Prove `wtns`, a .wtns file or the values of every wire, under the key `zkey`.

    The key must pass `check_proving_key` and have as many wires as the witness; the public inputs must be the
    witness's own; and the proof must verify under the key before it is returned. Values given as integers are written
    for other backends than the native one, readable by the owner only, to a private folder that is removed whatever
    happens.

    `threads` and `constant_work` (time and memory that do not depend on the witness) are for the native backend.

    Raises what `read_proving_key` and `read_wtns` raise, WitnessLengthMismatchError, UnprovableWitnessError,
    DamagedKeyError, ProverDisagreesError, MissingToolError, UsageError, and the backend's own errors.
    """
    chosen, checker = prover(backend), find_verifier(verifier)
    progress = progress or NoProgress()
    if isinstance(chosen, VerifyingProverModule):
        proof, public_inputs, key = chosen.prove_verified(zkey, wtns, progress, threads, constant_work)
        if checker.NAME != chosen.NAME:
            verify(key, public_inputs, proof, backend=verifier)
        return ProofBundle(proof=proof, public_inputs=public_inputs, backend=chosen.NAME, verifier=checker.NAME)
    if threads is not None or constant_work:
        raise UsageError(f"{chosen.NAME} has no choice of threads or constant work; the native prover has")
    header = read_proving_key(zkey)
    values = read_wtns(wtns) if isinstance(wtns, Path) else wtns
    if len(values) != header.n_vars:
        raise WitnessLengthMismatchError(
            f"the proving key has {header.n_vars} wires, the witness {len(values)}: they are of different circuits"
        )
    expected = tuple(values[1 : header.n_public + 1])
    progress.start(f"proving ({chosen.NAME})", None)
    try:
        with tempfile.TemporaryDirectory(prefix="anomi-prove-") as name:
            folder = Path(name)
            if isinstance(wtns, Path):
                witness = wtns
            else:
                witness = folder / "witness.wtns"
                write_wtns(witness, values)
            proof, public_inputs = chosen.prove(zkey, witness, folder)
        if public_inputs != expected:
            raise ProverDisagreesError(f"{chosen.NAME} reported other public inputs than the witness holds")
        verify(header.verifying_key, public_inputs, proof, backend=verifier)
    except InvalidProofError as error:
        raise UnprovableWitnessError(
            "the proof does not verify: the witness violates a constraint, or is not of this key's circuit",
            hint="make the witness with the circuit's own generator, and the key from the same .r1cs",
        ) from error
    except (PointNotOnCurveError, PointNotInSubgroupError, PointAtInfinityError) as error:
        raise DamagedKeyError(
            f"{zkey} is damaged: the proof made with it is no proof ({error})", hint="get or make the key again"
        ) from error
    finally:
        progress.done()
    if is_development_key(header):
        progress.note(DEVELOPMENT_NOTICE.format(zkey))
    return ProofBundle(proof=proof, public_inputs=public_inputs, backend=chosen.NAME, verifier=checker.NAME)
