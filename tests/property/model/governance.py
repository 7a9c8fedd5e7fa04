"""The market program's set-up and government: config, markets, books and terms."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

from solders.pubkey import Pubkey

from anomi_core.eddsa import PublicKey
from anomi_core.identity import deployment_id, domain
from anomi_core.poseidon import poseidon
from anomi_core.registry import AttestorSet
from anomi_core.spec import TAG_PAYMENT, TAG_RAIL, TAG_SOLVENCY
from anomi_sdk.generated import market
from tests.property.model.checks import Program, is_field_element
from tests.property.model.ledger import Book, Key, Ledger, Mint, pda

__all__ = [
    "accept_authority",
    "check_governor",
    "grow_book",
    "initialize_config",
    "initialize_market",
    "publish_terms",
    "restore_terms",
    "revoke_terms",
    "set_paused",
    "transfer_authority",
]

MARKET = Program(market.PROGRAM)
need = MARKET.need
_NOBODY = Pubkey.default()
_NO_RAIL = market.RailEntry(provider_id=0, iso4217_numeric=0, exponent=0)
_NO_KEY = market.AttestorKey(bytes(32), bytes(32))
_BOOK_FIXED_BYTES = 8 + 32 + 8
_BOOK_BYTES_MAX = _BOOK_FIXED_BYTES + 16 + 4096 * (25 + market.BOOK_LEAF_BYTES)


def check_governor(ledger: Ledger, signer: Pubkey, config: Pubkey) -> market.Config:
    """The config, which names the signer as its authority."""
    need(config == market.config_address(), "ConfigAddressMismatch")
    value = MARKET.load(ledger, market.Config, config, "ConfigNotInitialized")
    need(signer == value.authority, "GovernorMismatch")
    return value


def initialize_config(ledger: Ledger, accounts: SimpleNamespace, args: SimpleNamespace) -> None:
    need(accounts.initializer == market.INITIALIZER, "InitializerMismatch")
    need(accounts.config == market.config_address(), "ConfigAddressMismatch")
    need(accounts.config not in ledger.accounts, "ConfigAlreadyExists")
    deployment = deployment_id(args.genesis_hash, bytes(market.PROGRAM_ID))
    ledger.accounts[accounts.config] = market.Config(
        authority=args.authority,
        pending_authority=_NOBODY,
        treasury=args.treasury,
        genesis_hash=args.genesis_hash,
        deployment=deployment.to_bytes(32, "big"),
        rails_count=0,
        rails=(_NO_RAIL,) * market.RAILS_MAX,
    )


def initialize_market(ledger: Ledger, accounts: SimpleNamespace, args: SimpleNamespace) -> None:
    config = check_governor(ledger, accounts.authority, accounts.config)
    mint = MARKET.load(ledger, Mint, accounts.base_mint, "MintInvalid")
    need(mint.decimals <= market.BASE_DECIMALS_MAX, "MintDecimalsTooMany")
    need(args.provider_id > 0 and 1 <= args.iso4217_numeric <= 999 and args.exponent <= 6, "RailInvalid")
    rail = poseidon([TAG_RAIL, args.provider_id, args.iso4217_numeric, args.exponent])
    rail_bytes = rail.to_bytes(32, "big")
    address, bump = pda(market.PROGRAM_ID, b"market", bytes(accounts.base_mint), rail_bytes)
    need(accounts.market == address, "MarketAddressMismatch")
    need(accounts.book == pda(market.PROGRAM_ID, b"book", bytes(address))[0], "BookAddressMismatch")
    need(address not in ledger.accounts, "MarketAlreadyExists")
    ledger.accounts[accounts.config] = _with_rail(config, args)
    deployment = int.from_bytes(config.deployment, "big")
    ledger.accounts[address] = market.Market(
        base_mint=accounts.base_mint,
        rail=rail_bytes,
        book=accounts.book,
        domain_solvency=domain(TAG_SOLVENCY, deployment, rail, bytes(address)).to_bytes(32, "big"),
        domain_payment=domain(TAG_PAYMENT, deployment, rail, bytes(address)).to_bytes(32, "big"),
        provider_id=args.provider_id,
        iso4217_numeric=args.iso4217_numeric,
        exponent=args.exponent,
        base_decimals=mint.decimals,
        bump=bump,
        paused=False,
        terms_version=0,
        next_order_id=1,
    )
    ledger.accounts[accounts.book] = Book(address, 1, (), market.BOOK_GROWTH_BYTES)


def _with_rail(config: market.Config, args: SimpleNamespace) -> market.Config:
    """The config with the rail listed: a provider and a currency have one exponent."""
    listed = config.rails[: config.rails_count]
    for rail in listed:
        if (rail.provider_id, rail.iso4217_numeric) == (args.provider_id, args.iso4217_numeric):
            need(rail.exponent == args.exponent, "RailExponentMismatch")
            return config
    need(len(listed) < market.RAILS_MAX, "RailsFull")
    rail = market.RailEntry(args.provider_id, args.iso4217_numeric, args.exponent)
    rails = (*listed, rail, *config.rails[config.rails_count + 1 :])
    return replace(config, rails=rails, rails_count=config.rails_count + 1)


def grow_book(ledger: Ledger, accounts: SimpleNamespace, _args: SimpleNamespace) -> None:
    book = MARKET.load(ledger, Book, accounts.book, "BookInvalid")
    need(book.size_bytes < _BOOK_BYTES_MAX, "BookAtLargestSize")
    size = min(book.size_bytes + market.BOOK_GROWTH_BYTES, _BOOK_BYTES_MAX)
    ledger.accounts[accounts.book] = replace(book, size_bytes=size)


def publish_terms(ledger: Ledger, accounts: SimpleNamespace, args: SimpleNamespace) -> None:
    check_governor(ledger, accounts.authority, accounts.config)
    place = MARKET.load(ledger, market.Market, accounts.market, "MarketInvalid")
    need(args.version == place.terms_version + 1, "TermsVersionMismatch")
    version = args.version.to_bytes(4, "little")
    need(accounts.terms == pda(market.PROGRAM_ID, b"terms", bytes(accounts.market), version)[0], "TermsAddressMismatch")
    for name in ("solvency_key", "payment_key"):
        key = ledger.get(Key, getattr(accounts, name))
        need(key is not None and key.public_inputs == 1, "VerifyingKeyInvalid")
    need(not place.paused, "MarketPaused")
    _check_attestors(args)
    _check_numbers(args)
    used = args.attestor_keys[: args.attestor_n]
    keys = tuple(PublicKey(int.from_bytes(key.x, "big"), int.from_bytes(key.y, "big")) for key in used)
    root = AttestorSet(keys, args.attestor_k, args.attestor_depth).root
    copied = {name: value for name, value in vars(args).items() if name in market.Terms.__dataclass_fields__}
    ledger.accounts[accounts.terms] = market.Terms(
        market=accounts.market,
        solvency_key=accounts.solvency_key,
        payment_key=accounts.payment_key,
        attestor_root=root.to_bytes(32, "big"),
        published_at_unix_s=ledger.now,
        revoked_at_unix_s=0,
        claim_extension_s=0,
        **copied,
    )
    ledger.accounts[accounts.market] = replace(place, terms_version=args.version)


def _check_attestors(args: SimpleNamespace) -> None:
    k, n, depth = args.attestor_k, args.attestor_n, args.attestor_depth
    need(1 <= depth <= 3, "AttestorDepthInvalid")
    need(1 <= n <= min(market.ATTESTORS_MAX, 2**depth) and n < 2 * k <= 2 * n, "AttestorCountInvalid")
    seen: set[bytes] = set()
    for key in args.attestor_keys[:n]:
        need(is_field_element(key.x) and is_field_element(key.y), "AttestorKeyNotCanonical")
        need(key.y not in seen, "AttestorKeysEqual")
        seen.add(key.y)
    need(all(key == _NO_KEY for key in args.attestor_keys[n:]), "AttestorKeyUnused")


def _check_numbers(args: SimpleNamespace) -> None:
    need(args.fee_bps <= market.FEE_BPS_MAX, "FeeTooHigh")
    windows = (
        (args.reveal_window_s, market.REVEAL_WINDOW_MIN_S, market.REVEAL_WINDOW_MAX_S),
        (args.pay_window_s, market.PAY_WINDOW_MIN_S, market.PAY_WINDOW_MAX_S),
        (args.prove_window_s, market.PROVE_WINDOW_MIN_S, market.PROVE_WINDOW_MAX_S),
        (args.cooldown_s, 0, market.COOLDOWN_MAX_S),
        (args.free_cancel_grace_s, 0, args.pay_window_s),
        (args.free_cancel_interval_s, 0, market.FREE_CANCEL_INTERVAL_MAX_S),
    )
    need(all(low <= value <= high for value, low, high in windows), "WindowOutOfBounds")
    need(args.strikes_max <= market.STRIKES_MAX, "StrikesTooMany")
    need(1 <= args.min_fill_atoms <= args.min_ask_atoms, "MinimumInvalid")


def revoke_terms(ledger: Ledger, accounts: SimpleNamespace, _args: SimpleNamespace) -> None:
    """The first revocation gives every order under the terms more time to prove, for ever."""
    check_governor(ledger, accounts.authority, accounts.config)
    terms = MARKET.load(ledger, market.Terms, accounts.terms, "TermsInvalid")
    need(terms.revoked_at_unix_s == 0, "TermsRevoked")
    ledger.accounts[accounts.terms] = replace(
        terms, revoked_at_unix_s=ledger.now, claim_extension_s=market.REVOKED_TERMS_EXTENSION_S
    )


def restore_terms(ledger: Ledger, accounts: SimpleNamespace, _args: SimpleNamespace) -> None:
    check_governor(ledger, accounts.authority, accounts.config)
    terms = MARKET.load(ledger, market.Terms, accounts.terms, "TermsInvalid")
    need(terms.revoked_at_unix_s != 0, "TermsNotRevoked")
    ledger.accounts[accounts.terms] = replace(terms, revoked_at_unix_s=0)


def set_paused(ledger: Ledger, accounts: SimpleNamespace, args: SimpleNamespace) -> None:
    check_governor(ledger, accounts.authority, accounts.config)
    place = MARKET.load(ledger, market.Market, accounts.market, "MarketInvalid")
    ledger.accounts[accounts.market] = replace(place, paused=args.paused)


def transfer_authority(ledger: Ledger, accounts: SimpleNamespace, args: SimpleNamespace) -> None:
    config = check_governor(ledger, accounts.authority, accounts.config)
    ledger.accounts[accounts.config] = replace(config, pending_authority=args.pending_authority)


def accept_authority(ledger: Ledger, accounts: SimpleNamespace, _args: SimpleNamespace) -> None:
    need(accounts.config == market.config_address(), "ConfigAddressMismatch")
    config = MARKET.load(ledger, market.Config, accounts.config, "ConfigNotInitialized")
    need(accounts.successor == config.pending_authority, "PendingAuthorityMismatch")
    ledger.accounts[accounts.config] = replace(config, authority=config.pending_authority, pending_authority=_NOBODY)
