"""The world in which hostile calls are made: two markets, orders in every state, and accounts to take from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from solders.account import Account
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_sdk.generated import market, order_processor, order_store
from anomi_sdk.groth16_verifier import staging_address
from anomi_sdk.programs import BuiltProgram
from anomi_sdk.trade.tokens import ASSOCIATED_TOKEN_PROGRAM, associated_token_address
from tests.programs.golden import golden
from tests.programs.market import steps
from tests.programs.market.bid.world import DUE, BidArgs, line_id
from tests.programs.market.world import TOKEN_2022_PROGRAM, AskArgs, Place, TermsArgs
from tests.programs.order_processor.world import CONFIRMED, EXPIRED, TRANSFER, Payment, TradeWorld, nf
from tests.programs.world import UNIX_TIME_S

__all__ = ["BODY", "DIGEST", "NOW", "STRANGER", "Scene"]

NOW: Final = UNIX_TIME_S + 1_801
"""A second after the time to reveal an order of the world's first second."""
STRANGER: Final = Pubkey.from_bytes(bytes([9] * 32))
"""An address at which there is nothing."""
BODY: Final = golden(1).body
DIGEST: Final = hashlib.sha256(BODY).digest()
OTHER_DIGEST: Final = hashlib.sha256(golden(2).body).digest()


class Scene:
    """`pool` are accounts by name that may be put in any place."""

    def __init__(self, programs: Sequence[BuiltProgram]) -> None:
        self.world = world = TradeWorld(programs)
        self.home = world.open_market()
        old, dead = world.ask(), world.ask()
        world.publish_terms(TermsArgs(version=2))
        world.accepted(steps.revoke(world, 1), signers=[world.governor])
        self.late = self._order("late")
        world.svm.set_unix_time(NOW)
        self.foreign = world.initialize_market(world.mint())
        for version in (1, 2):
            world.publish_terms(TermsArgs(version=version), self.foreign)
        self.neighbour, self.bystander, self.heir = world.user(), world.user(), world.user()
        world.fund(self.home.mint, self.neighbour.pubkey(), 0)
        self.orders = {name: self._order(name) for name in ("pending", "awaiting", "reported", "confirmed", "over")}
        self.orders["neighbour"] = self._order("neighbour", buyer=self.neighbour)
        self.orders["foreign"] = self._order("foreign", place=self.foreign, buyer=self.neighbour)
        for name in ("awaiting", "reported", "neighbour", "foreign"):
            self._reveal(self.orders[name])
        world.accepted(world.report_instruction(self.orders["reported"], TRANSFER), signers=[world.buyer])
        world.edit_order(self.orders["confirmed"], status=CONFIRMED, paid_floor_minor_units=DUE, nf=nf("confirmed"))
        world.edit_order(self.orders["over"], status=EXPIRED, resolved_at_unix_s=NOW - order_store.ORDER_RETENTION_S)
        self._settle()
        self.asks = {"old": old, "dead": dead} | self._asks()
        self.staged = world.stage(BODY)
        world.stage(golden(2).body)
        self.stored = world.store(golden(4).body)
        world.stage(BODY, self.neighbour)
        self.new_line = line_id("new")
        self.pool = self._pool()

    # What is there.

    def _asks(self) -> dict[str, Pubkey]:
        """Asks in the states that instructions of asks begin with; one seller has two."""
        world = self.world
        asks = {name: world.ask(AskArgs(terms_version=2)) for name in ("listed", "cancelled")}
        seller = world.sellers[asks["cancelled"]]
        world.accepted(world.cancel_instruction(seller.pubkey(), asks["cancelled"]), signers=[seller])
        world.fund(self.home.mint, seller.pubkey(), AskArgs().base_atoms)
        second = world.place_ask(seller, AskArgs(client_nonce=2, terms_version=2, price=30_000))
        return asks | {"second": second, "foreign": world.ask(AskArgs(terms_version=2), self.foreign)}

    def _order(self, name: str, *, place: Place | None = None, buyer: Keypair | None = None) -> Pubkey:
        """A new order under terms 2, out of an ask and on a line of its own."""
        world, buyer = self.world, buyer or self.world.buyer
        world.fund((place or self.home).mint, buyer.pubkey(), 0)
        args = BidArgs(line_id=line_id(name), issued_min_unix_s=world.svm.unix_time_s() - 60)
        order = world.order_address(args, place)
        bid = world.bid_instruction(
            world.ask(AskArgs(terms_version=2), place), args, place=place, terms_version=2, buyer=buyer.pubkey()
        )
        world.accepted(bid, signers=[buyer, world.payer])
        return order

    def _reveal(self, order: Pubkey) -> None:
        world = self.world
        world.accepted(world.reveal_instruction(order), signers=[world.seller_of(order)])

    def _settle(self) -> None:
        """Two trades that are over: one by a proof, one by a seller's word. The first one's ask owes fees."""
        world = self.world
        self.orders["proven"], self.orders["believed"] = self._order("proven"), self._order("believed")
        for name in ("proven", "believed"):
            self._reveal(self.orders[name])
        world.finalized(self.orders["proven"], Payment(nf=nf("proven")))
        believed = self.orders["believed"]
        world.accepted(world.report_instruction(believed, nf("believed")), signers=[world.buyer])
        world.accepted(world.seller_release_instruction(believed, nf("believed")), signers=[world.seller_of(believed)])
        world.fund(self.home.mint, world.treasury.pubkey(), 0)

    def _pool(self) -> dict[str, Pubkey]:
        world, home, foreign = self.world, self.home, self.foreign
        neighbour = world.order(self.orders["neighbour"])
        stranger = world.user().pubkey()
        return {
            "nothing": STRANGER,
            "wallet": stranger,
            "governor": world.governor.pubkey(),
            "config": market.config_address(),
            "market": home.market,
            "foreign_market": foreign.market,
            "terms_1": home.terms(1),
            "terms_2": home.terms(2),
            "foreign_terms": foreign.terms(2),
            "book": home.book,
            "foreign_book": foreign.book,
            "neighbour_ask": neighbour.ask,
            "foreign_ask": self.asks["foreign"],
            "second_ask": self.asks["second"],
            "neighbour_vault": market.vault_address(neighbour.ask),
            "neighbour_line": market.line_address(neighbour.line_id),
            "neighbour_order": self.orders["neighbour"],
            "foreign_order": self.orders["foreign"],
            "spent_nullifier": order_processor.nullifier_address(nf("proven")),
            "spent_word": order_processor.word_address(line_id("believed"), nf("believed")),
            "solvency_key": world.stored_key("solvency"),
            "payment_key": world.stored_key("payment"),
            "key_of_two": world.stored_key("two inputs", 2),
            "staging": staging_address(world.authority.pubkey(), OTHER_DIGEST),
            "neighbour_staging": staging_address(self.neighbour.pubkey(), DIGEST),
            "mint": home.mint,
            "foreign_mint": foreign.mint,
            "token_2022_mint": self._token_2022(home.mint, "a mint that takes fees", 278),
            "buyer_token": associated_token_address(world.buyer.pubkey(), home.mint),
            "neighbour_token": associated_token_address(self.neighbour.pubkey(), home.mint),
            "foreign_token": associated_token_address(self.neighbour.pubkey(), foreign.mint),
            "stranger_token": world.fund(home.mint, stranger, 10**9),
            "market_authority": market.authority_address(),
            "processor_authority": order_processor.authority_address(),
            "program": ASSOCIATED_TOKEN_PROGRAM,
        }

    def _token_2022(self, mint: Pubkey, name: str, size: int) -> Pubkey:
        """A mint of Token-2022 with room for extensions: what the classic program holds, under the other program."""
        classic = self.world.account(mint)
        assert classic is not None
        address = Pubkey.from_bytes(hashlib.sha256(name.encode()).digest())
        data = (bytes(classic.data).ljust(165, b"\0") + b"\1").ljust(size, b"\0")
        self.world.svm.set_account(address, Account(10**9, data, TOKEN_2022_PROGRAM))
        return address

    def holding(self, address: Pubkey, data: bytes) -> Account:
        """An account like the one at this address, but with other data."""
        true = self.world.account(address)
        assert true is not None
        return Account(true.lamports, data, true.owner)
