"""The recovery phrase: read back from paper, with every mistake found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anomi_sdk.trade.derivation import SecretOutOfRangeError
from anomi_sdk.trade.phrase import (
    RecoveryPhraseCharacterError,
    RecoveryPhraseChecksumError,
    RecoveryPhraseLengthError,
    recovery_phrase,
    secret_of_phrase,
)

SECRET = 0x0123456789ABCDEF << 184 | 7
PHRASE = recovery_phrase(SECRET)


def test_a_phrase_is_what_it_always_was() -> None:
    """A phrase on paper must be readable for ever: this one was written by the first version."""
    assert PHRASE == "04HM-ASW9-NF6Y-Y000-0000-0000-0000-0000-0000-0000-0000-0000-0XGE-CSB1"


@given(st.integers(0, 2**248 - 1))
def test_a_phrase_brings_the_secret_back(secret: int) -> None:
    assert secret_of_phrase(recovery_phrase(secret)) == secret


@pytest.mark.parametrize(
    "typed",
    [
        PHRASE.lower(),
        PHRASE.replace("-", " "),
        PHRASE.replace("-", ""),
        f"  {PHRASE}\n",
        PHRASE.replace("0", "O").replace("1", "l"),
    ],
    ids=["small letters", "spaces", "no hyphens", "around it", "look-alikes"],
)
def test_a_phrase_is_read_as_people_type_it(typed: str) -> None:
    assert secret_of_phrase(typed) == SECRET


@given(st.integers(0, 55), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_every_wrong_sign_is_found(place: int, sign: str) -> None:
    signs = PHRASE.replace("-", "")
    if signs[place] != sign:
        with pytest.raises(RecoveryPhraseChecksumError):
            secret_of_phrase(signs[:place] + sign + signs[place + 1 :])


def test_two_exchanged_groups_are_found() -> None:
    first, second, *rest = PHRASE.split("-")
    with pytest.raises(RecoveryPhraseChecksumError):
        secret_of_phrase("-".join([second, first, *rest]))


@pytest.mark.parametrize(
    "typed", ["", PHRASE[:-1], PHRASE + "0", "0" * 600], ids=["none", "one less", "one more", "many"]
)
def test_another_length_is_refused(typed: str) -> None:
    with pytest.raises(RecoveryPhraseLengthError):
        secret_of_phrase(typed)


@pytest.mark.parametrize("sign", ["U", "!", "é", "٣"])
def test_a_sign_that_no_phrase_has_is_refused_by_its_group(sign: str) -> None:
    with pytest.raises(RecoveryPhraseCharacterError, match="group 2 ") as refusal:
        secret_of_phrase(PHRASE[:5] + sign + PHRASE[6:])
    assert PHRASE[:4] not in str(refusal.value)


@pytest.mark.parametrize("secret", [-1, 2**248])
def test_a_secret_of_more_bits_has_no_phrase(secret: int) -> None:
    with pytest.raises(SecretOutOfRangeError):
        recovery_phrase(secret)
