"""The words of a Circom 2 file, each with its line and column, and the comments between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from anomi_core.errors import UnreadableInputError

__all__ = ["CircomSyntaxError", "Comment", "Token", "tokenize"]

SYMBOLS: Final = (
    *("<==", "==>", "<--", "-->", "===", "**=", "<<=", ">>="),
    *("&&", "||", "==", "!=", "<=", ">=", "<<", ">>", "**", "++", "--"),
    *("+=", "-=", "*=", "/=", "\\=", "%=", "&=", "|=", "^="),
    *"+-*/\\%^&|!~<>=?:;,.()[]{}",
)
TOKEN_PATTERN: Final = re.compile(
    r"(?P<skip>\s+)|(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<open>/\*)"
    r"|(?P<number>0x[0-9A-Fa-f]+|\d+)|(?P<name>[$_]*[A-Za-z][A-Za-z0-9_$]*|_)|(?P<string>\"[^\"\n]*\")"
    r"|(?P<symbol>" + "|".join(map(re.escape, SYMBOLS)) + ")",
    re.DOTALL,
)


class CircomSyntaxError(UnreadableInputError):
    """A file is not Circom 2 as this parser knows it; the sentence begins with file, line and column."""


class Token(NamedTuple):
    """One word: `kind` is name, number, string, symbol or end; line and column count from 1."""

    kind: str
    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment with its marks, where it begins, and whether code stands before it on its first line."""

    line: int
    text: str
    after_code: bool


def tokenize(text: str, file: str) -> tuple[list[Token], list[Comment]]:
    """Split a file into its words, an end token last, and its comments; raises CircomSyntaxError."""
    tokens: list[Token] = []
    comments: list[Comment] = []
    position, line, line_start = 0, 1, 0
    while position < len(text):
        match = TOKEN_PATTERN.match(text, position)
        kind = match.lastgroup if match else None
        column = position - line_start + 1
        if match is None or kind is None or kind == "open":
            what = (
                "a comment that does not end" if kind == "open" else f"a sign that Circom has not: {text[position]!r}"
            )
            raise CircomSyntaxError(f"{file}:{line}:{column}: {what}")
        said = match[0]
        if kind == "comment":
            comments.append(Comment(line, said, bool(tokens) and tokens[-1].line == line))
        elif kind != "skip":
            tokens.append(Token(kind, said, line, column))
        if "\n" in said:
            line += said.count("\n")
            line_start = position + said.rindex("\n") + 1
        position = match.end()
    tokens.append(Token("end", "the end of the file", line, len(text) - line_start + 1))
    return tokens, comments
