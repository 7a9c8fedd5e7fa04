"""Terms of a market before they are published, and what differs between two of them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from solders.instruction import Instruction
from solders.pubkey import Pubkey

from anomi_core.registry import AttestorSet
from anomi_sdk.generated import market as market_program
from anomi_sdk.trade.markets import TermsView, field_bytes

__all__ = ["TermsDraft", "quorums_share_an_attestor", "terms_changes"]

_UNUSED_KEY: Final = market_program.AttestorKey(bytes(32), bytes(32))


@dataclass(frozen=True)
class TermsDraft:
    """Everything that terms say, but for which market's and version they are; each as in `generated.market.Terms`."""

    solvency_key: Pubkey
    payment_key: Pubkey
    attestors: AttestorSet
    fee_bps: int
    reveal_window_s: int
    pay_window_s: int
    prove_window_s: int
    strikes_max: int
    cooldown_s: int
    free_cancel_grace_s: int
    free_cancel_interval_s: int
    min_ask_atoms: int
    min_fill_atoms: int

    @classmethod
    def of(cls, view: TermsView) -> TermsDraft:
        """Return what published terms say."""
        plain = {name: getattr(view.terms, name) for name in _PLAIN}
        return cls(attestors=view.attestors, **plain)

    def publication(self, authority: Pubkey, market: Pubkey, version: int) -> Instruction:
        """Return the instruction that publishes these terms; `version` follows the market's current one."""
        attestors = self.attestors
        used = [market_program.AttestorKey(field_bytes(key.ax), field_bytes(key.ay)) for key in attestors.keys]
        return market_program.publish_terms(
            authority=authority,
            config=market_program.config_address(),
            market=market,
            terms=market_program.terms_address(market, version),
            version=version,
            attestor_k=attestors.k,
            attestor_n=len(attestors.keys),
            attestor_depth=attestors.depth,
            attestor_keys=[*used, *[_UNUSED_KEY] * (market_program.ATTESTORS_MAX - len(used))],
            **{name: getattr(self, name) for name in _PLAIN},
        )


_PLAIN: Final = tuple(item.name for item in fields(TermsDraft) if item.name != "attestors")
"""The fields that terms on chain have under the same name."""


def terms_changes(old: TermsDraft, new: TermsDraft) -> tuple[str, ...]:
    """Return what differs, a line for each field, in their order; empty when nothing does."""
    changes = [
        f"{name}: {getattr(old, name)} → {getattr(new, name)}"
        for name in _PLAIN
        if getattr(old, name) != getattr(new, name)
    ]
    if old.attestors != new.attestors:
        kept = len(_ys(old.attestors) & _ys(new.attestors))
        changes.append(f"attestors: {_quorum(old.attestors)} → {_quorum(new.attestors)}, {kept} of them as before")
    return tuple(changes)


def quorums_share_an_attestor(one: AttestorSet, other: AttestorSet) -> bool:
    """Tell whether any quorum of one set and any of the other have an attestor in common.

    Where they need not, an account can be bound to one identity by the first and to another by the second. They have
    when the two quorums together are more than all attestors there are. Keys with the same y are one attestor's.
    """
    return one.k + other.k > len(_ys(one) | _ys(other))


def _ys(attestors: AttestorSet) -> frozenset[int]:
    return frozenset(key.ay for key in attestors.keys)


def _quorum(attestors: AttestorSet) -> str:
    return f"{attestors.k} of {len(attestors.keys)}"
