"""Development keys for tests, made in a second or two by the native core where it is installed.

The powers of tau are no larger than the circuit needs and their secrets are public, as those of all development keys.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Final

from anomi_core import spec
from anomi_prover import vk
from anomi_prover.cache import Cache
from anomi_prover.files import sha256_file
from anomi_prover.keys import read_proving_key
from anomi_prover.setup_checks import domain_power, read_circuit
from anomi_prover.setup_key import make_development_key
from anomi_prover.setup_ptau import beacon_hash

__all__ = ["development_key"]

POWERS: Final = (8, 10, 12)
BEACON_1: Final = bytes.fromhex(beacon_hash(spec.DEV_PHASE_1_BEACON_TEXT))
BEACON_2: Final = bytes.fromhex(beacon_hash(spec.DEV_PHASE_2_BEACON_TEXT))
ITERATIONS_EXP: Final = 10


def development_key(r1cs: Path, *, cache: Cache | None = None) -> tuple[Path, Path]:
    """Return the paths of a proving key and its verifying key for a circuit, from the cache or newly made.

    Without the native core, and for circuits of more than 2^12 rows, it is `make_development_key`'s. Raises what
    `read_circuit` and `make_development_key` raise.
    """
    cache = cache or Cache.default()
    needed = domain_power(read_circuit(r1cs))
    power = next((one for one in POWERS if one >= needed), None)
    if power is None or importlib.util.find_spec("anomi_prover_native") is None:
        bundle = make_development_key(r1cs, cache=cache)
        return bundle.zkey, bundle.vk_json
    import anomi_prover_native as native

    def powers(folder: Path) -> None:
        new, contributed = folder / "new.ptau", folder / "contributed.ptau"
        native.new_powers(power, new)
        native.beacon_powers(new, contributed, BEACON_1, ITERATIONS_EXP, name=spec.DEV_PHASE_1_NAME)
        native.prepare_powers(contributed, folder / "powers.ptau")
        new.unlink()
        contributed.unlink()

    def key(folder: Path) -> None:
        new = folder / "new.zkey"
        native.new_key(r1cs, ptau, new)
        native.beacon_key(new, folder / "key.zkey", BEACON_2, ITERATIONS_EXP, name=spec.DEV_PHASE_2_NAME)
        new.unlink()
        header = read_proving_key(folder / "key.zkey")
        (folder / "vk.json").write_bytes(vk.render_snarkjs_json(header.verifying_key))

    ptau = cache.get_or_build("test-powers", {"power": str(power), "beacon": BEACON_1.hex()}, powers) / "powers.ptau"
    made_from = {"r1cs": sha256_file(r1cs), "power": str(power), "beacon": BEACON_2.hex()}
    entry = cache.get_or_build("test-key", made_from, key)
    return entry / "key.zkey", entry / "vk.json"
