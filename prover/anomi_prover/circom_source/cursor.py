"""Stepping through the words of a file: look, take, expect, complain with the place."""

from __future__ import annotations

from typing import Final, NoReturn

from anomi_prover.circom_source.tokens import CircomSyntaxError, Token

__all__ = ["Cursor"]

NESTING_MAX: Final = 120
"""Levels of nested expressions and statements; no written circuit comes near, and Python's stack holds."""


class Cursor:
    """The words of one file and where the parser stands among them."""

    def __init__(self, tokens: list[Token], file: str) -> None:
        """Begin at the first word; `file` is for messages."""
        self.file = file
        self.depth = 0
        self._tokens = tokens
        self._at = 0

    @property
    def now(self) -> Token:
        """The next word."""
        return self._tokens[self._at]

    @property
    def before(self) -> Token:
        """The word that was taken last."""
        return self._tokens[max(self._at - 1, 0)]

    def ahead(self, count: int) -> Token:
        """Return the word `count` further on, the end token past the end."""
        return self._tokens[min(self._at + count, len(self._tokens) - 1)]

    def take(self) -> Token:
        """Return the next word and step over it."""
        token = self.now
        if token.kind != "end":
            self._at += 1
        return token

    def sees(self, *texts: str) -> bool:
        """Say whether the next word is one of these symbols or keywords."""
        return self.now.text in texts and self.now.kind in ("symbol", "name")

    def takes(self, text: str) -> bool:
        """Step over the next word if it is `text`, and say so."""
        if self.sees(text):
            self._at += 1
            return True
        return False

    def expect(self, text: str) -> Token:
        """Step over `text`; raises CircomSyntaxError when something else stands there."""
        if not self.sees(text):
            self.fail(f"{text!r} is expected")
        return self.take()

    def name(self) -> str:
        """Step over a name and return it."""
        if self.now.kind != "name":
            self.fail("a name is expected")
        return self.take().text

    def deeper(self) -> None:
        """Enter one more level of nesting; raises CircomSyntaxError past the limit."""
        self.depth += 1
        if self.depth > NESTING_MAX:
            self.fail(f"nesting deeper than {NESTING_MAX} levels is not read")

    def fail(self, what: str) -> NoReturn:
        """Raise CircomSyntaxError at the next word."""
        token = self.now
        said = token.text if token.kind == "end" else repr(token.text[:40])
        raise CircomSyntaxError(f"{self.file}:{token.line}:{token.column}: {what}, not {said}")
