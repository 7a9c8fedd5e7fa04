"""The reveal codec: what a seller seals, and every way in which a buyer refuses to be told whom to pay."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PrivateKey, SealedBox
from solders.pubkey import Pubkey

from anomi_core.rails import RAILS, Rail, rail_by_name
from anomi_sdk.generated.order_processor import REVEAL_CIPHERTEXT_BYTES
from anomi_sdk.trade.derivation import SecretOutOfRangeError
from anomi_sdk.trade.reveal import (
    PLAINTEXT_BYTES,
    Payee,
    RevealAccountNotCanonicalError,
    RevealCommitmentMismatchError,
    RevealKeyUnusableError,
    RevealLengthError,
    RevealNotCanonicalError,
    RevealOfAnotherOrderError,
    RevealUndecryptableError,
    RevealVersionUnknownError,
    open_reveal,
    seal_reveal,
)

EASYPAISA = rail_by_name("easypaisa")
SEPA = rail_by_name("sepa-instant")
ORDER = Pubkey.from_bytes(hashlib.sha256(b"order").digest())
OTHER_ORDER = Pubkey.from_bytes(hashlib.sha256(b"other order").digest())
KEY = PrivateKey(hashlib.sha256(b"reveal key").digest())
PAYEE = Payee("923001234567", secret=2**248 - 1, salt=12345)
LONGEST = "MT84MALT011000012345MTLCAST001S"
SECRETS = st.integers(0, 2**248 - 1)


def sealed(payee: Payee = PAYEE, order: Pubkey = ORDER, rail: Rail = EASYPAISA, key: PrivateKey = KEY) -> bytes:
    return seal_reveal(payee, order=order, rail=rail, reveal_key=bytes(key.public_key))


def opened(ciphertext: bytes, payee: Payee = PAYEE, rail: Rail = EASYPAISA, key: PrivateKey = KEY) -> Payee:
    return open_reveal(ciphertext, order=ORDER, rail=rail, private_key=key, payee_commit=payee.commitment(rail))


def plaintext_of(payee: Payee = PAYEE) -> bytearray:
    return bytearray(SealedBox(KEY).decrypt(sealed(payee)))


def resealed(plaintext: bytes) -> bytes:
    return bytes(SealedBox(KEY.public_key).encrypt(plaintext))


def test_a_reveal_has_the_size_that_the_order_has_room_for() -> None:
    assert PLAINTEXT_BYTES == 128
    assert len(sealed()) == REVEAL_CIPHERTEXT_BYTES == 176


def test_the_text_field_holds_the_longest_account_of_every_rail() -> None:
    longest = max(length for rail in RAILS for _, length in rail.iban_characters)
    assert longest == len(LONGEST) == 31
    payee = Payee(LONGEST, secret=1, salt=2)
    assert opened(sealed(payee, rail=SEPA), payee, SEPA) == payee


@given(number=st.integers(0, 10**9 - 1), secret=SECRETS, salt=SECRETS)
def test_what_is_sealed_is_opened(number: int, secret: int, salt: int) -> None:
    payee = Payee(f"923{number:09d}", secret, salt)
    assert opened(sealed(payee), payee) == payee


def test_the_layout_is_the_documented_one() -> None:
    plaintext = bytes(plaintext_of())
    assert plaintext == b"".join(
        (
            b"\x01",
            hashlib.sha256(b"anomi reveal" + bytes(ORDER)).digest(),
            b"\x0c923001234567" + bytes(20),
            b"\xff" * 31,
            (12345).to_bytes(31, "big"),
        )
    )


def test_two_reveals_of_one_payee_look_unrelated() -> None:
    assert sealed()[:64] != sealed()[:64]


@pytest.mark.parametrize("size", [0, 175, 177])
def test_another_length_is_refused(size: int) -> None:
    with pytest.raises(RevealLengthError):
        opened(bytes(size))


@pytest.mark.parametrize("at", [0, 31, 32, 100, 175])
def test_every_changed_byte_is_refused(at: int) -> None:
    ciphertext = bytearray(sealed())
    ciphertext[at] ^= 1
    with pytest.raises(RevealUndecryptableError):
        opened(bytes(ciphertext))


def test_a_reveal_to_another_key_is_refused() -> None:
    with pytest.raises(RevealUndecryptableError):
        opened(sealed(), key=PrivateKey.generate())


@pytest.mark.parametrize("version", [0, 2])
def test_another_version_is_refused(version: int) -> None:
    plaintext = plaintext_of()
    plaintext[0] = version
    with pytest.raises(RevealVersionUnknownError):
        opened(resealed(bytes(plaintext)))


def test_a_reveal_of_another_order_is_refused() -> None:
    with pytest.raises(RevealOfAnotherOrderError):
        opened(sealed(order=OTHER_ORDER))


@pytest.mark.parametrize("length", [0, 33, 255])
def test_an_account_length_that_the_field_has_not_is_refused(length: int) -> None:
    plaintext = plaintext_of()
    plaintext[33] = length
    with pytest.raises(RevealNotCanonicalError):
        opened(resealed(bytes(plaintext)))


def test_padding_other_than_zeros_is_refused() -> None:
    plaintext = plaintext_of()
    plaintext[34 + 31] = ord("0")
    with pytest.raises(RevealNotCanonicalError):
        opened(resealed(bytes(plaintext)))


def test_an_account_that_is_not_ascii_is_refused() -> None:
    plaintext = plaintext_of()
    plaintext[34] = 0xE9
    with pytest.raises(RevealNotCanonicalError):
        opened(resealed(bytes(plaintext)))


@pytest.mark.parametrize("account", ["03001234567", "+923001234567", "92300123456", "iban", "923001234567 "])
def test_an_account_in_another_spelling_is_refused(account: str) -> None:
    plaintext = plaintext_of()
    plaintext[33:66] = bytes([len(account)]) + account.encode().ljust(32, b"\0")
    with pytest.raises(RevealAccountNotCanonicalError) as refusal:
        opened(resealed(bytes(plaintext)))
    assert account not in str(refusal.value)
    with pytest.raises(RevealAccountNotCanonicalError):
        sealed(Payee(account, 1, 2))


@pytest.mark.parametrize(
    "other",
    [
        Payee("923001234568", PAYEE.secret, PAYEE.salt),
        Payee(PAYEE.account, PAYEE.secret - 1, PAYEE.salt),
        Payee(PAYEE.account, PAYEE.secret, PAYEE.salt + 1),
    ],
    ids=["account", "secret", "salt"],
)
def test_a_payee_that_the_ask_does_not_commit_to_is_refused(other: Payee) -> None:
    with pytest.raises(RevealCommitmentMismatchError) as refusal:
        opened(sealed(other), PAYEE)
    assert PAYEE.account not in str(refusal.value)


@pytest.mark.parametrize("secret", [-1, 2**248])
def test_a_secret_of_more_bits_cannot_be_revealed(secret: int) -> None:
    for payee in (Payee(PAYEE.account, secret, 1), Payee(PAYEE.account, 1, secret)):
        with pytest.raises(SecretOutOfRangeError):
            sealed(payee)


@pytest.mark.parametrize(
    "key",
    [
        bytes(32),
        b"\x01" + bytes(31),
        bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
        bytes.fromhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
        (2**255 - 20).to_bytes(32, "little"),
        (2**255 - 19).to_bytes(32, "little"),
        (2**255 - 10).to_bytes(32, "little"),
        (2**255 + 9).to_bytes(32, "little"),
        bytes(31),
        bytes(33),
    ],
    ids=["zero", "one", "order 8", "order 8 too", "p - 1", "p", "p + 9", "high bit", "short", "long"],
)
def test_nothing_is_sealed_to_a_key_that_everyone_can_open(key: bytes) -> None:
    with pytest.raises(RevealKeyUnusableError):
        seal_reveal(PAYEE, order=ORDER, rail=EASYPAISA, reveal_key=key)


def test_a_payee_shows_nothing_in_its_repr() -> None:
    assert repr(PAYEE) == "Payee()"
