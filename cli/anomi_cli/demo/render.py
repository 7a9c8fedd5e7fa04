"""How the demo looks in a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from anomi_cli.demo.report import DemoReport, ProofRow

__all__ = ["Narrator"]


class Narrator:
    """Prints the demo as it goes; silent for machines."""

    def __init__(self, *, silent: bool) -> None:
        """`silent` prints nothing at all."""
        self._console = Console(quiet=silent, highlight=False)

    def phase(self, title: str) -> None:
        """Begin a phase."""
        self._console.rule(f"[bold]{title}", align="left")

    def say(self, line: str) -> None:
        """Tell one thing that happened."""
        self._console.print(f"  {line}", markup=False)

    def proof(self, row: ProofRow) -> None:
        """Show what a proof cost, and what was learned."""
        self.say(f"witness {row.witness_seconds:.2f} s, proof {row.prove_seconds:.2f} s by {row.backend}")
        self.say(f"checked again here in {row.verify_seconds:.2f} s")
        self.say(f"accepted on chain: {row.compute_units:,} CU, {row.transaction_bytes} bytes")
        table = Table(title="who learned what", title_justify="left", show_header=True, pad_edge=False)
        table.add_column("who", no_wrap=True)
        table.add_column("what")
        table.add_column("value", overflow="fold")
        for fact in row.learned:
            table.add_row(fact.who, fact.what, fact.value)
        self._console.print(table)
        self.say("stays hidden from the chain: " + ", ".join(row.hidden))

    def refusals(self, report: DemoReport) -> None:
        """Show every attempt, its refusal, and whether it was the expected one."""
        table = Table(show_lines=False, pad_edge=False)
        table.add_column("attempt")
        table.add_column("refused by", no_wrap=True)
        table.add_column("reason", overflow="fold")
        table.add_column("")
        for row in report.refusals:
            table.add_row(
                row.attempt,
                row.refused_by,
                row.got,
                "[green]as expected" if row.as_expected else "[bold red]NOT EXPECTED",
            )
        self._console.print(table)

    def closing(self, report: DemoReport) -> None:
        """Sum up."""
        accepted, refused = len(report.proofs), sum(row.as_expected for row in report.refusals)
        self.say(
            f"{accepted} proofs accepted, {refused} of {len(report.refusals)} attempts refused for their own reason, "
            f"in {report.seconds:.1f} s. Keys are development keys: anyone can forge under them."
        )
