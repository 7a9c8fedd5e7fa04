"""A whole market with people in it: a bank, attestors, a seller, a buyer, and a prover that knows the trapdoors."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nacl.pwhash import argon2id
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_core import eddsa
from anomi_core.eddsa import Signature
from anomi_core.groth16.solana import proof_to_bytes, verifying_key_body
from anomi_core.registry import AttestorSet
from anomi_core.statements import PaymentStatement, PaymentWitness, SolvencyStatement, SolvencyWitness
from anomi_sdk.generated import market
from anomi_sdk.generated.market import Ask, SolvencyLine, line_address
from anomi_sdk.generated.order_store import order_address
from anomi_sdk.programs import BuiltProgram, load_program
from anomi_sdk.trade.buyer import Bid, Buyer
from anomi_sdk.trade.journal import Journal
from anomi_sdk.trade.markets import MarketRef
from anomi_sdk.trade.seams import BalanceClaim, MadeProof, ReceiptClaim
from anomi_sdk.trade.seller import AskTerms, Seller
from anomi_sdk.trade.settlement import Settler
from anomi_sdk.trade.tokens import associated_token_address
from anomi_sdk.trade.vault import Identity, KdfCost, LinkedAccount
from anomi_services.attestor.attestor import Attestor, BalanceRequest, ReceiptRequest
from anomi_services.attestor.ledger import BankLedger
from tests.programs.market.world import (
    BASE_ATOMS,
    EXPIRY_UNIX_S,
    PRICE,
    RAIL,
    MarketWorld,
    attestor_secret,
    measuring_key,
)

ROOT = Path(__file__).resolve().parents[4]
PROGRAMS = ROOT / "build" / "programs"
NAMES = ("groth16_verifier", "market", "order_store", "order_processor")

CHEAP = KdfCost(passes=argon2id.OPSLIMIT_MIN, memory_bytes=argon2id.MEMLIMIT_MIN)
"""So that a test does not spend a second on a passphrase."""

ALI_ACCOUNT, FARZAN_ACCOUNT = "923001234567", "923459876543"
PASSWORD = "pin"
FARZAN_BALANCE = 3_000_000
DUE = 2_850_000
"""28,500 PKR in paisa: 100 tokens at 285 PKR."""
ALI = Identity(0xA11 << 200, (LinkedAccount(RAIL.name, ALI_ACCOUNT),))
FARZAN = Identity(0xFA2 << 200, (LinkedAccount(RAIL.name, FARZAN_ACCOUNT),))


def trade_programs() -> tuple[BuiltProgram, ...]:
    return tuple(load_program(PROGRAMS, name) for name in NAMES)


@dataclass
class TrapdoorProver:
    """Proves anything, by the trapdoor of the measuring keys, and counts what it was asked."""

    calls: list[str] = field(default_factory=list)

    def verifying_key_hash(self, circuit: str) -> bytes:
        return hashlib.sha256(verifying_key_body(measuring_key(circuit).verifying_key)).digest()

    def prove_solvency(self, statement: SolvencyStatement, witness: SolvencyWitness) -> MadeProof:  # noqa: ARG002
        return self._prove("solvency", statement.stmt())

    def prove_payment(self, statement: PaymentStatement, witness: PaymentWitness) -> MadeProof:  # noqa: ARG002
        return self._prove("payment", statement.stmt())

    def _prove(self, circuit: str, stmt: int) -> MadeProof:
        self.calls.append(circuit)
        return MadeProof(proof_to_bytes(measuring_key(circuit).prove([stmt], f"proof {len(self.calls)}")), stmt)


class Bank:
    """A bank ledger, and three attestors that look into it with the holder's password."""

    def __init__(self, deployment: int, clock: Callable[[], int], folder: Path | None = None) -> None:
        def path(name: str) -> Path | str:
            return ":memory:" if folder is None else folder / name

        self.ledger = BankLedger(path("bank.db"))
        self.calls: list[str] = []
        self._attestors = {
            index: Attestor(
                attestor_secret(index),
                ledger=self.ledger,
                rail=RAIL,
                deployments=frozenset({deployment}),
                clock=clock,
                state=path(f"attestor-{index}.db"),
            )
            for index in range(3)
        }

    def open_accounts(self) -> None:
        self.ledger.open_account(ALI_ACCOUNT, "Ali", PASSWORD, 0)
        self.ledger.open_account(FARZAN_ACCOUNT, "Farzan", PASSWORD, FARZAN_BALANCE)

    def attest_balance(self, attestors: AttestorSet, claim: BalanceClaim) -> Mapping[int, Signature]:
        self.calls.append("balance")
        request = BalanceRequest(
            deployment=claim.deployment,
            account=claim.account,
            password=PASSWORD,
            h=claim.h,
            balance_minor_units=claim.balance_minor_units,
            issued_at_unix_s=claim.issued_at_unix_s,
            nonce=claim.nonce,
        )
        return self._ask(attestors, lambda attestor: attestor.attest_balance(request))

    def attest_receipt(self, attestors: AttestorSet, claim: ReceiptClaim) -> Mapping[int, Signature]:
        self.calls.append("receipt")
        request = ReceiptRequest(
            deployment=claim.deployment,
            account=claim.account,
            password=PASSWORD,
            h=claim.h,
            payee_account=claim.payee_account,
            amount_minor_units=claim.amount_minor_units,
            paid_at_unix_s=claim.paid_at_unix_s,
            txid=claim.txid,
            nonce=claim.nonce,
        )
        return self._ask(attestors, lambda attestor: attestor.attest_receipt(request))

    def _ask(self, attestors: AttestorSet, ask: Callable[[Attestor], eddsa.Signature]) -> Mapping[int, eddsa.Signature]:
        # Two of the three answer; a real client would go on to the third when one refuses.
        return {index: ask(self._attestors[index]) for index in list(self._attestors)[: attestors.k]}


@dataclass
class WorldClock:
    """A clock that is the embedded runtime's own; sleeping moves it."""

    world: MarketWorld
    slept_s: float = 0

    def unix_time_s(self) -> int:
        return self.world.svm.unix_time_s()

    def sleep(self, seconds: float) -> None:
        self.slept_s += seconds
        self.world.svm.set_unix_time(self.world.svm.unix_time_s() + max(1, round(seconds)))


class TradeWorld(MarketWorld):
    """One market under its first terms, and the people of a trade. Ali sells, Farzan buys."""

    def __init__(self, folder: Path, programs: tuple[BuiltProgram, ...]) -> None:
        super().__init__(programs)
        place = self.open_market()
        self.folder = folder
        self.ref = MarketRef(place.mint, RAIL)
        self.clock = WorldClock(self)
        self.ali = self.seller()
        self.farzan = self.user()
        self.deployment = int.from_bytes(self.read(market.Config, market.config_address()).deployment, "big")
        self.bank = Bank(self.deployment, self.clock.unix_time_s)
        self.bank.open_accounts()
        self.prover = TrapdoorProver()

    def seller_client(self, wallet: Keypair | None = None, identity: Identity = ALI) -> Seller:
        return Seller(self.svm, self.ref, identity=identity, wallet=wallet or self.ali)

    def settler(self) -> Settler:
        return Settler(self.svm, self.authority)

    def buyer(
        self,
        journal: Path | None = None,
        *,
        wallet: Keypair | None = None,
        fee_payer: Keypair | None = None,
        micro_lamports_per_unit: int = 0,
    ) -> Buyer:
        """A buyer's client as a new process would make it."""
        return Buyer(
            self.svm,
            self.ref,
            identity=FARZAN,
            wallet=wallet or self.farzan,
            journal=Journal(journal or self.folder / "journal.db", FARZAN.journal_key()),
            prover=self.prover,
            attestors=self.bank,
            clock=self.clock,
            fee_payer=fee_payer,
            micro_lamports_per_unit=micro_lamports_per_unit,
        )

    def ask_terms(self, **changes: object) -> AskTerms:
        values: dict[str, object] = {
            "account": ALI_ACCOUNT,
            "base_atoms": BASE_ATOMS,
            "price": PRICE,
            "min_fill_atoms": BASE_ATOMS // 10,
            "client_nonce": 1,
            "expiry_unix_s": EXPIRY_UNIX_S,
        }
        return AskTerms(**{**values, **changes})  # type: ignore[arg-type]

    def pay(self, amount: int = DUE, txid: str = "0012345678901") -> dict[str, object]:
        """Farzan pays Ali at the bank; what he then knows of it."""
        now = self.svm.unix_time_s()
        canonical = RAIL.canonical_txid(txid)
        self.bank.ledger.transfer(canonical, FARZAN_ACCOUNT, ALI_ACCOUNT, amount, now)
        return {"txid": txid, "amount_minor_units": amount, "paid_at_unix_s": now}

    def tokens(self, owner: Pubkey) -> int:
        return self.balance(associated_token_address(owner, self.ref.base_mint))

    def line_id(self) -> bytes:
        return FARZAN.line_id(RAIL, FARZAN_ACCOUNT, self.deployment).to_bytes(32, "big")

    def line(self) -> SolvencyLine:
        return self.read(SolvencyLine, line_address(self.line_id()))

    def edit_line(self, **changes: object) -> None:
        """Write fields of Farzan's line past every rule."""
        self.edit(SolvencyLine, line_address(self.line_id()), **changes)

    def order_address(self, seq: int) -> Pubkey:
        """Where Farzan's order of this sequence number stands."""
        return order_address(self.place.market, self.line_id(), seq)

    def ask(self, client_nonce: int = 1) -> Ask:
        return self.read(Ask, self.place.ask(self.ali.pubkey(), client_nonce))

    def bid(self, **changes: object) -> Bid:
        values: dict[str, object] = {
            "account": "0345 9876543",
            "base_atoms": BASE_ATOMS,
            "limit_price": PRICE,
            "min_fill_atoms": BASE_ATOMS,
        }
        return Bid(**{**values, **changes})  # type: ignore[arg-type]
