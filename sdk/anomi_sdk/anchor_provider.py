"""anchorpy over the `Rpc` seam: `anchorpy.Program` on the embedded runtime. Needs the extra `anomi[anchor]`.

    program = Program(Idl.from_json(text), GROTH16_VERIFIER_ID, AnchorProvider(svm, payer))
    await program.account["VerifyingKey"].fetch(address)

`fetch`, `rpc` and `simulate` of a Program work; anchorpy's batched `fetch_multiple` and its subscriptions speak HTTP
and websockets past the provider, and do not. A refused transaction raises this SDK's own error classes.
"""

from __future__ import annotations

from typing import cast

from anchorpy.provider import Provider, Wallet
from solana.rpc.async_api import AsyncClient
from solana.rpc.commitment import Commitment
from solana.rpc.types import TxOpts
from solders.keypair import Keypair
from solders.message import Message
from solders.pubkey import Pubkey
from solders.rpc.responses import (
    GetAccountInfoResp,
    GetLatestBlockhashResp,
    RpcBlockhash,
    RpcResponseContext,
    RpcSimulateTransactionResult,
    SimulateTransactionResp,
)
from solders.signature import Signature
from solders.transaction import Transaction, VersionedTransaction

from anomi_sdk.rpc import Rpc

__all__ = ["AnchorProvider"]


class _Connection:
    """What an anchorpy Program asks of solana-py's AsyncClient, answered by an `Rpc`."""

    def __init__(self, rpc: Rpc) -> None:
        self._rpc = rpc

    async def get_account_info(
        self,
        pubkey: Pubkey,
        commitment: Commitment | None = None,  # noqa: ARG002 -- one level only, see Rpc
        encoding: str = "base64",  # noqa: ARG002 -- accounts come decoded
    ) -> GetAccountInfoResp:
        """Return the account at `pubkey`."""
        return GetAccountInfoResp(self._rpc.accounts([pubkey])[0], RpcResponseContext(0))

    async def get_latest_blockhash(
        self,
        commitment: Commitment | None = None,  # noqa: ARG002
    ) -> GetLatestBlockhashResp:
        """Return a fresh blockhash."""
        return GetLatestBlockhashResp(RpcBlockhash(self._rpc.latest_blockhash(), 0), RpcResponseContext(0))


class AnchorProvider(Provider):
    """An anchorpy Provider whose cluster is an `Rpc`."""

    def __init__(self, rpc: Rpc, payer: Keypair) -> None:
        """Pay for and sign transactions with `payer`."""
        super().__init__(cast(AsyncClient, _Connection(rpc)), Wallet(payer))
        self._rpc = rpc

    async def send(
        self,
        tx: Transaction | VersionedTransaction,
        opts: TxOpts | None = None,  # noqa: ARG002 -- sent and confirmed are one
    ) -> Signature:
        """Send a signed transaction; raises TransactionRefusedError's tree when it is refused."""
        outcome = self._rpc.send(_versioned(tx)).require_success()
        return Signature.from_string(outcome.signature)

    async def simulate(
        self,
        tx: Transaction | VersionedTransaction,
        opts: TxOpts | None = None,  # noqa: ARG002
    ) -> SimulateTransactionResp:
        """Simulate a signed transaction; raises as `send`."""
        outcome = self._rpc.simulate(_versioned(tx)).require_success()
        result = RpcSimulateTransactionResult(logs=list(outcome.logs), units_consumed=outcome.compute_units)
        # solders 0.26 takes the context too; only its type stub leaves it out.
        return SimulateTransactionResp(result, RpcResponseContext(0))  # type: ignore[call-arg]


def _versioned(transaction: Transaction | VersionedTransaction) -> VersionedTransaction:
    if isinstance(transaction, VersionedTransaction):
        return transaction
    message: Message = transaction.message
    return VersionedTransaction.populate(message, transaction.signatures)
