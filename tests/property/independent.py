"""A second opinion on conservation and liveness, from the IDLs and the accounts alone.

Nothing here knows the model, the SDK's generated classes or the builders: accounts are decoded by what the IDLs say,
token accounts by SPL Token's layout, the book by the layout of its slab, and an order's end is an instruction put
together from its IDL. What the state machine reaches is held to this as well.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from solders.account import Account
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

__all__ = ["Chain", "check_conservation", "ends_of_live_orders"]

IDLS = Path(__file__).resolve().parents[2] / "verifier_program" / "idl"
PROGRAMS = ("market", "order_store", "order_processor")
TOKEN = Pubkey.from_string("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA")
PENDING, AWAITING, SETTLED = 0, 1, 3
_NUMBERS = {"u8": "<B", "u16": "<H", "u32": "<I", "u64": "<Q"}
_SLAB_HEADER, _NODE = struct.Struct("<4I"), struct.Struct("<QQIIB")

Value = Mapping[str, Any]


@cache
def idl(program: str) -> dict[str, Any]:
    """The Anchor 0.30 IDL of a program."""
    document: dict[str, Any] = json.loads((IDLS / f"{program}.anchor-0.30.json").read_text(encoding="utf-8"))
    return document


@dataclass(frozen=True)
class Chain:
    """Every account of the three programs by its type's name, and the atoms of every token account."""

    values: Mapping[str, Mapping[Pubkey, Value]]
    books: Mapping[Pubkey, list[Value]]
    """The leaves of each book, which the IDL leaves to its slab."""
    tokens: Mapping[Pubkey, int]

    @classmethod
    def read(cls, snapshot: Mapping[Pubkey, bytes]) -> Chain:
        """Decode serialized accounts; an account of ours that no IDL knows fails here."""
        owners = {Pubkey.from_string(idl(program)["address"]): program for program in PROGRAMS}
        values: dict[str, dict[Pubkey, Value]] = {
            entry["name"]: {} for program in PROGRAMS for entry in idl(program)["accounts"]
        }
        books: dict[Pubkey, list[Value]] = {}
        tokens: dict[Pubkey, int] = {}
        for address, serialized in snapshot.items():
            account = Account.from_bytes(serialized)
            data = bytes(account.data)
            if account.owner == TOKEN and len(data) == 165:
                tokens[address] = int.from_bytes(data[64:72], "little")
            elif (program := owners.get(account.owner)) is not None and account.lamports and not account.executable:
                (name,) = (
                    entry["name"] for entry in idl(program)["accounts"] if bytes(entry["discriminator"]) == data[:8]
                )
                values[name][address], end = _struct(program, name, data, 8)
                if name == "Book":
                    books[address] = list(_leaves(data[end:]))
                else:
                    assert end == len(data), f"{name} {address}: {len(data) - end} bytes that the IDL does not know"
        return cls(values, books, tokens)


def check_conservation(chain: Chain) -> None:
    """Raise AssertionError unless every token, due and transfer is accounted for."""
    orders, asks = chain.values["MatchedOrder"], chain.values["Ask"]
    live = [order for order in orders.values() if order["status"] in (PENDING, AWAITING)]
    opened = {leaf["ask"]: leaf["open_atoms"] for leaves in chain.books.values() for leaf in leaves}
    assert len(opened) == sum(map(len, chain.books.values())), "an ask has two leaves"
    assert set(opened) == {address for address, ask in asks.items() if ask["listed"]}
    for address, ask in asks.items():
        locked = sum(order["base_atoms"] for order in live if order["ask"] == address)
        assert ask["locked_atoms"] == locked, f"{address} has locked {ask['locked_atoms']}, its orders {locked}"
        owed = opened.get(address, 0) + locked + ask["returned_atoms"] + ask["fee_owed_atoms"]
        held = chain.tokens.get(ask["vault"], 0)
        assert held >= owed, f"the vault of {address} holds {held} of {owed}"
        gone = ask["released_atoms"] + ask["fees_atoms"] + ask["withdrawn_atoms"]
        assert ask["deposited_atoms"] == opened.get(address, 0) + locked + ask["returned_atoms"] + gone
    settled_of = [(order["ask"], order["released_atoms"]) for order in orders.values() if order["status"] == SETTLED]
    for address, ask in asks.items():
        paid = sum(atoms for of, atoms in settled_of if of == address)
        assert ask["released_atoms"] + ask["fees_atoms"] == paid, f"{address}: its receipts say {paid} atoms"
    for line in chain.values["SolvencyLine"].values():
        due = sum(order["due_minor_units"] for order in live if order["line_id"] == line["line_id"])
        assert line["reserved_minor_units"] == due
    marks = [*chain.values["Nullifier"].values(), *chain.values["SellerWord"].values()]
    settled = {address: order["nf"] for address, order in orders.items() if order["status"] == SETTLED}
    assert len(marks) == len(settled), "as many transfers are spent as orders are settled"
    assert {mark["order"]: mark["nf"] for mark in marks} == settled


def ends_of_live_orders(chain: Chain) -> list[tuple[int, Instruction]]:
    """For each live order: the first second in which anybody can end it, and the instruction that does."""
    found = []
    for address, order in chain.values["MatchedOrder"].items():
        if order["status"] not in (PENDING, AWAITING):
            continue
        terms = _one(chain, "Terms", market=order["market"], version=order["terms_version"])
        last = order["reveal_by_unix_s"]
        if order["status"] == AWAITING:
            last = order["prove_by_unix_s"] + chain.values["Terms"][terms]["claim_extension_s"]
        named = {
            "order": address,
            "terms": terms,
            "ask": order["ask"],
            "line": _one(chain, "SolvencyLine", line_id=order["line_id"]),
            "book": _one(chain, "Book", market=order["market"]),
        }
        found.append((last + 1, _instruction("order_processor", "expire_order", named)))
    return found


def _one(chain: Chain, kind: str, **fields: object) -> Pubkey:
    """The one account of a kind with these fields."""
    accounts = chain.values[kind].items()
    (address,) = (address for address, value in accounts if fields.items() <= dict(value).items())
    return address


def _instruction(program: str, name: str, named: Mapping[str, Pubkey]) -> Instruction:
    """An instruction without arguments, its fixed and derived addresses as the IDL gives them."""
    document = idl(program)
    owner = Pubkey.from_string(document["address"])
    (spec,) = (entry for entry in document["instructions"] if entry["name"] == name)
    assert spec["args"] == []
    metas = []
    for account in spec["accounts"]:
        if "address" in account:
            address = Pubkey.from_string(account["address"])
        elif account["name"] in named:
            address = named[account["name"]]
        else:
            seeds = [bytes(seed["value"]) for seed in account["pda"]["seeds"]]
            address = Pubkey.find_program_address(seeds, owner)[0]
        metas.append(AccountMeta(address, account.get("signer", False), account.get("writable", False)))
    return Instruction(owner, bytes(spec["discriminator"]), metas)


def _struct(program: str, name: str, data: bytes, at: int) -> tuple[dict[str, Any], int]:
    (spec,) = (entry["type"] for entry in idl(program)["types"] if entry["name"] == name)
    value = {}
    for field in spec["fields"]:
        value[field["name"]], at = _value(program, field["type"], data, at)
    return value, at


def _value(program: str, kind: Any, data: bytes, at: int) -> tuple[Any, int]:
    if kind == "pubkey":
        return Pubkey(data[at : at + 32]), at + 32
    if kind == "bool":
        return data[at] != 0, at + 1
    if isinstance(kind, str):
        return struct.unpack_from(_NUMBERS[kind], data, at)[0], at + struct.calcsize(_NUMBERS[kind])
    if "defined" in kind:
        return _struct(program, kind["defined"]["name"], data, at)
    of, count = kind["array"]
    if of == "u8":
        return data[at : at + count], at + count
    values = []
    for _ in range(count):
        value, at = _value(program, of, data, at)
        values.append(value)
    return values, at


def _leaves(slab: bytes) -> list[Value]:
    """The leaves of a slab in order of price and time: a binary tree by handles, counted from 1."""
    root = _SLAB_HEADER.unpack_from(slab)[0]
    leaf_bytes = len(_leaf_of(bytes(256))[1])
    size = _NODE.size + leaf_bytes
    found: list[Value] = []
    above: list[int] = []
    at, last = root, (0, 0)
    while above or at:
        while at:
            above.append(at)
            at = _NODE.unpack_from(slab, _SLAB_HEADER.size + (at - 1) * size)[2]
        place = _SLAB_HEADER.size + (above.pop() - 1) * size
        price, sequence, _, at, _ = _NODE.unpack_from(slab, place)
        assert (price, sequence) > last, "leaves are out of order"
        last = (price, sequence)
        found.append(_leaf_of(slab[place + _NODE.size :])[0])
    return found


def _leaf_of(data: bytes) -> tuple[Value, bytes]:
    value, end = _struct("market", "BookLeaf", data, 0)
    return value, data[:end]
