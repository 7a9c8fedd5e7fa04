"""Hostile transactions around asks: placing, cancelling, withdrawing, collecting fees."""

from __future__ import annotations

from dataclasses import replace

from solders.pubkey import Pubkey

from anomi_core.field import FR_MODULUS
from anomi_sdk.generated import market
from anomi_sdk.generated.market_errors import (
    AmountBelowMinimumError,
    ArithmeticOverflowError,
    AskAddressMismatchError,
    AskAlreadyExistsError,
    AskInvalidError,
    AskNotListedError,
    AskSellerMismatchError,
    BookAddressMismatchError,
    BookCorruptError,
    BookInvalidError,
    DueOutOfRangeError,
    ExpiryOutOfRangeError,
    ExpiryPassedError,
    ExpiryTooSoonError,
    FieldElementNotCanonicalError,
    MarketInvalidError,
    MarketPausedError,
    MinFillAboveAmountError,
    MintMismatchError,
    NoFeesOwedError,
    NothingToWithdrawError,
    PriceZeroError,
    TermsInvalidError,
    TermsOfAnotherMarketError,
    TermsRevokedError,
    TermsVersionMismatchError,
    TokenAccountAddressMismatchError,
    TokenAccountInvalidError,
    TokenAccountMintMismatchError,
    TokenAccountOwnerMismatchError,
    VaultAddressMismatchError,
    VaultClosedError,
)
from anomi_sdk.program_errors import TransactionRefusedError
from anomi_sdk.trade.tokens import TOKEN_PROGRAM, associated_token_address
from tests.programs.market.ready import Ready
from tests.programs.market.refusals import (
    OTHER_PROGRAM,
    STRANGER,
    Find,
    Refusal,
    Spoil,
    argument,
    arguments,
    config_cases,
    lower_bump,
    not_this_address,
    not_this_kind,
    planted,
    replaced,
    signed_by_another,
)
from tests.programs.market.terms_cases import paused
from tests.programs.market.world import (
    BASE_ATOMS,
    DECIMALS,
    MIN_ASK_ATOMS,
    MIN_FILL_ATOMS,
    TOKEN_2022_PROGRAM,
    TOKEN_ACCOUNT_BYTES,
    AskArgs,
    MarketWorld,
    TermsArgs,
)
from tests.programs.world import UNIX_TIME_S, with_account

DUE_MAX_PRICE = (2**64 - 1) * 10**DECIMALS // BASE_ATOMS
"""The highest price at which the usual deposit's due fits 64 bits."""


def cases() -> list[Refusal]:
    return [*_placing(), *_offers(), *_cancelling(), *_withdrawing(), *_collecting()]


def _placing() -> list[Refusal]:
    name = "place_ask_order"

    def refusal(label: str, error: type[TransactionRefusedError], spoil: Spoil) -> Refusal:
        return Refusal(name, label, error, spoil)

    return [
        *not_this_kind(name, "market", MarketInvalidError),
        *not_this_kind(name, "terms", TermsInvalidError),
        refusal(
            "terms of another market",
            TermsOfAnotherMarketError,
            replaced("terms", lambda world, _: world.open_market().terms()),
        ),
        refusal(
            "another market", TermsOfAnotherMarketError, replaced("market", lambda world, _: world.open_market().market)
        ),
        refusal(
            "book of another market",
            BookAddressMismatchError,
            replaced("book", lambda world, _: world.open_market().book),
        ),
        refusal("book is a stranger", BookAddressMismatchError, replaced("book", STRANGER)),
        refusal("another mint", MintMismatchError, replaced("base_mint", lambda world, _: world.mint())),
        refusal("mint is a stranger", MintMismatchError, replaced("base_mint", STRANGER)),
        *_token_accounts(name, "seller_token"),
        refusal(
            "tokens of somebody who allowed the seller to move them",
            TokenAccountOwnerMismatchError,
            replaced("seller_token", _delegated),
        ),
        *not_this_address(
            name,
            "ask",
            AskAddressMismatchError,
            market.ASK_PDA,
            lambda world, ready: (world.place.market, ready.address("seller"), 1),
        ),
        refusal("ask of another nonce", AskAddressMismatchError, argument("client_nonce", 2)),
        refusal("another seller signs", TokenAccountOwnerMismatchError, signed_by_another("seller")),
        refusal("another seller with tokens signs", AskAddressMismatchError, _another_seller),
        *not_this_address(
            name, "vault", VaultAddressMismatchError, market.VAULT_PDA, lambda _, ready: (ready.address("ask"),)
        ),
        refusal(
            "vault is the seller's token account",
            VaultAddressMismatchError,
            lambda _, ready: replace(
                ready,
                instruction=with_account(ready.instruction, ready.index("vault"), pubkey=ready.address("seller_token")),
            ),
        ),
        refusal("the nonce is used", AskAlreadyExistsError, _again),
        refusal("the nonce is used, at another price", AskAlreadyExistsError, _again_at_another_price),
        refusal("the market is paused", MarketPausedError, paused),
        refusal("version 0", TermsVersionMismatchError, argument("terms_version", 0)),
        refusal("version to come", TermsVersionMismatchError, argument("terms_version", 2)),
        refusal("terms of yesterday", TermsVersionMismatchError, _superseded),
        refusal("terms of yesterday, the version of today", TermsVersionMismatchError, _superseded_account),
        refusal("terms of today, the version of yesterday", TermsVersionMismatchError, _superseded_version),
        refusal("terms are revoked", TermsRevokedError, _revoked),
    ]


def _offers() -> list[Refusal]:
    least_above = {"base_atoms": MIN_ASK_ATOMS - 1, "min_fill_atoms": MIN_FILL_ATOMS - 1}
    spoilt: list[tuple[str, type[TransactionRefusedError], Spoil]] = [
        *(
            (f"{field} {value}", AmountBelowMinimumError, argument(field, value))
            for field, value in least_above.items()
        ),
        ("no atoms", AmountBelowMinimumError, arguments(base_atoms=0, min_fill_atoms=0)),
        ("no smallest fill", AmountBelowMinimumError, argument("min_fill_atoms", 0)),
        ("a fill above the deposit", MinFillAboveAmountError, argument("min_fill_atoms", BASE_ATOMS + 1)),
        ("no price", PriceZeroError, argument("price", 0)),
        ("a due of 65 bits", DueOutOfRangeError, argument("price", DUE_MAX_PRICE + 1)),
        ("the highest price", DueOutOfRangeError, argument("price", 2**64 - 1)),
        *(
            (f"commitment {label}", FieldElementNotCanonicalError, argument("payee_commit", value.to_bytes(32, "big")))
            for label, value in {"r": FR_MODULUS, "r + 1": FR_MODULUS + 1, "2^256 − 1": 2**256 - 1}.items()
        ),
        ("no expiry", ExpiryPassedError, argument("expiry_unix_s", 0)),
        ("expiry a second ago", ExpiryPassedError, argument("expiry_unix_s", UNIX_TIME_S - 1)),
        ("expiry now", ExpiryPassedError, argument("expiry_unix_s", UNIX_TIME_S)),
        ("expiry in a second", ExpiryTooSoonError, argument("expiry_unix_s", UNIX_TIME_S + 1)),
        ("expiry too soon", ExpiryTooSoonError, argument("expiry_unix_s", UNIX_TIME_S + market.LISTING_MIN_S - 1)),
        ("expiry of 41 bits", ExpiryOutOfRangeError, argument("expiry_unix_s", 2**40)),
        ("the last expiry", ExpiryOutOfRangeError, argument("expiry_unix_s", 2**64 - 1)),
    ]
    return [Refusal("place_ask_order", label, error, spoil) for label, error, spoil in spoilt]


def _cancelling() -> list[Refusal]:
    name = "cancel_ask_order"

    def refusal(label: str, error: type[TransactionRefusedError], spoil: Spoil) -> Refusal:
        return Refusal(name, label, error, spoil)

    return [
        *not_this_kind(name, "ask", AskInvalidError),
        refusal("another seller signs", AskSellerMismatchError, signed_by_another("seller")),
        refusal("ask of another seller", AskSellerMismatchError, replaced("ask", _ask_of_another)),
        *not_this_kind(name, "book", BookInvalidError),
        refusal(
            "book of another market",
            BookAddressMismatchError,
            replaced("book", lambda world, _: world.open_market().book),
        ),
        refusal("the ask is cancelled", AskNotListedError, _again),
        refusal("the ask has no leaf", BookCorruptError, _edited_ask(sequence=2**40)),
        refusal("the ask's leaf is another's", BookCorruptError, _leaf_of_another),
    ]


def _withdrawing() -> list[Refusal]:
    name = "withdraw_ask"

    def refusal(label: str, error: type[TransactionRefusedError], spoil: Spoil) -> Refusal:
        return Refusal(name, label, error, spoil)

    return [
        *not_this_kind(name, "ask", AskInvalidError),
        refusal("another seller signs", AskSellerMismatchError, signed_by_another("seller")),
        refusal("ask of another seller", AskSellerMismatchError, replaced("ask", _ask_of_another)),
        *_vaults(name),
        *_token_accounts(name, "destination"),
        refusal(
            "the vault to itself",
            TokenAccountOwnerMismatchError,
            replaced("destination", lambda _, ready: ready.address("vault")),
        ),
        refusal("nothing returned, listed", NothingToWithdrawError, _edited_ask(returned_atoms=0, listed=True)),
        refusal(
            "nothing returned, an order live", NothingToWithdrawError, _edited_ask(returned_atoms=0, live_orders=1)
        ),
        refusal(
            "nothing returned, a fee owed", NothingToWithdrawError, _edited_ask(returned_atoms=0, fee_owed_atoms=1)
        ),
        refusal("withdrawn and closed", VaultClosedError, _again),
        refusal("the vault holds less than is returned", ArithmeticOverflowError, _short_vault),
    ]


def _collecting() -> list[Refusal]:
    name = "collect_fees"

    def refusal(label: str, error: type[TransactionRefusedError], spoil: Spoil) -> Refusal:
        return Refusal(name, label, error, spoil)

    def treasury_elsewhere(world: MarketWorld, _: Ready) -> Pubkey:
        return world.token_account(world.place.mint, world.treasury.pubkey())

    def treasury_of_another_mint(world: MarketWorld, _: Ready) -> Pubkey:
        return world.fund(world.mint(), world.treasury.pubkey(), 0)

    def of_another_owner(world: MarketWorld, _: Ready) -> Pubkey:
        return world.fund(world.place.mint, world.user().pubkey(), 0)

    address = TokenAccountAddressMismatchError
    return [
        *config_cases(name),
        *not_this_kind(name, "ask", AskInvalidError),
        *_vaults(name),
        refusal("an account of the treasury elsewhere", address, replaced("treasury_token", treasury_elsewhere)),
        refusal(
            "the treasury's account of another mint", address, replaced("treasury_token", treasury_of_another_mint)
        ),
        refusal("somebody else's account", address, replaced("treasury_token", of_another_owner)),
        refusal("the vault to itself", address, replaced("treasury_token", lambda _, ready: ready.address("vault"))),
        refusal("a stranger", address, replaced("treasury_token", STRANGER)),
        refusal("the treasury's account is not there", TokenAccountInvalidError, _no_treasury),
        refusal("nothing is owed", NoFeesOwedError, _again),
        refusal("the vault is closed", VaultClosedError, _edited_ask(vault=Pubkey.default())),
    ]


def _vaults(name: str) -> list[Refusal]:
    def vault_of_another_ask(world: MarketWorld, _: Ready) -> Pubkey:
        seller = world.seller()
        return market.vault_address(world.place_ask(seller))

    finds: dict[str, Find] = {
        "a stranger": lambda _, __: STRANGER,
        "another ask's": vault_of_another_ask,
        "the seller's": lambda world, ready: world.token_account(
            world.place.mint, world.read(market.Ask, ready.address("ask")).seller
        ),
        "at a bump that is not canonical": lambda _, ready: lower_bump(market.VAULT_PDA, ready.address("ask")),
    }
    return [
        Refusal(name, f"vault is {label}", VaultAddressMismatchError, replaced("vault", find))
        for label, find in finds.items()
    ]


def _token_accounts(name: str, account: str) -> list[Refusal]:
    """What may stand in the place of the seller's token account."""
    uninitialized = bytes(TOKEN_ACCOUNT_BYTES)

    def copy_of(owner: Pubkey, cut: int = 0, more: bytes = b"") -> Find:
        def find(world: MarketWorld, ready: Ready) -> Pubkey:
            true = world.account(ready.address(account))
            assert true is not None
            data = bytes(true.data)
            return planted(data[: len(data) - cut] + more, owner)(world, ready)

        return find

    def of_another_mint(world: MarketWorld, ready: Ready) -> Pubkey:
        return world.fund(world.mint(), ready.address("seller"), BASE_ATOMS)

    def of_another_owner(world: MarketWorld, _: Ready) -> Pubkey:
        return world.fund(world.place.mint, world.user().pubkey(), BASE_ATOMS)

    finds: dict[str, tuple[type[TransactionRefusedError], Find]] = {
        "does not exist": (TokenAccountInvalidError, lambda _, __: STRANGER),
        "is a wallet": (TokenAccountInvalidError, lambda world, _: world.user().pubkey()),
        "is the mint": (TokenAccountInvalidError, lambda world, _: world.place.mint),
        "is not initialized": (TokenAccountInvalidError, planted(uninitialized, TOKEN_PROGRAM)),
        "is of Token-2022": (TokenAccountInvalidError, copy_of(TOKEN_2022_PROGRAM)),
        "is a copy under another program": (TokenAccountInvalidError, copy_of(OTHER_PROGRAM)),
        "is a byte short": (TokenAccountInvalidError, copy_of(TOKEN_PROGRAM, cut=1)),
        "is a byte long": (TokenAccountInvalidError, copy_of(TOKEN_PROGRAM, more=b"\2")),
        "holds another mint": (TokenAccountMintMismatchError, of_another_mint),
        "is somebody else's": (TokenAccountOwnerMismatchError, of_another_owner),
    }
    return [
        Refusal(name, f"{account} {label}", error, replaced(account, find)) for label, (error, find) in finds.items()
    ]


def _delegated(world: MarketWorld, ready: Ready) -> Pubkey:
    """Tokens of another owner, who approved the seller: a flag and his key at byte 72, how much at byte 121."""
    account = world.fund(world.place.mint, world.user().pubkey(), BASE_ATOMS)
    stored = world.account(account)
    assert stored is not None
    data = bytearray(stored.data)
    data[72:108] = (1).to_bytes(4, "little") + bytes(ready.address("seller"))
    data[121:129] = BASE_ATOMS.to_bytes(8, "little")
    return planted(bytes(data), TOKEN_PROGRAM)(world, ready)


def _another_seller(world: MarketWorld, ready: Ready) -> Ready:
    """Everything is the other seller's, but for the ask and its vault."""
    other = world.seller()
    instruction = with_account(ready.instruction, ready.index("seller"), pubkey=other.pubkey())
    tokens = associated_token_address(other.pubkey(), world.place.mint)
    return Ready(with_account(instruction, ready.index("seller_token"), pubkey=tokens), (other,))


def _short_vault(world: MarketWorld, ready: Ready) -> Ready:
    """No transaction leaves a vault like that; were it so, the rest must not pass for all."""
    world.set_balance(ready.address("vault"), BASE_ATOMS - 1)
    return ready


def _again(world: MarketWorld, ready: Ready) -> Ready:
    """The same transaction once more."""
    world.accepted(ready.instruction, signers=ready.signers)
    return ready


def _again_at_another_price(world: MarketWorld, ready: Ready) -> Ready:
    world.mint_to(world.place.mint, ready.address("seller_token"), BASE_ATOMS)
    return argument("price", 1)(world, _again(world, ready))


def _superseded(world: MarketWorld, ready: Ready) -> Ready:
    world.publish_terms(TermsArgs(version=2))
    return ready


def _superseded_account(world: MarketWorld, ready: Ready) -> Ready:
    return argument("terms_version", 2)(world, _superseded(world, ready))


def _superseded_version(world: MarketWorld, ready: Ready) -> Ready:
    return replaced("terms", lambda world, _: world.place.terms(2))(world, _superseded(world, ready))


def _revoked(world: MarketWorld, ready: Ready) -> Ready:
    world.edit(market.Terms, world.place.terms(), revoked_at_unix_s=UNIX_TIME_S)
    return ready


def _edited_ask(**fields: object) -> Spoil:
    def spoil(world: MarketWorld, ready: Ready) -> Ready:
        world.edit(market.Ask, ready.address("ask"), **fields)
        return ready

    return spoil


def _ask_of_another(world: MarketWorld, _: Ready) -> Pubkey:
    return world.place_ask(world.seller())


def _leaf_of_another(world: MarketWorld, ready: Ready) -> Ready:
    other = world.read(market.Ask, world.place_ask(world.seller(), AskArgs(price=7)))
    return _edited_ask(price=other.price, sequence=other.sequence)(world, ready)


def _no_treasury(world: MarketWorld, ready: Ready) -> Ready:
    """The address is the true one; the account was never made."""
    treasury = world.user()
    world.edit(market.Config, market.config_address(), treasury=treasury.pubkey())
    address = associated_token_address(treasury.pubkey(), world.place.mint)
    return replaced("treasury_token", address)(world, ready)
