"""`python -m tools.mutate_circuits`: plant faults into the circuits, report which the circuit tests do not notice.

There are some two hundred, and one takes about ten seconds of a processor: an evening's run for all, not a part of
`make test`. They come in an order in which every beginning is a sample of all files, and `--record` goes on where a run
ended. Exit code 0 when every fault that was tried was noticed or could not be compiled, 1 when one survived.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from anomi_prover.cache import Cache
from tools.mutate_circuits.mutants import find_mutants
from tools.mutate_circuits.runner import ROOT, TEST_SECONDS_MAX, compile_main, try_mutant
from tools.mutation.apart import said
from tools.mutation.campaign import Outcome, add_options, chosen, run
from tools.mutation.mutant import Mutant

CIRCUITS = ROOT / "circuits"


def main(arguments: list[str]) -> int:
    """List or try the faults; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutate_circuits", description=__doc__)
    add_options(parser)
    options = parser.parse_args(arguments)
    mutants = chosen(find_mutants(CIRCUITS), options)
    if options.list:
        print("\n".join(map(str, mutants)))
        return 0
    # A cache of its own, thrown away: nobody needs a damaged circuit again.
    with TemporaryDirectory(prefix="anomi-mutants-") as folder:
        os.environ["ANOMI_CACHE_DIR"] = folder
        cache = Cache.default()
        # In a fork: the compiler's threads would not survive in later ones.
        said(lambda: str(compile_main(CIRCUITS, "solvency_k1_d1", cache)), seconds_max=TEST_SECONDS_MAX)
        kept = set(Path(folder).glob("*/*"))

        def one(mutant: Mutant) -> Outcome:
            outcome = try_mutant(mutant, CIRCUITS, cache)
            for entry in set(Path(folder).glob("*/*")) - kept:
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
            return outcome

        return run(mutants, one, options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
