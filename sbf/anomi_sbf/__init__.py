"""Build Solana programs from Rust with Debian's rustc and LLVM, without the Solana command line tools.

`toolchain` finds or fetches the compiler, `sysroot` compiles core and alloc for the target, `bitcode` turns rustc's
bitcode into one BPF object, `link` turns that object into an SBPF executable, and `build` drives cargo over it all.
"""

__all__: list[str] = []
