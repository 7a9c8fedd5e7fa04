"""Rails: canonical accounts and transaction ids, and which rails are admitted at all."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anomi_core import accounts, rails
from anomi_core.rails import RAILS, Rail, RailNotFinalError, UnknownRailError, pack_text, rail_by_name
from tools.codegen import spec as spec_files

FOLDER = Path(__file__).parents[2] / "vectors"
TEXT_VECTORS = json.loads((FOLDER / "text.json").read_text())
RAIL_VECTORS = json.loads((FOLDER / "identity.json").read_text())["rails"]
EASYPAISA, JAZZCASH, RAAST, SEPA = (rail_by_name(name) for name in ("easypaisa", "jazzcash", "raast", "sepa-instant"))
SEPARATORS = st.lists(st.sampled_from(" -/.,:'()\t"), max_size=6).map("".join)


def test_rail_ids() -> None:
    assert [rail.name for rail in RAILS] == [row["name"] for row in RAIL_VECTORS]
    for rail, row in zip(RAILS, RAIL_VECTORS, strict=True):
        assert str(rail.id()) == row["rail"]
    assert len({rail.id() for rail in RAILS}) == len(RAILS)


def test_the_rails_of_the_protocol() -> None:
    assert [(rail.currency, rail.iso4217_numeric, rail.exponent) for rail in RAILS] == [("PKR", 586, 2)] * 3 + [
        ("EUR", 978, 2)
    ]


def test_examples_of_spec() -> None:
    for row in spec_files.rails():
        rail = rail_by_name(row["name"])
        for typed, canonical in row["account_examples"]:
            assert rail.canonical_account(typed) == canonical == rail.canonical_account(canonical)
        for typed, canonical in row["txid_examples"]:
            assert rail.canonical_txid(typed) == canonical == rail.canonical_txid(canonical)


def test_vectors() -> None:
    for row in TEXT_VECTORS["accounts"]:
        canonical = rail_by_name(row["rail"]).canonical_account(row["typed"])
        assert (canonical, str(pack_text(canonical))) == (row["canonical"], row["packed"])
    for row in TEXT_VECTORS["transaction_ids"]:
        canonical = rail_by_name(row["rail"]).canonical_txid(row["typed"])
        assert (canonical, str(pack_text(canonical))) == (row["canonical"], row["packed"])


@pytest.mark.parametrize("row", TEXT_VECTORS["refused_accounts"])
def test_refused_accounts(row: dict[str, str]) -> None:
    with pytest.raises(getattr(accounts, row["error"])) as caught:
        rail_by_name(row["rail"]).canonical_account(row["typed"])
    assert row["typed"] not in str(caught.value)


@pytest.mark.parametrize("row", TEXT_VECTORS["refused_transaction_ids"])
def test_refused_transaction_ids(row: dict[str, str]) -> None:
    with pytest.raises(getattr(accounts, row["error"])) as caught:
        rail_by_name(row["rail"]).canonical_txid(row["typed"])
    assert row["typed"] not in str(caught.value)


@settings(deadline=None)
@given(
    st.from_regex(r"3[0-9]{9}", fullmatch=True),
    st.sampled_from(["", "0", "92", "+92", "0092", "+920", "00920"]),
    SEPARATORS,
)
def test_every_usual_spelling_of_a_mobile_number_is_one_account(number: str, prefix: str, separators: str) -> None:
    typed = f"{prefix}{separators}{number[:3]}{separators}{number[3:]}"
    assert EASYPAISA.canonical_account(typed) == "92" + number == EASYPAISA.canonical_account("92" + number)


@pytest.mark.parametrize(
    "typed",
    [
        *("", "300123456", "30012345678", "0003001234567", "+3001234567", "++923001234567", "9292 3001234567"),
        *("2001234567", "03001234567x", "0300123456７", "030012345\u0666\u0667", "923001234567\n1", "+92+3001234567"),
        "0" * 91 + "3001234567",
    ],
)
def test_other_numbers_are_refused(typed: str) -> None:
    with pytest.raises(accounts.MobileNumberError, match="03XXXXXXXXX"):
        JAZZCASH.canonical_account(typed)


@settings(deadline=None)
@given(st.from_regex(r"[A-Z0-9]{20}", fullmatch=True))
def test_an_iban_has_exactly_one_pair_of_check_digits(body: str) -> None:
    accepted = []
    for digits in range(100):
        try:
            accepted.append(RAAST.canonical_account(f"PK{digits:02}{body}"))
        except accounts.IbanCheckDigitsError:
            continue
    assert len(accepted) == 1
    assert RAAST.canonical_account(accepted[0].lower()) == accepted[0]


@pytest.mark.parametrize(("alias", "real"), [("GB01BARC20714583608387", 98), ("GB00HLFX11016111455365", 97)])
def test_congruent_check_digits_are_refused(alias: str, real: int) -> None:
    """Both satisfy mod 97, and so would be a second spelling of one account."""
    assert int("".join(str(int(c, 36)) for c in alias[4:] + alias[:4])) % 97 == 1
    with pytest.raises(accounts.IbanCheckDigitsError):
        SEPA.canonical_account(alias)
    assert SEPA.canonical_account(f"GB{real}{alias[4:]}").startswith(f"GB{real}")


@pytest.mark.parametrize(
    "typed", ["", "DE", "DE8", "8937040044DE", "DEAB370400440532013000", "DE89+370400440532013000"]
)
def test_texts_that_are_no_iban_are_refused(typed: str) -> None:
    with pytest.raises(accounts.IbanFormatError, match="not an IBAN"):
        SEPA.canonical_account(typed)


@pytest.mark.parametrize("typed", ["DE8937040044053201300", "DE893704004405320130000"])
def test_ibans_of_another_length_are_refused(typed: str) -> None:
    with pytest.raises(accounts.IbanLengthError, match=f"DE has 22 characters; this one has {len(typed)}"):
        SEPA.canonical_account(typed)


def test_ibans_of_other_countries_are_refused() -> None:
    with pytest.raises(accounts.IbanCountryError, match="reaches IBANs of PK; this one is of DE"):
        RAAST.canonical_account("DE89370400440532013000")


def test_every_canonical_iban_packs_without_hashing() -> None:
    assert max(characters for rail in RAILS for _, characters in rail.iban_characters) <= 31


@pytest.mark.parametrize(
    ("rail", "least", "most"), [(EASYPAISA, 8, 20), (JAZZCASH, 8, 20), (RAAST, 6, 35), (SEPA, 6, 35)]
)
def test_transaction_id_lengths(rail: Rail, least: int, most: int) -> None:
    for length in (least, most):
        assert len(rail.canonical_txid("1" * length)) == length
    for length in (0, least - 1, most + 1):
        with pytest.raises(accounts.TransactionIdLengthError, match=f"{least} to {most} characters; {length} came"):
            rail.canonical_txid("1" * length)


@settings(deadline=None)
@given(st.integers(10**7, 10**20 - 1), st.integers(0, 40), SEPARATORS)
def test_a_numeric_id_has_one_spelling(number: int, zeros: int, separators: str) -> None:
    text = str(number)
    typed = f"{separators}{'0' * zeros}{text[:4]}{separators}{text[4:]}"
    assert EASYPAISA.canonical_txid(typed) == text == EASYPAISA.canonical_txid(text)


@settings(deadline=None)
@given(st.from_regex(r"[A-Za-z0-9]{6,35}", fullmatch=True), st.sampled_from("+-/?:().,' "))
def test_an_alphanumeric_id_has_one_spelling(txid: str, sign: str) -> None:
    canonical = SEPA.canonical_txid(f"{txid[:3]}{sign}{txid[3:]}")
    assert canonical == txid.upper() == SEPA.canonical_txid(canonical)


@settings(deadline=None)
@given(st.text(max_size=120))
def test_any_text_is_read_or_refused_and_reading_is_idempotent(text: str) -> None:
    refusals = (
        *(accounts.MobileNumberError, accounts.IbanFormatError, accounts.IbanCountryError, accounts.IbanLengthError),
        *(accounts.IbanCheckDigitsError, accounts.TransactionIdCharacterError, accounts.TransactionIdLengthError),
    )
    for rail in RAILS:
        for canonicalise in (rail.canonical_account, rail.canonical_txid):
            try:
                canonical = canonicalise(text)
            except refusals:
                continue
            assert canonicalise(canonical) == canonical
            pack_text(canonical)


def test_unknown_rails_are_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownRailError, match="easypaisa, jazzcash, raast, sepa-instant"):
        rail_by_name("paypal")


@pytest.mark.parametrize("spoilt", [{"final": False}, {"final_reason": ""}])
def test_a_rail_whose_transfers_can_be_taken_back_is_refused(spoilt: dict[str, Any]) -> None:
    with pytest.raises(RailNotFinalError, match=r"easypaisa is refused.*not final"):
        replace(EASYPAISA, **spoilt)


@pytest.mark.parametrize(
    ("spoilt", "words"),
    [
        ({"final": False}, "not final"),
        ({"final_reason": ""}, "not final"),
        ({"final": "yes"}, "not final"),
        ({"account_rule": "email"}, "unknown account"),
        ({"txid_rule": "any"}, "transaction id rule"),
        ({"iban_characters": {"PK": 24}}, "iban_characters"),
        ({"name": "jazzcash"}, "rail name stands twice"),
        ({"provider_id": 2}, "rail provider and currency stands twice"),
    ],
)
def test_code_generation_refuses_bad_rails(monkeypatch: pytest.MonkeyPatch, spoilt: dict[str, Any], words: str) -> None:
    rows = spec_files.load("rails")
    rows["rail"][0].update(spoilt)
    monkeypatch.setattr(spec_files, "load", lambda _: rows)
    with pytest.raises(SystemExit, match=words):
        spec_files.rails()


def test_the_table_is_the_spec() -> None:
    for row, rail in zip(spec_files.rails(), RAILS, strict=True):
        values = asdict(rail) | {"iban_characters": dict(rail.iban_characters)}
        assert values == {name: row.get(name, {}) for name in values}
    assert set(rails.ACCOUNT_RULES) >= {rail.account_rule for rail in RAILS}
