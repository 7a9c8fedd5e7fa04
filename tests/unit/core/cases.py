"""Honest statements and witnesses, and the tools to spoil exactly one thing about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from anomi_core import babyjub, eddsa, identity, registry
from anomi_core.attestation import Attestation
from anomi_core.eddsa import PublicKey, Signature
from anomi_core.field import FR_MODULUS
from anomi_core.poseidon import poseidon
from anomi_core.registry import AttestorSet
from anomi_core.spec import TAG_PAYMENT, TAG_SOLVENCY
from anomi_core.statements import PaymentStatement, PaymentWitness, SolvencyStatement, SolvencyWitness
from tests.vectors.generate.core import (
    BUYER,
    DEPLOYMENT,
    EASYPAISA,
    ID_SECRET,
    MARKET,
    NONCE,
    NOON_UNIX_S,
    PAYEE_ACCOUNT,
    PAYEE_SALT,
    PAYEE_SECRET,
    PAYER_ACCOUNT,
    SECRETS,
    TXID,
    attestor_set,
)

__all__ = [
    "NOON_UNIX_S",
    "QUORUMS",
    "Quorum",
    "negated",
    "payment_statement",
    "payment_witness",
    "sign_for_negated_key",
    "solvency_statement",
    "solvency_witness",
    "tree",
]

Signer = Callable[[bytes, int], Signature]


@dataclass(frozen=True)
class Quorum:
    """Which attestors of which registry sign."""

    registry: AttestorSet
    indices: tuple[int, ...]

    def attest(self, message: int, sign: Signer = eddsa.sign) -> tuple[Attestation, ...]:
        """Return the quorum's attestations of a message."""
        return tuple(self.registry.attestation(i, sign(SECRETS[i], message)) for i in self.indices)


QUORUMS = (
    Quorum(attestor_set(1, 1, 1), (0,)),
    Quorum(attestor_set(2, 3, 2), (0, 2)),
    Quorum(attestor_set(3, 5, 3), (0, 2, 4)),
)
DEFAULT = QUORUMS[1]


def solvency_witness(quorum: Quorum = DEFAULT, **changes: Any) -> SolvencyWitness:
    """Return a witness whose attestors have signed it as changed."""
    values: dict[str, Any] = {
        "deployment": DEPLOYMENT,
        "rail": EASYPAISA.id(),
        "market": MARKET,
        "id_secret": ID_SECRET,
        "payer_account": PAYER_ACCOUNT,
        "balance_minor_units": 3_000_000,
        "issued_at_unix_s": NOON_UNIX_S,
        "nonce": NONCE,
        "attestations": (),
    }
    witness = SolvencyWitness(**{**values, **changes})
    return witness if witness.attestations else replace(witness, attestations=quorum.attest(witness.message()))


def solvency_statement(
    witness: SolvencyWitness, root: int = DEFAULT.registry.root, **changes: Any
) -> SolvencyStatement:
    """Return the statement of a witness, with unchecked changes; out-of-range witness values are followed too."""
    values: dict[str, Any] = {
        "domain": identity.domain(TAG_SOLVENCY, witness.deployment, witness.rail, witness.market),
        "buyer": BUYER,
        "covered_minor_units": 2_850_000,
        "seq": 3,
        "issued_min_unix_s": NOON_UNIX_S - 60,
        "bitmap": sum(1 << a.index for a in witness.attestations),
        "root": root,
        "line_id": identity.line_id(witness.id_secret, witness.idc(), witness.deployment),
    }
    return SolvencyStatement.unchecked(**{**values, **changes})


def payment_witness(quorum: Quorum = DEFAULT, **changes: Any) -> PaymentWitness:
    """Return a witness whose attestors have signed it as changed."""
    values: dict[str, Any] = {
        "deployment": DEPLOYMENT,
        "rail": EASYPAISA.id(),
        "market": MARKET,
        "id_secret": ID_SECRET,
        "payer_account": PAYER_ACCOUNT,
        "payee_account": PAYEE_ACCOUNT,
        "payee_secret": PAYEE_SECRET,
        "payee_salt": PAYEE_SALT,
        "amount_minor_units": 2_850_000,
        "paid_at_unix_s": NOON_UNIX_S,
        "txid": TXID,
        "nonce": NONCE,
        "attestations": (),
    }
    witness = PaymentWitness(**{**values, **changes})
    return witness if witness.attestations else replace(witness, attestations=quorum.attest(witness.message()))


def payment_statement(witness: PaymentWitness, root: int = DEFAULT.registry.root, **changes: Any) -> PaymentStatement:
    """Return the statement of a witness, with unchecked changes; out-of-range witness values are followed too."""
    values: dict[str, Any] = {
        "domain": identity.domain(TAG_PAYMENT, witness.deployment, witness.rail, witness.market),
        "order_id": 42,
        "paid_floor_minor_units": 2_850_000,
        "not_before_unix_s": NOON_UNIX_S - 600,
        "not_after_unix_s": NOON_UNIX_S + 3600,
        "bitmap": sum(1 << a.index for a in witness.attestations),
        "payee_commit": identity.payee_commit(witness.payee_key(), witness.payee_salt),
        "root": root,
        "line_id": identity.line_id(witness.id_secret, witness.idc(), witness.deployment),
        "nf": identity.nullifier(witness.rail, witness.txid, witness.payee_key()),
    }
    return PaymentStatement.unchecked(**{**values, **changes})


def negated(key: PublicKey) -> PublicKey:
    """Return −A: another point with the same y, for which A's owner can sign."""
    return key._replace(ax=FR_MODULUS - key.ax)


def sign_for_negated_key(secret: bytes, message: int) -> Signature:
    """Return a valid signature under −A by the owner of A."""
    scalar, _ = eddsa._expand(secret)
    nonce = 12345
    r8 = babyjub.multiply(babyjub.BASE8, nonce)
    challenge = poseidon([*r8, *negated(eddsa.derive_public_key(secret)), message])
    return Signature(*r8, (nonce - challenge * scalar) % babyjub.SUBGROUP_ORDER)


def tree(leaves: Sequence[int]) -> tuple[int, list[tuple[int, ...]]]:
    """Return root and paths of a tree of any leaves, also such as no AttestorSet would hold."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        row = levels[-1]
        levels.append([registry.path_root(row[i], 0, [row[i + 1]]) for i in range(0, len(row), 2)])
    paths = [tuple(level[i >> height ^ 1] for height, level in enumerate(levels[:-1])) for i in range(len(leaves))]
    return levels[-1][0], paths
