"""Client of groth16_verifier: store verifying keys, and have proofs verified."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeGuard

from solders.account import Account
from solders.hash import Hash
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.message import Message
from solders.pubkey import Pubkey
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
from anomi_sdk.generated.groth16_verifier_errors import VerifyingKeyAlreadyExistsError
from anomi_sdk.groth16_verifier import Staging, VerifyingKeyAccount
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.rpc import Rpc
from anomi_sdk.transactions import TRANSACTION_BYTES_MAX, build_transaction, transaction_bytes

__all__ = ["KeyContentMismatchError", "KeyUpload", "VerifierClient"]

_INPUT_BYTES: Final = 32
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


class VerifierClient:
    """Speaks to groth16_verifier through an `Rpc`, paying and signing with one key pair.

    Every transaction is simulated before it is sent, so one that would be refused costs no fee. Refusals raise the
    class of the program's code (`anomi_sdk.generated.groth16_verifier_errors`), or TransactionRefusedError.
    """

    def __init__(self, rpc: Rpc, payer: Keypair) -> None:
        """Use `payer` as fee payer and as the authority of uploads."""
        self._rpc = rpc
        self._payer = payer

    def fetch_key(self, verifying_key: Pubkey) -> VerifyingKeyAccount:
        """Return the key stored at an address.

        Raises the errors of `decode_verifying_key`, and KeyContentMismatchError when the address is not the one of
        the content.
        """
        key = groth16_verifier.decode_verifying_key(self._rpc.accounts([verifying_key])[0])
        if groth16_verifier.verifying_key_address(key.body_hash) != verifying_key:
            raise KeyContentMismatchError(
                f"the account {verifying_key} holds the key {key.body_hash.hex()}, whose address is another one"
            )
        return key

    def upload_key(self, body: bytes) -> KeyUpload:
        """Store a key body (`anomi_core.groth16.solana.verifying_key_body`) and return its address.

        Looks first at what is there: a stored key costs nothing, and an upload that was cut short is continued with
        the bytes that are still missing. The body is checked here completely, as the program will, before anything is
        paid: raises the errors of `verifying_key_from_body`.
        """
        verifying_key_from_body(body)
        body_hash = verifying_key_body_hash(body)
        address = groth16_verifier.verifying_key_address(body_hash)
        stored, staged = self._rpc.accounts([address, self._staging_address(body_hash)])
        transactions: list[TransactionOutcome] = []
        if not _exists(stored):
            staging = groth16_verifier.decode_staging(staged) if _exists(staged) else None
            try:
                for instructions in self._upload_steps(body, body_hash, staging):
                    transactions.append(self._run(instructions))
                staged = None
            except VerifyingKeyAlreadyExistsError:
                # Somebody else has finished the same key meanwhile.
                staged = self._rpc.accounts([self._staging_address(body_hash)])[0]
        if _exists(staged):
            transactions.append(self.close_staging(body_hash))
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
        instruction = _verify_instruction(verifying_key, proof, public_inputs)
        return self._rpc.simulate(self._signed([instruction])).require_success()

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
        return transaction_bytes(Message.new_with_blockhash(list(instructions), payer, Hash.default()))

    def _staging_address(self, body_hash: bytes) -> Pubkey:
        return groth16_verifier.staging_address(self._payer.pubkey(), body_hash)

    def _run(self, instructions: Sequence[Instruction]) -> TransactionOutcome:
        transaction = self._signed(instructions)
        self._rpc.simulate(transaction).require_success()
        return self._rpc.send(transaction).require_success()

    def _signed(self, instructions: Sequence[Instruction]) -> VersionedTransaction:
        return build_transaction(
            instructions,
            payer=self._payer.pubkey(),
            signers=[self._payer],
            blockhash=self._rpc.latest_blockhash(),
        )


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
