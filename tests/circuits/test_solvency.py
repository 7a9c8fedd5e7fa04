"""Solvency: each named check refuses what it must and accepts the edge, before relation, generator and R1CS.

Every false claim is false in one way only; what else depends on the change was made anew (support/claims.py).
"""

from __future__ import annotations

from dataclasses import replace

from anomi_core import identity
from anomi_core.field import FR_MODULUS
from anomi_core.spec import FRESHNESS_WINDOW_S, TAG_PAYMENT, TAG_SOLVENCY
from tests.circuits.support import attacks
from tests.circuits.support.claims import DEPLOYMENT, MARKET, NOW, RAIL, Attestors, honest_attestors
from tests.circuits.support.judges import Bench
from tests.circuits.support.signers import Signer, Tree

ATTESTORS = "Attestors are distinct and registered"
ATTESTATION = "Attestation is for this account and deployment"
DOMAIN = "Domain opens to this deployment, rail and market"
LINE = "Line belongs to the prover"
BALANCE = "Balance covers reservations"
FRESH = "Attestation is fresh"
STATEMENT = "Statement binds every public value"

AMOUNT_MAX = 2**64 - 1
TIME_MAX = 2**40 - 1


def test_honest_claim_is_accepted(solvency: Bench) -> None:
    solvency.accepts()


# Attestors are distinct and registered


def test_attestors_are_distinct_and_registered_accepts_the_first_leaves(solvency: Bench) -> None:
    solvency.accepts(attestors=attacks.at_leaves(solvency.preset, *range(solvency.preset.k)))


def test_attestors_are_distinct_and_registered_accepts_the_last_leaves(solvency: Bench) -> None:
    leaves = 2**solvency.preset.depth
    solvency.accepts(attestors=attacks.at_leaves(solvency.preset, *range(leaves - solvency.preset.k, leaves)))


def test_attestors_are_distinct_and_registered_accepts_the_first_and_the_last_leaf(solvency_quorum: Bench) -> None:
    preset = solvency_quorum.preset
    middle = range(1, preset.k - 1)
    solvency_quorum.accepts(attestors=attacks.at_leaves(preset, 0, *middle, 2**preset.depth - 1))


def test_attestors_are_distinct_and_registered_refuses_a_stranger_first(solvency: Bench) -> None:
    solvency.refuses(ATTESTORS, attestors=attacks.stranger_signs(solvency.preset))


def test_attestors_are_distinct_and_registered_refuses_a_stranger_last(solvency_quorum: Bench) -> None:
    stranger = attacks.stranger_signs(solvency_quorum.preset, solvency_quorum.preset.k - 1)
    solvency_quorum.refuses(ATTESTORS, attestors=stranger)


def test_attestors_are_distinct_and_registered_refuses_one_attestor_twice(solvency_quorum: Bench) -> None:
    solvency_quorum.refuses(ATTESTORS, attestors=attacks.one_attestor_twice(solvency_quorum.preset))


def test_attestors_are_distinct_and_registered_refuses_decreasing_order(solvency_quorum: Bench) -> None:
    solvency_quorum.refuses(ATTESTORS, attestors=attacks.backwards(solvency_quorum.preset))


def test_attestors_are_distinct_and_registered_refuses_each_two_in_the_wrong_order(solvency_quorum: Bench) -> None:
    honest = honest_attestors(solvency_quorum.preset)
    for i in range(1, len(honest.indices)):
        indices = list(honest.indices)
        indices[i - 1 : i + 1] = reversed(indices[i - 1 : i + 1])
        solvency_quorum.refuses(ATTESTORS, attestors=replace(honest, indices=tuple(indices)))


def test_attestors_are_distinct_and_registered_refuses_one_key_at_two_leaves(solvency_quorum: Bench) -> None:
    for second in range(1, solvency_quorum.preset.k):
        for first in range(second):
            attestors = attacks.one_key_at_two_leaves(solvency_quorum.preset, first, second)
            solvency_quorum.refuses(ATTESTORS, attestors=attestors)


def test_attestors_are_distinct_and_registered_refuses_a_key_and_its_negative(solvency_quorum: Bench) -> None:
    solvency_quorum.refuses(ATTESTORS, attestors=attacks.key_and_its_negative(solvency_quorum.preset))


def test_attestors_are_distinct_and_registered_refuses_a_bitmap_without_a_signer(solvency: Bench) -> None:
    indices = honest_attestors(solvency.preset).indices
    solvency.refuses(ATTESTORS, bitmap=sum(1 << index for index in indices[:-1]))


def test_attestors_are_distinct_and_registered_refuses_a_bitmap_with_one_more(solvency: Bench) -> None:
    indices = honest_attestors(solvency.preset).indices
    solvency.refuses(ATTESTORS, bitmap=sum(1 << index for index in indices) | 2)


def test_attestors_are_distinct_and_registered_refuses_a_bitmap_of_other_signers(solvency: Bench) -> None:
    indices = honest_attestors(solvency.preset).indices
    solvency.refuses(ATTESTORS, bitmap=sum(2 << index for index in indices))


def test_attestors_are_distinct_and_registered_refuses_another_registry(solvency: Bench) -> None:
    other = Tree({index: Signer(50 + index) for index in range(solvency.preset.k)}, solvency.preset.depth)
    solvency.refuses(ATTESTORS, root=other.root)


def test_attestors_are_distinct_and_registered_refuses_a_registry_without_the_last_signer(solvency: Bench) -> None:
    honest = honest_attestors(solvency.preset)
    signers = {index: signer for index, signer in honest.tree.signers.items() if index != honest.indices[-1]}
    solvency.refuses(ATTESTORS, root=Tree(signers, solvency.preset.depth).root)


def test_attestors_are_distinct_and_registered_refuses_an_altered_path(solvency: Bench) -> None:
    for height in range(solvency.preset.depth):
        solvency.refuses(ATTESTORS, tamper=attacks.altered_path(height))


# Attestation is for this account and deployment


def test_attestation_is_for_this_account_and_deployment_refuses_one_for_another_deployment(solvency: Bench) -> None:
    solvency.refuses(ATTESTATION, attested={"deployment": DEPLOYMENT + 1})


def test_attestation_is_for_this_account_and_deployment_refuses_one_for_another_rail(solvency: Bench) -> None:
    solvency.refuses(ATTESTATION, attested={"rail": RAIL + 1})


def test_attestation_is_for_this_account_and_deployment_refuses_one_for_another_account(solvency: Bench) -> None:
    solvency.refuses(ATTESTATION, attested={"payer_account": 3_222_222_222})


def test_attestation_is_for_this_account_and_deployment_refuses_one_for_another_owner(solvency: Bench) -> None:
    solvency.refuses(ATTESTATION, attested={"id_secret": 12})


def test_attestation_is_for_this_account_and_deployment_refuses_one_of_less_money(solvency: Bench) -> None:
    solvency.refuses(ATTESTATION, attested={"balance_minor_units": 2_850_000})


def test_attestation_is_for_this_account_and_deployment_refuses_one_of_another_time(solvency: Bench) -> None:
    solvency.refuses(ATTESTATION, attested={"issued_at_unix_s": NOW + 59})


def test_attestation_is_for_this_account_and_deployment_refuses_one_with_another_nonce(solvency: Bench) -> None:
    solvency.refuses(ATTESTATION, attested={"nonce": 1})


def test_attestation_is_for_this_account_and_deployment_refuses_a_changed_signature(solvency: Bench) -> None:
    for position in range(solvency.preset.k):
        solvency.refuses(ATTESTATION, tamper=attacks.signature_changed(s=1, position=position))


def test_attestation_is_for_this_account_and_deployment_refuses_a_nonce_point_off_curve(solvency: Bench) -> None:
    solvency.refuses(ATTESTATION, tamper=attacks.signature_changed(r8x=1))
    solvency.refuses(ATTESTATION, tamper=attacks.signature_changed(r8y=1))


def test_attestation_is_for_this_account_and_deployment_refuses_a_second_spelling(solvency: Bench) -> None:
    for position in range(solvency.preset.k):
        solvency.refuses(ATTESTATION, tamper=attacks.scalar_with_the_order_added(position))


# Domain opens to this deployment, rail and market


def test_domain_opens_to_this_deployment_rail_and_market_refuses_another_deployment(solvency: Bench) -> None:
    solvency.refuses(DOMAIN, domain=identity.domain(TAG_SOLVENCY, DEPLOYMENT + 1, RAIL, MARKET))


def test_domain_opens_to_this_deployment_rail_and_market_refuses_another_rail(solvency: Bench) -> None:
    solvency.refuses(DOMAIN, domain=identity.domain(TAG_SOLVENCY, DEPLOYMENT, RAIL + 1, MARKET))


def test_domain_opens_to_this_deployment_rail_and_market_refuses_another_market(solvency: Bench) -> None:
    for market in (MARKET[:15] + b"\0" + MARKET[16:], MARKET[:31] + b"\0"):
        solvency.refuses(DOMAIN, domain=identity.domain(TAG_SOLVENCY, DEPLOYMENT, RAIL, market))


def test_domain_opens_to_this_deployment_rail_and_market_refuses_a_domain_of_payments(solvency: Bench) -> None:
    solvency.refuses(DOMAIN, domain=identity.domain(TAG_PAYMENT, DEPLOYMENT, RAIL, MARKET))


def test_domain_opens_to_this_deployment_rail_and_market_accepts_the_largest_market(solvency: Bench) -> None:
    solvency.accepts(market=b"\xff" * 32)


# Line belongs to the prover


def test_line_belongs_to_the_prover_refuses_the_line_of_another_secret(solvency: Bench) -> None:
    other = solvency.claim_for(solvency.preset, id_secret=12).statement.line_id
    solvency.refuses(LINE, line_id=other)


def test_line_belongs_to_the_prover_refuses_the_line_of_another_account(solvency: Bench) -> None:
    other = solvency.claim_for(solvency.preset, payer_account=5).statement.line_id
    solvency.refuses(LINE, line_id=other)


def test_line_belongs_to_the_prover_refuses_the_line_in_another_deployment(solvency: Bench) -> None:
    other = solvency.claim_for(solvency.preset, deployment=5).statement.line_id
    solvency.refuses(LINE, line_id=other)


def test_line_belongs_to_the_prover_refuses_a_line_one_off(solvency: Bench) -> None:
    own = solvency.claim().statement.line_id
    solvency.refuses(LINE, line_id=own + 1)


# Balance covers reservations


def test_balance_covers_reservations_accepts_exactly_enough(solvency: Bench) -> None:
    solvency.accepts(balance_minor_units=2_850_000, covered_minor_units=2_850_000)


def test_balance_covers_reservations_accepts_nothing_covered(solvency: Bench) -> None:
    solvency.accepts(balance_minor_units=0, covered_minor_units=0)


def test_balance_covers_reservations_accepts_the_largest_amounts(solvency: Bench) -> None:
    solvency.accepts(balance_minor_units=AMOUNT_MAX, covered_minor_units=AMOUNT_MAX)
    solvency.accepts(balance_minor_units=AMOUNT_MAX, covered_minor_units=0)


def test_balance_covers_reservations_refuses_one_too_few(solvency: Bench) -> None:
    solvency.refuses(BALANCE, balance_minor_units=2_849_999, covered_minor_units=2_850_000)


def test_balance_covers_reservations_refuses_nothing_for_the_largest_amount(solvency: Bench) -> None:
    solvency.refuses(BALANCE, balance_minor_units=0, covered_minor_units=AMOUNT_MAX)
    solvency.refuses(BALANCE, balance_minor_units=0, covered_minor_units=1)


def test_balance_covers_reservations_refuses_a_balance_of_65_bits(solvency: Bench) -> None:
    # covered - balance wraps to a small number: only the range of the balance is wrong.
    solvency.refuses(BALANCE, balance_minor_units=AMOUNT_MAX + 1, covered_minor_units=1)
    solvency.refuses(BALANCE, balance_minor_units=AMOUNT_MAX + 2_850_000, covered_minor_units=2_850_000)


def test_balance_covers_reservations_refuses_a_balance_of_the_field(solvency: Bench) -> None:
    solvency.refuses(BALANCE, balance_minor_units=FR_MODULUS - 1)
    solvency.refuses(BALANCE, balance_minor_units=FR_MODULUS - 2**64 + 2_850_000)


def test_balance_covers_reservations_refuses_a_negative_cover(solvency: Bench) -> None:
    # r - 5 is -5 to a comparator, which any balance exceeds: only the range of the cover is wrong.
    solvency.refuses(BALANCE, covered_minor_units=FR_MODULUS - 5)
    solvency.refuses(BALANCE, covered_minor_units=FR_MODULUS - 1, balance_minor_units=0)
    solvency.refuses(BALANCE, covered_minor_units=FR_MODULUS - 2**64 + 2_850_002)


def test_balance_covers_reservations_refuses_a_cover_of_65_bits(solvency: Bench) -> None:
    solvency.refuses(BALANCE, covered_minor_units=AMOUNT_MAX + 1, balance_minor_units=AMOUNT_MAX)


def test_balance_covers_reservations_refuses_both_of_65_bits(solvency: Bench) -> None:
    solvency.refuses(BALANCE, covered_minor_units=AMOUNT_MAX + 1, balance_minor_units=AMOUNT_MAX + 1)


# Attestation is fresh


def test_attestation_is_fresh_accepts_the_first_second(solvency: Bench) -> None:
    solvency.accepts(issued_at_unix_s=NOW, issued_min_unix_s=NOW)


def test_attestation_is_fresh_accepts_the_last_second(solvency: Bench) -> None:
    solvency.accepts(issued_at_unix_s=NOW + FRESHNESS_WINDOW_S - 1, issued_min_unix_s=NOW)


def test_attestation_is_fresh_accepts_the_beginning_of_time(solvency: Bench) -> None:
    solvency.accepts(issued_at_unix_s=0, issued_min_unix_s=0)
    solvency.accepts(issued_at_unix_s=FRESHNESS_WINDOW_S - 1, issued_min_unix_s=0)


def test_attestation_is_fresh_accepts_the_end_of_time(solvency: Bench) -> None:
    # The window's end needs 41 bits here.
    solvency.accepts(issued_at_unix_s=TIME_MAX, issued_min_unix_s=TIME_MAX)
    solvency.accepts(issued_at_unix_s=TIME_MAX, issued_min_unix_s=TIME_MAX - FRESHNESS_WINDOW_S + 1)


def test_attestation_is_fresh_refuses_one_second_too_old(solvency: Bench) -> None:
    solvency.refuses(FRESH, issued_at_unix_s=NOW - 1, issued_min_unix_s=NOW)


def test_attestation_is_fresh_refuses_one_second_too_new(solvency: Bench) -> None:
    solvency.refuses(FRESH, issued_at_unix_s=NOW + FRESHNESS_WINDOW_S, issued_min_unix_s=NOW)
    solvency.refuses(FRESH, issued_at_unix_s=TIME_MAX, issued_min_unix_s=TIME_MAX - FRESHNESS_WINDOW_S)


def test_attestation_is_fresh_refuses_far_off_times(solvency: Bench) -> None:
    solvency.refuses(FRESH, issued_at_unix_s=TIME_MAX, issued_min_unix_s=0)
    solvency.refuses(FRESH, issued_at_unix_s=0, issued_min_unix_s=TIME_MAX)


def test_attestation_is_fresh_refuses_an_issue_time_of_41_bits(solvency: Bench) -> None:
    # Inside the window, which reaches past 2^40 here: only the range of the issue time is wrong.
    solvency.refuses(FRESH, issued_at_unix_s=TIME_MAX + 1, issued_min_unix_s=TIME_MAX)
    solvency.refuses(FRESH, issued_at_unix_s=TIME_MAX + FRESHNESS_WINDOW_S - 1, issued_min_unix_s=TIME_MAX)


def test_attestation_is_fresh_refuses_an_issue_time_of_the_field(solvency: Bench) -> None:
    solvency.refuses(FRESH, issued_at_unix_s=FR_MODULUS - 1, issued_min_unix_s=0)


def test_attestation_is_fresh_refuses_a_negative_earliest_time(solvency: Bench) -> None:
    # -5 <= 10 < 123 to a comparator: only the range of the earliest time is wrong.
    solvency.refuses(FRESH, issued_at_unix_s=10, issued_min_unix_s=FR_MODULUS - 5)
    solvency.refuses(FRESH, issued_at_unix_s=0, issued_min_unix_s=FR_MODULUS - 1)


def test_attestation_is_fresh_refuses_both_times_of_41_bits(solvency: Bench) -> None:
    solvency.refuses(FRESH, issued_at_unix_s=TIME_MAX + 1, issued_min_unix_s=TIME_MAX + 1)


def test_attestation_is_fresh_refuses_both_times_of_the_field(solvency: Bench) -> None:
    solvency.refuses(FRESH, issued_at_unix_s=FR_MODULUS - 5, issued_min_unix_s=FR_MODULUS - 5)


# Statement binds every public value


def test_statement_binds_every_public_value_accepts_any_buyer(solvency: Bench) -> None:
    solvency.accepts(buyer=bytes(32))
    solvency.accepts(buyer=b"\xff" * 32)


def test_statement_binds_every_public_value_accepts_the_edges_of_seq(solvency: Bench) -> None:
    solvency.accepts(seq=0)
    solvency.accepts(seq=AMOUNT_MAX)


def test_statement_binds_every_public_value_refuses_another_stmt(solvency: Bench) -> None:
    own = solvency.claim().statement.stmt()
    solvency.refuses(STATEMENT, stmt=own + 1)
    solvency.refuses(STATEMENT, stmt=own - 1)
    solvency.refuses(STATEMENT, stmt=0)


def test_statement_binds_every_public_value_refuses_the_stmt_of_another_buyer(solvency: Bench) -> None:
    honest = solvency.claim().statement
    for byte in (0, 15, 16, 31):
        buyer = bytearray(honest.buyer)
        buyer[byte] ^= 1
        solvency.refuses(STATEMENT, stmt=honest.altered(buyer=bytes(buyer)).stmt())


def test_statement_binds_every_public_value_refuses_the_stmt_of_values_one_off(solvency: Bench) -> None:
    honest = solvency.claim().statement
    names = ("domain", "covered_minor_units", "seq", "issued_min_unix_s", "bitmap", "root", "line_id")
    for name in names:
        other = honest.altered(**{name: getattr(honest, name) + 1})
        solvency.refuses(STATEMENT, stmt=other.stmt())


def test_statement_binds_every_public_value_refuses_a_seq_of_65_bits(solvency: Bench) -> None:
    # 2^64 in seq is 1 in the earliest time: two readings of one stmt. Only the range of seq is wrong.
    solvency.refuses(STATEMENT, seq=AMOUNT_MAX + 1)
    solvency.refuses(STATEMENT, seq=AMOUNT_MAX + 1 + 3)


def test_statement_binds_every_public_value_refuses_a_seq_of_the_field(solvency: Bench) -> None:
    solvency.refuses(STATEMENT, seq=FR_MODULUS - 1)
    # 1/2^64: 1 in the covered amount when it is packed.
    solvency.refuses(STATEMENT, seq=pow(2**64, -1, FR_MODULUS))


def test_registry_with_a_single_key_needs_no_other(solvency: Bench) -> None:
    preset = solvency.preset
    tree = Tree({index: Signer(index) for index in range(preset.k)}, preset.depth)
    solvency.accepts(attestors=Attestors(tree, tuple(range(preset.k))))
