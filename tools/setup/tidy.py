"""What must never be in the repository: generated and big files, this machine's paths, registries, postponed work."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.setup.workspace import Workspace

__all__ = ["BYTES_MAX", "problems_of", "problems_of_clone", "tracked_files"]

BYTES_MAX = 2 * 1024 * 1024

_MADE = re.compile(
    r"(^|/)(build|\.tools|\.venv[^/]*|target|node_modules|__pycache__|[^/]+\.egg-info)(/|$)|\.(pyc|partial|log)$"
)
# Results of the toolchain have their place in build/; small ones may be test vectors.
_RESULTS = re.compile(r"\.(zkey|ptau|wtns|r1cs|so|wasm|sym)$")

# The brackets keep these patterns from finding themselves.
_EVERYWHERE = {
    "names a home folder of one machine": re.compile(r"(?<![\w.$~}])/(?:hom[e]|User[s])/[a-z]|(?<![\w.$~}])/roo[t]/"),
    "postpones work in a comment": re.compile(r"\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K])\b"),
    "holds a merge conflict": re.compile(r"^(?:<<<<<<[<]|>>>>>>[>])", re.MULTILINE),
}
_TESTS = {
    "skips or excuses a test": re.compile(
        r"pytest\.mark\.(?:ski[p]|xfai[l])|pytest\.(?:ski[p]|xfai[l]|importorski[p])\(|unittest\.ski[p]|#\[ignor[e]"
    ),
}
_LOCKS = {
    "names a place to download from": re.compile(
        r'"resolve[d]"|--(?:extra-)?index-ur[l]|--find-link[s]|--trusted-hos[t]|^\S+ @ |'
        # Cargo's own name for the public registry is the same on every machine; anything else is not.
        r'source = "(?!registry\+https://github\.com/rust-lang/crates\.io-index")',
        re.MULTILINE,
    ),
}
# pip-compile repeats its own options in the head of each lock, as --no-emit-….
_OWN_OPTIONS = re.compile(r"--no-emit-\S+")


def tracked_files(root: Path) -> list[str]:
    """Return the files that git tracks or would offer to add, relative to `root`."""
    listed = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        capture_output=True,
        check=True,
    )
    return sorted({name for name in listed.stdout.decode(errors="replace").split("\0") if name})


def problems_of(name: str, data: bytes) -> Iterator[str]:
    """Yield one sentence per problem of a file with this name and these bytes."""
    if _MADE.search(name):
        yield f"{name}: is made by set-up or a build and does not belong in the repository"
    elif _RESULTS.search(name) and not name.startswith("tests/"):
        yield f"{name}: is a result of the toolchain and does not belong in the repository"
    if len(data) > BYTES_MAX:
        yield f"{name}: is {len(data):,} bytes, more than {BYTES_MAX:,}"
    if b"\0" in data[:8192]:
        return
    text = data.decode("utf-8", errors="replace")
    rules = dict(_EVERYWHERE)
    if name.endswith((".py", ".rs")):
        rules |= _TESTS
    if name.endswith((".lock", "package-lock.json")) or name.startswith("requirements/"):
        rules |= _LOCKS
        text = _OWN_OPTIONS.sub("", text)
    for what, pattern in rules.items():
        for match in pattern.finditer(text):
            yield f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {what} ({match[0]})"


def problems_of_clone(root: Path, names: Iterable[str]) -> list[str]:
    """Return every problem of these files; one that is a link or was removed has none."""
    found: list[str] = []
    for name in names:
        path = root / name
        if path.is_file() and not path.is_symlink():
            found.extend(problems_of(name, path.read_bytes()))
    return found


def main() -> int:
    """Print the problems; return 1 when there are any."""
    root = Workspace.of_this_file().root
    try:
        names = tracked_files(root)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"tidy: git could not list the files of {root}: {error}", file=sys.stderr)
        return 1
    problems = problems_of_clone(root, names)
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        print(f"tidy: {len(names)} files")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
