"""`anomi govern`: what the authority of a deployment does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from solders.pubkey import Pubkey

from anomi_cli.output import Output, common_options
from anomi_cli.paths import EXISTING_FILE, NEW_FILE, check_outputs
from anomi_cli.trade.amounts import format_time
from anomi_cli.trade.counter import Counter, open_counter
from anomi_cli.trade.development_keys import refuse_development_keys
from anomi_cli.trade.options import Options, parse_address, trade_options
from anomi_cli.trade.steps import Steps
from anomi_cli.trade.terms_file import read_terms_file, terms_document, write_terms_file
from anomi_core.errors import UsageError
from anomi_sdk.trade.governing import Governor
from anomi_sdk.trade.markets import TermsView, read_asks, read_market, read_terms
from anomi_sdk.trade.prepared import Prepared
from anomi_sdk.trade.terms import TermsDraft

__all__ = ["TermsNotPublishedError", "govern"]

_VERSION = click.IntRange(1, 2**32 - 1)


class TermsNotPublishedError(UsageError):
    """A market has no terms of the version that was named, or none at all."""


@click.group()
def govern() -> None:
    """Govern a deployment: its markets' terms, pauses, and who holds the authority.

    Nothing here changes who receives the funds of an ask or an order, and nothing closes an exit: reveals, releases,
    cancels, expiries and withdrawals go on in a paused market and under revoked terms.
    """


@govern.command()
@click.option("--terms", "version", type=_VERSION, metavar="N", help="Which terms.  [default: the current ones]")
@click.option("--write", "out", type=NEW_FILE, metavar="FILE", help="Write the terms, to be edited and published.")
@trade_options()
@common_options
def show(output: Output, version: int | None, out: Path | None, options: Options) -> None:
    """Show who governs and what the terms say.

    And whether the market is paused. Anybody may look; no wallet is needed.
    """
    if out is not None:
        check_outputs((out,))
    with open_counter(options) as counter:
        terms = _terms(counter, version)
        if out is not None:
            if terms is None:
                raise TermsNotPublishedError("the market has no terms yet, so there are none to write")
            write_terms_file(out, TermsDraft.of(terms))
        listed = len(read_asks(counter.rpc, counter.view))
    output.result(
        {**_market_json(counter, listed), "terms": None if terms is None else _terms_json(terms)},
        "\n".join((*_market_lines(counter, listed), *(() if terms is None else _terms_lines(counter, terms)))),
    )


@govern.command()
@click.argument("terms", type=EXISTING_FILE, metavar="TERMS.json")
@click.option("--allow-disjoint", is_flag=True, help="Even if no attestor has to be in both a new and an old quorum.")
@trade_options(wallet=True, steps=True)
@common_options
def publish(output: Output, terms: Path, allow_disjoint: bool, options: Options) -> None:
    """Publish TERMS.json as the market's next terms. `show --write` writes the current ones, to begin with.

    Orders keep the terms that they were matched under. Asks match no bid until their sellers accept the new ones, so
    tell the sellers before.
    """
    draft = read_terms_file(terms)
    with _governor(options) as (counter, governor):
        refuse_development_keys(counter.rpc, counter.url, draft)
        _take(
            output, counter, governor, lambda: governor.prepare_publish(draft, allow_disjoint=allow_disjoint), options
        )


@govern.command()
@click.argument("version", type=_VERSION)
@trade_options(wallet=True, steps=True)
@common_options
def revoke(output: Output, version: int, options: Options) -> None:
    """Stop what is done under the terms VERSION.

    Asks, bids and proofs of payment: for a broken circuit, or attestors gone bad.
    """
    with _governor(options) as (counter, governor):
        _require_terms(counter, version)
        _take(output, counter, governor, lambda: governor.prepare_revoke(version), options, version)


@govern.command()
@click.argument("version", type=_VERSION)
@trade_options(wallet=True, steps=True)
@common_options
def restore(output: Output, version: int, options: Options) -> None:
    """Lift the revocation of the terms VERSION. The time that it gave to buyers stays theirs."""
    with _governor(options) as (counter, governor):
        _require_terms(counter, version)
        _take(output, counter, governor, lambda: governor.prepare_restore(version), options, version)


@govern.command()
@trade_options(wallet=True, steps=True)
@common_options
def pause(output: Output, options: Options) -> None:
    """Take no new asks, bids or terms in the market. Orders go on."""
    with _governor(options) as (counter, governor):
        _take(output, counter, governor, lambda: governor.prepare_pause(paused=True), options)


@govern.command()
@trade_options(wallet=True, steps=True)
@common_options
def unpause(output: Output, options: Options) -> None:
    """Take asks, bids and terms in the market again."""
    with _governor(options) as (counter, governor):
        _take(output, counter, governor, lambda: governor.prepare_pause(paused=False), options)


@govern.command()
@click.argument("successor", required=False)
@click.option("--withdraw", is_flag=True, help="Withdraw the offer instead.")
@trade_options(wallet=True, steps=True)
@common_options
def offer(output: Output, successor: str | None, withdraw: bool, options: Options) -> None:
    """Offer the authority to SUCCESSOR, an address.

    It is the authority over all markets, and changes hands when he accepts it, not before.
    """
    if withdraw == (successor is not None):
        raise UsageError("name the successor, or withdraw the offer by --withdraw")
    chosen = None if successor is None else parse_address(successor)
    with _governor(options) as (counter, governor):
        _take(output, counter, governor, lambda: governor.prepare_offer(chosen), options)


@govern.command()
@trade_options(wallet=True, steps=True)
@common_options
def accept(output: Output, options: Options) -> None:
    """Accept the authority that was offered to this wallet."""
    with _governor(options) as (counter, governor):
        _take(output, counter, governor, governor.prepare_accept, options)


@contextmanager
def _governor(options: Options) -> Iterator[tuple[Counter, Governor]]:
    with open_counter(options) as counter:
        wallet = options.keypair()
        price = options.micro_lamports_per_unit
        yield counter, Governor(counter.rpc, counter.file.ref, wallet, micro_lamports_per_unit=price)


def _take(
    output: Output,
    counter: Counter,
    governor: Governor,
    prepare: Callable[[], Prepared],
    options: Options,
    version: int | None = None,
) -> None:
    """Take one step, and tell how the market stands after it."""
    steps = Steps(output, yes=options.yes)
    steps.take(prepare, governor.execute)
    after = replace(counter, view=read_market(counter.rpc, counter.file.ref))
    terms, listed = _terms(after, version), len(read_asks(after.rpc, after.view))
    output.result(
        {
            **_market_json(after, listed),
            "terms": None if terms is None else _terms_json(terms),
            "steps": steps.taken,
        },
        "\n".join(_market_lines(after, listed)),
    )


def _require_terms(counter: Counter, version: int) -> None:
    if version > counter.view.market.terms_version:
        raise TermsNotPublishedError(
            f"the market has terms up to version {counter.view.market.terms_version}, not {version}"
        )


def _terms(counter: Counter, version: int | None) -> TermsView | None:
    """Return one version of the terms, the current one unless named; None where there are none yet."""
    if version is not None:
        _require_terms(counter, version)
    chosen = version or counter.view.market.terms_version
    return read_terms(counter.rpc, counter.view.address, chosen) if chosen else None


def _market_json(counter: Counter, listed: int) -> dict[str, Any]:
    config, market = counter.view.config, counter.view.market
    pending = None if config.pending_authority == Pubkey.default() else str(config.pending_authority)
    return {
        "market": str(counter.view.address),
        "authority": str(config.authority),
        "pending_authority": pending,
        "treasury": str(config.treasury),
        "paused": market.paused,
        "terms_version": market.terms_version,
        "asks_listed": listed,
    }


def _market_lines(counter: Counter, listed: int) -> list[str]:
    told = _market_json(counter, listed)
    offered = f", offered to {told['pending_authority']}" if told["pending_authority"] else ""
    lines = [
        f"market {told['market']}, {'paused' if told['paused'] else 'open'}, {listed} asks listed",
        f"  authority {told['authority']}{offered}",
        f"  treasury  {told['treasury']}",
    ]
    return [*lines, f"  terms {told['terms_version']}" if told["terms_version"] else "  no terms yet"]


def _terms_json(view: TermsView) -> dict[str, Any]:
    terms = view.terms
    return {
        **terms_document(TermsDraft.of(view)),
        "version": terms.version,
        "address": str(view.address),
        "published_at_unix_s": terms.published_at_unix_s,
        "revoked_at_unix_s": terms.revoked_at_unix_s or None,
        "claim_extension_s": terms.claim_extension_s,
    }


def _terms_lines(counter: Counter, view: TermsView) -> list[str]:
    terms, units = view.terms, counter.units
    revoked = f", revoked at {format_time(terms.revoked_at_unix_s)}" if terms.revoked_at_unix_s else ""
    return [
        f"terms {terms.version}, published at {format_time(terms.published_at_unix_s)}{revoked}",
        f"  fee {terms.fee_bps / 100:.2f} %, {terms.attestor_k} of {terms.attestor_n} attestors",
        f"  asks of at least {units.tokens(terms.min_ask_atoms)},"
        f" fills of at least {units.tokens(terms.min_fill_atoms)}",
        f"  reveal within {terms.reveal_window_s} s, pay within {terms.pay_window_s} s, prove within"
        f" {terms.prove_window_s} s" + (f" and {terms.claim_extension_s} s" if terms.claim_extension_s else ""),
        f"  {terms.strikes_max} strikes pause an account for {terms.cooldown_s} s; a cancel is free for"
        f" {terms.free_cancel_grace_s} s after the reveal, once in {terms.free_cancel_interval_s} s",
        f"  solvency key {terms.solvency_key}",
        f"  payment key  {terms.payment_key}",
    ]
