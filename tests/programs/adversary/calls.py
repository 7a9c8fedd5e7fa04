"""Every instruction of every program, as it goes through in the scene."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from solders.account import Account
from solders.instruction import Instruction
from solders.pubkey import Pubkey

from anomi_sdk.generated import market, order_processor, order_store
from anomi_sdk.groth16_verifier import close_staging, finalize_key, init_key, verify, verify_batch, write_key
from tests.programs.adversary.scene import BODY, DIGEST, NOW, Scene
from tests.programs.golden import golden
from tests.programs.market import steps
from tests.programs.market.bid.world import CANCELLED_FREE, DUE, BidArgs
from tests.programs.market.world import BASE_ATOMS, AskArgs, TermsArgs
from tests.programs.order_processor.world import CANCELLED, CIPHERTEXT, TRANSFER, Payment, nf

__all__ = ["calls_of", "needs_of"]


def calls_of(scene: Scene) -> Iterator[Instruction]:
    """The calls, in no order that matters: none of them is sent."""
    yield from _verifier(scene)
    yield from _governing(scene)
    yield from _asks(scene)
    yield from _custody(scene)
    yield from _records(scene)
    yield from _settling(scene)


def needs_of(scene: Scene) -> dict[str, dict[Pubkey, Account | None]]:
    """Accounts that have to be otherwise for an instruction to go through: a config is created when there is none."""
    config = market.config_address()
    stored = scene.world.read(market.Config, config)
    offered = replace(stored, pending_authority=scene.heir.pubkey())
    return {
        "market.initialize_config": {config: None},
        "market.accept_authority": {config: scene.holding(config, offered.encode())},
    }


def _verifier(scene: Scene) -> Iterator[Instruction]:
    world = scene.world
    authority = world.authority.pubkey()
    yield init_key(world.payer.pubkey(), DIGEST, len(BODY))
    yield write_key(authority, DIGEST, 0, BODY[:100])
    yield finalize_key(authority, DIGEST)
    yield close_staging(authority, DIGEST)
    yield verify(scene.stored, golden(4).proof, golden(4).inputs)
    yield verify_batch(scene.stored, [golden(4).proof], golden(4).inputs)


def _governing(scene: Scene) -> Iterator[Instruction]:
    world = scene.world
    yield world.config_instruction()
    yield world.market_instruction(world.mint())
    yield market.grow_book(payer=world.payer.pubkey(), book=scene.home.book)
    yield world.terms_instruction(TermsArgs(version=3))
    yield steps.revoke(world, 2)
    yield steps.restore(world, 1)
    yield steps.set_paused(world, True)
    yield steps.transfer_authority(world, scene.heir.pubkey())
    yield steps.accept_authority(scene.heir.pubkey())


def _asks(scene: Scene) -> Iterator[Instruction]:
    world, asks = scene.world, scene.asks
    cancelled = asks["cancelled"]
    listed, old, seller = (world.sellers[asks[name]].pubkey() for name in ("listed", "old", "cancelled"))
    yield world.ask_instruction(world.seller().pubkey(), AskArgs(terms_version=2))
    yield world.cancel_instruction(listed, asks["listed"])
    yield steps.accept_terms(world, old, asks["old"])
    yield steps.relist(world, seller, cancelled, steps.RelistArgs(terms_version=2))
    yield steps.prune(world, asks["dead"], 1)
    yield world.withdraw_instruction(seller, cancelled)
    yield world.collect_instruction(world.order(scene.orders["proven"]).ask)


def _custody(scene: Scene) -> Iterator[Instruction]:
    world = scene.world
    bid = BidArgs(line_id=scene.new_line, base_atoms=BASE_ATOMS // 4, issued_min_unix_s=NOW - 60)
    yield world.bid_instruction(scene.asks["listed"], bid, terms_version=2)
    yield world.release_instruction(scene.orders["confirmed"], DUE, terms_version=2)
    yield world.return_instruction(scene.orders["awaiting"], CANCELLED_FREE, terms_version=2)


def _records(scene: Scene) -> Iterator[Instruction]:
    world, orders = scene.world, scene.orders
    processor = order_processor.authority_address()
    stored = world.order(orders["pending"])
    values = {field.name: getattr(stored, field.name) for field in order_store.STORE_MATCHED_ORDER.arguments}
    yield order_store.store_matched_order(
        market_authority=market.authority_address(),
        payer=world.payer.pubkey(),
        order=order_store.order_address(stored.market, stored.line_id, stored.seq + 1),
        **values | {"seq": stored.seq + 1},
    )
    yield order_store.record_reveal(
        processor_authority=processor,
        order=orders["pending"],
        revealed_at_unix_s=NOW,
        pay_by_unix_s=NOW + 1,
        prove_by_unix_s=NOW + 2,
        reveal_ciphertext=CIPHERTEXT,
    )
    yield order_store.record_payment_report(processor_authority=processor, order=orders["awaiting"], nf=TRANSFER)
    yield order_store.record_claim_extension(
        processor_authority=processor, order=orders["reported"], prove_by_unix_s=NOW + 3
    )
    yield order_store.update_status(
        processor_authority=processor,
        order=orders["awaiting"],
        status=CANCELLED,
        now_unix_s=NOW,
        nf=bytes(32),
        paid_floor_minor_units=0,
        released_atoms=0,
    )
    yield order_store.close_order(order=orders["over"], rent_payer=world.order(orders["over"]).rent_payer)


def _settling(scene: Scene) -> Iterator[Instruction]:
    world, orders = scene.world, scene.orders
    yield world.reveal_instruction(orders["pending"])
    yield world.report_instruction(orders["awaiting"], nf("a transfer to report"))
    yield world.finalize_instruction(orders["awaiting"], Payment(nf=nf("a transfer to prove")))
    yield world.seller_release_instruction(orders["reported"])
    yield world.extend_instruction(orders["reported"])
    yield world.cancel_order_instruction(orders["awaiting"])
    yield world.expire_instruction(scene.late)
