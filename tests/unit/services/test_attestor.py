"""Attestors and the bank ledger: what they sign, and what they refuse."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from anomi_core import eddsa, identity
from anomi_core.rails import pack_text, rail_by_name
from anomi_core.registry import AttestorSet
from anomi_core.spec import (
    CLAIM_EXTENSION_S,
    CLOCK_SKEW_S,
    ISSUED_MIN_AGE_MAX_S,
    PAY_WINDOW_MAX_S,
    PROVE_WINDOW_MAX_S,
    REBIND_COOLDOWN_S,
    REVEAL_WINDOW_MAX_S,
    REVOKED_TERMS_EXTENSION_S,
)
from anomi_core.statements import balance_message, receipt_message
from anomi_services.attestor.attestor import (
    AccountBoundElsewhereError,
    Attestor,
    BalanceRequest,
    BalanceTooSmallError,
    ClockSkewError,
    MerchantAccountError,
    ReceiptMismatchError,
    ReceiptRequest,
    SignedForAnotherDeploymentError,
    UnknownDeploymentError,
)
from anomi_services.attestor.ledger import (
    BankLedger,
    InsufficientFundsError,
    UnknownAccountError,
    UnknownTransferError,
    WrongPasswordError,
)
from anomi_services.attestor.quorum import QuorumNotReachedError, collect

NOW = 1_764_569_294
RAIL = rail_by_name("easypaisa")
FARZAN = RAIL.canonical_account("0300 1234567")
ALI = RAIL.canonical_account("0345 7654321")
SHOP = RAIL.canonical_account("0321 0000001")
TXID = "12345678901"
H = 777


@dataclass
class Clock:
    now: int = NOW

    def __call__(self) -> int:
        return self.now


@dataclass
class Scene:
    ledger: BankLedger
    clock: Clock
    attestor: Attestor

    def balance(self, **changes: object) -> BalanceRequest:
        return replace(BalanceRequest(5, FARZAN, "open sesame", H, 1000, NOW, 9), **changes)  # type: ignore[arg-type]

    def receipt(self, **changes: object) -> ReceiptRequest:
        request = ReceiptRequest(5, FARZAN, "open sesame", H, ALI, 400, NOW, TXID, 9)
        return replace(request, **changes)  # type: ignore[arg-type]


def make_attestor(ledger: BankLedger, clock: Clock, seed: int = 1, state: Path | str = ":memory:") -> Attestor:
    return Attestor(
        bytes([seed]) * 32, ledger=ledger, rail=RAIL, deployments=frozenset({5, 6}), clock=clock, state=state
    )


@pytest.fixture
def scene() -> Scene:
    ledger, clock = BankLedger(), Clock()
    ledger.open_account(FARZAN, "Farzan", "open sesame", 1000)
    ledger.open_account(ALI, "Ali", "swordfish", 10)
    ledger.open_account(SHOP, "Shop", "till", 500, merchant=True)
    return Scene(ledger, clock, make_attestor(ledger, clock))


def expected_balance_message(request: BalanceRequest) -> int:
    return balance_message(
        deployment=request.deployment,
        rail=RAIL.id(),
        idc=identity.idc(request.h, RAIL.id(), pack_text(request.account)),
        balance_minor_units=request.balance_minor_units,
        issued_at_unix_s=request.issued_at_unix_s,
        nonce=request.nonce,
    )


def test_signs_a_balance_up_to_the_one_it_sees(scene: Scene) -> None:
    request = scene.balance()
    eddsa.verify(scene.attestor.key, expected_balance_message(request), scene.attestor.attest_balance(request))


@pytest.mark.parametrize("claimed", [1001, -1])
def test_refuses_a_balance_it_does_not_see(scene: Scene, claimed: int) -> None:
    with pytest.raises(BalanceTooSmallError):
        scene.attestor.attest_balance(scene.balance(balance_minor_units=claimed))


@pytest.mark.parametrize("skew", [-CLOCK_SKEW_S, CLOCK_SKEW_S])
def test_accepts_the_edge_of_the_clock_skew(scene: Scene, skew: int) -> None:
    scene.attestor.attest_balance(scene.balance(issued_at_unix_s=NOW + skew))


@pytest.mark.parametrize("skew", [-CLOCK_SKEW_S - 1, CLOCK_SKEW_S + 1])
def test_refuses_one_second_past_the_clock_skew(scene: Scene, skew: int) -> None:
    with pytest.raises(ClockSkewError):
        scene.attestor.attest_balance(scene.balance(issued_at_unix_s=NOW + skew))


def test_looks_only_where_the_holder_lets_it(scene: Scene) -> None:
    with pytest.raises(WrongPasswordError):
        scene.attestor.attest_balance(scene.balance(password="swordfish"))
    with pytest.raises(UnknownAccountError):
        scene.attestor.attest_balance(scene.balance(account="923009999999"))


def test_refuses_a_deployment_it_does_not_serve(scene: Scene) -> None:
    with pytest.raises(UnknownDeploymentError):
        scene.attestor.attest_balance(scene.balance(deployment=7))


def test_no_order_outlives_the_cool_down_of_an_account() -> None:
    """A balance is attested, bid with while it is fresh, and reserved until the order's last moment."""
    windows = REVEAL_WINDOW_MAX_S + PAY_WINDOW_MAX_S + PROVE_WINDOW_MAX_S
    life = ISSUED_MIN_AGE_MAX_S + windows + CLAIM_EXTENSION_S + REVOKED_TERMS_EXTENSION_S
    assert life < REBIND_COOLDOWN_S


def test_one_identity_an_account_until_the_cool_down_has_passed(scene: Scene) -> None:
    scene.attestor.attest_balance(scene.balance())
    last = NOW + REBIND_COOLDOWN_S - 1
    scene.clock.now = last
    with pytest.raises(AccountBoundElsewhereError):
        scene.attestor.attest_balance(scene.balance(h=H + 1, issued_at_unix_s=last))
    scene.clock.now = last + 1
    scene.attestor.attest_balance(scene.balance(h=H + 1, issued_at_unix_s=last + 1))
    with pytest.raises(AccountBoundElsewhereError):
        scene.attestor.attest_balance(scene.balance(h=H, issued_at_unix_s=last + 1))


def test_signs_a_completed_transfer_exactly_as_it_was(scene: Scene) -> None:
    scene.ledger.transfer(TXID, FARZAN, ALI, 400, NOW)
    request = scene.receipt()
    message = receipt_message(
        deployment=5,
        rail=RAIL.id(),
        idc=identity.idc(H, RAIL.id(), pack_text(FARZAN)),
        payee_account=pack_text(ALI),
        amount_minor_units=400,
        paid_at_unix_s=NOW,
        txid=pack_text(TXID),
        nonce=9,
    )
    eddsa.verify(scene.attestor.key, message, scene.attestor.attest_receipt(request))


@pytest.mark.parametrize(
    "change",
    [
        {"amount_minor_units": 401},
        {"amount_minor_units": 399},
        {"paid_at_unix_s": NOW - 1},
        {"payee_account": SHOP},
        {"account": ALI, "password": "swordfish"},
    ],
)
def test_refuses_a_receipt_that_differs_from_the_transfer(scene: Scene, change: dict[str, object]) -> None:
    scene.ledger.transfer(TXID, FARZAN, ALI, 400, NOW)
    with pytest.raises(ReceiptMismatchError):
        scene.attestor.attest_receipt(scene.receipt(**change))


def test_refuses_a_transfer_that_was_not_completed(scene: Scene) -> None:
    with pytest.raises(UnknownTransferError):
        scene.attestor.attest_receipt(scene.receipt())


def test_refuses_a_merchant_on_either_side(scene: Scene) -> None:
    scene.ledger.transfer(TXID, FARZAN, SHOP, 400, NOW)
    with pytest.raises(MerchantAccountError):
        scene.attestor.attest_receipt(scene.receipt(payee_account=SHOP))
    scene.ledger.transfer("12345678902", SHOP, ALI, 400, NOW)
    with pytest.raises(MerchantAccountError):
        scene.attestor.attest_receipt(scene.receipt(txid="12345678902", account=SHOP, password="till"))


def test_one_deployment_a_transfer_even_after_a_restart(scene: Scene, tmp_path: Path) -> None:
    scene.ledger.transfer(TXID, FARZAN, ALI, 400, NOW)
    state = tmp_path / "state.sqlite3"
    first = make_attestor(scene.ledger, scene.clock, state=state)
    first.attest_receipt(scene.receipt())
    first.close()
    second = make_attestor(scene.ledger, scene.clock, state=state)
    second.attest_receipt(scene.receipt(nonce=10))
    with pytest.raises(SignedForAnotherDeploymentError):
        second.attest_receipt(scene.receipt(deployment=6))
    second.close()


def test_ledger_moves_all_of_a_transfer_or_nothing(scene: Scene) -> None:
    with pytest.raises(InsufficientFundsError):
        scene.ledger.transfer(TXID, FARZAN, ALI, 1001, NOW)
    with pytest.raises(UnknownAccountError):
        scene.ledger.transfer(TXID, FARZAN, "923009999999", 1, NOW)
    assert scene.ledger.balance_minor_units(FARZAN) == 1000
    scene.ledger.transfer(TXID, FARZAN, ALI, 1000, NOW)
    assert (scene.ledger.balance_minor_units(FARZAN), scene.ledger.balance_minor_units(ALI)) == (0, 1010)


def test_a_password_never_shows(scene: Scene) -> None:
    assert "open sesame" not in repr(scene.balance())
    assert "open sesame" not in repr(scene.receipt())


@pytest.fixture
def three(scene: Scene) -> tuple[AttestorSet, dict[int, Attestor]]:
    attestors = {index: make_attestor(scene.ledger, scene.clock, seed=index + 1) for index in range(3)}
    return AttestorSet(tuple(a.key for a in attestors.values()), k=2, depth=2), attestors


def test_quorum_takes_the_first_k_that_answer_well(
    scene: Scene, three: tuple[AttestorSet, dict[int, Attestor]]
) -> None:
    attestor_set, attestors = three
    request = scene.balance()
    attestors[0].attest_balance(replace(request, h=H + 1))  # attestor 0 knows another identity
    signed = collect(attestor_set, attestors, expected_balance_message(request), lambda a: a.attest_balance(request))
    assert [attestation.index for attestation in signed] == [1, 2]


def test_quorum_counts_a_false_signature_as_a_refusal(
    scene: Scene, three: tuple[AttestorSet, dict[int, Attestor]]
) -> None:
    attestor_set, attestors = three
    request = scene.balance()
    attestors[1] = make_attestor(scene.ledger, scene.clock, seed=99)
    signed = collect(attestor_set, attestors, expected_balance_message(request), lambda a: a.attest_balance(request))
    assert [attestation.index for attestation in signed] == [0, 2]


def test_quorum_not_reached_names_every_reason(scene: Scene, three: tuple[AttestorSet, dict[int, Attestor]]) -> None:
    attestor_set, attestors = three
    request = scene.balance(balance_minor_units=1001)
    with pytest.raises(QuorumNotReachedError, match="2 attestors must sign, 0 did") as caught:
        collect(attestor_set, attestors, expected_balance_message(request), lambda a: a.attest_balance(request))
    assert {type(reason) for reason in caught.value.reasons.values()} == {BalanceTooSmallError}
    assert set(caught.value.reasons) == {0, 1, 2}


def test_transfers_leave_the_total_as_it_is(scene: Scene) -> None:
    assert scene.ledger.total_minor_units() == 1510
    scene.ledger.transfer(TXID, FARZAN, ALI, 400, NOW)
    assert scene.ledger.total_minor_units() == 1510
    assert BankLedger().total_minor_units() == 0
