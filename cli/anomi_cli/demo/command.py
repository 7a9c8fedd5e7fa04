"""`anomi demo`."""

from __future__ import annotations

import click

from anomi_cli.output import Output, common_options

__all__ = ["demo"]


@click.command()
@common_options
def demo(output: Output) -> None:
    """Trade 100 USDC for 28,500 PKR with real proofs and real programs; then try to cheat in every way.

    A small bank ledger, three attestors of which two must agree, both circuits, proofs made on this machine, and
    the four programs with the SPL Token program on an embedded SVM. Ali sells, Farzan buys, everybody tries to cheat.
    Every figure is measured in this run. --json prints the document of docs/reference/demo.schema.json. Exit code 1
    when an attempt to cheat was not refused for its own reason, or an invariant did not hold.
    """
    import tempfile
    import time
    from pathlib import Path

    from anomi_cli.demo.play import play
    from anomi_cli.demo.render import Narrator
    from anomi_core.errors import RefusedError

    narrator = Narrator(silent=output.as_json or output.quiet)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="anomi-demo-") as folder, output.progress() as progress:
        report = play(Path(folder), narrator, progress, unix_time_s=int(time.time()))
    report.seconds = round(time.perf_counter() - began, 3)
    narrator.closing(report)
    if report.failures:
        raise RefusedError("; ".join(report.failures))
    if output.as_json:
        output.result(report.as_json(), "")
