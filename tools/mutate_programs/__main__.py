"""`python -m tools.mutate_programs`: plant faults into the programs and their crates, report which no test notices.

There are more than two thousand, and one takes about six seconds of a processor: an evening's run for all, not a part
of `make test`. They come in an order in which every beginning is a sample of all files, and `--record` goes on where a
run ended. `make setup` has built the programs. Exit code 0 when every fault that was tried was noticed, did not compile
or changed nothing, 1 when one survived, 3 when a test fails without any fault, among all or by itself.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tools.mutate_programs.mutants import find_mutants
from tools.mutate_programs.runner import ARGUMENTS, ROOT, WORKSPACE, Bench
from tools.mutation.campaign import add_options, chosen, recorded, run
from tools.mutation.suite import Suite, with_suite


def main(arguments: list[str]) -> int:
    """List or try the faults; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutate_programs", description=__doc__)
    add_options(parser)
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "mutants", help="where copies are built")
    options = parser.parse_args(arguments)
    mutants = chosen(find_mutants(ROOT / WORKSPACE), options)
    if options.list:
        print("\n".join(map(str, mutants)))
        return 0
    print(f"{len(mutants):,} faults; building the sound programs", flush=True)
    bench = Bench(options.folder.absolute())
    for known, outcome in recorded(options.record):
        bench.learn(known.partition(":")[0], outcome.by)

    def campaign(suite: Suite) -> int:
        bench.measure(suite)
        return run(mutants, lambda mutant: bench.try_mutant(mutant, suite, quick=options.quick), options)

    return with_suite(options.folder.absolute(), ARGUMENTS, campaign)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
