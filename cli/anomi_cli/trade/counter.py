"""What a command needs at hand to act in one market: the cluster, the market, its units, a wallet, an identity."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from anomi_cli.trade.development_keys import refuse_development_keys
from anomi_cli.trade.market_folder import MarketFile
from anomi_cli.trade.options import Options
from anomi_cli.trade.views import Units
from anomi_core.errors import UsageError
from anomi_core.rails import Rail
from anomi_sdk.rpc_url import RpcUrl
from anomi_sdk.trade.markets import MarketView, read_market, read_terms
from anomi_sdk.trade.seller import Seller
from anomi_sdk.trade.vault import Identity

__all__ = [
    "NO_IDENTITY",
    "AccountChoiceError",
    "Counter",
    "SellerCounter",
    "choose_account",
    "open_counter",
    "open_seller",
]


class AccountChoiceError(UsageError):
    """A vault holds no account of the market's rail, or several of which none was named."""


NO_IDENTITY = Identity(0, ())
"""For steps that need a wallet only: no passphrase is asked for."""


@dataclass(frozen=True)
class Counter:
    """One market as seen through one node; every number of it has been recomputed."""

    rpc: RpcUrl
    url: str
    file: MarketFile
    view: MarketView
    units: Units

    def refuse_development_keys(self) -> None:
        """Raise DevelopmentKeyError where the market's current terms would let anybody forge proofs."""
        if self.view.market.terms_version:
            terms = read_terms(self.rpc, self.view.address, self.view.market.terms_version)
            refuse_development_keys(self.rpc, self.url, terms.terms)


@dataclass(frozen=True)
class SellerCounter(Counter):
    """A market, and a seller in it."""

    seller: Seller
    identity: Identity = field(repr=False)


@contextmanager
def open_counter(options: Options) -> Iterator[Counter]:
    """Open the market of a command line. Raises what reading it raises."""
    file, url = options.market(), options.node_url()
    with options.rpc() as rpc:
        view = read_market(rpc, file.ref)
        yield Counter(rpc, url, file, view, Units(view.market.base_decimals, file.symbol, file.rail))


@contextmanager
def open_seller(options: Options, *, secret: bool) -> Iterator[SellerCounter]:
    """Open the market with its seller; `secret` unlocks the vault, which only asks, reveals and releases need."""
    with open_counter(options) as counter:
        wallet = options.keypair()
        identity = options.vault().identity if secret else NO_IDENTITY
        seller = Seller(
            counter.rpc,
            counter.file.ref,
            identity=identity,
            wallet=wallet,
            micro_lamports_per_unit=options.micro_lamports_per_unit,
        )
        yield SellerCounter(counter.rpc, counter.url, counter.file, counter.view, counter.units, seller, identity)


def choose_account(identity: Identity, rail: Rail, named: str | None) -> str:
    """Return the account to trade with in canonical text: as typed, else the only one linked for the rail.

    Raises AccountChoiceError, and what `Rail.canonical_account` does.
    """
    if named is not None:
        return rail.canonical_account(named)
    linked = identity.accounts_of(rail)
    if not linked:
        raise AccountChoiceError(
            f"the vault holds no account of the rail {rail.name}", hint="`anomi vault link ACCOUNT` adds one"
        )
    if len(linked) > 1:
        raise AccountChoiceError(f"the vault holds {len(linked)} accounts of the rail: say which with --account")
    return linked[0]
