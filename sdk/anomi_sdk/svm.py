"""An embedded Solana runtime: the real programs run in this process, without a validator and without a network."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Final

from solders.account import Account
from solders.clock import Clock
from solders.hash import Hash
from solders.litesvm import LiteSVM
from solders.pubkey import Pubkey
from solders.rent import Rent
from solders.transaction import VersionedTransaction
from solders.transaction_metadata import (
    FailedTransactionMetadata,
    SimulatedTransactionInfo,
    TransactionMetadata,
)
from solders.transaction_status import InstructionErrorCustom, TransactionErrorInstructionError

from anomi_core.errors import RefusedError, UsageError
from anomi_sdk.outcome import ReturnData, TransactionOutcome, refusing_program
from anomi_sdk.program_errors import TransactionFailure
from anomi_sdk.programs import BuiltProgram
from anomi_sdk.rpc import DataMatch, require_accounts_fit, require_filters_fit, require_signature, selects
from anomi_sdk.transactions import require_transaction_fits

__all__ = ["BLOCKHASHES_MAX", "OUTCOMES_MAX", "SLOTS_PER_EPOCH", "EmbeddedSvm", "ProgramNotLoadableError"]

BLOCKHASHES_MAX: Final = 150
"""A blockhash stays valid until this many newer ones were handed out, as on a cluster."""

OUTCOMES_MAX: Final = 10_000
"""So many transactions are remembered, far more than there can be with a valid blockhash."""

_NAME: Final = b"anomi embedded svm"
_SLOT: Final = 435_888_000
SLOTS_PER_EPOCH: Final = 432_000
_LAMPORTS_PER_BYTE: Final = 6960
_UNIX_TIME_MAX_S: Final = 2**40 - 1


class ProgramNotLoadableError(RefusedError):
    """A program that this runtime's loader or verifier refuses."""


class EmbeddedSvm:
    """LiteSVM behind the `Rpc` seam, the same over both supported runtimes (solders 0.26 and 0.29).

    What LiteSVM leaves loose is made as strict as a cluster: the packet limit, a real clock, the window of valid
    blockhashes, rent as mainnet has had it since SIMD-0194 (6,960 lamports a byte, threshold 1).
    Blockhashes are a hash chain from a fixed start, so the same calls give the same transactions.
    """

    def __init__(self, *, unix_time_s: int) -> None:
        """Start a runtime whose clock stands at `unix_time_s` (unix seconds)."""
        self._svm = LiteSVM().with_blockhash_check(False)
        self._seen: set[Pubkey] = set()
        self._blockhash = Hash.default()
        self._recent: deque[Hash] = deque(maxlen=BLOCKHASHES_MAX)
        if hasattr(self._svm.get_rent(), "lamports_per_byte_year"):
            # solders 0.26 starts with the rent of before SIMD-0194: 3,480 a byte and year, for 2 years. The balances
            # come out the same, but programs that read one field and assume the other would not.
            self._svm.set_rent(Rent(_LAMPORTS_PER_BYTE, 1.0, 50))
        self._blocks = 0
        self._outcomes: dict[str, TransactionOutcome] = {}
        self._slot = _SLOT
        self.set_unix_time(unix_time_s)

    def unix_time_s(self) -> int:
        """Return the clock sysvar's unix time in seconds."""
        return self._svm.get_clock().unix_timestamp

    @property
    def slot(self) -> int:
        """The clock sysvar's slot."""
        return self._slot

    @property
    def block_height(self) -> int:
        """How many blockhashes were handed out: each stands for a block."""
        return self._blocks

    def genesis_hash(self) -> bytes:
        """Return the 32 bytes that name this kind of cluster: the same for every embedded runtime."""
        return hashlib.sha256(_NAME).digest()

    def set_unix_time(self, unix_time_s: int) -> None:
        """Set the clock sysvar; each call is also one slot later than the last. Raises UsageError outside 40 bits."""
        if not 0 < unix_time_s <= _UNIX_TIME_MAX_S:
            raise UsageError(f"a unix time is in 1..{_UNIX_TIME_MAX_S} seconds, not {unix_time_s}")
        self._slot += 1
        epoch = self._slot // SLOTS_PER_EPOCH
        self._svm.set_clock(Clock(self._slot, unix_time_s, epoch, epoch + 1, unix_time_s))

    def load(self, program: BuiltProgram) -> None:
        """Deploy a built program at its id. Raises ProgramNotLoadableError, for one when it is SBPF v3 on 0.26."""
        self.add_program(program.program_id, program.elf)

    def add_program(self, program_id: Pubkey, elf: bytes) -> None:
        """Deploy the bytes of a shared object at `program_id`."""
        try:
            self._svm.add_program(program_id, elf)
        except Exception as error:
            raise _not_loadable(program_id, str(error)) from error
        except BaseException as panic:
            # A Rust panic arrives as pyo3's PanicException, which derives from BaseException on purpose.
            if type(panic).__name__ != "PanicException":
                raise
            raise _not_loadable(program_id, str(panic)) from panic
        self._seen.add(program_id)

    def airdrop(self, address: Pubkey, lamports: int) -> None:
        """Give `lamports` to `address` out of nowhere."""
        self._svm.expire_blockhash()  # The gift is a transaction, and the same one twice would be refused.
        result = self._svm.airdrop(address, lamports)
        if isinstance(result, FailedTransactionMetadata):
            raise UsageError(f"no airdrop of {lamports} lamports to {address}: {result.err()}")
        self._seen.add(address)

    def set_account(self, address: Pubkey, account: Account) -> None:
        """Write an account as it stands, past every rule: only tests have a use for that."""
        self._svm.set_account(address, account)
        self._seen.add(address)

    def snapshot(self, addresses: Iterable[Pubkey] = ()) -> dict[Pubkey, bytes]:
        """Return every account that was ever named here, serialized, and those at `addresses`.

        A transaction changes accounts that it names and no others: what a refused one must leave as it is.
        """
        self._seen.update(addresses)
        return {
            address: bytes(account) for address in self._seen if (account := self._svm.get_account(address)) is not None
        }

    def accounts(self, addresses: Sequence[Pubkey]) -> list[Account | None]:
        """Return the accounts at `addresses`, in order; an account without lamports does not exist."""
        require_accounts_fit(addresses)
        return [self._account(address) for address in addresses]

    def program_accounts(
        self, program_id: Pubkey, *, data_bytes: int | None = None, matches: Sequence[DataMatch] = ()
    ) -> list[tuple[Pubkey, Account]]:
        """Return the accounts that `program_id` owns, of those that a transaction named; see Rpc.program_accounts.

        LiteSVM has no such listing. It is complete all the same: a transaction makes no account without naming it.
        """
        require_filters_fit(data_bytes, matches)
        found = ((address, self._account(address)) for address in sorted(self._seen, key=bytes))
        return [
            (address, account)
            for address, account in found
            if account is not None and account.owner == program_id and selects(account.data, data_bytes, matches)
        ]

    def latest_blockhash(self) -> Hash:
        """Return a fresh blockhash; the last BLOCKHASHES_MAX ones are valid."""
        self._blockhash = Hash(hashlib.sha256(_NAME + bytes(self._blockhash)).digest())
        self._recent.append(self._blockhash)
        self._blocks += 1
        return self._blockhash

    def is_blockhash_valid(self, blockhash: Hash) -> bool:
        """Tell whether `blockhash` is among the last BLOCKHASHES_MAX ones that were handed out."""
        return blockhash in self._recent

    def minimum_balance_lamports(self, data_bytes: int) -> int:
        """Return the lamports that make an account of `data_bytes` rent exempt."""
        return self._svm.minimum_balance_for_rent_exemption(data_bytes)

    def send(self, transaction: VersionedTransaction) -> TransactionOutcome:
        """Run `transaction` and return its outcome; see Rpc.send."""
        size = require_transaction_fits(transaction)
        if (expired := self._expired(transaction)) is not None:
            return expired
        self._seen.update(transaction.message.account_keys)
        outcome = _outcome(self._svm.send_transaction(transaction), transaction, size)
        if outcome.signature not in self._outcomes and self._svm.get_transaction(transaction.signatures[0]) is not None:
            self._outcomes[outcome.signature] = outcome
            if len(self._outcomes) > OUTCOMES_MAX:
                del self._outcomes[next(iter(self._outcomes))]
        return outcome

    def simulate(self, transaction: VersionedTransaction, *, verify_signatures: bool = True) -> TransactionOutcome:
        """Return what `send` would, changing nothing; see Rpc.simulate."""
        return self.simulate_accounts(transaction, verify_signatures=verify_signatures)[0]

    def simulate_accounts(
        self, transaction: VersionedTransaction, *, verify_signatures: bool = True
    ) -> tuple[TransactionOutcome, dict[Pubkey, Account]]:
        """Return the outcome of a simulation and the accounts as it left them; none when it was refused."""
        size = require_transaction_fits(transaction)
        if (expired := self._expired(transaction)) is not None:
            return expired, {}
        self._svm.with_sigverify(verify_signatures)
        try:
            result = self._svm.simulate_transaction(transaction)
        finally:
            self._svm.with_sigverify(True)
        after = {} if isinstance(result, FailedTransactionMetadata) else dict(result.post_accounts())
        return _outcome(result, transaction, size), after

    def outcome_of(self, signature: str) -> TransactionOutcome | None:
        """Return the outcome of one of the last OUTCOMES_MAX transactions; see Rpc.outcome_of."""
        require_signature(signature)
        return self._outcomes.get(signature)

    def _account(self, address: Pubkey) -> Account | None:
        account = self._svm.get_account(address)
        return account if account is not None and account.lamports > 0 else None

    def _expired(self, transaction: VersionedTransaction) -> TransactionOutcome | None:
        if self.is_blockhash_valid(transaction.message.recent_blockhash):
            return None
        return TransactionOutcome.never_ran(transaction, "BlockhashNotFound")


def _not_loadable(program_id: Pubkey, why: str) -> ProgramNotLoadableError:
    return ProgramNotLoadableError(
        f"the embedded runtime refuses the program {program_id}: {why}",
        hint="solders 0.26 runs SBPF v0 only; SBPF v3 needs solders 0.29",
    )


def _outcome(
    result: TransactionMetadata | SimulatedTransactionInfo | FailedTransactionMetadata,
    transaction: VersionedTransaction,
    size: int,
) -> TransactionOutcome:
    meta = result if isinstance(result, TransactionMetadata) else result.meta()
    logs = tuple(meta.logs())
    returned = meta.return_data()  # type: ignore[attr-defined]  # solders 0.26 has it under another name in its stub
    failure = None
    if isinstance(result, FailedTransactionMetadata):
        failure = _failure(result.err(), transaction, logs)
    return TransactionOutcome(
        signature=str(transaction.signatures[0]),
        logs=logs,
        compute_units=meta.compute_units_consumed(),
        size_bytes=size,
        return_data=ReturnData(returned.program_id, bytes(returned.data)) if returned.data else None,
        failure=failure,
    )


def _failure(error: object, transaction: VersionedTransaction, logs: Sequence[str]) -> TransactionFailure:
    if not isinstance(error, TransactionErrorInstructionError):
        subject = getattr(error, "account_index", getattr(error, "index", None))
        return TransactionFailure(_reason(error, "TransactionError"), subject=subject)
    message = transaction.message
    top_level = message.account_keys[message.instructions[error.index].program_id_index]
    custom = error.err if isinstance(error.err, InstructionErrorCustom) else None
    return TransactionFailure(
        reason="Custom" if custom is not None else _reason(error.err, "InstructionError"),
        instruction_index=error.index,
        program_id=refusing_program(logs) or top_level,
        code=None if custom is None else custom.code,
    )


def _reason(error: object, prefix: str) -> str:
    """Return the runtime's name of an error: solders has an enum for those without fields, a class for the rest."""
    name = type(error).__name__
    return str(error).rpartition(".")[2] if name == f"{prefix}Fieldless" else name.removeprefix(prefix)
