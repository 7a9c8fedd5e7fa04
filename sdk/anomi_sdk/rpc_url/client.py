"""`RpcUrl`: the `Rpc` seam over a node's JSON-RPC interface (https://solana.com/docs/rpc/http).

Behind one URL there are often several nodes, some of them behind the others. Each answer says of which slot it is;
this client asks for that slot or a later one from then on, so that it never sees the chain go back and always sees
its own confirmed transactions.
"""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from solders.account import Account
from solders.hash import Hash
from solders.pubkey import Pubkey
from solders.transaction import VersionedTransaction

from anomi_core.errors import UsageError
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.program_errors import TransactionFailure
from anomi_sdk.rpc import CLOCK_SYSVAR, DataMatch, require_accounts_fit, require_filters_fit, require_signature, selects
from anomi_sdk.rpc_url import answers
from anomi_sdk.rpc_url.answers import Malformed, Status
from anomi_sdk.rpc_url.errors import ClusterUnreachableError, NodeAnswerError, OutcomeUnknownError, RpcRefusedError
from anomi_sdk.rpc_url.node import ATTEMPTS, Node
from anomi_sdk.transactions import require_transaction_fits

__all__ = ["COMMITMENTS", "RpcUrl"]

Answer = TypeVar("Answer")

COMMITMENTS: Final = ("confirmed", "finalized")
"""How sure a view is: voted for by two thirds of the stake, or past all return. A processed block may yet vanish."""

_BLOCKHASH_BLOCKS: Final = 150
_BLOCKHASHES_REMEMBERED: Final = 300
_POLL_S: Final = 0.5
_REBROADCAST_S: Final = 2.0
_CONFIRMATION_S: Final = 180.0
_RECORD_ATTEMPTS: Final = 20
_LAG_CHECKS: Final = 3
_LAG_S: Final = 1.0
_SIGNATURE_INVALID: Final = -32003
_CLOCK_BYTES: Final = 40


class RpcUrl:
    """One cluster behind a URL. Close it, or use it in a `with` block; its calls may come from several threads."""

    def __init__(
        self,
        url: str,
        *,
        commitment: str = "confirmed",
        timeout_s: float = 20.0,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare to ask the node at `url`, whose user, password, path and query are kept out of every message.

        `timeout_s` bounds each attempt of a question. Raises ClusterUrlError, and UsageError for another commitment
        than COMMITMENTS.
        """
        if commitment not in COMMITMENTS:
            raise UsageError(f"the commitment is one of {', '.join(COMMITMENTS)}, not {commitment!r}")
        self._node = Node(url, timeout_s=timeout_s, sleep=sleep, monotonic=monotonic)
        self._commitment = commitment
        self._level = COMMITMENTS.index(commitment) + 1
        self._sleep = sleep
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._slot = 0
        self._last_valid: dict[Hash, int] = {}
        self._genesis_hash: bytes | None = None

    def __repr__(self) -> str:
        return f"RpcUrl({self._node.name})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections to the node."""
        self._node.close()

    def accounts(self, addresses: Sequence[Pubkey]) -> list[Account | None]:
        """Return the accounts at `addresses`; see Rpc.accounts."""
        require_accounts_fit(addresses)
        if not addresses:
            return []
        return self._read(
            "getMultipleAccounts",
            [[str(address) for address in addresses], self._options(encoding="base64")],
            lambda value: [answers.account(found) for found in answers.items(value, "value", count=len(addresses))],
        )

    def program_accounts(
        self, program_id: Pubkey, *, data_bytes: int | None = None, matches: Sequence[DataMatch] = ()
    ) -> list[tuple[Pubkey, Account]]:
        """Return the accounts that `program_id` owns; see Rpc.program_accounts."""
        require_filters_fit(data_bytes, matches)
        filters: list[dict[str, Any]] = [] if data_bytes is None else [{"dataSize": data_bytes}]
        for match in matches:
            encoded = base64.b64encode(match.expected).decode()
            filters.append({"memcmp": {"offset": match.offset, "bytes": encoded, "encoding": "base64"}})

        def listed(value: object) -> list[tuple[Pubkey, Account]]:
            found = answers.keyed_accounts(value)
            for _, account in found:
                if account.owner != program_id or not selects(account.data, data_bytes, matches):
                    raise Malformed("account that was not asked for")
            return found

        options = self._options(encoding="base64", withContext=True, filters=filters)
        return self._read("getProgramAccounts", [str(program_id), options], listed)

    def latest_blockhash(self) -> Hash:
        """Return the cluster's latest blockhash; it is valid for about a minute."""

        def read(value: object) -> tuple[Hash, int]:
            blockhash = answers.hash_(answers.entry(value, "blockhash"), "blockhash")
            return blockhash, answers.number(answers.entry(value, "lastValidBlockHeight"), "lastValidBlockHeight")

        blockhash, height = self._read("getLatestBlockhash", [self._options()], read)
        with self._lock:
            self._last_valid[blockhash] = height
            if len(self._last_valid) > _BLOCKHASHES_REMEMBERED:
                del self._last_valid[next(iter(self._last_valid))]
        return blockhash

    def is_blockhash_valid(self, blockhash: Hash) -> bool:
        """Tell whether a transaction with `blockhash` can still go through; see Rpc.is_blockhash_valid."""
        return self._read(
            "isBlockhashValid", [str(blockhash), self._options()], lambda value: answers.boolean(value, "value")
        )

    def minimum_balance_lamports(self, data_bytes: int) -> int:
        """Return the lamports that make an account of `data_bytes` rent exempt."""
        method = "getMinimumBalanceForRentExemption"
        result = self._node.ask(method, [data_bytes, {"commitment": self._commitment}])
        return self._parsed(method, result, lambda value: answers.number(value, "result"))

    def unix_time_s(self) -> int:
        """Return the unix time of the cluster's clock sysvar in seconds."""
        clock = self.accounts([CLOCK_SYSVAR])[0]
        if clock is None or len(clock.data) != _CLOCK_BYTES:
            raise NodeAnswerError(f"{self._node.name} has no clock sysvar", hint="is it a Solana cluster?")
        return int.from_bytes(clock.data[-8:], "little", signed=True)

    def genesis_hash(self) -> bytes:
        """Return the hash of the cluster's genesis, 32 bytes."""
        if self._genesis_hash is None:
            result = self._node.ask("getGenesisHash", [])
            self._genesis_hash = bytes(
                self._parsed("getGenesisHash", result, lambda value: answers.hash_(value, "result"))
            )
        return self._genesis_hash

    def simulate(self, transaction: VersionedTransaction, *, verify_signatures: bool = True) -> TransactionOutcome:
        """Return what `send` would; see Rpc.simulate."""
        require_transaction_fits(transaction)
        options = self._options(encoding="base64", sigVerify=verify_signatures, replaceRecentBlockhash=False)
        try:
            return self._read(
                "simulateTransaction",
                [_wire(transaction), options],
                lambda value: answers.outcome(value, transaction, logs="logs", units="unitsConsumed"),
            )
        except RpcRefusedError as refusal:
            if refusal.code != _SIGNATURE_INVALID:
                raise
            return TransactionOutcome.never_ran(transaction, "SignatureFailure")

    def send(self, transaction: VersionedTransaction) -> TransactionOutcome:
        """Simulate `transaction`, send it unless that is refused, and wait until it is confirmed or has expired.

        It is sent again and again while its blockhash is valid, as nodes drop transactions under load; that is
        harmless, for the cluster runs it once. Raises OutcomeUnknownError when the cluster is lost sight of before
        the end, and as every question.
        """
        last_valid = self._last_valid.get(transaction.message.recent_blockhash)
        simulated = self.simulate(transaction)
        for _ in range(_LAG_CHECKS):
            # A blockhash from before this client may be unknown for being too new, to a node that lags behind.
            if last_valid is not None or simulated.failure != TransactionFailure("BlockhashNotFound"):
                break
            self._sleep(_LAG_S)
            simulated = self.simulate(transaction)
        if simulated.failure is not None:
            return simulated
        if last_valid is None:
            last_valid = self._position()[1] + _BLOCKHASH_BLOCKS
        signature = str(transaction.signatures[0])
        self._broadcast(transaction, first=True)
        try:
            return self._followed(transaction, signature, last_valid)
        except (ClusterUnreachableError, RpcRefusedError, NodeAnswerError) as error:
            raise OutcomeUnknownError(f"the outcome of {signature} is unknown: {error}", signature=signature) from error

    def outcome_of(self, signature: str) -> TransactionOutcome | None:
        """Return what became of a transaction at this client's commitment; see Rpc.outcome_of."""
        require_signature(signature)
        status = self._status(signature, history=True)
        return self._record(signature) if status is not None and status.level >= self._level else None

    def _followed(self, transaction: VersionedTransaction, signature: str, last_valid: int) -> TransactionOutcome:
        began_s = sent_s = self._monotonic()
        while True:
            status = self._status(signature, history=False)
            if status is not None and status.level >= self._level:
                return self._record(signature)
            now_s = self._monotonic()
            if now_s - began_s > _CONFIRMATION_S:
                raise ClusterUnreachableError(f"not confirmed within {_CONFIRMATION_S:g} s, though not expired")
            if now_s - sent_s >= _REBROADCAST_S:
                if status is None and self._position()[1] > last_valid:
                    # No block can take it any more; it may have gone into one since its status was asked for.
                    return self.outcome_of(signature) or TransactionOutcome.never_ran(transaction, "BlockhashNotFound")
                self._broadcast(transaction, first=False)
                sent_s = now_s
            self._sleep(_POLL_S)

    def _broadcast(self, transaction: VersionedTransaction, *, first: bool) -> None:
        """Hand the transaction to the node. Only a plain no to the first attempt tells that nothing was sent."""
        # The simulation has just been done, and the node's own would refuse a transaction that it already passed on.
        options = {"encoding": "base64", "skipPreflight": True, "maxRetries": 0}
        try:
            self._node.ask_once("sendTransaction", [_wire(transaction), options])
        except RpcRefusedError:
            if first:
                raise
        except (ClusterUnreachableError, NodeAnswerError):
            pass  # It may have gone out all the same: the statuses will tell, and it is sent again.

    def _status(self, signature: str, *, history: bool) -> Status | None:
        """Return where a transaction stands; None only from a node that has seen as much as this client has."""
        method = "getSignatureStatuses"
        for _ in range(ATTEMPTS):
            result = self._node.ask(method, [[signature], {"searchTransactionHistory": history}])
            slot, status = self._parsed(method, result, lambda value: _with_slot(value, answers.status))
            if status is not None or slot >= self._slot:
                return status
            self._sleep(_POLL_S)
        raise ClusterUnreachableError(f"{self._node.name} lags behind what it showed before", hint="ask again")

    def _record(self, signature: str) -> TransactionOutcome:
        """Return the record of a confirmed transaction; nodes have it a moment after its status."""
        method = "getTransaction"
        options = {"encoding": "base64", "commitment": self._commitment, "maxSupportedTransactionVersion": 0}

        def read(value: object) -> tuple[int, TransactionOutcome] | None:
            if value is None:
                return None
            slot = answers.number(answers.entry(value, "slot"), "slot")
            return slot, answers.recorded_outcome(value, signature)

        for _ in range(_RECORD_ATTEMPTS):
            found = self._parsed(method, self._node.ask(method, [signature, options]), read)
            if found is not None:
                self._saw(found[0])
                return found[1]
            self._sleep(_POLL_S)
        raise ClusterUnreachableError(
            f"{self._node.name} confirms {signature} and has no record of it", hint="ask again, or another node"
        )

    def _position(self) -> tuple[int, int]:
        """Return the slot and the block height of the view."""

        def read(value: object) -> tuple[int, int]:
            slot = answers.number(answers.entry(value, "absoluteSlot"), "absoluteSlot")
            return slot, answers.number(answers.entry(value, "blockHeight"), "blockHeight")

        result = self._node.ask("getEpochInfo", [self._options()])
        slot, height = self._parsed("getEpochInfo", result, read)
        self._saw(slot)
        return slot, height

    def _saw(self, slot: int) -> None:
        with self._lock:
            self._slot = max(self._slot, slot)

    def _options(self, **more: Any) -> dict[str, Any]:
        options = {"commitment": self._commitment, **more}
        if self._slot:
            options["minContextSlot"] = self._slot
        return options

    def _read(self, method: str, params: list[Any], read: Callable[[object], Answer]) -> Answer:
        """Ask, take note of the answer's slot, and return what `read` makes of its `value`."""
        result = self._node.ask(method, params)
        slot, value = self._parsed(method, result, lambda found: _with_slot(found, read))
        self._saw(slot)
        return value

    def _parsed(self, method: str, result: object, read: Callable[[object], Answer]) -> Answer:
        try:
            return read(result)
        except Malformed as wrong:
            raise NodeAnswerError(f"{self._node.name} answered {method} with a wrong or missing {wrong}") from None


def _with_slot(result: object, read: Callable[[object], Answer]) -> tuple[int, Answer]:
    slot = answers.number(answers.entry(answers.entry(result, "context"), "slot"), "slot")
    return slot, read(answers.entry(result, "value"))


def _wire(transaction: VersionedTransaction) -> str:
    return base64.b64encode(bytes(transaction)).decode()
