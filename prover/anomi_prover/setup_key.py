"""Development proving keys: `zkey new`, one beacon contribution over published text, and the verifying key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from anomi_core import spec
from anomi_core.groth16 import parse_verifying_key
from anomi_core.groth16.solana import verifying_key_body, verifying_key_body_hash
from anomi_core.spec import PUBLIC_INPUTS_MAX
from anomi_prover import tools, vk
from anomi_prover.cache import Cache
from anomi_prover.contributions import Contribution
from anomi_prover.files import OutputNotWritableError, copy_file, read_file, reason_of, sha256_file
from anomi_prover.keys import read_proving_key
from anomi_prover.progress import NoProgress, Progress
from anomi_prover.ptau import read_ptau_header
from anomi_prover.r1cs import R1cs
from anomi_prover.setup_checks import check_key_fits_circuit, check_power, read_circuit, read_powers_of_tau
from anomi_prover.setup_progress import LineCounter
from anomi_prover.setup_ptau import DEVELOPMENT_PTAU, SetupStageError, beacon_hash, development_ptau
from anomi_prover.zkey import ZkeyHeader

__all__ = ["DEVELOPMENT_KEY_KIND", "KeyBundle", "contribution_records", "make_development_key"]

DEVELOPMENT_KEY_KIND: Final = "development key"
"""The `kind` of every manifest that this module makes: never a key for real value."""

_ZKEY: Final = "key.zkey"
_VK: Final = "vk.json"
_BEACON_HASH: Final = beacon_hash(spec.DEV_PHASE_2_BEACON_TEXT)
_LOG_LINES: Final = 12
"""Sections that `zkey new` logs the start of, roughly: enough for a bar that moves."""


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
    r1cs: Path, ptau: Path | None = None, *, cache: Cache | None = None, progress: Progress | None = None
) -> KeyBundle:
    """Return the development key of a circuit under powers of tau, out of the cache or newly made.

    The powers may be those of a public ceremony; without `ptau` they are the development ones, which are made first
    when the cache has none, but not for a circuit that is too large for them. The phase-2 contribution is a beacon over
    published text either way, so the key is for development only, and the same for everyone. The key must pass
    `check_proving_key`, and its verifying key must come out as snarkjs exports it, byte for byte.

    Raises what `read_circuit` and `read_powers_of_tau` raise, MissingToolError, SnarkjsError, SetupStageError.
    """
    cache, progress = cache or Cache.default(), progress or NoProgress()
    circuit = read_circuit(r1cs)
    if ptau is None:
        check_power(circuit, DEVELOPMENT_PTAU.power, "the development powers of tau have")
        ptau = development_ptau(cache=cache, progress=progress)
    powers = ptau.absolute()
    read_powers_of_tau(powers, circuit)
    r1cs_sha256, ptau_sha256 = sha256_file(r1cs), sha256_file(powers)
    key = {
        "r1cs": r1cs_sha256,
        "ptau": ptau_sha256,
        "name": spec.DEV_PHASE_2_NAME,
        "beacon_hash": _BEACON_HASH,
        "beacon_iterations_exp": str(spec.DEV_PHASE_2_BEACON_ITERATIONS_EXP),
        "snarkjs": tools.SNARKJS_VERSION,
    }

    def build(folder: Path) -> None:
        progress.start("making the development key", _LOG_LINES)
        try:
            _build(folder, r1cs.absolute(), powers, circuit, progress)
        finally:
            progress.done()

    entry = cache.get_or_build("development-key", key, build)
    zkey, vk_json = entry / _ZKEY, entry / _VK
    return KeyBundle(zkey, vk_json, _manifest(r1cs_sha256, ptau_sha256, circuit, powers, zkey, vk_json))


def _build(folder: Path, r1cs: Path, ptau: Path, circuit: R1cs, progress: Progress) -> None:
    initial, final, exported = folder / "initial.zkey", folder / _ZKEY, folder / "exported.json"
    counter = LineCounter(progress, r"Reading|Writing points start \w+: 0/", _LOG_LINES)
    tools.run_snarkjs(["zkey", "new", str(r1cs), str(ptau), str(initial), "-v"], on_line=counter)
    if not initial.is_file():
        raise SetupStageError("snarkjs ended without writing a proving key")
    tools.run_snarkjs(
        [
            *("zkey", "beacon", str(initial), str(final), _BEACON_HASH, str(spec.DEV_PHASE_2_BEACON_ITERATIONS_EXP)),
            f"-n={spec.DEV_PHASE_2_NAME}",
        ]
    )
    initial.unlink()
    header = read_proving_key(final)
    check_key_fits_circuit(header, circuit)
    if _beacons(header) != [(spec.DEV_PHASE_2_NAME, _BEACON_HASH, spec.DEV_PHASE_2_BEACON_ITERATIONS_EXP)]:
        raise SetupStageError("the proving key that snarkjs made has not the one contribution it was asked for")
    rendered = vk.render_snarkjs_json(header.verifying_key)
    tools.run_snarkjs(["zkey", "export", "verificationkey", str(final), str(exported)])
    if read_file(exported, max_bytes=len(rendered) + 1, what="verifying key") != rendered:
        raise SetupStageError("snarkjs exports another verifying key than we read from the same proving key")
    exported.unlink()
    (folder / _VK).write_bytes(rendered)
    counter.finish()


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
