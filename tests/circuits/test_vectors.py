"""The golden vectors of tests/vectors, against circomlib's and our own templates."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from anomi_core.poseidon import poseidon
from anomi_core.spec import CIRCUIT_PRESETS, TAG_ATTESTOR, TAG_PAYMENT, TAG_SOLVENCY
from anomi_prover.witness import WitnessError
from tests.circuits.support.circuit import Circuit, preset_circuit
from tests.circuits.support.judges import refuse_edited

Tiny = Callable[[str], Circuit]
WORDS_HASHED = (3, 4, 5, 6, 7, 9)  # as in gadgets/poseidons.circom
VECTORS = Path(__file__).resolve().parents[1] / "vectors"


def load(name: str) -> Any:
    """Return a vector file."""
    return json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))


def outputs(circuit: Circuit, inputs: dict[str, Any]) -> dict[str, int]:
    """Return every signal of the main component by name, after the R1CS has accepted the witness."""
    witness = circuit.witness(inputs)
    assert circuit.violations(witness) == []
    return {name: witness[wire] for name, wire in circuit.wires.items() if "." not in name}


def test_poseidon(tiny: Tiny) -> None:
    cases = [case for case in load("poseidon")["cases"] if len(case["words"]) in WORDS_HASHED]
    assert {len(case["words"]) for case in cases} == set(WORDS_HASHED)
    for case in cases:
        words = [*case["words"], *["0"] * (max(WORDS_HASHED) - len(case["words"]))]
        hashes = outputs(tiny("poseidons"), {"words": words})
        assert hashes[f"hashes[{WORDS_HASHED.index(len(case['words']))}]"] == int(case["hash"])


def signed(case: dict[str, Any]) -> dict[str, Any]:
    """Return the inputs of SignedByAll."""
    return {
        "message": case["message"],
        "key_x": [case["key"]["ax"]],
        "key_y": [case["key"]["ay"]],
        "r8_x": [case["signature"]["r8x"]],
        "r8_y": [case["signature"]["r8y"]],
        "s": [case["signature"]["s"]],
    }


def test_eddsa_accepts_every_signature(tiny: Tiny) -> None:
    for case in load("eddsa")["cases"]:
        outputs(tiny("signed_by_all"), signed(case))


def test_eddsa_refuses_every_false_signature(tiny: Tiny) -> None:
    # Also where keys are trusted: circomlib's verifier knows the identity and points of small order by 8·A = 0.
    for case in load("eddsa")["refused"]:
        with pytest.raises(WitnessError, match="an assertion fails"):
            tiny("signed_by_all").witness(signed(case))
        refuse_edited(tiny("signed_by_all"), signed(case), case["why"])


def test_identities(tiny: Tiny) -> None:
    vectors = load("identity")
    payer, payee = vectors["payer"], vectors["payee"]
    assert payer["rail"] == payee["rail"]
    for domain in vectors["domains"]:
        market = bytes.fromhex(domain["market"])
        got = outputs(
            tiny("identities"),
            {
                "deployment": domain["deployment"],
                "rail": domain["rail"],
                "market_hi": str(int.from_bytes(market[:16], "big")),
                "market_lo": str(int.from_bytes(market[16:], "big")),
                "id_secret": payer["id_secret"],
                "payer_account": payer["payer_account"],
                **{name: payee[name] for name in ("payee_account", "payee_secret", "payee_salt", "txid")},
            },
        )
        name = {TAG_SOLVENCY: "domain_solvency", TAG_PAYMENT: "domain_payment"}[int(domain["tag"])]
        assert got[name] == int(domain["domain"])
        if domain["rail"] == payer["rail"]:
            assert got["idc"] == int(payer["idc"])
            assert {got[n] == int(payee[n]) for n in ("payee_key", "payee_commit", "nf")} == {True}
        if (domain["rail"], domain["deployment"]) == (payer["rail"], payer["deployment"]):
            assert got["line_id"] == int(payer["line_id"])
    assert any((d["rail"], d["deployment"]) == (payer["rail"], payer["deployment"]) for d in vectors["domains"])


def test_registry_roots(tiny: Tiny) -> None:
    for attestors in load("registry")["sets"]:
        depth = int(attestors["depth"])
        for path in attestors["paths"]:
            key = attestors["keys"][int(path["index"])]
            leaf = poseidon([TAG_ATTESTOR, int(key["ax"]), int(key["ay"])])
            padding = ["0"] * (3 - depth)
            inputs = {
                "leaf": str(leaf),
                "index_bits": [*path["index_bits"], *padding],
                "siblings": [*path["siblings"], *padding],
            }
            assert outputs(tiny("merkle_roots"), inputs)[f"root_{depth}"] == int(attestors["root"])


@pytest.mark.parametrize("preset", CIRCUIT_PRESETS, ids=lambda preset: preset.main)
def test_statements(preset: Any, scratch: Path) -> None:
    # Whole input files, as a client writes them: accepted, with the stmt and the message they name.
    cases = [
        case
        for case in load(preset.circuit)["cases"]
        if (int(case["k"]), int(case["depth"])) == (preset.k, preset.depth)
    ]
    assert cases
    circuit = preset_circuit(preset.main, scratch)
    for case in cases:
        got = outputs(circuit, case["circuit_input"])
        assert got["stmt"] == int(case["stmt"])
        assert got["message"] == int(case["message"])
