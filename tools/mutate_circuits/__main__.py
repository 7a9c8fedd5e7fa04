"""`python -m tools.mutate_circuits`: plant every fault, report which the circuit tests do not notice.

One fault takes about half a minute on an idle machine and there are some two hundred: an evening's run, not a part of
`make test`. Exit code 0 when every fault was noticed or could not be compiled, 1 when one survived.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from anomi_prover.cache import Cache
from tools.mutate_circuits.mutants import find_mutants
from tools.mutate_circuits.runner import ROOT, Verdict, compile_main, try_mutant

CIRCUITS = ROOT / "circuits"


def main(arguments: list[str]) -> int:
    """List or try the faults; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutate_circuits", description=__doc__)
    parser.add_argument("--circuit", choices=["solvency", "payment", "lib"], help="only faults in this folder")
    parser.add_argument("--only", metavar="TEXT", default="", help="only faults whose description contains this")
    parser.add_argument("--list", action="store_true", help="print the faults and stop")
    options = parser.parse_args(arguments)
    mutants = [
        mutant
        for mutant in find_mutants(CIRCUITS)
        if mutant.path.startswith(options.circuit or "") and options.only in str(mutant)
    ]
    if options.list:
        print("\n".join(map(str, mutants)))
        return 0
    counts: Counter[Verdict] = Counter()
    # A cache of its own, thrown away: nobody needs a damaged circuit again.
    with TemporaryDirectory(prefix="anomi-mutants-") as folder:
        os.environ["ANOMI_CACHE_DIR"] = folder
        cache = Cache.default()
        compile_main(CIRCUITS, "solvency_k1_d1", cache)
        kept = set(Path(folder).glob("*/*"))
        for number, mutant in enumerate(mutants, 1):
            outcome = try_mutant(mutant, CIRCUITS, cache)
            for entry in set(Path(folder).glob("*/*")) - kept:
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
            counts[outcome.verdict] += 1
            print(f"[{number}/{len(mutants)}] {mutant}\n    {outcome.verdict.value}: {outcome.by}", flush=True)
    print(", ".join(f"{count} {verdict.value}" for verdict, count in counts.items()))
    return 1 if counts[Verdict.SURVIVED] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
