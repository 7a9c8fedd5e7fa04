"""Circuits as texts, compiled by the real compiler through the user's cache."""

from __future__ import annotations

from tests.unit.circom_source.conftest import Written, written

__all__ = ["Written", "written"]
