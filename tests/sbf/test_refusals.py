"""Programs that cannot be right on Solana are refused by the exact error, each just past what is accepted."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from anomi_prover.cache import Cache
from anomi_sbf import link, llvm, sysroot
from anomi_sbf.errors import LlvmMajorMismatchError, LlvmMajorUntestedError
from anomi_sbf.toolchain import Toolchain
from tests.sbf.conftest import REPOSITORY, Compilation, Compile

HEAD = """#![no_std]
#![allow(static_mut_refs, internal_features)]
#![feature(core_intrinsics, thread_local, asm_experimental_arch)]
use core::hint::black_box;
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! { core::intrinsics::abort() }
"""
ENTRY = '#[unsafe(no_mangle)] pub unsafe extern "C" fn entrypoint(input: *mut u8) -> u64 { unsafe { BODY } }\n'


def program(body: str, before: str = "") -> str:
    return HEAD + before + "\n" + ENTRY.replace("BODY", body)


READ = "let a = input.cast::<TYPE>().read_unaligned(); let b = input.add(16).cast::<TYPE>().read_unaligned(); "


def on(kind: str, expression: str, before: str = "") -> str:
    return program(READ.replace("TYPE", kind) + expression, before)


FIVE = "#[inline(never)] fn f(a: u64, b: u64, c: u64, d: u64, e: u64) -> u64 { black_box(a ^ b ^ c ^ d ^ e) }"
SIX = FIVE.replace("e: u64)", "e: u64, g: u64)").replace("^ e", "^ e ^ g")
WIDE = "#[inline(never)] fn f(a: u128, b: u128, c: KIND) -> u64 { black_box((a ^ b ^ c as u128) as u64) }"
DYN = """trait T: Sync { fn f(&self, a: u64, b: &[u8], c: u64 EXTRA) -> u64; }
struct A; struct B;
impl T for A { fn f(&self, a: u64, b: &[u8], c: u64 EXTRA) -> u64 { black_box(a ^ b.len() as u64 ^ c) } }
impl T for B { fn f(&self, a: u64, b: &[u8], c: u64 EXTRA) -> u64 { black_box(a + b.len() as u64 + c) } }
static TABLE: [&dyn T; 2] = [&A, &B];
"""


def frame(size: int) -> str:
    # black_box takes a reference to the array: one more word of frame.
    return program(
        "big(input)",
        f"#[inline(never)] unsafe fn big(from: *mut u8) -> u64 {{ let mut a = [0u64; {size}]; "
        f"for i in 0..{size} {{ a[i] = unsafe {{ *from.add(i) }} as u64; }} black_box(&mut a)[7] }}",
    )


ACCEPTED = {
    "five arguments": on("u64", "f(a, b, a, b, a)", FIVE),
    "five words in a trait method": program(
        "black_box(TABLE)[(*input & 1) as usize].f(1, &[], 2)", DYN.replace("EXTRA", "")
    ),
    "two u128 and a u64": on("u128", "f(a, b, 1)", WIDE.replace("KIND", "u64")),
    "a frame of 4,000 bytes": frame(500),
    "u64 division": on("u64", "a / (b | 1) + a % (b | 1)"),
    "u128 division by a power of two": on("u128", "(a / 1024 + b % 64) as u64"),
    "u128 shift by a variable": on("u128", "(a << (b as u32 & 127)) as u64"),
    "an i64 divided by its magnitude": on("i64", "a.unsigned_abs() / (b.unsigned_abs() | 1)"),
    "a static that is only read": program("TABLE[(*input & 3) as usize]", "static mut TABLE: [u64; 4] = [1, 2, 3, 4];"),
    "abort": program("if *input == 1 { core::intrinsics::abort() } 5"),
}

# source, error, words of the message
REFUSED = {
    "six arguments": (on("u64", "f(a, b, a, b, a, b)", SIX), "TooManyArgumentsError", "five words of arguments"),
    "three u128": (on("u128", "f(a, b, a)", WIDE.replace("KIND", "u128")), "TooManyArgumentsError", "five words"),
    "six words in a trait method": (
        program("black_box(TABLE)[(*input & 1) as usize].f(1, &[], 2, 3)", DYN.replace("EXTRA", ", _d: u64")),
        "TooManyArgumentsError",
        "five words",
    ),
    "an oversized frame": (frame(520), "FrameTooLargeError", "case::big needs more than 4,096 bytes"),
    "u128 division": (on("u128", "(a / (b | 1)) as u64"), "WideDivisionError", "entrypoint divides 128-bit integers"),
    "u128 remainder": (on("u128", "(a % (b | 1)) as u64"), "WideDivisionError", "128-bit"),
    "i128 division": (on("i128", "a.wrapping_div(b | 1) as u64"), "WideDivisionError", "128-bit"),
    "u128 division by a constant": (on("u128", "(a / 10) as u64"), "WideDivisionError", "128-bit"),
    "i64 division": (on("i64", "a.wrapping_div(b | 1) as u64"), "SignedDivisionError", "divides signed integers"),
    "i32 remainder": (on("i32", "a.wrapping_rem(b | 1) as u64"), "SignedDivisionError", "signed"),
    "f64": (on("f64", "(a * b + 1.0) as u64"), "FloatArithmeticError", "floating point"),
    "f32": (on("f32", "(a / b) as u64"), "FloatArithmeticError", "floating point"),
    "a mutable static": (
        program("N += *input as u64; N", "static mut N: u64 = 3;"),
        "WritableStaticError",
        "the static case::N",
    ),
    "a mutable static that begins as zeros": (
        program(
            "B[(*input & 63) as usize] = 1; B[(*input.add(1) & 63) as usize] as u64",
            "static mut B: [u8; 64] = [0; 64];",
        ),
        "WritableStaticError",
        "the static case::B",
    ),
    "an atomic static": (
        program(
            "let v = N.load(Ordering::Relaxed); N.store(v + *input as u64, Ordering::Relaxed); v",
            "use core::sync::atomic::*; static N: AtomicU64 = AtomicU64::new(7);",
        ),
        "WritableStaticError",
        "the static case::N",
    ),
    "a cell in a static": (
        program(
            "let v = *S.0.get(); *S.0.get() = v + *input as u64; v",
            "use core::cell::UnsafeCell; struct C(UnsafeCell<u64>); unsafe impl Sync for C {}\n"
            "static S: C = C(UnsafeCell::new(1));",
        ),
        "WritableStaticError",
        "the static case::S",
    ),
    "a thread-local static": (
        program("N += *input as u64; N", "#[thread_local] static mut N: u64 = 3;"),
        "WritableStaticError",
        "is thread-local",
    ),
    "atomics on borrowed memory": (
        program(
            "let a = &*input.cast::<AtomicU64>(); a.store(5, Ordering::SeqCst); a.load(Ordering::SeqCst)",
            "use core::sync::atomic::*;",
        ),
        "AtomicInstructionError",
        "entrypoint uses atomic operations",
    ),
    "inline assembly": (
        program("core::arch::asm!(\"r0 = 7\"); *input as u64"),
        "InlineAssemblyError",
        "entrypoint holds inline assembly",
    ),
    "an unknown syscall": (
        program("sol_does_not_exist(input)", 'unsafe extern "C" { fn sol_does_not_exist(a: *mut u8) -> u64; }'),
        "UnknownSyscallError",
        "`sol_does_not_exist`",
    ),
    "a syscall that new programs may not use": (
        program("sol_alloc_free_(8, input)", 'unsafe extern "C" { fn sol_alloc_free_(n: u64, a: *mut u8) -> u64; }'),
        "UnknownSyscallError",
        "`sol_alloc_free_`",
    ),
    "the address of a syscall": (
        program("let f = black_box(sol_log_ as unsafe extern \"C\" fn(*const u8, u64)); f(input, 3); 0",
                'unsafe extern "C" { fn sol_log_(p: *const u8, n: u64); }'),
        "UnsupportedSymbolError",
        "`sol_log_`",
    ),
    "an extern static": (program("FOO", 'unsafe extern "C" { static FOO: u64; }'), "UnsupportedSymbolError", "`FOO`"),
    "no entry point": (
        HEAD + '#[unsafe(no_mangle)] pub extern "C" fn other() -> u64 { 1 }',
        "EntrypointMissingError",
        "no function `entrypoint`",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ACCEPTED)
def test_just_inside_the_limits_is_accepted(compile_file: Compile, name: str) -> None:
    result = compile_file(ACCEPTED[name])
    assert result.returncode == 0, result.messages
    data = result.output.read_bytes()
    for arch in link.ARCHITECTURES:
        assert link.link_object(data, arch).startswith(b"\x7fELF")


@pytest.mark.parametrize("name", REFUSED)
def test_past_the_limits_is_refused_by_name(compile_file: Compile, name: str) -> None:
    source, error, words = REFUSED[name]
    # Some conditions show in the object, others only when it becomes an executable.
    result = compile_file(source, flags=("-Clink-arg=--arch=v0",))
    assert result.returncode != 0
    assert result.report.get("error") == error, result.messages
    assert words in result.report["message"]
    assert result.report["hint"]
    assert result.report["exit_code"] == 1
    assert not result.output.exists()
    assert "\n" not in result.report["message"]


LONG_LOOP = """
import sys
from pathlib import Path
from anomi_sbf.diagnostics import error_from_fatal
from anomi_sbf.llvm import Llvm

def stop(reason):
    print(type(error_from_fatal(reason)).__name__, error_from_fatal(reason).exit_code, flush=True)
    sys.stdout.flush()
    import os; os._exit(0)

llvm = Llvm(Path(sys.argv[1]))
llvm.on_fatal = stop
body = "  store volatile i64 %x, ptr %p\\n" * int(sys.argv[2])
text = "define void @f(ptr %p, i64 %x) {\\n  br label %loop\\nloop:\\n" + body
text += "  %v = load volatile i64, ptr %p\\n  %c = icmp eq i64 %v, 0\\n"
text += "  br i1 %c, label %loop, label %out\\nout:\\n  ret void\\n}\\n"
print(len(llvm.emit_object(llvm.parse_ir("loop", text))) > 200_000, llvm.errors)
"""


@pytest.mark.parametrize(("stores", "verdict"), [(32_000, "True []"), (33_000, "FunctionTooLargeError 1")])
def test_a_jump_that_is_too_long_is_refused(compiler: Toolchain, stores: int, verdict: str) -> None:
    environment = {**compiler.environment({}), "PYTHONPATH": f"{REPOSITORY / 'sbf'}:{REPOSITORY / 'core'}"}
    command = [sys.executable, "-P", "-c", LONG_LOOP, str(compiler.libllvm), str(stores)]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert result.stdout.strip() == verdict, result.stderr


# Inputs that are no programs


def _link(compiler: Toolchain, *inputs: Path, arguments: tuple[str, ...] = ()) -> tuple[int, str, Path]:
    """Call the linker itself; return its exit code, its messages and where the output would be."""
    output = inputs[0].parent / "out.so"
    output.unlink(missing_ok=True)
    environment = {
        **compiler.environment({"PATH": "/usr/bin:/bin"}),
        "PYTHONPATH": f"{REPOSITORY / 'sbf'}:{REPOSITORY / 'core'}",
    }
    libraries = arguments or (f"--libllvm={compiler.libllvm}", f"--rustc-llvm={compiler.llvm_version}")
    command = [sys.executable, "-P", "-m", "anomi_sbf.link", *libraries, *map(str, inputs), "-o", str(output)]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    return result.returncode, result.stderr, output


@pytest.fixture(scope="session")
def bitcode(compiler: Toolchain, core_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One right program as bitcode."""
    folder = tmp_path_factory.mktemp("bitcode")
    (folder / "case.rs").write_text(program("*input as u64"), encoding="utf-8")
    command = [str(compiler.rustc), f"--target={sysroot.TARGET_FILE}", "-Zunstable-options", f"--sysroot={core_folder}"]
    command += ["--crate-type=lib", "--edition=2024", "-O", "-Cpanic=abort", "--emit=obj", f"-o{folder / 'case.o'}"]
    subprocess.run([*command, str(folder / "case.rs")], env=compiler.environment({"PATH": "/usr/bin:/bin"}), check=True)
    return folder / "case.o"


def test_bitcode_alone_links(compiler: Toolchain, bitcode: Path) -> None:
    code, messages, output = _link(compiler, bitcode)
    assert (code, messages) == (0, "")
    assert link.link_object(output.read_bytes(), "v3").startswith(b"\x7fELF")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda _: b"", "is not LLVM bitcode"),
        (lambda data: b"\x7fELF" + data[4:], "is not LLVM bitcode"),
        (lambda data: data[:3], "is not LLVM bitcode"),
        (lambda data: data[: len(data) // 2 & ~3], "is not readable bitcode"),
        (lambda data: data[:8], "is not readable bitcode"),
        (lambda data: data[:200] + bytes(64) + data[264:], "is not readable bitcode"),
    ],
    ids=["empty", "ELF", "three bytes", "half", "only the magic", "zeros inside"],
)
def test_what_is_not_bitcode_is_unreadable(
    compiler: Toolchain, bitcode: Path, tmp_path: Path, damage: Callable[[bytes], bytes], words: str
) -> None:
    damaged = tmp_path / "damaged.o"
    damaged.write_bytes(damage(bitcode.read_bytes()))
    code, messages, output = _link(compiler, damaged)
    assert code == 2
    assert words in messages
    assert "damaged.o" in messages
    assert not output.exists()


def test_a_truncated_library_is_unreadable(compiler: Toolchain, core_folder: Path, tmp_path: Path) -> None:
    library = next(core_folder.rglob("libcompiler_builtins.rlib")).read_bytes()
    for size in (9, 67, 1_000, len(library) // 2, len(library) - 1):
        cut = tmp_path / "libcut.rlib"
        cut.write_bytes(library[:size])
        code, messages, _ = _link(compiler, cut)
        assert code == 2, (size, messages)
        assert "libcut.rlib is" in messages


def test_one_symbol_defined_twice_is_refused(compiler: Toolchain, bitcode: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.o"
    copy.write_bytes(bitcode.read_bytes())
    code, messages, _ = _link(compiler, bitcode, copy)
    assert code == 1
    assert "does not link with the rest" in messages


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--libllvm=x", "--unknown"), "does not know the argument --unknown"),
        (("--libllvm=x", "--arch=v2"), "unknown SBPF version 'v2'"),
        (("--arch=v0",), "needs --libllvm"),
        (("--libllvm=x", "-x"), "does not know the argument -x"),
    ],
)
def test_the_linkers_arguments_are_checked(
    compiler: Toolchain, bitcode: Path, arguments: tuple[str, ...], words: str
) -> None:
    code, messages, _ = _link(compiler, bitcode, arguments=arguments)
    assert code == 2
    assert words in messages


# LLVM of another version


def test_a_libllvm_of_another_major_than_rustcs_is_refused(compiler: Toolchain, bitcode: Path) -> None:
    code, messages, _ = _link(compiler, bitcode, arguments=(f"--libllvm={compiler.libllvm}", "--rustc-llvm=21.1.8"))
    assert code == 3
    assert (
        f"the compiler is built on LLVM 21.1.8, but the libLLVM that was loaded is {compiler.llvm_version}" in messages
    )


def test_another_minor_version_of_the_same_major_is_accepted(compiler: Toolchain, bitcode: Path) -> None:
    code, messages, _ = _link(compiler, bitcode, arguments=(f"--libllvm={compiler.libllvm}", "--rustc-llvm=22.0.0"))
    assert (code, messages) == (0, "")


def test_a_real_llvm_of_another_version_is_refused_when_it_is_loaded(compiler: Toolchain, bitcode: Path) -> None:
    others = [
        path
        for pattern in ("libLLVM-1?.so*", "libLLVM.so.*")
        for path in Path("/usr/lib").glob(f"*/{pattern}")
        if "22" not in path.name
    ]
    for library in others:
        code, messages, output = _link(compiler, bitcode, arguments=(f"--libllvm={library}", "--rustc-llvm=22.1.8"))
        assert code == 3, (library, messages)
        assert "LLVM" in messages
        assert "Traceback" not in messages
        assert not output.exists()


@pytest.mark.parametrize("found", ["14.0.6", "21.1.8", "23.0.0"])
def test_untested_majors_are_refused_and_tested_ones_are_not(found: str) -> None:
    with pytest.raises(LlvmMajorUntestedError, match=f"LLVM {found} is not supported.*22 only"):
        llvm.require_major(found)
    with pytest.raises(LlvmMajorMismatchError, match=f"LLVM 22.1.8, but the libLLVM that was loaded is {found}"):
        llvm.require_major(found, "22.1.8")
    assert llvm.require_major("22.1.0", "22.1.8") == 22


def test_a_missing_or_foreign_library_is_refused(compiler: Toolchain, bitcode: Path, tmp_path: Path) -> None:
    text = tmp_path / "libLLVM-22.so"
    text.write_text("not a library")
    for path in (text, tmp_path / "absent.so"):
        code, messages, _ = _link(compiler, bitcode, arguments=(f"--libllvm={path}",))
        assert code == 3
        assert "libLLVM does not load from" in messages


def test_reports_are_json_with_the_sentence_and_the_hint(compile_file: Compile) -> None:
    result: Compilation = compile_file(REFUSED["u128 division"][0])
    assert set(result.report) == {"error", "message", "hint", "exit_code"}
    assert json.dumps(result.report)
    assert Cache.default().root  # the compiler that said so is the cached one
