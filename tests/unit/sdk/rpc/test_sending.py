"""From sent to confirmed, over nodes that drop, forget, lag and fall silent: each transaction runs at most once."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from solders.transaction import VersionedTransaction

from anomi_sdk.localnet.chain import Chain
from anomi_sdk.localnet.errors import RpcError
from anomi_sdk.localnet.methods import call
from anomi_sdk.program_errors import TransactionFailure
from anomi_sdk.rpc import recall_or_send
from anomi_sdk.rpc_url import ClusterUnreachableError, NodeAnswerError, OutcomeUnknownError, RpcRefusedError, RpcUrl
from anomi_sdk.svm import BLOCKHASHES_MAX, EmbeddedSvm

from .nodes import FakeClock, Reply, Request, error, node, result
from .test_same_on_both import OTHER, pay

Change = Callable[[Request, Any], Any]


class Cluster:
    """A chain behind a node that may refuse a method, keep silent, or tell something else than the truth."""

    def __init__(self, svm: EmbeddedSvm) -> None:
        self.chain = Chain(svm, monotonic=lambda: 0.0)
        self.clock = FakeClock()
        self.instead: dict[str, Callable[[Request], Reply | None]] = {}
        self.changed: dict[str, Change] = {}
        self.methods: list[str] = []

    def answer(self, request: Request) -> Reply:
        method = request["method"]
        self.methods.append(method)
        if method in self.instead and (reply := self.instead[method](request)) is not None:
            return reply
        try:
            value = call(self.chain, method, request["params"])
        except RpcError as refusal:
            return error(request, refusal.code, str(refusal))
        return result(request, self.changed[method](request, value) if method in self.changed else value)

    def first(self, times: int, method: str, reply: Callable[[Request], Reply]) -> None:
        """Reply like that to the first `times` requests of `method`."""
        left = [None] * times
        self.instead[method] = lambda request: (left.pop(), reply(request))[1] if left else None

    def lamports(self) -> int:
        return self.chain.lamports(OTHER)

    def pass_blocks(self, count: int = BLOCKHASHES_MAX) -> None:
        for _ in range(count):
            self.chain.svm.latest_blockhash()


@pytest.fixture
def cluster(svm: EmbeddedSvm) -> Cluster:
    return Cluster(svm)


@pytest.fixture
def lossy(cluster: Cluster) -> Iterator[RpcUrl]:
    with (
        node(cluster.answer) as server,
        RpcUrl(server.url, sleep=cluster.clock.sleep, monotonic=cluster.clock.monotonic) as rpc,
    ):
        yield rpc


def accept_and_drop(request: Request) -> Reply:
    return result(request, "1" * 64)


def test_a_refused_simulation_sends_nothing(cluster: Cluster, lossy: RpcUrl) -> None:
    assert lossy.send(pay(lossy, 10**15)).failure is not None
    assert "sendTransaction" not in cluster.methods
    assert cluster.chain.sent == 0


def test_it_goes_out_without_a_second_simulation_by_the_node(cluster: Cluster, lossy: RpcUrl) -> None:
    options: list[dict[str, Any]] = []
    cluster.instead["sendTransaction"] = lambda request: options.append(request["params"][1])
    lossy.send(pay(lossy)).require_success()
    assert options == [{"encoding": "base64", "skipPreflight": True, "maxRetries": 0}]
    assert cluster.clock.sleeps == []


def test_a_dropped_transaction_is_sent_again(cluster: Cluster, lossy: RpcUrl) -> None:
    cluster.first(2, "sendTransaction", accept_and_drop)
    lossy.send(pay(lossy)).require_success()
    assert cluster.methods.count("sendTransaction") == 3
    assert cluster.lamports() == 1_000_000
    assert 4 <= sum(cluster.clock.sleeps) < 6


@pytest.mark.parametrize(
    "reply",
    [
        lambda _: Reply(status=503),
        lambda _: Reply(b"not JSON"),
        lambda _: Reply(b"", declared=100),
        lambda request: error(request, -32005, "behind"),
    ],
    ids=["503", "not JSON", "broken off", "behind"],
)
def test_a_first_attempt_without_a_clear_answer_is_followed_by_others(
    cluster: Cluster, lossy: RpcUrl, reply: Callable[[Request], Reply]
) -> None:
    cluster.first(1, "sendTransaction", reply)
    lossy.send(pay(lossy)).require_success()
    assert cluster.methods.count("sendTransaction") == 2


def test_it_went_out_although_the_answer_was_lost(cluster: Cluster, lossy: RpcUrl) -> None:
    def run_and_hang_up(request: Request) -> Reply:
        call(cluster.chain, "sendTransaction", request["params"])
        return Reply(b"", declared=100)

    cluster.first(1, "sendTransaction", run_and_hang_up)
    lossy.send(pay(lossy)).require_success()
    assert cluster.methods.count("sendTransaction") == 1
    assert cluster.lamports() == 1_000_000


def test_a_plain_refusal_of_the_first_attempt_is_told(cluster: Cluster, lossy: RpcUrl) -> None:
    cluster.first(1, "sendTransaction", lambda request: error(request, -32602, "no sending here"))
    with pytest.raises(RpcRefusedError, match="no sending here"):
        lossy.send(pay(lossy))
    assert cluster.lamports() == 0


def test_a_refusal_of_a_later_attempt_is_not_believed(cluster: Cluster, lossy: RpcUrl) -> None:
    """A node that has the transaction already may well refuse it."""
    answers: list[Callable[[Request], Reply | None]] = [
        accept_and_drop,
        lambda request: error(request, -32002, "already processed"),
        lambda _: None,
    ]

    def answer(request: Request) -> Reply | None:
        return answers.pop(0)(request)

    cluster.instead["sendTransaction"] = answer
    lossy.send(pay(lossy)).require_success()
    assert answers == []


def test_a_transaction_that_is_dropped_for_ever_expires(cluster: Cluster, lossy: RpcUrl) -> None:
    transaction = pay(lossy)

    def drop(request: Request) -> Reply:
        cluster.pass_blocks(20)
        return accept_and_drop(request)

    cluster.instead["sendTransaction"] = drop
    outcome = lossy.send(transaction)
    assert outcome.failure == TransactionFailure("BlockhashNotFound")
    assert outcome.signature == str(transaction.signatures[0])
    assert cluster.methods.count("sendTransaction") == 8
    assert cluster.lamports() == 0


def test_a_blockhash_from_elsewhere_is_given_the_longest_it_can_have(cluster: Cluster, lossy: RpcUrl) -> None:
    transaction = pay(cluster.chain.svm)
    heights = []

    def drop(request: Request) -> Reply:
        heights.append(cluster.chain.svm.block_height)
        cluster.pass_blocks(50)
        return accept_and_drop(request)

    cluster.instead["sendTransaction"] = drop
    assert lossy.send(transaction).failure == TransactionFailure("BlockhashNotFound")
    assert heights[-1] - heights[0] == BLOCKHASHES_MAX


def test_it_confirmed_between_the_last_look_and_its_expiry(cluster: Cluster, lossy: RpcUrl) -> None:
    cluster.instead["sendTransaction"] = accept_and_drop
    transaction = pay(lossy)

    def at_last(_: Request, value: dict[str, Any]) -> dict[str, Any]:
        if cluster.chain.sent == 0:
            cluster.chain.send(transaction).require_success()
        cluster.pass_blocks()
        return value | {"blockHeight": cluster.chain.svm.block_height}

    cluster.changed["getEpochInfo"] = at_last
    lossy.send(transaction).require_success()
    assert cluster.lamports() == 1_000_000


@pytest.mark.parametrize("level", ["processed", None])
def test_a_processed_transaction_is_waited_for(cluster: Cluster, lossy: RpcUrl, level: str | None) -> None:
    looks = []

    def not_yet(_: Request, value: dict[str, Any]) -> dict[str, Any]:
        looks.append(1)
        if value["value"][0] is not None and len(looks) < 4:
            value["value"][0] |= {"confirmationStatus": level, "confirmations": 1}
        return value

    cluster.changed["getSignatureStatuses"] = not_yet
    lossy.send(pay(lossy)).require_success()
    assert len(looks) == 4


def test_confirmed_is_not_finalized(cluster: Cluster) -> None:
    looks = []

    def confirmed(_: Request, value: dict[str, Any]) -> dict[str, Any]:
        looks.append(1)
        if value["value"][0] is not None and len(looks) < 3:
            value["value"][0] |= {"confirmationStatus": "confirmed"}
        return value

    cluster.changed["getSignatureStatuses"] = confirmed
    clock = cluster.clock
    with node(cluster.answer) as server:
        with RpcUrl(server.url, commitment="finalized", sleep=clock.sleep, monotonic=clock.monotonic) as rpc:
            outcome = rpc.send(pay(rpc)).require_success()
        assert len(looks) == 3
        looks.clear()
        with RpcUrl(server.url, commitment="finalized", sleep=clock.sleep, monotonic=clock.monotonic) as rpc:
            assert rpc.outcome_of(outcome.signature) is None
        with RpcUrl(server.url, commitment="confirmed", sleep=clock.sleep, monotonic=clock.monotonic) as rpc:
            assert rpc.outcome_of(outcome.signature) == outcome


def test_a_record_that_comes_a_moment_later(cluster: Cluster, lossy: RpcUrl) -> None:
    cluster.first(3, "getTransaction", lambda request: result(request, None))
    lossy.send(pay(lossy)).require_success()
    assert cluster.clock.sleeps == [0.5] * 3


def test_a_record_that_never_comes(cluster: Cluster, lossy: RpcUrl) -> None:
    cluster.instead["getTransaction"] = lambda request: result(request, None)
    transaction = pay(lossy)
    with pytest.raises(OutcomeUnknownError, match="has no record of it") as unknown:
        lossy.send(transaction)
    assert unknown.value.signature == str(transaction.signatures[0])
    assert unknown.value.exit_code == 3
    cluster.instead.clear()
    recall_or_send(lossy, transaction).require_success()
    assert cluster.lamports() == 1_000_000


@pytest.mark.parametrize(
    "changes",
    [
        {"transaction": None},
        {"transaction": ["", "base64"]},
        {"transaction": ["AAAA", "base64"]},
        {"meta": None},
        {"meta": {"logMessages": []}},
        {"meta": {"err": None, "logMessages": [5]}},
        {"meta": {"err": None, "logMessages": ["\ud800"]}},
        {"meta": {"err": None, "logMessages": [], "computeUnitsConsumed": -1}},
        {"meta": {"err": None, "returnData": {"programId": "1", "data": ["AAAA", "base64"]}}},
        {"meta": {"err": "<b>"}},
        {"meta": {"err": 5}},
        {"meta": {"err": {}}},
        {"meta": {"err": {"DuplicateInstruction": "0"}}},
        {"meta": {"err": {"InsufficientFundsForRent": {"account_index": 256}}}},
        {"meta": {"err": {"InstructionError": [5, {"Custom": 1}]}}},
        {"meta": {"err": {"InstructionError": [0, {"Custom": 2**32}]}}},
        {"meta": {"err": {"InstructionError": [0, 5]}}},
        {"slot": -1},
    ],
)
def test_a_record_that_is_none(cluster: Cluster, lossy: RpcUrl, changes: dict[str, Any]) -> None:
    signature = lossy.send(pay(lossy)).require_success().signature
    cluster.changed["getTransaction"] = lambda _, value: value | changes
    with pytest.raises(NodeAnswerError, match="answered getTransaction with a wrong or missing"):
        lossy.outcome_of(signature)


def test_the_record_of_another_transaction(cluster: Cluster, lossy: RpcUrl) -> None:
    first, second = (lossy.send(pay(lossy)).require_success() for _ in range(2))
    other = call(cluster.chain, "getTransaction", [second.signature, {"encoding": "base64"}])
    cluster.changed["getTransaction"] = lambda _, __: other
    with pytest.raises(NodeAnswerError, match="wrong or missing transaction"):
        lossy.outcome_of(first.signature)


@pytest.mark.parametrize("at", [1 + 64 + 3 + 1 + 3 * 32 + 32 + 1, -1], ids=["the program's index", "an amount"])
def test_the_record_of_an_altered_transaction(cluster: Cluster, lossy: RpcUrl, at: int) -> None:
    signature = lossy.send(pay(lossy)).require_success().signature

    def altered(_: Request, value: dict[str, Any]) -> dict[str, Any]:
        wire = bytearray(base64.b64decode(value["transaction"][0]))
        wire[at] = 99
        error = {"InstructionError": [0, {"Custom": 1}]}
        return value | {"transaction": [base64.b64encode(wire).decode(), "base64"], "meta": {"err": error}}

    cluster.changed["getTransaction"] = altered
    with pytest.raises(NodeAnswerError, match="wrong or missing transaction"):
        lossy.outcome_of(signature)


def test_the_cluster_falls_silent_after_sending(cluster: Cluster, lossy: RpcUrl) -> None:
    cluster.instead["getSignatureStatuses"] = lambda _: Reply(status=503)
    transaction = pay(lossy)
    with pytest.raises(OutcomeUnknownError, match=r"the outcome of .* is unknown: .* HTTP 503"):
        lossy.send(transaction)
    cluster.instead.clear()
    assert recall_or_send(lossy, transaction) == lossy.outcome_of(str(transaction.signatures[0]))
    assert cluster.lamports() == 1_000_000


def test_a_cluster_that_stands_still(cluster: Cluster, lossy: RpcUrl) -> None:
    cluster.instead["sendTransaction"] = accept_and_drop
    with pytest.raises(OutcomeUnknownError, match="not confirmed within 180 s"):
        lossy.send(pay(lossy))
    assert 180 <= sum(cluster.clock.sleeps) < 190


def test_a_node_that_lags_does_not_say_that_nothing_happened(cluster: Cluster, lossy: RpcUrl) -> None:
    outcome = lossy.send(pay(lossy)).require_success()
    looks = []

    def behind(_: Request, value: dict[str, Any]) -> dict[str, Any]:
        looks.append(1)
        slot = value["context"]["slot"]
        return {"context": {"slot": slot - 1}, "value": [None]} if len(looks) < 3 else value

    cluster.changed["getSignatureStatuses"] = behind
    assert lossy.outcome_of(outcome.signature) == outcome
    looks[:] = []
    cluster.changed["getSignatureStatuses"] = lambda _, value: {
        "context": {"slot": value["context"]["slot"] - 1},
        "value": [None],
    }
    with pytest.raises(ClusterUnreachableError, match="lags behind"):
        lossy.outcome_of(outcome.signature)


def test_a_blockhash_that_a_lagging_node_does_not_know_yet(cluster: Cluster, lossy: RpcUrl) -> None:
    transaction = pay(cluster.chain.svm)
    unknown = {"err": "BlockhashNotFound", "logs": [], "unitsConsumed": 0}
    slot = cluster.chain.svm.slot
    cluster.first(
        3, "simulateTransaction", lambda request: result(request, {"context": {"slot": slot}, "value": unknown})
    )
    recall_or_send(lossy, transaction).require_success()
    assert cluster.clock.sleeps == [1, 1, 1]


def test_a_refused_transaction_that_landed_all_the_same(cluster: Cluster, lossy: RpcUrl) -> None:
    """The state may change between the simulation and the run: what counts is the run."""
    first, second = (drain(lossy) for _ in range(2))

    def first_goes_first(_: Request) -> None:
        cluster.instead.clear()
        cluster.chain.send(first).require_success()

    cluster.instead["sendTransaction"] = first_goes_first
    outcome = lossy.send(second)
    assert outcome.failure is not None
    assert (outcome.failure.reason, outcome.failure.code) == ("Custom", 1)
    assert lossy.outcome_of(outcome.signature) == outcome == cluster.chain.svm.outcome_of(outcome.signature)


def drain(rpc: RpcUrl) -> VersionedTransaction:
    """A transfer of more than half of what the payer has."""
    return pay(rpc, 60_000_000_000)
