"""Writes the vectors of core: `python -m tests.vectors.generate.core` (`--check` compares instead).

tests/vectors/README.md documents the files; core.mjs beside this one checks every value with other code.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from anomi_core import babyjub, identity
from anomi_core.blake512 import blake512
from anomi_core.eddsa import PublicKey, Signature, derive_public_key, sign
from anomi_core.errors import AnomiError
from anomi_core.field import FR_MODULUS
from anomi_core.poseidon import poseidon
from anomi_core.rails import RAILS, pack_text, rail_by_name
from anomi_core.registry import AttestorSet
from anomi_core.spec import (
    AMOUNT_BITS,
    FRESHNESS_WINDOW_S,
    POSEIDON_WORDS_MAX,
    TAG_PAYMENT,
    TAG_SOLVENCY,
    TIME_BITS,
)
from anomi_core.statements import (
    PaymentWitness,
    SolvencyWitness,
    payment_circuit_input,
    solvency_circuit_input,
)

FOLDER = Path(__file__).resolve().parents[1]

AMOUNT_MAX = 2**AMOUNT_BITS - 1
TIME_MAX = 2**TIME_BITS - 1
SECRETS = tuple(bytes(range(16 * i, 16 * i + 32)) for i in range(5))
"""Signing secrets of the attestors; published, so worth nothing."""
GENESIS = bytes.fromhex("45296998a6f8e2a784db5d9f95e18fc23f70441a1039446801089879b08c7ef0")
MARKET_PROGRAM = bytes([0xFF] * 31 + [0x01])
MARKET = bytes(range(255, 223, -1))
BUYER = bytes(range(100, 132))
EASYPAISA = rail_by_name("easypaisa")
DEPLOYMENT = identity.deployment_id(GENESIS, MARKET_PROGRAM)
PAYER_ACCOUNT = pack_text(EASYPAISA.canonical_account("0345 1234567"))
PAYEE_ACCOUNT = pack_text(EASYPAISA.canonical_account("0300 7654321"))
TXID = pack_text(EASYPAISA.canonical_txid("12345678901"))
ID_SECRET = 2**248 - 1
PAYEE_SECRET = 2**247 + 3
PAYEE_SALT = 2**246 + 5
NONCE = 2**245 + 7
NOON_UNIX_S = 1_795_000_000

QUORUMS = ((1, 1, 1, (0,)), (2, 3, 2, (0, 2)), (2, 3, 2, (1, 2)), (3, 5, 3, (0, 2, 4)))
"""(k, n, depth, indices of the quorum)."""

Vectors = dict[str, Any]


def vectors() -> dict[str, Vectors]:
    """Return file name → content; every integer is a decimal string, bytes are hexadecimal."""
    return {
        "poseidon.json": _poseidon(),
        "blake512.json": _blake512(),
        "eddsa.json": _eddsa(),
        "text.json": _text(),
        "identity.json": _identity(),
        "registry.json": _registry(),
        "solvency.json": _solvency(),
        "payment.json": _payment(),
    }


def render(content: Vectors) -> str:
    """Return the text of a vector file."""
    return json.dumps(_plain(content), indent=1, ensure_ascii=False) + "\n"


def attestor_set(k: int, n: int, depth: int) -> AttestorSet:
    """Return the set of the first n published attestors."""
    return AttestorSet(tuple(derive_public_key(secret) for secret in SECRETS[:n]), k, depth)


def _poseidon() -> Vectors:
    counts = range(1, POSEIDON_WORDS_MAX + 1)
    cases = [[0] * n for n in counts] + [list(range(1, n + 1)) for n in counts] + [[FR_MODULUS - 1] * n for n in counts]
    return {"cases": [{"words": words, "hash": poseidon(words)} for words in cases]}


def _blake512() -> Vectors:
    # One byte less, as many and one more than where the padding changes its form, in the first and second block.
    lengths = (0, 1, 32, 64, 110, 111, 112, 127, 128, 129, 144, 238, 239, 240, 255, 256)
    messages = [bytes(length) for length in (1, 144)] + [
        bytes(position % 256 for position in range(length)) for length in lengths
    ]
    return {"cases": [{"message": message, "hash": blake512(message)} for message in messages]}


def _eddsa() -> Vectors:
    messages = (0, 1, FR_MODULUS - 1, poseidon([1, 2, 3]), 2**248)
    secrets = (*SECRETS[:3], bytes(32), bytes([0xFF] * 32))
    cases = [
        {
            "secret": secret,
            "key": derive_public_key(secret)._asdict(),
            "message": message,
            "signature": sign(secret, message)._asdict(),
        }
        for secret in secrets
        for message in messages
    ]
    return {"cases": cases, "refused": _eddsa_refused()}


def _eddsa_refused() -> list[Vectors]:
    """Return signatures that `verify` refuses; two of them pass a verifier that trusts its keys."""
    secret, message = SECRETS[0], 42
    key, good = derive_public_key(secret), sign(secret, message)
    order_two = babyjub.Point(0, FR_MODULUS - 1)
    foreign = PublicKey(*babyjub.add(key, order_two))
    # Anyone can answer for a key of small order: it vanishes from the equation.
    anyone = Signature(*babyjub.multiply(babyjub.BASE8, 5), 5)
    rows = (
        (
            "S is the subgroup order more",
            key,
            good._replace(s=good.s + babyjub.SUBGROUP_ORDER),
            "ScalarTooLargeError",
            False,
        ),
        ("S is one more", key, good._replace(s=good.s + 1), "SignatureEquationError", False),
        ("R8 is off the curve", key, good._replace(r8x=good.r8x + 1), "NonceOffCurveError", False),
        ("another key", derive_public_key(SECRETS[1]), good, "SignatureEquationError", False),
        ("the negated key", key._replace(ax=FR_MODULUS - key.ax), good, "SignatureEquationError", False),
        ("the key is off the curve", key._replace(ax=key.ax + 1), good, "KeyOffCurveError", False),
        ("the key is off the subgroup", foreign, good, "KeyOffSubgroupError", False),
        ("the key has order two", PublicKey(*order_two), anyone, "KeyOffSubgroupError", True),
        ("the key is the identity", PublicKey(*babyjub.IDENTITY), anyone, "KeyIsIdentityError", True),
    )
    return [
        {
            "why": why,
            "key": bad_key._asdict(),
            "message": message,
            "signature": signature._asdict(),
            "error": error,
            "accepted_when_keys_are_trusted": accepted,
        }
        for why, bad_key, signature, error, accepted in rows
    ]


def _text() -> Vectors:
    accounts = {
        "easypaisa": ("03001234567", "+92 (0)300-1234567", "00923451234567", "3001234567", "92 300 123 45 67"),
        "jazzcash": ("0301.7654321",),
        "raast": ("PK36 SCBL 0000 0011 2345 6702",),
        "sepa-instant": ("de89 3704 0044 0532 0130 00", "MT84MALT011000012345MTLCAST001S", "NO93 8601 1117 947"),
    }
    transaction_ids = {
        "easypaisa": ("12345678901", "0012345678901", "1234-5678"),
        "raast": ("scbl-20261120-000042",),
        "sepa-instant": ("a" * 31, "A" * 32, "0" * 35),
    }
    refused_accounts = (
        ("easypaisa", "0300123456"),
        ("easypaisa", "030012345678"),
        ("easypaisa", "+03001234567"),
        ("easypaisa", "02112345678"),
        ("easypaisa", "۰۳۰۰۱۲۳۴۵۶۷"),
        ("raast", "0300 1234567"),
        ("raast", "DE89370400440532013000"),
        ("raast", "PK36SCBL000000112345670"),
        ("sepa-instant", "DE89370400440532013001"),
        ("sepa-instant", "GB01BARC20714583608387"),
        ("sepa-instant", "PK36SCBL0000001123456702"),
    )
    refused_transaction_ids = (
        ("easypaisa", "1234567"),
        ("easypaisa", "000000000000"),
        ("easypaisa", "1" * 21),
        ("easypaisa", "ABC12345678"),
        ("raast", "A" * 36),
        ("raast", "ABC_123"),
        ("sepa-instant", "ﬁnal123456"),
    )
    lengths = (1, 30, 31, 32, 62, 63, 217, 218, 247, 248)
    return {
        "texts": [{"text": text, "packed": pack_text(text)} for text in map(_sample_text, lengths)],
        "accounts": [
            {"rail": name, "typed": typed, "canonical": canonical, "packed": pack_text(canonical)}
            for name, rows in accounts.items()
            for typed in rows
            for canonical in [rail_by_name(name).canonical_account(typed)]
        ],
        "transaction_ids": [
            {"rail": name, "typed": typed, "canonical": canonical, "packed": pack_text(canonical)}
            for name, rows in transaction_ids.items()
            for typed in rows
            for canonical in [rail_by_name(name).canonical_txid(typed)]
        ],
        "refused_accounts": [
            {"rail": name, "typed": typed, "error": _error(rail_by_name(name).canonical_account, typed)}
            for name, typed in refused_accounts
        ],
        "refused_transaction_ids": [
            {"rail": name, "typed": typed, "error": _error(rail_by_name(name).canonical_txid, typed)}
            for name, typed in refused_transaction_ids
        ],
    }


def _sample_text(length: int) -> str:
    return "".join(chr(ord("!") + position * 7 % 94) for position in range(length))


def _error(canonicalise: Any, typed: str) -> str:
    try:
        canonicalise(typed)
    except AnomiError as error:
        return type(error).__name__
    raise AssertionError("a text of the refused list was accepted")


def _identity() -> Vectors:
    rails = [
        {
            "name": r.name,
            "provider_id": r.provider_id,
            "iso4217_numeric": r.iso4217_numeric,
            "exponent": r.exponent,
            "rail": r.id(),
        }
        for r in RAILS
    ]
    rail = EASYPAISA.id()
    h = identity.h(ID_SECRET, rail, PAYER_ACCOUNT)
    idc = identity.idc(h, rail, PAYER_ACCOUNT)
    payee_key = identity.payee_key(rail, PAYEE_ACCOUNT, PAYEE_SECRET)
    return {
        "rails": rails,
        "deployments": [
            {"genesis": genesis, "market_program": program, "deployment": identity.deployment_id(genesis, program)}
            for genesis, program in ((GENESIS, MARKET_PROGRAM), (bytes(32), bytes([0xFF] * 32)))
        ],
        "domains": [
            {
                "tag": tag,
                "deployment": DEPLOYMENT,
                "rail": rail,
                "market": market,
                "domain": identity.domain(tag, DEPLOYMENT, rail, market),
            }
            for tag in (TAG_SOLVENCY, TAG_PAYMENT)
            for market in (MARKET, bytes([0xFF] * 32))
        ],
        "payer": {
            "id_secret": ID_SECRET,
            "rail": rail,
            "payer_account": PAYER_ACCOUNT,
            "deployment": DEPLOYMENT,
            "h": h,
            "idc": idc,
            "line_id": identity.line_id(ID_SECRET, idc, DEPLOYMENT),
        },
        "payee": {
            "rail": rail,
            "payee_account": PAYEE_ACCOUNT,
            "payee_secret": PAYEE_SECRET,
            "payee_salt": PAYEE_SALT,
            "txid": TXID,
            "payee_key": payee_key,
            "payee_commit": identity.payee_commit(payee_key, PAYEE_SALT),
            "nf": identity.nullifier(rail, TXID, payee_key),
        },
    }


def _registry() -> Vectors:
    sets = []
    for k, n, depth in ((1, 1, 1), (2, 2, 1), (2, 3, 2), (3, 4, 2), (3, 5, 3)):
        registry = attestor_set(k, n, depth)
        paths = [
            {"index": index, "index_bits": registry.index_bits(index), "siblings": registry.siblings(index)}
            for index in range(n)
        ]
        keys = [key._asdict() for key in registry.keys]
        sets.append({"k": k, "depth": depth, "keys": keys, "root": registry.root, "paths": paths})
    return {"sets": sets}


def _solvency() -> Vectors:
    # Balance, covered, line sequence number, issued_min and issued_at: an everyday bid, then every edge of a check.
    rows = (
        ("an everyday bid", 3_000_000, 2_850_000, 3, NOON_UNIX_S - 60, NOON_UNIX_S),
        ("everything is zero", 0, 0, 0, 0, 0),
        ("balance equals covered, both the largest", AMOUNT_MAX, AMOUNT_MAX, AMOUNT_MAX, TIME_MAX, TIME_MAX),
        ("the last fresh second", 1, 0, 1, NOON_UNIX_S, NOON_UNIX_S + FRESHNESS_WINDOW_S - 1),
    )
    cases = []
    for k, n, depth, indices in QUORUMS:
        registry = attestor_set(k, n, depth)
        for name, balance, covered, seq, issued_min, issued_at in rows:
            witness = SolvencyWitness(
                deployment=DEPLOYMENT,
                rail=EASYPAISA.id(),
                market=MARKET,
                id_secret=ID_SECRET,
                payer_account=PAYER_ACCOUNT,
                balance_minor_units=balance,
                issued_at_unix_s=issued_at,
                nonce=NONCE,
                attestations=(),
            )
            message = witness.message()
            witness = replace(
                witness,
                attestations=tuple(registry.attestation(i, sign(SECRETS[i], message)) for i in indices),
            )
            statement = witness.statement(
                buyer=BUYER, covered_minor_units=covered, seq=seq, issued_min_unix_s=issued_min, root=registry.root
            )
            cases.append(
                {
                    "name": name,
                    "k": k,
                    "depth": depth,
                    "statement": asdict(statement),
                    "packed": statement.packed(),
                    "stmt": statement.stmt(),
                    "message": message,
                    "circuit_input": solvency_circuit_input(statement, witness),
                }
            )
    return {"cases": cases}


def _payment() -> Vectors:
    # Amount, floor, paid_at, and the window's two ends: an everyday payment, then every edge of a check.
    rows = (
        ("an everyday payment", 42, 2_850_000, 2_850_000, NOON_UNIX_S, NOON_UNIX_S - 600, NOON_UNIX_S + 3600),
        ("everything is zero", 0, 0, 0, 0, 0, 0),
        ("amount equals floor, both the largest", AMOUNT_MAX, AMOUNT_MAX, AMOUNT_MAX, TIME_MAX, TIME_MAX, TIME_MAX),
        ("paid in the window's first second", 1, 2_850_001, 1, NOON_UNIX_S, NOON_UNIX_S, TIME_MAX),
        ("paid in the window's last second", 1, 2_850_001, 2_850_000, NOON_UNIX_S, 0, NOON_UNIX_S),
    )
    cases = []
    for k, n, depth, indices in QUORUMS:
        registry = attestor_set(k, n, depth)
        for name, order_id, amount, floor, paid_at, not_before, not_after in rows:
            witness = PaymentWitness(
                deployment=DEPLOYMENT,
                rail=EASYPAISA.id(),
                market=MARKET,
                id_secret=ID_SECRET,
                payer_account=PAYER_ACCOUNT,
                payee_account=PAYEE_ACCOUNT,
                payee_secret=PAYEE_SECRET,
                payee_salt=PAYEE_SALT,
                amount_minor_units=amount,
                paid_at_unix_s=paid_at,
                txid=TXID,
                nonce=NONCE,
                attestations=(),
            )
            message = witness.message()
            witness = replace(
                witness,
                attestations=tuple(registry.attestation(i, sign(SECRETS[i], message)) for i in indices),
            )
            statement = witness.statement(
                order_id=order_id,
                paid_floor_minor_units=floor,
                not_before_unix_s=not_before,
                not_after_unix_s=not_after,
                root=registry.root,
            )
            cases.append(
                {
                    "name": name,
                    "k": k,
                    "depth": depth,
                    "statement": asdict(statement),
                    "packed": statement.packed(),
                    "stmt": statement.stmt(),
                    "message": message,
                    "circuit_input": payment_circuit_input(statement, witness),
                }
            )
    return {"cases": cases}


def _plain(value: Any) -> Any:
    """Return a value as JSON holds it: integers as decimal strings, for readers whose numbers have 53 bits."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    return str(value)


def main(arguments: list[str]) -> int:
    """Write or compare the files; return the exit code."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("usage: python -m tests.vectors.generate.core [--check]\n")
        return 2
    stale = []
    for name, content in vectors().items():
        path, text = FOLDER / name, render(content)
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not arguments:
            partial = path.with_name(path.name + ".partial")
            partial.write_text(text, encoding="utf-8")
            partial.replace(path)
    if arguments and stale:
        sys.stderr.write(f"vectors differ from what the code says: {', '.join(stale)}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
