"""Client of groth16_verifier: store verifying keys, and have proofs verified."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeGuard

from solders.account import Account
from solders.compute_budget import set_compute_unit_limit, set_compute_unit_price
from solders.hash import Hash
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.message import Message
from solders.pubkey import Pubkey
from solders.signature import Signature
from solders.transaction import VersionedTransaction

from anomi_core.errors import RefusedError
from anomi_core.groth16 import Proof
from anomi_core.groth16.solana import (
    proof_to_bytes,
    public_inputs_to_bytes,
    verifying_key_body_hash,
    verifying_key_from_body,
)
from anomi_sdk import groth16_verifier
from anomi_sdk.generated.groth16_verifier import STAGING_FIXED_BYTES, VERIFYING_KEY_FIXED_BYTES
from anomi_sdk.generated.groth16_verifier_errors import VerifyingKeyAlreadyExistsError
from anomi_sdk.groth16_verifier import Staging, VerifyingKeyAccount
from anomi_sdk.measuring_key import KeyTrapdoorKnownError, is_measuring_key
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.rpc import Rpc
from anomi_sdk.transactions import TRANSACTION_BYTES_MAX, build_transaction, transaction_bytes

__all__ = ["KeyContentMismatchError", "KeyUpload", "UploadPlan", "VerifierClient", "fetch_key", "simulate_verify"]

_INPUT_BYTES: Final = 32
_UNITS_PER_INSTRUCTION: Final = 200_000
"""What a cluster allows an instruction where nothing else is said; more than any here takes."""
_MICRO: Final = 1_000_000
_LAMPORTS_PER_SIGNATURE: Final = 5_000
_PROBE_BYTES: Final = 128
"""From here on the length of an instruction's data takes the two bytes that it takes in every full chunk."""


class KeyContentMismatchError(RefusedError):
    """The account at a key's address does not hold that key: the cluster, or the RPC in between, cannot be trusted."""


@dataclass(frozen=True)
class KeyUpload:
    """Where a key is stored now, and what it took: no transactions at all when it was there already."""

    verifying_key: Pubkey
    body_hash: bytes
    transactions: tuple[TransactionOutcome, ...]


@dataclass(frozen=True)
class UploadPlan:
    """What storing a key would take from here on.

    `staging_rent_lamports` are locked until the key is finalized or the upload given up, which only its wallet can do;
    `key_rent_lamports` for ever, since a key is never closed. Both are 0 where they are paid already.
    """

    verifying_key: Pubkey
    body_hash: bytes
    stored: bool
    staged: bool
    transactions: int
    staging_rent_lamports: int
    key_rent_lamports: int
    fee_lamports: int

    @property
    def needed_lamports(self) -> int:
        """What the wallet has to hold at the worst moment; the staging rent comes back."""
        return self.staging_rent_lamports + self.key_rent_lamports + self.fee_lamports


class VerifierClient:
    """Speaks to groth16_verifier through an `Rpc`, paying and signing with one key pair.

    Every transaction is simulated before it is sent, so one that would be refused costs no fee. Refusals raise the
    class of the program's code (`anomi_sdk.generated.groth16_verifier_errors`), or TransactionRefusedError.
    """

    def __init__(self, rpc: Rpc, payer: Keypair, *, micro_lamports_per_unit: int = 0) -> None:
        """Use `payer` as fee payer and as the authority of uploads; a price of a compute unit is the priority fee."""
        self._rpc = rpc
        self._payer = payer
        self._price = micro_lamports_per_unit

    def fetch_key(self, verifying_key: Pubkey) -> VerifyingKeyAccount:
        """Return the key stored at an address; see the function of that name."""
        return fetch_key(self._rpc, verifying_key)

    def plan_upload(self, body: bytes) -> UploadPlan:
        """Return what `upload_key` would send and pay now, and send nothing. Raises as it does for a bad body."""
        verifying_key_from_body(body)
        body_hash = verifying_key_body_hash(body)
        address = groth16_verifier.verifying_key_address(body_hash)
        stored, staged = self._rpc.accounts([address, self._staging_address(body_hash)])
        steps = self._steps_from(body, body_hash, stored, staged)
        rent = self._rpc.minimum_balance_lamports
        staging_bytes = STAGING_FIXED_BYTES + len(body)
        held = staged.lamports if staged is not None else 0
        paid = stored.lamports if stored is not None else 0
        fees = [
            _LAMPORTS_PER_SIGNATURE + -(-_UNITS_PER_INSTRUCTION * len(step) * self._price // _MICRO) for step in steps
        ]
        return UploadPlan(
            verifying_key=address,
            body_hash=body_hash,
            stored=_exists(stored),
            staged=_exists(staged),
            transactions=len(steps),
            staging_rent_lamports=0 if _exists(stored) else max(0, rent(staging_bytes) - held),
            key_rent_lamports=0 if _exists(stored) else max(0, rent(VERIFYING_KEY_FIXED_BYTES + len(body)) - paid),
            fee_lamports=sum(fees),
        )

    def upload_key(
        self, body: bytes, *, on_transaction: Callable[[TransactionOutcome], None] = lambda _: None
    ) -> KeyUpload:
        """Store a key body (`anomi_core.groth16.solana.verifying_key_body`) and return its address.

        Looks first at what is there: a stored key costs nothing, and an upload that was cut short is continued with
        the bytes that are still missing. The body is checked here completely, as the program will, before anything is
        paid: raises the errors of `verifying_key_from_body`, and KeyTrapdoorKnownError for a measuring key.
        `on_transaction` is told of each that went through.
        """
        if is_measuring_key(verifying_key_from_body(body)):
            raise KeyTrapdoorKnownError(
                "this is a measuring key, whose trapdoor anybody can derive: it never goes on chain",
                hint="use the circuit's own key",
            )
        body_hash = verifying_key_body_hash(body)
        address = groth16_verifier.verifying_key_address(body_hash)
        stored, staged = self._rpc.accounts([address, self._staging_address(body_hash)])
        transactions: list[TransactionOutcome] = []

        def run(step: Sequence[Instruction]) -> None:
            transactions.append(self._run(step))
            on_transaction(transactions[-1])

        try:
            for step in self._steps_from(body, body_hash, stored, staged):
                run(step)
        except VerifyingKeyAlreadyExistsError:
            # Somebody else has finished the same key meanwhile.
            if _exists(self._rpc.accounts([self._staging_address(body_hash)])[0]):
                run([groth16_verifier.close_staging(self._payer.pubkey(), body_hash)])
        if self.fetch_key(address).body != body:
            raise KeyContentMismatchError(f"the account {address} holds another key than the one uploaded")
        return KeyUpload(address, body_hash, tuple(transactions))

    def close_staging(self, body_hash: bytes) -> TransactionOutcome:
        """Give up the upload of the key with this SHA-256 and get its rent back."""
        return self._run([groth16_verifier.close_staging(self._payer.pubkey(), body_hash)])

    def verify(self, verifying_key: Pubkey, proof: Proof, public_inputs: Sequence[int]) -> TransactionOutcome:
        """Have the program verify a proof in a transaction of its own; raises when it refuses."""
        return self._run([_verify_instruction(verifying_key, proof, public_inputs)])

    def simulate_verify(self, verifying_key: Pubkey, proof: Proof, public_inputs: Sequence[int]) -> TransactionOutcome:
        """Do as `verify`, at no cost and leaving no trace: the answer is the cluster's word, not a record."""
        return simulate_verify(self._rpc, self._payer.pubkey(), verifying_key, proof, public_inputs)

    def _steps_from(
        self, body: bytes, body_hash: bytes, stored: Account | None, staged: Account | None
    ) -> list[list[Instruction]]:
        """Return the transactions that are still to be sent, from what is there: none where all is done."""
        if not _exists(stored):
            staging = groth16_verifier.decode_staging(staged) if _exists(staged) else None
            return list(self._upload_steps(body, body_hash, staging))
        if _exists(staged):
            return [[groth16_verifier.close_staging(self._payer.pubkey(), body_hash)]]
        return []

    def _upload_steps(self, body: bytes, body_hash: bytes, staging: Staging | None) -> Iterator[list[Instruction]]:
        """Yield the instructions of each transaction that is still to be sent, each filled up to the packet limit."""
        authority = self._payer.pubkey()
        if staging is not None and len(staging.body) != len(body):
            yield [groth16_verifier.close_staging(authority, body_hash)]
            staging = None
        step: list[Instruction] = []
        if staging is None:
            step.append(groth16_verifier.init_key(authority, body_hash, len(body)))
        held = staging.body if staging is not None else bytes(len(body))
        offset, end = _missing(held, body)
        while offset < end:
            room = self._room(step, body_hash)
            if room < 1:
                yield step
                step = []
                continue
            chunk = body[offset : min(offset + room, end)]
            step.append(groth16_verifier.write_key(authority, body_hash, offset, chunk))
            offset += len(chunk)
        finalize = groth16_verifier.finalize_key(authority, body_hash)
        if self._size([*step, finalize]) > TRANSACTION_BYTES_MAX:
            yield step
            step = []
        yield [*step, finalize]

    def _room(self, step: Sequence[Instruction], body_hash: bytes) -> int:
        """Return how many bytes of the body one more write in the transaction `step` can carry."""
        probe = groth16_verifier.write_key(self._payer.pubkey(), body_hash, 0, bytes(_PROBE_BYTES))
        return TRANSACTION_BYTES_MAX - self._size([*step, probe]) + _PROBE_BYTES

    def _size(self, instructions: Sequence[Instruction]) -> int:
        payer = self._payer.pubkey()
        return transaction_bytes(Message.new_with_blockhash(self._priced(instructions), payer, Hash.default()))

    def _priced(self, instructions: Sequence[Instruction]) -> list[Instruction]:
        """Return the instructions, after the price of their compute units when one is paid."""
        if not self._price:
            return list(instructions)
        limit = _UNITS_PER_INSTRUCTION * len(instructions)
        return [set_compute_unit_limit(limit), set_compute_unit_price(self._price), *instructions]

    def _staging_address(self, body_hash: bytes) -> Pubkey:
        return groth16_verifier.staging_address(self._payer.pubkey(), body_hash)

    def _run(self, instructions: Sequence[Instruction]) -> TransactionOutcome:
        transaction = self._signed(instructions)
        self._rpc.simulate(transaction).require_success()
        return self._rpc.send(transaction).require_success()

    def _signed(self, instructions: Sequence[Instruction]) -> VersionedTransaction:
        return build_transaction(
            self._priced(instructions),
            payer=self._payer.pubkey(),
            signers=[self._payer],
            blockhash=self._rpc.latest_blockhash(),
        )


def fetch_key(rpc: Rpc, verifying_key: Pubkey) -> VerifyingKeyAccount:
    """Return the key stored at an address.

    Raises the errors of `decode_verifying_key`, and KeyContentMismatchError when the address is not the one of the
    content.
    """
    key = groth16_verifier.decode_verifying_key(rpc.accounts([verifying_key])[0])
    if groth16_verifier.verifying_key_address(key.body_hash) != verifying_key:
        raise KeyContentMismatchError(
            f"the account {verifying_key} holds the key {key.body_hash.hex()}, whose address is another one"
        )
    return key


def simulate_verify(
    rpc: Rpc, payer: Pubkey, verifying_key: Pubkey, proof: Proof, public_inputs: Sequence[int]
) -> TransactionOutcome:
    """Return the outcome of the call that verifies a proof, raising when it is refused. Nothing is signed or sent.

    `payer` is any address that could pay the fee.
    """
    instruction = _verify_instruction(verifying_key, proof, public_inputs)
    message = Message.new_with_blockhash([instruction], payer, rpc.latest_blockhash())
    unsigned = VersionedTransaction.populate(message, [Signature.default()])
    return rpc.simulate(unsigned, verify_signatures=False).require_success()


def _exists(account: Account | None) -> TypeGuard[Account]:
    """Tell an account of the program from an address that only holds lamports, which anybody can send there."""
    return account is not None and account.owner == groth16_verifier.GROTH16_VERIFIER_ID


def _missing(held: bytes, body: bytes) -> tuple[int, int]:
    """Return the span [start, end) from the first byte that differs to the last; an empty one when none does."""
    differing = [index for index, (have, want) in enumerate(zip(held, body, strict=True)) if have != want]
    return (differing[0], differing[-1] + 1) if differing else (0, 0)


def _verify_instruction(verifying_key: Pubkey, proof: Proof, public_inputs: Sequence[int]) -> Instruction:
    inputs = public_inputs_to_bytes(public_inputs)
    return groth16_verifier.verify(
        verifying_key,
        proof_to_bytes(proof),
        [inputs[at : at + _INPUT_BYTES] for at in range(0, len(inputs), _INPUT_BYTES)],
    )
