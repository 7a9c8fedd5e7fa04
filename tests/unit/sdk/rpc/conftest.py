"""The same world twice: in process, and behind a URL."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

import pytest
from solders.account import Account
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_sdk.localnet import Localnet
from anomi_sdk.programs import BuiltProgram
from anomi_sdk.rpc import Rpc
from anomi_sdk.rpc_url import RpcUrl
from anomi_sdk.svm import EmbeddedSvm

UNIX_TIME_S = 1_795_000_000
PAYER = Keypair.from_seed(hashlib.sha256(b"payer").digest())
LAMPORTS = 100_000_000_000
TOKEN = Pubkey.from_string("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA")
MINT = Pubkey.from_bytes(bytes([77] * 32))
PURSE = Pubkey.from_bytes(bytes([78] * 32))


def world(program: BuiltProgram) -> EmbeddedSvm:
    """A runtime with groth16_verifier on it, a payer who can pay, a mint, and PURSE with 12,345,600 of its atoms."""
    svm = EmbeddedSvm(unix_time_s=UNIX_TIME_S)
    svm.load(program)
    svm.airdrop(PAYER.pubkey(), LAMPORTS)
    mint = bytes(36) + (10**9).to_bytes(8, "little") + bytes([6, 1]) + bytes(36)
    purse = bytes(MINT) + bytes(PAYER.pubkey()) + (12_345_600).to_bytes(8, "little") + bytes(36) + b"\x01" + bytes(56)
    for address, data in ((MINT, mint), (PURSE, purse)):
        svm.set_account(address, Account(svm.minimum_balance_lamports(len(data)), data, TOKEN))
    return svm


@pytest.fixture
def svm(program: BuiltProgram) -> EmbeddedSvm:
    return world(program)


@pytest.fixture
def net(svm: EmbeddedSvm) -> Iterator[Localnet]:
    """A local node over `svm`, whose clock stands still."""
    with Localnet(svm, monotonic=lambda: 0.0) as running:
        yield running


@pytest.fixture
def rpc(net: Localnet) -> Iterator[RpcUrl]:
    with RpcUrl(net.url) as client:
        yield client


@pytest.fixture
def on_both(program: BuiltProgram, rpc: RpcUrl) -> Callable[[Callable[[Rpc], object]], object]:
    """A function that runs client code in process and over the URL, finds the results equal, and returns them."""

    def run(code: Callable[[Rpc], object]) -> object:
        embedded = code(world(program))
        assert code(rpc) == embedded
        return embedded

    return run
