"""The lowering of wide arithmetic on modules written by hand, where rustc would not produce them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from anomi_sbf.toolchain import Toolchain
from tests.sbf.conftest import REPOSITORY

# LLVM's options are global and its libraries may be private: it is loaded in a process of its own.
SCRIPT = """
import sys
from pathlib import Path
from anomi_core.errors import AnomiError
from anomi_sbf.bitcode import CLEAN_UP
from anomi_sbf.llvm import Llvm
from anomi_sbf.lowering import lower_wide_arithmetic, require_lowered

llvm = Llvm(Path(sys.argv[1]))
module = llvm.parse_ir("hand", sys.argv[2])
try:
    if "check only" in sys.argv[3:]:
        require_lowered(llvm, module)
    count = lower_wide_arithmetic(llvm, module)
    llvm.verify(module)
    llvm.run_passes(module, CLEAN_UP)
    require_lowered(llvm, module)
    llvm.emit_object(module)
    print(count, llvm.errors, "sbf." in llvm.print_module(module))
except AnomiError as error:
    print(type(error).__name__, error)
"""


def lower(compiler: Toolchain, body: str, *, check_only: bool = False) -> str:
    text = "declare {i64, i1} @llvm.umul.with.overflow.i64(i64, i64)\n"
    for width in (16, 32, 33, 48, 72, 128):
        text += f"declare {{i{width}, i1}} @llvm.smul.with.overflow.i{width}(i{width}, i{width})\n"
    text += f"define i64 @here(i64 %a, i64 %b) {{\n{body}\n}}\n"
    result = subprocess.run(
        [sys.executable, "-P", "-c", SCRIPT, str(compiler.libllvm), text, *(["check only"] if check_only else [])],
        env={**compiler.environment({}), "PYTHONPATH": f"{REPOSITORY / 'sbf'}:{REPOSITORY / 'core'}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def product(width: int) -> str:
    return (
        f"%x = zext i64 %a to i{width}\n%y = zext i64 %b to i{width}\n%p = mul i{width} %x, %y\n"
        f"%s = lshr i{width} %p, 5\n%r = trunc i{width} %s to i64\nret i64 %r"
    )


def checked(width: int) -> str:
    grow = "sext" if width > 64 else "trunc"
    operands = f"%x = {grow} i64 %a to i{width}\n%y = {grow} i64 %b to i{width}\n" if width != 64 else ""
    return (
        f"{operands}%p = call {{i{width}, i1}} @llvm.smul.with.overflow.i{width}(i{width} %x, i{width} %y)\n"
        f"%o = extractvalue {{i{width}, i1}} %p, 1\n%r = zext i1 %o to i64\nret i64 %r"
    )


@pytest.mark.parametrize("width", [65, 66, 96, 127, 128])
def test_products_up_to_128_bits_are_lowered(compiler: Toolchain, width: int) -> None:
    assert lower(compiler, product(width)) == "1 [] False"


@pytest.mark.parametrize("width", [129, 192, 256])
def test_wider_products_are_refused(compiler: Toolchain, width: int) -> None:
    said = lower(compiler, product(width))
    assert said == f"WideIntegerError here needs a product of {width} bits, which has no lowering for SBPF"


@pytest.mark.parametrize(("width", "count"), [(16, 0), (32, 0), (128, 1)])
def test_checked_products_of_usual_widths(compiler: Toolchain, width: int, count: int) -> None:
    assert lower(compiler, checked(width)) == f"{count} [] False"


@pytest.mark.parametrize("width", [33, 48, 72])
def test_checked_products_of_other_widths_are_refused(compiler: Toolchain, width: int) -> None:
    said = lower(compiler, checked(width))
    assert said.startswith(f"WideIntegerError here needs an overflow-checked product of {width} bits")


def test_shifts_of_other_widths_by_a_variable_are_refused(compiler: Toolchain) -> None:
    body = "%x = zext i64 %a to i96\n%n = zext i64 %b to i96\n%s = shl i96 %x, %n\n%r = trunc i96 %s to i64\nret i64 %r"
    assert lower(compiler, body).startswith("WideIntegerError here needs a shift of 96 bits by a variable amount")
    assert lower(compiler, body.replace("%s = shl i96 %x, %n", "%s = shl i96 %x, 7")) == "0 [] False"


def test_what_is_left_over_is_an_internal_error(compiler: Toolchain) -> None:
    said = lower(compiler, product(128), check_only=True)
    assert said.startswith("LoweringIncompleteError wide arithmetic is left in here after its lowering (sbf.mul.128)")


def test_an_operation_may_use_another(compiler: Toolchain) -> None:
    """A product of a product, both in one function, and a pair used twice."""
    body = product(128).replace(
        "%s = lshr", "%q = mul i128 %p, %p\n%u = mul i128 %q, %x\n%t = xor i128 %u, %p\n%s = lshr"
    )
    assert lower(compiler, body.replace("lshr i128 %p, 5", "lshr i128 %t, 5")) == "3 [] False"
