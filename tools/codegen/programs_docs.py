"""Docs: `docs/reference/programs.md`."""

from __future__ import annotations

from collections.abc import Mapping

from tools.codegen import programs as model
from tools.codegen.docs import table
from tools.codegen.programs import (
    DISCRIMINATOR_BYTES,
    Account,
    Field,
    Instruction,
    Layout,
    Pda,
    Program,
    discriminator,
    upper_snake,
)

INTRODUCTION = (
    "Instruction data is the 8-byte discriminator, then the arguments in packed Borsh (little-endian integers; a bool "
    "is one byte, 0 or 1; `bytes` and `vec` have a u32 count; `rest` is every byte up to the end), and nothing after "
    "them. Accounts come in exactly the order and number shown. Account data and events start with 8-byte tags of the "
    "same kind; an event is one slice of `sol_log_data`. The seeds of a PDA are the bytes shown, integers "
    "little-endian. A program accepts no other encoding."
)


def render() -> dict[str, str]:
    """Return path → text of the generated reference page."""
    programs = model.programs()
    rows = [
        [f"[{p.name}](#{p.name})", f"`{p.id}`", f"{p.errors[0].code} to {p.errors[-1].code}", p.about] for p in programs
    ]
    parts = [
        "# On-chain programs\n\nGenerated from `spec/programs.toml` by `python -m tools.codegen`; do not edit.",
        table(["program", "address", "error codes", "what it does"], rows),
        INTRODUCTION,
    ]
    names = {program.id: program.name for program in programs}
    for program in programs:
        parts += _program(program, names)
    return {"docs/reference/programs.md": "\n\n".join(parts) + "\n"}


def _program(program: Program, names: Mapping[str, str]) -> list[str]:
    sections = [
        ("instructions", [_instruction(instruction, names) for instruction in program.instructions]),
        ("accounts", [_layout(layout, "account") for layout in program.accounts]),
        ("events", [_layout(layout, "event") for layout in program.events]),
        ("structs", [_layout(layout, None) for layout in program.structs]),
        ("errors", [table(["code", "name", "message"], [[e.code, f"`{e.name}`", e.message] for e in program.errors])]),
    ]
    if program.pdas:
        sections.insert(0, ("addresses", [_pdas(program)]))
    if program.limits:
        rows = [[f"`{limit['name']}`", limit["value"], limit["meaning"]] for limit in program.limits]
        sections.insert(0, ("limits", [table(["limit", "value", "meaning"], rows)]))
    sections = [(title, body) for title, body in sections if body]
    links = " · ".join(f"[{title}](#{program.name}-{title})" for title, _ in sections)
    parts = [
        f"## {program.name}\n\n{program.about}\n\nAddress `{program.id}`: a development id, the Ed25519 key of seed "
        f'`sha256("{program.id_text}")`, which anyone can deploy to.'
    ]
    for address in program.addresses:
        parts.append(
            f"`{upper_snake(address.name)}` is `{address.address}`, {address.meaning}: a development key too, of seed "
            f'`sha256("{address.text}")`.'
        )
    parts.append(links)
    for title, body in sections:
        parts += [f"### {program.name} {title}", *body]
    return parts


def _pdas(program: Program) -> str:
    return table(["PDA", "seeds", "meaning"], [[f"`{pda.name}`", _seeds(pda), pda.meaning] for pda in program.pdas])


def _seeds(pda: Pda) -> str:
    return ", ".join([f'`"{pda.literal}"`', *(f"`{seed.name}: {seed.type}`" for seed in pda.seeds)])


def _instruction(instruction: Instruction, names: Mapping[str, str]) -> str:
    parts = [
        f"#### `{instruction.name}`",
        f"{instruction.meaning} Discriminator `{instruction.discriminator.hex()}`.",
        table(
            ["account", "signer", "writable", "what"],
            [
                [f"`{a.name}`", "yes" if a.signer else "", "yes" if a.writable else "", _what(a, names)]
                for a in instruction.accounts
            ],
        ),
    ]
    if instruction.args:
        rows = [[f"`{arg.name}`", f"`{arg.type}`", arg.meaning] for arg in instruction.args]
        parts.append(table(["argument", "type", "meaning"], rows))
    return "\n\n".join(parts)


def _what(account: Account, names: Mapping[str, str]) -> str:
    if account.address is None:
        return f"PDA `{account.pda}`" if account.pda else ""
    name = names.get(account.address)
    return f"always the program [{name}](#{name})" if name else f"always `{account.address}`"


def _layout(layout: Layout, space: str | None) -> str:
    start = DISCRIMINATOR_BYTES if space else 0
    size = start + layout.fixed_size
    head = [[0, start, "tag", "", f"`{discriminator(space, layout.name).hex()}`"]] if space else []
    rows = [
        [offset, _size(field), f"`{field.name}`", f"`{field.type}`", field.meaning]
        for field, offset in layout.offsets(start)
    ]
    return f"**{layout.name}** ({size} bytes{'' if layout.is_fixed else ' and more'}): {layout.meaning}.\n\n" + table(
        ["offset", "bytes", "field", "type", "meaning"], [*head, *rows]
    )


def _size(field: Field) -> str:
    return str(field.size) if field.size is not None else "to the end" if field.type == "rest" else "variable"
