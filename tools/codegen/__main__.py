"""`python -m tools.codegen` writes the generated files; `--check` exits 1 when one of them differs."""

from __future__ import annotations

import sys

from tools.codegen import circom, docs, idl, programs_docs, python, python_errors, python_sdk, rust
from tools.codegen.spec import ROOT

LANGUAGES = (circom, python, python_sdk, python_errors, rust, idl, docs, programs_docs)


def main(arguments: list[str]) -> int:
    """Write or check every generated file; return the exit code."""
    if arguments not in ([], ["--check"]):
        print("usage: python -m tools.codegen [--check]", file=sys.stderr)
        return 2
    stale = []
    for language in LANGUAGES:
        for name, text in language.render().items():
            path = ROOT / name
            if path.is_file() and path.read_text(encoding="utf-8") == text:
                continue
            stale.append(name)
            if not arguments:
                path.parent.mkdir(parents=True, exist_ok=True)
                partial = path.with_name(path.name + ".partial")
                partial.write_text(text, encoding="utf-8")
                partial.replace(path)
    if arguments and stale:
        print(
            "generated files differ from spec/ (run `python -m tools.codegen`): " + ", ".join(stale),
            file=sys.stderr,
        )
        return 1
    print(f"codegen: {len(stale)} file(s) written" if not arguments else "codegen: up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
