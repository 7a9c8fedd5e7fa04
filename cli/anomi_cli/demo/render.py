"""How the demo looks in a terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from anomi_cli.demo.report import Balances, DemoReport, PhaseRow, RefusalRow, TransactionRow

__all__ = ["Narrator", "tokens"]

ATOMS_PER_TOKEN: Final = 10**6
MINOR_UNITS: Final = 100
INDENT: Final = 2


class Narrator:
    """Prints the demo as it goes; silent for machines."""

    def __init__(self, *, silent: bool) -> None:
        """`silent` prints nothing at all."""
        self._console = Console(quiet=silent, highlight=False)

    def phase(self, title: str) -> None:
        """Begin a part."""
        self._console.print()
        self._console.rule(f"[bold]{title}", align="left")

    def say(self, line: str) -> None:
        """Tell one thing that happened."""
        self._console.print(Padding(Text(line), (0, 0, 0, INDENT)))

    def phase_done(self, row: PhaseRow) -> None:
        """Show what a part cost, who learned what from it, and what it did to the balances."""
        for proof in row.proofs:
            self.say(
                f"proved {proof.circuit}: witness {proof.witness_seconds:.2f} s, "
                f"proof {proof.prove_seconds:.2f} s by {proof.backend}, verified here"
            )
        for sent in row.transactions:
            names = " + ".join(sent.instructions)
            self.say(f"on chain: {names}: {sent.compute_units:,} CU, {sent.transaction_bytes:,} bytes")
        if row.learned:
            table = _table("who learned what", "who", "what", "value")
            for fact in row.learned:
                table.add_row(fact.who, fact.what, fact.value)
            self._console.print(table)
        if row.hidden:
            self.say("stays hidden from the chain: " + ", ".join(row.hidden))
        if row.before != row.after:
            self._balances(row.before, row.after)
        for name in row.broken_invariants:
            self._console.print(f"  BROKEN: {name}", markup=False, style="bold red")
        self.say(f"{row.seconds:.2f} s")

    def refusal(self, row: RefusalRow) -> None:
        """Show one attempt and its refusal."""
        style = "green" if row.as_expected else "bold red"
        kept = "nothing changed" if row.unchanged else "SOMETHING CHANGED"
        totals = f"{kept}: {tokens(row.total_atoms)} and {_money(row.total_minor_units)} in all"
        self.say(f"✗ {row.attempt}")
        for text in (
            Text(f"{row.refused_by}: {row.got}", style=style),
            Text(row.reason, style="dim"),
            Text(totals, style="dim" if row.unchanged else "bold red"),
        ):
            self._console.print(Padding(text, (0, 0, 0, 2 * INDENT)))

    def closing(self, report: DemoReport) -> None:
        """Sum up: every refusal, every order, what steps cost, and that nothing was lost."""
        self.phase("What was refused, changing nothing")
        table = _table(None, "attempt", "refused by", "error, or check of the circuit")
        for row in report.refusals:
            style = "green" if row.as_expected else "bold red"
            table.add_row(row.attempt, row.refused_by, Text(row.got, style=style))
        self._console.print(table)
        self.phase("What became of the orders")
        self._orders(report)
        self._balances(report.phases[0].before, report.phases[-1].after)
        self.phase("What it cost")
        self._costs(report)
        last = report.phases[-1].after
        self.say(
            f"All token accounts together hold {tokens(last.total_atoms)}, and the mint has issued "
            f"{tokens(report.supply_atoms)}. All bank accounts hold {_money(last.total_minor_units)}, as before. "
            "After every part, what asks, vaults, lines, orders and nullifiers hold was added up again."
        )
        refused = sum(row.as_expected for row in report.refusals)
        self.say(
            f"{len(report.transactions)} transactions, {len(report.proofs)} proofs; {refused} of "
            f"{len(report.refusals)} attempts refused for their own reason; {report.seconds:.1f} s. "
            "Keys are development keys: anyone can forge under them."
        )

    def _orders(self, report: DemoReport) -> None:
        table = _table(None, "", *(f"order {order.order_id}" for order in report.orders), numbers=True)
        for name, cells in (
            ("status", [order.status for order in report.orders]),
            ("locked, USDC", [_tokens(order.base_atoms) for order in report.orders]),
            ("due, PKR", [_amount(order.due_minor_units) for order in report.orders]),
            ("proven or accepted, PKR", [_amount(order.paid_floor_minor_units) for order in report.orders]),
            ("to Farzan, USDC", [_tokens(order.buyer_atoms) for order in report.orders]),
            ("fee, USDC", [_tokens(order.fee_atoms) for order in report.orders]),
            ("back to Ali, USDC", [_tokens(order.returned_atoms) for order in report.orders]),
        ):
            table.add_row(name, *cells)
        self._console.print(table)

    def _costs(self, report: DemoReport) -> None:
        steps: dict[str, list[TransactionRow]] = {}
        for sent in report.transactions:
            steps.setdefault(" + ".join(sent.instructions), []).append(sent)
        table = _table(None, "transaction", "CU", "bytes", numbers=True)
        for name, rows in steps.items():
            table.add_row(
                name,
                _range([row.compute_units for row in rows]),
                _range([row.transaction_bytes for row in rows]),
            )
        self._console.print(table)

    def _balances(self, before: Balances, after: Balances) -> None:
        table = _table("balances", "", "USDC before", "USDC after", "PKR before", "PKR after", numbers=True)
        for who, name in (
            ("Ali", "ali"),
            ("vaults", "vaults"),
            ("Farzan", "farzan"),
            ("Bilal", "bilal"),
            ("treasury", "treasury"),
            ("all together", "total"),
        ):
            table.add_row(
                who,
                *_change(before, after, f"{name}_atoms", _tokens),
                *_change(before, after, f"{name}_minor_units", _amount),
            )
        self._console.print(table)


def tokens(atoms: int) -> str:
    """Return an amount of the token as people write it, for example 99.700000 USDC."""
    return f"{_tokens(atoms)} USDC"


def _tokens(atoms: int) -> str:
    whole, rest = divmod(atoms, ATOMS_PER_TOKEN)
    return f"{whole:,}.{rest:06}"


def _money(minor_units: int) -> str:
    return f"{_amount(minor_units)} PKR"


def _amount(minor_units: int) -> str:
    whole, rest = divmod(minor_units, MINOR_UNITS)
    return f"{whole:,}.{rest:02}"


def _range(values: list[int]) -> str:
    least, most = min(values), max(values)
    return f"{least:,}" if least == most else f"{least:,} … {most:,}"


def _change(before: Balances, after: Balances, name: str, shown: Callable[[int], str]) -> tuple[Text, Text]:
    """Return a balance before and after, in bold where it changed; nobody but people has an account at the bank."""
    one, other = getattr(before, name, None), getattr(after, name, None)
    if one is None or other is None:
        return Text(""), Text("")
    return Text(shown(one)), Text(shown(other), style="" if one == other else "bold")


def _table(title: str | None, *columns: str, numbers: bool = False) -> Table:
    table = Table(title=title, title_justify="left", pad_edge=False, box=box.SIMPLE_HEAD)
    for at, name in enumerate(columns):
        table.add_column(
            name, justify="right" if numbers and at else "left", overflow="fold", no_wrap=numbers and at > 0
        )
    return table
