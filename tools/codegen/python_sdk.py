"""Python: `sdk/anomi_sdk/generated/`, one module per program, typed, and the list of them all."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Iterable

from tools.codegen import programs as model
from tools.codegen.programs import (
    DISCRIMINATOR_BYTES,
    Field,
    Instruction,
    Layout,
    Pda,
    Program,
    discriminator,
    upper_snake,
)

FOLDER = "sdk/anomi_sdk/generated"
LINE_MAX = 120
WIRE = {
    "u8": "U8",
    "u16": "U16",
    "u32": "U32",
    "u64": "U64",
    "i64": "I64",
    "bool": "BOOL",
    "pubkey": "PUBKEY",
    "bytes": "BYTES",
    "rest": "REST",
}
RESERVED = {*keyword.kwlist, "bool", "bytes", "int", "tuple"}
PYTHON = {"bool": "bool", "pubkey": "Pubkey", "bytes": "bytes", "rest": "bytes"}
HEAD = """Generated from spec/programs.toml by `python -m tools.codegen`; do not edit.
\"""

# ruff: noqa: E501
# fmt: off
from __future__ import annotations
"""


def render() -> dict[str, str]:
    """Return path → text of the generated Python modules."""
    programs = model.programs()
    files = {f"{FOLDER}/__init__.py": _index(programs)}
    for program in programs:
        files[f"{FOLDER}/{program.name}.py"] = module(program)
    return files


def _index(programs: list[Program]) -> str:
    names = ", ".join(program.name for program in programs)
    return "\n".join(
        [
            '"""Every on-chain program: addresses, builders, accounts, events and errors.',
            "",
            HEAD,
            "from typing import Final",
            "",
            f"from anomi_sdk.generated import {names}",
            "from anomi_sdk.program_spec import ProgramSpec",
            "",
            '__all__ = ["PROGRAMS"]',
            "",
            "PROGRAMS: Final[tuple[ProgramSpec, ...]] = (",
            *(f"    {program.name}.PROGRAM," for program in programs),
            ")",
            '"""In the order of spec/programs.toml."""',
            "",
        ]
    )


def module(program: Program) -> str:
    """Return the text of one program's module. Refuses names that would hide one another."""
    body = _body(program)
    _require_names(program, body)
    text = "\n".join(body)
    types = sorted({name for name in [*WIRE.values(), "Array", "ByteArray", "Field", "Vec"] if _uses(text, name)})
    shapes = ["AccountSpec", "ErrorSpec", "InstructionSpec", "PdaSpec", "ProgramSpec"]
    layouts = ["AccountLayout", "EventLayout", "Layout", "Struct"]
    imports = [
        *(["from collections.abc import Sequence"] if _uses(text, "Sequence") else []),
        *(["from dataclasses import dataclass"] if _uses(text, "dataclass") else []),
        "from typing import Final",
        "",
        "from solders.instruction import Instruction",
        "from solders.pubkey import Pubkey",
        "",
        *(["from anomi_sdk.addresses import find_address"] if program.pdas else []),
        f"from anomi_sdk.generated.{program.name}_errors import ERROR_CLASSES",
        "from anomi_sdk.instruction_data import encode_instruction",
        f"from anomi_sdk.layouts import {', '.join(name for name in layouts if _uses(text, name))}",
        f"from anomi_sdk.program_spec import {', '.join(name for name in shapes if _uses(text, name))}",
        f"from anomi_sdk.wire import {', '.join(types)}",
        "",
    ]
    return "\n".join([f'"""{program.about}', "", HEAD, *imports, text])


def _body(program: Program) -> list[str]:
    out = [
        f'PROGRAM_ID: Final = Pubkey.from_string("{program.id}")',
        f'PROGRAM_ID_SEED_TEXT: Final = "{program.id_text}"',
        '"""The development key pair is the Ed25519 seed sha256(this text): for local clusters only."""',
        "",
    ]
    for address in program.addresses:
        out += [f'{upper_snake(address.name)}: Final = Pubkey.from_string("{address.address}")']
        out += [f'"""{_sentence(address.meaning)}"""']
        out += [f'{upper_snake(address.name)}_SEED_TEXT: Final = "{address.text}"']
        out += ['"""The development key pair is the Ed25519 seed sha256(this text): for local clusters only."""', ""]
    for limit in program.limits:
        out += [f"{limit['name']}: Final = {limit['value']}", f'"""{_sentence(limit["meaning"])}"""']
    for pda in program.pdas:
        out += _pda(pda)
    for layout in program.structs:
        out += _layout(layout, "Layout", None)
    for layout in program.accounts:
        out += _layout(layout, "AccountLayout", "account")
    for layout in program.events:
        out += _layout(layout, "EventLayout", "event")
    for instruction in program.instructions:
        out += _instruction(instruction)
    out += ["", "", "ERRORS: Final = {"]
    for error in program.errors:
        row = f'{error.code}, "{error.name}", {json.dumps(error.message, ensure_ascii=False)}'
        out.append(f"    {error.code}: ErrorSpec({row}),")
    out += ["}", '"""Every custom error code of this program."""', ""]
    out += _tuple("INSTRUCTIONS: Final = ", [upper_snake(instruction.name) for instruction in program.instructions])
    out += _tuple("PDAS: Final = ", [f"{upper_snake(pda.name)}_PDA" for pda in program.pdas])
    out += _tuple("ACCOUNTS: Final = ", [account.name for account in program.accounts])
    out += _tuple("EVENTS: Final = ", [event.name for event in program.events])
    out += [
        "PROGRAM: Final = ProgramSpec(",
        f'    "{program.name}", PROGRAM_ID, INSTRUCTIONS, PDAS, ACCOUNTS, EVENTS, ERRORS, ERROR_CLASSES',
        ")",
        "",
    ]
    return out


def _pda(pda: Pda) -> list[str]:
    constant, function = f"{upper_snake(pda.name)}_PDA", f"{pda.name}_address"
    parameters = [f"{_name(seed.name)}: {python_type(seed.type)}" for seed in pda.seeds]
    arguments = ", ".join(_name(seed.name) for seed in pda.seeds)
    seeds = ", ".join([f'"{pda.literal}"', *(seed.name for seed in pda.seeds)])
    return [
        "",
        "",
        f'{upper_snake(pda.name)}_SEED: Final = b"{pda.literal}"',
        f'{constant}: Final = PdaSpec("{pda.name}", PROGRAM_ID, {upper_snake(pda.name)}_SEED, {_fields(pda.seeds)})',
        "",
        "",
        *_signature(function, parameters, "Pubkey"),
        f'    """Return the address `{pda.name}`: {pda.meaning}.',
        "",
        f"    The seeds are [{seeds}].",
        '    """',
        f"    return {function}_and_bump({arguments})[0]",
        "",
        "",
        *_signature(f"{function}_and_bump", parameters, "tuple[Pubkey, int]"),
        f'    """Return `{function}` and its canonical bump."""',
        f"    return find_address({', '.join(filter(None, [constant, arguments]))})",
    ]


def _layout(layout: Layout, base: str, space: str | None) -> list[str]:
    """Constants for filters and tests, then the class."""
    prefix = upper_snake(layout.name) + ("_EVENT" if space == "event" else "")
    start = DISCRIMINATOR_BYTES if space else 0
    out = ["", ""]
    if space:
        out.append(f'{prefix}_TAG: Final = bytes.fromhex("{discriminator(space, layout.name).hex()}")')
    out += [f"{prefix}_{field.name.upper()}_OFFSET: Final = {offset}" for field, offset in layout.offsets(start)]
    size = "BYTES" if layout.is_fixed else "FIXED_BYTES"
    out += [f"{prefix}_{size}: Final = {start + layout.fixed_size}"]
    out += [
        "",
        "",
        "@dataclass(frozen=True)",
        f"class {layout.name}({base}):",
        f'    """{_sentence(layout.meaning)}"""',
    ]
    out.append("")
    if space:
        out += ["    PROGRAM = PROGRAM_ID", f"    TAG = {prefix}_TAG"]
    out += _tuple("    FIELDS = ", [_field(field, _name(field.name)) for field in layout.fields])
    out.append("")
    for field in layout.fields:
        out += [f"    {_name(field.name)}: {python_type(field.type)}"]
        if field.meaning:
            out += [f'    """{_sentence(field.meaning)}"""']
    return out


def _instruction(instruction: Instruction) -> list[str]:
    constant = upper_snake(instruction.name)
    out = ["", "", f"{constant}: Final = InstructionSpec("]
    out += [f'    name="{instruction.name}",']
    out += [f'    discriminator=bytes.fromhex("{instruction.discriminator.hex()}"),', "    accounts=("]
    for account in instruction.accounts:
        address = f', address=Pubkey.from_string("{account.address}")' if account.address else ""
        flags = f"writable={account.writable}, signer={account.signer}"
        out.append(f'        AccountSpec("{account.name}", {flags}{address}),')
    out += ["    ),", *_tuple("    arguments=", [_field(arg) for arg in instruction.args], end=","), ")", "", ""]
    open_accounts = [account for account in instruction.accounts if account.address is None]
    accounts = [account.name for account in open_accounts]
    arguments = [argument.name for argument in instruction.args]
    parameters = [f"{_name(name)}: Pubkey" for name in accounts]
    parameters += [f"{_name(arg.name)}: {python_type(arg.type, argument=True)}" for arg in instruction.args]
    out += _signature(instruction.name, ["*", *parameters] if parameters else [], "Instruction")
    out += [f'    """{instruction.meaning}', ""]
    for account in open_accounts:
        roles = [word for word, is_set in (("signer", account.signer), ("writable", account.writable)) if is_set]
        place = f"; PDA `{account.pda}`" if account.pda else ""
        out.append(f"    {_name(account.name)}: {' and '.join(roles) or 'read only'}{place}")
    out += [f"    {_name(argument.name)}: {argument.meaning}" for argument in instruction.args if argument.meaning]
    if arguments:
        out += ["", "    Raises UsageError when an argument does not fit its type."]
    out += ['    """', "    return encode_instruction(", f"        {constant},", "        PROGRAM_ID,"]
    out += [f"        {_mapping(accounts)},", f"        {_mapping(arguments)},", "    )"]
    return out


def _mapping(names: Iterable[str]) -> str:
    cells = [f'"{name}": {_name(name)}' for name in names]
    return f"{{{', '.join(cells)}}}"


def _fields(fields: Iterable[Field]) -> str:
    cells = [_field(field) for field in fields]
    return f"({', '.join(cells)}{',' if len(cells) == 1 else ''})"


def _field(field: Field, name: str | None = None) -> str:
    return f'Field("{name or field.name}", {wire_type(field.type)})'


def _tuple(head: str, cells: list[str], end: str = "") -> list[str]:
    """A tuple on one line when it fits, else one cell a line."""
    indent = head[: len(head) - len(head.lstrip())]
    line = f"{head}({', '.join(cells)}{',' if len(cells) == 1 else ''}){end}"
    return (
        [line]
        if len(line) <= LINE_MAX
        else [f"{head}(", *(f"{indent}    {cell}," for cell in cells), f"{indent}){end}"]
    )


def _signature(name: str, parameters: list[str], returned: str) -> list[str]:
    line = f"def {name}({', '.join(parameters)}) -> {returned}:"
    return (
        [line]
        if len(line) <= LINE_MAX
        else [f"def {name}(", *(f"    {row}," for row in parameters), f") -> {returned}:"]
    )


def wire_type(name: str) -> str:
    """The type as `anomi_sdk.wire` spells it."""
    if name in WIRE:
        return WIRE[name]
    if match := re.fullmatch(r"\[(.+); ([0-9]+)\]", name):
        return f"ByteArray({match[2]})" if match[1] == "u8" else f"Array({wire_type(match[1])}, {match[2]})"
    if match := re.fullmatch(r"vec<(.+)>", name):
        return f"Vec({wire_type(match[1])})"
    return f"Struct({name})"


def python_type(name: str, *, argument: bool = False) -> str:
    """The type as Python spells it: items come as a tuple, and are taken from any sequence."""
    if name in WIRE:
        return PYTHON.get(name, "int")
    if match := re.fullmatch(r"\[u8; [0-9]+\]", name):
        return "bytes"
    if match := re.fullmatch(r"\[(.+); [0-9]+\]|vec<(.+)>", name):
        item = python_type(match[1] or match[2], argument=argument)
        return f"Sequence[{item}]" if argument else f"tuple[{item}, ...]"
    return name


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"


def _uses(text: str, name: str) -> bool:
    return re.search(rf"\b{name}\b", text) is not None


def _require_names(program: Program, body: list[str]) -> None:
    """Refuse names that would hide one another in Python, where a later one silently wins."""
    top = [match[1] for line in body if (match := re.match(r"(?:def |class )?(\w+)(?:: Final|\(|:)", line))]
    _unique(f"the Python module of {program.name}", top)
    for instruction in program.instructions:
        names = [account.name for account in instruction.accounts if account.address is None]
        _unique(f"accounts and arguments of {instruction.name}", [*names, *(arg.name for arg in instruction.args)])


def _unique(where: str, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise SystemExit(f"spec/programs.toml: {name} stands twice in {where}")


def _name(name: str) -> str:
    """The name, with an underscore after a word that Python needs for itself."""
    return f"{name}_" if name in RESERVED else name
