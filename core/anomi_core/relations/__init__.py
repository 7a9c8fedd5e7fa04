"""What the circuits prove, in plain Python: the readable specification that circuits are tested against.

Each relation makes the checks of its circuit once, in order, on plain integers; the comment before a check is its
name in `spec.CHECKS`. A check also refuses every value it uses that does not fit its width: a comparison says nothing
about a value that wraps around the field.
"""

from anomi_core.relations.check import CheckFailedError
from anomi_core.relations.payment import check_payment
from anomi_core.relations.solvency import check_solvency

__all__ = ["CheckFailedError", "check_payment", "check_solvency"]
