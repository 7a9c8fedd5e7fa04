"""BLAKE-512 against its specification's test vectors and our shared ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from anomi_core.blake512 import blake512

VECTORS = json.loads((Path(__file__).parents[2] / "vectors/blake512.json").read_text())["cases"]

# The two of the BLAKE proposal, section 2.5: one zero byte, and 144.
PUBLISHED = {
    1: "97961587f6d970faba6d2478045de6d1fabd09b61ae50932054d52bc29d31be4"
    "ff9102b9f69e2bbdb83be13d4b9c06091e5fa0b48bd081b634058be0ec49beb3",
    144: "313717d608e9cf758dcb1eb0f0c3cf9fc150b2d500fb33f51c52afc99d358a2f"
    "1374b8a38bba7974e7f6ef79cab16f22ce1e649d6e01ad9589c213045d545dde",
}


@pytest.mark.parametrize("length", PUBLISHED)
def test_published_values(length: int) -> None:
    assert blake512(bytes(length)).hex() == PUBLISHED[length]


def test_vectors_stand_on_both_sides_of_the_padding_s_edges() -> None:
    assert {110, 111, 112, 127, 128, 129, 239} <= {len(case["message"]) // 2 for case in VECTORS}


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: f"{len(case['message']) // 2} bytes")
def test_vectors(case: dict[str, str]) -> None:
    assert blake512(bytes.fromhex(case["message"])).hex() == case["hash"]
