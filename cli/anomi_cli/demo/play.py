"""The whole demo: sets the stage, runs every part, and writes down what the chain holds at the end."""

from __future__ import annotations

from contextlib import closing
from importlib.metadata import version
from pathlib import Path

from solders.pubkey import Pubkey

from anomi_cli.demo import first_trade, later_trades
from anomi_cli.demo.audit import accounts_of
from anomi_cli.demo.cast import Cast
from anomi_cli.demo.chain import Chain
from anomi_cli.demo.clock import DemoClock
from anomi_cli.demo.keeper import KeepingProver
from anomi_cli.demo.render import Narrator
from anomi_cli.demo.report import AskRow, CircuitRow, DemoReport, LineRow, MarketRow, OrderRow, ProgramRow
from anomi_cli.demo.stage import Stage
from anomi_cli.demo.world import World
from anomi_cli.trade.founding import DECIMALS
from anomi_prover.progress import Progress
from anomi_sdk.generated.market import Ask, FundsReleased, SolvencyLine
from anomi_sdk.trade.orders import orders_where

__all__ = ["play"]


def play(folder: Path, narrator: Narrator, progress: Progress, *, unix_time_s: int) -> DemoReport:
    """Run the demo with its files in `folder`, from `unix_time_s` on; return what it found.

    Raises ArtifactMissingError, ProgramMissingError, and what an honest step that is refused raises.
    """
    clock = DemoClock(unix_time_s)
    chain = Chain(unix_time_s=unix_time_s)
    programs = [ProgramRow(p.name, str(p.program_id), p.sha256) for p in chain.programs]
    report = DemoReport(runtime=f"solders {version('solders')}", programs=programs)
    with closing(World(folder, clock, chain)) as world:
        stage = Stage(world, report, narrator)
        with closing(Cast(world, stage, KeepingProver(on_proof=stage.on_proof, progress=progress))) as cast:
            later_trades.run(cast, first_trade.run(cast))
            _write_down(report, cast)
    return report


def _write_down(report: DemoReport, cast: Cast) -> None:
    world, deployment, terms = cast.world, cast.deployment, cast.deployment.terms()
    report.supply_atoms = world.chain.supply_atoms()
    report.market = MarketRow(
        address=str(deployment.market),
        deployment=str(world.deployment),
        base_mint=str(world.chain.mint),
        base_decimals=DECIMALS,
        rail=world.rail.name,
        currency=world.rail.currency,
        currency_exponent=world.rail.exponent,
        fee_bps=terms.fee_bps,
        reveal_window_s=terms.reveal_window_s,
        pay_window_s=terms.pay_window_s,
        prove_window_s=terms.prove_window_s,
        attestors_needed=terms.attestor_k,
        attestors=terms.attestor_n,
        attestor_root=str(int.from_bytes(terms.attestor_root, "big")),
    )
    for name, circuit in cast.prover.circuits.items():
        manifest = circuit.artifacts.manifest
        report.circuits.append(
            CircuitRow(
                circuit=name,
                constraints=manifest["r1cs"]["constraints"],
                key_kind=manifest["kind"],
                zkey_sha256=manifest["zkey"]["sha256"],
                verifying_key=str(deployment.keys[name]),
            )
        )
    report.orders = _orders(cast)
    report.asks = [_ask(address, ask) for address, ask in accounts_of(world.chain, Ask).items()]
    report.lines = [
        LineRow(line.line_id.hex(), line.reserved_minor_units, line.seq, line.strikes)
        for line in accounts_of(world.chain, SolvencyLine).values()
    ]


def _orders(cast: Cast) -> list[OrderRow]:
    names = {person.address: person.name for person in (cast.world.ali, cast.world.farzan, cast.world.bilal)}
    rows = []
    for view in orders_where(cast.rpc):
        order, payout = view.order, cast.stage.payouts[view.address]
        rows.append(
            OrderRow(
                order_id=order.order_id,
                address=str(view.address),
                buyer=names[order.buyer],
                status=view.status.name,
                base_atoms=order.base_atoms,
                price=order.price,
                due_minor_units=order.due_minor_units,
                paid_min_minor_units=order.paid_min_minor_units,
                paid_floor_minor_units=order.paid_floor_minor_units,
                released_atoms=order.released_atoms,
                fee_atoms=payout.fee_atoms if isinstance(payout, FundsReleased) else 0,
                buyer_atoms=payout.buyer_atoms if isinstance(payout, FundsReleased) else 0,
                returned_atoms=payout.returned_atoms,
            )
        )
    return rows


def _ask(address: Pubkey, ask: Ask) -> AskRow:
    return AskRow(
        address=str(address),
        price=ask.price,
        deposited_atoms=ask.deposited_atoms,
        locked_atoms=ask.locked_atoms,
        released_atoms=ask.released_atoms,
        fees_atoms=ask.fees_atoms,
        fee_owed_atoms=ask.fee_owed_atoms,
        returned_atoms=ask.returned_atoms,
        withdrawn_atoms=ask.withdrawn_atoms,
        vault_closed=ask.vault == Pubkey.default(),
    )
