"""The files of a trade beside vault and journal: a market's folder, and a proof for somebody else to settle with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from solders.pubkey import Pubkey

from anomi_cli.trade.market_folder import (
    BankAccountUnknownError,
    Development,
    DevelopmentMarketMissingError,
    MarketFile,
    MarketFileUnreadableError,
    MarketFolderTakenError,
    read_development,
    read_market_file,
    require_new_folder,
    write_market_folder,
)
from anomi_cli.trade.proof_file import PaymentProofUnreadableError, read_payment_proof, write_payment_proof
from anomi_cli.trade.terms_file import TermsFileUnreadableError, read_terms_file, write_terms_file
from anomi_core.eddsa import derive_public_key
from anomi_core.rails import UnknownRailError, rail_by_name
from anomi_core.registry import AttestorSet
from anomi_sdk.trade.secret_files import SecretFileExposedError
from anomi_sdk.trade.settlement import PaymentProof
from anomi_sdk.trade.terms import TermsDraft

MARKET = MarketFile("http://127.0.0.1:8899", Pubkey([7] * 32), "USDC", rail_by_name("easypaisa"))
DEVELOPMENT = Development((b"\1" * 32, b"\2" * 32), {"923457654321": "a password"})
ORDER = Pubkey([9] * 32)
TERMS = TermsDraft(
    solvency_key=Pubkey([1] * 32),
    payment_key=Pubkey([2] * 32),
    attestors=AttestorSet(tuple(derive_public_key(bytes([index]) * 32) for index in (1, 2, 3)), k=2, depth=2),
    fee_bps=30,
    reveal_window_s=1800,
    pay_window_s=86_400,
    prove_window_s=21_600,
    strikes_max=3,
    cooldown_s=604_800,
    free_cancel_grace_s=900,
    free_cancel_interval_s=86_400,
    min_ask_atoms=2**64 - 1,
    min_fill_atoms=0,
)
PROOF = PaymentProof(b"\3" * 256, b"\4" * 32, 2**64 - 1, 255)


def test_a_market_folder_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_market_folder(tmp_path, MARKET, DEVELOPMENT)
    assert read_market_file(tmp_path) == MARKET
    found = read_development(tmp_path)
    assert (found.attestor_secrets, found.passwords) == (DEVELOPMENT.attestor_secrets, DEVELOPMENT.passwords)
    assert found.password_of("923457654321") == "a password"
    with pytest.raises(BankAccountUnknownError):
        found.password_of("923001234567")
    assert "a password" not in repr(found)
    assert "\\x01" not in repr(found)
    with pytest.raises(MarketFolderTakenError):
        require_new_folder(tmp_path)
    (tmp_path / "development.json").chmod(0o604)
    with pytest.raises(SecretFileExposedError):
        read_development(tmp_path)


def test_a_new_folder_is_its_owners(tmp_path: Path) -> None:
    require_new_folder(tmp_path / "a" / "market")
    assert (tmp_path / "a" / "market").stat().st_mode & 0o777 == 0o700
    require_new_folder(tmp_path / "a" / "market")  # it is still empty


@pytest.mark.parametrize(
    "changed",
    [
        {"base_mint": "no address"},
        {"base_mint": 7},
        {"symbol": ""},
        {"symbol": "THIRTEENCHARS"},
        {"symbol": "US\x1b[2J"},
        {"url": None},
        {"rail": ["easypaisa"]},
        {"format": "anomi market 2"},
    ],
)
def test_a_market_file_that_is_none(tmp_path: Path, changed: dict[str, object]) -> None:
    write_market_folder(tmp_path, MARKET, DEVELOPMENT)
    path = tmp_path / "market.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changed}))
    with pytest.raises(MarketFileUnreadableError):
        read_market_file(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{", "null", "[" * 20_000])
def test_what_is_no_market_file_at_all(tmp_path: Path, text: str) -> None:
    for name in ("market.json", "development.json"):
        (tmp_path / name).touch(0o600)
        (tmp_path / name).write_text(text)
    with pytest.raises(MarketFileUnreadableError):
        read_market_file(tmp_path)
    with pytest.raises(MarketFileUnreadableError):
        read_development(tmp_path)


def test_a_rail_that_this_version_does_not_know(tmp_path: Path) -> None:
    write_market_folder(tmp_path, MARKET, DEVELOPMENT)
    path = tmp_path / "market.json"
    path.write_text(path.read_text().replace("easypaisa", "paypal"))
    with pytest.raises(UnknownRailError):
        read_market_file(tmp_path)


@pytest.mark.parametrize(
    "changed", [{"attestor_secrets": ["01"]}, {"attestor_secrets": 3}, {"passwords": {"1": 2}}, {"passwords": None}]
)
def test_a_development_file_that_is_none(tmp_path: Path, changed: dict[str, object]) -> None:
    write_market_folder(tmp_path, MARKET, DEVELOPMENT)
    path = tmp_path / "development.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changed}))
    with pytest.raises(MarketFileUnreadableError):
        read_development(tmp_path)


def test_a_folder_without_bank_and_attestors(tmp_path: Path) -> None:
    with pytest.raises(DevelopmentMarketMissingError, match="it holds no bank"):
        read_development(tmp_path)


def test_a_proof_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_payment_proof(tmp_path / "proof.json", ORDER, PROOF)
    order, proof = read_payment_proof(tmp_path / "proof.json")
    assert (order, proof.proof, proof.nf) == (ORDER, PROOF.proof, PROOF.nf)
    assert (proof.paid_floor_minor_units, proof.bitmap) == (2**64 - 1, 255)


@pytest.mark.parametrize(
    "changed",
    [
        {"order": "no address"},
        {"proof": "03" * 255},
        {"proof": "zz" * 256},
        {"nf": "04" * 33},
        {"paid_floor_minor_units": 2**64},
        {"paid_floor_minor_units": -1},
        {"paid_floor_minor_units": True},
        {"paid_floor_minor_units": "1"},
        {"bitmap": 256},
        {"bitmap": -1},
        {"bitmap": 1.0},
        {"format": "anomi payment proof 2"},
        {"padding": "x" * 16_384},
    ],
)
def test_what_is_no_proof(tmp_path: Path, changed: dict[str, object]) -> None:
    path = tmp_path / "proof.json"
    write_payment_proof(path, ORDER, PROOF)
    path.write_text(json.dumps({**json.loads(path.read_text()), **changed}))
    with pytest.raises(PaymentProofUnreadableError):
        read_payment_proof(path)


def test_terms_are_read_as_they_were_written(tmp_path: Path) -> None:
    write_terms_file(tmp_path / "terms.json", TERMS)
    assert read_terms_file(tmp_path / "terms.json") == TERMS


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"format": "anomi terms 2"}, "no file of terms"),
        ({"solvency_key": "nobody"}, "solvency_key has to be an address"),
        ({"payment_key": 1}, "payment_key has to be an address"),
        ({"fee_bps": "30"}, "fee_bps has to be a whole number"),
        ({"fee_bps": True}, "fee_bps has to be a whole number"),
        ({"cooldown_s": -1}, "cooldown_s has to be a whole number"),
        ({"min_ask_atoms": 2**64}, "from 0 to 18446744073709551615"),
        ({"fee": 1}, "nothing else; see fee"),
        ({"attestors": []}, "attestors have k, depth and a list of keys"),
        ({"attestors": {"k": 2, "depth": 9, "keys": []}}, "attestors.depth has to be a whole number from 0 to 8"),
        ({"attestors": {"k": 6, "depth": 2, "keys": []}}, "attestors.k has to be a whole number from 0 to 5"),
        ({"attestors": {"k": 1, "depth": 2, "keys": [{"x": 1, "y": "2"}]}}, "attestor key 0 are decimal strings"),
        ({"attestors": {"k": 1, "depth": 2, "keys": [{"x": "1" * 79, "y": "2"}]}}, "attestor key 0 are decimal"),
        ({"attestors": {"k": 1, "depth": 2, "keys": [{"x": "1"}]}}, "the attestor key 0 has x and y"),
    ],
)
def test_terms_that_cannot_be_read(tmp_path: Path, changed: dict[str, object], said: str) -> None:
    path = tmp_path / "terms.json"
    write_terms_file(path, TERMS)
    path.write_text(json.dumps({**json.loads(path.read_text()), **changed}))
    with pytest.raises(TermsFileUnreadableError, match=said):
        read_terms_file(path)


@pytest.mark.parametrize("content", [b"", b"[" * 10_000, b"{}", b"\xff", b" " * 20_000])
def test_what_is_no_file_of_terms(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "terms.json").write_bytes(content)
    with pytest.raises(TermsFileUnreadableError, match="no file of terms"):
        read_terms_file(tmp_path / "terms.json")
