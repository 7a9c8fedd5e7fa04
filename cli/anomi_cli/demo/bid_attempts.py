"""What cannot be done before a match: bid without the money, or twice on the same money, or on another's proof."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from solders.instruction import Instruction
from solders.pubkey import Pubkey

from anomi_cli.demo import raw
from anomi_cli.demo.cast import Cast
from anomi_cli.demo.first_trade import BASE_ATOMS, LIMIT_PRICE, MIN_FILL_ATOMS
from anomi_cli.demo.stage import ATTESTORS
from anomi_cli.demo.world import DEPTH
from anomi_core import eddsa
from anomi_core.relations import check_solvency
from anomi_core.statements import SolvencyStatement, SolvencyWitness, solvency_circuit_input
from anomi_sdk.generated import groth16_verifier_errors, market_errors
from anomi_sdk.trade.buyer import Bid
from anomi_services.attestor.attestor import BalanceTooSmallError

__all__ = ["money_that_has_moved", "money_that_is_not_there", "one_balance_twice"]


def money_that_has_moved(cast: Cast, ask: Pubkey) -> None:
    """After a settlement, bid once more on the balance that has been spent."""
    cast.stage.chain_refuses(
        "One balance, two trades in sequence: bid again on the attestation from before the settlement",
        "market",
        market_errors.AttestationBeforeSettlementError,
        [_replay(cast, 0, ask, MIN_FILL_ATOMS)],
        [cast.world.farzan.wallet],
    )


def money_that_is_not_there(cast: Cast) -> None:
    """Bilal's account holds 20,000 PKR: he cannot bid for what costs more, nor prove what was not signed."""
    world, stage = cast.world, cast.stage
    bilal = world.bilal
    bilal.vault.link_account(world.rail, bilal.typed_account)
    trade = cast.buyer(bilal).open(Bid(bilal.account, BASE_ATOMS, LIMIT_PRICE))
    held = world.money(world.ledger.balance_minor_units(bilal.account))
    stage.refuses(
        f"Insufficient balance: Bilal, who has {held}, bids for 100 USDC at 285 PKR",
        ATTESTORS,
        BalanceTooSmallError,
        trade.run,
    )
    kept = cast.prover.solvency[-1]
    statement, witness = kept.statement, kept.witness
    _circuit(
        cast,
        "Insufficient balance: a proof that covers one paisa more than the attestors signed",
        "Balance covers reservations",
        statement.altered(covered_minor_units=witness.balance_minor_units + 1),
        witness,
    )
    _circuit(
        cast,
        "An attestation altered after it was signed: a larger balance",
        "Attestation is for this account and deployment",
        statement,
        replace(witness, balance_minor_units=witness.balance_minor_units + 1),
    )
    secret = hashlib.sha256(b"anomi demo: a key that no attestor set holds").digest()
    honest, other = witness.attestations
    forged = replace(other, key=eddsa.derive_public_key(secret), signature=eddsa.sign(secret, witness.message()))
    _circuit(
        cast,
        "A forged attestation: one of the two signatures is by a key that is not registered",
        "Attestors are distinct and registered",
        statement,
        replace(witness, attestations=(honest, forged)),
    )
    _circuit(
        cast,
        "One attestor counted twice",
        "Attestors are distinct and registered",
        statement,
        replace(witness, attestations=(honest, honest)),
    )


def one_balance_twice(cast: Cast, ask: Pubkey) -> None:
    """While an order reserves what the balance covers, bid again on that balance, or on somebody else's."""
    world, stage = cast.world, cast.stage
    farzan = world.farzan.wallet
    stage.chain_refuses(
        "The same balance backs a second bid: with what is reserved, it covers too little",
        "market",
        market_errors.CoverageExceededError,
        [_replay(cast, -1, ask, 40_000_000)],
        [farzan],
    )
    stage.chain_refuses(
        "A replayed solvency proof, for an amount that the balance would cover: the line's number has moved on",
        "groth16_verifier",
        groth16_verifier_errors.ProofInvalidError,
        [_replay(cast, -1, ask, MIN_FILL_ATOMS)],
        [farzan],
    )
    claimed = cast.prover.solvency[-1].statement.covered_minor_units * 2
    stage.chain_refuses(
        "The same proof, told to cover twice as much",
        "groth16_verifier",
        groth16_verifier_errors.ProofInvalidError,
        [_replay(cast, -1, ask, 40_000_000, covered_minor_units=claimed)],
        [farzan],
    )
    stage.chain_refuses(
        "Farzan's proof in Bilal's bid",
        "groth16_verifier",
        groth16_verifier_errors.ProofInvalidError,
        [_replay(cast, -1, ask, MIN_FILL_ATOMS, buyer=world.bilal.address)],
        [world.bilal.wallet],
    )


def _replay(cast: Cast, index: int, ask: Pubkey, base_atoms: int, **changes: Any) -> Instruction:
    return raw.bid(
        cast.rpc,
        cast.deployment,
        cast.world.chain.gas.pubkey(),
        cast.prover.solvency[index],
        ask=ask,
        base_atoms=base_atoms,
        **changes,
    )


def _circuit(cast: Cast, attempt: str, check: str, statement: SolvencyStatement, witness: SolvencyWitness) -> None:
    cast.stage.circuit_refuses(
        attempt,
        "solvency",
        check,
        lambda: check_solvency(statement, witness, depth=DEPTH),
        lambda: cast.prover.circuits["solvency"].witness(solvency_circuit_input(statement, witness)),
    )
