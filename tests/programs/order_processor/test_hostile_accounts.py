"""Whatever accounts and bytes anybody sends: each is refused with its own code, and nothing changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from solders.account import Account
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_sdk.generated import groth16_verifier_errors, market, market_errors, order_processor, order_store
from anomi_sdk.generated import order_processor_errors as errors
from anomi_sdk.program_errors import TransactionRefusedError
from anomi_sdk.trade.tokens import TOKEN_PROGRAM, associated_token_address
from tests.programs.market.bid.world import BidArgs, line_id
from tests.programs.market.world import TOKEN_2022_PROGRAM, TermsArgs
from tests.programs.order_processor.world import BID, PROVE_BY, TRANSFER, TradeWorld, nf
from tests.programs.world import with_account, with_accounts, with_data

SYSTEM_PROGRAM = Pubkey.default()
STRANGER = Pubkey.from_bytes(bytes(range(32)))
"""An address at which there is nothing."""


@dataclass(frozen=True)
class Scene:
    """An order that waits for one instruction, which would go through, and other orders to take accounts from."""

    world: TradeWorld
    order: Pubkey
    call: Instruction
    signer: Keypair | None
    neighbour: order_store.MatchedOrder
    """Of another ask, buyer's line and seller in the same market."""
    foreigner: order_store.MatchedOrder
    """Of another market."""

    def index(self, name: str) -> int:
        spec = next(spec for spec in order_processor.INSTRUCTIONS if self.call.data[:8] == spec.discriminator)
        return [account.name for account in spec.accounts].index(name)

    def refuse(self, call: Instruction, code: type[TransactionRefusedError]) -> None:
        signing = [meta.pubkey for meta in call.accounts if meta.is_signer]
        signers = [self.signer] if self.signer is not None and self.signer.pubkey() in signing else []
        self.world.refused(call, signers=signers, code=code)


def scene(world: TradeWorld, instruction: str) -> Scene:
    place = world.initialize_market(world.mint())
    world.publish_terms(place=place)
    foreigner = world.order(world.revealed(bid=BidArgs(line_id=line_id("of a foreigner")), place=place))
    neighbour = world.order(world.revealed(bid=BidArgs(line_id=line_id("of a neighbour"))))
    world.publish_terms(TermsArgs(version=2))
    # Bids are taken under the newest terms only; the order in question was there before.
    world.edit(market.Market, world.place.market, terms_version=1)
    order = world.matched() if instruction == "reveal_payee" else world.revealed()
    world.edit(market.Market, world.place.market, terms_version=2)
    seller = world.seller_of(order)
    signer: Keypair | None = None
    if instruction == "reveal_payee":
        call, signer = world.reveal_instruction(order), seller
    elif instruction == "report_payment":
        call, signer = world.report_instruction(order, TRANSFER), world.buyer
    elif instruction == "finalize_trade":
        signer = world.user()
        call = world.finalize_instruction(order, payer=signer.pubkey())
    elif instruction == "release_by_seller":
        world.accepted(world.report_instruction(order, TRANSFER), signers=[world.buyer])
        call, signer = world.seller_release_instruction(order), seller
    elif instruction == "extend_claim":
        world.accepted(world.report_instruction(order, TRANSFER), signers=[world.buyer])
        call, signer = world.extend_instruction(order), world.buyer
    elif instruction == "cancel_order":
        call, signer = world.cancel_order_instruction(order), world.buyer
    else:
        world.svm.set_unix_time(PROVE_BY + 1)
        call = world.expire_instruction(order)
    return Scene(world, order, call, signer, neighbour, foreigner)


NAMES = [spec.name for spec in order_processor.INSTRUCTIONS]
WRITABLE = {
    spec.name: [account.name for account in spec.accounts if account.writable] for spec in order_processor.INSTRUCTIONS
}
SIGNERS = {
    spec.name: next(account.name for account in spec.accounts if account.signer)
    for spec in order_processor.INSTRUCTIONS
    if any(account.signer for account in spec.accounts)
}


@pytest.mark.parametrize("name", NAMES)
def test_the_scene_is_ready(world: TradeWorld, name: str) -> None:
    """What the other tests spoil would go through."""
    ready = scene(world, name)
    world.accepted(ready.call, signers=[ready.signer] if ready.signer else [])


@pytest.mark.parametrize("name", NAMES)
def test_the_data_is_exact(world: TradeWorld, name: str) -> None:
    ready = scene(world, name)
    data = ready.call.data
    for wrong in (b"", data[:7], bytes(8) + data[8:], bytes([data[0] ^ 1]) + data[1:], data[:8][::-1] + data[8:]):
        ready.refuse(with_data(ready.call, wrong), errors.InstructionUnknownError)
    for wrong in (data[:8], data[:-1], data + b"\0", data + bytes(32)):
        if wrong != data and len(wrong) >= 8:  # expire_order is 8 bytes.
            ready.refuse(with_data(ready.call, wrong), errors.InstructionDataLengthMismatchError)


@pytest.mark.parametrize("name", NAMES)
def test_the_accounts_are_counted(world: TradeWorld, name: str) -> None:
    ready = scene(world, name)
    metas = ready.call.accounts
    for wrong in ([], metas[:-1], metas[1:], [*metas, metas[-1]], [*metas, *metas]):
        ready.refuse(with_accounts(ready.call, wrong), errors.AccountCountMismatchError)


@pytest.mark.parametrize("name", SIGNERS)
def test_the_signer_signs(world: TradeWorld, name: str) -> None:
    ready = scene(world, name)
    at = ready.index(SIGNERS[name])
    ready.refuse(with_account(ready.call, at, is_signer=False), errors.SignerMissingError)


@pytest.mark.parametrize("name", NAMES)
def test_what_changes_is_writable(world: TradeWorld, name: str) -> None:
    ready = scene(world, name)
    for account in WRITABLE[name]:
        spoiled = with_account(ready.call, ready.index(account), is_writable=False)
        ready.refuse(spoiled, errors.AccountNotWritableError)


Found = Iterator[tuple[Pubkey, type[TransactionRefusedError]]]
"""Accounts that do not belong in a place, each with the error of its refusal."""
Substitutes = Callable[[Scene], Found]


def _order(ready: Scene) -> Found:
    stored = ready.world.account(ready.order)
    assert stored is not None
    look_alike = Pubkey.from_bytes(b"\1" * 32)
    ready.world.svm.set_account(look_alike, Account(stored.lamports, stored.data, market.PROGRAM_ID))
    mine = Pubkey.from_bytes(b"\2" * 32)
    ready.world.svm.set_account(mine, Account(stored.lamports, stored.data, STRANGER))
    longer = Pubkey.from_bytes(b"\3" * 32)
    ready.world.svm.set_account(longer, Account(stored.lamports, bytes(stored.data) + b"\0", order_store.PROGRAM_ID))
    retagged = Pubkey.from_bytes(b"\4" * 32)
    data = order_store.ORDER_STORED_EVENT_TAG + bytes(stored.data)[8:]
    ready.world.svm.set_account(retagged, Account(stored.lamports, data, order_store.PROGRAM_ID))
    for other in (STRANGER, look_alike, mine, longer, retagged, ready.neighbour.ask):
        yield other, errors.OrderInvalidError


def _market(ready: Scene) -> Found:
    for other in (STRANGER, ready.foreigner.market, ready.neighbour.ask, ready.order):
        yield other, errors.MarketMismatchError


def _terms(ready: Scene) -> Found:
    place = ready.world.place
    for other in (
        STRANGER,
        place.terms(2),
        market.terms_address(ready.foreigner.market, 1),
        place.market,
        ready.order,
    ):
        yield other, errors.TermsMismatchError


def _ask(ready: Scene) -> Found:
    for other in (STRANGER, ready.neighbour.ask, ready.foreigner.ask, ready.world.place.market, ready.order):
        yield other, errors.AskMismatchError


def _line(ready: Scene) -> Found:
    neighbour = market.line_address(ready.neighbour.line_id)
    foreigner = market.line_address(ready.foreigner.line_id)
    for other in (STRANGER, neighbour, foreigner, ready.neighbour.ask, ready.order):
        yield other, errors.LineMismatchError


def _vault(ready: Scene) -> Found:
    world = ready.world
    thief = world.token_account(world.place.mint, world.user().pubkey())
    for other in (STRANGER, market.vault_address(ready.neighbour.ask), thief):
        yield other, market_errors.VaultAddressMismatchError


def _buyer_token(ready: Scene) -> Found:
    world = ready.world
    for other in (
        STRANGER,
        associated_token_address(ready.neighbour.seller, world.place.mint),
        associated_token_address(world.buyer.pubkey(), world.read(market.Market, ready.foreigner.market).base_mint),
        market.vault_address(ready.neighbour.ask),
    ):
        yield other, market_errors.TokenAccountAddressMismatchError


def _book(ready: Scene) -> Found:
    yield STRANGER, market_errors.BookInvalidError
    yield ready.neighbour.ask, market_errors.BookInvalidError
    yield market.book_address(ready.foreigner.market), market_errors.BookAddressMismatchError


def _nullifier(ready: Scene) -> Found:
    another_transfer = order_processor.nullifier_address(nf("another transfer"))
    for other in (STRANGER, another_transfer, order_processor.word_address(BID.line_id, TRANSFER), ready.neighbour.ask):
        yield other, errors.NullifierAddressMismatchError


def _word(ready: Scene) -> Found:
    another_transfer = order_processor.word_address(BID.line_id, nf("another transfer"))
    another_line = order_processor.word_address(ready.neighbour.line_id, TRANSFER)
    for other in (STRANGER, another_transfer, another_line, order_processor.nullifier_address(TRANSFER)):
        yield other, errors.WordAddressMismatchError


def _payment_key(ready: Scene) -> Found:
    world = ready.world
    for other in (STRANGER, world.stored_key("solvency"), world.stored_key("an attacker's"), world.place.terms()):
        yield other, errors.PaymentKeyMismatchError


def _always(error: type[TransactionRefusedError], *others: Pubkey) -> Substitutes:
    return lambda _ready: iter([(other, error) for other in others])


def _signer(error: type[TransactionRefusedError]) -> Substitutes:
    # It signs every transaction here, because it pays for them.
    return lambda ready: iter([(ready.world.authority.pubkey(), error)])


_program = _always(errors.ProgramMismatchError, STRANGER, order_processor.PROGRAM_ID, SYSTEM_PROGRAM, TOKEN_PROGRAM)
SUBSTITUTES: dict[str, Substitutes] = {
    "revealer": _signer(errors.RevealerMismatchError),
    "buyer": _signer(errors.BuyerMismatchError),
    "seller": _signer(errors.SellerMismatchError),
    "order": _order,
    "market": _market,
    "terms": _terms,
    "ask": _ask,
    "vault": _vault,
    "line": _line,
    "buyer_token": _buyer_token,
    "book": _book,
    "nullifier": _nullifier,
    "word": _word,
    "payment_key": _payment_key,
    "processor_authority": _always(errors.AuthorityAddressMismatchError, STRANGER, market.authority_address()),
    "groth16_verifier": _program,
    "order_store": _program,
    "market_program": _program,
    "token_program": _always(errors.TokenProgramMismatchError, STRANGER, TOKEN_2022_PROGRAM, SYSTEM_PROGRAM),
    "system_program": _always(errors.SystemProgramMismatchError, STRANGER, TOKEN_PROGRAM, market.PROGRAM_ID),
}
PLACES = [
    (spec.name, account.name)
    for spec in order_processor.INSTRUCTIONS
    for account in spec.accounts
    if (spec.name, account.name) != ("finalize_trade", "payer")  # Anyone may pay.
]


@pytest.mark.parametrize(("name", "account"), PLACES)
def test_no_other_account_stands_in(world: TradeWorld, name: str, account: str) -> None:
    ready = scene(world, name)
    tried = 0
    for other, error in SUBSTITUTES[account](ready):
        ready.refuse(with_account(ready.call, ready.index(account), pubkey=other), error)
        tried += 1
    assert tried >= 1
    world.accepted(ready.call, signers=[ready.signer] if ready.signer else [])


@pytest.mark.parametrize("name", ["finalize_trade", "release_by_seller"])
def test_another_orders_accounts_all_at_once_are_refused(world: TradeWorld, name: str) -> None:
    """A neighbour's order in the order's place: its accounts have to come with it, and then its own rules hold."""
    ready = scene(world, name)
    neighbour = order_store.order_address(ready.neighbour.market, ready.neighbour.line_id, ready.neighbour.seq)
    call = with_account(ready.call, ready.index("order"), pubkey=neighbour)
    ready.refuse(call, errors.AskMismatchError)
    call = with_account(call, ready.index("ask"), pubkey=ready.neighbour.ask)
    ready.refuse(call, errors.LineMismatchError)
    call = with_account(call, ready.index("line"), pubkey=market.line_address(ready.neighbour.line_id))
    if name == "finalize_trade":
        ready.refuse(call, errors.WordAddressMismatchError)
        word = order_processor.word_address(ready.neighbour.line_id, TRANSFER)
        call = with_account(call, ready.index("word"), pubkey=word)
    last = {
        "finalize_trade": groth16_verifier_errors.ProofInvalidError,
        "release_by_seller": errors.SellerMismatchError,
    }
    ready.refuse(call, last[name])


@pytest.mark.parametrize("name", NAMES)
def test_one_account_in_two_places_is_refused(world: TradeWorld, name: str) -> None:
    """Every pair of places: the account of one in both."""
    ready = scene(world, name)
    metas = ready.call.accounts
    tried = 0
    for target in range(len(metas)):
        for source in range(len(metas)):
            if metas[target].pubkey == metas[source].pubkey or metas[target].is_signer:
                continue
            outcome = world.refused(
                with_account(ready.call, target, pubkey=metas[source].pubkey),
                signers=[ready.signer] if ready.signer else [],
            )
            assert outcome.failure is not None
            assert outcome.failure.code is not None, "\n".join(outcome.logs)
            assert 6000 <= outcome.failure.code < 6400
            tried += 1
    assert tried >= 9


@pytest.mark.parametrize("name", ["market", "terms", "ask", "line"])
def test_an_account_that_only_looks_right_is_refused(world: TradeWorld, name: str) -> None:
    """The layouts are public: an account of another program can say anything."""
    ready = scene(world, "finalize_trade")
    at = ready.index(name)
    account = world.account(ready.call.accounts[at].pubkey)
    assert account is not None
    look_alike = Pubkey.from_bytes(name.encode().ljust(32, b"\7"))
    error = {
        "market": errors.MarketMismatchError,
        "terms": errors.TermsMismatchError,
        "ask": errors.AskMismatchError,
        "line": errors.LineMismatchError,
    }[name]
    data = bytes(account.data)
    for owner, changed in (
        (STRANGER, data),
        (order_store.PROGRAM_ID, data),
        (market.PROGRAM_ID, data + b"\0"),
        (market.PROGRAM_ID, data[:-1]),
        (market.PROGRAM_ID, bytes([data[0] ^ 1]) + data[1:]),
    ):
        world.svm.set_account(look_alike, Account(account.lamports, changed, owner))
        ready.refuse(with_account(ready.call, at, pubkey=look_alike), error)
