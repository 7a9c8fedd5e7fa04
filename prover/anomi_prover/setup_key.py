"""Development proving keys: a circuit's key, one beacon contribution over published text, and the verifying key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from anomi_core import spec
from anomi_core.groth16 import parse_verifying_key
from anomi_core.groth16.solana import verifying_key_body, verifying_key_body_hash
from anomi_core.spec import PUBLIC_INPUTS_MAX
from anomi_prover import vk
from anomi_prover.cache import Cache
from anomi_prover.contributions import Contribution
from anomi_prover.files import OutputNotWritableError, copy_file, reason_of, sha256_file
from anomi_prover.keys import read_proving_key
from anomi_prover.progress import NoProgress, Progress
from anomi_prover.ptau import read_ptau_header
from anomi_prover.r1cs import R1cs
from anomi_prover.setup_backend import SetupBackend, setup_backend
from anomi_prover.setup_checks import (
    SetupStageError,
    check_key_fits_circuit,
    check_power,
    read_circuit,
    read_powers_of_tau,
)
from anomi_prover.setup_ptau import DEVELOPMENT_PTAU, beacon_hash, development_ptau
from anomi_prover.zkey import ZkeyHeader

__all__ = ["DEVELOPMENT_KEY_KIND", "KeyBundle", "contribution_records", "make_development_key"]

DEVELOPMENT_KEY_KIND: Final = "development key"
"""The `kind` of every manifest that this module makes: never a key for real value."""

_ZKEY: Final = "key.zkey"
_VK: Final = "vk.json"
_BEACON_HASH: Final = beacon_hash(spec.DEV_PHASE_2_BEACON_TEXT)


@dataclass(frozen=True)
class KeyBundle:
    """A proving key and its verifying key, read-only in the cache, and the record that links them to their origin.

    `manifest` is plain JSON data: `kind`, and the hashes of circuit, powers of tau, zkey and vk with the contributions.
    """

    zkey: Path
    vk_json: Path
    manifest: Mapping[str, Any]

    def place(self, out_dir: Path, name: str) -> dict[str, Path]:
        """Copy the files to `out_dir` as NAME.zkey and NAME.vk.json, each in one step; return their paths."""
        try:
            out_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputNotWritableError(f"cannot make the folder {out_dir}: {reason_of(error)}") from error
        placed = {"zkey": out_dir / f"{name}.zkey", "vk": out_dir / f"{name}.vk.json"}
        copy_file(self.zkey, placed["zkey"])
        copy_file(self.vk_json, placed["vk"])
        return placed


def make_development_key(
    r1cs: Path,
    ptau: Path | None = None,
    *,
    cache: Cache | None = None,
    progress: Progress | None = None,
    backend: str = "auto",
) -> KeyBundle:
    """Return the development key of a circuit under powers of tau, out of the cache or newly made.

    The powers may be those of a public ceremony; without `ptau` they are the development ones, which are made first
    when the cache has none, but not for a circuit that is too large for them. The phase-2 contribution is a beacon over
    published text either way, so the key is for development only, and has the same bytes for everyone and by every
    backend. It must pass `check_proving_key`.

    Raises what `read_circuit` and `read_powers_of_tau` raise, MissingToolError, SnarkjsError, SetupStageError.
    """
    cache, progress = cache or Cache.default(), progress or NoProgress()
    maker = setup_backend(backend)
    circuit = read_circuit(r1cs)
    if ptau is None:
        check_power(circuit, DEVELOPMENT_PTAU.power, "the development powers of tau have")
        ptau = development_ptau(cache=cache, progress=progress, backend=backend)
    powers = ptau.absolute()
    read_powers_of_tau(powers, circuit)
    r1cs_sha256, ptau_sha256 = sha256_file(r1cs), sha256_file(powers)
    key = {
        "r1cs": r1cs_sha256,
        "ptau": ptau_sha256,
        "name": spec.DEV_PHASE_2_NAME,
        "beacon_hash": _BEACON_HASH,
        "beacon_iterations_exp": str(spec.DEV_PHASE_2_BEACON_ITERATIONS_EXP),
        "backend": maker.VERSION,
    }

    def build(folder: Path) -> None:
        _build(folder, maker, r1cs, powers, circuit, progress)

    entry = cache.get_or_build("development-key", key, build)
    zkey, vk_json = entry / _ZKEY, entry / _VK
    return KeyBundle(zkey, vk_json, _manifest(r1cs_sha256, ptau_sha256, circuit, powers, zkey, vk_json))


def _build(folder: Path, maker: SetupBackend, r1cs: Path, ptau: Path, circuit: R1cs, progress: Progress) -> None:
    initial, final = folder / "initial.zkey", folder / _ZKEY
    maker.new_key(r1cs, ptau, initial, progress)
    value, exponent = bytes.fromhex(_BEACON_HASH), spec.DEV_PHASE_2_BEACON_ITERATIONS_EXP
    maker.contribute_beacon(initial, final, value, exponent, spec.DEV_PHASE_2_NAME, progress)
    initial.unlink()
    header = read_proving_key(final)
    check_key_fits_circuit(header, circuit)
    if _beacons(header) != [(spec.DEV_PHASE_2_NAME, _BEACON_HASH, exponent)]:
        raise SetupStageError(f"the proving key that {maker.NAME} made has not the one contribution it was asked for")
    (folder / _VK).write_bytes(vk.render_snarkjs_json(header.verifying_key))


def _beacons(header: ZkeyHeader) -> list[tuple[str | None, str | None, int | None]]:
    return [(one.name, one.beacon_hash, one.beacon_iterations_exp) for one in header.contributions]


def _manifest(
    r1cs_sha256: str, ptau_sha256: str, circuit: R1cs, ptau: Path, zkey: Path, vk_json: Path
) -> dict[str, Any]:
    powers, header = read_ptau_header(ptau), read_proving_key(zkey)
    key = parse_verifying_key(vk_json.read_bytes())
    on_chain = key.public_input_count <= PUBLIC_INPUTS_MAX
    return {
        "kind": DEVELOPMENT_KEY_KIND,
        "r1cs": {
            "sha256": r1cs_sha256,
            "constraints": circuit.n_constraints,
            "wires": circuit.n_wires,
            "public_signals": circuit.n_public,
        },
        "powers_of_tau": {
            "sha256": ptau_sha256,
            "power": powers.power,
            "ceremony_power": powers.ceremony_power,
            "contributions": contribution_records(powers.contributions),
        },
        "zkey": {
            "sha256": sha256_file(zkey),
            "circuit_hash": header.circuit_hash.hex(),
            "contributions": contribution_records(header.contributions),
        },
        "verifying_key": {
            "sha256": sha256_file(vk_json),
            "public_inputs": key.public_input_count,
            "solana_body_sha256": verifying_key_body_hash(verifying_key_body(key)).hex() if on_chain else None,
        },
    }


def contribution_records(contributions: tuple[Contribution, ...]) -> list[dict[str, Any]]:
    """Return contributions as a manifest lists them."""
    return [
        {
            "name": one.name,
            "type": one.kind,
            "beacon_hash": one.beacon_hash,
            "beacon_iterations_exp": one.beacon_iterations_exp,
        }
        for one in contributions
    ]
