"""finalize_trade: a proof of payment releases what it pays for, to the buyer, once."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from solders.account import Account
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from anomi_core.field import FR_MODULUS
from anomi_core.spec import CLOCK_SKEW_S
from anomi_core.statements import PaymentStatement
from anomi_sdk.events import events_of
from anomi_sdk.generated import groth16_verifier_errors, market, market_errors, order_processor, order_store
from anomi_sdk.generated import order_processor_errors as errors
from anomi_sdk.trade.tokens import TOKEN_PROGRAM, associated_token_address, create_associated_token
from tests.programs.market.bid.world import DUE, BidArgs, line_id
from tests.programs.market.world import BASE_ATOMS, FEE_BPS, MIN_FILL_ATOMS, PRICE, AskArgs, Place
from tests.programs.order_processor.world import (
    AWAITING,
    BID,
    CONFIRMED,
    PAY_BY,
    PAYMENT,
    PROVE_BY,
    SETTLED,
    TRANSFER,
    Payment,
    TradeWorld,
    nf,
    prove,
)
from tests.programs.world import UNIX_TIME_S, with_account

FEE_ATOMS = BASE_ATOMS * FEE_BPS // 10_000


def set_owner(account: Pubkey, owner: Pubkey, new_owner: Pubkey) -> Instruction:
    metas = [AccountMeta(account, False, True), AccountMeta(owner, True, False)]
    return Instruction(TOKEN_PROGRAM, bytes([6, 2, 1]) + bytes(new_owner), metas)


def close(account: Pubkey, owner: Pubkey) -> Instruction:
    metas = [AccountMeta(account, False, True), AccountMeta(owner, False, True), AccountMeta(owner, True, False)]
    return Instruction(TOKEN_PROGRAM, bytes([9]), metas)


def test_a_proven_payment_settles_the_order(world: TradeWorld) -> None:
    order = world.revealed()
    before = world.order(order)
    now = UNIX_TIME_S + 3_600
    world.svm.set_unix_time(now)
    outcome = world.finalized(order)
    assert world.order(order) == replace(
        before,
        status=SETTLED,
        resolved_at_unix_s=now,
        paid_floor_minor_units=DUE,
        released_atoms=BASE_ATOMS,
        nf=TRANSFER,
    )
    assert world.nullifier(TRANSFER) == order_processor.Nullifier(nf=TRANSFER, order=order)
    assert events_of(outcome) == (
        order_store.StatusUpdated(order=order, from_status=AWAITING, to_status=CONFIRMED),
        market.FundsReleased(
            order=order,
            ask=before.ask,
            buyer_atoms=BASE_ATOMS - FEE_ATOMS,
            fee_atoms=FEE_ATOMS,
            returned_atoms=0,
        ),
        order_store.StatusUpdated(order=order, from_status=CONFIRMED, to_status=SETTLED),
        order_processor.TradeFinalized(order=order, nf=TRANSFER, paid_floor_minor_units=DUE, released_atoms=BASE_ATOMS),
    )
    assert world.balance(associated_token_address(world.buyer.pubkey(), world.place.mint)) == BASE_ATOMS - FEE_ATOMS
    assert world.balance(market.vault_address(before.ask)) == FEE_ATOMS
    line = world.read(market.SolvencyLine, market.line_address(before.line_id))
    assert (line.reserved_minor_units, line.fresh_after_unix_s, line.strikes) == (0, now + CLOCK_SKEW_S, 0)


LEAST = MIN_FILL_ATOMS * PRICE // 10**6
"""What is due for the ask's smallest fill."""


@pytest.mark.parametrize("paid", [LEAST, LEAST + 1, DUE // 3, DUE - 1, DUE, DUE + 1, 2**64 - 1])
def test_a_payment_releases_what_it_pays_for(world: TradeWorld, paid: int) -> None:
    order = world.revealed()
    before = world.order(order)
    assert before.paid_min_minor_units == LEAST
    world.finalized(order, Payment(paid_floor_minor_units=paid))
    released = BASE_ATOMS * min(paid, DUE) // DUE
    fee = released * FEE_BPS // 10_000
    after = world.order(order)
    assert (after.released_atoms, after.paid_floor_minor_units) == (released, paid)
    ask = world.read(market.Ask, before.ask)
    assert (ask.released_atoms, ask.fees_atoms, ask.returned_atoms) == (released - fee, fee, BASE_ATOMS - released)
    token = associated_token_address(world.buyer.pubkey(), world.place.mint)
    assert world.balance(token) == released - fee
    assert world.balance(token) + world.balance(ask.vault) == BASE_ATOMS
    line = world.read(market.SolvencyLine, market.line_address(before.line_id))
    assert (line.reserved_minor_units, line.strikes) == (0, int(paid < DUE))


@pytest.mark.parametrize("paid", [0, 1, LEAST - 1])
def test_a_payment_below_the_least_is_refused(world: TradeWorld, paid: int) -> None:
    order = world.revealed()
    call = world.finalize_instruction(order, Payment(paid_floor_minor_units=paid))
    world.refused(call, code=errors.PaidBelowMinimumError)


def test_every_public_value_altered_by_one_is_refused(world: TradeWorld) -> None:
    """The program takes none of them from the proof's bringer: a proof of any other statement proves nothing here."""
    order = world.revealed()
    statement = world.payment_statement(order, PAYMENT)
    altered = 0
    for name in [entry.name for entry in fields(PaymentStatement)]:
        for step in (-1, 1):
            other = replace(statement, **{name: getattr(statement, name) + step})
            call = world.finalize_instruction(order, proof=prove(other.stmt()))
            world.refused(call, code=groth16_verifier_errors.ProofInvalidError)
            altered += 1
    assert altered == 20
    world.accepted(world.finalize_instruction(order, proof=prove(statement.stmt())))


@pytest.mark.parametrize(
    "changed",
    [
        Payment(nf=nf("another transfer")),
        Payment(paid_floor_minor_units=DUE - 1),
        Payment(paid_floor_minor_units=DUE + 1),
        Payment(bitmap=0b101),
        Payment(bitmap=0b110),
    ],
    ids=lambda payment: f"{payment.nf.hex()[:4]} {payment.paid_floor_minor_units} {payment.bitmap}",
)
def test_every_argument_is_what_the_proof_says(world: TradeWorld, changed: Payment) -> None:
    order = world.revealed()
    proof = prove(world.payment_statement(order, PAYMENT).stmt())
    world.refused(
        world.finalize_instruction(order, changed, proof=proof), code=groth16_verifier_errors.ProofInvalidError
    )
    world.accepted(world.finalize_instruction(order, PAYMENT, proof=proof))


STATE: dict[str, object] = {
    "order_id": 2,
    "revealed_at_unix_s": UNIX_TIME_S + 1,
    "pay_by_unix_s": PAY_BY + 1,
    "payee_commit": (12346).to_bytes(32, "big"),
}


@pytest.mark.parametrize("name", STATE)
def test_every_value_of_the_order_is_in_the_statement(world: TradeWorld, name: str) -> None:
    order = world.revealed()
    call = world.finalize_instruction(order)
    world.edit_order(order, **{name: STATE[name]})
    world.refused(call, code=groth16_verifier_errors.ProofInvalidError)


def test_the_root_and_the_domain_are_in_the_statement(world: TradeWorld) -> None:
    order = world.revealed()
    call = world.finalize_instruction(order)
    other = (7).to_bytes(32, "big")
    root = world.read(market.Terms, world.place.terms()).attestor_root
    world.edit(market.Terms, world.place.terms(), attestor_root=other)
    world.refused(call, code=groth16_verifier_errors.ProofInvalidError)
    world.edit(market.Terms, world.place.terms(), attestor_root=root)
    world.edit(market.Market, world.place.market, domain_payment=other)
    world.refused(call, code=groth16_verifier_errors.ProofInvalidError)


def test_a_proof_that_is_none_is_refused(world: TradeWorld) -> None:
    order = world.revealed()
    proof = prove(world.payment_statement(order, PAYMENT).stmt())
    for at, error in (
        (0, groth16_verifier_errors.ProofPointInvalidError),
        (100, groth16_verifier_errors.ProofPointInvalidError),
        (255, groth16_verifier_errors.ProofPointInvalidError),
    ):
        spoiled = proof[:at] + bytes([proof[at] ^ 1]) + proof[at + 1 :]
        world.refused(world.finalize_instruction(order, proof=spoiled), code=error)
    world.refused(
        world.finalize_instruction(order, proof=bytes(256)), code=groth16_verifier_errors.ProofPointAtInfinityError
    )
    flagged = proof[:32] + bytes([proof[32] | 0x40]) + proof[33:]
    world.refused(world.finalize_instruction(order, proof=flagged), code=groth16_verifier_errors.ProofFlagBitsSetError)


@pytest.mark.parametrize("bitmap", [0, 0b001, 0b010, 0b111, 0b1001, 0b1000, 0b1_0000_001, 0xFF])
def test_a_bitmap_names_k_of_the_n_attestors(world: TradeWorld, bitmap: int) -> None:
    order = world.revealed()
    call = world.finalize_instruction(order, Payment(bitmap=bitmap), proof=bytes(256))
    world.refused(call, code=errors.BitmapInvalidError)


@pytest.mark.parametrize("bitmap", [0b011, 0b101, 0b110])
def test_any_k_of_the_n_attestors_do(world: TradeWorld, bitmap: int) -> None:
    order = world.revealed()
    world.finalized(order, Payment(bitmap=bitmap))
    assert world.status(order) == SETTLED


@pytest.mark.parametrize("value", [0, FR_MODULUS, 2**256 - 1], ids=["zero", "r", "2^256 - 1"])
def test_a_nullifier_is_a_number_of_the_field_and_not_zero(world: TradeWorld, value: int) -> None:
    order = world.revealed()
    call = world.finalize_instruction(order, Payment(nf=value.to_bytes(32, "big")), proof=bytes(256))
    world.refused(call, code=errors.FieldElementNotCanonicalError)


@pytest.mark.parametrize("value", [1, FR_MODULUS - 1], ids=["one", "r - 1"])
def test_the_extremes_of_a_nullifier_are_taken(world: TradeWorld, value: int) -> None:
    order = world.revealed()
    spent = value.to_bytes(32, "big")
    world.finalized(order, Payment(nf=spent))
    assert world.nullifier(spent).order == order


# Replays.


def test_a_transfer_settles_one_order(world: TradeWorld) -> None:
    first, second = world.revealed(), world.revealed()
    world.finalized(first)
    # With the first order's proof, and with a proof of its own.
    replayed = prove(world.payment_statement(first, PAYMENT).stmt())
    for proof in (replayed, None):
        call = world.finalize_instruction(second, proof=proof)
        world.refused(call, code=errors.NullifierAlreadySpentError)
    world.finalized(second, Payment(nf=nf("another transfer")))
    assert (world.nullifier(TRANSFER).order, world.nullifier(nf("another transfer")).order) == (first, second)


def test_a_transfer_settles_one_order_whatever_line_proves_it(world: TradeWorld) -> None:
    """A fiat account whose owner has two identities has two lines; each proves the same transfer, and one is paid."""
    first = world.revealed(bid=BidArgs(line_id=line_id("of one identity")))
    second = world.revealed(bid=BidArgs(line_id=line_id("of another identity")))
    call = world.finalize_instruction(second)
    world.finalized(first)
    world.refused(call, code=errors.NullifierAlreadySpentError)
    assert (world.status(second), world.nullifier(TRANSFER).order) == (AWAITING, first)


def test_a_transfer_settles_one_order_in_all_markets_of_its_rail(world: TradeWorld) -> None:
    place = world.initialize_market(world.mint())
    world.publish_terms(place=place)
    first = world.revealed(place=place, bid=BidArgs(line_id=line_id("elsewhere")))
    second = world.revealed()
    world.finalized(first)
    world.refused(world.finalize_instruction(second), code=errors.NullifierAlreadySpentError)


def test_the_place_of_the_mark_is_not_chosen(world: TradeWorld) -> None:
    """The nullifier in the word's place, the word in the nullifier's, and either in both."""
    order = world.revealed()
    call = world.finalize_instruction(order)
    nullifier, word = order_processor.nullifier_address(TRANSFER), order_processor.word_address(BID.line_id, TRANSFER)
    places = [meta.pubkey for meta in call.accounts].index(nullifier)
    assert call.accounts[places + 1].pubkey == word
    for first, second, error in (
        (word, nullifier, errors.NullifierAddressMismatchError),
        (word, word, errors.NullifierAddressMismatchError),
        (nullifier, nullifier, errors.WordAddressMismatchError),
    ):
        swapped = with_account(with_account(call, places, pubkey=first), places + 1, pubkey=second)
        world.refused(swapped, code=error)
    world.accepted(call)


def test_an_attestation_that_is_dated_ahead_does_not_outlive_a_settlement(world: TradeWorld) -> None:
    """Attestors sign times up to 120 s ahead: one of those could show the balance from before once more."""
    world.finalized(world.revealed())
    ask, ahead = world.ask(), UNIX_TIME_S + CLOCK_SKEW_S
    world.svm.set_unix_time(ahead + 8)
    bid = world.bid_instruction(ask, replace(BID, issued_min_unix_s=ahead - 1))
    world.bid_refused(bid, market_errors.AttestationBeforeSettlementError)
    world.place_bid(ask, replace(BID, issued_min_unix_s=ahead))


def test_a_proof_settles_its_order_only(world: TradeWorld) -> None:
    first, second = world.revealed(), world.revealed()
    proof = prove(world.payment_statement(first, PAYMENT).stmt())
    world.refused(world.finalize_instruction(second, proof=proof), code=groth16_verifier_errors.ProofInvalidError)


def test_a_settled_order_is_settled_once(world: TradeWorld) -> None:
    order = world.revealed()
    world.finalized(order)
    for transfer in (TRANSFER, nf("another transfer")):
        call = world.finalize_instruction(order, Payment(nf=transfer))
        world.refused(call, code=errors.OrderStatusMismatchError)


@pytest.mark.parametrize("lamports", [1, 1_391_999, 1_392_000, 10**9])
def test_lamports_at_the_nullifiers_address_do_not_block_it(world: TradeWorld, lamports: int) -> None:
    order = world.revealed()
    address = order_processor.nullifier_address(TRANSFER)
    rent = world.svm.minimum_balance_lamports(order_processor.NULLIFIER_BYTES)
    assert rent == 1_392_000
    world.svm.set_account(address, Account(lamports, b"", Pubkey.default()))
    world.finalized(order)
    assert world.lamports(address) == max(rent, lamports)
    assert world.nullifier(TRANSFER).order == order


def test_anyone_brings_the_proof_and_pays_the_nullifiers_rent_only(world: TradeWorld) -> None:
    order = world.revealed()
    stranger = world.user()
    before = world.lamports(stranger.pubkey())
    call = world.finalize_instruction(order, payer=stranger.pubkey())
    world.accepted(call, signers=[stranger])
    rent = world.svm.minimum_balance_lamports(order_processor.NULLIFIER_BYTES)
    assert world.lamports(stranger.pubkey()) == before - rent
    assert world.order(order).buyer == world.buyer.pubkey()


# Time.


@pytest.mark.parametrize("now", [UNIX_TIME_S, PAY_BY + 121, PROVE_BY - 1, PROVE_BY])
def test_a_proof_is_in_time(world: TradeWorld, now: int) -> None:
    order = world.revealed()
    world.svm.set_unix_time(now)
    world.finalized(order)
    assert world.order(order).resolved_at_unix_s == now


@pytest.mark.parametrize("extension_s", [0, 1, 7 * 86_400])
def test_a_proof_is_refused_a_second_late(world: TradeWorld, extension_s: int) -> None:
    order = world.revealed()
    world.edit(market.Terms, world.place.terms(), claim_extension_s=extension_s)
    world.svm.set_unix_time(PROVE_BY + extension_s + 1)
    world.refused(world.finalize_instruction(order), code=errors.ProveTooLateError)
    world.svm.set_unix_time(PROVE_BY + extension_s)
    world.finalized(order)


@pytest.mark.parametrize("revoked_at", [1, UNIX_TIME_S, 2**64 - 1])
def test_revoked_terms_stop_proofs(world: TradeWorld, revoked_at: int) -> None:
    order = world.revealed()
    world.edit(market.Terms, world.place.terms(), revoked_at_unix_s=revoked_at, claim_extension_s=7 * 86_400)
    world.refused(world.finalize_instruction(order), code=errors.TermsRevokedError)
    world.svm.set_unix_time(PROVE_BY + 7 * 86_400)
    world.edit(market.Terms, world.place.terms(), revoked_at_unix_s=0)
    world.finalized(order)


def test_a_paused_market_settles(world: TradeWorld) -> None:
    order = world.revealed()
    world.edit(market.Market, world.place.market, paused=True)
    world.finalized(order)


def test_states_that_no_program_reaches_are_refused(world: TradeWorld) -> None:
    order = world.revealed()
    world.edit_order(order, prove_by_unix_s=2**64 - 1)
    world.edit(market.Terms, world.place.terms(), claim_extension_s=1)
    world.refused(world.finalize_instruction(order), code=errors.ArithmeticOverflowError)
    world.edit_order(order, prove_by_unix_s=PROVE_BY, pay_by_unix_s=2**64 - 120)
    world.refused(world.finalize_instruction(order, proof=bytes(256)), code=errors.ArithmeticOverflowError)
    world.edit_order(order, pay_by_unix_s=2**40 - 120)
    world.refused(world.finalize_instruction(order, proof=bytes(256)), code=errors.ArithmeticOverflowError)
    world.edit_order(order, pay_by_unix_s=PAY_BY, due_minor_units=0, paid_min_minor_units=0)
    world.refused(world.finalize_instruction(order), code=errors.ArithmeticOverflowError)


# The buyer's token account.


def test_a_closed_token_account_is_opened_again(world: TradeWorld) -> None:
    order = world.revealed()
    buyer = world.buyer.pubkey()
    token = associated_token_address(buyer, world.place.mint)
    world.accepted(close(token, buyer), signers=[world.buyer])
    call = world.finalize_instruction(order)
    world.refused(call, code=market_errors.TokenAccountInvalidError)
    world.accepted(create_associated_token(world.authority.pubkey(), buyer, world.place.mint), call)
    assert world.balance(token) == BASE_ATOMS - FEE_ATOMS


def test_a_token_account_that_the_buyer_gave_away_is_refused(world: TradeWorld) -> None:
    order = world.revealed()
    buyer, thief = world.buyer.pubkey(), world.user()
    token = associated_token_address(buyer, world.place.mint)
    world.accepted(set_owner(token, buyer, thief.pubkey()), signers=[world.buyer])
    world.refused(world.finalize_instruction(order), code=market_errors.TokenAccountOwnerMismatchError)
    world.accepted(set_owner(token, thief.pubkey(), buyer), signers=[thief])
    world.finalized(order)


def test_no_other_token_account_is_paid(world: TradeWorld) -> None:
    order = world.revealed()
    call = world.finalize_instruction(order)
    stranger = world.user()
    others = (
        world.token_account(world.place.mint, world.buyer.pubkey()),
        world.fund(world.place.mint, stranger.pubkey(), 0),
        associated_token_address(world.seller_of(order).pubkey(), world.place.mint),
        market.vault_address(world.order(order).ask),
    )
    for other in others:
        world.refused(with_account(call, 7, pubkey=other), code=market_errors.TokenAccountAddressMismatchError)


def test_a_frozen_token_account_gets_nothing_and_loses_nothing(world: TradeWorld) -> None:
    place: Place = world.initialize_market(world.mint(freezable=True))
    world.publish_terms(place=place)
    order = world.revealed(AskArgs(), BidArgs(line_id=line_id("elsewhere")), place)
    token = associated_token_address(world.buyer.pubkey(), place.mint)
    world.freeze(place.mint, token)
    outcome = world.refused(world.finalize_instruction(order))
    assert outcome.failure is not None
    assert (outcome.failure.program_id, outcome.failure.code) == (TOKEN_PROGRAM, 17)
    assert world.status(order) == AWAITING
