"""Python: `sdk/anomi_sdk/generated/<program>_errors.py`, one exception class per error code of a program."""

from __future__ import annotations

from tools.codegen import programs as model
from tools.codegen.programs import Program, pascal
from tools.codegen.python_sdk import FOLDER


def render() -> dict[str, str]:
    """Return path → text of the generated Python modules."""
    return {f"{FOLDER}/{program.name}_errors.py": _module(program) for program in model.programs()}


def _module(program: Program) -> str:
    family = f"{pascal(program.name)}Error"
    names = sorted([family, *(f"{error.name}Error" for error in program.errors)])
    out = [
        f'"""Refusals of {program.name}: one class per error code.',
        "",
        "Generated from spec/programs.toml by `python -m tools.codegen`; do not edit.",
        '"""',
        "",
        "# ruff: noqa: E501",
        "# fmt: off",
        "from __future__ import annotations",
        "",
        "from typing import Final",
        "",
        "from anomi_sdk.program_errors import ProgramRefusedError",
        "",
        "__all__ = [",
        *(f'    "{name}",' for name in ["ERROR_CLASSES", *names]),
        "]",
        "",
        "",
        f"class {family}(ProgramRefusedError):",
        f'    """A refusal by {program.name}."""',
    ]
    for error in program.errors:
        out += [
            "",
            "",
            f"class {error.name}Error({family}):",
            f'    """{error.message}."""',
            "",
            f"    code = {error.code}",
        ]
    out += ["", "", f"ERROR_CLASSES: Final[dict[int, type[{family}]]] = {{"]
    out += [f"    {error.code}: {error.name}Error," for error in program.errors]
    out += ["}", '"""Every custom error code of this program, and its class."""', ""]
    return "\n".join(out)
