"""Whole files: pragmas, includes, definitions, main."""

from __future__ import annotations

from typing import Literal, cast

from anomi_prover.circom_source.cursor import Cursor
from anomi_prover.circom_source.expressions import expression
from anomi_prover.circom_source.statements import block
from anomi_prover.circom_source.syntax import CircomFile, Definition, MainComponent
from anomi_prover.circom_source.tokens import CircomSyntaxError, Comment, Token, tokenize

__all__ = ["parse_file"]


def parse_file(text: str, file: str) -> tuple[CircomFile, tuple[Comment, ...]]:
    """Parse one Circom 2 file and return it with its comments; raises CircomSyntaxError."""
    tokens, comments = tokenize(text, file)
    at = Cursor(tokens, file)
    includes: list[str] = []
    definitions: list[Definition] = []
    main: MainComponent | None = None
    while at.now.kind != "end":
        token = at.now
        if at.takes("pragma"):
            while not at.takes(";"):
                if at.take().kind == "end":
                    raise CircomSyntaxError(f"{file}:{token.line}:{token.column}: this pragma does not end")
        elif at.takes("include"):
            if at.now.kind != "string":
                at.fail("a path in quotation marks is expected")
            includes.append(at.take().text[1:-1])
            at.takes(";")
        elif at.sees("template", "function", "bus"):
            definitions.append(_definition(at))
        elif at.takes("component"):
            main = _main(at, token)
        else:
            at.fail("template, function, bus, include or component main is expected")
    return CircomFile(tuple(includes), tuple(definitions), main), tuple(comments)


def _definition(at: Cursor) -> Definition:
    start = at.take()
    kind = cast(Literal["template", "function", "bus"], start.text)
    is_custom = False
    while at.sees("custom", "parallel", "extern_c") and at.ahead(1).kind == "name":
        is_custom |= at.take().text == "custom"
    name = at.name()
    parameters: list[str] = []
    at.expect("(")
    while not at.takes(")"):
        if parameters:
            at.expect(",")
        parameters.append(at.name())
    body = block(at)
    end_line = at.before.line
    place = {"line": start.line, "column": start.column}
    return Definition(kind, name, tuple(parameters), body, end_line, is_custom, **place)


def _main(at: Cursor, start: Token) -> MainComponent:
    at.expect("main")
    public: list[str] = []
    if at.takes("{"):
        at.expect("public")
        at.expect("[")
        while not at.takes("]"):
            if public:
                at.expect(",")
            public.append(at.name())
        at.expect("}")
    at.expect("=")
    value = expression(at)
    at.expect(";")
    return MainComponent(tuple(public), value, line=start.line, column=start.column)
