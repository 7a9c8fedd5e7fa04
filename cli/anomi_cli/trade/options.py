"""The options that the commands of a trade share, and what they stand for once opened."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from anomi_core.errors import UsageError

if TYPE_CHECKING:
    from solders.keypair import Keypair
    from solders.pubkey import Pubkey

    from anomi_cli.trade.market_folder import MarketFile
    from anomi_sdk.rpc_url import RpcUrl
    from anomi_sdk.trade.vault import Vault

__all__ = [
    "AddressUnreadableError",
    "MarketNotNamedError",
    "Options",
    "VaultMissingError",
    "parse_address",
    "trade_options",
]

Command = TypeVar("Command", bound=Callable[..., Any])

DEFAULT_URL: Final = "http://127.0.0.1:8899"
_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)


class MarketNotNamedError(UsageError):
    """A command needs to know the market, and was not told."""


class VaultMissingError(UsageError):
    """A command needs the vault, and there is none in the folder."""


class AddressUnreadableError(UsageError):
    """A word that is no Solana address."""


@dataclass(frozen=True)
class Options:
    """The words of a command line; each of the methods opens what they name."""

    url: str | None = field(default=None, repr=False)
    market_folder: Path | None = None
    wallet: Path | None = None
    state: Path | None = None
    passphrase_fd: int | None = None
    fee_payer: Path | None = None
    micro_lamports_per_unit: int = 0
    yes: bool = False

    @property
    def folder(self) -> Path:
        """The market's folder. Raises MarketNotNamedError."""
        if self.market_folder is None:
            raise MarketNotNamedError(
                "which market? its folder was not named", hint="give --market DIR, or set ANOMI_MARKET"
            )
        return self.market_folder

    def market(self) -> MarketFile:
        """Return the market that the folder names."""
        from anomi_cli.trade.market_folder import read_market_file

        return read_market_file(self.folder)

    def node_url(self) -> str:
        """Return where the cluster answers: as given, else as the market's folder says, else the local one's."""
        if self.url is not None:
            return self.url
        return DEFAULT_URL if self.market_folder is None else self.market().url

    def rpc(self) -> RpcUrl:
        """Return the client of the cluster, which is to be closed."""
        from anomi_sdk.rpc_url import RpcUrl

        return RpcUrl(self.node_url())

    def keypair(self) -> Keypair:
        """Return the wallet; `~/.config/solana/id.json` unless another file was named."""
        from anomi_sdk.wallets import read_wallet

        return read_wallet(self.wallet or Path.home() / ".config" / "solana" / "id.json")

    @property
    def vault_path(self) -> Path:
        """Where the vault is."""
        return self.state_folder / "vault.json"

    @property
    def journal_path(self) -> Path:
        """Where the journal is."""
        return self.state_folder / "journal.sqlite3"

    @property
    def state_folder(self) -> Path:
        """Where vault and journal are: as given, else the user's data folder."""
        data = os.environ.get("XDG_DATA_HOME")
        return self.state or (Path(data) if data else Path.home() / ".local" / "share") / "anomi"

    def vault(self) -> Vault:
        """Return the vault, unlocked. Raises VaultMissingError, and what `open_vault` does."""
        from anomi_cli.trade.passphrase import passphrase_source
        from anomi_sdk.trade.vault import open_vault

        if not self.vault_path.exists():
            raise VaultMissingError(f"there is no vault at {self.vault_path}", hint="`anomi vault create` makes one")
        return open_vault(self.vault_path, passphrase_source(self.passphrase_fd))


def trade_options(
    *,
    place: bool = True,
    url: bool = False,
    wallet: bool = False,
    state: bool = False,
    steps: bool = False,
    fee_payer: bool = False,
) -> Callable[[Command], Command]:
    """Add what is asked for, and hand the command an `Options` for it.

    `place` adds `--url` and `--market`, `url` the first alone, `wallet` the key pair's file, `state` the vault and its
    passphrase, `steps` how transactions are sent, `fee_payer` somebody else's key pair for fees.
    """

    def add(command: Command) -> Command:
        def wrapped(*arguments: Any, **words: Any) -> Any:
            chosen = {name: words.pop(name) for name in names}
            return command(*arguments, options=Options(**chosen), **words)

        wrapped.__name__ = command.__name__
        wrapped.__doc__ = command.__doc__
        wrapped.__dict__.update(command.__dict__)
        decorators = [
            *(_PLACE if place else _URL if url else ()),
            *(_WALLET if wallet else ()),
            *(_STATE if state else ()),
            *(_STEPS if steps else ()),
            *(_FEE_PAYER if fee_payer else ()),
        ]
        names = [name for name, _ in decorators]
        for _, option in reversed(decorators):
            wrapped = option(wrapped)
        return wrapped  # type: ignore[return-value]

    return add


_URL: Final = (
    (
        "url",
        click.option("--url", envvar="ANOMI_URL", metavar="URL", help=f"The node.  [default: {DEFAULT_URL}]"),
    ),
)
_PLACE: Final = (
    (
        "url",
        click.option("--url", envvar="ANOMI_URL", metavar="URL", help="The node.  [default: the market's]"),
    ),
    (
        "market_folder",
        click.option(
            "--market",
            "market_folder",
            type=_FOLDER,
            envvar="ANOMI_MARKET",
            metavar="DIR",
            help="The market's folder, as `anomi localnet --market` makes one.",
        ),
    ),
)
_WALLET: Final = (
    (
        "wallet",
        click.option(
            "--wallet",
            "--keypair",
            "wallet",
            type=_FILE,
            envvar="ANOMI_WALLET",
            metavar="FILE",
            help="Key pair that signs and pays fees.  [default: ~/.config/solana/id.json]",
        ),
    ),
)
_STATE: Final = (
    (
        "state",
        click.option(
            "--state",
            type=_FOLDER,
            envvar="ANOMI_STATE",
            metavar="DIR",
            help="Folder of the vault and the journal.  [default: ~/.local/share/anomi]",
        ),
    ),
    (
        "passphrase_fd",
        click.option(
            "--passphrase-fd",
            type=click.IntRange(0, 1 << 20),
            metavar="N",
            help="Read the vault's passphrase from this file descriptor.",
        ),
    ),
)
_STEPS: Final = (
    (
        "micro_lamports_per_unit",
        click.option(
            "--unit-price",
            "micro_lamports_per_unit",
            type=click.IntRange(0, 1 << 40),
            default=0,
            show_default=True,
            metavar="N",
            help="Priority fee: micro-lamports per compute unit.",
        ),
    ),
    ("yes", click.option("-y", "--yes", is_flag=True, help="Take every step without asking.")),
)


_FEE_PAYER: Final = (
    (
        "fee_payer",
        click.option("--fee-payer", type=_FILE, metavar="FILE", help="Pay fees and rent with this key pair instead."),
    ),
)


def parse_address(text: str) -> Pubkey:
    """Return an address from base58. Raises AddressUnreadableError."""
    from solders.pubkey import Pubkey

    try:
        return Pubkey.from_string(text)
    except ValueError:
        raise AddressUnreadableError("an address is 32 bytes in base58, and this word is not") from None
