"""`python -m tools.mutate_circuits`: plant faults into the circuits, report which the circuit tests do not notice.

There are some two hundred, and one takes about ten seconds of a processor: an evening's run for all, not a part of
`make test`. They come in an order in which every beginning is a sample of all files, and `--record` goes on where a run
ended. Exit code 0 when every fault that was tried was noticed or could not be compiled, 1 when one survived, 3
when a test fails without any fault.
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
from tools.mutate_circuits.runner import ARGUMENTS, ROOT, Bench
from tools.mutation.campaign import add_options, chosen, run
from tools.mutation.suite import Suite, with_suite

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
    # A copy and a cache of their own, thrown away.
    with TemporaryDirectory(prefix="anomi-mutants-") as folder:
        copy = Path(folder) / "circuits"
        shutil.copytree(CIRCUITS, copy)
        os.environ.update(ANOMI_CACHE_DIR=f"{folder}/cache", ANOMI_CIRCUITS_SOURCE=str(copy))
        bench = Bench(copy, Cache.default())

        def campaign(suite: Suite) -> int:
            return run(mutants, lambda mutant: bench.try_mutant(mutant, suite, quick=options.quick), options)

        return with_suite(ROOT, ARGUMENTS, campaign)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
