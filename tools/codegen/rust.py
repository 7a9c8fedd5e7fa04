"""Rust: each program's interface constants, and the layouts and limits that a library crate shares with them.

The text is what rustfmt makes of it under `verifier_program/rustfmt.toml`, so that formatting changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from tools.codegen import programs as model
from tools.codegen import spec
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
    files = {"verifier_program/crates/statements/src/generated.rs": _statements()}
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
    body = _interface_body(program)
    numbers = sorted({word for word in ("Flag", "U16", "U32", "U64") if any(f": {word}," in line for line in body)})
    plain = ["Plain"] if any("Plain for" in line for line in body) else []
    tagged = ["Tagged"] if any("Tagged for" in line for line in body) else []
    names = sorted([*numbers, *plain, *tagged], key=lambda name: (name[1:].isdigit(), name))
    layout = [f"use layout::{{{', '.join(names)}}};" if len(names) > 1 else f"use layout::{names[0]};"] if names else []
    out = [
        HEAD,
        *layout,
        "use pinocchio::{Address, error::ProgramError};",
        "",
        f"/// {program.id}",
        f"pub const ID: Address = Address::new_from_array({_bytes(base58_decode(program.id))});",
        "",
        *_limits(program),
        *body,
    ]
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


def _interface_body(program: Program) -> list[str]:
    out: list[str] = []
    for address in program.addresses:
        out += [*_doc(f"{address.meaning}: {address.address}")]
        out += [_address(upper_snake(address.name), base58_decode(address.address)), ""]
    for pda in program.pdas:
        name = upper_snake(pda.name)
        seeds = ", ".join([f'"{pda.literal}"', *(f"`{seed.name}`" for seed in pda.seeds)])
        out += [*_doc(f"PDA [{seeds}]: {pda.meaning}."), _seed(pda.name, pda.literal), ""]
        if (constant := pda.constant(base58_decode(program.id))) is not None:
            out += [f'/// The address of ["{pda.literal}"].', _address(f"{name}_ADDRESS", constant[0]), ""]
            out += ["/// Its canonical bump.", f"pub const {name}_BUMP: u8 = {constant[1]};", ""]
    for instruction in program.instructions:
        name = upper_snake(instruction.name)
        out += [*_doc(instruction.meaning), _tag(f"{name}_DISCRIMINATOR", instruction.discriminator)]
        out += [
            f"/// Accounts that `{instruction.name}` takes.",
            f"pub const {name}_ACCOUNTS: usize = {len(instruction.accounts)};",
            "",
        ]
        arguments = Layout(f"{pascal(instruction.name)}Args", f"arguments of `{instruction.name}`", instruction.args)
        if arguments.fields and arguments.is_fixed:
            out += _struct(arguments)
    out += [
        "/// The most accounts that one instruction takes.",
        f"pub const ACCOUNTS_MAX: usize = {max(len(i.accounts) for i in program.instructions)};",
        "",
    ]
    for struct in program.structs:
        if not struct.crate:
            out += _struct(struct) if struct.is_fixed else _layout(struct, 0)
    for account in program.accounts:
        if account.is_fixed:
            out += _struct(account, tag=discriminator("account", account.name))
        else:
            name = upper_snake(account.name)
            out += [*_doc(f"First bytes of a {account.name} account: {account.meaning}.")]
            out += [_tag(f"{name}_TAG", discriminator("account", account.name)), ""]
            out += _layout(account, DISCRIMINATOR_BYTES)
    for event in program.events:
        out += _struct(event, tag=discriminator("event", event.name))
    return out


def _struct(layout: Layout, tag: bytes | None = None) -> list[str]:
    """A struct of alignment 1 that is the bytes themselves, read and written in place."""
    size = (len(tag) if tag else 0) + layout.fixed_size
    out = [*_doc(f"{layout.meaning}."), "#[derive(Clone, Copy)]", "#[repr(C)]", f"pub struct {layout.name} {{"]
    if tag:
        out += ["    /// First bytes: say what this is.", f"    pub tag: [u8; {len(tag)}],"]
    for field in layout.fields:
        out += [*_doc(f"{field.meaning or field.name}.", indent="    "), f"    pub {field.name}: {_type(field.type)},"]
    out += ["}", ""]
    if tag:
        out += [
            f"impl Tagged for {layout.name} {{",
            f"    {_tag('TAG', tag).removeprefix('pub ').replace(chr(10), chr(10) + '    ')}",
            "}",
            "",
        ]
    assertion = f"assert!(size_of::<{layout.name}>() == {size} && align_of::<{layout.name}>() == 1);"
    head = "const _: () ="
    out += [f"{head} {assertion}" if len(head) + 1 + len(assertion) <= LINE_MAX else f"{head}\n    {assertion}", ""]
    out += [
        "// SAFETY: every field is plain and of alignment 1, so there is no padding (the assertion above).",
        f"unsafe impl Plain for {layout.name} {{}}",
        "",
    ]
    return out


RUST_TYPES = {"u8": "u8", "u16": "U16", "u32": "U32", "u64": "U64", "bool": "Flag", "pubkey": "Address"}


def _type(name: str) -> str:
    return RUST_TYPES.get(name, name)


def _address(name: str, value: bytes) -> str:
    return f"pub const {name}: Address = Address::new_from_array({_bytes(value)});"


def _statements() -> str:
    """Tags, and where the parts of each statement's packed word begin."""
    out = [HEAD]
    for tag in spec.tags():
        out += [*_doc(f"{tag['use']}."), f"pub const TAG_{tag['name']}: u8 = {tag['value']};", ""]
    for name, statement in spec.statements().items():
        for part in statement["packed"]:
            out += [f"/// Bit at which `{part['name']}` begins in the packed word of the {name} statement."]
            out += [f"pub const {name.upper()}_{part['name'].upper()}_SHIFT: usize = {part['shift']};", ""]
        words = len(statement["words"])
        out += [f"/// Words of the {name} statement: {', '.join(statement['words'])}."]
        out += [f"pub const {name.upper()}_WORDS: usize = {words};", ""]
    return "\n".join(out).rstrip() + "\n"


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
