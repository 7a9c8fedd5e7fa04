"""`anomi vault`: the identity behind every trade, encrypted on disk."""

from __future__ import annotations

import sys

import click

from anomi_cli.output import Output, common_options
from anomi_cli.trade.options import Options, trade_options

__all__ = ["vault"]


@click.group()
def vault() -> None:
    """Keep the identity behind your trades: one secret, encrypted, and the accounts that you use."""


@vault.command()
@trade_options(place=False, state=True)
@common_options
def create(output: Output, options: Options) -> None:
    """Draw a new identity, encrypt it, and show its recovery phrase, once.

    Whoever has the phrase has the identity; without the vault and the phrase, a trade under way cannot be finished.
    """
    from anomi_cli.trade.passphrase import passphrase_source
    from anomi_sdk.trade.phrase import recovery_phrase
    from anomi_sdk.trade.vault import create_vault

    options.state_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = create_vault(options.vault_path, passphrase_source(options.passphrase_fd, confirm=True))
    phrase = recovery_phrase(made.identity.id_secret)
    output.result(
        {"vault": str(made.path), "recovery_phrase": phrase},
        f"wrote {made.path}\n\nrecovery phrase, for paper only; it is not shown again:\n\n  {phrase}\n",
    )


@vault.command()
@trade_options(place=False, state=True)
@common_options
def restore(output: Output, options: Options) -> None:
    """Make a vault from a recovery phrase, which is asked for, or is the first line of standard input.

    Link your accounts again afterwards; `anomi buyer recover` then finds orders that you have open.
    """
    from anomi_cli.trade.passphrase import passphrase_source
    from anomi_sdk.trade.vault import restore_vault

    if sys.stdin is not None and sys.stdin.isatty():
        phrase: str = click.prompt("Recovery phrase", hide_input=True, err=True)
    else:
        phrase = "" if sys.stdin is None else sys.stdin.readline(1024)
    options.state_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = restore_vault(options.vault_path, phrase, passphrase_source(options.passphrase_fd, confirm=True))
    output.result({"vault": str(made.path)}, f"wrote {made.path}; link your accounts again")


@vault.command()
@click.argument("account")
@click.option("--rail", "rail_name", metavar="NAME", help="Which rail the account is of.  [default: the market's]")
@trade_options(state=True)
@common_options
def link(output: Output, account: str, rail_name: str | None, options: Options) -> None:
    """Add a fiat account to the vault, in any spelling that its rail knows. Nobody learns of it."""
    from anomi_core.rails import rail_by_name

    rail = options.market().rail if rail_name is None else rail_by_name(rail_name)
    rail.canonical_account(account)  # before a passphrase is asked for
    linked = options.vault().link_account(rail, account)
    output.result(
        {"rail": linked.rail, "account": linked.account},
        f"linked {linked.account} ({rail.title}) in {options.vault_path}",
    )


@vault.command()
@trade_options(place=False, state=True)
@common_options
def show(output: Output, options: Options) -> None:
    """List the accounts in the vault. They are private: mind who looks on."""
    opened = options.vault()
    accounts = opened.identity.accounts
    lines = [f"{linked.rail}  {linked.account}" for linked in accounts] or ["no account is linked yet"]
    output.result(
        {
            "vault": str(opened.path),
            "accounts": [{"rail": linked.rail, "account": linked.account} for linked in accounts],
        },
        "\n".join(lines),
    )
