"""What the circuits are asked to prove: honest trades, the edges of windows and amounts, true claims of elsewhere."""

from __future__ import annotations

from typing import Final

from anomi_core.spec import CLOCK_SKEW_S, FRESHNESS_WINDOW_S
from tests.programs.market.bid.world import DUE
from tests.programs.order_processor.world import PAY_BY
from tests.programs.proofs.trade import Claim, Trades
from tests.programs.world import UNIX_TIME_S

__all__ = ["CLAIMS", "drafted"]

ISSUED_MIN: Final = UNIX_TIME_S - 60
CLAIMS: Final[dict[str, str | None]] = {
    "first bid": None,
    "second bid": None,
    "foreign bid": None,
    "a balance seen in the window's first second": None,
    "a balance seen in the window's last second": None,
    "a balance that just covers": None,
    "a balance seen a second before the window": "Attestation is fresh",
    "a balance seen a second after the window": "Attestation is fresh",
    "a balance that is one unit short": "Balance covers reservations",
    "a balance elsewhere: another market": None,
    "a balance elsewhere: another deployment": None,
    "a balance elsewhere: another rail": None,
    "first payment": None,
    "second payment": None,
    "a transfer in the window's first second": None,
    "a transfer in the window's last second": None,
    "a transfer that just pays": None,
    "a transfer a second before the reveal": "Paid inside the window",
    "a transfer a second after the window": "Paid inside the window",
    "a transfer that is one unit short": "Amount reaches the floor",
    "a transfer by another account": "Payer is the bidder",
    "a transfer to another account": "Payee is the seller",
    "a transfer elsewhere: another market": None,
    "a transfer elsewhere: another deployment": None,
    "a transfer elsewhere: another rail": None,
}
"""Each claim, and the check that refuses it; None when it is true."""


def drafted(world: Trades) -> dict[str, Claim]:
    """Every claim, worked out in a draft of the trades."""
    claims = {"first bid": world.bid_claim("first"), **_balances(world)}
    orders = {"first": world.match("first")}
    claims["second bid"] = world.bid_claim("second")
    orders["second"] = world.match("second")
    claims["foreign bid"] = world.bid_claim("foreign")
    world.match("foreign")
    for name, order in orders.items():
        claims[f"{name} payment"] = world.payment_claim(order, world.home)
    first = claims["first payment"]
    for name, witness in {
        "in the window's first second": {"paid_at_unix_s": UNIX_TIME_S},
        "in the window's last second": {"paid_at_unix_s": PAY_BY + CLOCK_SKEW_S},
        "that just pays": {"amount_minor_units": DUE},
        "a second before the reveal": {"paid_at_unix_s": UNIX_TIME_S - 1},
        "a second after the window": {"paid_at_unix_s": PAY_BY + CLOCK_SKEW_S + 1},
        "that is one unit short": {"amount_minor_units": DUE - 1},
        "by another account": {"payer_account": 3_111_111_112},
        "to another account": {"payee_account": 3_001_234_568},
    }.items():
        claims[f"a transfer {name}"] = world.payment_claim(orders["first"], world.home, **witness)
    return claims | _elsewhere(world, "a transfer", first)


def _balances(world: Trades) -> dict[str, Claim]:
    covered = world.args.covered_minor_units
    made = {
        f"a balance {name}": world.bid_claim("first", **witness)
        for name, witness in {
            "seen in the window's first second": {"issued_at_unix_s": ISSUED_MIN},
            "seen in the window's last second": {"issued_at_unix_s": ISSUED_MIN + FRESHNESS_WINDOW_S - 1},
            "that just covers": {"balance_minor_units": covered},
            "seen a second before the window": {"issued_at_unix_s": ISSUED_MIN - 1},
            "seen a second after the window": {"issued_at_unix_s": ISSUED_MIN + FRESHNESS_WINDOW_S},
            "that is one unit short": {"balance_minor_units": covered - 1},
        }.items()
    }
    return made | _elsewhere(world, "a balance", world.bid_claim("first"))


def _elsewhere(world: Trades, what: str, claim: Claim) -> dict[str, Claim]:
    witness = claim.witness
    return {
        f"{what} elsewhere: another market": world.elsewhere(claim, market=bytes(world.foreign.market)),
        f"{what} elsewhere: another deployment": world.elsewhere(claim, deployment=witness.deployment + 1),
        f"{what} elsewhere: another rail": world.elsewhere(claim, rail=witness.rail + 1),
    }
