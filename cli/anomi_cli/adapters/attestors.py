"""Attestors behind the seam `anomi_sdk.trade.seams.AttestorClient`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from anomi_core import identity, messages
from anomi_core.eddsa import Signature
from anomi_core.rails import pack_text, rail_by_name
from anomi_core.registry import AttestorSet
from anomi_sdk.trade.seams import BalanceClaim, ReceiptClaim
from anomi_services.attestor.attestor import Attestor, BalanceRequest, ReceiptRequest
from anomi_services.attestor.quorum import collect

__all__ = ["AttestorQuorum"]


class AttestorQuorum:
    """Asks the attestors that it knows, in the order of the set that the terms name.

    `password_of` gives the password with which the holder of an account lets attestors look into it. An attestor that
    the set does not name is not asked; a place in the set whose attestor is not known here stays without an answer.
    """

    def __init__(self, attestors: Iterable[Attestor], password_of: Callable[[str], str]) -> None:
        """Keep the attestors by their keys."""
        self._by_key = {attestor.key: attestor for attestor in attestors}
        self._password_of = password_of

    def attest_balance(self, attestors: AttestorSet, claim: BalanceClaim) -> Mapping[int, Signature]:
        """Return k verified signatures by leaf index. Raises QuorumNotReachedError with every attestor's reason."""
        request = BalanceRequest(
            deployment=claim.deployment,
            account=claim.account,
            password=self._password_of(claim.account),
            h=claim.h,
            balance_minor_units=claim.balance_minor_units,
            issued_at_unix_s=claim.issued_at_unix_s,
            nonce=claim.nonce,
        )
        message = messages.balance_message(
            deployment=claim.deployment,
            rail=rail_by_name(claim.rail).id(),
            idc=_idc(claim),
            balance_minor_units=claim.balance_minor_units,
            issued_at_unix_s=claim.issued_at_unix_s,
            nonce=claim.nonce,
        )
        return self._collect(attestors, message, lambda attestor: attestor.attest_balance(request))

    def attest_receipt(self, attestors: AttestorSet, claim: ReceiptClaim) -> Mapping[int, Signature]:
        """Return k verified signatures by leaf index. Raises QuorumNotReachedError with every attestor's reason."""
        request = ReceiptRequest(
            deployment=claim.deployment,
            account=claim.account,
            password=self._password_of(claim.account),
            h=claim.h,
            payee_account=claim.payee_account,
            amount_minor_units=claim.amount_minor_units,
            paid_at_unix_s=claim.paid_at_unix_s,
            txid=claim.txid,
            nonce=claim.nonce,
        )
        message = messages.receipt_message(
            deployment=claim.deployment,
            rail=rail_by_name(claim.rail).id(),
            idc=_idc(claim),
            payee_account=pack_text(claim.payee_account),
            amount_minor_units=claim.amount_minor_units,
            paid_at_unix_s=claim.paid_at_unix_s,
            txid=pack_text(claim.txid),
            nonce=claim.nonce,
        )
        return self._collect(attestors, message, lambda attestor: attestor.attest_receipt(request))

    def _collect(
        self, attestors: AttestorSet, message: int, ask: Callable[[Attestor], Signature]
    ) -> Mapping[int, Signature]:
        known = {index: self._by_key[key] for index, key in enumerate(attestors.keys) if key in self._by_key}
        return {answer.index: answer.signature for answer in collect(attestors, known, message, ask)}


def _idc(claim: BalanceClaim | ReceiptClaim) -> int:
    return identity.idc(claim.h, rail_by_name(claim.rail).id(), pack_text(claim.account))
