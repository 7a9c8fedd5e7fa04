"""How somebody tries what only another program's authority may call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from anomi_sdk.generated import market, order_store
from anomi_sdk.generated.order_store import MatchedOrder
from tests.property.acts.common import TRANSFERS, Act, some_order, somebody
from tests.property.acts.settling import settlement
from tests.property.arena import Arena, new_call
from tests.property.choices import Choices
from tests.property.model.ledger import Call

__all__ = ["of_a_program", "stored"]


def of_a_program(name: str, arguments: Callable[[MatchedOrder], Mapping[str, object]]) -> Act:
    """What only another program's authority may call: by somebody who signs in its place, or without a signature."""

    def act(arena: Arena, choices: Choices) -> Call | None:
        if (found := some_order(arena, choices)) is None:
            return None
        address, order = found
        names = {
            "order": address,
            "payer": somebody(arena, choices),
            "market_authority": market.authority_address(),
            "terms": market.terms_address(order.market, order.terms_version),
            **settlement(arena, order, TRANSFERS[0]),
            "book": market.book_address(order.market),
        }
        call = new_call(name, names, arguments(order))
        forged = choices.once_in(2)
        authority = replace(
            call.accounts[0], address=somebody(arena, choices) if forged else call.accounts[0].address, signer=forged
        )
        return replace(call, accounts=(authority, *call.accounts[1:]))

    return act


def stored(order: MatchedOrder) -> Mapping[str, object]:
    names = [field.name for field in order_store.STORE_MATCHED_ORDER.arguments]
    return {name: getattr(order, name) for name in names}
