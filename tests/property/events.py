"""What happens around the programs: time, gifts, and what people and mints do to their own token accounts.

Each is done to the real accounts by the system and token programs, and to the model's state by hand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace

from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey
from solders.system_program import CreateAccountParams, TransferParams, create_account, transfer

from anomi_sdk.generated import market, order_processor, order_store
from anomi_sdk.generated.order_store import MatchedOrder
from anomi_sdk.trade.tokens import TOKEN_PROGRAM, associated_token_address, create_associated_token
from tests.property.acts import ACTS, LINE_IDS, TRANSFERS
from tests.property.arena import Arena
from tests.property.choices import Choices
from tests.property.model.ledger import Token
from tests.property.model.orders import AWAITING, LIVE, PENDING, prove_until

__all__ = ["EVENTS", "Event", "fresh_token_account", "thaw"]

Event = Callable[[Arena, Choices], None]
_TRANSFER, _SET_AUTHORITY, _CLOSE, _FREEZE, _THAW = b"\3", b"\6\2\1", b"\x09", b"\x0a", b"\x0b"
_INITIALIZE = b"\x12"
_TOKEN_ACCOUNT_BYTES = 165
_TIME_MAX_S = 2**40 - 1


def _token_instruction(data: bytes, *accounts: Pubkey, signer: Pubkey) -> Instruction:
    metas = [AccountMeta(account, is_signer=False, is_writable=True) for account in accounts]
    return Instruction(TOKEN_PROGRAM, data, [*metas, AccountMeta(signer, is_signer=True, is_writable=False)])


_TIMED = (
    ("order_processor.expire_order", "order_processor.reveal_payee", "order_processor.cancel_order"),
    ("order_processor.expire_order", "order_processor.finalize_trade", "order_processor.extend_claim"),
)
"""What is done at the deadline of an order that is Pending, or AwaitingPayment."""


def deadline(arena: Arena, choices: Choices) -> None:
    """The last second of an order has come, or is just over or not yet there; and somebody acts on it."""
    orders = {address: order for address, order in arena.ledger.all(MatchedOrder).items() if order.status in LIVE}
    if not orders:
        return
    address, order = choices.one(reversed(orders.items()))
    terms = arena.ledger.get(market.Terms, market.terms_address(order.market, order.terms_version))
    assert terms is not None
    moments = [order.reveal_by_unix_s] if order.status == PENDING else [prove_until(order, terms)]
    names = list(_TIMED[order.status])
    if order.status == AWAITING and choices.once_in(3):
        moments = [order.revealed_at_unix_s + terms.free_cancel_grace_s, order.prove_by_unix_s]
        names = ["order_processor.cancel_order", "order_processor.extend_claim"]
    arena.advance(max(arena.ledger.now, choices.one(moments) + choices.one([0, 1, -1])))
    choices.honest, choices.focus = True, address
    call = ACTS[choices.one(names)](arena, choices)
    assert call is not None
    arena.call(call)


def time_passes(arena: Arena, choices: Choices) -> None:
    """A little time, or just before, at or just after something is due."""
    now, accounts = arena.ledger.now, arena.ledger
    moments = [now + 1, now + 60, now + 3600, now + 2 * 86_400]
    for order in accounts.all(MatchedOrder).values():
        if order.status in LIVE:
            terms = accounts.get(market.Terms, market.terms_address(order.market, order.terms_version))
            assert terms is not None
            moments += [order.pay_by_unix_s, prove_until(order, terms), order.reveal_by_unix_s]
    moments += [ask.expiry_unix_s for ask in accounts.all(market.Ask).values() if ask.listed]
    moments += [line.cooldown_until_unix_s for line in accounts.all(market.SolvencyLine).values()]
    if choices.honest:
        moments = [now + 1, now + 30, now + 300, now + 1800]
    moment = choices.one(moments) + choices.one([0, 1, -1])
    arena.advance(max(now, min(moment, now + 400 * 86_400, _TIME_MAX_S)))


def gift_of_tokens(arena: Arena, choices: Choices) -> None:
    """Somebody sends tokens to somebody's account, a vault most of all."""
    tokens = arena.ledger.all(Token)
    vaults = [market.vault_address(ask) for ask in arena.ledger.all(market.Ask)]
    target = choices.mostly(choices.one([vault for vault in vaults if vault in tokens] or tokens), *tokens)
    giver = choices.one(arena.cast.actors)
    source = associated_token_address(giver.pubkey(), tokens[target].mint)
    _move(arena, giver, source, target, choices.one([1, 1000]))


def _move(arena: Arena, owner: Keypair, source: Pubkey, target: Pubkey, atoms: int) -> None:
    """Move somebody's own tokens, unless the token program would refuse it."""
    giver, taker = arena.ledger.get(Token, source), arena.ledger.get(Token, target)
    if giver is None or taker is None or source == target or giver.frozen or taker.frozen:
        return
    if giver.owner != owner.pubkey() or giver.atoms < atoms:
        return
    arena.ledger.accounts[source] = replace(giver, atoms=giver.atoms - atoms)
    arena.ledger.accounts[target] = replace(taker, atoms=taker.atoms + atoms)
    data = _TRANSFER + atoms.to_bytes(8, "little")
    instruction = _token_instruction(data, source, target, signer=owner.pubkey())
    arena.outside(instruction, signers=[owner], what=f"{atoms} atoms are sent to {target}")


def gift_of_lamports(arena: Arena, choices: Choices) -> None:
    """Somebody sends lamports to an address before a program creates an account there."""
    ledger, cast = arena.ledger, arena.cast
    place = choices.one(cast.places)
    current = ledger.get(market.Market, place.market)
    assert current is not None
    seller, line = choices.one(cast.actors).pubkey(), choices.one(LINE_IDS)
    nonces = [ask.client_nonce for ask in ledger.all(market.Ask).values() if ask.seller == seller]
    ask = place.ask(seller, max(nonces, default=0) + 1)
    known = ledger.get(market.SolvencyLine, market.line_address(line))
    target = choices.one(
        [
            ask,
            market.vault_address(ask),
            market.line_address(line),
            order_store.order_address(place.market, line, known.seq if known is not None else 0),
            order_processor.nullifier_address(choices.one(TRANSFERS)),
            order_processor.word_address(line, choices.one(TRANSFERS)),
            place.terms(current.terms_version + 1),
        ]
    )
    lamports = choices.one([10**6, 10**7])
    params = TransferParams(from_pubkey=cast.payer.pubkey(), to_pubkey=target, lamports=lamports)
    arena.outside(transfer(params), what=f"{lamports} lamports are sent to {target}")


def freeze_or_thaw(arena: Arena, choices: Choices) -> None:
    """The mint's authority freezes a token account, anybody's and any vault, or thaws it."""
    tokens = arena.ledger.all(Token)
    frozen = [address for address, token in tokens.items() if token.frozen]
    address = choices.one(frozen if frozen and choices.once_in(2) else reversed(tokens))
    _set_frozen(arena, address, frozen=not tokens[address].frozen)


def thaw(arena: Arena, address: Pubkey) -> None:
    """The mint's authority thaws an account if it is frozen."""
    token = arena.ledger.get(Token, address)
    if token is not None and token.frozen:
        _set_frozen(arena, address, frozen=False)


def _set_frozen(arena: Arena, address: Pubkey, *, frozen: bool) -> None:
    token, minter = arena.ledger.get(Token, address), arena.cast.minter
    assert token is not None
    arena.ledger.accounts[address] = replace(token, frozen=frozen)
    data = _FREEZE if frozen else _THAW
    instruction = Instruction(
        TOKEN_PROGRAM,
        data,
        [
            AccountMeta(address, is_signer=False, is_writable=True),
            AccountMeta(token.mint, is_signer=False, is_writable=False),
            AccountMeta(minter.pubkey(), is_signer=True, is_writable=False),
        ],
    )
    what = f"{address} is {'frozen' if frozen else 'thawed'}"
    arena.outside(instruction, signers=[minter], what=what)


def close_or_open(arena: Arena, choices: Choices) -> None:
    """Somebody sends all his tokens to another one and closes his account; or opens it again."""
    actor, place = choices.one(arena.cast.actors), choices.one(arena.cast.places)
    address = associated_token_address(actor.pubkey(), place.mint)
    token = arena.ledger.get(Token, address)
    if token is None:
        arena.ledger.accounts[address] = Token(place.mint, actor.pubkey(), 0)
        payer = arena.cast.payer.pubkey()
        arena.outside(create_associated_token(payer, actor.pubkey(), place.mint), what=f"{address} is opened")
        return
    if token.owner != actor.pubkey():
        return
    other = choices.one(other for other in arena.cast.actors if other != actor)
    _move(arena, actor, address, associated_token_address(other.pubkey(), place.mint), token.atoms)
    token = arena.ledger.get(Token, address)
    if token is not None and token.atoms == 0:
        del arena.ledger.accounts[address]
        close = Instruction(
            TOKEN_PROGRAM,
            _CLOSE,
            [
                AccountMeta(address, is_signer=False, is_writable=True),
                AccountMeta(actor.pubkey(), is_signer=False, is_writable=True),
                AccountMeta(actor.pubkey(), is_signer=True, is_writable=False),
            ],
        )
        arena.outside(close, signers=[actor], what=f"{address} is closed")


def fresh_token_account(arena: Arena, owner: Keypair, mint: Pubkey) -> Pubkey:
    """A new token account of somebody's, at an address that nobody could foresee."""
    arena.fresh += 1
    account = Keypair.from_seed(hashlib.sha256(f"fresh {arena.fresh}".encode()).digest())
    payer, address = arena.cast.payer.pubkey(), account.pubkey()
    lamports = arena.svm.minimum_balance_lamports(_TOKEN_ACCOUNT_BYTES)
    create = create_account(
        CreateAccountParams(
            from_pubkey=payer, to_pubkey=address, lamports=lamports, space=_TOKEN_ACCOUNT_BYTES, owner=TOKEN_PROGRAM
        )
    )
    metas = [
        AccountMeta(address, is_signer=False, is_writable=True),
        AccountMeta(mint, is_signer=False, is_writable=False),
    ]
    initialize = Instruction(TOKEN_PROGRAM, _INITIALIZE + bytes(owner.pubkey()), metas)
    arena.ledger.accounts[address] = Token(mint, owner.pubkey(), 0)
    arena.outside(create, initialize, signers=[account], what=f"{address} is opened")
    return address


def give_account_away(arena: Arena, choices: Choices) -> None:
    """Somebody makes another one the owner of his token account, which keeps its address."""
    actor, other = choices.one(arena.cast.actors), choices.one(reversed(arena.cast.actors))
    address = associated_token_address(actor.pubkey(), choices.one(arena.cast.places).mint)
    token = arena.ledger.get(Token, address)
    if token is None or token.owner != actor.pubkey() or token.frozen:
        return
    arena.ledger.accounts[address] = replace(token, owner=other.pubkey())
    data = _SET_AUTHORITY + bytes(other.pubkey())
    instruction = _token_instruction(data, address, signer=actor.pubkey())
    arena.outside(instruction, signers=[actor], what=f"{address} is given to {other.pubkey()}")


def replay(arena: Arena, choices: Choices) -> None:
    """A call that was made before is made again, to the byte."""
    if arena.calls:
        arena.call(choices.one(reversed(arena.calls[-12:])))


EVENTS: Mapping[str, Event] = {
    "time_passes": time_passes,
    "deadline": deadline,
    "gift_of_tokens": gift_of_tokens,
    "gift_of_lamports": gift_of_lamports,
    "freeze_or_thaw": freeze_or_thaw,
    "close_or_open": close_or_open,
    "give_account_away": give_account_away,
    "replay": replay,
}
