"""A verifying key as a Rust constant."""

from __future__ import annotations

import re

import pytest

from anomi_core.errors import UsageError
from anomi_core.groth16 import vk_rust_source
from tests.unit.prove.vectors import vector


def test_the_constant_holds_the_key_body() -> None:
    v = vector(2)
    source = vk_rust_source(v.key, "PUBLIC_2_KEY")
    assert f"SHA-256 {v.document['key_body_sha256_hex']}" in source
    assert "for 2 public inputs" in source
    declared = re.search(r"pub const PUBLIC_2_KEY: \[u8; (\d+)\] = \[\n(.*)\n\];\n$", source, re.DOTALL)
    assert declared is not None
    body = bytes(int(byte, 16) for byte in re.findall(r"0x([0-9a-f]{2}),", declared[2]))
    assert body == v.raw("key_body")
    assert int(declared[1]) == len(body)


@pytest.mark.parametrize("name", ["", "key", "1KEY", "KEY-A", "KEY; fn x", "K" * 65, "KEY\n"])
def test_a_name_that_rust_would_not_take_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="a Rust constant's name"):
        vk_rust_source(vector(0).key, name)
