"""Hostile transactions around governing: revoking and restoring terms, pausing, handing the authority on."""

from __future__ import annotations

from anomi_sdk.generated.market_errors import (
    GovernorMismatchError,
    MarketInvalidError,
    PendingAuthorityMismatchError,
    TermsInvalidError,
    TermsNotRevokedError,
    TermsRevokedError,
)
from tests.programs.market import steps
from tests.programs.market.ready import Ready
from tests.programs.market.refusals import (
    Refusal,
    config_cases,
    governor_only,
    not_this_kind,
    replaced,
    signed_by,
    signed_by_another,
)
from tests.programs.market.world import MarketWorld, TermsArgs


def cases() -> list[Refusal]:
    return [
        *(case for name in ("revoke_terms", "restore_terms") for case in governor_only(name)),
        *(
            case
            for name in ("revoke_terms", "restore_terms")
            for case in not_this_kind(name, "terms", TermsInvalidError)
        ),
        Refusal("revoke_terms", "revoked already", TermsRevokedError, _again),
        Refusal("restore_terms", "restored already", TermsNotRevokedError, _again),
        Refusal(
            "restore_terms",
            "other terms, in force",
            TermsNotRevokedError,
            lambda world, ready: replaced("terms", world.publish_terms(TermsArgs(version=2)))(world, ready),
        ),
        *governor_only("set_paused"),
        *not_this_kind("set_paused", "market", MarketInvalidError),
        *governor_only("transfer_authority"),
        *_accepting(),
    ]


def _accepting() -> list[Refusal]:
    name, error = "accept_authority", PendingAuthorityMismatchError

    def by_the_governor(world: MarketWorld, ready: Ready) -> Ready:
        return signed_by(world.governor, "successor")(world, ready)

    def withdrawn(world: MarketWorld, ready: Ready) -> Ready:
        world.accepted(steps.transfer_authority(world, steps.NOBODY), signers=[world.governor])
        return ready

    def given_to_another(world: MarketWorld, ready: Ready) -> Ready:
        world.accepted(steps.transfer_authority(world, world.user().pubkey()), signers=[world.governor])
        return ready

    return [
        *config_cases(name),
        Refusal(name, "a stranger signs", error, signed_by_another("successor")),
        Refusal(name, "the governor signs", error, by_the_governor),
        Refusal(name, "accepted already", error, _again),
        Refusal(name, "withdrawn", error, withdrawn),
        Refusal(name, "another may accept", error, given_to_another),
        Refusal("transfer_authority", "by who governed before", GovernorMismatchError, _governed_before),
    ]


def _again(world: MarketWorld, ready: Ready) -> Ready:
    """The same transaction once more."""
    world.accepted(ready.instruction, signers=ready.signers)
    return ready


def _governed_before(world: MarketWorld, ready: Ready) -> Ready:
    heir = world.user()
    world.accepted(steps.transfer_authority(world, heir.pubkey()), signers=[world.governor])
    world.accepted(steps.accept_authority(heir.pubkey()), signers=[heir])
    return ready
