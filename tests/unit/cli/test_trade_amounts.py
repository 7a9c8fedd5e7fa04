"""Amounts and times as people write them."""

from __future__ import annotations

import pytest

from anomi_cli.trade.amounts import (
    AmountUnreadableError,
    TimeUnreadableError,
    format_time,
    format_units,
    parse_time,
    parse_units,
)

U64_MAX = 2**64 - 1


@pytest.mark.parametrize(
    ("text", "decimals", "units"),
    [
        ("100", 6, 100_000_000),
        ("0.000001", 6, 1),
        ("285.5", 2, 28_550),
        ("7", 0, 7),
        ("18446744073709.551615", 6, U64_MAX),
        ("00000000000000000001", 0, 1),
    ],
)
def test_an_amount_is_read_to_its_last_digit(text: str, decimals: int, units: int) -> None:
    assert parse_units(text, decimals, "amount") == units


@pytest.mark.parametrize(
    ("text", "decimals", "said"),
    [
        ("0.0000001", 6, "at most 6 digits after the point, 7 came"),
        ("1.0", 0, "at most 0 digits after the point, 1 came"),
        ("18446744073709.551616", 6, "fit 64 bits"),
        ("000000000000000000001", 0, "a number such as"),
        ("1,000", 2, "a number such as"),
        ("-1", 2, "a number such as"),
        ("+1", 2, "a number such as"),
        ("1e3", 2, "a number such as"),
        (".5", 2, "a number such as"),
        ("5.", 2, "a number such as"),
        ("١٠", 2, "a number such as"),
        ("1 ", 2, "a number such as"),
        ("1\n", 2, "a number such as"),
        ("", 2, "a number such as"),
    ],
)
def test_what_is_no_amount(text: str, decimals: int, said: str) -> None:
    with pytest.raises(AmountUnreadableError, match=said):
        parse_units(text, decimals, "amount")


@pytest.mark.parametrize(
    ("units", "decimals", "digits_min", "text"),
    [
        (100_000_000, 6, 0, "100 USDC"),
        (99_700_000, 6, 0, "99.7 USDC"),
        (1, 6, 0, "0.000001 USDC"),
        (2_850_000, 2, 2, "28,500.00 USDC"),
        (2_850_010, 2, 2, "28,500.10 USDC"),
        (7, 0, 0, "7 USDC"),
    ],
)
def test_an_amount_is_written_without_loss(units: int, decimals: int, digits_min: int, text: str) -> None:
    assert format_units(units, decimals, "USDC", digits_min=digits_min) == text
    assert parse_units(text.removesuffix(" USDC").replace(",", ""), decimals, "amount") == units


@pytest.mark.parametrize(
    ("text", "unix_s"),
    [
        ("1795137213", 1_795_137_213),
        ("0", 0),
        (str(2**40 - 1), 2**40 - 1),
        ("2026-11-21T01:16:15Z", 1_795_223_775),
        ("2026-11-21T06:16:15+05:00", 1_795_223_775),
    ],
)
def test_a_time_is_read(text: str, unix_s: int) -> None:
    assert parse_time(text) == unix_s
    assert parse_time(format_time(unix_s)) == unix_s


@pytest.mark.parametrize(
    "text", ["yesterday", "", str(2**40), "2026-11-21T01:16:15", "1969-12-31T23:59:59Z", "1.5", "-1", "9" * 1000]
)
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(TimeUnreadableError):
        parse_time(text)
