"""The JSON files of snarkjs: `proof.json`, `public.json` and `verification_key.json`, read strictly and
written alike.

Points are projective with Z = "1"; an Fq2 element is [c0, c1]. rapidsnark leaves `curve` out of its proofs,
so `protocol` and `curve` are checked where they stand. `vk_alphabeta_12` is redundant and never read: whoever
trusts it trusts a pairing that he has not computed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from anomi_core.field import FQ_MODULUS, FR_MODULUS
from anomi_core.groth16.checks import check_proof, check_verifying_key
from anomi_core.groth16.curve import G1_IDENTITY, G2_IDENTITY
from anomi_core.groth16.errors import (
    CoordinateNotCanonicalError,
    MalformedProofError,
    MalformedPublicInputsError,
    MalformedVerifyingKeyError,
    PublicInputNotCanonicalError,
    TooManyPublicInputsError,
    VerifyingKeyArityError,
    WrongCurveError,
    WrongProtocolError,
)
from anomi_core.groth16.strict_json import Reader
from anomi_core.groth16.types import G1Point, G2Point, Proof, VerifyingKey

__all__ = [
    "JSON_PUBLIC_INPUTS_MAX",
    "PROOF_BYTES_MAX",
    "PUBLIC_INPUTS_BYTES_MAX",
    "VERIFYING_KEY_BYTES_MAX",
    "AlphaBeta12",
    "parse_proof",
    "parse_public_inputs",
    "parse_verifying_key",
    "proof_json",
    "public_inputs_json",
    "verifying_key_json",
]

JSON_PUBLIC_INPUTS_MAX: Final = 4096
"""Public inputs that a file may have. A Solana program accepts far fewer (`spec.PUBLIC_INPUTS_MAX`)."""

PROOF_BYTES_MAX: Final = 1 << 14
PUBLIC_INPUTS_BYTES_MAX: Final = 1 << 19
VERIFYING_KEY_BYTES_MAX: Final = 1 << 20

AlphaBeta12 = tuple[tuple[tuple[int, int], ...], ...]
"""e(α, β) as snarkjs writes it: two Fq6 elements of three Fq2 elements."""

_PROOF: Final = Reader("proof", MalformedProofError, PROOF_BYTES_MAX)
_INPUTS: Final = Reader("public inputs", MalformedPublicInputsError, PUBLIC_INPUTS_BYTES_MAX)
_KEY: Final = Reader("verifying key", MalformedVerifyingKeyError, VERIFYING_KEY_BYTES_MAX)


def parse_proof(text: str | bytes) -> Proof:
    """Read a `proof.json` and check every point (canonical, on its curve, in its group, not infinity).

    Raises MalformedProofError, WrongProtocolError, WrongCurveError, CoordinateNotCanonicalError,
    PointAtInfinityError, PointNotOnCurveError or PointNotInSubgroupError.
    """
    members = _PROOF.members(_PROOF.load(text), ("pi_a", "pi_b", "pi_c"))
    _check_system(_PROOF, members)
    proof = Proof(
        a=_g1(_PROOF, members["pi_a"], "pi_a"),
        b=_g2(_PROOF, members["pi_b"], "pi_b"),
        c=_g1(_PROOF, members["pi_c"], "pi_c"),
    )
    check_proof(proof)
    return proof


def parse_public_inputs(text: str | bytes) -> tuple[int, ...]:
    """Read a `public.json`: an array of field elements below r.

    Raises MalformedPublicInputsError, TooManyPublicInputsError or PublicInputNotCanonicalError.
    """
    items = _INPUTS.items(_INPUTS.load(text), "the file")
    if len(items) > JSON_PUBLIC_INPUTS_MAX:
        raise TooManyPublicInputsError(
            f"at most {JSON_PUBLIC_INPUTS_MAX} public inputs are read from a file, {len(items)} came"
        )
    inputs = tuple(_INPUTS.decimal(item, f"item {index}") for index, item in enumerate(items))
    for index, value in enumerate(inputs):
        if value >= FR_MODULUS:
            raise PublicInputNotCanonicalError(f"public input {index} is not below the field modulus r")
    return inputs


def parse_verifying_key(text: str | bytes) -> VerifyingKey:
    """Read a `verification_key.json` and check every point, the arity and γ ≠ δ.

    Raises what `parse_proof` raises (MalformedVerifyingKeyError in place of its first), and
    TooManyPublicInputsError, VerifyingKeyArityError or GammaEqualsDeltaError.
    """
    names = ("nPublic", "vk_alpha_1", "vk_beta_2", "vk_gamma_2", "vk_delta_2", "IC")
    members = _KEY.members(_KEY.load(text), names)
    _check_system(_KEY, members)
    ic = _KEY.items(members["IC"], "IC")
    if len(ic) > JSON_PUBLIC_INPUTS_MAX + 1:
        raise TooManyPublicInputsError(
            f"at most {JSON_PUBLIC_INPUTS_MAX} public inputs are read from a key file, it has {len(ic) - 1}"
        )
    count = members["nPublic"]
    if not isinstance(count, int) or isinstance(count, bool):
        _KEY.refuse("nPublic must be an integer")
    if count != len(ic) - 1:
        raise VerifyingKeyArityError(
            f"nPublic of the verifying key is {count}, so {count + 1} IC points were expected, {len(ic)} came"
        )
    key = VerifyingKey(
        alpha=_g1(_KEY, members["vk_alpha_1"], "vk_alpha_1"),
        beta=_g2(_KEY, members["vk_beta_2"], "vk_beta_2"),
        gamma=_g2(_KEY, members["vk_gamma_2"], "vk_gamma_2"),
        delta=_g2(_KEY, members["vk_delta_2"], "vk_delta_2"),
        ic=tuple(_g1(_KEY, point, f"IC[{index}]") for index, point in enumerate(ic)),
    )
    check_verifying_key(key)
    return key


def proof_json(proof: Proof) -> str:
    """Return `proof.json` as snarkjs writes it, byte for byte."""
    return _stringify(
        {
            "pi_a": _g1_items(proof.a),
            "pi_b": _g2_items(proof.b),
            "pi_c": _g1_items(proof.c),
            "protocol": "groth16",
            "curve": "bn128",
        }
    )


def public_inputs_json(inputs: Sequence[int]) -> str:
    """Return `public.json` as snarkjs writes it, byte for byte."""
    return _stringify([str(value) for value in inputs])


def verifying_key_json(key: VerifyingKey, alpha_beta: AlphaBeta12 | None = None) -> str:
    """Return `verification_key.json` as snarkjs writes it, byte for byte when `alpha_beta` = e(α, β) is
    given.

    Without it the member `vk_alphabeta_12`, which no verifier needs, is left out.
    """
    members: dict[str, Any] = {
        "protocol": "groth16",
        "curve": "bn128",
        "nPublic": key.public_input_count,
        "vk_alpha_1": _g1_items(key.alpha),
        "vk_beta_2": _g2_items(key.beta),
        "vk_gamma_2": _g2_items(key.gamma),
        "vk_delta_2": _g2_items(key.delta),
    }
    if alpha_beta is not None:
        members["vk_alphabeta_12"] = [[[str(c) for c in fq2] for fq2 in fq6] for fq6 in alpha_beta]
    return _stringify({**members, "IC": [_g1_items(point) for point in key.ic]})


def _check_system(reader: Reader, members: dict[str, Any]) -> None:
    protocol = members.get("protocol", "groth16")
    if protocol != "groth16":
        raise WrongProtocolError(f"{reader.what}: expected the protocol 'groth16', another one came")
    if members.get("curve", "bn128") != "bn128":
        raise WrongCurveError(f"{reader.what}: expected the curve 'bn128' (BN254), another one came")


def _coordinate(reader: Reader, value: Any, name: str) -> int:
    number = reader.decimal(value, f"a coordinate of {name}")
    if number >= FQ_MODULUS:
        raise CoordinateNotCanonicalError(
            f"{reader.what}: {name} has a coordinate that is not below the base-field modulus q"
        )
    return number


def _g1(reader: Reader, value: Any, name: str) -> G1Point:
    x, y, z = (_coordinate(reader, item, name) for item in reader.items(value, name, 3))
    if z == 0:
        return G1_IDENTITY  # for the checks to refuse by name
    if z != 1:
        reader.refuse(f"{name} must be affine, with third coordinate '1'")
    return x, y


def _g2(reader: Reader, value: Any, name: str) -> G2Point:
    x, y, z = (_fq2(reader, item, name) for item in reader.items(value, name, 3))
    if z == (0, 0):
        return G2_IDENTITY  # for the checks to refuse by name
    if z != (1, 0):
        reader.refuse(f"{name} must be affine, with third coordinate ['1', '0']")
    return x, y


def _fq2(reader: Reader, value: Any, name: str) -> tuple[int, int]:
    c0, c1 = (_coordinate(reader, item, name) for item in reader.items(value, f"a coordinate of {name}", 2))
    return c0, c1


def _g1_items(point: G1Point) -> list[str]:
    return [str(point[0]), str(point[1]), "1"]


def _g2_items(point: G2Point) -> list[list[str]]:
    (x0, x1), (y0, y1) = point
    return [[str(x0), str(x1)], [str(y0), str(y1)], ["1", "0"]]


def _stringify(value: Any) -> str:
    """One space of indentation; snarkjs's writer breaks the line inside an empty array too."""
    return json.dumps(value, indent=1) if value else "[\n]"
