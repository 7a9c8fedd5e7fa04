"""Amounts as people write them: whole numbers with a decimal point, never floats."""

from __future__ import annotations

import contextlib
import re
from datetime import UTC, datetime
from typing import Final

from anomi_core.errors import UsageError
from anomi_core.spec import AMOUNT_BITS

__all__ = ["AmountUnreadableError", "TimeUnreadableError", "format_time", "format_units", "parse_time", "parse_units"]

_AMOUNT: Final = re.compile(r"([0-9]{1,20})(?:\.([0-9]{1,20}))?", re.ASCII)
_UNIX_TIME: Final = re.compile(r"[0-9]{1,13}", re.ASCII)
_TIME_CHARACTERS_MAX: Final = 40
_TIME_BITS: Final = 40


class AmountUnreadableError(UsageError):
    """A word that is no amount, or one with more digits after the point than its unit has."""


class TimeUnreadableError(UsageError):
    """A word that is neither unix seconds nor a date and time with its zone."""


def parse_units(text: str, decimals: int, what: str) -> int:
    """Return an amount in its smallest units. Raises AmountUnreadableError."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise AmountUnreadableError(f"the {what} has to be a number such as 100 or 28.5, without signs or commas")
    whole, fraction = match[1], match[2] or ""
    if len(fraction) > decimals:
        raise AmountUnreadableError(f"the {what} has at most {decimals} digits after the point, {len(fraction)} came")
    units = int(whole + fraction.ljust(decimals, "0"))
    if units >= 1 << AMOUNT_BITS:
        raise AmountUnreadableError(f"the {what} has to fit {AMOUNT_BITS} bits in its smallest unit")
    return units


def format_units(units: int, decimals: int, name: str = "", *, digits_min: int = 0) -> str:
    """Return an amount as people write it, for example 28,500.00 PKR; at least `digits_min` after the point."""
    whole, rest = divmod(units, 10**decimals)
    fraction = f"{rest:0{decimals}}".rstrip("0").ljust(digits_min, "0") if decimals else ""
    return f"{whole:,}" + (f".{fraction}" if fraction else "") + (f" {name}" if name else "")


def parse_time(text: str) -> int:
    """Return unix seconds, given as such or as 2026-11-21T12:30:00Z. Raises TimeUnreadableError."""
    if _UNIX_TIME.fullmatch(text):
        seconds = int(text)
    else:
        moment = None
        if len(text) <= _TIME_CHARACTERS_MAX:
            with contextlib.suppress(ValueError):
                moment = datetime.fromisoformat(text)
        if moment is None or moment.tzinfo is None:
            raise TimeUnreadableError("a time is unix seconds, or a date and time with its zone: 2026-11-21T12:30:00Z")
        seconds = int(moment.timestamp())
    if not 0 <= seconds < 1 << _TIME_BITS:
        raise TimeUnreadableError(f"a time is in 0..2^{_TIME_BITS}-1 unix seconds")
    return seconds


def format_time(unix_s: int) -> str:
    """Return a moment in UTC, to the second, as `parse_time` reads it; unix seconds after the year 9999."""
    try:
        return datetime.fromtimestamp(unix_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return str(unix_s)
