"""Reads `spec/programs.toml`: every program with sizes, offsets and discriminators worked out and checked."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from tools.codegen import spec

ERROR_BLOCK = 100
SCALAR_BYTES = {"u8": 1, "u16": 2, "u32": 4, "u64": 8, "i64": 8, "bool": 1, "pubkey": 32}
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
DISCRIMINATOR_BYTES = 8


@dataclass(frozen=True)
class Field:
    """One field of a struct, account, event or argument list. `size` is None for a variable one."""

    name: str
    type: str
    meaning: str
    size: int | None


@dataclass(frozen=True)
class Layout:
    """A named row of fields; `crate` names the Rust crate that shares it, when one does."""

    name: str
    meaning: str
    fields: tuple[Field, ...]
    pda: str | None = None
    crate: str | None = None

    def offsets(self, start: int = 0) -> list[tuple[Field, int]]:
        """Return each field with its offset; a variable field can only be the last."""
        out = []
        for field in self.fields:
            out.append((field, start))
            start += field.size or 0
        return out

    @property
    def fixed_size(self) -> int:
        """Bytes before the variable last field, or all of them."""
        return sum(field.size or 0 for field in self.fields)

    @property
    def is_fixed(self) -> bool:
        """Whether every value of this layout has the same size."""
        return all(field.size is not None for field in self.fields)


@dataclass(frozen=True)
class Account:
    """One account that an instruction takes."""

    name: str
    writable: bool
    signer: bool
    address: str | None
    pda: str | None


@dataclass(frozen=True)
class Instruction:
    """One instruction: accounts in order, arguments in order."""

    name: str
    meaning: str
    accounts: tuple[Account, ...]
    args: tuple[Field, ...]

    @property
    def discriminator(self) -> bytes:
        """Anchor's: sha256("global:<name>")[:8]."""
        return discriminator("global", self.name)


@dataclass(frozen=True)
class Pda:
    """A program-derived address: a literal, then named seeds."""

    name: str
    literal: str
    seeds: tuple[Field, ...]
    meaning: str

    def constant(self, program_id: bytes) -> tuple[bytes, int] | None:
        """Return address and canonical bump when no seed varies, else None."""
        return None if self.seeds else find_address([self.literal.encode()], program_id)


@dataclass(frozen=True)
class Address:
    """A constant address that a program knows; `text` is what its development key pair is derived from."""

    name: str
    address: str
    text: str
    meaning: str


@dataclass(frozen=True)
class Error:
    """One error code."""

    code: int
    name: str
    message: str


@dataclass(frozen=True)
class Program:
    """One program of `spec/programs.toml`."""

    name: str
    id: str
    id_text: str
    version: str
    about: str
    limits: tuple[dict[str, Any], ...]
    addresses: tuple[Address, ...]
    pdas: tuple[Pda, ...]
    structs: tuple[Layout, ...]
    accounts: tuple[Layout, ...]
    instructions: tuple[Instruction, ...]
    events: tuple[Layout, ...]
    errors: tuple[Error, ...]


def discriminator(space: str, name: str) -> bytes:
    """Return Anchor's 8-byte discriminator of a name in a space (`global`, `account`, `event`)."""
    return hashlib.sha256(f"{space}:{name}".encode()).digest()[:DISCRIMINATOR_BYTES]


def pascal(name: str) -> str:
    """`init_key` → `InitKey`."""
    return "".join(part.capitalize() for part in name.split("_"))


def camel(name: str) -> str:
    """`init_key` → `initKey`."""
    return name.split("_", maxsplit=1)[0] + pascal(name)[len(name.split("_", maxsplit=1)[0]) :]


def upper_snake(name: str) -> str:
    """`KeyBody` or `key_body` → `KEY_BODY`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()


def base58_decode(text: str) -> bytes:
    """Return the 32 bytes of a base58 address."""
    value = 0
    for character in text:
        value = value * 58 + BASE58.index(character)
    raw = value.to_bytes(32, "big")
    leading = len(text) - len(text.lstrip("1"))
    if leading != len(raw) - len(raw.lstrip(b"\0")):
        raise SystemExit(f"spec/programs.toml: {text} is not the base58 form of 32 bytes")
    return raw


def find_address(seeds: list[bytes], program_id: bytes) -> tuple[bytes, int]:
    """Return the program-derived address of `seeds` and its canonical bump, the largest that is not a point."""
    for bump in range(255, -1, -1):
        candidate = hashlib.sha256(b"".join([*seeds, bytes([bump]), program_id, b"ProgramDerivedAddress"])).digest()
        if not _is_ed25519_point(candidate):
            return candidate, bump
    raise SystemExit("spec/programs.toml: seeds without a program-derived address")


def _is_ed25519_point(compressed: bytes) -> bool:
    """Whether 32 bytes decompress to a point of edwards25519 (RFC 8032, 5.1.3); a y of p or more is reduced first."""
    p = 2**255 - 19
    d = -121665 * pow(121666, -1, p) % p
    y_squared = pow(int.from_bytes(compressed, "little") & (2**255 - 1), 2, p)
    x_squared = (y_squared - 1) * pow(d * y_squared + 1, -1, p) % p
    return x_squared == 0 or pow(x_squared, (p - 1) // 2, p) == 1


def struct_array(type_name: str) -> tuple[str, int] | None:
    """Return (Struct, N) of `[Struct; N]`, or None."""
    match = re.fullmatch(r"\[([A-Z][A-Za-z0-9]*); ([1-9][0-9]*)\]", type_name)
    return (match[1], int(match[2])) if match else None


def array_size(type_name: str) -> int | None:
    """Return N of `[u8; N]`, or None."""
    match = re.fullmatch(r"\[u8; ([1-9][0-9]*)\]", type_name)
    return int(match[1]) if match else None


def vec_item_size(type_name: str) -> int | None:
    """Return N of `vec<[u8; N]>`, or None."""
    match = re.fullmatch(r"vec<(.+)>", type_name)
    return array_size(match[1]) if match else None


def programs() -> list[Program]:
    """Return every program, checked: names, ids and discriminators are unique, error codes count up."""
    rows = spec.load("programs")["program"]
    found = [_program(row) for row in rows]
    _unique("program name", [program.name for program in found])
    _unique("program id", [program.id for program in found])
    _unique("error block", [row["error_first"] for row in rows])
    return found


def _program(row: dict[str, Any]) -> Program:
    where = row["name"]
    base58_decode(row["id"])
    structs: dict[str, Layout] = {}
    for entry in row.get("struct", []):
        structs[entry["name"]] = _layout(entry, structs, f"{where}.{entry['name']}")
    accounts = tuple(_layout(entry, structs, f"{where}.{entry['name']}") for entry in row.get("account", []))
    events = tuple(_layout(entry, structs, f"{where}.{entry['name']}") for entry in row.get("event", []))
    pdas = tuple(
        Pda(
            entry["name"],
            entry["literal"],
            _fields(entry["seeds"], structs, f"{where}.{entry['name']}"),
            entry["meaning"],
        )
        for entry in row.get("pda", [])
    )
    known_pdas = {pda.name for pda in pdas} | {None}
    instructions = tuple(_instruction(entry, structs, where) for entry in row["instruction"])
    for pda in [layout.pda for layout in accounts] + [a.pda for i in instructions for a in i.accounts]:
        if pda not in known_pdas:
            raise SystemExit(f"spec/programs.toml: {where} has no PDA named {pda}")
    limits = {limit["name"]: limit for limit in spec.limits()}
    program = Program(
        name=row["name"],
        id=row["id"],
        id_text=row["id_text"],
        version=row["version"],
        about=row["about"],
        limits=tuple(limits[name] for name in row.get("limits", [])),
        addresses=tuple(Address(**entry) for entry in row.get("address", [])),
        pdas=pdas,
        structs=tuple(structs.values()),
        accounts=accounts,
        instructions=instructions,
        events=events,
        errors=_errors(row),
    )
    _unique(f"instruction discriminator of {where}", [i.discriminator for i in instructions])
    _unique(f"account discriminator of {where}", [discriminator("account", a.name) for a in accounts])
    _unique(f"PDA literal of {where}", [pda.literal for pda in pdas])
    return program


def _errors(row: dict[str, Any]) -> tuple[Error, ...]:
    """Codes count up from the block's first without a hole, so that one taken out is noticed."""
    errors = tuple(Error(entry["code"], entry["name"], entry["message"]) for entry in row["error"])
    _unique(f"error name of {row['name']}", [error.name for error in errors])
    if [error.code for error in errors] != list(range(row["error_first"], row["error_first"] + len(errors))):
        raise SystemExit(f"spec/programs.toml: error codes of {row['name']} do not count up from the first")
    if len(errors) > ERROR_BLOCK or row["error_first"] % ERROR_BLOCK:
        raise SystemExit(f"spec/programs.toml: {row['name']} leaves its block of {ERROR_BLOCK} error codes")
    return errors


def _instruction(entry: dict[str, Any], structs: dict[str, Layout], where: str) -> Instruction:
    args = _fields(entry["args"], structs, f"{where}.{entry['name']}", rest_allowed=False)
    accounts = tuple(
        Account(
            name=account["name"],
            writable=account.get("writable", False),
            signer=account.get("signer", False),
            address=account.get("address"),
            pda=account.get("pda"),
        )
        for account in entry["accounts"]
    )
    _unique(f"account of {where}.{entry['name']}", [account.name for account in accounts])
    return Instruction(entry["name"], entry["meaning"], accounts, args)


def _layout(entry: dict[str, Any], structs: dict[str, Layout], where: str) -> Layout:
    fields = _fields(entry["fields"], structs, where)
    for field in fields[:-1]:
        if field.size is None:
            raise SystemExit(f"spec/programs.toml: {where}.{field.name} is variable and not the last field")
    return Layout(entry["name"], entry["meaning"], fields, entry.get("pda"), entry.get("crate"))


def _fields(
    rows: list[dict[str, Any]], structs: dict[str, Layout], where: str, *, rest_allowed: bool = True
) -> tuple[Field, ...]:
    fields = tuple(
        Field(row["name"], row["type"], row.get("meaning", ""), _size(row["type"], structs, where)) for row in rows
    )
    _unique(f"field of {where}", [field.name for field in fields])
    if not rest_allowed and any(field.type == "rest" for field in fields):
        raise SystemExit(f"spec/programs.toml: {where} is an argument list and cannot hold `rest`")
    return fields


def _size(type_name: str, structs: dict[str, Layout], where: str) -> int | None:
    if type_name in SCALAR_BYTES:
        return SCALAR_BYTES[type_name]
    if (size := array_size(type_name)) is not None:
        return size
    if type_name in ("bytes", "rest") or vec_item_size(type_name) is not None:
        return None
    if type_name in structs:
        return structs[type_name].fixed_size if structs[type_name].is_fixed else None
    if (array := struct_array(type_name)) is not None and array[0] in structs and structs[array[0]].is_fixed:
        return structs[array[0]].fixed_size * array[1]
    raise SystemExit(f"spec/programs.toml: {where} has a field of unknown type {type_name}")


def _unique(what: str, values: list[Any]) -> None:
    if len(set(values)) != len(values):
        raise SystemExit(f"spec/programs.toml: a {what} stands twice")
