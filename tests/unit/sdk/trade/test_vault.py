"""The vault: opened by its passphrase only, brought back by its phrase, and bounded in what it makes a machine do."""

from __future__ import annotations

import json
import os
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from solders.pubkey import Pubkey

from anomi_core import identity
from anomi_core.accounts import MobileNumberError
from anomi_core.rails import pack_text, rail_by_name
from anomi_sdk.trade import vault as vault_module
from anomi_sdk.trade.phrase import recovery_phrase
from anomi_sdk.trade.secret_files import SecretFileExistsError
from anomi_sdk.trade.vault import (
    PassphraseEmptyError,
    PassphraseTooLongError,
    PassphraseWrongError,
    Vault,
    VaultDamagedError,
    create_vault,
    open_vault,
    passphrase_from_descriptor,
    restore_vault,
)
from tests.unit.sdk.trade.trade_world import CHEAP

RAIL = rail_by_name("easypaisa")
ASK = Pubkey.from_string("SysvarC1ock11111111111111111111111111111111")
ACCOUNT = "923001234567"


def passphrase() -> bytes:
    return b"correct horse"


def new(path: Path) -> Vault:
    return create_vault(path, passphrase, randbits=lambda bits: (1 << bits) - 3, cost=CHEAP)


def edited(path: Path, change: Any) -> None:
    document = json.loads(path.read_bytes())
    change(document)
    path.write_bytes(json.dumps(document).encode())


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "vault"
    made = new(path)
    assert made.link_account(RAIL, "0300 1234567").account == ACCOUNT
    made.link_account(RAIL, "+92 300 1234567")
    opened = open_vault(path, passphrase)
    assert opened.identity == made.identity
    assert opened.identity.id_secret == 2**248 - 3
    assert opened.identity.accounts_of(RAIL) == (ACCOUNT,)
    assert opened.identity.accounts_of(rail_by_name("jazzcash")) == ()
    opened.link_account(rail_by_name("jazzcash"), "03007654321")
    assert len(open_vault(path, passphrase).identity.accounts) == 2


def test_an_account_is_linked_in_canonical_text_only(tmp_path: Path) -> None:
    made = new(tmp_path / "vault")
    before = (tmp_path / "vault").read_bytes()
    with pytest.raises(MobileNumberError):
        made.link_account(RAIL, "12")
    assert (tmp_path / "vault").read_bytes() == before


def test_nothing_private_is_in_the_clear(tmp_path: Path) -> None:
    path = tmp_path / "vault"
    made = new(path)
    made.link_account(RAIL, ACCOUNT)
    content = path.read_bytes()
    assert ACCOUNT.encode() not in content
    assert b"easypaisa" not in content
    assert made.identity.id_secret.to_bytes(31, "big").hex().encode() not in content
    assert repr(made.identity) == "Identity()"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_vault_is_never_made_over_another(tmp_path: Path) -> None:
    path = tmp_path / "vault"
    new(path)
    with pytest.raises(SecretFileExistsError):
        new(path)
    with pytest.raises(SecretFileExistsError):
        restore_vault(path, recovery_phrase(5), passphrase, cost=CHEAP)
    assert open_vault(path, passphrase).identity.id_secret == 2**248 - 3


def test_the_phrase_brings_everything_back(tmp_path: Path) -> None:
    made = new(tmp_path / "vault")
    made.link_account(RAIL, ACCOUNT)
    phrase = recovery_phrase(made.identity.id_secret)
    restored = restore_vault(tmp_path / "again", phrase, lambda: b"another", cost=CHEAP)
    restored.link_account(RAIL, ACCOUNT)
    again = open_vault(tmp_path / "again", lambda: b"another").identity
    assert again == made.identity
    assert again.payee(RAIL, ACCOUNT, ASK) == made.identity.payee(RAIL, ACCOUNT, ASK)
    assert bytes(again.reveal_private_key(1, 2, 3)) == bytes(made.identity.reveal_private_key(1, 2, 3))


def test_derived_values_differ_from_each_other(tmp_path: Path) -> None:
    me = new(tmp_path / "vault").identity
    reveal = {bytes(me.reveal_private_key(*bid)) for bid in ((1, 2, 3), (9, 2, 3), (1, 9, 3), (1, 2, 9))}
    other_ask = Pubkey.default()
    payees = [
        me.payee(RAIL, ACCOUNT, ASK),
        me.payee(RAIL, ACCOUNT, other_ask),
        me.payee(RAIL, "923001234568", ASK),
        me.payee(rail_by_name("jazzcash"), ACCOUNT, ASK),
    ]
    assert len(reveal) == 4
    assert payees[0].secret == payees[1].secret, "one secret per account"
    assert len({payee.secret for payee in payees}) == 3
    assert payees[0].salt != payees[1].salt, "one salt per ask"
    assert len({payee.commitment(RAIL) for payee in payees}) == 4


def test_the_identity_is_the_protocols(tmp_path: Path) -> None:
    me = new(tmp_path / "vault").identity
    h = identity.h(me.id_secret, RAIL.id(), pack_text(ACCOUNT))
    idc = identity.idc(h, RAIL.id(), pack_text(ACCOUNT))
    assert me.account_hash(RAIL, ACCOUNT) == h
    assert me.line_id(RAIL, ACCOUNT, 77) == identity.line_id(me.id_secret, idc, 77)


def test_a_wrong_passphrase_is_refused(tmp_path: Path) -> None:
    new(tmp_path / "vault")
    with pytest.raises(PassphraseWrongError):
        open_vault(tmp_path / "vault", lambda: b"correct horsf")


@pytest.mark.parametrize("made", [True, False])
def test_a_passphrase_has_1_to_1024_bytes(tmp_path: Path, made: bool) -> None:
    path = tmp_path / "vault"
    long = b"x" * 1024
    create_vault(path, lambda: long, cost=CHEAP)
    assert open_vault(path, lambda: long).identity
    for wrong, error in ((b"", PassphraseEmptyError), (long + b"x", PassphraseTooLongError)):
        with pytest.raises(error):
            if made:
                open_vault(path, partial(bytes, wrong))
            else:
                create_vault(tmp_path / "other", partial(bytes, wrong), cost=CHEAP)
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document["kdf"].update(passes=document["kdf"]["passes"] + 1),
        lambda document: document["kdf"].update(memory_bytes=document["kdf"]["memory_bytes"] * 2),
        lambda document: document["kdf"].update(salt="00" * 16),
        lambda document: document.update(sealed="AAAA" + document["sealed"][4:]),
        lambda document: document.update(sealed=""),
    ],
    ids=["passes", "memory", "salt", "content", "no content"],
)
def test_a_changed_vault_does_not_open(tmp_path: Path, change: Any) -> None:
    new(tmp_path / "vault")
    edited(tmp_path / "vault", change)
    with pytest.raises(PassphraseWrongError):
        open_vault(tmp_path / "vault", passphrase)


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document["kdf"].update(memory_bytes=2**30 + 1),
        lambda document: document["kdf"].update(memory_bytes=8191),
        lambda document: document["kdf"].update(passes=65),
        lambda document: document["kdf"].update(passes=0),
        lambda document: document["kdf"].update(passes=True),
        lambda document: document["kdf"].update(passes="3"),
        lambda document: document["kdf"].update(name="scrypt"),
        lambda document: document["kdf"].update(more=1),
        lambda document: document["kdf"].update(salt="00" * 15),
        lambda document: document["kdf"].update(salt=7),
        lambda document: document.update(format="anomi vault 2"),
        lambda document: document.update(more=1),
        lambda document: document.update(sealed="*"),
        lambda document: document.update(kdf=[]),
        lambda document: document.pop("sealed"),
    ],
)
def test_what_no_vault_of_this_version_says_is_refused_unopened(
    tmp_path: Path, change: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    new(tmp_path / "vault")
    edited(tmp_path / "vault", change)
    monkeypatch.setattr(vault_module, "_key", lambda *_: pytest.fail("the passphrase was hashed"))
    with pytest.raises(VaultDamagedError):
        open_vault(tmp_path / "vault", passphrase)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"{}", b"[" * 100_000, b'{"kdf": {}, "sealed": ""}'])
def test_what_is_no_vault_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "vault"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(VaultDamagedError):
        open_vault(path, passphrase)


@pytest.mark.parametrize(
    ("typed", "read"),
    [(b"word", b"word"), (b"word\nmore", b"word"), (b"word\r\n", b"word"), (b"", b""), (b"a b\n", b"a b")],
)
def test_a_passphrase_comes_from_a_descriptor(typed: bytes, read: bytes) -> None:
    reader, writer = os.pipe()
    os.write(writer, typed)
    os.close(writer)
    try:
        assert passphrase_from_descriptor(reader)() == read
    finally:
        os.close(reader)


def test_a_descriptor_that_gives_nothing_is_a_clear_error() -> None:
    with pytest.raises(PassphraseEmptyError):
        passphrase_from_descriptor(9999)()
