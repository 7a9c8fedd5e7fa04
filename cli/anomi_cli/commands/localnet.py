"""`anomi localnet`."""

from __future__ import annotations

import threading
import time

import click

from anomi_cli.output import Output, common_options
from anomi_cli.project import build_folder

__all__ = ["localnet"]


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8899,
    show_default=True,
    help="Where to listen on 127.0.0.1; 0 takes a free port.",
)
@click.option(
    "--unix-time",
    "unix_time_s",
    type=click.IntRange(1, 2**40 - 1),
    metavar="S",
    help="Where the chain's clock starts, in unix seconds.  [default: now]",
)
@common_options
def localnet(output: Output, port: int, unix_time_s: int | None) -> None:
    """Serve the embedded runtime with the built programs as a JSON-RPC node, until Ctrl-C.

    For tests and development only: it listens on this machine alone, gives lamports to everybody who asks
    (requestAirdrop), lets everybody move its clock (anomi_setUnixTime), and forgets everything when it stops.
    """
    from anomi_sdk.generated import PROGRAMS
    from anomi_sdk.localnet import Localnet
    from anomi_sdk.programs import load_program
    from anomi_sdk.svm import EmbeddedSvm

    folder = build_folder() / "programs"
    programs = [load_program(folder, program.name) for program in PROGRAMS]
    start_s = int(time.time()) if unix_time_s is None else unix_time_s
    svm = EmbeddedSvm(unix_time_s=start_s)
    for program in programs:
        svm.load(program)
    with Localnet(svm, port=port) as net:
        lines = [f"{net.url}  (for tests and development only; Ctrl-C stops it)"]
        lines += [f"  {program.program_id}  {program.name}" for program in programs]
        output.result(
            {
                "url": net.url,
                "unix_time_s": start_s,
                "programs": [
                    {"name": program.name, "program_id": str(program.program_id), "sha256": program.sha256}
                    for program in programs
                ],
            },
            "\n".join(lines),
        )
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return  # the way in which it is meant to end
