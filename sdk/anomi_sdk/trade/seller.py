"""The seller: asks, reveals, releases, withdrawals. He keeps no journal: the vault and the chain tell him everything.

Each ask has a number of the seller's own (`client_nonce`), and its address follows from that, so that placing the same
ask twice places it once. Its payee is found again by trying the vault's accounts against the ask's commitment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from solders.pubkey import Pubkey

from anomi_core.errors import RefusedError, UsageError
from anomi_sdk.generated import market as market_program
from anomi_sdk.generated import order_processor
from anomi_sdk.generated.market import ASK_MARKET_OFFSET, ASK_SELLER_OFFSET, Ask
from anomi_sdk.generated.order_store import MATCHED_ORDER_MARKET_OFFSET, MATCHED_ORDER_SELLER_OFFSET
from anomi_sdk.layouts import AccountMissingError
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.rpc import DataMatch, Rpc
from anomi_sdk.trade.listing import ask_to_evict, prepare_accept_terms, prepare_relist
from anomi_sdk.trade.markets import MarketRef, field_bytes, read_current_terms, read_market
from anomi_sdk.trade.orders import OrderStatus, OrderView, existing, orders_where, read_order
from anomi_sdk.trade.prepared import Audience, Disclosure, Prepared, Till, execute
from anomi_sdk.trade.reveal import Payee, seal_reveal
from anomi_sdk.trade.seams import Wallet
from anomi_sdk.trade.settlement import prepare_release
from anomi_sdk.trade.tokens import associated_token_address
from anomi_sdk.trade.vault import Identity

__all__ = [
    "AskNonceTakenError",
    "AskTerms",
    "AskView",
    "PayeeUnknownError",
    "PaymentSeenTooSmallError",
    "ReportedTransferMismatchError",
    "RevealsRefusedError",
    "Seller",
]


class AskNonceTakenError(UsageError):
    """The seller has used this number for another ask already."""


class PayeeUnknownError(RefusedError):
    """No account of the vault opens the ask's commitment: link the account that the ask was placed with."""


class PaymentSeenTooSmallError(RefusedError):
    """A seller would release all of an order's tokens for a transfer of less than all that is due."""


class ReportedTransferMismatchError(RefusedError):
    """The buyer reported another transfer than the one that the seller has seen.

    The seller's word spends the reported one only. The one that he has seen would still be unspent, and could be proven
    for another order: he would pay twice for it.
    """


class RevealsRefusedError(RefusedError):
    """Some orders could not be revealed; all others were. `revealed` are these, `refused` says why the rest are not."""

    def __init__(self, revealed: Sequence[Pubkey], refused: Mapping[Pubkey, RefusedError]) -> None:
        """Name every order that is not revealed, with its reason."""
        reasons = "; ".join(f"{order}: {error}" for order, error in refused.items())
        super().__init__(f"{len(revealed)} of {len(revealed) + len(refused)} orders are revealed; not {reasons}")
        self.revealed = tuple(revealed)
        self.refused = dict(refused)


@dataclass(frozen=True)
class AskTerms:
    """What is offered: a deposit at a price in fiat minor units a whole token, to be paid to `account`.

    `client_nonce` is any number that this seller has not used in this market: see `Seller.next_nonce`. Nobody but the
    seller may reveal the payee unless `reveal_delegate` names somebody.
    """

    account: str = field(repr=False)
    base_atoms: int
    price: int
    min_fill_atoms: int
    client_nonce: int
    expiry_unix_s: int
    reveal_delegate: Pubkey | None = None


@dataclass(frozen=True)
class AskView:
    """An ask and its address."""

    address: Pubkey
    ask: Ask


class Seller:
    """One person's wallet and identity in one market. A delegate reveals with his own wallet and the seller's vault."""

    def __init__(
        self, rpc: Rpc, ref: MarketRef, *, identity: Identity, wallet: Wallet, micro_lamports_per_unit: int = 0
    ) -> None:
        """Sell with `wallet`, which pays fees and rent too."""
        self._rpc = rpc
        self._ref = ref
        self._identity = identity
        self._wallet = wallet
        self._till = Till(rpc, wallet.pubkey(), micro_lamports_per_unit)

    @property
    def address(self) -> Pubkey:
        """The seller's address."""
        return self._wallet.pubkey()

    def execute(self, prepared: Prepared) -> TransactionOutcome:
        """Sign, simulate, send and confirm. Raises the error class of the program that refuses."""
        return execute(self._rpc, prepared, [self._wallet])

    # Asks

    def ask_address(self, client_nonce: int) -> Pubkey:
        """Return where the ask of this number stands, placed or not."""
        return market_program.ask_address(self._ref.address, self.address, client_nonce)

    def asks(self) -> list[AskView]:
        """Return all asks that this seller ever placed here, by their numbers."""
        found = self._rpc.program_accounts(
            market_program.PROGRAM_ID,
            data_bytes=Ask.size(),
            matches=[
                DataMatch(0, Ask.TAG),
                DataMatch(ASK_MARKET_OFFSET, bytes(self._ref.address)),
                DataMatch(ASK_SELLER_OFFSET, bytes(self.address)),
            ],
        )
        views = [AskView(address, Ask.read(account)) for address, account in found]
        return sorted(views, key=lambda view: view.ask.client_nonce)

    def next_nonce(self) -> int:
        """Return the number after the largest that was used."""
        return max((view.ask.client_nonce for view in self.asks()), default=0) + 1

    def prepare_ask(self, terms: AskTerms) -> Prepared:
        """Return the transaction that deposits the tokens and lists them.

        The account goes nowhere but into a commitment. Raises PayeeUnknownError when the vault does not hold it,
        MarketClosedError, and what reading the market raises.
        """
        view = read_market(self._rpc, self._ref)
        current = read_current_terms(self._rpc, view)
        ask = self.ask_address(terms.client_nonce)
        commitment = field_bytes(self._payee(terms.account, ask).commitment(self._ref.rail))
        instruction = market_program.place_ask_order(
            seller=self.address,
            market=view.address,
            terms=current.address,
            book=view.market.book,
            ask=ask,
            vault=market_program.vault_address(ask),
            seller_token=associated_token_address(self.address, self._ref.base_mint),
            base_mint=self._ref.base_mint,
            evicted=ask_to_evict(self._rpc, view.market.book, ask),
            client_nonce=terms.client_nonce,
            base_atoms=terms.base_atoms,
            price=terms.price,
            min_fill_atoms=terms.min_fill_atoms,
            payee_commit=commitment,
            reveal_delegate=terms.reveal_delegate or self.address,
            terms_version=current.terms.version,
            expiry_unix_s=terms.expiry_unix_s,
        )
        discloses = (
            Disclosure(Audience.CHAIN, "the seller's wallet", str(self.address)),
            Disclosure(Audience.CHAIN, "tokens and price", f"{terms.base_atoms} atoms at {terms.price}"),
            Disclosure(Audience.CHAIN, "a commitment that hides the account to be paid", commitment.hex()),
        )
        return self._till.prepare("place_ask_order", instruction, discloses=discloses)

    def place_ask(self, terms: AskTerms) -> AskView:
        """Place an ask, unless it is placed already, and return it: after a crash, call it again with the same number.

        Raises AskNonceTakenError when the number stands for another ask, and what `prepare_ask` raises.
        """
        found = self._ask_at(self.ask_address(terms.client_nonce))
        if found is None:
            self.execute(self.prepare_ask(terms))
            found = self._ask_at(self.ask_address(terms.client_nonce))
            if found is None:
                raise AccountMissingError(f"the ask {terms.client_nonce} was placed, and the cluster does not show it")
        placed = found.ask
        commitment = field_bytes(self._payee(terms.account, found.address).commitment(self._ref.rail))
        if (placed.price, placed.min_fill_atoms, placed.payee_commit, placed.deposited_atoms) != (
            terms.price,
            terms.min_fill_atoms,
            commitment,
            terms.base_atoms,
        ):
            raise AskNonceTakenError(
                f"the number {terms.client_nonce} stands for another ask of this seller", hint="take the next one"
            )
        return found

    def prepare_cancel(self, ask: Pubkey) -> Prepared:
        """Return the transaction that takes an ask out of the book. Live orders go on."""
        instruction = market_program.cancel_ask_order(
            seller=self.address, ask=ask, book=market_program.book_address(self._ref.address)
        )
        return self._till.prepare("cancel_ask_order", instruction)

    def cancel(self, ask: Pubkey) -> TransactionOutcome:
        """Take an ask out of the book."""
        return self.execute(self.prepare_cancel(ask))

    def prepare_withdraw(self, ask: Pubkey) -> Prepared:
        """Return the transaction that pays what was returned to the seller's associated token account."""
        destination = associated_token_address(self.address, self._ref.base_mint)
        instruction = market_program.withdraw_ask(
            seller=self.address, ask=ask, vault=market_program.vault_address(ask), destination=destination
        )
        return self._till.prepare_payout("withdraw_ask", instruction, self.address, self._ref.base_mint)

    def withdraw(self, ask: Pubkey) -> TransactionOutcome:
        """Take what was returned to an ask."""
        return self.execute(self.prepare_withdraw(ask))

    def prepare_relist(self, ask: Pubkey, *, price: int, min_fill_atoms: int, expiry_unix_s: int) -> Prepared:
        """Return the transaction that lists what was returned to an ask, under the current terms."""
        return prepare_relist(
            self._till,
            self._ref,
            ask,
            price=price,
            min_fill_atoms=min_fill_atoms,
            expiry_unix_s=expiry_unix_s,
        )

    def relist(self, ask: Pubkey, *, price: int, min_fill_atoms: int, expiry_unix_s: int) -> TransactionOutcome:
        """List what was returned to an ask again."""
        return self.execute(
            self.prepare_relist(ask, price=price, min_fill_atoms=min_fill_atoms, expiry_unix_s=expiry_unix_s)
        )

    def prepare_accept_terms(self, ask: Pubkey) -> Prepared:
        """Return the transaction that moves a listed ask to the current terms."""
        return prepare_accept_terms(self._till, self._ref, ask)

    def accept_terms(self, ask: Pubkey) -> TransactionOutcome:
        """Move a listed ask to the current terms; it keeps its place."""
        return self.execute(self.prepare_accept_terms(ask))

    # Orders

    def orders(self, status: OrderStatus | None = None) -> list[OrderView]:
        """Return the orders on this seller's asks, those of one status when it is given."""
        found = orders_where(
            self._rpc,
            DataMatch(MATCHED_ORDER_MARKET_OFFSET, bytes(self._ref.address)),
            DataMatch(MATCHED_ORDER_SELLER_OFFSET, bytes(self.address)),
        )
        return [view for view in found if status is None or view.status is status]

    def prepare_reveal(self, order: Pubkey) -> Prepared:
        """Return the transaction that tells the order's buyer whom to pay, sealed to his key.

        Raises PayeeUnknownError, RevealKeyUnusableError, and the error classes of order_processor.
        """
        view = read_order(self._rpc, order)
        payee = self._payee_of(view)
        instruction = order_processor.reveal_payee(
            revealer=self.address,
            order=order,
            ask=view.order.ask,
            terms=view.terms,
            processor_authority=order_processor.authority_address(),
            reveal_ciphertext=seal_reveal(payee, order=order, rail=self._ref.rail, reveal_key=view.order.reveal_key),
        )
        discloses = (
            Disclosure(Audience.COUNTERPARTY, "the account to be paid", payee.account),
            Disclosure(Audience.COUNTERPARTY, "what opens the ask's commitment to it", "payee_secret and salt"),
            Disclosure(Audience.CHAIN, "the same, encrypted to the buyer", ""),
        )
        return self._till.prepare("reveal_payee", instruction, discloses=discloses)

    def reveal(self, order: Pubkey) -> TransactionOutcome:
        """Tell the order's buyer whom to pay."""
        return self.execute(self.prepare_reveal(order))

    def reveal_pending(self) -> list[OrderView]:
        """Reveal the payee of every order that still waits for it, and return these: what a seller does in a loop.

        Orders whose time to reveal has passed are left to expire. Raises RevealsRefusedError when all others are
        revealed, so that one order which cannot be does not hold up the rest.
        """
        now = self._rpc.unix_time_s()
        pending = [view for view in self.orders(OrderStatus.PENDING) if now <= view.order.reveal_by_unix_s]
        revealed: list[OrderView] = []
        refused: dict[Pubkey, RefusedError] = {}
        for view in pending:
            try:
                self.reveal(view.address)
            except RefusedError as error:
                refused[view.address] = error
            else:
                revealed.append(view)
        if refused:
            raise RevealsRefusedError([view.address for view in revealed], refused)
        return revealed

    def prepare_release(self, order: Pubkey, *, txid: str, seen_minor_units: int) -> Prepared:
        """Return the transaction that pays the buyer in full, on the seller's word that he was paid.

        `txid` and `seen_minor_units` are what the seller sees in his own account, not what anybody told him. Raises
        PaymentNotReportedYetError, PaymentSeenTooSmallError, ReportedTransferMismatchError, PayeeUnknownError and what
        `Rail.canonical_txid` does.
        """
        view = read_order(self._rpc, order)
        if view.reported_nf is not None:
            self._require_reported(view, self._ref.rail.canonical_txid(txid), seen_minor_units)
        return prepare_release(self._till, view)

    def release(self, order: Pubkey, *, txid: str, seen_minor_units: int) -> TransactionOutcome:
        """Pay the buyer in full, for the transfer that the seller sees in his own account."""
        return self.execute(self.prepare_release(order, txid=txid, seen_minor_units=seen_minor_units))

    def _require_reported(self, view: OrderView, txid: str, seen_minor_units: int) -> None:
        due = view.order.due_minor_units
        if seen_minor_units < due:
            raise PaymentSeenTooSmallError(
                f"{due} minor units are due for {view.address}, {seen_minor_units} came: a release pays in full",
                hint="let the buyer prove his payment: he gets that part of the tokens, and the rest is yours again",
            )
        if self._payee_of(view).nullifier(self._ref.rail, txid) != view.reported_nf:
            raise ReportedTransferMismatchError(
                f"the buyer of {view.address} reported another transfer than the one that you name: your word would pay"
                " him, and leave this transfer to be proven for another order",
                hint="compare the id with your account; if it is right, do not release: a payment can be proven",
            )

    def _ask_at(self, address: Pubkey) -> AskView | None:
        ask = existing(Ask, self._rpc.accounts([address])[0])
        return None if ask is None else AskView(address, ask)

    def _payee(self, typed: str, ask: Pubkey) -> Payee:
        account = self._ref.rail.canonical_account(typed)
        if account not in self._identity.accounts_of(self._ref.rail):
            raise PayeeUnknownError(
                f"this account of the rail {self._ref.rail.name} is not in the vault", hint="link the account first"
            )
        return self._identity.payee(self._ref.rail, account, ask)

    def _payee_of(self, view: OrderView) -> Payee:
        """Return the payee that an order's ask commits to."""
        for account in self._identity.accounts_of(self._ref.rail):
            payee = self._identity.payee(self._ref.rail, account, view.order.ask)
            if field_bytes(payee.commitment(self._ref.rail)) == view.order.payee_commit:
                return payee
        raise PayeeUnknownError(
            f"no account in the vault is the one that the ask {view.order.ask} commits to",
            hint="link the account that the ask was placed with",
        )
