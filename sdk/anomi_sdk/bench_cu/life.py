"""One market from its opening to its last withdrawal, every instruction on the way measured."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Final

from solders.account import Account
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey
from solders.system_program import CreateAccountParams, create_account

from anomi_sdk.bench_cu.books import BOOK_BYTES_MAX, slab
from anomi_sdk.bench_cu.chain import UNIX_TIME_S, BenchChain, Call, bumps
from anomi_sdk.bench_cu.samples import ATA_TRY_CU, Derivation
from anomi_sdk.bench_cu.stall import BASE_ATOMS, PART_ATOMS, PRICE, PROVE_BY, REVEAL_BY, Stall, governor, treasury
from anomi_sdk.bench_cu.upkeep import (
    measure_closing,
    measure_extension,
    measure_governing,
    measure_order_cancel,
    measure_relisting,
    measure_upkeep,
)
from anomi_sdk.generated import market, order_processor, order_store
from anomi_sdk.trade.tokens import ASSOCIATED_TOKEN_PROGRAM, TOKEN_PROGRAM, create_associated_token

__all__ = ["BUYER_IS_NEW", "FULL_BOOK", "live", "open_deployment"]

BUYER_IS_NEW: Final = "the buyer's token account created before it"
_MINT_BYTES: Final = 82
_FULL: Final = market.BOOK_LEAVES_MAX
_LOOKED_AT: Final = market.BOOK_LEAVES_LOOKED_AT_MAX
_VERIFY: Final = Call("groth16_verifier")
FULL_BOOK: Final = f"first of its line, full book, leaf {_LOOKED_AT} taken whole"


def open_deployment(chain: BenchChain) -> None:
    """Measure initialize_config, whose address is a constant: it costs the same every time."""
    initializer = Keypair.from_seed(hashlib.sha256(market.INITIALIZER_SEED_TEXT.encode()).digest())
    for user in (initializer, governor()):
        chain.funded(user)
    instruction = market.initialize_config(
        initializer=initializer.pubkey(),
        config=market.config_address(),
        authority=governor().pubkey(),
        treasury=treasury().pubkey(),
        genesis_hash=chain.svm.genesis_hash(),
    )
    chain.measure(instruction, signers=[initializer])


def live(chain: BenchChain, number: int) -> None:
    """Live one life. The clock is set to where it began."""
    chain.svm.set_unix_time(UNIX_TIME_S)
    stall = Stall(chain, number)
    _open_market(chain, stall)
    _place_ask(chain, stall)
    _cancel(chain, stall)
    _bid(chain, stall)
    _settle(chain, stall)
    _close(chain, stall)


def _open_market(chain: BenchChain, stall: Stall) -> None:
    mint, seller = stall.mint.pubkey(), stall.seller.pubkey()
    _create_mint(chain, stall)
    addresses = bumps(market.market_address_and_bump(mint, stall.rail), market.book_address_and_bump(stall.market))
    chain.measure(stall.initialize_market(), signers=[governor()], derivations=addresses)
    chain.measure(market.grow_book(payer=chain.payer.pubkey(), book=stall.book), signers=[chain.payer])
    for version, k, n, depth, keep in ((1, 2, 3, 2, True), (2, 3, 5, 3, False)):
        chain.measure(
            stall.publish_terms(version, k, n, depth),
            signers=[governor()],
            variant=f"{n} attestors, depth {depth}",
            derivations=bumps(market.terms_address_and_bump(stall.market, version)),
            keep=keep,
        )
    chain.send(create_associated_token(chain.payer.pubkey(), seller, mint))
    chain.send(_mint_to(mint, stall.token(seller), governor().pubkey()), signers=[governor()])


def _place_ask(chain: BenchChain, stall: Stall) -> None:
    addresses = bumps(
        market.ask_address_and_bump(stall.market, stall.seller.pubkey(), 1), market.vault_address_and_bump(stall.ask)
    )
    for leaves in (1, 100, _FULL - 1):
        _write_book(chain, stall, leaves, rank=stall.rank(leaves), own=None)
        chain.measure(
            stall.place_ask(),
            signers=[stall.seller],
            variant=_book(leaves),
            derivations=addresses,
            keep=False,
        )
    rank = stall.rank(_FULL)
    last, leaf = _write_last_ask(chain, stall, PRICE - rank + _FULL)
    _write_book(chain, stall, _FULL, rank=rank, own=None, last=leaf)
    chain.measure(
        stall.place_ask(last),
        signers=[stall.seller],
        variant="full book, its last ask evicted",
        derivations=addresses,
        keep=False,
    )
    _write_book(chain, stall, 0, rank=0, own=None)
    chain.measure(stall.place_ask(), signers=[stall.seller], variant=_book(0), derivations=addresses)


def _cancel(chain: BenchChain, stall: Stall) -> None:
    own = _own_leaf(chain, stall)
    for leaves in (_FULL, 100, 1):
        _write_book(chain, stall, leaves, rank=stall.rank(leaves), own=own)
        chain.measure(stall.cancel_ask(), signers=[stall.seller], variant=_book(leaves), keep=False)


def _bid(chain: BenchChain, stall: Stall) -> None:
    own = _own_leaf(chain, stall)
    line = bumps(market.line_address_and_bump(stall.line_id))
    order = bumps(order_store.order_address_and_bump(stall.market, stall.line_id, 0))

    def measure(atoms: int, variant: str, *, payer: Keypair | None = None, keep: bool = False) -> None:
        chain.measure(
            stall.place_bid(0, atoms, payer.pubkey() if payer else None),
            signers=[payer, stall.buyer] if payer else [stall.buyer],
            variant=variant,
            derivations=[*line, *order],
            calls=[_VERIFY, Call("order_store", "store_matched_order" if keep else None, "", order)],
            keep=keep,
        )

    for leaves in (_FULL, 100, 1):
        rank = min(leaves, _LOOKED_AT) - 1
        _write_book(chain, stall, leaves, rank=rank, own=own)
        measure(BASE_ATOMS, f"first of its line, {_book(leaves)}, leaf {rank + 1} taken whole")
    measure(PART_ATOMS, "first of its line, paid for by another", payer=chain.payer)
    measure(PART_ATOMS, "", keep=True)
    later = bumps(order_store.order_address_and_bump(stall.market, stall.line_id, 1))
    chain.measure(
        stall.place_bid(1, PART_ATOMS),
        signers=[stall.buyer],
        variant="later one of its line",
        derivations=later,
        calls=[_VERIFY, Call("order_store")],
        keep=False,
    )


def _settle(chain: BenchChain, stall: Stall) -> None:
    payer, mint, buyer = chain.payer, stall.mint.pubkey(), stall.buyer.pubkey()
    _measure_expiry(chain, stall, REVEAL_BY + 1, "missed reveal")
    chain.measure(stall.reveal(), signers=[stall.seller], calls=[Call("order_store", "record_reveal")])
    measure_order_cancel(chain, stall, "free", accepts_strike=False)
    chain.measure(stall.report(), signers=[stall.buyer], calls=[Call("order_store", "record_payment_report")])
    measure_order_cancel(chain, stall, "a strike", accepts_strike=True)
    measure_extension(chain, stall)
    measure_closing(chain, stall)
    _measure_expiry(chain, stall, PROVE_BY + 1, "missed proof")

    spent = bumps(
        order_processor.nullifier_address_and_bump(stall.nf),
        order_processor.word_address_and_bump(stall.line_id, stall.nf),
    )
    token = bumps(_token_address_and_bump(stall, buyer))
    to_confirmed = Call("order_store", "update_status", "to PaymentConfirmed")
    release = Call("market", "release_escrowed_funds", "", token)
    to_settled = Call("order_store", "update_status", "to Settled")
    # Two programs derive the address of a new token account, with the same luck.
    created = tuple(Derivation(derivation.further, derivation.each + ATA_TRY_CU) for derivation in token)
    finalize = stall.finalize(1, payer.pubkey())
    unmeasured = [_VERIFY, Call("order_store"), Call("market"), Call("order_store")]
    chain.measure(
        create_associated_token(payer.pubkey(), buyer, mint),
        finalize,
        signers=[payer],
        variant=BUYER_IS_NEW,
        derivations=[*spent, *created],
        calls=unmeasured,
        keep=False,
    )
    chain.send(create_associated_token(payer.pubkey(), buyer, mint))
    chain.measure(
        stall.release_by_seller(),
        signers=[stall.seller],
        derivations=[*spent, *token],
        calls=unmeasured[1:],
        keep=False,
    )
    chain.measure(
        finalize,
        signers=[payer],
        derivations=[*spent, *token],
        calls=[_VERIFY, to_confirmed, release, to_settled],
    )


def _measure_expiry(chain: BenchChain, stall: Stall, unix_time_s: int, variant: str) -> None:
    chain.svm.set_unix_time(unix_time_s)
    chain.measure(
        stall.expire(),
        signers=[chain.payer],
        variant=variant,
        calls=[
            Call("market", "return_escrowed_funds", variant),
            Call("order_store", "update_status", "to Expired"),
        ],
        keep=False,
    )
    chain.svm.set_unix_time(UNIX_TIME_S)


def _close(chain: BenchChain, stall: Stall) -> None:
    mint, owner = stall.mint.pubkey(), treasury().pubkey()
    chain.send(create_associated_token(chain.payer.pubkey(), owner, mint))
    chain.measure(
        stall.collect_fees(),
        signers=[chain.payer],
        derivations=bumps(_token_address_and_bump(stall, owner)),
    )
    own = _own_leaf(chain, stall)

    def write_book(leaves: int) -> str:
        rank = stall.rank(leaves) if leaves else 0
        listed = market.Ask.read(chain.svm.accounts([stall.ask])[0]).listed
        _write_book(chain, stall, leaves, rank=rank, own=own if listed else None)
        return _book(leaves)

    measure_upkeep(chain, stall, write_book)
    chain.send(stall.cancel_ask(), signers=[stall.seller])
    measure_relisting(chain, stall, write_book)
    measure_governing(chain, stall)
    chain.measure(stall.withdraw_ask(), signers=[stall.seller], variant="the last: the vault closes")


def _book(leaves: int) -> str:
    return {0: "empty book", 1: "book of 1", _FULL - 1: "book with one place left", _FULL: "full book"}.get(
        leaves, f"book of {leaves}"
    )


def _own_leaf(chain: BenchChain, stall: Stall) -> bytes:
    ask = market.Ask.read(chain.svm.accounts([stall.ask])[0])
    leaf = market.BookLeaf(
        ask=stall.ask,
        seller=ask.seller,
        open_atoms=BASE_ATOMS,
        min_fill_atoms=ask.min_fill_atoms,
        payee_commit=ask.payee_commit,
        terms_version=ask.terms_version,
        expiry_unix_s=ask.expiry_unix_s,
    )
    return leaf.put("")


def _write_last_ask(chain: BenchChain, stall: Stall, price: int) -> tuple[Pubkey, bytes]:
    """Write an ask that is listed at this price, first of its second; return its address and its leaf's payload."""
    seller, nonce = chain.payer.pubkey(), 1
    address, bump = market.ask_address_and_bump(stall.market, seller, nonce)
    vault, vault_bump = market.vault_address_and_bump(address)
    zeros = dict.fromkeys(
        ("locked_atoms", "released_atoms", "fees_atoms", "fee_owed_atoms", "returned_atoms", "withdrawn_atoms"), 0
    )
    ask = market.Ask(
        market=stall.market,
        seller=seller,
        vault=vault,
        client_nonce=nonce,
        price=price,
        min_fill_atoms=1,
        payee_commit=bytes(32),
        reveal_delegate=seller,
        terms_version=1,
        expiry_unix_s=UNIX_TIME_S + 86_400,
        sequence=1,
        listed=True,
        bump=bump,
        vault_bump=vault_bump,
        live_orders=0,
        deposited_atoms=BASE_ATOMS,
        **zeros,
    )
    data = ask.encode()
    chain.svm.set_account(address, Account(chain.svm.minimum_balance_lamports(len(data)), data, market.PROGRAM_ID))
    leaf = market.BookLeaf(address, seller, BASE_ATOMS, 1, ask.payee_commit, 1, ask.expiry_unix_s)
    return address, leaf.put("")


def _write_book(
    chain: BenchChain, stall: Stall, leaves: int, *, rank: int, own: bytes | None, last: bytes | None = None
) -> None:
    """Write a book of the largest size with so many leaves; `own`, unless None, is the ask's, the one at `rank`.

    The others offer one atom each, which no measured bid takes, and only its last condition tells. Without an own leaf
    its price stays free, at `rank`. `last`, unless None, is the leaf with the highest price.
    """
    other = market.BookLeaf(Pubkey.default(), Pubkey.default(), 1, 1, bytes(32), 1, UNIX_TIME_S + 86_400).put("")
    gap = 1 if own is None else 0
    places = [(PRICE - rank + index + gap * (index >= rank), 1, other) for index in range(leaves)]
    if own is not None:
        places[rank] = (PRICE, 1, own)
    if last is not None:
        places[-1] = (places[-1][0], 1, last)
    account = chain.svm.accounts([stall.book])[0]
    book = replace(market.Book.read(account), slab=slab(places))
    lamports = chain.svm.minimum_balance_lamports(BOOK_BYTES_MAX)
    chain.svm.set_account(stall.book, Account(lamports, book.encode(), market.PROGRAM_ID))


def _token_address_and_bump(stall: Stall, owner: Pubkey) -> tuple[Pubkey, int]:
    seeds = [bytes(owner), bytes(TOKEN_PROGRAM), bytes(stall.mint.pubkey())]
    return Pubkey.find_program_address(seeds, ASSOCIATED_TOKEN_PROGRAM)


def _create_mint(chain: BenchChain, stall: Stall) -> None:
    mint = stall.mint.pubkey()
    account = create_account(
        CreateAccountParams(
            from_pubkey=chain.payer.pubkey(),
            to_pubkey=mint,
            lamports=chain.svm.minimum_balance_lamports(_MINT_BYTES),
            space=_MINT_BYTES,
            owner=TOKEN_PROGRAM,
        )
    )
    metas = [AccountMeta(mint, is_signer=False, is_writable=True)]
    initialize = Instruction(TOKEN_PROGRAM, bytes([20, 6]) + bytes(governor().pubkey()) + b"\0", metas)
    chain.send(account, initialize, signers=[stall.mint])


def _mint_to(mint: Pubkey, account: Pubkey, minter: Pubkey) -> Instruction:
    metas = [
        AccountMeta(mint, is_signer=False, is_writable=True),
        AccountMeta(account, is_signer=False, is_writable=True),
        AccountMeta(minter, is_signer=True, is_writable=False),
    ]
    return Instruction(TOKEN_PROGRAM, b"\7" + BASE_ATOMS.to_bytes(8, "little"), metas)
