"""Every on-chain program: addresses, builders, accounts, events and errors.

Generated from spec/programs.toml by `python -m tools.codegen`; do not edit.
"""

# ruff: noqa: E501
# fmt: off
from __future__ import annotations

from typing import Final

from anomi_sdk.generated import groth16_verifier, market, order_store, order_processor
from anomi_sdk.program_spec import ProgramSpec

__all__ = ["PROGRAMS"]

PROGRAMS: Final[tuple[ProgramSpec, ...]] = (
    groth16_verifier.PROGRAM,
    market.PROGRAM,
    order_store.PROGRAM,
    order_processor.PROGRAM,
)
"""In the order of spec/programs.toml."""
