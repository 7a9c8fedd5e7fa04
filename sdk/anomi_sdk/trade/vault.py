"""The vault: one person's identity on disk, encrypted under a passphrase.

It holds `id_secret` and the fiat accounts that the person uses. Everything else is derived from `id_secret`
(`derivation`), so the recovery phrase and the account numbers bring a lost vault back.

The file is JSON: what the key derivation needs, in the clear, and the content sealed by XChaCha20-Poly1305, with the
rest of the file as associated data. The key is Argon2id (RFC 9106) of the passphrase, which comes from a callback or a
file descriptor, never from an argument, and is not kept.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey
from nacl.pwhash import argon2id
from nacl.secret import Aead
from solders.pubkey import Pubkey

from anomi_core import identity
from anomi_core.errors import RefusedError, UnreadableInputError, UsageError
from anomi_core.rails import Rail, pack_text, rail_by_name
from anomi_sdk.trade import derivation
from anomi_sdk.trade.phrase import secret_of_phrase
from anomi_sdk.trade.reveal import Payee
from anomi_sdk.trade.secret_files import create_secret_file, read_secret_file, replace_secret_file

__all__ = [
    "DEFAULT_COST",
    "Identity",
    "KdfCost",
    "LinkedAccount",
    "Passphrase",
    "PassphraseEmptyError",
    "PassphraseTooLongError",
    "PassphraseWrongError",
    "Vault",
    "VaultDamagedError",
    "create_vault",
    "open_vault",
    "passphrase_from_descriptor",
    "restore_vault",
]

Passphrase = Callable[[], bytes]
"""Asks for the passphrase when it is needed."""

_WHAT: Final = "vault"
_FORMAT: Final = "anomi vault 1"
_FILE_BYTES_MAX: Final = 1 << 20
_PASSPHRASE_BYTES_MAX: Final = 1024
_KEY_BYTES: Final = 32
_OPS_MAX: Final = 64
_MEMORY_BYTES_MAX: Final = 1 << 30
"""A vault that asks for more was not written here: opening it must not exhaust the machine."""


class PassphraseEmptyError(UsageError):
    """No passphrase was given."""


class PassphraseTooLongError(UsageError):
    """A passphrase has more than 1,024 bytes."""


class PassphraseWrongError(RefusedError):
    """The passphrase does not open the vault, or the vault was changed: the two cannot be told apart."""


class VaultDamagedError(UnreadableInputError):
    """A file is not a vault, or not one that this version reads."""


@dataclass(frozen=True)
class KdfCost:
    """What one guess of the passphrase costs: Argon2id's passes and bytes of memory."""

    passes: int
    memory_bytes: int


DEFAULT_COST: Final = KdfCost(passes=argon2id.OPSLIMIT_MODERATE, memory_bytes=argon2id.MEMLIMIT_MODERATE)
"""libsodium's middle setting: 3 passes over 256 MiB, about a second."""


@dataclass(frozen=True)
class LinkedAccount:
    """One fiat account of the person: canonical text of a rail."""

    rail: str
    account: str = field(repr=False)


@dataclass(frozen=True)
class Identity:
    """An unlocked identity. Nothing of it stands in its repr."""

    id_secret: int = field(repr=False)
    accounts: tuple[LinkedAccount, ...] = field(repr=False)

    def account_hash(self, rail: Rail, account: str) -> int:
        """Return h, all that an attestor gets beside the account itself."""
        return identity.h(self.id_secret, rail.id(), pack_text(account))

    def idc(self, rail: Rail, account: str) -> int:
        """Return the identity commitment that attestors sign about."""
        return identity.idc(self.account_hash(rail, account), rail.id(), pack_text(account))

    def line_id(self, rail: Rail, account: str, deployment: int) -> int:
        """Return the account's public pseudonym in a deployment."""
        return identity.line_id(self.id_secret, self.idc(rail, account), deployment)

    def payee(self, rail: Rail, account: str, ask: Pubkey) -> Payee:
        """Return the account as the payee of one ask."""
        return Payee(
            account=account,
            secret=derivation.payee_secret(self.id_secret, rail.id(), pack_text(account)),
            salt=derivation.payee_salt(self.id_secret, ask),
        )

    def reveal_private_key(self, deployment: int, line_id: int, seq: int) -> PrivateKey:
        """Return the X25519 key of one bid."""
        return derivation.reveal_private_key(self.id_secret, deployment, line_id, seq)

    def journal_key(self) -> bytes:
        """Return the key of this person's journal."""
        return derivation.journal_key(self.id_secret)

    def accounts_of(self, rail: Rail) -> tuple[str, ...]:
        """Return the linked accounts of a rail."""
        return tuple(linked.account for linked in self.accounts if linked.rail == rail.name)


class Vault:
    """An open vault: the identity, and the way to write it back."""

    def __init__(self, path: Path, unlocked: Identity, header: Mapping[str, Any], key: bytes) -> None:
        """Use `create_vault`, `restore_vault` or `open_vault`."""
        self.path = path
        self.identity = unlocked
        self._header = header
        self._key = key

    def link_account(self, rail: Rail, typed: str) -> LinkedAccount:
        """Add a fiat account as typed, unless it is there, and write the vault; return it in canonical text.

        Raises what `Rail.canonical_account` does.
        """
        linked = LinkedAccount(rail.name, rail.canonical_account(typed))
        if linked not in self.identity.accounts:
            unlocked = Identity(self.identity.id_secret, (*self.identity.accounts, linked))
            replace_secret_file(self.path, _sealed(unlocked, self._header, self._key), what=_WHAT)
            self.identity = unlocked
        return linked


def create_vault(
    path: Path,
    passphrase: Passphrase,
    *,
    randbits: Callable[[int], int] = secrets.randbits,
    cost: KdfCost = DEFAULT_COST,
) -> Vault:
    """Draw a new identity and write its vault. Raises SecretFileExistsError: an identity is never overwritten."""
    return _new_vault(path, identity.draw_secret(randbits), passphrase, cost)


def restore_vault(path: Path, phrase: str, passphrase: Passphrase, *, cost: KdfCost = DEFAULT_COST) -> Vault:
    """Write the vault of the identity behind a recovery phrase; its accounts are to be linked again.

    Raises the errors of `secret_of_phrase`, and SecretFileExistsError.
    """
    return _new_vault(path, secret_of_phrase(phrase), passphrase, cost)


def open_vault(path: Path, passphrase: Passphrase) -> Vault:
    """Return the vault at `path`, unlocked.

    Raises SecretFileUnreadableError, SecretFileExposedError, VaultDamagedError, PassphraseEmptyError,
    PassphraseTooLongError and PassphraseWrongError.
    """
    header, sealed = _parse(read_secret_file(path, bytes_max=_FILE_BYTES_MAX, what=_WHAT), path)
    key = _key(passphrase, header)
    try:
        content = Aead(key).decrypt(sealed, _associated(header))
    except (CryptoError, ValueError) as error:
        raise PassphraseWrongError(
            f"the passphrase does not open the vault {path}", hint="if it is the right one, the file was changed"
        ) from error
    return Vault(path, _identity(content, path), header, key)


def passphrase_from_descriptor(descriptor: int) -> Passphrase:
    """Return a callback that reads the passphrase from a file descriptor, up to its first line's end."""

    def ask() -> bytes:
        data = b""
        while b"\n" not in data and len(data) <= _PASSPHRASE_BYTES_MAX:
            try:
                chunk = os.read(descriptor, _PASSPHRASE_BYTES_MAX + 1)
            except OSError as error:
                raise PassphraseEmptyError(f"no passphrase can be read from the descriptor {descriptor}") from error
            if not chunk:
                break
            data += chunk
        return data.partition(b"\n")[0].removesuffix(b"\r")

    return ask


def _new_vault(path: Path, id_secret: int, passphrase: Passphrase, cost: KdfCost) -> Vault:
    header = {
        "format": _FORMAT,
        "kdf": {
            "name": "argon2id",
            "passes": cost.passes,
            "memory_bytes": cost.memory_bytes,
            "salt": secrets.token_hex(argon2id.SALTBYTES),
        },
    }
    key = _key(passphrase, header)
    unlocked = Identity(id_secret, ())
    create_secret_file(path, _sealed(unlocked, header, key), what=_WHAT)
    return Vault(path, unlocked, header, key)


def _key(passphrase: Passphrase, header: Mapping[str, Any]) -> bytes:
    secret = passphrase()
    if not secret:
        raise PassphraseEmptyError("a vault needs a passphrase, and none came")
    if len(secret) > _PASSPHRASE_BYTES_MAX:
        raise PassphraseTooLongError(f"a passphrase has at most {_PASSPHRASE_BYTES_MAX} bytes")
    kdf = header["kdf"]
    salt = bytes.fromhex(kdf["salt"])
    return argon2id.kdf(_KEY_BYTES, secret, salt, opslimit=kdf["passes"], memlimit=kdf["memory_bytes"])


def _associated(header: Mapping[str, Any]) -> bytes:
    return json.dumps(header, sort_keys=True, separators=(",", ":")).encode()


def _sealed(unlocked: Identity, header: Mapping[str, Any], key: bytes) -> bytes:
    content = {
        "id_secret": derivation.secret_bytes(unlocked.id_secret, "id_secret").hex(),
        "accounts": [{"rail": linked.rail, "account": linked.account} for linked in unlocked.accounts],
    }
    sealed = bytes(Aead(key).encrypt(json.dumps(content).encode(), _associated(header)))
    return json.dumps({**header, "sealed": base64.b64encode(sealed).decode()}, indent=1).encode() + b"\n"


def _parse(data: bytes, path: Path) -> tuple[dict[str, Any], bytes]:
    """Return the header as it was written, and the sealed content."""
    try:
        document = json.loads(data)
        kdf = document["kdf"]
        sealed = base64.b64decode(document["sealed"], validate=True)
        passes, memory_bytes, salt = kdf["passes"], kdf["memory_bytes"], bytes.fromhex(kdf["salt"])
        header = {"format": document["format"], "kdf": kdf}
        in_shape = (
            header["format"] == _FORMAT
            and set(document) == {"format", "kdf", "sealed"}
            and set(kdf) == {"name", "passes", "memory_bytes", "salt"}
            and kdf["name"] == "argon2id"
            and len(salt) == argon2id.SALTBYTES
            and type(passes) is type(memory_bytes) is int
            and argon2id.OPSLIMIT_MIN <= passes <= _OPS_MAX
            and argon2id.MEMLIMIT_MIN <= memory_bytes <= _MEMORY_BYTES_MAX
        )
    except (ValueError, TypeError, KeyError, RecursionError, binascii.Error) as error:
        raise VaultDamagedError(f"{path} is not a vault") from error
    if not in_shape:
        raise VaultDamagedError(f"{path} is not a vault that this version reads ({_FORMAT!r})")
    return header, sealed


def _identity(content: bytes, path: Path) -> Identity:
    """Read what this module has sealed; a rail that is gone since is an UnknownRailError."""
    try:
        document = json.loads(content)
        id_secret = int.from_bytes(bytes.fromhex(document["id_secret"]), "big")
        accounts = tuple(LinkedAccount(entry["rail"], entry["account"]) for entry in document["accounts"])
    except (ValueError, TypeError, KeyError) as error:
        raise VaultDamagedError(f"the vault {path} opens, but holds no identity") from error
    for linked in accounts:
        rail_by_name(linked.rail)
    derivation.secret_bytes(id_secret, "id_secret")
    return Identity(id_secret, accounts)
