"""One market of the benchmark: its people, its addresses, and its instructions, with sound arguments.

A stall has a mint, a market, a seller, a buyer, a line and a transfer of its own, all derived from its number: what
varies from one to another is how many bumps their addresses take.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Final

from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_core.eddsa import derive_public_key
from anomi_core.groth16.solana import verifying_key_body_hash
from anomi_core.identity import deployment_id, domain
from anomi_core.rails import rail_by_name
from anomi_core.registry import AttestorSet
from anomi_core.spec import CLOCK_SKEW_S, TAG_PAYMENT, TAG_SOLVENCY
from anomi_core.statements import PaymentStatement, SolvencyStatement
from anomi_sdk.bench_cu.chain import SEED, UNIX_TIME_S, BenchChain
from anomi_sdk.bench_cu.keys import BODY, prove
from anomi_sdk.generated import market, order_processor, order_store
from anomi_sdk.generated.groth16_verifier import verifying_key_address
from anomi_sdk.measuring_key import scalar_from
from anomi_sdk.trade.tokens import associated_token_address

__all__ = ["BASE_ATOMS", "PART_ATOMS", "PRICE", "PROVE_BY", "REVEAL_BY", "Stall", "governor", "treasury"]

BASE_ATOMS: Final = 100_000_000
PART_ATOMS: Final = BASE_ATOMS // 4
PRICE: Final = 28_500
_RAIL: Final = rail_by_name("easypaisa")
_DECIMALS: Final = 6
_DUE: Final = PART_ATOMS * PRICE // 10**_DECIMALS
_REVEAL_S, _PAY_S, _PROVE_S = 30 * 60, 24 * 3600, 6 * 3600
REVEAL_BY: Final = UNIX_TIME_S + _REVEAL_S
PROVE_BY: Final = UNIX_TIME_S + _PAY_S + _PROVE_S
_BITMAP: Final = 0b011
_ISSUED_MIN: Final = UNIX_TIME_S - 60


@cache
def _attestors(k: int, n: int, depth: int) -> AttestorSet:
    secrets = (hashlib.sha256(f"{SEED} attestor {index}".encode()).digest() for index in range(n))
    return AttestorSet(tuple(map(derive_public_key, secrets)), k=k, depth=depth)


def governor() -> Keypair:
    """Return who governs the deployment."""
    return _named("governor")


def treasury() -> Keypair:
    """Return who gets the fees."""
    return _named("treasury")


def _named(name: str) -> Keypair:
    return Keypair.from_seed(scalar_from(f"{SEED} {name}").to_bytes(32, "big"))


class Stall:
    """Builders of every instruction of one market."""

    def __init__(self, chain: BenchChain, number: int) -> None:
        """Name everything; nothing is on chain yet."""
        self._name = f"{SEED} stall {number}"
        self._genesis = chain.svm.genesis_hash()
        self.seller, self.buyer = (chain.user(f"stall {number} {who}") for who in ("seller", "buyer"))
        self.mint = _named(f"stall {number} mint")
        self.line_id, self.nf = (
            scalar_from(f"{self._name} {what}").to_bytes(32, "big") for what in ("line", "transfer")
        )
        self.rail = _RAIL.id().to_bytes(32, "big")
        self.market = market.market_address(self.mint.pubkey(), self.rail)
        self.book = market.book_address(self.market)
        self.terms = market.terms_address(self.market, 1)
        self.ask = market.ask_address(self.market, self.seller.pubkey(), 1)
        self.vault = market.vault_address(self.ask)
        self.line = market.line_address(self.line_id)
        self.key = verifying_key_address(verifying_key_body_hash(BODY))

    def token(self, owner: Pubkey) -> Pubkey:
        """Return where `owner` holds the mint's tokens."""
        return associated_token_address(owner, self.mint.pubkey())

    def order(self, seq: int = 0) -> Pubkey:
        """Return the address of the line's order of this number."""
        return order_store.order_address(self.market, self.line_id, seq)

    def rank(self, leaves: int) -> int:
        """Return a place among so many leaves that looks drawn by lot."""
        return scalar_from(f"{self._name} rank") % leaves

    # The market.

    def initialize_market(self) -> Instruction:
        """Open the market."""
        return market.initialize_market(
            authority=governor().pubkey(),
            config=market.config_address(),
            base_mint=self.mint.pubkey(),
            market=self.market,
            book=self.book,
            provider_id=_RAIL.provider_id,
            iso4217_numeric=_RAIL.iso4217_numeric,
            exponent=_RAIL.exponent,
        )

    def publish_terms(self, version: int, k: int, n: int, depth: int) -> Instruction:
        """Publish terms with k of n attestors in a tree of this depth."""
        keys = [
            market.AttestorKey(key.ax.to_bytes(32, "big"), key.ay.to_bytes(32, "big"))
            for key in _attestors(k, n, depth).keys
        ]
        return market.publish_terms(
            authority=governor().pubkey(),
            config=market.config_address(),
            market=self.market,
            terms=market.terms_address(self.market, version),
            solvency_key=self.key,
            payment_key=self.key,
            version=version,
            attestor_k=k,
            attestor_n=n,
            attestor_depth=depth,
            attestor_keys=[*keys, *[market.AttestorKey(bytes(32), bytes(32))] * (market.ATTESTORS_MAX - n)],
            fee_bps=30,
            reveal_window_s=_REVEAL_S,
            pay_window_s=_PAY_S,
            prove_window_s=_PROVE_S,
            strikes_max=3,
            cooldown_s=7 * 86_400,
            free_cancel_grace_s=15 * 60,
            free_cancel_interval_s=86_400,
            min_ask_atoms=1,
            min_fill_atoms=1,
        )

    # The ask.

    def place_ask(self, evicted: Pubkey | None = None) -> Instruction:
        """Deposit and list; in a full book `evicted` makes room."""
        return market.place_ask_order(
            seller=self.seller.pubkey(),
            market=self.market,
            terms=self.terms,
            book=self.book,
            ask=self.ask,
            vault=self.vault,
            seller_token=self.token(self.seller.pubkey()),
            base_mint=self.mint.pubkey(),
            evicted=evicted or self.ask,
            client_nonce=1,
            base_atoms=BASE_ATOMS,
            price=PRICE,
            min_fill_atoms=1,
            payee_commit=(12345).to_bytes(32, "big"),
            reveal_delegate=self.seller.pubkey(),
            terms_version=1,
            expiry_unix_s=UNIX_TIME_S + 7 * 86_400,
        )

    def cancel_ask(self) -> Instruction:
        """Take it off the book."""
        return market.cancel_ask_order(seller=self.seller.pubkey(), ask=self.ask, book=self.book)

    def withdraw_ask(self) -> Instruction:
        """Take what is the seller's."""
        return market.withdraw_ask(
            seller=self.seller.pubkey(),
            ask=self.ask,
            vault=self.vault,
            destination=self.token(self.seller.pubkey()),
        )

    def collect_fees(self) -> Instruction:
        """Pay the fees out."""
        return market.collect_fees(
            config=market.config_address(),
            ask=self.ask,
            vault=self.vault,
            treasury_token=self.token(treasury().pubkey()),
        )

    # The trade.

    def _domain(self, tag: int) -> int:
        deployment = deployment_id(self._genesis, bytes(market.PROGRAM_ID))
        return domain(tag, deployment, _RAIL.id(), bytes(self.market))

    def place_bid(self, seq: int, atoms: int, payer: Pubkey | None = None) -> Instruction:
        """Bid for so many atoms of the ask, as the line's bid of this number; the buyer pays unless told otherwise."""
        covered = 10 * _DUE
        statement = SolvencyStatement(
            domain=self._domain(TAG_SOLVENCY),
            buyer=bytes(self.buyer.pubkey()),
            covered_minor_units=covered,
            seq=seq,
            issued_min_unix_s=_ISSUED_MIN,
            bitmap=_BITMAP,
            root=_attestors(2, 3, 2).root,
            line_id=int.from_bytes(self.line_id, "big"),
        )
        return market.place_bid_order(
            buyer=self.buyer.pubkey(),
            payer=payer or self.buyer.pubkey(),
            market=self.market,
            terms=self.terms,
            book=self.book,
            ask=self.ask,
            line=self.line,
            order=self.order(seq),
            solvency_key=self.key,
            market_authority=market.authority_address(),
            proof=prove(statement.stmt()),
            line_id=self.line_id,
            reveal_key=bytes(range(32)),
            base_atoms=atoms,
            limit_price=PRICE,
            min_fill_atoms=2,
            covered_minor_units=covered,
            issued_min_unix_s=_ISSUED_MIN,
            bitmap=_BITMAP,
        )

    def reveal(self) -> Instruction:
        """Reveal the payee of the first order."""
        return order_processor.reveal_payee(
            revealer=self.seller.pubkey(),
            order=self.order(),
            ask=self.ask,
            terms=self.terms,
            processor_authority=order_processor.authority_address(),
            reveal_ciphertext=bytes(range(1, 177)),
        )

    def report(self) -> Instruction:
        """Report its payment."""
        return order_processor.report_payment(
            buyer=self.buyer.pubkey(),
            order=self.order(),
            processor_authority=order_processor.authority_address(),
            nf=self.nf,
        )

    def finalize(self, order_id: int, payer: Pubkey) -> Instruction:
        """Settle it by a proof that all of what is due was paid."""
        statement = PaymentStatement(
            domain=self._domain(TAG_PAYMENT),
            order_id=order_id,
            paid_floor_minor_units=_DUE,
            not_before_unix_s=UNIX_TIME_S,
            not_after_unix_s=UNIX_TIME_S + _PAY_S + CLOCK_SKEW_S,
            bitmap=_BITMAP,
            payee_commit=12345,
            root=_attestors(2, 3, 2).root,
            line_id=int.from_bytes(self.line_id, "big"),
            nf=int.from_bytes(self.nf, "big"),
        )
        return order_processor.finalize_trade(
            payer=payer,
            order=self.order(),
            market=self.market,
            terms=self.terms,
            ask=self.ask,
            vault=self.vault,
            line=self.line,
            buyer_token=self.token(self.buyer.pubkey()),
            nullifier=order_processor.nullifier_address(self.nf),
            word=order_processor.word_address(self.line_id, self.nf),
            payment_key=self.key,
            processor_authority=order_processor.authority_address(),
            proof=prove(statement.stmt()),
            nf=self.nf,
            paid_floor_minor_units=_DUE,
            bitmap=_BITMAP,
        )

    def release_by_seller(self) -> Instruction:
        """Settle it by the seller's word."""
        return order_processor.release_by_seller(
            seller=self.seller.pubkey(),
            order=self.order(),
            market=self.market,
            terms=self.terms,
            ask=self.ask,
            vault=self.vault,
            line=self.line,
            buyer_token=self.token(self.buyer.pubkey()),
            nullifier=order_processor.nullifier_address(self.nf),
            word=order_processor.word_address(self.line_id, self.nf),
            processor_authority=order_processor.authority_address(),
            nf=self.nf,
        )

    def expire(self) -> Instruction:
        """End it without settlement."""
        return order_processor.expire_order(
            order=self.order(),
            terms=self.terms,
            ask=self.ask,
            line=self.line,
            book=self.book,
            processor_authority=order_processor.authority_address(),
        )
