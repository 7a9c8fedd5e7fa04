"""Build Solana programs from Rust with Debian's rustc and LLVM, without the Solana command line tools.

`toolchain` finds or fetches the compiler, `sysroot` builds core and alloc for the target, `bitcode` turns rustc's bitcode
into one BPF object, `elf_image` turns that object into an SBPF executable, and `build` drives cargo over all of it.
"""

__all__: list[str] = []
