"""A witness generator that refuses nothing, made from the one circom wrote.

A prover who cheats does not run circom's witness generator; he writes the wires himself. What stops him are the
constraints alone. To see them alone, the same WebAssembly is taken and each failed check made to carry on: circom
writes every `===` and every run-time `assert` as "report, then return error 4", and here the return is dropped. All
wires are then computed whatever the inputs, and the R1CS has the only word. A check that stands in the generator but
not in the R1CS (an `assert` where `===` belongs) shows as a false statement that the R1CS accepts.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["without_refusals"]

# call $printErrorMessage (circom's second import); i32.const 4; return; end
REFUSAL: Final = re.compile(rb"\x10\x01\x41\x04\x0f\x0b")
# The same with `drop` for `return`.
CARRY_ON: Final = b"\x10\x01\x41\x04\x1a\x0b"


def without_refusals(wasm: bytes) -> bytes:
    """Return circom 2's witness generator with every refusal dropped; ValueError when it has none."""
    patched, refusals = REFUSAL.subn(CARRY_ON, wasm)
    if refusals == 0:
        raise ValueError("this WebAssembly has no refusal as circom 2.2 writes it")
    return patched
