"""Docs: `docs/reference/programs.md`."""

from __future__ import annotations

from tools.codegen import programs as model
from tools.codegen.docs import table
from tools.codegen.programs import DISCRIMINATOR_BYTES, Field, Layout, Program, discriminator


def render() -> dict[str, str]:
    """Return path → text of the generated reference page."""
    parts = [
        "# On-chain programs\n\nGenerated from `spec/programs.toml` by `python -m tools.codegen`; do not edit.",
        "Instruction data is the 8-byte discriminator, then the arguments in packed Borsh (little-endian integers; "
        "`bytes` and `vec` with a u32 count), and nothing after them. Accounts come in exactly the order and number "
        "shown. Account data and events start with 8-byte tags of the same kind. A program accepts no other encoding.",
    ]
    for program in model.programs():
        parts += _program(program)
    return {"docs/reference/programs.md": "\n\n".join(parts) + "\n"}


def _program(program: Program) -> list[str]:
    parts = [
        f"## {program.name}\n\n{program.about}\n\nAddress `{program.id}`: a development id, the Ed25519 key of seed "
        f'`sha256("{program.id_text}")`, which anyone can deploy to.'
    ]
    if program.limits:
        parts.append(
            table(["limit", "value", "meaning"], [[f"`{x['name']}`", x["value"], x["meaning"]] for x in program.limits])
        )
    parts.append(
        "### Addresses\n\n"
        + table(
            ["PDA", "seeds", "meaning"],
            [
                [pda.name, ", ".join([f'`"{pda.literal}"`', *(f"`{seed.name}`" for seed in pda.seeds)]), pda.meaning]
                for pda in program.pdas
            ],
        )
    )
    parts.append("### Instructions")
    for instruction in program.instructions:
        parts.append(
            f"#### `{instruction.name}`\n\n{instruction.meaning} Discriminator `{instruction.discriminator.hex()}`."
        )
        parts.append(
            table(
                ["account", "writable", "signer", "what"],
                [
                    [
                        f"`{a.name}`",
                        "yes" if a.writable else "",
                        "yes" if a.signer else "",
                        f"always `{a.address}`" if a.address else f"PDA `{a.pda}`" if a.pda else "",
                    ]
                    for a in instruction.accounts
                ],
            )
        )
        if instruction.args:
            parts.append(
                table(
                    ["argument", "type", "meaning"],
                    [[f"`{arg.name}`", f"`{arg.type}`", arg.meaning] for arg in instruction.args],
                )
            )
    for title, space, layouts in (
        ("Accounts", "account", program.accounts),
        ("Events", "event", program.events),
        ("Structs", None, program.structs),
    ):
        if layouts:
            parts.append(f"### {title}")
            parts += [_layout(layout, space) for layout in layouts]
    parts.append(
        "### Errors\n\n"
        + table(
            ["code", "name", "message"], [[error.code, f"`{error.name}`", error.message] for error in program.errors]
        )
    )
    return parts


def _layout(layout: Layout, space: str | None) -> str:
    head = [[0, DISCRIMINATOR_BYTES, "tag", f"`{discriminator(space, layout.name).hex()}`"]] if space else []
    rows = layout.offsets(DISCRIMINATOR_BYTES if space else 0)
    body = [[offset, _size(field), f"`{field.name}`", field.meaning or field.type] for field, offset in rows]
    return f"**{layout.name}**: {layout.meaning}.\n\n" + table(["offset", "bytes", "field", "meaning"], [*head, *body])


def _size(field: Field) -> str:
    return str(field.size) if field.size is not None else "to the end" if field.type == "rest" else "variable"
