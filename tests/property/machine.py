"""The state machine: hypothesis interleaves every instruction and everything around them, honest and hostile."""

from __future__ import annotations

import os
from collections import Counter

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.property.acts import ACTS
from tests.property.arena import Arena
from tests.property.choices import Choices
from tests.property.events import EVENTS
from tests.property.exits import check_exits, check_independently
from tests.property.independent import Chain, check_conservation
from tests.property.spoil import spoil
from tests.property.starts import start_of

__all__ = ["VERDICTS", "MarketMachine"]

VERDICTS: Counter[tuple[str, str]] = Counter()
"""How often each instruction came to what, over all runs of this process."""

_USUAL = ("order_processor.reveal_payee", "market.place_bid_order", "market.place_ask_order")
"""What is done instead of something that there is nothing yet to try on."""
_WEIGHTS = {
    "market.place_ask_order": 6,
    "market.place_bid_order": 12,
    "market.withdraw_ask": 3,
    "market.collect_fees": 3,
    "order_processor.reveal_payee": 16,
    "order_processor.report_payment": 10,
    "order_processor.finalize_trade": 14,
    "order_processor.release_by_seller": 10,
    "order_processor.expire_order": 5,
    "order_processor.cancel_order": 3,
    "order_processor.extend_claim": 2,
    "order_store.close_order": 2,
    "market.publish_terms": 3,
    "market.cancel_ask_order": 3,
    "market.relist_ask": 4,
    "market.accept_terms": 4,
    "market.prune_ask": 3,
    "market.accept_authority": 2,
    "market.restore_terms": 4,
    "market.set_paused": 2,
    "time_passes": 8,
    "deadline": 5,
}
"""Out of the sum of all; 1 for everything else. What a trade needs comes often enough that trades end."""
_NAMES = [name for name in {**_WEIGHTS, **ACTS, **EVENTS} for _ in range(_WEIGHTS.get(name, 1))]


class MarketMachine(RuleBasedStateMachine):
    """The model and the programs on one embedded runtime; each step is one call in both, or something around them."""

    def __init__(self) -> None:
        super().__init__()
        self.arena = Arena(start_of(os.environ.get("FUZZ_ARCH", "v0")))

    # One rule for all: hypothesis leaves out some rules of every run, and a trade needs most of them.
    @rule(data=st.data())
    def step(self, data: st.DataObject) -> None:
        """Something happens."""
        choices = Choices(data.draw)
        name = choices.one(_NAMES)
        # Half of all steps are honest through and through: otherwise few trades would get as far as their end.
        choices.honest = not choices.once_in(2)
        if name in EVENTS:
            EVENTS[name](self.arena, choices)
            return
        spoilt = choices.once_in(8)
        made = (ACTS[tried](self.arena, choices) for tried in (name, *_USUAL))
        call = next(call for call in made if call is not None)
        self.arena.call(spoil(self.arena, choices, call) if spoilt else call)

    def teardown(self) -> None:
        """Whatever has happened: everything must find its way out."""
        check_independently(self.arena)
        check_exits(self.arena)
        check_conservation(Chain.read(self.arena.svm.snapshot()))
        VERDICTS.update(self.arena.verdicts)
