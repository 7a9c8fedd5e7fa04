"""The runtime's syscalls: the only symbols that a program may leave undefined.

Source: anza-xyz/agave `syscalls/src/lib.rs`, without the two that a new program may no longer use
(`sol_alloc_free_`, `sol_get_fees_sysvar`).
"""

from __future__ import annotations

__all__ = ["SYSCALLS", "murmur3_32"]

SYSCALLS = frozenset(
    {
        "abort",
        "sol_alt_bn128_compression",
        "sol_alt_bn128_group_op",
        "sol_big_mod_exp",
        "sol_blake3",
        "sol_create_program_address",
        "sol_curve_decompress",
        "sol_curve_group_op",
        "sol_curve_multiscalar_mul",
        "sol_curve_pairing_map",
        "sol_curve_validate_point",
        "sol_get_clock_sysvar",
        "sol_get_epoch_rewards_sysvar",
        "sol_get_epoch_schedule_sysvar",
        "sol_get_epoch_stake",
        "sol_get_last_restart_slot",
        "sol_get_processed_sibling_instruction",
        "sol_get_rent_sysvar",
        "sol_get_return_data",
        "sol_get_stack_height",
        "sol_get_sysvar",
        "sol_invoke_signed_c",
        "sol_invoke_signed_rust",
        "sol_keccak256",
        "sol_log_",
        "sol_log_64_",
        "sol_log_compute_units_",
        "sol_log_data",
        "sol_log_pubkey",
        "sol_memcmp_",
        "sol_memcpy_",
        "sol_memmove_",
        "sol_memset_",
        "sol_panic_",
        "sol_poseidon",
        "sol_remaining_compute_units",
        "sol_secp256k1_recover",
        "sol_set_return_data",
        "sol_sha256",
        "sol_try_find_program_address",
    }
)

_MASK = 0xFFFF_FFFF


def murmur3_32(data: bytes) -> int:
    """MurmurHash3 x86_32 with seed 0, by which SBPF v3 names a syscall in `call imm` (SIMD-0178)."""

    def scramble(word: int) -> int:
        word = word * 0xCC9E2D51 & _MASK
        return (word << 15 | word >> 17) * 0x1B873593 & _MASK

    state = 0
    whole = len(data) // 4 * 4
    for start in range(0, whole, 4):
        state ^= scramble(int.from_bytes(data[start : start + 4], "little"))
        state = ((state << 13 | state >> 19) & _MASK) * 5 + 0xE6546B64 & _MASK
    if whole < len(data):
        state ^= scramble(int.from_bytes(data[whole:], "little"))
    state ^= len(data)
    state = (state ^ state >> 16) * 0x85EBCA6B & _MASK
    state = (state ^ state >> 13) * 0xC2B2AE35 & _MASK
    return state ^ state >> 16
