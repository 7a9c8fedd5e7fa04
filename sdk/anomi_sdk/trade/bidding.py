"""A buyer's steps up to the match: attest the balance, prove solvency, send the bid.

The chain decides which of them is next. A proof is made for one sequence number of the line and one freshness window;
when another match or a settlement has moved these, or the market has new terms, the trade goes back to the step that it
needs, and no further.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from solders.pubkey import Pubkey

from anomi_core import identity, messages
from anomi_core.rails import pack_text
from anomi_core.registry import bitmap
from anomi_core.relations import check_solvency
from anomi_core.spec import AMOUNT_BITS, FRESHNESS_WINDOW_S, ISSUED_MIN_AGE_MAX_S, ISSUED_MIN_AGE_MIN_S
from anomi_core.statements import SolvencyWitness
from anomi_sdk.generated import market as market_program
from anomi_sdk.generated.market import SolvencyLine
from anomi_sdk.generated.order_store import order_address
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.refusals import error_for
from anomi_sdk.trade.amounts import AmountOutOfRangeError, due_ceil
from anomi_sdk.trade.book import BestMatch, best_match
from anomi_sdk.trade.buyer_steps import (
    Desk,
    Step,
    TradeLog,
    WaitFor,
    Waiting,
    attestations_of,
    quorum,
    require_proof_of,
    resend,
)
from anomi_sdk.trade.markets import (
    MarketView,
    TermsView,
    field_bytes,
    read_asks,
    read_current_terms,
    read_market,
    require_local_key,
)
from anomi_sdk.trade.orders import line_at, order_at
from anomi_sdk.trade.prepared import Audience, Disclosure, Prepared, sign
from anomi_sdk.trade.records import BalanceAttested, BidSigned, BidVoided, OrderMatched, SolvencyProven
from anomi_sdk.trade.reveal import require_usable_reveal_key
from anomi_sdk.trade.seams import BalanceClaim
from anomi_sdk.trade.tokens import associated_token_address, require_payable

__all__ = ["choose_issued_min", "landed_order", "plan_bid"]

CLOCK_MARGIN_S: Final = 30
"""A window begins so much earlier than it must: nodes' clocks differ."""

PROVING_SLACK_S: Final = 60
"""A window that is older than the oldest allowed, less this, would pass before a proof is made and sent."""

SENDING_SLACK_S: Final = 20
"""And this is enough for a proof that is made already."""


@dataclass(frozen=True)
class Sight:
    """What a bid depends on, as the chain has it now."""

    view: MarketView
    terms: TermsView
    line_id: int
    line: SolvencyLine
    best: BestMatch
    covered_minor_units: int
    now_unix_s: int


def plan_bid(desk: Desk, log: TradeLog) -> Step | Waiting | None:
    """Return the next step before the match, or None when the journal has moved and is to be looked at again.

    Raises MarketClosedError, VerifyingKeyForeignError, TokenAccountGivenAwayError, TokenAccountFrozenError,
    NoMatchError, AmountOutOfRangeError and what reading a market raises: all of them before anything is disclosed or
    paid.
    """
    order = landed_order(desk, log)
    if order is not None:
        log.write(order)
        return None
    if log.progress.bid is not None:
        again = resend(desk, "place_bid_order", log.progress.bid.transaction)
        if again is None:
            log.write(BidVoided("it did not go through, and never will"))
        return again
    sight = _look(desk, log)
    if sight.line.cooldown_until_unix_s > sight.now_unix_s:
        return Waiting(WaitFor.COOLDOWN, sight.line.cooldown_until_unix_s)
    if sight.line.fresh_after_unix_s > sight.now_unix_s:
        # A balance that is attested now would be too old for the program.
        return Waiting(WaitFor.SETTLEMENT, sight.line.fresh_after_unix_s)
    if _proof_fits(log, sight):
        return _bid_step(desk, log, sight)
    return _plan_proof(desk, log, sight)


def landed_order(desk: Desk, log: TradeLog) -> OrderMatched | None:
    """Return the order that one of this trade's bids has made, be it a bid that was given up for lost."""
    opened = log.progress.opened
    for bid in {bid.order: bid for bid in log.progress.bids}.values():
        found = order_at(desk.rpc, bid.order)
        if (
            found is not None
            and found.order.buyer == desk.buyer
            and opened.min_fill_atoms <= found.order.base_atoms <= opened.base_atoms
            and found.order.price <= opened.limit_price
        ):
            return OrderMatched(bid.order, bid.seq)
    return None


def choose_issued_min(issued_at_unix_s: int, fresh_after_unix_s: int, now_unix_s: int) -> int | None:
    """Return the start of the freshness window for an attestation, or None when no window fits it any more.

    It has to hold `issued_at`, be no older than the program takes, and not begin before the line's `fresh_after`. Where
    it would be too young for the program, the answer is right as soon as it is ISSUED_MIN_AGE_MIN_S old.
    """
    earliest = max(
        issued_at_unix_s - (FRESHNESS_WINDOW_S - 1),
        fresh_after_unix_s,
        now_unix_s - (ISSUED_MIN_AGE_MAX_S - PROVING_SLACK_S),
    )
    if earliest > issued_at_unix_s:
        return None
    return max(earliest, issued_at_unix_s - ISSUED_MIN_AGE_MIN_S - CLOCK_MARGIN_S)


def _look(desk: Desk, log: TradeLog) -> Sight:
    opened = log.progress.opened
    view = read_market(desk.rpc, desk.ref)
    terms = read_current_terms(desk.rpc, view)
    require_local_key(
        desk.rpc, terms.terms.solvency_key, desk.prover.verifying_key_hash("solvency"), circuit="solvency"
    )
    (token_account,) = desk.rpc.accounts([associated_token_address(desk.buyer, view.market.base_mint)])
    require_payable(token_account, desk.buyer)
    line_id = desk.identity.line_id(desk.ref.rail, opened.account, view.deployment)
    line = line_at(desk.rpc, field_bytes(line_id))
    now = desk.rpc.unix_time_s()
    best = best_match(
        read_asks(desk.rpc, view),
        buyer=desk.buyer,
        base_atoms=opened.base_atoms,
        limit_price=opened.limit_price,
        min_fill_atoms=opened.min_fill_atoms,
        terms_version=terms.terms.version,
        now_unix_s=now,
    )
    # For the dearest ask that the bid may meet: the best one may be gone when the bid arrives.
    covered = line.reserved_minor_units + due_ceil(opened.base_atoms, opened.limit_price, view.market.base_decimals)
    if covered >= 1 << AMOUNT_BITS:
        raise AmountOutOfRangeError("this bid and the line's reservations together do not fit 64 bits")
    return Sight(view, terms, line_id, line, best, covered, now)


def _plan_proof(desk: Desk, log: TradeLog, sight: Sight) -> Step | Waiting:
    """Return the way to a proof that fits: out of the recorded attestations while they last, else by new ones."""
    balance = log.progress.balance
    if balance is None or not _balance_fits(balance, sight):
        return _attest_step(desk, log, sight)
    issued_min = choose_issued_min(balance.issued_at_unix_s, sight.line.fresh_after_unix_s, sight.now_unix_s)
    if issued_min is None:
        return _attest_step(desk, log, sight)
    usable_from = issued_min + ISSUED_MIN_AGE_MIN_S
    if usable_from > sight.now_unix_s:
        return Waiting(WaitFor.FRESHNESS, usable_from)
    return _prove_step(desk, log, sight, balance, issued_min)


def _balance_fits(balance: BalanceAttested, sight: Sight) -> bool:
    return (
        balance.terms_version == sight.terms.terms.version and balance.covered_minor_units >= sight.covered_minor_units
    )


def _proof_fits(log: TradeLog, sight: Sight) -> bool:
    """Tell whether the recorded proof can still be used for a bid that is sent now."""
    proof, balance = log.progress.solvency, log.progress.balance
    return (
        proof is not None
        and balance is not None
        and _balance_fits(balance, sight)
        and proof.seq == sight.line.seq
        and proof.issued_min_unix_s >= sight.line.fresh_after_unix_s
        and ISSUED_MIN_AGE_MIN_S <= sight.now_unix_s - proof.issued_min_unix_s <= ISSUED_MIN_AGE_MAX_S - SENDING_SLACK_S
    )


def _attest_step(desk: Desk, log: TradeLog, sight: Sight) -> Step:
    rail, account = desk.ref.rail, log.progress.opened.account
    account_hash = desk.identity.account_hash(rail, account)
    discloses = (
        Disclosure(Audience.ATTESTORS, "the account", account),
        Disclosure(Audience.ATTESTORS, "that it holds at least this, in minor units", str(sight.covered_minor_units)),
        Disclosure(Audience.ATTESTORS, "a hash that hides the identity", f"{account_hash:064x}"),
    )

    def take() -> None:
        claim = BalanceClaim(
            deployment=sight.view.deployment,
            rail=rail.name,
            account=account,
            h=account_hash,
            balance_minor_units=sight.covered_minor_units,
            issued_at_unix_s=desk.rpc.unix_time_s(),
            nonce=identity.draw_secret(secrets.randbits),
        )
        message = messages.balance_message(
            deployment=claim.deployment,
            rail=rail.id(),
            idc=desk.identity.idc(rail, account),
            balance_minor_units=claim.balance_minor_units,
            issued_at_unix_s=claim.issued_at_unix_s,
            nonce=claim.nonce,
        )
        answers = desk.attestors.attest_balance(sight.terms.attestors, claim)
        log.write(
            BalanceAttested(
                terms_version=sight.terms.terms.version,
                covered_minor_units=claim.balance_minor_units,
                issued_at_unix_s=claim.issued_at_unix_s,
                nonce=claim.nonce,
                signatures=quorum(sight.terms.attestors, message, answers),
            )
        )

    return Step(Prepared("attest_balance", discloses), take)


def _prove_step(desk: Desk, log: TradeLog, sight: Sight, balance: BalanceAttested, issued_min: int) -> Step:
    rail, account = desk.ref.rail, log.progress.opened.account

    def take() -> None:
        witness = SolvencyWitness(
            deployment=sight.view.deployment,
            rail=rail.id(),
            market=bytes(sight.view.address),
            id_secret=desk.identity.id_secret,
            payer_account=pack_text(account),
            balance_minor_units=balance.covered_minor_units,
            issued_at_unix_s=balance.issued_at_unix_s,
            nonce=balance.nonce,
            attestations=attestations_of(sight.terms.attestors, balance.signatures),
        )
        statement = witness.statement(
            buyer=bytes(desk.buyer),
            covered_minor_units=balance.covered_minor_units,
            seq=sight.line.seq,
            issued_min_unix_s=issued_min,
            root=sight.terms.attestors.root,
        )
        check_solvency(statement, witness, depth=sight.terms.attestors.depth)
        proof = require_proof_of(desk.prover.prove_solvency(statement, witness), statement.stmt())
        log.write(SolvencyProven(proof, statement.seq, issued_min, statement.bitmap))

    return Step(Prepared("prove_solvency", ()), take)


def _bid_step(desk: Desk, log: TradeLog, sight: Sight) -> Step:
    opened, proof, balance = log.progress.opened, log.progress.solvency, log.progress.balance
    assert proof is not None  # noqa: S101 -- `_proof_fits` has said so
    assert balance is not None  # noqa: S101
    order = order_address(sight.view.address, field_bytes(sight.line_id), proof.seq)
    reveal_key = bytes(desk.identity.reveal_private_key(sight.view.deployment, sight.line_id, proof.seq).public_key)
    require_usable_reveal_key(reveal_key)
    instruction = market_program.place_bid_order(
        buyer=desk.buyer,
        payer=desk.fee_payer.pubkey(),
        market=sight.view.address,
        terms=sight.terms.address,
        book=sight.view.market.book,
        ask=sight.best.ask.ask,
        line=market_program.line_address(field_bytes(sight.line_id)),
        order=order,
        solvency_key=sight.terms.terms.solvency_key,
        market_authority=market_program.authority_address(),
        proof=proof.proof,
        line_id=field_bytes(sight.line_id),
        reveal_key=reveal_key,
        base_atoms=opened.base_atoms,
        limit_price=opened.limit_price,
        min_fill_atoms=opened.min_fill_atoms,
        covered_minor_units=balance.covered_minor_units,
        issued_min_unix_s=proof.issued_min_unix_s,
        bitmap=proof.bitmap,
    )
    prepared = desk.till.prepare("place_bid_order", instruction, discloses=_bid_discloses(desk, sight, balance))
    return Step(prepared, lambda: _send_bid(desk, log, prepared, order, proof.seq))


def _send_bid(desk: Desk, log: TradeLog, prepared: Prepared, order: Pubkey, seq: int) -> TransactionOutcome:
    """Simulate the signed bid, write it down, and only then send it."""
    transaction = sign(prepared, desk.wallets)
    desk.rpc.simulate(transaction).require_success()
    log.write(BidSigned(order, seq, bytes(transaction)), claim=order)
    outcome = desk.rpc.send(transaction)
    if outcome.failure is not None:
        log.write(BidVoided(outcome.failure.reason))
        raise error_for(outcome.failure, outcome.logs)
    log.write(OrderMatched(order, seq))
    return outcome


def _bid_discloses(desk: Desk, sight: Sight, balance: BalanceAttested) -> tuple[Disclosure, ...]:
    signers = f"{bitmap(index for index, *_ in balance.signatures):b}"
    return (
        Disclosure(Audience.CHAIN, "the buyer's wallet", str(desk.buyer)),
        Disclosure(Audience.CHAIN, "the account's pseudonym in this deployment", field_bytes(sight.line_id).hex()),
        Disclosure(Audience.CHAIN, "that a balance covers this, in minor units", str(balance.covered_minor_units)),
        Disclosure(Audience.CHAIN, "the ask that is taken", str(sight.best.ask.ask)),
        Disclosure(Audience.CHAIN, "tokens and price", f"{sight.best.fill_atoms} atoms at {sight.best.ask.price}"),
        Disclosure(Audience.CHAIN, "which attestors signed", signers),
    )
