"""iden3's C++ prover, when there is one: the program that ANOMI_RAPIDSNARK names, else `rapidsnark` on PATH."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from anomi_core.errors import RefusedError
from anomi_core.groth16 import Proof
from anomi_prover.backends.output import read_output
from anomi_prover.tools import ToolNotFoundError, kill_process_group

__all__ = ["NAME", "RapidsnarkError", "find_rapidsnark", "prove"]

NAME = "rapidsnark"

_MESSAGE_CHARS_MAX = 300


class RapidsnarkError(RefusedError):
    """rapidsnark ended with an error of its own; the sentence is rapidsnark's."""


def find_rapidsnark() -> Path:
    """Return the program. Raises ToolNotFoundError."""
    named = os.environ.get("ANOMI_RAPIDSNARK")
    found = shutil.which(named or "rapidsnark")
    if found is None:
        where = f"ANOMI_RAPIDSNARK names {named}, which is not a program" if named else "rapidsnark is not on PATH"
        raise ToolNotFoundError(where, hint="install it and set ANOMI_RAPIDSNARK, or use --backend snarkjs")
    return Path(found).absolute()


def prove(zkey: Path, wtns: Path, folder: Path) -> tuple[Proof, tuple[int, ...]]:
    """Return an unverified proof and its public inputs; `folder` is private scratch space.

    Raises ToolNotFoundError, RapidsnarkError, and what parsing its output raises.
    """
    proof, public = folder / "proof.json", folder / "public.json"
    command = [str(find_rapidsnark()), *(str(path.absolute()) for path in (zkey, wtns, proof, public))]
    with (folder / "log").open("w+b") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd=folder, start_new_session=True
        )
        try:
            status = process.wait()
        finally:
            kill_process_group(process)
            process.wait()
        if status != 0:
            log.seek(0)
            lines = log.read(1 << 16).decode("utf-8", "replace").split("\n")
            said = [line.strip() for line in lines if line.strip()] or ["it said nothing"]
            raise RapidsnarkError(f"rapidsnark ended with exit code {status}: {said[-1][:_MESSAGE_CHARS_MAX]}")
    return read_output(proof, public)
