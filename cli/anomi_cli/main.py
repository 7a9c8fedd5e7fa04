"""`anomi`: the root of the command tree, and the one place where errors become sentences and exit codes."""

from __future__ import annotations

import importlib
import os
import signal
import sys
import traceback
from typing import NoReturn

import click

from anomi_core.errors import AnomiError

__all__ = ["main", "root"]

COMMANDS = {
    "new": ("anomi_cli.commands.new:new", "Write a small working project: circuit, program, client, tests."),
    "circuit": ("anomi_cli.commands.circuit:circuit", "Compile a Circom circuit; report on it; describe an R1CS."),
    "witness": (
        "anomi_cli.commands.witness:witness",
        "Compute a witness from a circuit's wasm and an input file.",
    ),
    "setup": (
        "anomi_cli.commands.setup:setup",
        "Make a development key; make and verify powers of tau and keys.",
    ),
    "prove": (
        "anomi_cli.commands.prove:prove",
        "Prove a witness under a key; verified before it is written.",
    ),
    "verify": ("anomi_cli.commands.verify:verify", "Verify a proof strictly."),
    "vk": ("anomi_cli.commands.vk:vk", "Export verifying keys; keep them on chain."),
    "proof": ("anomi_cli.commands.proof:proof", "Export a proof as the bytes that Solana programs read."),
    "program": ("anomi_cli.commands.program:program", "Build Solana programs from Rust, without the Solana tools."),
    "bench": ("anomi_cli.commands.bench:bench", "Measure compute units on chain, and proving time here."),
    "demo": ("anomi_cli.demo.command:demo", "Run the demonstration on real circuits, proofs and programs."),
    "localnet": ("anomi_cli.commands.localnet:localnet", "Serve the programs as a local JSON-RPC node, for tests."),
    "vault": ("anomi_cli.commands.vault:vault", "Keep the identity behind your trades, encrypted."),
    "seller": ("anomi_cli.commands.seller:seller", "Sell tokens for fiat money."),
    "buyer": ("anomi_cli.commands.buyer:buyer", "Buy tokens with fiat money."),
    "settle": ("anomi_cli.commands.settle:settle", "Finalize, expire or close anybody's order; prune; collect fees."),
    "govern": ("anomi_cli.commands.govern:govern", "Publish and revoke terms, pause, hand the authority on."),
    "order": ("anomi_cli.commands.order:order", "Look at a matched order."),
    "book": ("anomi_cli.commands.book:book", "Look at a market's open asks."),
    "bank": ("anomi_cli.commands.bank:bank", "Pay at the bank of a development market."),
    "doctor": ("anomi_cli.commands.doctor:doctor", "Check tools, artifacts and keys of this installation."),
}
"""Name → (where the command lives, its line in the help). Loaded on use: `anomi --help` imports none of them."""


class LazyGroup(click.Group):
    """A group that imports a subcommand only when it is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names in the order in which people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return one subcommand."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name][0].split(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)  # noqa: S101 - COMMANDS names commands only
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the command list from the table above."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


def _version(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"anomi {version('anomi')}")
        ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Show the version.")
def root() -> None:
    """Zero-knowledge trading toolchain for Solana: circuits, proofs, on-chain verification.

    Files are the ecosystem's own (.r1cs, .wtns, .zkey, .ptau, snarkjs JSON), so each step can be swapped for a
    peer's. Exit codes: 0 done or valid, 1 well-formed but refused, 2 usage or unreadable input, 3 a missing tool,
    4 internal error.
    """


def main() -> NoReturn:
    """Run `anomi` and exit; every failure is one sentence on stderr (and a JSON object with --json)."""
    from anomi_cli import output

    arguments = sys.argv[1:]
    as_json = "--json" in arguments
    _fill_standard_streams()
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:  # nohup's choice to ignore it stands
            signal.signal(number, _stop)
    try:
        _run(arguments)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except (click.exceptions.Abort, KeyboardInterrupt, EOFError):
        output.fail("Interrupted", "interrupted", None, 128 + signal.SIGINT, as_json)
    except Terminated as stop:
        output.fail("Terminated", "terminated by a signal", None, 128 + stop.number, as_json)
    except click.ClickException as error:
        if isinstance(error, click.exceptions.NoArgsIsHelpError) and not as_json:
            output.say(error.message)
        message, hint = _usage_error(error)
        output.fail("UsageError", message, hint, 2, as_json)
    except AnomiError as error:
        output.fail(type(error).__name__, str(error), error.hint, error.exit_code, as_json)
    except BrokenPipeError:  # while click wrote a help text; results go through output.say
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    except OSError as error:
        place = f": {error.filename}" if error.filename else ""
        output.fail("UnreadableInputError", f"{error.strerror or error}{place}", None, 2, as_json)
    except Exception as error:
        if os.environ.get("ANOMI_DEBUG"):
            traceback.print_exc()
        output.fail(
            "InternalError",
            f"internal error ({type(error).__name__})",
            "please report it; ANOMI_DEBUG=1 shows the traceback, which may hold secrets of the input",
            4,
            as_json,
        )
    sys.exit(0)


class Terminated(BaseException):
    """SIGTERM or SIGHUP came: unwind, so that children end and scratch folders with witnesses go."""

    def __init__(self, number: int) -> None:
        """Keep the signal's number."""
        super().__init__(number)
        self.number = number


def _stop(number: int, _frame: object) -> NoReturn:
    raise Terminated(number)


def _run(arguments: list[str]) -> None:
    """Parse and invoke. Not `root.main`, which turns a broken pipe into exit code 1, our “refused”."""
    with root.make_context("anomi", arguments) as context:
        root.invoke(context)


def _usage_error(error: click.ClickException) -> tuple[str, str | None]:
    """Return the sentence and the hint."""
    if not isinstance(error, click.UsageError) or error.ctx is None:
        return error.format_message(), None
    path, command = error.ctx.command_path, error.ctx.command
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        names = ", ".join(command.list_commands(error.ctx)) if isinstance(command, click.Group) else ""
        return f"{path} needs a command: {names}", f"try '{path} --help'"
    option = error.option_name if isinstance(error, click.NoSuchOption) else None
    if option in ("--json", "-q", "--quiet") and isinstance(command, click.Group):
        return f"{option} stands before the command's name", f"write it after: '{path} COMMAND … {option}'"
    return error.format_message(), f"try '{path} --help'"


def _fill_standard_streams() -> None:
    """Open /dev/null where a standard stream was closed, lest the next file opened take its number and its output."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(number, True)
    os.close(number)


if __name__ == "__main__":
    main()
