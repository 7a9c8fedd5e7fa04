"""`anomi seller`: asks, reveals, releases, withdrawals."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Final

import click
from solders.pubkey import Pubkey

from anomi_cli.output import Output, common_options, say
from anomi_cli.trade.amounts import parse_units
from anomi_cli.trade.counter import SellerCounter, choose_account, open_seller
from anomi_cli.trade.options import Options, parse_address, trade_options
from anomi_cli.trade.steps import Steps
from anomi_core.errors import RefusedError, UsageError
from anomi_sdk.generated.market import Ask
from anomi_sdk.layouts import AccountMissingError
from anomi_sdk.rpc_url.errors import ClusterUnreachableError
from anomi_sdk.trade.markets import read_current_terms
from anomi_sdk.trade.orders import OrderStatus, existing, read_order
from anomi_sdk.trade.prepared import Prepared
from anomi_sdk.trade.seller import AskTerms, AskView, RevealsRefusedError

__all__ = ["AskChoiceError", "LifetimeUnreadableError", "seller"]

_LIFETIME: Final = re.compile(r"([0-9]{1,5})([hd])", re.ASCII)
_SECONDS: Final = {"h": 3600, "d": 86_400}
_WATCH_S: Final = 3.0
_NUMBER_MAX: Final = 2**64 - 1
_NUMBER: Final = re.compile(r"[0-9]{1,20}", re.ASCII)


class AskChoiceError(UsageError):
    """A seller has no ask here, or several of which none was named."""


class LifetimeUnreadableError(UsageError):
    """A word that is no number of hours or days."""


@click.group()
def seller() -> None:
    """Sell tokens for fiat money: post an ask, reveal the account to be paid, be paid or get the tokens back."""


@seller.command()
@click.argument("amount")
@click.option("--price", required=True, metavar="P", help="Fiat money for one whole token, for example 285.50.")
@click.option("--min-fill", metavar="AMOUNT", help="The least that a bid may take.  [default: what the terms ask]")
@click.option("--expires-in", default="7d", show_default=True, metavar="TIME", help="Hours or days: 12h, 7d.")
@click.option("--account", help="The linked account to be paid.  [default: the only one]")
@click.option("--delegate", metavar="ADDRESS", help="A wallet that may reveal the account for you.")
@click.option(
    "--number",
    type=click.IntRange(1, _NUMBER_MAX),
    metavar="N",
    help="Your number of this ask; the same number never deposits twice.  [default: the next]",
)
@trade_options(wallet=True, state=True, steps=True)
@common_options
def ask(
    output: Output,
    amount: str,
    price: str,
    min_fill: str | None,
    expires_in: str,
    account: str | None,
    delegate: str | None,
    number: int | None,
    options: Options,
) -> None:
    """Deposit AMOUNT tokens and list them. The account to be paid goes nowhere but into a commitment."""

    lifetime_s = _lifetime_s(expires_in)
    revealer = None if delegate is None else parse_address(delegate)
    with open_seller(options, secret=True) as counter:
        counter.refuse_development_keys()
        decimals, rail = counter.units.decimals, counter.file.rail
        least = read_current_terms(counter.rpc, counter.view).terms.min_fill_atoms
        terms = AskTerms(
            account=choose_account(counter.identity, rail, account),
            base_atoms=parse_units(amount, decimals, "amount"),
            price=parse_units(price, rail.exponent, "price"),
            min_fill_atoms=least if min_fill is None else parse_units(min_fill, decimals, "smallest fill"),
            client_nonce=counter.seller.next_nonce() if number is None else number,
            expiry_unix_s=counter.rpc.unix_time_s() + lifetime_s,
            reveal_delegate=revealer,
        )
        steps = Steps(output, yes=options.yes)
        placed = _place(counter, terms, steps)
        output.result({"ask": counter.units.ask_json(placed), "steps": steps.taken}, counter.units.ask_text(placed))


@seller.command(name="list")
@trade_options(wallet=True)
@common_options
def list_(output: Output, options: Options) -> None:
    """List your asks and the orders on them."""

    with open_seller(options, secret=False) as counter:
        asks, orders, units = counter.seller.asks(), counter.seller.orders(), counter.units
        lines = [units.ask_text(view) for view in asks] + [units.order_text(view) for view in orders]
        output.result(
            {
                "asks": [units.ask_json(view) for view in asks],
                "orders": [units.order_json(view) for view in orders],
            },
            "\n".join(lines) or "no asks yet",
        )


@seller.command()
@click.argument("orders", nargs=-1, metavar="[ORDER]…")
@click.option("--watch", is_flag=True, help="Go on revealing to whoever is matched, until Ctrl-C.")
@trade_options(wallet=True, state=True, steps=True)
@common_options
def reveal(output: Output, orders: tuple[str, ...], watch: bool, options: Options) -> None:
    """Tell the matched buyer whom to pay, encrypted to him alone; all orders that wait for it, or those named."""

    named = [parse_address(order) for order in orders]
    if watch and named:
        raise UsageError("--watch reveals to whoever is matched, so no order is named with it")
    if watch and not options.yes:
        raise UsageError("--watch reveals while nobody looks on", hint="agree beforehand with --yes")
    with open_seller(options, secret=True) as counter:
        steps = Steps(output, yes=options.yes)
        if watch:
            _watch(output, counter, steps)
            return
        _reveal_all(counter, named or _pending(counter), steps)
        output.result({"steps": steps.taken}, f"{len(steps.taken)} revealed")


@seller.command()
@click.argument("order")
@click.option("--txid", required=True, help="The transfer's id, as your own account shows it.")
@click.option("--amount", required=True, help="What your own account shows that it brought, for example 28500.00.")
@trade_options(wallet=True, state=True, steps=True)
@common_options
def release(output: Output, order: str, txid: str, amount: str, options: Options) -> None:
    """Pay an order's buyer in full on your own word that his fiat money came. It cannot be taken back.

    Take both from your own account, not from the buyer: a transfer that you do not name right could be proven for
    another of your orders, and you would pay for it twice.
    """

    address = parse_address(order)
    with open_seller(options, secret=True) as counter:
        steps, selling = Steps(output, yes=options.yes), counter.seller
        seen = parse_units(amount, counter.file.rail.exponent, "amount")
        steps.take(lambda: selling.prepare_release(address, txid=txid, seen_minor_units=seen), selling.execute)
        view = read_order(counter.rpc, address)
        output.result({"order": counter.units.order_json(view), "steps": steps.taken}, counter.units.order_text(view))


@seller.command()
@click.argument("ask", required=False)
@trade_options(wallet=True, steps=True)
@common_options
def cancel(output: Output, ask: str | None, options: Options) -> None:
    """Take ASK (its number or address) out of the book. Orders that are matched go on; `withdraw` pays the rest."""

    with open_seller(options, secret=False) as counter:
        address = _chosen_ask(counter, ask)
        _change(output, counter, address, lambda: counter.seller.prepare_cancel(address), options)


@seller.command()
@click.argument("ask", required=False)
@trade_options(wallet=True, steps=True)
@common_options
def withdraw(output: Output, ask: str | None, options: Options) -> None:
    """Pay what was returned to ASK (its number or address) to your own token account."""

    with open_seller(options, secret=False) as counter:
        address = _chosen_ask(counter, ask)
        _change(output, counter, address, lambda: counter.seller.prepare_withdraw(address), options)


@seller.command()
@click.argument("ask", required=False)
@click.option("--price", metavar="P", help="Fiat money for one whole token.  [default: as before]")
@click.option("--min-fill", metavar="AMOUNT", help="The least that a bid may take.  [default: as before]")
@click.option("--expires-in", default="7d", show_default=True, metavar="TIME", help="Hours or days: 12h, 7d.")
@trade_options(wallet=True, steps=True)
@common_options
def relist(
    output: Output, ask: str | None, price: str | None, min_fill: str | None, expires_in: str, options: Options
) -> None:
    """List all that was returned to ASK (its number or address) again, under the market's current terms.

    The account to be paid stays; price, smallest fill and end are new, and so is its place in the book.
    """
    lifetime_s = _lifetime_s(expires_in)
    with open_seller(options, secret=False) as counter:
        counter.refuse_development_keys()
        units, address = counter.units, _chosen_ask(counter, ask)
        before = _ask_at(counter, address).ask
        priced = before.price if price is None else parse_units(price, units.rail.exponent, "price")
        least = before.min_fill_atoms if min_fill is None else parse_units(min_fill, units.decimals, "smallest fill")
        expiry = counter.rpc.unix_time_s() + lifetime_s

        def prepare() -> Prepared:
            return counter.seller.prepare_relist(address, price=priced, min_fill_atoms=least, expiry_unix_s=expiry)

        _change(output, counter, address, prepare, options)


@seller.command(name="accept-terms")
@click.argument("ask", required=False)
@trade_options(wallet=True, steps=True)
@common_options
def accept_terms(output: Output, ask: str | None, options: Options) -> None:
    """Move ASK (its number or address) to the market's current terms; it keeps its place in the book.

    Bids match asks under the current terms only. An ask that stays under older ones can be taken out of the book by
    anyone, an hour after newer ones came. What the terms say: `anomi govern show`.
    """
    with open_seller(options, secret=False) as counter:
        counter.refuse_development_keys()
        address = _chosen_ask(counter, ask)
        _change(output, counter, address, lambda: counter.seller.prepare_accept_terms(address), options)


def _place(counter: SellerCounter, terms: AskTerms, steps: Steps) -> AskView:
    """Place an ask unless its number is taken already; then it has to be the same ask."""
    selling = counter.seller
    address = selling.ask_address(terms.client_nonce)
    if all(view.address != address for view in selling.asks()):
        steps.take(lambda: selling.prepare_ask(terms), selling.execute)
    return selling.place_ask(terms)


def _reveal(counter: SellerCounter, order: Pubkey, steps: Steps) -> None:
    selling = counter.seller
    steps.take(lambda: selling.prepare_reveal(order), selling.execute)


def _reveal_all(counter: SellerCounter, orders: list[Pubkey], steps: Steps) -> None:
    """Reveal these orders. One that cannot be revealed does not hold up the rest: RevealsRefusedError at the end."""
    revealed: list[Pubkey] = []
    refused: dict[Pubkey, RefusedError] = {}
    for order in orders:
        try:
            _reveal(counter, order, steps)
        except RefusedError as error:
            if len(orders) == 1:
                raise
            refused[order] = error
        else:
            revealed.append(order)
    if refused:
        raise RevealsRefusedError(revealed, refused)


def _pending(counter: SellerCounter) -> list[Pubkey]:
    """Return the orders whose payee is still to be revealed, and can be."""
    now = counter.rpc.unix_time_s()
    pending = counter.seller.orders(OrderStatus.PENDING)
    return [view.address for view in pending if now <= view.order.reveal_by_unix_s]


def _watch(output: Output, counter: SellerCounter, steps: Steps) -> None:
    """Reveal until Ctrl-C. A node that is away is waited for; an order that cannot be revealed is told once."""
    refused: set[Pubkey] = set()
    notes = output.progress()
    if not (output.as_json or output.quiet):
        say("watching for matched orders; Ctrl-C stops it")
    try:
        while True:
            try:
                for order in _pending(counter):
                    if order not in refused:
                        try:
                            _reveal(counter, order, steps)
                        except RefusedError as error:
                            refused.add(order)
                            notes.note(f"{order} is not revealed: {error}")
            except ClusterUnreachableError as error:
                notes.note(str(error))
            time.sleep(_WATCH_S)
    except KeyboardInterrupt:
        output.result({"steps": steps.taken}, f"{len(steps.taken)} revealed")


def _chosen_ask(counter: SellerCounter, named: str | None) -> Pubkey:
    """Return the ask of a number or address; the only one when none is named.

    Raises AskChoiceError and AccountMissingError.
    """
    if named is None:
        asks = counter.seller.asks()
        if len(asks) != 1:
            raise AskChoiceError(
                f"this wallet has {len(asks)} asks in the market: say which", hint="`anomi seller list` shows them"
            )
        return asks[0].address
    if _NUMBER.fullmatch(named) and int(named) <= _NUMBER_MAX:
        address = counter.seller.ask_address(int(named))
    else:
        address = parse_address(named)
    if existing(Ask, counter.rpc.accounts([address])[0]) is None:
        raise AccountMissingError(f"there is no ask at {address}", hint="`anomi seller list` shows yours")
    return address


def _change(
    output: Output, counter: SellerCounter, ask: Pubkey, prepare: Callable[[], Prepared], options: Options
) -> None:
    """Take a step that changes an ask, and tell how the ask stands."""
    steps = Steps(output, yes=options.yes)
    steps.take(prepare, counter.seller.execute)
    view = _ask_at(counter, ask)
    output.result({"ask": counter.units.ask_json(view), "steps": steps.taken}, counter.units.ask_text(view))


def _ask_at(counter: SellerCounter, address: Pubkey) -> AskView:
    return AskView(address, Ask.read(counter.rpc.accounts([address])[0]))


def _lifetime_s(text: str) -> int:
    match = _LIFETIME.fullmatch(text)
    if match is None or int(match[1]) == 0:
        raise LifetimeUnreadableError("a lifetime is a number of hours or days such as 12h or 7d")
    return int(match[1]) * _SECONDS[match[2]]
