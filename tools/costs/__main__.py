"""`python -m tools.costs [--record] [--arch v3]`: measure every instruction, and compare with the record or write it.

It needs the built programs (`make programs`) and takes a few seconds. The second runtime has an environment of its own:
`.venv-svm-mainnet/bin/python -m tools.costs`. Exit code 1 when something has become dearer than is allowed.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from anomi_core.errors import AnomiError
from anomi_prover.files import atomic_write
from anomi_sdk.bench_cu import measure
from anomi_sdk.generated import PROGRAMS
from anomi_sdk.programs import load_program
from tools.costs.page import page
from tools.costs.record import PAGE, RECORD, ROOT, SEEDS, Record, check, encode, read

__all__ = ["main", "measured_now"]

BUILT = ROOT / "build" / "programs"
TOLERANCE_PERMILLE = 10
OTHER_RUSTC_TOLERANCE_PERMILLE = 50


def main(arguments: list[str]) -> int:
    """Check or record; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.costs", description=__doc__)
    parser.add_argument("--record", action="store_true", help="write what is measured as the record")
    parser.add_argument("--arch", choices=["v0", "v3"], default="v0", help="SBPF version of the programs (v0)")
    options = parser.parse_args(arguments)
    try:
        measured = measured_now(BUILT, options.arch)
        if options.record:
            _write(measured)
            print(f"{len(measured.figures)} costs recorded ({measured.runtime}, SBPF {measured.architecture})")
        else:
            print(check(measured, *read()))
    except AnomiError as error:
        hint = f"\nhint: {error.hint}" if error.hint else ""
        print(f"error: {error}{hint}", file=sys.stderr)
        return error.exit_code
    return 0


def measured_now(folder: Path, architecture: str) -> Record:
    """Measure the programs in `folder`; raises what load_program and measure raise."""
    programs = [load_program(folder, program.name, architecture) for program in PROGRAMS]
    report = measure(programs, SEEDS, (1,))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (rustc,) = {
        entry["rustc"] for entry in manifest["files"].values() if entry["sha256"] in {p.sha256 for p in programs}
    }
    return Record.of(report, rustc, TOLERANCE_PERMILLE)


def _write(measured: Record) -> None:
    records, other = read() if RECORD.exists() else ([], OTHER_RUSTC_TOLERANCE_PERMILLE)
    kept = [record for record in records if (record.place, record.rustc) != (measured.place, measured.rustc)]
    atomic_write(RECORD, encode([*kept, measured], other).encode())
    atomic_write(PAGE, page([*kept, measured]).encode())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
