"""What the authority of a deployment does: publish, revoke and restore terms, pause a market, hand itself on.

None of it can change who receives the funds of an ask or an order, and none of it closes an exit.
"""

from __future__ import annotations

from solders.pubkey import Pubkey

from anomi_core.errors import RefusedError
from anomi_sdk.generated import market as market_program
from anomi_sdk.generated.market import ACCEPT_TERMS_GRACE_S, REVOKED_TERMS_EXTENSION_S, Config
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.rpc import Rpc
from anomi_sdk.trade.markets import MarketRef, read_asks, read_market, read_terms
from anomi_sdk.trade.prepared import Audience, Disclosure, Prepared, Till, execute
from anomi_sdk.trade.seams import Wallet
from anomi_sdk.trade.terms import TermsDraft, quorums_share_an_attestor, terms_changes

__all__ = ["AttestorsDisjointError", "Governor", "TermsUnchangedError"]

_NOBODY = Pubkey.default()
_HOUR_S = 3600
_DAY_S = 86_400


class AttestorsDisjointError(RefusedError):
    """A quorum of the new attestors and one of the old need not share any: an account could get two identities."""


class TermsUnchangedError(RefusedError):
    """New terms say what the current ones say: every ask would have to accept them for nothing."""


class Governor:
    """A deployment's authority, or whoever has been offered it, with one of its markets."""

    def __init__(self, rpc: Rpc, ref: MarketRef, wallet: Wallet, *, micro_lamports_per_unit: int = 0) -> None:
        """Govern with `wallet`, which pays fees and rent too."""
        self._ref = ref
        self._wallet = wallet
        self._till = Till(rpc, wallet.pubkey(), micro_lamports_per_unit)

    def execute(self, prepared: Prepared) -> TransactionOutcome:
        """Sign, simulate, send and confirm. Raises the error class of the program that refuses."""
        return execute(self._till.rpc, prepared, [self._wallet])

    def prepare_publish(self, draft: TermsDraft, *, allow_disjoint: bool = False) -> Prepared:
        """Return the transaction that makes `draft` the market's next terms.

        Raises TermsUnchangedError, AttestorsDisjointError unless `allow_disjoint`, and what reading the market raises.
        """
        rpc = self._till.rpc
        view = read_market(rpc, self._ref)
        version = view.market.terms_version + 1
        follows: tuple[str, ...] = ()
        if version > 1:
            current = TermsDraft.of(read_terms(rpc, view.address, version - 1))
            if draft == current:
                raise TermsUnchangedError(f"these are the market's terms {version - 1} already")
            if not allow_disjoint and not quorums_share_an_attestor(current.attestors, draft.attestors):
                raise AttestorsDisjointError(
                    "a quorum of the new attestors and one of the old need not share any, so that an account could be"
                    " bound to two identities",
                    hint="exchange fewer at once, and wait for the attestors' re-bind cool-down in between",
                )
            listed = len(read_asks(rpc, view))
            follows = (
                *terms_changes(current, draft),
                f"no bid matches any of the {listed} asks in the book until its seller accepts these terms",
                f"asks that have not, anybody can take out of the book {ACCEPT_TERMS_GRACE_S // _HOUR_S} hour later",
                "orders that are matched keep their terms",
            )
        discloses = (Disclosure(Audience.CHAIN, "new terms, which can be revoked and never changed", str(version)),)
        instruction = draft.publication(self._till.payer, view.address, version)
        return self._till.prepare("publish_terms", instruction, discloses=discloses, follows=follows)

    def prepare_revoke(self, version: int) -> Prepared:
        """Return the transaction that stops asks, bids and proofs of payment under a version of the terms."""
        instruction = market_program.revoke_terms(
            authority=self._till.payer, config=market_program.config_address(), terms=self._terms(version)
        )
        follows = (
            f"no ask, bid or proof of payment under the terms {version} is taken until they are restored",
            f"buyers under them get {REVOKED_TERMS_EXTENSION_S // _DAY_S} days more to prove, for ever, the first time",
            "sellers can still release, buyers cancel, and everybody withdraw what is his",
        )
        return self._till.prepare("revoke_terms", instruction, follows=follows)

    def prepare_restore(self, version: int) -> Prepared:
        """Return the transaction that lifts a revocation."""
        instruction = market_program.restore_terms(
            authority=self._till.payer, config=market_program.config_address(), terms=self._terms(version)
        )
        follows = (f"proofs of payment under the terms {version} are taken again", "the time that was added stays")
        return self._till.prepare("restore_terms", instruction, follows=follows)

    def prepare_pause(self, paused: bool) -> Prepared:
        """Return the transaction that pauses the market, or lets it go on; it may be what it already is."""
        instruction = market_program.set_paused(
            authority=self._till.payer,
            config=market_program.config_address(),
            market=self._ref.address,
            paused=paused,
        )
        follows: tuple[str, ...] = ("asks and bids are taken again",)
        if paused:
            follows = ("no new asks, bids or terms are taken", "orders go on, and every exit stays open")
        return self._till.prepare("set_paused", instruction, follows=follows)

    def prepare_offer(self, successor: Pubkey | None) -> Prepared:
        """Return the transaction that says who may accept the authority; None withdraws an offer."""
        instruction = market_program.transfer_authority(
            authority=self._till.payer,
            config=market_program.config_address(),
            pending_authority=successor or _NOBODY,
        )
        follows: tuple[str, ...] = ("nobody can accept the authority",)
        if successor is not None:
            follows = (f"{successor} can accept the authority over all markets", "until then nothing changes")
        return self._till.prepare("transfer_authority", instruction, follows=follows)

    def prepare_accept(self) -> Prepared:
        """Return the transaction that makes this wallet the authority, which it was offered."""
        config = market_program.config_address()
        former = Config.read(self._till.rpc.accounts([config])[0]).authority
        instruction = market_program.accept_authority(successor=self._till.payer, config=config)
        follows = (f"{self._till.payer} governs all markets, and {former} no more",)
        return self._till.prepare("accept_authority", instruction, follows=follows)

    def _terms(self, version: int) -> Pubkey:
        return market_program.terms_address(self._ref.address, version)
