"""`anomi localnet`."""

from __future__ import annotations

import shlex
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from anomi_cli.output import Output, common_options
from anomi_cli.project import build_folder

if TYPE_CHECKING:
    from anomi_cli.trade.market_folder import MarketFile
    from anomi_sdk.svm import EmbeddedSvm

__all__ = ["localnet"]


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8899,
    show_default=True,
    help="Where to listen on 127.0.0.1, and one on for WebSockets; 0 takes two free ports.",
)
@click.option(
    "--unix-time",
    "unix_time_s",
    type=click.IntRange(1, 2**40 - 1),
    metavar="S",
    help="Where the chain's clock starts, in unix seconds.  [default: now]",
)
@click.option(
    "--market",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Deploy a development market too, and write its wallets, bank and attestors into this new folder.",
)
@common_options
def localnet(output: Output, port: int, unix_time_s: int | None, folder: Path | None) -> None:
    """Serve the embedded runtime with the built programs as a JSON-RPC node, until Ctrl-C.

    For tests and development only: it listens on this machine alone, gives lamports to everybody who asks
    (requestAirdrop), lets everybody move its clock (anomi_setUnixTime), and forgets everything when it stops.

    With --market it also holds a market to trade in: a token, development attestors over a small bank, two people with
    money. DIR keeps what the bank and the attestors know, and the wallets; delete it afterwards.
    """
    from anomi_sdk.generated import PROGRAMS
    from anomi_sdk.localnet import Localnet
    from anomi_sdk.programs import load_program
    from anomi_sdk.svm import EmbeddedSvm

    built = build_folder() / "programs"
    programs = [load_program(built, program.name) for program in PROGRAMS]
    start_s = int(time.time()) if unix_time_s is None else unix_time_s
    svm = EmbeddedSvm(unix_time_s=start_s)
    for program in programs:
        svm.load(program)
    net = Localnet(svm, port=port)
    market = None if folder is None else _make_market(folder, net.url, svm)
    with net:
        lines = [f"{net.url}  (for tests and development only; Ctrl-C stops it)"]
        lines += [f"  {program.program_id}  {program.name}" for program in programs]
        if folder is not None and market is not None:
            lines += _next_steps(folder, market)
        output.result(
            {
                "url": net.url,
                "websocket_url": net.websocket_url,
                "unix_time_s": start_s,
                "programs": [
                    {"name": program.name, "program_id": str(program.program_id), "sha256": program.sha256}
                    for program in programs
                ],
                "market": None
                if market is None
                else {
                    "folder": str(folder),
                    "address": str(market.ref.address),
                    "base_mint": str(market.base_mint),
                    "rail": market.rail.name,
                },
            },
            "\n".join(lines),
        )
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return  # the way in which it is meant to end


def _make_market(folder: Path, url: str, svm: EmbeddedSvm) -> MarketFile:
    from anomi_cli.trade.development import make_development_market
    from anomi_cli.trade.market_folder import require_new_folder

    require_new_folder(folder)
    return make_development_market(svm, folder, url)


def _next_steps(folder: Path, market: MarketFile) -> list[str]:
    """Return what to type into two more terminals for a whole trade."""
    from anomi_cli.trade.development import PEOPLE

    here = shlex.quote(str(folder.resolve()))
    seller, buyer = PEOPLE
    return [
        f"market {market.ref.address}: {market.symbol} against {market.rail.name}, 2 of 3 development attestors",
        "",
        f"{seller.name.title()} sells, in a second terminal:",
        f"  export ANOMI_MARKET={here} ANOMI_WALLET={here}/{seller.name}.json ANOMI_STATE={here}/{seller.name}",
        "  anomi vault create",
        f"  anomi vault link {seller.typed_account}",
        "  anomi seller ask 100 --price 285",
        "  anomi seller reveal --watch --yes",
        "",
        f"{buyer.name.title()} buys, in a third:",
        f"  export ANOMI_MARKET={here} ANOMI_WALLET={here}/{buyer.name}.json ANOMI_STATE={here}/{buyer.name}",
        "  anomi vault create",
        f"  anomi vault link {buyer.typed_account}",
        "  anomi buyer bid 100 --limit 300",
    ]
