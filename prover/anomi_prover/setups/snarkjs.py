"""Set-ups by snarkjs: the reference, and what an installation without the native core has.

snarkjs ends with success after some errors that it only logs, so each output is looked at before it gets its name. What
a contributor adds to the random numbers goes to its standard input, never into an argument; Python's and Node's own
copies of it are not overwritten.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from anomi_core.errors import UsageError
from anomi_prover import tools
from anomi_prover.binfile import MagicMismatchError
from anomi_prover.contributions import Contribution
from anomi_prover.files import atomic_path
from anomi_prover.keys import read_proving_key
from anomi_prover.progress import Progress
from anomi_prover.ptau import read_ptau_header
from anomi_prover.setup_checks import (
    PtauTruncatedError,
    SetupNotVerifiedError,
    SetupStageError,
    check_key_fits_circuit,
    read_circuit,
    read_powers_of_tau,
    require_phase_one,
)
from anomi_prover.setup_progress import STEPS, LineCounter, PrepareMeter
from anomi_prover.zkey import read_zkey_header

__all__ = [
    "NAME",
    "VERSION",
    "contribute",
    "contribute_beacon",
    "new_key",
    "new_powers",
    "prepare_powers",
    "verify_contributions",
    "verify_key",
    "verify_powers",
]

NAME: Final = "snarkjs"
VERSION: Final = f"snarkjs {tools.SNARKJS_VERSION}"
POWER_MAX: Final = 27
NAME_MAX: Final = 64
BEACON_BYTES_MAX: Final = 255
BEACON_EXPONENTS: Final = range(10, 64)
ENTROPY_BYTES: Final = 64
_BEACON_LINES: Final = 10
"""Lines that a beacon logs while it works: five sections applied, five hashed (once each up to 2^16 powers)."""
_KEY_LINES: Final = 12
"""Sections that `zkey new` logs the start of, roughly: enough for a bar that moves."""
_HASH_PATTERN: Final = re.compile(r"(?:Response Hash imported|Contribution Hash):((?:\s+[0-9a-f]{8}){16})")


def new_powers(power: int, output: Path, progress: Progress) -> None:
    """Write powers of tau up to 2^power that nobody has contributed to."""
    if not 1 <= power <= POWER_MAX:
        raise UsageError(f"powers of tau go up to 2^1 to 2^{POWER_MAX}; 2^{power} was asked for")
    with _working(progress, "powers of tau: start"), _output(output) as made:
        tools.run_snarkjs(["powersoftau", "new", "bn128", str(power), str(made)])
        header = read_ptau_header(made)
        _require(header.power == power and not header.contributions and not header.prepared)


def prepare_powers(ptau: Path, output: Path, progress: Progress) -> None:
    """Write powers of tau with the Lagrange bases that phase 2 needs."""
    before = read_ptau_header(ptau)
    require_phase_one(ptau, before)
    progress.note("snarkjs prepares powers of tau far slower than the native core (`make native` in the checkout)")
    with _working(progress, "powers of tau: preparing phase 2", STEPS), _output(output) as made:
        meter = PrepareMeter(progress, before.power)
        tools.run_snarkjs(["powersoftau", "prepare", "phase2", _path(ptau), str(made), "-v"], on_line=meter)
        after = read_ptau_header(made)
        _require(after.prepared and after.contributions == before.contributions)
        meter.finish()


def verify_powers(ptau: Path, progress: Progress) -> None:
    """Accept powers of tau, or raise what is wrong with them."""
    require_phase_one(ptau, read_ptau_header(ptau))
    _confirm(["powersoftau", "verify", _path(ptau)], "Powers of Tau Ok!", "powers of tau", progress)


def new_key(r1cs: Path, ptau: Path, output: Path, progress: Progress) -> None:
    """Write the proving key of a circuit, to which nobody has contributed."""
    circuit = read_circuit(r1cs)
    read_powers_of_tau(ptau, circuit)
    with _working(progress, "making the proving key", _KEY_LINES), _output(output) as made:
        counter = LineCounter(progress, r"Reading|Writing points start \w+: 0/", _KEY_LINES)
        tools.run_snarkjs(["zkey", "new", _path(r1cs), _path(ptau), str(made), "-v"], on_line=counter)
        header = read_zkey_header(made)
        check_key_fits_circuit(header, circuit)
        _require(not header.contributions)
        counter.finish()


def verify_key(r1cs: Path, ptau: Path, zkey: Path, progress: Progress) -> None:
    """Accept a proving key that was made from circuit and powers of tau and follows from its contributions."""
    circuit = read_circuit(r1cs)
    read_powers_of_tau(ptau, circuit)
    check_key_fits_circuit(read_proving_key(zkey), circuit)
    _confirm(["zkey", "verify", *map(_path, (r1cs, ptau, zkey))], "ZKey Ok!", "proving key", progress)


def verify_contributions(zkey: Path, progress: Progress) -> None:
    """Note that the contributions, which are listed, were not followed: snarkjs cannot without circuit and powers."""
    read_proving_key(zkey)
    progress.note(
        f"that the contributions which {zkey} lists lead to its δ was not checked: it takes the native core "
        "(`make native` in the checkout), or `anomi setup verify`"
    )


def contribute(file: Path, output: Path, name: str, entropy: bytes | bytearray, progress: Progress) -> bytes:
    """Add a contribution to powers of tau or to a proving key; return the hash to publish."""
    added = Contribution(name or None, None, None)
    # The line that snarkjs asks for, which it mixes with random numbers of its own; short enough for any pipe.
    line = f"{secrets.token_hex(ENTROPY_BYTES)}{hashlib.blake2b(entropy).hexdigest()}\n"
    return _contribute("contribute", file, output, [], added, progress, line.encode())


def contribute_beacon(
    file: Path, output: Path, value: bytes, iterations_exp: int, name: str, progress: Progress
) -> bytes:
    """Add a beacon to powers of tau or to a proving key; return the hash to publish."""
    if not 1 <= len(value) <= BEACON_BYTES_MAX:
        raise UsageError(f"a beacon has 1 to {BEACON_BYTES_MAX} bytes; {len(value)} came")
    if iterations_exp not in BEACON_EXPONENTS:
        raise UsageError(f"a beacon is hashed 2^10 to 2^63 times; 2^{iterations_exp} was asked for")
    added = Contribution(name or None, value.hex(), iterations_exp)
    return _contribute("beacon", file, output, [value.hex(), str(iterations_exp)], added, progress, b"")


def _contribute(
    verb: str, file: Path, output: Path, more: Sequence[str], added: Contribution, progress: Progress, line: bytes
) -> bytes:
    if added.name and len(added.name.encode("utf-16-le")) > 2 * NAME_MAX:
        raise UsageError(f"a contributor's name has at most {NAME_MAX} characters; {added.name!r} has more")
    phase, contributions = _contributions_of(file)
    label = "contributing the beacon" if verb == "beacon" else "contributing"
    before = contributions(file)
    with _working(progress, label, _BEACON_LINES), _output(output) as made:
        counter = LineCounter(progress, r"applying key|Hashing \w+: ", _BEACON_LINES)
        said = tools.run_snarkjs(
            [phase, verb, _path(file), str(made), *more, f"-n={added.name or ''}", "-v"], on_line=counter, stdin=line
        )
        _require(contributions(made) == (*before, added))
        found = _HASH_PATTERN.search(said)
        if found is None:
            raise SetupStageError("snarkjs did not say the contribution's hash")
        counter.finish()
    return bytes.fromhex(re.sub(r"\s", "", found[1]))


def _contributions_of(file: Path) -> tuple[str, Callable[[Path], tuple[Contribution, ...]]]:
    """Return snarkjs's word for the phase of a .ptau or .zkey, and what reads contributions."""
    try:
        header = read_ptau_header(file)
    except MagicMismatchError:
        return "zkey", lambda path: read_zkey_header(path).contributions
    if header.power != header.ceremony_power:
        raise PtauTruncatedError(
            f"{file} has power {header.power} of a ceremony of power {header.ceremony_power}: powers of tau that were "
            "cut take no contributions",
            hint="contribute to the whole file",
        )
    return "powersoftau", lambda path: read_ptau_header(path).contributions


def _path(path: Path) -> str:
    return str(path.absolute())


@contextmanager
def _output(path: Path) -> Iterator[Path]:
    with atomic_path(path) as made:
        made.unlink()  # snarkjs must write it: an empty file would hide that it did not
        yield made


@contextmanager
def _working(progress: Progress, label: str, total: int | None = None) -> Iterator[None]:
    progress.start(label, total)
    try:
        yield
    finally:
        progress.done()


def _require(holds: bool) -> None:
    if not holds:
        raise SetupStageError("snarkjs wrote another file than it was asked for")


def _confirm(arguments: list[str], confirmation: str, what: str, progress: Progress) -> None:
    with _working(progress, f"verifying the {what}"):
        try:
            output = tools.run_snarkjs(arguments)
        except tools.SnarkjsError as error:
            raise SetupNotVerifiedError(f"the {what} does not verify: {error}") from error
    if confirmation not in output:
        raise SetupNotVerifiedError(f"snarkjs did not confirm the {what}")
