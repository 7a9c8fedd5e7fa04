"""How a hostile transaction is described: a ready instruction, spoilt in one place, and the code that refuses it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from solders.account import Account
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_sdk.generated import market
from anomi_sdk.generated.market_errors import (
    ConfigAddressMismatchError,
    ConfigNotInitializedError,
    GovernorMismatchError,
)
from anomi_sdk.program_errors import TransactionRefusedError
from anomi_sdk.program_spec import PdaSpec
from anomi_sdk.wire import Field
from tests.programs.market.ready import READY, Ready
from tests.programs.market.world import MarketWorld
from tests.programs.world import with_account, with_data

STRANGER = Pubkey.from_bytes(bytes([9] * 32))
OTHER_PROGRAM = Pubkey.from_bytes(bytes([7] * 32))

Spoil = Callable[[MarketWorld, Ready], Ready]
Find = Callable[[MarketWorld, Ready], Pubkey]


@dataclass(frozen=True)
class Refusal:
    """`spoil` makes the hostile transaction out of the ready one, and may change the world before it."""

    instruction: str
    name: str
    error: type[TransactionRefusedError]
    spoil: Spoil

    def __str__(self) -> str:
        return f"{self.instruction}: {self.name}"

    def run(self, world: MarketWorld) -> None:
        spoilt = self.spoil(world, READY[self.instruction](world))
        world.refused(spoilt.instruction, signers=spoilt.signers, code=self.error)


def replaced(account: str, find: Find | Pubkey) -> Spoil:
    """Another account in the place of `account`."""

    def spoil(world: MarketWorld, ready: Ready) -> Ready:
        address = find if isinstance(find, Pubkey) else find(world, ready)
        return replace(ready, instruction=with_account(ready.instruction, ready.index(account), pubkey=address))

    return spoil


def argument(name: str, value: object) -> Spoil:
    """Another value of one argument."""
    return arguments(**{name: value})


def arguments(**values: object) -> Spoil:
    """Other values of some arguments."""

    def spoil(_: MarketWorld, ready: Ready) -> Ready:
        return with_arguments(ready, **values)

    return spoil


def with_arguments(ready: Ready, **values: object) -> Ready:
    data = bytes(ready.instruction.data)
    (spec,) = (spec for spec in market.INSTRUCTIONS if spec.discriminator == data[:8])
    at, parts = 8, [data[:8]]
    for field in spec.arguments:
        size = field.type.size
        assert size is not None
        new = field.name in values
        parts.append(field.type.encode(values[field.name], field.name) if new else data[at : at + size])
        at += size
    assert values.keys() <= {field.name for field in spec.arguments}
    return replace(ready, instruction=with_data(ready.instruction, b"".join(parts)))


def planted(data: bytes, owner: Pubkey) -> Find:
    """An account with this data under this owner."""

    def find(world: MarketWorld, _: Ready) -> Pubkey:
        world.svm.set_account(STRANGER, Account(10**9, data, owner))
        return STRANGER

    return find


def signed_by_another(account: str) -> Spoil:
    """A funded stranger signs in the place of `account`."""

    def spoil(world: MarketWorld, ready: Ready) -> Ready:
        return signed_by(world.user(), account)(world, ready)

    return spoil


def signed_by(signer: Keypair, account: str) -> Spoil:
    def spoil(_: MarketWorld, ready: Ready) -> Ready:
        others = [other for other in ready.signers if other.pubkey() != ready.address(account)]
        instruction = with_account(ready.instruction, ready.index(account), pubkey=signer.pubkey())
        return Ready(instruction, (*others, signer))

    return spoil


def not_this_kind(instruction: str, account: str, error: type[TransactionRefusedError]) -> list[Refusal]:
    """What may stand in the place of an account of the program that is found by owner and tag alone."""
    kinds: dict[str, Spoil] = {
        "does not exist": replaced(account, STRANGER),
        "is a wallet": replaced(account, lambda world, _: world.user().pubkey()),
        "is the config": replaced(account, market.config_address()),
        "is a copy under another program": replaced(account, lambda world, ready: copied(world, ready, account)),
        "has another tag": lambda world, ready: spoil_data(
            world, ready, account, lambda data: bytes([data[0] ^ 1]) + data[1:]
        ),
        "has no data": lambda world, ready: spoil_data(world, ready, account, lambda _: b""),
        "has half a tag": lambda world, ready: spoil_data(world, ready, account, lambda data: data[:4]),
        "has its tag alone": lambda world, ready: spoil_data(world, ready, account, lambda data: data[:8]),
    }
    if account != "book":
        kinds["is the book"] = replaced(account, lambda world, _: world.place.book)
        kinds["is a byte short"] = lambda world, ready: spoil_data(world, ready, account, lambda data: data[:-1])
        kinds["is a byte long"] = lambda world, ready: spoil_data(world, ready, account, lambda data: data + b"\0")
    if account != "market":
        kinds["is the market"] = replaced(account, lambda world, _: world.place.market)
    if account != "terms":
        kinds["is the terms"] = replaced(account, lambda world, _: world.place.terms())
    return [Refusal(instruction, f"{account} {label}", error, spoil) for label, spoil in kinds.items()]


def not_this_address(
    instruction: str,
    account: str,
    error: type[TransactionRefusedError],
    pda: PdaSpec,
    seeds: Callable[[MarketWorld, Ready], tuple[object, ...]],
) -> list[Refusal]:
    """What may stand in the place of an account at a derived address."""
    return [
        Refusal(instruction, f"{account} is a stranger", error, replaced(account, STRANGER)),
        Refusal(
            instruction, f"{account} is a wallet", error, replaced(account, lambda world, _: world.user().pubkey())
        ),
        Refusal(
            instruction,
            f"{account} has a bump that is not canonical",
            error,
            replaced(account, lambda world, ready: lower_bump(pda, *seeds(world, ready))),
        ),
    ]


def lower_bump(pda: PdaSpec, *values: object) -> Pubkey:
    """The next address that the same seeds have below the canonical bump."""
    fields: tuple[Field, ...] = pda.seeds
    seeds = [pda.literal, *(field.type.encode(value, field.name) for field, value in zip(fields, values, strict=True))]
    canonical = Pubkey.find_program_address(seeds, pda.program_id)[1]
    for bump in range(canonical - 1, 0, -1):
        parts = [*seeds, bytes([bump]), bytes(pda.program_id), b"ProgramDerivedAddress"]
        address = Pubkey.from_bytes(hashlib.sha256(b"".join(parts)).digest())
        if not address.is_on_curve():
            return address
    raise AssertionError("no second bump")


def governor_only(instruction: str) -> list[Refusal]:
    """What every instruction of the governor checks of him and of the config."""
    error = GovernorMismatchError
    return [
        Refusal(instruction, "a stranger signs", error, signed_by_another("authority")),
        Refusal(
            instruction,
            "the initializer signs",
            error,
            lambda world, ready: signed_by(world.initializer, "authority")(world, ready),
        ),
        Refusal(
            instruction,
            "the treasury signs",
            error,
            lambda world, ready: signed_by(world.treasury, "authority")(world, ready),
        ),
        *config_cases(instruction),
    ]


def config_cases(instruction: str) -> list[Refusal]:
    """What may stand in the config's place."""
    address, missing = ConfigAddressMismatchError, ConfigNotInitializedError

    def spoilt(change: Callable[[bytes], bytes]) -> Spoil:
        return lambda world, ready: spoil_data(world, ready, "config", change)

    return [
        Refusal(instruction, "config is a stranger", address, replaced("config", STRANGER)),
        Refusal(
            instruction,
            "config is a true copy elsewhere",
            address,
            replaced("config", lambda world, ready: copied(world, ready, "config", market.PROGRAM_ID)),
        ),
        Refusal(instruction, "config has another tag", missing, spoilt(lambda data: bytes([data[0] ^ 1]) + data[1:])),
        Refusal(instruction, "config has no data", missing, spoilt(lambda _: b"")),
        Refusal(instruction, "config belongs to another program", missing, disowned("config")),
    ]


def disowned(account: str) -> Spoil:
    def spoil(world: MarketWorld, ready: Ready) -> Ready:
        address = ready.address(account)
        true = world.account(address)
        assert true is not None
        world.svm.set_account(address, Account(true.lamports, bytes(true.data), OTHER_PROGRAM))
        return ready

    return spoil


def copied(world: MarketWorld, ready: Ready, account: str, owner: Pubkey = OTHER_PROGRAM) -> Pubkey:
    """The right bytes at another address, under another owner."""
    true = world.account(ready.address(account))
    assert true is not None
    world.svm.set_account(STRANGER, Account(true.lamports, bytes(true.data), owner))
    return STRANGER


def spoil_data(world: MarketWorld, ready: Ready, account: str, change: Callable[[bytes], bytes]) -> Ready:
    address = ready.address(account)
    true = world.account(address)
    assert true is not None
    world.svm.set_account(address, Account(true.lamports, change(bytes(true.data)), true.owner))
    return ready
