"""An embedded runtime with a market on it, from the mint to a funded ask: what tests of the trade programs begin with.

The verifying keys are measuring keys, so that a test can prove any statement without a circuit.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeVar

from solders.account import Account
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey
from solders.system_program import CreateAccountParams, create_account

from anomi_core.eddsa import PublicKey, derive_public_key
from anomi_core.groth16.solana import verifying_key_body
from anomi_core.rails import rail_by_name
from anomi_core.registry import AttestorSet
from anomi_sdk.events import events_of
from anomi_sdk.generated import market
from anomi_sdk.generated.groth16_verifier import verifying_key_address
from anomi_sdk.layouts import AccountLayout, EventLayout
from anomi_sdk.measuring_key import MeasuringKey
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.programs import BuiltProgram
from anomi_sdk.trade.tokens import (
    TOKEN_PROGRAM,
    associated_token_address,
    create_associated_token,
    token_balance_atoms,
)
from tests.programs.world import UNIX_TIME_S, World

A = TypeVar("A", bound=AccountLayout)
E = TypeVar("E", bound=EventLayout)

TOKEN_2022_PROGRAM = Pubkey.from_string("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb")
MINT_BYTES = 82
TOKEN_ACCOUNT_BYTES = 165

RAIL = rail_by_name("easypaisa")
DECIMALS = 6
PRICE = 28_500
"""285 PKR a token, in paisa."""
BASE_ATOMS = 100 * 10**DECIMALS
"""What an ask deposits unless told otherwise: 28,500 PKR are due for it."""
MIN_ASK_ATOMS = 10**DECIMALS
MIN_FILL_ATOMS = 10**DECIMALS // 2
FEE_BPS = 30
PAYEE_COMMIT = (12345).to_bytes(32, "big")
EXPIRY_UNIX_S = UNIX_TIME_S + 7 * 86_400
K, N, DEPTH = 2, 3, 2
NO_KEY = market.AttestorKey(bytes(32), bytes(32))


def development_key(text: str) -> Keypair:
    """The key pair that spec/programs.toml derives from a text."""
    return Keypair.from_seed(hashlib.sha256(text.encode()).digest())


INITIALIZER = development_key(market.INITIALIZER_SEED_TEXT)


@cache
def attestor_secret(index: int) -> bytes:
    return hashlib.sha256(f"attestor {index}".encode()).digest()


@cache
def attestors(k: int = K, n: int = N, depth: int = DEPTH) -> AttestorSet:
    return AttestorSet(tuple(derive_public_key(attestor_secret(index)) for index in range(n)), k, depth)


def attestor_keys(keys: Iterable[PublicKey]) -> tuple[market.AttestorKey, ...]:
    """The keys as an instruction takes them, five in all."""
    used = [market.AttestorKey(key.ax.to_bytes(32, "big"), key.ay.to_bytes(32, "big")) for key in keys]
    return (*used, *[NO_KEY] * (market.ATTESTORS_MAX - len(used)))


@cache
def measuring_key(name: str, public_inputs: int = 1) -> MeasuringKey:
    return MeasuringKey.derive(name, public_inputs)


@dataclass(frozen=True)
class TermsArgs:
    """The arguments of publish_terms; those of default terms, unless told otherwise."""

    version: int = 1
    attestor_k: int = K
    attestor_n: int = N
    attestor_depth: int = DEPTH
    attestor_keys: Sequence[market.AttestorKey] = attestor_keys(attestors().keys)
    fee_bps: int = FEE_BPS
    reveal_window_s: int = 30 * 60
    pay_window_s: int = 24 * 3600
    prove_window_s: int = 6 * 3600
    strikes_max: int = 3
    cooldown_s: int = 7 * 86_400
    free_cancel_grace_s: int = 15 * 60
    free_cancel_interval_s: int = 86_400
    min_ask_atoms: int = MIN_ASK_ATOMS
    min_fill_atoms: int = MIN_FILL_ATOMS


@dataclass(frozen=True)
class AskArgs:
    """The arguments of place_ask_order; `reveal_delegate` is the seller when None."""

    client_nonce: int = 1
    base_atoms: int = BASE_ATOMS
    price: int = PRICE
    min_fill_atoms: int = MIN_FILL_ATOMS
    payee_commit: bytes = PAYEE_COMMIT
    reveal_delegate: Pubkey | None = None
    terms_version: int = 1
    expiry_unix_s: int = EXPIRY_UNIX_S


@dataclass(frozen=True)
class Place:
    """The addresses of one market."""

    mint: Pubkey
    rail: bytes
    market: Pubkey
    book: Pubkey

    @classmethod
    def of(cls, mint: Pubkey, rail: bytes) -> Place:
        address = market.market_address(mint, rail)
        return cls(mint, rail, address, market.book_address(address))

    def terms(self, version: int = 1) -> Pubkey:
        return market.terms_address(self.market, version)

    def ask(self, seller: Pubkey, client_nonce: int = 1) -> Pubkey:
        return market.ask_address(self.market, seller, client_nonce)


@dataclass(frozen=True)
class Leaf:
    """A leaf of a book with its place."""

    price: int
    sequence: int
    value: market.BookLeaf


class MarketWorld(World):
    """A runtime with the programs of a trade. Nothing is set up until a method is called; each does one step.

    `authority` of World pays every transaction's fee, `governor` is the config's authority.
    """

    def __init__(self, programs: Sequence[BuiltProgram]) -> None:
        super().__init__(programs[0])
        for program in programs[1:]:
            self.svm.load(program)
        self.initializer = INITIALIZER
        self.svm.airdrop(self.initializer.pubkey(), 10**11)
        self.governor = self.user()
        self.treasury = self.user()
        self.minter = self.user()
        self._place: Place | None = None
        self._mints = 0
        self._accounts = 0

    @property
    def place(self) -> Place:
        """The market that `open_market` opened first."""
        assert self._place is not None, "no market yet"
        return self._place

    # Steps, in order.

    def initialize_config(self) -> TransactionOutcome:
        return self.accepted(self.config_instruction(), signers=[self.initializer])

    def config_instruction(self) -> Instruction:
        return market.initialize_config(
            initializer=self.initializer.pubkey(),
            config=market.config_address(),
            authority=self.governor.pubkey(),
            treasury=self.treasury.pubkey(),
            genesis_hash=self.svm.genesis_hash(),
        )

    def initialize_market(self, mint: Pubkey) -> Place:
        self.accepted(self.market_instruction(mint), signers=[self.governor])
        place = Place.of(mint, RAIL.id().to_bytes(32, "big"))
        self._place = self._place or place
        return place

    def market_instruction(self, mint: Pubkey) -> Instruction:
        place = Place.of(mint, RAIL.id().to_bytes(32, "big"))
        return market.initialize_market(
            authority=self.governor.pubkey(),
            config=market.config_address(),
            base_mint=mint,
            market=place.market,
            book=place.book,
            provider_id=RAIL.provider_id,
            iso4217_numeric=RAIL.iso4217_numeric,
            exponent=RAIL.exponent,
        )

    def publish_terms(self, args: TermsArgs = TermsArgs(), place: Place | None = None) -> Pubkey:
        """Publish terms under the measuring keys "solvency" and "payment"; return their address."""
        place = place or self.place
        self.accepted(self.terms_instruction(args, place), signers=[self.governor])
        return place.terms(args.version)

    def terms_instruction(self, args: TermsArgs = TermsArgs(), place: Place | None = None) -> Instruction:
        place = place or self.place
        return market.publish_terms(
            authority=self.governor.pubkey(),
            config=market.config_address(),
            market=place.market,
            terms=place.terms(args.version),
            solvency_key=self.stored_key("solvency"),
            payment_key=self.stored_key("payment"),
            **{name: getattr(args, name) for name in TermsArgs.__dataclass_fields__},
        )

    def open_market(self, decimals: int = DECIMALS) -> Place:
        """Take every step up to published terms."""
        if self.account(market.config_address()) is None:
            self.initialize_config()
        place = self.initialize_market(self.mint(decimals))
        self.publish_terms(place=place)
        return place

    def seller(self, atoms: int = BASE_ATOMS, place: Place | None = None) -> Keypair:
        """A new user with so many tokens in its associated token account."""
        seller = self.user()
        self.fund((place or self.place).mint, seller.pubkey(), atoms)
        return seller

    def place_ask(self, seller: Keypair, args: AskArgs = AskArgs(), place: Place | None = None) -> Pubkey:
        """Place an ask out of the seller's associated token account; return its address."""
        place = place or self.place
        self.accepted(self.ask_instruction(seller.pubkey(), args, place), signers=[seller])
        return place.ask(seller.pubkey(), args.client_nonce)

    def ask_instruction(
        self,
        seller: Pubkey,
        args: AskArgs = AskArgs(),
        place: Place | None = None,
        evicted: Pubkey | None = None,
    ) -> Instruction:
        """`evicted` is the ask itself unless told otherwise."""
        place = place or self.place
        ask = place.ask(seller, args.client_nonce)
        return market.place_ask_order(
            seller=seller,
            market=place.market,
            terms=place.terms(args.terms_version),
            book=place.book,
            ask=ask,
            vault=market.vault_address(ask),
            seller_token=associated_token_address(seller, place.mint),
            base_mint=place.mint,
            evicted=evicted or ask,
            client_nonce=args.client_nonce,
            base_atoms=args.base_atoms,
            price=args.price,
            min_fill_atoms=args.min_fill_atoms,
            payee_commit=args.payee_commit,
            reveal_delegate=args.reveal_delegate or seller,
            terms_version=args.terms_version,
            expiry_unix_s=args.expiry_unix_s,
        )

    def cancel_instruction(self, seller: Pubkey, ask: Pubkey, place: Place | None = None) -> Instruction:
        return market.cancel_ask_order(seller=seller, ask=ask, book=(place or self.place).book)

    def withdraw_instruction(self, seller: Pubkey, ask: Pubkey, place: Place | None = None) -> Instruction:
        return market.withdraw_ask(
            seller=seller,
            ask=ask,
            vault=market.vault_address(ask),
            destination=associated_token_address(seller, (place or self.place).mint),
        )

    def collect_instruction(self, ask: Pubkey, place: Place | None = None) -> Instruction:
        return market.collect_fees(
            config=market.config_address(),
            ask=ask,
            vault=market.vault_address(ask),
            treasury_token=associated_token_address(self.treasury.pubkey(), (place or self.place).mint),
        )

    # Keys and tokens.

    def stored_key(self, name: str, public_inputs: int = 1) -> Pubkey:
        """The address of a measuring key, uploaded when it is not there."""
        body = verifying_key_body(measuring_key(name, public_inputs).verifying_key)
        address = verifying_key_address(hashlib.sha256(body).digest())
        return address if self.account(address) is not None else self.store(body)

    def mint(self, decimals: int = DECIMALS, *, freezable: bool = False) -> Pubkey:
        """A new mint of the classic token program."""
        self._mints += 1
        mint = development_key(f"mint {self._mints}")
        minter = bytes(self.minter.pubkey())
        data = bytes([20, decimals]) + minter + (b"\1" + minter if freezable else b"\0")
        metas = [AccountMeta(mint.pubkey(), is_signer=False, is_writable=True)]
        self.accepted(
            self._new_account(mint.pubkey(), MINT_BYTES), Instruction(TOKEN_PROGRAM, data, metas), signers=[mint]
        )
        return mint.pubkey()

    def token_account(self, mint: Pubkey, owner: Pubkey, atoms: int = 0) -> Pubkey:
        """A new token account that is not the owner's associated one."""
        self._accounts += 1
        account = development_key(f"token account {self._accounts}")
        metas = [
            AccountMeta(account.pubkey(), is_signer=False, is_writable=True),
            AccountMeta(mint, is_signer=False, is_writable=False),
        ]
        self.accepted(
            self._new_account(account.pubkey(), TOKEN_ACCOUNT_BYTES),
            Instruction(TOKEN_PROGRAM, bytes([18]) + bytes(owner), metas),
            signers=[account],
        )
        if atoms:
            self.mint_to(mint, account.pubkey(), atoms)
        return account.pubkey()

    def _new_account(self, address: Pubkey, space: int) -> Instruction:
        return create_account(
            CreateAccountParams(
                from_pubkey=self.authority.pubkey(),
                to_pubkey=address,
                lamports=self.svm.minimum_balance_lamports(space),
                space=space,
                owner=TOKEN_PROGRAM,
            )
        )

    def fund(self, mint: Pubkey, owner: Pubkey, atoms: int) -> Pubkey:
        """Mint tokens into the owner's associated token account, created when it is not there; return its address."""
        address = associated_token_address(owner, mint)
        self.accepted(create_associated_token(self.authority.pubkey(), owner, mint))
        if atoms:
            self.mint_to(mint, address, atoms)
        return address

    def mint_to(self, mint: Pubkey, account: Pubkey, atoms: int) -> None:
        metas = [
            AccountMeta(mint, is_signer=False, is_writable=True),
            AccountMeta(account, is_signer=False, is_writable=True),
            AccountMeta(self.minter.pubkey(), is_signer=True, is_writable=False),
        ]
        self.accepted(Instruction(TOKEN_PROGRAM, b"\7" + atoms.to_bytes(8, "little"), metas), signers=[self.minter])

    def freeze(self, mint: Pubkey, account: Pubkey) -> None:
        metas = [
            AccountMeta(account, is_signer=False, is_writable=True),
            AccountMeta(mint, is_signer=False, is_writable=False),
            AccountMeta(self.minter.pubkey(), is_signer=True, is_writable=False),
        ]
        self.accepted(Instruction(TOKEN_PROGRAM, b"\n", metas), signers=[self.minter])

    def balance(self, token_account: Pubkey) -> int:
        return token_balance_atoms(self.account(token_account))

    # Reading, and writing past every rule.

    def read(self, layout: type[A], address: Pubkey) -> A:
        return layout.read(self.account(address))

    def edit(self, layout: type[A], address: Pubkey, **changes: object) -> A:
        """Write fields of an account past every rule; return what it holds then."""
        account = self.account(address)
        assert account is not None
        value = replace(layout.read(account), **changes)  # type: ignore[type-var]
        self.svm.set_account(address, Account(account.lamports, value.encode(), account.owner))
        return value

    def set_balance(self, token_account: Pubkey, atoms: int) -> None:
        """Write the amount of a token account past every rule."""
        account = self.account(token_account)
        assert account is not None
        data = bytes(account.data)
        data = data[:64] + atoms.to_bytes(8, "little") + data[72:]
        self.svm.set_account(token_account, Account(account.lamports, data, account.owner))

    def leaves(self, place: Place | None = None) -> list[Leaf]:
        """The leaves of a book in order, found by walking its tree; its own count and order are held to it."""
        book = self.read(market.Book, (place or self.place).book)
        root, _, _, count = struct.unpack_from("<4I", book.slab)
        node_bytes = 25 + market.BOOK_LEAF_BYTES

        def walk(handle: int) -> list[Leaf]:
            if handle == 0:
                return []
            at = 16 + (handle - 1) * node_bytes
            price, sequence, left, right, _ = struct.unpack_from("<QQIIB", book.slab, at)
            leaf = market.BookLeaf.decode(book.slab[at + 25 : at + node_bytes])
            return [*walk(left), Leaf(price, sequence, leaf), *walk(right)]

        leaves = walk(root)
        assert len(leaves) == count
        places = [(leaf.price, leaf.sequence) for leaf in leaves]
        assert places == sorted(places)
        return leaves


def event(outcome: TransactionOutcome, layout: type[E]) -> E:
    """The one event of a transaction, which is of this kind."""
    (found,) = events_of(outcome)
    assert isinstance(found, layout)
    return found


def conserved(ask: market.Ask, open_atoms: int) -> bool:
    """Whether every token that ever came into an ask is in exactly one place."""
    return ask.deposited_atoms == (
        open_atoms + ask.locked_atoms + ask.released_atoms + ask.fees_atoms + ask.returned_atoms + ask.withdrawn_atoms
    )
