"""How a relation refuses: with the name of the first check that fails."""

from __future__ import annotations

from anomi_core.errors import RefusedError

__all__ = ["CheckFailedError", "fits", "require"]


class CheckFailedError(RefusedError):
    """A statement and witness fail a named check; `check` is its name in `spec.CHECKS`."""

    def __init__(self, check: str) -> None:
        """Keep the name; the values that failed may be secret and stay out of the sentence."""
        super().__init__(f"the check “{check}” fails for this statement and witness")
        self.check = check


def require(check: str, *conditions: bool) -> None:
    """Raise CheckFailedError unless every condition holds."""
    if not all(conditions):
        raise CheckFailedError(check)


def fits(bits: int, *values: int) -> bool:
    """Say whether every value is below 2**bits."""
    return all(0 <= value < 1 << bits for value in values)
