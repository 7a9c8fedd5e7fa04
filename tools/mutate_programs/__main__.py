"""`python -m tools.mutate_programs`: plant faults into the programs and their crates, report which no test notices.

There are some fourteen hundred, and one takes about ten seconds of a processor: a night's run for all, not a part of
`make test`. They come in an order in which every beginning is a sample of all files, and `--record` goes on where a run
ended. `make setup` has built the programs. Exit code 0 when every fault that was tried was noticed, did not compile or
changed nothing, 1 when one survived, 3 when the tests fail without any fault.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tools.mutate_programs.mutants import find_mutants
from tools.mutate_programs.runner import ROOT, WORKSPACE, Bench
from tools.mutation.campaign import Outcome, Verdict, add_options, chosen, run


def main(arguments: list[str]) -> int:
    """List or try the faults; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutate_programs", description=__doc__)
    add_options(parser)
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "mutants", help="where copies are built")
    parser.add_argument("--no-check", action="store_true", help="do not run the tests without a fault first")
    options = parser.parse_args(arguments)
    mutants = chosen(find_mutants(ROOT / WORKSPACE), options)
    if options.list:
        print("\n".join(map(str, mutants)))
        return 0
    bench = Bench(options.folder.absolute())
    if options.record is not None and options.record.exists():
        for line in options.record.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            bench.learn(entry["mutant"], Outcome(Verdict[entry["verdict"]], entry["by"]))
    if not options.no_check and (failed := bench.sound()) is not None:
        print(f"without any fault {failed} fails: nothing can be told", file=sys.stderr)
        return 3
    return run(mutants, bench.try_mutant, options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
