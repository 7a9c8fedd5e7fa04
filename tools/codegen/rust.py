"""Rust: each program's interface constants, and the layouts and limits that a library crate shares with them.

The text is what rustfmt makes of it under `verifier_program/rustfmt.toml`, so that formatting changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from tools.codegen import programs as model
from tools.codegen.programs import (
    DISCRIMINATOR_BYTES,
    Layout,
    Program,
    base58_decode,
    discriminator,
    pascal,
    upper_snake,
)

HEAD = "//! Generated from spec/ by `python -m tools.codegen`; do not edit.\n"
LINE_MAX = 110


def render() -> dict[str, str]:
    """Return path → text of the generated Rust files."""
    files = {}
    for program in model.programs():
        files[f"verifier_program/programs/{program.name}/interface/src/generated.rs"] = _interface(program)
        for crate in sorted({struct.crate for struct in program.structs if struct.crate}):
            files[f"verifier_program/crates/{crate}/src/generated.rs"] = _shared(program, crate)
    return files


def _shared(program: Program, crate: str) -> str:
    out = [HEAD]
    out += _limits(program)
    for struct in program.structs:
        if struct.crate == crate:
            out += _layout(struct, 0)
    return "\n".join(out).rstrip() + "\n"


def _interface(program: Program) -> str:
    error = f"{pascal(program.name)}Error"
    out = [
        HEAD,
        "use pinocchio::{Address, error::ProgramError};",
        "",
        f"/// {program.id}",
        f"pub const ID: Address = Address::new_from_array({_bytes(base58_decode(program.id))});",
        "",
        *_limits(program),
    ]
    for pda in program.pdas:
        seeds = ", ".join([f'"{pda.literal}"', *(f"`{seed.name}`" for seed in pda.seeds)])
        out += [*_doc(f"PDA [{seeds}]: {pda.meaning}."), _seed(pda.name, pda.literal), ""]
    for instruction in program.instructions:
        name = upper_snake(instruction.name)
        out += [*_doc(instruction.meaning), _tag(f"{name}_DISCRIMINATOR", instruction.discriminator)]
        out += [
            f"/// Accounts that `{instruction.name}` takes.",
            f"pub const {name}_ACCOUNTS: usize = {len(instruction.accounts)};",
            "",
        ]
    out += [
        "/// The most accounts that one instruction takes.",
        f"pub const ACCOUNTS_MAX: usize = {max(len(i.accounts) for i in program.instructions)};",
        "",
    ]
    for struct in program.structs:
        if not struct.crate:
            out += _layout(struct, 0)
    for account in program.accounts:
        name = upper_snake(account.name)
        out += [*_doc(f"First bytes of a {account.name} account: {account.meaning}.")]
        out += [_tag(f"{name}_TAG", discriminator("account", account.name)), ""]
        out += _layout(account, DISCRIMINATOR_BYTES)
    for event in program.events:
        name = f"{upper_snake(event.name)}_EVENT"
        out += [*_doc(f"First bytes of the event {event.name}: {event.meaning}.")]
        out += [_tag(f"{name}_TAG", discriminator("event", event.name)), ""]
        out += _layout(event, DISCRIMINATOR_BYTES, suffix="_EVENT")
    out += [
        f"/// Why {program.name} refuses an instruction. Codes are append-only.",
        "#[derive(Clone, Copy, Debug, PartialEq, Eq)]",
        "#[repr(u32)]",
        f"pub enum {error} {{",
    ]
    for row in program.errors:
        out += [*_doc(f"{row.message}.", indent="    "), f"    {row.name} = {row.code},"]
    out += [
        "}",
        "",
        f"impl From<{error}> for ProgramError {{",
        f"    fn from(error: {error}) -> Self {{",
        "        ProgramError::Custom(error as u32)",
        "    }",
        "}",
    ]
    return "\n".join(out) + "\n"


def _limits(program: Program) -> list[str]:
    out = []
    for limit in program.limits:
        out += [*_doc(f"{limit['meaning']}."), f"pub const {limit['name']}: usize = {limit['value']};", ""]
    return out


def _layout(layout: Layout, start: int, suffix: str = "") -> list[str]:
    """Offsets, each built from the one before, and the size, held by an assertion."""
    prefix = upper_snake(layout.name) + suffix
    out = []
    before = str(start)
    for field, _ in layout.offsets(start):
        name = f"{prefix}_{field.name.upper()}_OFFSET"
        out += [*_doc(f"`{layout.name}.{field.name}`: {field.meaning or field.type}.")]
        out += [f"pub const {name}: usize = {before};", ""]
        before = f"{name} + {field.size}" if field.size else name
    size = f"{prefix}_BYTES" if layout.is_fixed else f"{prefix}_FIXED_BYTES"
    what = "Bytes of" if layout.is_fixed else "Bytes before the variable part of"
    out += [f"/// {what} `{layout.name}`.", f"pub const {size}: usize = {before};", ""]
    out += [f"const _: () = assert!({size} == {start + layout.fixed_size});", ""]
    return out


def _seed(name: str, literal: str) -> str:
    return f'pub const {upper_snake(name)}_SEED: &[u8] = b"{literal}";'


def _tag(name: str, value: bytes) -> str:
    """One line, or two where rustfmt would break it."""
    head, array = f"pub const {name}: [u8; {len(value)}] =", f"{_bytes(value)};"
    return f"{head} {array}" if len(head) + 1 + len(array) <= LINE_MAX else f"{head}\n    {array}"


def _bytes(value: bytes) -> str:
    """A byte array as rustfmt sets it: filled lines when it does not fit on one."""
    cells = [f"0x{byte:02x}" for byte in value]
    if len(cells) <= DISCRIMINATOR_BYTES:
        return f"[{', '.join(cells)}]"
    lines, line = [], "   "
    for cell in cells:
        if len(line) + len(cell) + 2 > LINE_MAX:
            lines.append(line)
            line = "   "
        line += f" {cell},"
    return "\n".join(["[", *lines, line, "]"])


def _doc(text: str, indent: str = "") -> Iterable[str]:
    """A doc comment that starts with a capital letter."""
    return [f"{indent}/// {text[0].upper()}{text[1:]}"]
