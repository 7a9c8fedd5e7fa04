"""What an attacker may put in the place of an account, worked out for every place of every instruction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from solders.account import Account
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from anomi_sdk.generated import PROGRAMS, groth16_verifier, market
from anomi_sdk.program_spec import AccountSpec
from anomi_sdk.trade.tokens import TOKEN_PROGRAM
from tests.programs.adversary.stage import INSTRUCTIONS, Stage
from tests.programs.market.world import TOKEN_2022_PROGRAM
from tests.programs.world import with_account, with_accounts

__all__ = ["Hostile", "rights_and_counts", "spoilt", "substituted"]

OTHER_PROGRAM = Pubkey.from_bytes(bytes([7] * 32))
LOOK_ALIKE = Pubkey.from_bytes(bytes([8] * 32))
TWIN = Pubkey.from_bytes(bytes([6] * 32))
MINT_BYTES, TOKEN_BYTES = 82, 165
_OURS = {program.program_id for program in PROGRAMS}
_FROZEN = 2
_OF_ANY_LENGTH = {market.Book.TAG, groth16_verifier.Staging.TAG}
_SYSTEM_PROGRAM = Pubkey.default()


@dataclass(frozen=True)
class Hostile:
    """A call with one thing wrong; `accounts` are otherwise than they were."""

    label: str
    call: Instruction
    accounts: Mapping[Pubkey, Account | None] = field(default_factory=dict)


def substituted(stage: Stage, name: str, place: int) -> Iterator[Hostile]:
    """Another account in this place: every one of the pool, every other one of the call, a copy under another owner.

    A copy at another address under the right owner is something that only the token program lets anybody make.
    """
    call = stage.calls[name]
    own = call.accounts[place].pubkey
    others = dict(stage.pool)
    for spec, meta in zip(INSTRUCTIONS[name][1].accounts, call.accounts, strict=True):
        # A cluster lets nobody write to the system program, wherever it stands: that is a right withheld.
        if meta.pubkey != _SYSTEM_PROGRAM or not call.accounts[place].is_writable:
            others[f"={spec.name}"] = meta.pubkey
    yield from (
        Hostile(label, with_account(call, place, pubkey=address)) for label, address in others.items() if address != own
    )
    true = _true(stage, name, own)
    if true is not None and not true.executable:
        copy = Account(true.lamports, bytes(true.data), OTHER_PROGRAM)
        yield Hostile("look_alike", with_account(call, place, pubkey=LOOK_ALIKE), {LOOK_ALIKE: copy})
        if true.owner == TOKEN_PROGRAM:
            yield Hostile("twin", with_account(call, place, pubkey=TWIN), {TWIN: true})


def spoilt(stage: Stage, name: str, place: int) -> Iterator[Hostile]:
    """The account itself, but closed, another program's, of another tag or length; a token account that is useless."""
    call = stage.calls[name]
    own = call.accounts[place].pubkey
    true = _true(stage, name, own)
    if true is None or true.executable or not true.data:
        return
    data, owner = bytes(true.data), true.owner
    changed: dict[str, Account | None] = {
        "closed": None,
        "disowned": Account(true.lamports, data, OTHER_PROGRAM),
        "emptied": Account(true.lamports, b"", owner),
    }
    if owner in _OURS:
        changed["retagged"] = Account(true.lamports, bytes([data[0] ^ 1]) + data[1:], owner)
    if owner in _OURS and data[:8] not in _OF_ANY_LENGTH:
        changed["a byte short"] = Account(true.lamports, data[:-1], owner)
        changed["a byte long"] = Account(true.lamports, data + b"\0", owner)
    if owner == TOKEN_PROGRAM:
        changed["token_2022"] = Account(true.lamports, data, TOKEN_2022_PROGRAM)
        changed["uninitialized"] = Account(true.lamports, bytes(len(data)), owner)
    if owner == TOKEN_PROGRAM and len(data) == TOKEN_BYTES:
        frozen = data[:108] + bytes([_FROZEN]) + data[109:]
        changed["frozen"] = Account(true.lamports, frozen, owner)
        changed["of another mint"] = Account(true.lamports, bytes(stage.pool["foreign_mint"]) + data[32:], owner)
        given = data[:32] + bytes(stage.pool["wallet"]) + data[64:]
        changed["given away"] = Account(true.lamports, given, owner)
    yield from (Hostile(label, call, {own: account}) for label, account in changed.items())


def rights_and_counts(stage: Stage, name: str, place: int, spec: AccountSpec) -> Iterator[tuple[str, Hostile]]:
    """One right withheld, or the account left out; each with the kind of refusal that is due."""
    call = stage.calls[name]
    if spec.signer:
        yield "signer", Hostile(f"{spec.name} does not sign", with_account(call, place, is_signer=False))
    if spec.writable:
        yield "writable", Hostile(f"{spec.name} is read-only", _read_only(call, place))
    metas = list(call.accounts)
    yield "count", Hostile(f"without {spec.name}", with_accounts(call, metas[:place] + metas[place + 1 :]))
    yield (
        "count",
        Hostile(f"{spec.name} twice", with_accounts(call, metas[:place] + metas[place : place + 1] + metas[place:])),
    )
    surplus = AccountMeta(stage.pool["nothing"], is_signer=False, is_writable=False)
    yield (
        "count",
        Hostile(f"one more before {spec.name}", with_accounts(call, [*metas[:place], surplus, *metas[place:]])),
    )


def _read_only(call: Instruction, place: int) -> Instruction:
    """Read-only in every place where the account stands: a transaction gives an account its rights once."""
    own = call.accounts[place].pubkey
    metas = [
        AccountMeta(meta.pubkey, meta.is_signer, meta.is_writable and meta.pubkey != own) for meta in call.accounts
    ]
    return with_accounts(call, metas)


def _true(stage: Stage, name: str, address: Pubkey) -> Account | None:
    """The account as it is when the instruction goes through."""
    needs = stage.needs.get(name, {})
    return needs[address] if address in needs else stage.world.account(address)
