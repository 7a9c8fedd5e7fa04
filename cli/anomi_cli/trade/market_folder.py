"""A market's folder: which market it is, and beside it, when it is a development market, its bank and its attestors.

`market.json` names the market: a node's URL, a token, a rail. `development.json` holds what nobody but the bank and the
attestors of a real market would have; only `anomi localnet --market` writes one. All files have mode 0600.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from solders.pubkey import Pubkey

from anomi_cli.adapters.attestors import AttestorQuorum
from anomi_core import identity
from anomi_core.errors import MissingToolError, RefusedError, UnreadableInputError, UsageError
from anomi_core.rails import Rail, rail_by_name
from anomi_sdk.generated import market as market_program
from anomi_sdk.rpc import Rpc
from anomi_sdk.trade.markets import MarketRef
from anomi_sdk.trade.secret_files import SECRET_MODE, create_secret_file, read_secret_file
from anomi_services.attestor.attestor import Attestor
from anomi_services.attestor.ledger import BankLedger

__all__ = [
    "AttestorsUnreachableError",
    "BankAccountUnknownError",
    "Development",
    "DevelopmentMarketMissingError",
    "MarketFile",
    "MarketFileUnreadableError",
    "MarketFolderTakenError",
    "new_secret",
    "open_attestors",
    "open_bank",
    "read_development",
    "read_market_file",
    "require_new_folder",
    "write_market_folder",
]

_MARKET: Final = "market.json"
_MARKET_FORMAT: Final = "anomi market 1"
_DEVELOPMENT: Final = "development.json"
_DEVELOPMENT_FORMAT: Final = "anomi development market 1"
_BANK: Final = "bank.sqlite3"
_FILE_BYTES_MAX: Final = 64 * 1024
_SECRET_BYTES: Final = 32
_SYMBOL_CHARACTERS_MAX: Final = 12


class MarketFileUnreadableError(UnreadableInputError):
    """A market's folder has no market.json, or one that this version does not read."""


class MarketFolderTakenError(UsageError):
    """A place for a new market that holds something already."""


class AttestorsUnreachableError(MissingToolError):
    """A market has attestors, and this version cannot reach them: it knows those of a development market only."""


class DevelopmentMarketMissingError(UsageError):
    """A market's folder holds no development bank and attestors."""


class BankAccountUnknownError(RefusedError):
    """The development bank keeps no account of this number."""


@dataclass(frozen=True)
class MarketFile:
    """Which market: where its cluster answers, its token and what people call it, its rail."""

    url: str
    base_mint: Pubkey
    symbol: str
    rail: Rail

    @property
    def ref(self) -> MarketRef:
        """The market for the trade flows."""
        return MarketRef(self.base_mint, self.rail)


@dataclass(frozen=True)
class Development:
    """What the people behind a development market keep to themselves."""

    attestor_secrets: tuple[bytes, ...] = field(repr=False)
    passwords: dict[str, str] = field(repr=False)
    """What opens each bank account, by its canonical number."""

    def password_of(self, account: str) -> str:
        """Return the consent of an account's holder. Raises BankAccountUnknownError."""
        if account not in self.passwords:
            raise BankAccountUnknownError(
                "the development bank keeps no account of this number",
                hint=f"it keeps {', '.join(self.passwords)}",
            )
        return self.passwords[account]


def require_new_folder(folder: Path) -> None:
    """Make the folder. Raises MarketFolderTakenError when there is something in it already.

    A market lives as long as the node that serves it: the journals beside an old one would speak of orders that a new
    one has never seen.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if next(folder.iterdir(), None) is not None:
        raise MarketFolderTakenError(
            f"{folder} is not empty, and a market that was served before is gone", hint="name a new folder"
        )


def write_market_folder(folder: Path, market: MarketFile, development: Development) -> None:
    """Write both files, the market's last: whoever finds it finds a whole folder."""
    hidden = {
        "format": _DEVELOPMENT_FORMAT,
        "attestor_secrets": [secret.hex() for secret in development.attestor_secrets],
        "passwords": development.passwords,
    }
    shown = {
        "format": _MARKET_FORMAT,
        "url": market.url,
        "base_mint": str(market.base_mint),
        "symbol": market.symbol,
        "rail": market.rail.name,
    }
    for name, document in ((_DEVELOPMENT, hidden), (_MARKET, shown)):
        create_secret_file(folder / name, json.dumps(document, indent=2).encode() + b"\n", what="market file")


def read_market_file(folder: Path) -> MarketFile:
    """Return which market a folder is of. Raises MarketFileUnreadableError and UnknownRailError."""
    path = folder / _MARKET
    document = _read(path, _MARKET_FORMAT)
    try:
        url, symbol = document["url"], document["symbol"]
        mint = Pubkey.from_string(document["base_mint"])
        rail = document["rail"]
    except (KeyError, TypeError, ValueError) as error:
        raise MarketFileUnreadableError(f"{path} has to name url, base_mint, symbol and rail, and does not") from error
    if not all(isinstance(text, str) for text in (url, symbol, rail)) or not _is_symbol(symbol):
        raise MarketFileUnreadableError(f"{path} has to name url, base_mint, symbol and rail, and does not")
    return MarketFile(url, mint, symbol, rail_by_name(rail))


def read_development(folder: Path) -> Development:
    """Return what is behind a development market. Raises DevelopmentMarketMissingError where there is none."""
    path = folder / _DEVELOPMENT
    if not path.exists():
        raise DevelopmentMarketMissingError(
            f"{folder} is no development market: it holds no bank", hint="`anomi localnet --market DIR` makes one"
        )
    document = _read(path, _DEVELOPMENT_FORMAT)
    try:
        found = tuple(bytes.fromhex(text) for text in document["attestor_secrets"])
        passwords = dict(document["passwords"])
    except (KeyError, TypeError, ValueError) as error:
        raise MarketFileUnreadableError(f"{path} is not as `anomi localnet --market` writes it") from error
    sound = all(isinstance(word, str) for item in passwords.items() for word in item)
    if not sound or not all(len(secret) == _SECRET_BYTES for secret in found):
        raise MarketFileUnreadableError(f"{path} is not as `anomi localnet --market` writes it")
    return Development(found, passwords)


def open_bank(folder: Path) -> BankLedger:
    """Open the development bank's ledger."""
    return BankLedger(_private(folder / _BANK))


def open_attestors(folder: Path, rail: Rail, rpc: Rpc) -> AttestorQuorum:
    """Return the development attestors, over the development bank. Their clock is the cluster's.

    Raises AttestorsUnreachableError.
    """
    try:
        development = read_development(folder)
    except DevelopmentMarketMissingError as error:
        raise AttestorsUnreachableError(
            "this version reaches the attestors of a development market only",
            hint="attestors over the network are not built yet; try `anomi localnet --market DIR`",
        ) from error
    ledger = open_bank(folder)
    deployment = identity.deployment_id(rpc.genesis_hash(), bytes(market_program.PROGRAM_ID))
    clock: Callable[[], int] = rpc.unix_time_s
    attestors = [
        Attestor(
            secret,
            ledger=ledger,
            rail=rail,
            deployments=frozenset({deployment}),
            clock=clock,
            state=_private(folder / f"attestor-{index}.sqlite3"),
        )
        for index, secret in enumerate(development.attestor_secrets)
    ]
    return AttestorQuorum(attestors, development.password_of)


def new_secret() -> bytes:
    """Return a new attestor's secret."""
    return secrets.token_bytes(_SECRET_BYTES)


def _private(path: Path) -> Path:
    """Make the file with mode 0600 when there is none; SQLite gives its side files the mode of the main one."""
    path.touch(SECRET_MODE)
    return path


def _read(path: Path, form: str) -> dict[str, Any]:
    try:
        document = json.loads(read_secret_file(path, bytes_max=_FILE_BYTES_MAX, what="market file"))
    except (ValueError, RecursionError) as error:
        raise MarketFileUnreadableError(f"{path} is not JSON") from error
    if not isinstance(document, dict) or document.get("format") != form:
        raise MarketFileUnreadableError(f"{path} is not a file of the form {form!r}")
    return document


def _is_symbol(text: str) -> bool:
    return 0 < len(text) <= _SYMBOL_CHARACTERS_MAX and text.isascii() and text.isalnum()
