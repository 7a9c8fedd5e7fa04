"""A market with asks, bids whose statements are proven under a known trapdoor, and order_processor's signature."""

from __future__ import annotations

from dataclasses import dataclass

from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.message import Message
from solders.pubkey import Pubkey
from solders.signature import Signature
from solders.transaction import VersionedTransaction

from anomi_core.field import FR_MODULUS
from anomi_core.groth16.solana import proof_to_bytes
from anomi_core.identity import deployment_id, domain
from anomi_core.spec import TAG_SOLVENCY
from anomi_core.statements import SolvencyStatement
from anomi_sdk.generated import market, order_processor, order_store
from anomi_sdk.measuring_key import scalar_from
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.program_errors import TransactionRefusedError
from anomi_sdk.trade.tokens import associated_token_address
from tests.programs.market.world import (
    BASE_ATOMS,
    PRICE,
    RAIL,
    AskArgs,
    MarketWorld,
    Place,
    attestors,
    measuring_key,
)
from tests.programs.world import FEE_PER_SIGNATURE, UNIX_TIME_S, error_of

__all__ = [
    "AWAITING_PAYMENT",
    "BITMAP",
    "CANCELLED",
    "CANCELLED_FREE",
    "COVERED",
    "DUE",
    "MISSED_PROOF",
    "MISSED_REVEAL",
    "PAYMENT_CONFIRMED",
    "PENDING",
    "BidArgs",
    "BidWorld",
    "line_id",
    "prove",
]

DUE = BASE_ATOMS * PRICE // 10**6
"""What is due for a whole default ask, in paisa."""
COVERED = 2 * DUE
"""What a default bid's attestation covers: twice what it will owe."""
PENDING, AWAITING_PAYMENT, PAYMENT_CONFIRMED = range(3)
MISSED_REVEAL, MISSED_PROOF, CANCELLED_FREE, CANCELLED = range(4)
ASK = AskArgs()
REVEAL_KEY = bytes(range(32))
BITMAP = 0b101


def line_id(text: str) -> bytes:
    """A line's name that looks like any other."""
    return scalar_from(f"line {text}").to_bytes(32, "big")


@dataclass(frozen=True)
class BidArgs:
    """The arguments of place_bid_order but for the proof."""

    line_id: bytes = line_id("of the buyer")
    reveal_key: bytes = REVEAL_KEY
    base_atoms: int = BASE_ATOMS
    limit_price: int = PRICE
    min_fill_atoms: int = 1
    covered_minor_units: int = COVERED
    issued_min_unix_s: int = UNIX_TIME_S - 60
    bitmap: int = BITMAP


class BidWorld(MarketWorld):
    """A MarketWorld with order_store on it, a buyer, and someone who pays for the buyer's accounts."""

    buyer: Keypair
    payer: Keypair

    def open_market(self, decimals: int = 6) -> Place:
        place = super().open_market(decimals)
        if not hasattr(self, "buyer"):
            self.buyer, self.payer = self.user(), self.user()
        return place

    def ask(self, args: AskArgs = ASK, place: Place | None = None) -> Pubkey:
        """An ask of a seller of its own."""
        return self.place_ask(self.seller(args.base_atoms, place), args, place)

    # Bids.

    def line(self, name: bytes) -> market.SolvencyLine | None:
        account = self.account(market.line_address(name))
        return None if account is None or account.owner != market.PROGRAM_ID else market.SolvencyLine.read(account)

    def seq(self, name: bytes) -> int:
        line = self.line(name)
        return 0 if line is None else line.seq

    def order_address(self, args: BidArgs, place: Place | None = None) -> Pubkey:
        """Where the line's next order will stand."""
        return order_store.order_address((place or self.place).market, args.line_id, self.seq(args.line_id))

    def statement(self, args: BidArgs, place: Place | None = None, buyer: Pubkey | None = None) -> SolvencyStatement:
        """The statement that a bid makes, worked out without the programs."""
        deployment = deployment_id(self.svm.genesis_hash(), bytes(market.PROGRAM_ID))
        return SolvencyStatement(
            domain=domain(TAG_SOLVENCY, deployment, RAIL.id(), bytes((place or self.place).market)),
            buyer=bytes(buyer or self.buyer.pubkey()),
            covered_minor_units=args.covered_minor_units,
            seq=self.seq(args.line_id),
            issued_min_unix_s=args.issued_min_unix_s,
            bitmap=args.bitmap,
            root=attestors().root,
            line_id=int.from_bytes(args.line_id, "big"),
        )

    def bid_instruction(
        self,
        ask: Pubkey,
        args: BidArgs = BidArgs(),
        *,
        place: Place | None = None,
        terms_version: int = 1,
        buyer: Pubkey | None = None,
        payer: Pubkey | None = None,
        proof: bytes | None = None,
    ) -> Instruction:
        """A bid for an ask, with a proof of its own statement unless another one is given."""
        place, buyer = place or self.place, buyer or self.buyer.pubkey()
        if proof is None:
            # A statement that cannot be made cannot be proven; such a bid is refused before its proof is looked at.
            canonical = int.from_bytes(args.line_id, "big") < FR_MODULUS
            in_range = args.issued_min_unix_s < 2**40 and args.bitmap < 2**5
            proof = prove(self.statement(args, place, buyer).stmt()) if canonical and in_range else bytes(256)
        return market.place_bid_order(
            buyer=buyer,
            payer=payer or self.payer.pubkey(),
            market=place.market,
            terms=place.terms(terms_version),
            book=place.book,
            ask=ask,
            line=market.line_address(args.line_id),
            order=self.order_address(args, place),
            solvency_key=self.stored_key("solvency"),
            market_authority=market.authority_address(),
            proof=proof,
            line_id=args.line_id,
            reveal_key=args.reveal_key,
            base_atoms=args.base_atoms,
            limit_price=args.limit_price,
            min_fill_atoms=args.min_fill_atoms,
            covered_minor_units=args.covered_minor_units,
            issued_min_unix_s=args.issued_min_unix_s,
            bitmap=args.bitmap,
        )

    def bids(self, instruction: Instruction) -> TransactionOutcome:
        """Send a bid that must go through."""
        return self.accepted(instruction, signers=[self.buyer, self.payer])

    def bid_refused(self, instruction: Instruction, code: type[TransactionRefusedError]) -> TransactionOutcome:
        """Send a bid that must be refused for this reason and change nothing."""
        return self.refused(instruction, signers=[self.buyer, self.payer], code=code)

    def place_bid(self, ask: Pubkey, args: BidArgs = BidArgs(), place: Place | None = None) -> Pubkey:
        """Match a bid with an ask; return the order's address."""
        order = self.order_address(args, place)
        self.bids(self.bid_instruction(ask, args, place=place))
        return order

    def order(self, address: Pubkey) -> order_store.MatchedOrder:
        return self.read(order_store.MatchedOrder, address)

    # The end of an order, by order_processor's signature.

    def buyer_token(self, place: Place | None = None) -> Pubkey:
        """The buyer's associated token account, which is there afterwards."""
        return self.fund((place or self.place).mint, self.buyer.pubkey(), 0)

    def release_instruction(
        self, order: Pubkey, paid_floor: int, *, place: Place | None = None, terms_version: int = 1
    ) -> Instruction:
        place, stored = place or self.place, self.order(order)
        return market.release_escrowed_funds(
            processor_authority=order_processor.authority_address(),
            market=place.market,
            terms=place.terms(terms_version),
            order=order,
            ask=stored.ask,
            vault=market.vault_address(stored.ask),
            line=market.line_address(stored.line_id),
            buyer_token=associated_token_address(stored.buyer, place.mint),
            paid_floor_minor_units=paid_floor,
        )

    def return_instruction(
        self, order: Pubkey, reason: int, *, place: Place | None = None, terms_version: int = 1
    ) -> Instruction:
        place, stored = place or self.place, self.order(order)
        return market.return_escrowed_funds(
            processor_authority=order_processor.authority_address(),
            terms=place.terms(terms_version),
            order=order,
            ask=stored.ask,
            line=market.line_address(stored.line_id),
            book=place.book,
            reason=reason,
        )

    def reveal(self, order: Pubkey) -> None:
        """Move an order from Pending to AwaitingPayment."""
        self.accepted_unsigned(
            order_store.record_reveal(
                processor_authority=order_processor.authority_address(),
                order=order,
                revealed_at_unix_s=UNIX_TIME_S,
                pay_by_unix_s=UNIX_TIME_S + 1,
                prove_by_unix_s=UNIX_TIME_S + 2,
                reveal_ciphertext=b"\1" * 176,
            )
        )

    def confirm(self, order: Pubkey, paid_floor: int = DUE) -> None:
        """Move an order from Pending to PaymentConfirmed."""
        self.reveal(order)
        self.accepted_unsigned(
            order_store.update_status(
                processor_authority=order_processor.authority_address(),
                order=order,
                status=PAYMENT_CONFIRMED,
                now_unix_s=UNIX_TIME_S,
                nf=b"\1" * 32,
                paid_floor_minor_units=paid_floor,
                released_atoms=0,
            )
        )

    def send_unsigned(self, *instructions: Instruction) -> TransactionOutcome:
        """Send instructions that need a signature which no key can make: a program's authority is no key's address.

        The runtime is told not to look at signatures. Whoever should sign is then a signer, as when that program calls.
        """
        payer = self.authority
        message = Message.new_with_blockhash(list(instructions), payer.pubkey(), self.svm.latest_blockhash())
        others = [Signature.default()] * (message.header.num_required_signatures - 1)
        transaction = VersionedTransaction.populate(message, [payer.sign_message(bytes(message)), *others])
        runtime = self.svm._svm
        runtime.with_sigverify(False)
        try:
            return self.svm.send(transaction)
        finally:
            runtime.with_sigverify(True)

    def accepted_unsigned(self, *instructions: Instruction) -> TransactionOutcome:
        return self.send_unsigned(*instructions).require_success()

    def refused_unsigned(
        self, instruction: Instruction, code: type[TransactionRefusedError] | None = None
    ) -> TransactionOutcome:
        """Send what must be refused, for this reason if one is given, and change nothing but the payer's fee."""
        payer = self.authority.pubkey()
        before = self.svm.snapshot([meta.pubkey for meta in instruction.accounts])
        lamports = self.lamports(payer)
        raised = error_of(outcome := self.send_unsigned(instruction))
        if code is not None:
            assert type(raised) is code, f"{type(raised).__name__}: {raised}\n" + "\n".join(outcome.logs)
        signers = {payer} | {meta.pubkey for meta in instruction.accounts if meta.is_signer}
        assert self.lamports(payer) == lamports - FEE_PER_SIGNATURE * len(signers)
        after = self.svm.snapshot()
        assert {**after, payer: before[payer]} == before, "a refused instruction changed an account"
        return outcome


def prove(stmt: int, seed: str = "a proof") -> bytes:
    """A proof of this statement under the key "solvency", by its trapdoor."""
    return proof_to_bytes(measuring_key("solvency").prove([stmt], seed))
