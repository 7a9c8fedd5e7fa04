"""Payment: each named check refuses what it must and accepts the edge, before relation, generator and R1CS.

Every false claim is false in one way only; what else depends on the change was made anew (support/claims.py).
"""

from __future__ import annotations

from dataclasses import replace

from anomi_core import identity
from anomi_core.field import FR_MODULUS
from anomi_core.spec import TAG_PAYMENT, TAG_SOLVENCY
from tests.circuits.support import attacks
from tests.circuits.support.claims import DEPLOYMENT, MARKET, NOW, RAIL, honest_attestors
from tests.circuits.support.judges import Bench
from tests.circuits.support.signers import Signer, Tree

ATTESTORS = "Attestors are distinct and registered"
RECEIPT = "Receipt is for this account and deployment"
DOMAIN = "Domain opens to this deployment, rail and market"
PAYER = "Payer is the bidder"
PAYEE = "Payee is the seller"
AMOUNT = "Amount reaches the floor"
WINDOW = "Paid inside the window"
NULLIFIER = "Nullifier names the transfer"
STATEMENT = "Statement binds every public value"

AMOUNT_MAX = 2**64 - 1
TIME_MAX = 2**40 - 1


def test_honest_claim_is_accepted(payment: Bench) -> None:
    payment.accepts()


# Attestors are distinct and registered


def test_attestors_are_distinct_and_registered_accepts_the_first_leaves(payment: Bench) -> None:
    payment.accepts(attestors=attacks.at_leaves(payment.preset, *range(payment.preset.k)))


def test_attestors_are_distinct_and_registered_accepts_the_last_leaves(payment: Bench) -> None:
    leaves = 2**payment.preset.depth
    payment.accepts(attestors=attacks.at_leaves(payment.preset, *range(leaves - payment.preset.k, leaves)))


def test_attestors_are_distinct_and_registered_accepts_the_first_and_the_last_leaf(payment_quorum: Bench) -> None:
    preset = payment_quorum.preset
    middle = range(1, preset.k - 1)
    payment_quorum.accepts(attestors=attacks.at_leaves(preset, 0, *middle, 2**preset.depth - 1))


def test_attestors_are_distinct_and_registered_refuses_a_stranger_first(payment: Bench) -> None:
    payment.refuses(ATTESTORS, attestors=attacks.stranger_signs(payment.preset))


def test_attestors_are_distinct_and_registered_refuses_a_stranger_last(payment_quorum: Bench) -> None:
    stranger = attacks.stranger_signs(payment_quorum.preset, payment_quorum.preset.k - 1)
    payment_quorum.refuses(ATTESTORS, attestors=stranger)


def test_attestors_are_distinct_and_registered_refuses_one_attestor_twice(payment_quorum: Bench) -> None:
    payment_quorum.refuses(ATTESTORS, attestors=attacks.one_attestor_twice(payment_quorum.preset))


def test_attestors_are_distinct_and_registered_refuses_decreasing_order(payment_quorum: Bench) -> None:
    payment_quorum.refuses(ATTESTORS, attestors=attacks.backwards(payment_quorum.preset))


def test_attestors_are_distinct_and_registered_refuses_each_two_in_the_wrong_order(payment_quorum: Bench) -> None:
    honest = honest_attestors(payment_quorum.preset)
    for i in range(1, len(honest.indices)):
        indices = list(honest.indices)
        indices[i - 1 : i + 1] = reversed(indices[i - 1 : i + 1])
        payment_quorum.refuses(ATTESTORS, attestors=replace(honest, indices=tuple(indices)))


def test_attestors_are_distinct_and_registered_refuses_one_key_at_two_leaves(payment_quorum: Bench) -> None:
    for second in range(1, payment_quorum.preset.k):
        for first in range(second):
            attestors = attacks.one_key_at_two_leaves(payment_quorum.preset, first, second)
            payment_quorum.refuses(ATTESTORS, attestors=attestors)


def test_attestors_are_distinct_and_registered_refuses_a_key_and_its_negative(payment_quorum: Bench) -> None:
    payment_quorum.refuses(ATTESTORS, attestors=attacks.key_and_its_negative(payment_quorum.preset))


def test_attestors_are_distinct_and_registered_refuses_a_bitmap_without_a_signer(payment: Bench) -> None:
    indices = honest_attestors(payment.preset).indices
    payment.refuses(ATTESTORS, bitmap=sum(1 << index for index in indices[:-1]))


def test_attestors_are_distinct_and_registered_refuses_a_bitmap_with_one_more(payment: Bench) -> None:
    indices = honest_attestors(payment.preset).indices
    payment.refuses(ATTESTORS, bitmap=sum(1 << index for index in indices) | 2)


def test_attestors_are_distinct_and_registered_refuses_a_bitmap_of_other_signers(payment: Bench) -> None:
    indices = honest_attestors(payment.preset).indices
    payment.refuses(ATTESTORS, bitmap=sum(2 << index for index in indices))


def test_attestors_are_distinct_and_registered_refuses_another_registry(payment: Bench) -> None:
    other = Tree({index: Signer(50 + index) for index in range(payment.preset.k)}, payment.preset.depth)
    payment.refuses(ATTESTORS, root=other.root)


def test_attestors_are_distinct_and_registered_refuses_a_registry_without_the_last_signer(payment: Bench) -> None:
    honest = honest_attestors(payment.preset)
    signers = {index: signer for index, signer in honest.tree.signers.items() if index != honest.indices[-1]}
    payment.refuses(ATTESTORS, root=Tree(signers, payment.preset.depth).root)


def test_attestors_are_distinct_and_registered_refuses_an_altered_path(payment: Bench) -> None:
    for height in range(payment.preset.depth):
        payment.refuses(ATTESTORS, tamper=attacks.altered_path(height))


# Receipt is for this account and deployment


def test_receipt_is_for_this_account_and_deployment_refuses_one_for_another_deployment(payment: Bench) -> None:
    payment.refuses(RECEIPT, attested={"deployment": DEPLOYMENT + 1})


def test_receipt_is_for_this_account_and_deployment_refuses_one_for_another_rail(payment: Bench) -> None:
    payment.refuses(RECEIPT, attested={"rail": RAIL + 1})


def test_receipt_is_for_this_account_and_deployment_refuses_one_of_another_payer(payment: Bench) -> None:
    payment.refuses(RECEIPT, attested={"payer_account": 3_222_222_222})


def test_receipt_is_for_this_account_and_deployment_refuses_one_of_another_owner(payment: Bench) -> None:
    payment.refuses(RECEIPT, attested={"id_secret": 12})


def test_receipt_is_for_this_account_and_deployment_refuses_one_to_another_payee(payment: Bench) -> None:
    payment.refuses(RECEIPT, attested={"payee_account": 3_009_999_999})


def test_receipt_is_for_this_account_and_deployment_refuses_one_of_less_money(payment: Bench) -> None:
    payment.refuses(RECEIPT, attested={"amount_minor_units": 2_850_000})


def test_receipt_is_for_this_account_and_deployment_refuses_one_of_another_time(payment: Bench) -> None:
    payment.refuses(RECEIPT, attested={"paid_at_unix_s": NOW + 601})


def test_receipt_is_for_this_account_and_deployment_refuses_one_of_another_transfer(payment: Bench) -> None:
    payment.refuses(RECEIPT, attested={"txid": 12_345_678_902})


def test_receipt_is_for_this_account_and_deployment_refuses_one_with_another_nonce(payment: Bench) -> None:
    payment.refuses(RECEIPT, attested={"nonce": 1})


def test_receipt_is_for_this_account_and_deployment_refuses_a_changed_signature(payment: Bench) -> None:
    for position in range(payment.preset.k):
        payment.refuses(RECEIPT, tamper=attacks.signature_changed(s=1, position=position))


def test_receipt_is_for_this_account_and_deployment_refuses_a_nonce_point_off_curve(payment: Bench) -> None:
    payment.refuses(RECEIPT, tamper=attacks.signature_changed(r8x=1))
    payment.refuses(RECEIPT, tamper=attacks.signature_changed(r8y=1))


def test_receipt_is_for_this_account_and_deployment_refuses_a_second_spelling(payment: Bench) -> None:
    for position in range(payment.preset.k):
        payment.refuses(RECEIPT, tamper=attacks.scalar_with_the_order_added(position))


# Domain opens to this deployment, rail and market


def test_domain_opens_to_this_deployment_rail_and_market_refuses_another_deployment(payment: Bench) -> None:
    payment.refuses(DOMAIN, domain=identity.domain(TAG_PAYMENT, DEPLOYMENT + 1, RAIL, MARKET))


def test_domain_opens_to_this_deployment_rail_and_market_refuses_another_rail(payment: Bench) -> None:
    payment.refuses(DOMAIN, domain=identity.domain(TAG_PAYMENT, DEPLOYMENT, RAIL + 1, MARKET))


def test_domain_opens_to_this_deployment_rail_and_market_refuses_another_market(payment: Bench) -> None:
    for market in (MARKET[:15] + b"\0" + MARKET[16:], MARKET[:31] + b"\0"):
        payment.refuses(DOMAIN, domain=identity.domain(TAG_PAYMENT, DEPLOYMENT, RAIL, market))


def test_domain_opens_to_this_deployment_rail_and_market_refuses_a_domain_of_solvency(payment: Bench) -> None:
    payment.refuses(DOMAIN, domain=identity.domain(TAG_SOLVENCY, DEPLOYMENT, RAIL, MARKET))


def test_domain_opens_to_this_deployment_rail_and_market_accepts_the_largest_market(payment: Bench) -> None:
    payment.accepts(market=b"\xff" * 32)


# Payer is the bidder


def test_payer_is_the_bidder_refuses_the_line_of_another_secret(payment: Bench) -> None:
    payment.refuses(PAYER, line_id=payment.claim(id_secret=12).statement.line_id)


def test_payer_is_the_bidder_refuses_a_third_party(payment: Bench) -> None:
    # The bidder's own secret, but the transfer came from an account of somebody else.
    payment.refuses(PAYER, line_id=payment.claim(payer_account=5).statement.line_id)


def test_payer_is_the_bidder_refuses_the_line_in_another_deployment(payment: Bench) -> None:
    payment.refuses(PAYER, line_id=payment.claim(deployment=5).statement.line_id)


def test_payer_is_the_bidder_refuses_a_line_one_off(payment: Bench) -> None:
    payment.refuses(PAYER, line_id=payment.claim().statement.line_id + 1)


# Payee is the seller


def commitment(payment: Bench, **changes: object) -> int:
    commit: int = payment.claim(**changes).statement.payee_commit
    return commit


def nullifier(payment: Bench, **changes: object) -> int:
    nf: int = payment.claim(**changes).statement.nf
    return nf


def test_payee_is_the_seller_refuses_another_account(payment: Bench) -> None:
    payment.refuses(PAYEE, payee_commit=commitment(payment, payee_account=5))


def test_payee_is_the_seller_refuses_another_secret(payment: Bench) -> None:
    payment.refuses(PAYEE, payee_commit=commitment(payment, payee_secret=5))


def test_payee_is_the_seller_refuses_another_salt(payment: Bench) -> None:
    payment.refuses(PAYEE, payee_commit=commitment(payment, payee_salt=5))


def test_payee_is_the_seller_refuses_the_same_account_on_another_rail(payment: Bench) -> None:
    payment.refuses(PAYEE, payee_commit=commitment(payment, rail=RAIL + 1))


def test_payee_is_the_seller_refuses_a_commitment_one_off(payment: Bench) -> None:
    payment.refuses(PAYEE, payee_commit=commitment(payment) + 1)


# Amount reaches the floor


def test_amount_reaches_the_floor_accepts_exactly_the_floor(payment: Bench) -> None:
    payment.accepts(amount_minor_units=2_850_000, paid_floor_minor_units=2_850_000)


def test_amount_reaches_the_floor_accepts_a_floor_of_nothing(payment: Bench) -> None:
    payment.accepts(amount_minor_units=0, paid_floor_minor_units=0)


def test_amount_reaches_the_floor_accepts_the_largest_amounts(payment: Bench) -> None:
    payment.accepts(amount_minor_units=AMOUNT_MAX, paid_floor_minor_units=AMOUNT_MAX)
    payment.accepts(amount_minor_units=AMOUNT_MAX, paid_floor_minor_units=0)


def test_amount_reaches_the_floor_refuses_one_too_few(payment: Bench) -> None:
    payment.refuses(AMOUNT, amount_minor_units=2_849_999, paid_floor_minor_units=2_850_000)


def test_amount_reaches_the_floor_refuses_nothing_for_the_largest_floor(payment: Bench) -> None:
    payment.refuses(AMOUNT, amount_minor_units=0, paid_floor_minor_units=AMOUNT_MAX)
    payment.refuses(AMOUNT, amount_minor_units=0, paid_floor_minor_units=1)


def test_amount_reaches_the_floor_refuses_an_amount_of_65_bits(payment: Bench) -> None:
    # floor - amount wraps to a small number: only the range of the amount is wrong.
    payment.refuses(AMOUNT, amount_minor_units=AMOUNT_MAX + 1, paid_floor_minor_units=1)
    payment.refuses(AMOUNT, amount_minor_units=AMOUNT_MAX + 2_850_000, paid_floor_minor_units=2_850_000)


def test_amount_reaches_the_floor_refuses_an_amount_of_the_field(payment: Bench) -> None:
    payment.refuses(AMOUNT, amount_minor_units=FR_MODULUS - 1)
    payment.refuses(AMOUNT, amount_minor_units=FR_MODULUS - 2**64 + 2_850_000)


def test_amount_reaches_the_floor_refuses_a_negative_floor(payment: Bench) -> None:
    # r - 5 is -5 to a comparator, which any amount exceeds: only the range of the floor is wrong.
    payment.refuses(AMOUNT, paid_floor_minor_units=FR_MODULUS - 5)
    payment.refuses(AMOUNT, paid_floor_minor_units=FR_MODULUS - 1, amount_minor_units=0)
    payment.refuses(AMOUNT, paid_floor_minor_units=FR_MODULUS - 2**64 + 2_850_002)


def test_amount_reaches_the_floor_refuses_a_floor_of_65_bits(payment: Bench) -> None:
    payment.refuses(AMOUNT, paid_floor_minor_units=AMOUNT_MAX + 1, amount_minor_units=AMOUNT_MAX)


def test_amount_reaches_the_floor_refuses_both_of_65_bits(payment: Bench) -> None:
    payment.refuses(AMOUNT, paid_floor_minor_units=AMOUNT_MAX + 1, amount_minor_units=AMOUNT_MAX + 1)


# Paid inside the window


def test_paid_inside_the_window_accepts_the_first_second(payment: Bench) -> None:
    payment.accepts(paid_at_unix_s=NOW, not_before_unix_s=NOW)


def test_paid_inside_the_window_accepts_the_last_second(payment: Bench) -> None:
    payment.accepts(paid_at_unix_s=NOW + 3600, not_after_unix_s=NOW + 3600)


def test_paid_inside_the_window_accepts_a_window_of_one_second(payment: Bench) -> None:
    payment.accepts(paid_at_unix_s=NOW, not_before_unix_s=NOW, not_after_unix_s=NOW)


def test_paid_inside_the_window_accepts_the_beginning_of_time(payment: Bench) -> None:
    payment.accepts(paid_at_unix_s=0, not_before_unix_s=0, not_after_unix_s=0)


def test_paid_inside_the_window_accepts_the_end_of_time(payment: Bench) -> None:
    payment.accepts(paid_at_unix_s=TIME_MAX, not_before_unix_s=TIME_MAX, not_after_unix_s=TIME_MAX)
    payment.accepts(paid_at_unix_s=TIME_MAX, not_before_unix_s=0, not_after_unix_s=TIME_MAX)


def test_paid_inside_the_window_refuses_one_second_early(payment: Bench) -> None:
    payment.refuses(WINDOW, paid_at_unix_s=NOW - 1, not_before_unix_s=NOW)


def test_paid_inside_the_window_refuses_one_second_late(payment: Bench) -> None:
    payment.refuses(WINDOW, paid_at_unix_s=NOW + 3601, not_after_unix_s=NOW + 3600)


def test_paid_inside_the_window_refuses_a_window_that_ends_before_it_begins(payment: Bench) -> None:
    for paid_at in (NOW - 1, NOW):
        payment.refuses(WINDOW, paid_at_unix_s=paid_at, not_before_unix_s=NOW, not_after_unix_s=NOW - 1)


def test_paid_inside_the_window_refuses_far_off_times(payment: Bench) -> None:
    payment.refuses(WINDOW, paid_at_unix_s=0, not_before_unix_s=TIME_MAX, not_after_unix_s=TIME_MAX)
    payment.refuses(WINDOW, paid_at_unix_s=TIME_MAX, not_before_unix_s=0, not_after_unix_s=0)


def test_paid_inside_the_window_refuses_a_time_of_41_bits(payment: Bench) -> None:
    payment.refuses(WINDOW, paid_at_unix_s=TIME_MAX + 1, not_before_unix_s=0, not_after_unix_s=TIME_MAX)
    payment.refuses(WINDOW, paid_at_unix_s=TIME_MAX + 1, not_before_unix_s=TIME_MAX, not_after_unix_s=TIME_MAX)


def test_paid_inside_the_window_refuses_a_time_of_the_field(payment: Bench) -> None:
    payment.refuses(WINDOW, paid_at_unix_s=FR_MODULUS - 1, not_before_unix_s=0, not_after_unix_s=TIME_MAX)


def test_paid_inside_the_window_refuses_a_negative_beginning(payment: Bench) -> None:
    # -5 is before every time to a comparator: only the range of the beginning is wrong.
    payment.refuses(WINDOW, not_before_unix_s=FR_MODULUS - 5)
    payment.refuses(WINDOW, not_before_unix_s=FR_MODULUS - 1, paid_at_unix_s=0)


def test_paid_inside_the_window_refuses_an_end_of_41_bits(payment: Bench) -> None:
    # 2^40 in the end is 1 in the bitmap when it is packed. Only the range of the end is wrong.
    payment.refuses(WINDOW, not_after_unix_s=TIME_MAX + 1)
    payment.refuses(WINDOW, not_after_unix_s=TIME_MAX + NOW)


def test_paid_inside_the_window_refuses_an_end_of_the_field(payment: Bench) -> None:
    payment.refuses(WINDOW, not_after_unix_s=FR_MODULUS - 1, paid_at_unix_s=NOW)


def test_paid_inside_the_window_refuses_all_of_41_bits(payment: Bench) -> None:
    wide = TIME_MAX + 1
    payment.refuses(WINDOW, paid_at_unix_s=wide, not_before_unix_s=wide, not_after_unix_s=wide)


def test_paid_inside_the_window_refuses_all_of_the_field(payment: Bench) -> None:
    wide = FR_MODULUS - 5
    payment.refuses(WINDOW, paid_at_unix_s=wide, not_before_unix_s=wide, not_after_unix_s=wide)


# Nullifier names the transfer


def test_nullifier_names_the_transfer_refuses_that_of_another_transfer(payment: Bench) -> None:
    payment.refuses(NULLIFIER, nf=nullifier(payment, txid=12_345_678_902))


def test_nullifier_names_the_transfer_refuses_that_of_another_payee(payment: Bench) -> None:
    payment.refuses(NULLIFIER, nf=nullifier(payment, payee_account=5))
    payment.refuses(NULLIFIER, nf=nullifier(payment, payee_secret=5))


def test_nullifier_names_the_transfer_refuses_that_of_another_rail(payment: Bench) -> None:
    payment.refuses(NULLIFIER, nf=nullifier(payment, rail=RAIL + 1))


def test_nullifier_names_the_transfer_refuses_one_off(payment: Bench) -> None:
    payment.refuses(NULLIFIER, nf=nullifier(payment) + 1)


def test_nullifier_names_the_transfer_whatever_the_prover_chooses(payment: Bench) -> None:
    # Another salt, nonce, payer, order or window is no other transfer.
    free = {
        "payee_salt": 5,
        "nonce": 5,
        "payer_account": 5,
        "id_secret": 5,
        "order_id": 43,
        "not_after_unix_s": NOW + 900,
    }
    for name, value in free.items():
        assert nullifier(payment, **{name: value}) == nullifier(payment)
        payment.accepts(**{name: value})


# Statement binds every public value


def test_statement_binds_every_public_value_accepts_any_order(payment: Bench) -> None:
    payment.accepts(order_id=0)
    payment.accepts(order_id=AMOUNT_MAX)


def test_statement_binds_every_public_value_refuses_another_stmt(payment: Bench) -> None:
    own = payment.claim().statement.stmt()
    payment.refuses(STATEMENT, stmt=own + 1)
    payment.refuses(STATEMENT, stmt=own - 1)
    payment.refuses(STATEMENT, stmt=0)


def test_statement_binds_every_public_value_refuses_the_stmt_of_values_one_off(payment: Bench) -> None:
    honest = payment.claim().statement
    names = (
        "domain",
        "order_id",
        "paid_floor_minor_units",
        "not_before_unix_s",
        "not_after_unix_s",
        "bitmap",
        "payee_commit",
        "root",
        "line_id",
        "nf",
    )
    for name in names:
        other = honest.altered(**{name: getattr(honest, name) + 1})
        payment.refuses(STATEMENT, stmt=other.stmt())
