"""A resident prover in a process of its own, for benches: the key is read once, each line of input asks for a proof.

It answers each line with one JSON object: wall seconds, and the seconds of each stage. It ends when its input does.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


def main(zkey: str, wtns: str, threads: str) -> None:
    """Serve until standard input ends."""
    from anomi_prover.backends.native import open_prover

    count = int(threads) or None
    began = time.perf_counter()
    prover = open_prover(Path(zkey), threads=count)
    _say({"load_seconds": time.perf_counter() - began})
    for _ in sys.stdin:
        stages: dict[str, float] = {}
        began = time.perf_counter()
        prover.prove(wtns, threads=count, timings=stages)
        _say({"wall_seconds": time.perf_counter() - began, "stages": stages})


def _say(answer: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
