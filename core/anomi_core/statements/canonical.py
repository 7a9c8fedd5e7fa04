"""Every number of a statement and witness must be a field element before anything can be said about it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from anomi_core.field import require_fr

__all__ = ["require_canonical"]


def require_canonical(statement: Any, witness: Any, stmt: int) -> None:
    """Raise NotCanonicalError on the first number, signatures and paths included, that is negative or ≥ r."""
    require_fr(stmt, "stmt")
    for holder in (statement, witness):
        for field in fields(holder):
            value = getattr(holder, field.name)
            if isinstance(value, int):
                require_fr(value, field.name)
    for attestation in witness.attestations:
        for name, number in (
            *attestation.key._asdict().items(),
            *attestation.signature._asdict().items(),
            *((f"sibling {height}", sibling) for height, sibling in enumerate(attestation.siblings)),
        ):
            require_fr(number, name)
