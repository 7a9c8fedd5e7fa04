"""`anomi demo`."""

from __future__ import annotations

import click

from anomi_cli.output import Output, common_options

__all__ = ["demo"]


@click.command()
@common_options
def demo(output: Output) -> None:
    """Prove solvency and payment for real, have the real program accept both, then try to cheat.

    A small bank ledger, three attestors, both circuits, proofs made on this machine, and groth16_verifier on an
    embedded SVM. Every figure is measured in this run. --json prints the document of
    docs/reference/demo.schema.json. Exit code 1 when an attempt to cheat was not refused for its own reason.
    """
    import tempfile
    import time
    from pathlib import Path

    from anomi_cli.demo.chain import Chain
    from anomi_cli.demo.refusals import try_everything
    from anomi_cli.demo.render import Narrator
    from anomi_cli.demo.report import DemoReport
    from anomi_cli.demo.trade import Trader
    from anomi_cli.demo.world import Clock, World
    from anomi_core.errors import RefusedError

    narrator = Narrator(silent=output.as_json or output.quiet)
    began = time.perf_counter()
    clock = Clock(int(time.time()))
    with tempfile.TemporaryDirectory(prefix="anomi-demo-") as folder:
        world = World(Path(folder), clock)
        chain = Chain(clock)
        report = DemoReport(
            program_sha256=chain.program.sha256,
            deployment=str(world.deployment),
            attestors=f"{world.attestor_set.k} of {len(world.attestor_set.keys)}, root {world.attestor_set.root}",
        )
        trader = Trader(world, chain, report, narrator.say)
        narrator.phase("1  The verifying keys go on chain")
        trader.publish_keys()
        narrator.phase("2  Farzan proves that he is solvent")
        trader.prove_solvency()
        narrator.proof(report.proofs[-1])
        narrator.phase("3  Farzan pays Ali, and proves it")
        trader.pay_and_prove()
        narrator.proof(report.proofs[-1])
        narrator.phase("4  What a thief tries")
        try_everything(trader)
        world.close()
    report.seconds = round(time.perf_counter() - began, 3)
    narrator.refusals(report)
    narrator.closing(report)
    if report.failures:
        raise RefusedError("not refused for its own reason: " + "; ".join(report.failures))
    if output.as_json:
        output.result(report.as_json(), "")
