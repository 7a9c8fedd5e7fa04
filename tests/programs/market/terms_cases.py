"""Hostile transactions around terms: every account, and one past every edge of every argument."""

from __future__ import annotations

from itertools import combinations

from solders.pubkey import Pubkey

from anomi_core.field import FR_MODULUS
from anomi_core.groth16.solana import verifying_key_body
from anomi_sdk.generated import groth16_verifier, market
from anomi_sdk.generated.market_errors import (
    AttestorCountInvalidError,
    AttestorDepthInvalidError,
    AttestorKeyNotCanonicalError,
    AttestorKeysEqualError,
    AttestorKeyUnusedError,
    FeeTooHighError,
    MarketInvalidError,
    MarketPausedError,
    MinimumInvalidError,
    StrikesTooManyError,
    TermsAddressMismatchError,
    TermsVersionMismatchError,
    VerifyingKeyInvalidError,
    WindowOutOfBoundsError,
)
from anomi_sdk.program_errors import TransactionRefusedError
from tests.programs.market.ready import Ready
from tests.programs.market.refusals import (
    OTHER_PROGRAM,
    STRANGER,
    Find,
    Refusal,
    Spoil,
    argument,
    arguments,
    governor_only,
    not_this_address,
    not_this_kind,
    planted,
    replaced,
)
from tests.programs.market.world import (
    MIN_ASK_ATOMS,
    NO_KEY,
    MarketWorld,
    TermsArgs,
    attestor_keys,
    attestors,
    measuring_key,
)

NAME = "publish_terms"
NOT_CANONICAL = {"r": FR_MODULUS, "r + 1": FR_MODULUS + 1, "2^256 − 1": 2**256 - 1}
ALL = attestors(3, 5, 3)
KEYS = attestor_keys(ALL.keys)


def cases() -> list[Refusal]:
    return [*_accounts(), *_verifying_keys(), *_counts(), *_attestor_keys(), *_numbers()]


def _refusal(name: str, error: type[TransactionRefusedError], spoil: Spoil) -> Refusal:
    return Refusal(NAME, name, error, spoil)


def _accounts() -> list[Refusal]:
    def terms_of_another_market(world: MarketWorld, _: Ready) -> Pubkey:
        return world.open_market().terms(2)

    return [
        *governor_only(NAME),
        *not_this_kind(NAME, "market", MarketInvalidError),
        *(
            _refusal(f"version {version}", TermsVersionMismatchError, _version(version))
            for version in (0, 1, 3, 2**32 - 1)
        ),
        *not_this_address(
            NAME, "terms", TermsAddressMismatchError, market.TERMS_PDA, lambda world, _: (world.place.market, 2)
        ),
        _refusal("terms are another market's", TermsAddressMismatchError, replaced("terms", terms_of_another_market)),
        _refusal(
            "terms are the current ones",
            TermsAddressMismatchError,
            replaced("terms", lambda world, _: world.place.terms()),
        ),
        _refusal("the market is paused", MarketPausedError, paused),
    ]


def paused(world: MarketWorld, ready: Ready) -> Ready:
    world.edit(market.Market, world.place.market, paused=True)
    return ready


def _version(version: int) -> Spoil:
    def spoil(world: MarketWorld, _: Ready) -> Ready:
        return Ready(world.terms_instruction(TermsArgs(version=version)), (world.governor,))

    return spoil


def _verifying_keys() -> list[Refusal]:
    body = verifying_key_body(measuring_key("solvency").verifying_key)
    true = groth16_verifier.VERIFYING_KEY_TAG + body
    verifier = groth16_verifier.PROGRAM_ID

    def staging(world: MarketWorld, _: Ready) -> Pubkey:
        return world.staging(world.stage(verifying_key_body(measuring_key("another").verifying_key)))

    finds: dict[str, Find] = {
        "does not exist": lambda _, __: STRANGER,
        "is a wallet": lambda world, _: world.user().pubkey(),
        "is still being uploaded": staging,
        "takes no public input": lambda world, _: world.stored_key("none", 0),
        "takes two public inputs": lambda world, _: world.stored_key("two", 2),
        "is a copy under another program": planted(true, OTHER_PROGRAM),
        "is a copy under this program": planted(true, market.PROGRAM_ID),
        "has another tag": planted(bytes(8) + body, verifier),
        "has its tag alone": planted(groth16_verifier.VERIFYING_KEY_TAG, verifier),
        "has no data": planted(b"", verifier),
        "is a byte short": planted(true[:-1], verifier),
        "is a byte long": planted(true + b"\0", verifier),
    }
    return [
        _refusal(f"{account} {label}", VerifyingKeyInvalidError, replaced(account, find))
        for account in ("solvency_key", "payment_key")
        for label, find in finds.items()
    ]


def _counts() -> list[Refusal]:
    counts = {
        "no keys": (0, 0, 2),
        "no keys, k = 1": (1, 0, 2),
        "k = 0": (0, 3, 2),
        "half of two": (1, 2, 2),
        "half of four": (2, 4, 2),
        "a third": (1, 3, 2),
        "two of five": (2, 5, 3),
        "k = n + 1": (4, 3, 2),
        "k = 255": (255, 3, 2),
        "six keys": (4, 6, 3),
        "255 keys": (128, 255, 3),
        "three keys at depth 1": (2, 3, 1),
        "five keys at depth 2": (3, 5, 2),
    }
    return [
        *(
            _refusal(
                label,
                AttestorCountInvalidError,
                arguments(attestor_k=k, attestor_n=n, attestor_depth=depth, attestor_keys=KEYS),
            )
            for label, (k, n, depth) in counts.items()
        ),
        *(
            _refusal(f"depth {depth}", AttestorDepthInvalidError, argument("attestor_depth", depth))
            for depth in (0, 4, 8, 64, 255)
        ),
    ]


def _attestor_keys() -> list[Refusal]:
    found = [
        _refusal(
            f"key {index}, {coordinate} = {label}",
            AttestorKeyNotCanonicalError,
            _five(index, **{coordinate: value.to_bytes(32, "big")}),
        )
        for index in range(5)
        for coordinate in ("x", "y")
        for label, value in NOT_CANONICAL.items()
    ]
    for first, second in combinations(range(5), 2):
        same_y = market.AttestorKey(bytes(31) + b"\1", KEYS[first].y)
        for label, key in {"the same key": KEYS[first], "the same y": same_y}.items():
            keys = [*KEYS]
            keys[second] = key
            found.append(_refusal(f"keys {first} and {second}: {label}", AttestorKeysEqualError, _set_of_five(keys)))
    # A key is looked at whole before it is compared with others.
    found.append(
        _refusal(
            "key 0 is none, and key 1 has its y", AttestorKeyNotCanonicalError, _five(0, x=b"\xff" * 32, y=KEYS[1].y)
        )
    )
    for index in (3, 4):
        for label, key in {
            "x": market.AttestorKey(bytes(31) + b"\1", bytes(32)),
            "y": market.AttestorKey(bytes(32), b"\1" + bytes(31)),
        }.items():
            keys = [*attestor_keys(attestors().keys)]
            keys[index] = key
            found.append(
                _refusal(f"unused key {index} has an {label}", AttestorKeyUnusedError, argument("attestor_keys", keys))
            )
    swapped = [KEYS[0], KEYS[1], NO_KEY, KEYS[2], NO_KEY]
    found.append(_refusal("a gap in the keys", AttestorKeyUnusedError, argument("attestor_keys", swapped)))
    return found


def _five(index: int, **coordinates: bytes) -> Spoil:
    keys = [*KEYS]
    keys[index] = market.AttestorKey(**({"x": keys[index].x, "y": keys[index].y} | coordinates))
    return _set_of_five(keys)


def _set_of_five(keys: list[market.AttestorKey]) -> Spoil:
    return arguments(attestor_k=3, attestor_n=5, attestor_depth=3, attestor_keys=keys)


def _numbers() -> list[Refusal]:
    windows = {
        "reveal_window_s": (0, market.REVEAL_WINDOW_MIN_S - 1, market.REVEAL_WINDOW_MAX_S + 1, 2**32 - 1),
        "pay_window_s": (0, market.PAY_WINDOW_MIN_S - 1, market.PAY_WINDOW_MAX_S + 1, 2**32 - 1),
        "prove_window_s": (0, market.PROVE_WINDOW_MIN_S - 1, market.PROVE_WINDOW_MAX_S + 1, 2**32 - 1),
        "cooldown_s": (market.COOLDOWN_MAX_S + 1, 2**32 - 1),
        "free_cancel_grace_s": (TermsArgs().pay_window_s + 1, 2**32 - 1),
        "free_cancel_interval_s": (market.FREE_CANCEL_INTERVAL_MAX_S + 1, 2**32 - 1),
    }
    found = [
        _refusal(f"{name} {value}", WindowOutOfBoundsError, argument(name, value))
        for name, values in windows.items()
        for value in values
    ]
    found += [
        _refusal(f"fee of {fee} basis points", FeeTooHighError, argument("fee_bps", fee))
        for fee in (market.FEE_BPS_MAX + 1, 10_000, 65_535)
    ]
    found += [
        _refusal(f"{strikes} strikes", StrikesTooManyError, argument("strikes_max", strikes))
        for strikes in (market.STRIKES_MAX + 1, 255)
    ]
    found += [
        _refusal(f"{label}", MinimumInvalidError, arguments(min_ask_atoms=ask, min_fill_atoms=fill))
        for label, ask, fill in (
            ("no smallest ask", 0, 0),
            ("no smallest ask but a smallest fill", 0, 1),
            ("no smallest fill", MIN_ASK_ATOMS, 0),
            ("a smallest fill above the smallest ask", MIN_ASK_ATOMS, MIN_ASK_ATOMS + 1),
        )
    ]
    return found
