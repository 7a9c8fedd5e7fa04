"""Compiling: what is found, what is said of errors, what is reused, what is never half done."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from anomi_prover.cache import Cache
from anomi_prover.compile import (
    CircomError,
    CompiledCircuit,
    CompilerCrashedError,
    CompilerMemoryError,
    CompilerTimeoutError,
    Diagnostic,
    UnknownOptimisationError,
    compile_circuit,
)
from anomi_prover.compile_diagnostics import parse_diagnostics
from anomi_prover.compile_sources import (
    SourceNotTextError,
    SourcePathError,
    TooManySourcesError,
    blank_comments,
    read_sources,
)
from anomi_prover.files import FileUnreadableError
from anomi_prover.r1cs import read_r1cs

SQUARE = "pragma circom 2.0.0;\ntemplate Square() { signal input x; signal output y; y <== x * x; }\n"
MAIN = 'pragma circom 2.0.0;\ninclude "{include}";\ncomponent main = Square();\n'


class Starts:
    """A Progress that keeps what was started, which is what was not found in the cache."""

    def __init__(self) -> None:
        self.labels: list[str] = []

    def start(self, label: str, _total: int | None) -> None:
        self.labels.append(label)

    def advance(self, n: int) -> None:
        raise AssertionError(n)

    def done(self) -> None:
        pass

    def note(self, message: str) -> None:
        raise AssertionError(message)


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def write_fake_circom(path: Path, body: str) -> None:
    put(path, f"#!/bin/sh\n[ \"$1\" = --version ] && {{ echo 'circom compiler 2.2.3'; exit 0; }}\n{body}\n")
    path.chmod(0o755)


@pytest.fixture
def fake_circom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A native `circom` that is a shell script; the test writes it."""
    path = tmp_path / "bin" / "circom"
    write_fake_circom(path, "exit 0")
    monkeypatch.setenv("ANOMI_CIRCOM", str(path))
    return path


def square_is_right(made: CompiledCircuit) -> None:
    r1cs = read_r1cs(made.r1cs)
    assert (r1cs.n_constraints, r1cs.n_public_outputs, r1cs.n_private_inputs) == (1, 1, 1)
    assert r1cs.first_violation([1, 9, 3]) is None
    assert r1cs.first_violation([1, 8, 3]) == 0


def test_an_include_beside_the_circuit(tmp_path: Path) -> None:
    put(tmp_path / "square.circom", SQUARE)
    made = compile_circuit(put(tmp_path / "main.circom", MAIN.format(include="square.circom")))
    square_is_right(made)
    assert made.name == "main"
    assert made.manifest["constraints"] == 1
    assert made.manifest["compiler"]["version"] == "2.2.3"
    assert made.manifest["flags"] == ["--O2"]
    assert [entry["path"] for entry in made.manifest["sources"]] == ["main.circom", "square.circom"]


@pytest.mark.parametrize("include", ["../lib/square.circom", "../lib/../lib/./square.circom", "square.circom"])
def test_includes_that_climb_and_include_folders(tmp_path: Path, include: str) -> None:
    lib = put(tmp_path / "a b ü" / "lib" / "square.circom", SQUARE).parent
    source = put(tmp_path / "a b ü" / "circuits" / "main.circom", MAIN.format(include=include))
    square_is_right(compile_circuit(source, include_dirs=[lib]))


def test_an_absolute_include(tmp_path: Path) -> None:
    lib = put(tmp_path / "lib" / "square.circom", SQUARE)
    square_is_right(compile_circuit(put(tmp_path / "c" / "main.circom", MAIN.format(include=lib))))


def test_a_relative_source_path_and_a_name_with_dots_and_blanks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "sq.circom", SQUARE)
    put(tmp_path / "my main.v1.circom", MAIN.format(include="sq.circom"))
    monkeypatch.chdir(tmp_path)
    made = compile_circuit(Path("my main.v1.circom"))
    square_is_right(made)
    assert made.r1cs.name == "my main.v1.r1cs"


def test_one_file_reached_by_two_names_is_one_file(tmp_path: Path) -> None:
    """Native circom follows symlinks before it compares; without that, Square would be declared twice."""
    put(tmp_path / "real" / "square.circom", SQUARE)
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "alias.circom").symlink_to("real/square.circom")
    text = (
        'pragma circom 2.0.0;\ninclude "real/square.circom"; include "link/square.circom";\ninclude "alias.circom";\n'
    )
    made = compile_circuit(put(tmp_path / "main.circom", f"{text}component main = Square();\n"))
    square_is_right(made)
    assert len(made.manifest["sources"]) == 2


def test_an_include_from_behind_a_linked_folder_climbs_from_where_it_really_is(tmp_path: Path) -> None:
    put(tmp_path / "x" / "lib.circom", SQUARE)
    put(tmp_path / "x" / "real" / "middle.circom", 'pragma circom 2.0.0;\ninclude "../lib.circom";\n')
    (tmp_path / "link").symlink_to("x/real")
    square_is_right(compile_circuit(put(tmp_path / "main.circom", MAIN.format(include="link/middle.circom"))))


def test_a_source_that_is_a_link(tmp_path: Path) -> None:
    put(tmp_path / "square.circom", SQUARE)
    put(tmp_path / "away" / "real.circom", MAIN.format(include="square.circom"))
    (tmp_path / "main.circom").symlink_to("away/real.circom")
    made = compile_circuit(tmp_path / "main.circom")
    square_is_right(made)
    assert made.name == "main"


def test_a_missing_include_is_placed(tmp_path: Path) -> None:
    source = put(tmp_path / "main.circom", "pragma circom 2.0.0;\n/* x\n */ include  'a'\n".replace("'a'", '"a/b.c";'))
    with pytest.raises(
        CircomError, match=r"main\.circom:3:15: the file 'a/b\.c' to be included has not been"
    ) as caught:
        compile_circuit(source)
    assert caught.value.diagnostics == (
        Diagnostic("error", "P1014", str(source), 3, 15, "the file 'a/b.c' to be included has not been found"),
    )


@pytest.mark.parametrize("include", ["/dev/zero", "/", ".", "x\0y"])
def test_what_is_no_regular_file_is_not_included(tmp_path: Path, include: str) -> None:
    with pytest.raises(CircomError, match="has not been found"):
        compile_circuit(put(tmp_path / "main.circom", MAIN.format(include=include)))


def test_the_compiler_sees_the_circuits_files_only(tmp_path: Path) -> None:
    """The folder has a file that is not included; if the compiler saw it, this include beside it would be found."""
    put(tmp_path / "hidden.circom", SQUARE)
    tree = read_sources(put(tmp_path / "main.circom", MAIN.format(include="hidden.circom")), [])
    stage = tmp_path / "stage"
    tree.stage(stage, "")
    put(tmp_path / "other.circom", SQUARE)
    staged = [path for path in stage.rglob("*") if path.is_file()]
    assert sorted(path.name for path in staged) == ["hidden.circom", "main.circom"]


@pytest.mark.parametrize(
    ("body", "code", "line", "column", "words"),
    [
        ("signal output b; b <== a }", "P1008", 3, 25, "Missing semicolon: A semicolon is needed here"),
        ("signal output b; b <== c; }", "T2021", 3, 24, "Undeclared symbol"),
        ("signal output b;\n b <== a * a * a; }", "T3001", 4, 2, "Non quadratic constraints are not allowed"),
        ("var x[3]; signal output b; b <== x[4]; }", "T3001", 3, 34, "Out of bounds exception"),
        ("/* no end }", "P1005", 3, 3, "unterminated /* */"),
        ("signal output b; b <== Sub()(a); }", "TAC01", 3, 24, ""),
        ("signal input a; }", "T2008", 3, 1, "Symbol declared twice"),
    ],
)
def test_errors_are_data(tmp_path: Path, body: str, code: str, line: int, column: int, words: str) -> None:
    text = f"pragma circom 2.1.0;\ntemplate M() {{ signal input a;\n{body}\ncomponent main = M();\n"
    source = put(tmp_path / "ü x" / "main.circom", text)
    with pytest.raises(CircomError) as caught:
        compile_circuit(source)
    errors = [one for one in caught.value.diagnostics if one.severity == "error"]
    assert (errors[0].code, errors[0].file, errors[0].line, errors[0].column) == (code, str(source), line, column)
    assert words in errors[0].message
    assert str(caught.value).startswith(f"{source}:{line}:{column}: ")
    assert "\n" not in str(caught.value)


def test_an_error_in_an_included_file_names_that_file(tmp_path: Path) -> None:
    lib = put(tmp_path / "lib" / "bad.circom", "pragma circom 2.0.0;\ntemplate Square() { signal input x; x === y; }\n")
    with pytest.raises(CircomError) as caught:
        compile_circuit(put(tmp_path / "c" / "main.circom", MAIN.format(include="../lib/bad.circom")))
    assert (caught.value.diagnostics[0].file, caught.value.diagnostics[0].line) == (str(lib), 2)


def test_an_error_without_a_place_names_the_circuit(tmp_path: Path) -> None:
    source = put(tmp_path / "main.circom", SQUARE)
    with pytest.raises(CircomError, match="No main specified") as caught:
        compile_circuit(source)
    assert caught.value.diagnostics[0].file == str(source)
    assert caught.value.diagnostics[0].code == "P1001"


def test_several_errors_are_counted_and_kept(tmp_path: Path) -> None:
    text = "pragma circom 2.0.0;\ntemplate M() { signal input a; a === b; a === c; }\ncomponent main = M();\n"
    with pytest.raises(CircomError, match=r"\(and 1 more\)$") as caught:
        compile_circuit(put(tmp_path / "main.circom", text))
    assert len(caught.value.diagnostics) == 2


def test_the_second_time_nothing_is_compiled_wherever_the_sources_stand(tmp_path: Path, cache: Cache) -> None:
    """Warnings come along, and name the files of this copy."""
    starts = Starts()
    results = []
    for clone in ("one", "two", "one"):
        put(tmp_path / clone / "lib" / "square.circom", SQUARE.replace("pragma circom 2.0.0;", "// none"))
        source = put(tmp_path / clone / "c" / "main.circom", MAIN.format(include="../lib/square.circom"))
        results.append(compile_circuit(source, cache=cache, progress=starts))
    assert starts.labels == ["compiling main"]
    assert results[0].r1cs == results[1].r1cs
    assert results[0].manifest == results[1].manifest
    for clone, made in zip(("one", "two"), results, strict=False):
        (warning,) = made.warnings
        assert (warning.severity, warning.code) == ("warning", "P1004")
        assert warning.file == str(tmp_path / clone / "lib" / "square.circom")
        assert "one" not in warning.message
    assert results[0].manifest["warnings"][0]["file"] == "../lib/square.circom"


def test_what_changes_the_result_compiles_again(tmp_path: Path) -> None:
    lib = put(tmp_path / "square.circom", SQUARE)
    source = put(tmp_path / "main.circom", MAIN.format(include="square.circom"))
    seen = [compile_circuit(source).r1cs]
    seen.append(compile_circuit(source, optimisation="O1").r1cs)
    put(lib, SQUARE.replace("x * x", "x * x + 1"))
    seen.append(compile_circuit(source).r1cs)
    assert len(set(seen)) == len(seen)
    renamed = put(tmp_path / "other.circom", source.read_text())
    assert compile_circuit(renamed).r1cs.name == "other.r1cs"


def test_contents_swapped_between_two_files_are_another_circuit(tmp_path: Path) -> None:
    main = put(tmp_path / "main.circom", 'pragma circom 2.0.0;\ninclude "a.circom";\ncomponent main = Square();\n')
    put(tmp_path / "a.circom", 'include "b.circom";\n')
    put(tmp_path / "b.circom", SQUARE)
    first = read_sources(main, []).sha256()
    put(tmp_path / "b.circom", SQUARE + 'include "late.circom";\n')
    assert read_sources(main, []).sha256() != first, "content counts"
    put(tmp_path / "b.circom", SQUARE)
    put(tmp_path / "c" / "b.circom", SQUARE)
    put(tmp_path / "a.circom", 'include "c/b.circom";\n')
    assert read_sources(main, []).sha256() != first


def test_results_are_placed_as_copies(tmp_path: Path) -> None:
    put(tmp_path / "square.circom", SQUARE)
    made = compile_circuit(put(tmp_path / "main.circom", MAIN.format(include="square.circom")))
    placed = made.place(tmp_path / "new" / "out")
    assert {kind: path.name for kind, path in placed.items()} == {
        "r1cs": "main.r1cs",
        "wasm": "main.wasm",
        "sym": "main.sym",
    }
    assert stat.S_IMODE(placed["r1cs"].stat().st_mode) & 0o200
    original = made.r1cs.read_bytes()
    placed["r1cs"].write_bytes(b"changed")
    assert made.r1cs.read_bytes() == original


@pytest.mark.parametrize("optimisation", ["O3", "", "--O2", "o2"])
def test_an_unknown_optimisation_is_refused(tmp_path: Path, optimisation: str) -> None:
    with pytest.raises(UnknownOptimisationError, match="one of O0, O1, O2"):
        compile_circuit(tmp_path / "main.circom", optimisation=optimisation)


def test_what_is_no_circuit(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadableError, match=r"cannot read the circuit .*absent"):
        compile_circuit(tmp_path / "absent.circom")
    with pytest.raises(FileUnreadableError, match="is a directory"):
        compile_circuit(tmp_path)
    (tmp_path / "binary.circom").write_bytes(b"pragma\n\xff\xfe")
    with pytest.raises(SourceNotTextError, match="line 2 is not UTF-8"):
        compile_circuit(tmp_path / "binary.circom")
    odd = put(tmp_path / 'a"b' / "main.circom", SQUARE)
    with pytest.raises(SourcePathError, match="quotation mark"):
        compile_circuit(odd)
    folder = os.fsencode(tmp_path) + b"/\xff"
    os.mkdir(folder)  # noqa: PTH102 -- a name that is not UTF-8
    bad = put(Path(os.fsdecode(folder)) / "main.circom", SQUARE)
    with pytest.raises(SourcePathError, match="not valid UTF-8"):
        compile_circuit(bad)


def test_includes_in_a_circle_end(tmp_path: Path) -> None:
    put(tmp_path / "a.circom", 'pragma circom 2.0.0;\ninclude "b.circom";\ncomponent main = Square();\n')
    put(tmp_path / "b.circom", f'pragma circom 2.0.0;\ninclude "a.circom";\n{SQUARE.partition(";")[2]}')
    square_is_right(compile_circuit(tmp_path / "a.circom"))


def test_the_number_of_files_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anomi_prover.compile_sources.SOURCES_MAX", 2)
    put(tmp_path / "b.circom", SQUARE)
    main = put(tmp_path / "a.circom", MAIN.format(include="b.circom"))
    assert len(read_sources(main, []).files) == 2
    put(tmp_path / "b.circom", 'include "c.circom";\n')
    put(tmp_path / "c.circom", SQUARE)
    with pytest.raises(TooManySourcesError, match="more than 2 files"):
        read_sources(main, [])


def test_commented_includes_are_none(tmp_path: Path) -> None:
    text = (
        '// include "x";\npragma circom 2.0.0; /* include "y"; */ include /* z */ "b.circom"; // "w"\ntemplate M() {}\n'
    )
    put(tmp_path / "b.circom", 'template T() { log("include ", 1); }\ninclude "late.circom";\n')
    tree = read_sources(put(tmp_path / "a.circom", text), [])
    assert [file.path.name for file in tree.files] == ["a.circom", "b.circom"]
    assert blank_comments("a//b\nc/*d*/e/*") == "a   \nc     e  "


def test_a_compiler_that_hangs_is_stopped(tmp_path: Path, fake_circom: Path) -> None:
    write_fake_circom(fake_circom, "sleep 100")
    with pytest.raises(CompilerTimeoutError, match="took more than 1 seconds"):
        compile_circuit(put(tmp_path / "main.circom", SQUARE), timeout_s=1)


@pytest.mark.parametrize(
    ("script", "error", "words"),
    [
        ("echo 'memory allocation of 65536 bytes failed' >&2; exit 101", CompilerMemoryError, "ran out of memory"),
        ("echo 'trap: wasm trap: call stack exhausted' >&2; exit 101", CompilerMemoryError, "nests too deeply"),
        ("echo \"thread 'main' panicked at x\" >&2; exit 101", CompilerCrashedError, "thread 'main' panicked"),
        ("exit 3", CompilerCrashedError, "exit code 3 .*no message"),
        ("exit 0", CompilerCrashedError, "wrote 0 r1cs files"),
    ],
)
def test_a_compiler_that_breaks_is_told_apart(
    tmp_path: Path, fake_circom: Path, cache: Cache, script: str, error: type[Exception], words: str
) -> None:
    write_fake_circom(fake_circom, script)
    with pytest.raises(error, match=words):
        compile_circuit(put(tmp_path / "main.circom", SQUARE), cache=cache)
    assert not list(cache.root.glob("*/.*"))


def test_a_native_compiler_speaks_of_the_real_paths(tmp_path: Path, fake_circom: Path) -> None:
    write_fake_circom(fake_circom, 'printf \'error[T1]: Bad\\n  ┌─ "%s":1:2\\n\' "$1" >&2; exit 1')
    source = put(tmp_path / "main.circom", SQUARE)
    with pytest.raises(CircomError) as caught:
        compile_circuit(source)
    assert caught.value.diagnostics == (Diagnostic("error", "T1", str(source), 1, 2, "Bad"),)


def test_colours_labels_and_repetitions_are_taken_off() -> None:
    text = (
        "\x1b[0m\x1b[1m\x1b[38;5;9merror[T2008]\x1b[0m\x1b[1m: Duplicated callable symbol\x1b[0m\n"
        '  \x1b[34m┌─\x1b[0m "/p/x.circom":2:1\n  \x1b[34m│\x1b[0m\n\x1b[34m2\x1b[0m \x1b[34m│\x1b[0m template X()\n'
        "  \x1b[34m│\x1b[0m ^^^^ X is already in use\n\n"
    )
    one = Diagnostic("error", "T2008", "/x.circom", 2, 1, "Duplicated callable symbol: X is already in use")
    assert parse_diagnostics(text * 2, prefix="/p") == (one,)
    assert parse_diagnostics("Everything went okay\n") == ()
