"""Python: `sdk/anomi_sdk/generated/`, one module per program and the shapes they share."""

from __future__ import annotations

import json

from tools.codegen import programs as model
from tools.codegen.programs import DISCRIMINATOR_BYTES, Layout, Program, discriminator, upper_snake

FOLDER = "sdk/anomi_sdk/generated"

SHAPES = '''"""Tables of the on-chain programs; generated from spec/ by `python -m tools.codegen`, do not edit."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["AccountSpec", "ArgumentSpec", "ErrorSpec", "InstructionSpec"]


@dataclass(frozen=True)
class AccountSpec:
    """One account that an instruction takes; `address` is base58 when it is always the same."""

    name: str
    writable: bool
    signer: bool
    address: str | None = None


@dataclass(frozen=True)
class ArgumentSpec:
    """One argument, in the types of spec/programs.toml."""

    name: str
    type: str


@dataclass(frozen=True)
class InstructionSpec:
    """One instruction: the first 8 bytes of its data, then accounts and packed Borsh arguments in order."""

    name: str
    discriminator: bytes
    accounts: tuple[AccountSpec, ...]
    arguments: tuple[ArgumentSpec, ...]


@dataclass(frozen=True)
class ErrorSpec:
    """One custom error of a program."""

    code: int
    name: str
    message: str
'''


def render() -> dict[str, str]:
    """Return path → text of the generated Python modules."""
    files = {f"{FOLDER}/__init__.py": SHAPES}
    for program in model.programs():
        files[f"{FOLDER}/{program.name}.py"] = _module(program)
    return files


def _module(program: Program) -> str:
    out = [
        f'"""{program.about}',
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
        "from anomi_sdk.generated import AccountSpec, ArgumentSpec, ErrorSpec, InstructionSpec",
        "",
        f'PROGRAM_ID: Final = "{program.id}"',
        f'PROGRAM_ID_SEED_TEXT: Final = "{program.id_text}"',
        '"""The development key pair is the Ed25519 seed sha256(this text): for local clusters only."""',
        "",
    ]
    for limit in program.limits:
        out += [f"{limit['name']}: Final = {limit['value']}", f'"""{limit["meaning"]}"""']
    out.append("")
    for pda in program.pdas:
        out.append(f'{upper_snake(pda.name)}_SEED: Final = b"{pda.literal}"')
        seeds = ", ".join([f'"{pda.literal}"', *(seed.name for seed in pda.seeds)])
        out.append(f'"""PDA [{seeds}]: {pda.meaning}"""')
    out.append("")
    for struct in program.structs:
        out += _layout(struct, 0)
    for account in program.accounts:
        out.append(_bytes(f"{upper_snake(account.name)}_TAG", discriminator("account", account.name)))
        out += _layout(account, DISCRIMINATOR_BYTES)
    for event in program.events:
        out.append(_bytes(f"{upper_snake(event.name)}_EVENT_TAG", discriminator("event", event.name)))
        out += _layout(event, DISCRIMINATOR_BYTES, suffix="_EVENT")
    for instruction in program.instructions:
        out += [f"{upper_snake(instruction.name)}: Final = InstructionSpec("]
        out += [f'    name="{instruction.name}",']
        out += [f'    discriminator=bytes.fromhex("{instruction.discriminator.hex()}"),']
        out += ["    accounts=("]
        for account_spec in instruction.accounts:
            address = f', address="{account_spec.address}"' if account_spec.address else ""
            out.append(
                f'        AccountSpec("{account_spec.name}", writable={account_spec.writable}, '
                f"signer={account_spec.signer}{address}),"
            )
        arguments = "".join(f'ArgumentSpec("{arg.name}", "{arg.type}"), ' for arg in instruction.args)
        out += ["    ),", f"    arguments=({arguments.rstrip()}),", ")", f'"""{instruction.meaning}"""']
    out.append("INSTRUCTIONS: Final = (")
    out += [f"    {upper_snake(instruction.name)}," for instruction in program.instructions]
    out += [")", "", "ERRORS: Final = {"]
    for error in program.errors:
        row = f'{error.code}, "{error.name}", {json.dumps(error.message, ensure_ascii=False)}'
        out.append(f"    {error.code}: ErrorSpec({row}),")
    out += ["}", '"""Every custom error code of this program."""', ""]
    return "\n".join(out)


def _bytes(name: str, value: bytes) -> str:
    return f'{name}: Final = bytes.fromhex("{value.hex()}")'


def _layout(layout: Layout, start: int, suffix: str = "") -> list[str]:
    prefix = upper_snake(layout.name) + suffix
    out = [f"# {layout.name}: {layout.meaning}"]
    for field, offset in layout.offsets(start):
        out.append(f"{prefix}_{field.name.upper()}_OFFSET: Final = {offset}")
        if field.meaning:
            out.append(f'"""{field.type}: {field.meaning}"""')
    size = "BYTES" if layout.is_fixed else "FIXED_BYTES"
    out += [f"{prefix}_{size}: Final = {start + layout.fixed_size}", ""]
    return out
