"""Instructions from the generated tables: discriminator, packed Borsh arguments, accounts in order."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from anomi_core.errors import UsageError
from anomi_sdk.program_spec import InstructionSpec

__all__ = ["encode_instruction"]


def encode_instruction(
    spec: InstructionSpec, program_id: Pubkey, accounts: Mapping[str, Pubkey], arguments: Mapping[str, object]
) -> Instruction:
    """Return the instruction of `spec` with these named accounts and arguments, no more and no fewer.

    Accounts whose address is always the same are filled in. Raises UsageError when a name is missing or unknown, or
    when an argument does not fit its type.
    """
    open_accounts = [account.name for account in spec.accounts if account.address is None]
    _require_names(spec, "account", open_accounts, accounts)
    _require_names(spec, "argument", [argument.name for argument in spec.arguments], arguments)
    data = spec.discriminator + b"".join(
        argument.type.encode(arguments[argument.name], f"{spec.name}: {argument.name}") for argument in spec.arguments
    )
    metas = [
        AccountMeta(
            account.address if account.address is not None else accounts[account.name],
            is_signer=account.signer,
            is_writable=account.writable,
        )
        for account in spec.accounts
    ]
    return Instruction(program_id, data, metas)


def _require_names(spec: InstructionSpec, kind: str, expected: Collection[str], given: Collection[str]) -> None:
    for name in expected:
        if name not in given:
            raise UsageError(f"{spec.name} takes the {kind} {name}, which did not come")
    for name in given:
        if name not in expected:
            raise UsageError(f"{spec.name} takes no {kind} {name} from its caller")
