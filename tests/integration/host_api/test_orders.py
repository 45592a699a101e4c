"""Orders over HTTP to real servers: done once, kept, and judged at the target (decisions 5, 15)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from bc_lib.integrations.host_control.agent import AgentHosts
from bc_lib.ports.host_control import Done, HostRefused, HostUnreachable, HostVerb, Order
from bc_lib.ports.secrets import Credential
from bc_lib.runtime.pgserver import ServerFailed
from tests.fixtures.hostpair import HostPair, host_pair
from tests.fixtures.pgcluster import FixedSecrets, wait_for


def order(pair: HostPair, node: str, verb: HostVerb, **more: Any) -> Order:
    """An order as the runner would send it."""
    words: dict[str, Any] = {"run": "r-1", "step": f"orders-db/{verb.value}", "epoch": 1}
    words |= {"deadline": datetime.now(UTC) + timedelta(seconds=60), "peer_host": "127.0.0.1"}
    peer = "ams" if node == "fra" else "fra"
    return Order(node=node, verb=verb, resource="orders-db", **(words | {"peer_port": pair.port(peer)} | more))


def do(pair: HostPair, node: str, verb: HostVerb, **more: Any) -> Done:
    """Send it and return the answer."""
    agent = pair.agent()
    try:
        return agent.carry_out(order(pair, node, verb, **more))
    finally:
        agent.close()


@pytest.fixture
def pair() -> Iterator[HostPair]:
    with host_pair() as made:
        yield made


def slot(pair: HostPair, primary: str, standby: str) -> None:
    """What the mechanism does over SQL: a slot for the way back, none that nobody reads."""
    pair.sql(primary, f"SELECT pg_create_physical_replication_slot('slot_{standby}', true)")


def replayed(pair: HostPair, node: str, query: str) -> bool:
    """Whether `query` is true at `node`."""
    return pair.sql(node, query) == [(True,)]


def test_a_switchover_by_hand_and_back_loses_nothing(pair: HostPair) -> None:
    """Decision 5: stop, promote, start as standby; then the same the other way."""
    with pair.client() as client:
        for old, new in (("fra", "ams"), ("ams", "fra")):
            turn = {"run": f"r-{old}"}
            state = do(pair, old, HostVerb.STOP, **turn).state
            assert (state.running, state.cluster_state) == (False, "shut down")
            assert state.checkpoint_lsn
            query = f"SELECT pg_last_wal_replay_lsn() > '{state.checkpoint_lsn}'"
            wait_for(partial(replayed, pair, new, query))
            pair.sql(new, "SELECT pg_promote()")
            slot(pair, new, old)
            state = do(pair, old, HostVerb.START_AS_STANDBY, **turn).state
            assert (state.running, state.standby_on_disk) == (True, True)
            wait_for(partial(pair.streams, old))
            pair.sql(old, f"SELECT pg_drop_replication_slot('slot_{new}')")
            client.more()
    assert pair.roles() == {"fra": "primary", "ams": "standby"}
    assert client.missing(pair, "fra") == set()
    assert pair.effects("fra") == pair.effects("ams") == {"start-as-standby": 1, "stop": 1}


def test_an_order_is_done_once_and_stale_or_late_ones_are_refused(pair: HostPair) -> None:
    """F02, F04: the recorded outcome is answered, an older epoch and a late order are refused with their codes."""
    first = do(pair, "fra", HostVerb.STOP, epoch=5)
    again = do(pair, "fra", HostVerb.STOP, epoch=6)
    assert (first.again, again.again) == (False, True)
    assert again.state.checkpoint_lsn == first.state.checkpoint_lsn
    late = datetime.now(UTC) - timedelta(seconds=1)
    for more, code in (({"epoch": 5}, "stale-epoch"), ({"epoch": 7, "deadline": late}, "deadline")):
        with pytest.raises(HostRefused) as refused:
            do(pair, "fra", HostVerb.START, **more)
        assert refused.value.code == code
    with pytest.raises(HostRefused) as refused:  # the late one's epoch was seen all the same
        do(pair, "fra", HostVerb.START, epoch=6)
    assert refused.value.code == "stale-epoch"
    assert pair.effects("fra") == {"stop": 1}
    assert pair.roles()["fra"] == "down"
    state = do(pair, "fra", HostVerb.START, epoch=7).state
    assert (state.running, state.highest_epoch, state.effects) == (True, 7, {"start": 1, "stop": 1})


def test_after_a_restore_of_the_shared_database_no_old_order_answers_for_a_new_one(pair: HostPair) -> None:
    """Decision 18: the same run and step under a later incarnation's epoch is neither done again nor called done."""
    do(pair, "fra", HostVerb.STOP, epoch=100)
    do(pair, "fra", HostVerb.START, run="r-2", epoch=101)
    with pytest.raises(HostRefused, match="before the shared database was restored") as refused:
        do(pair, "fra", HostVerb.STOP, epoch=10**12 + 1)
    assert refused.value.code == "precondition"
    assert pair.roles()["fra"] == "primary"
    with pytest.raises(HostRefused) as refused:  # whoever still has a number of before
        do(pair, "fra", HostVerb.STOP, run="r-3", epoch=102)
    assert refused.value.code == "stale-epoch"
    state = do(pair, "fra", HostVerb.STOP, run="r-1000001", epoch=10**12 + 2).state
    assert (state.running, state.effects) == (False, {"start": 1, "stop": 2})


def test_what_was_kept_survives_the_agent(pair: HostPair) -> None:
    """F11, F02: after a restart of the agent the order is still done, the epoch still known, the server still held."""
    do(pair, "fra", HostVerb.STOP, epoch=3)
    pair.api_down()
    with pytest.raises(HostUnreachable):
        do(pair, "fra", HostVerb.STOP, epoch=3)
    with pytest.raises(HostUnreachable):
        pair.agent().state("fra")
    pair.hosts["fra"].node.release()  # a new agent would not know
    pair.api_up()
    assert pair.hosts["fra"].node.held == "run r-1"
    with pytest.raises(ServerFailed, match="run r-1 stopped it"):
        pair.hosts["fra"].node.start()
    assert do(pair, "fra", HostVerb.STOP, epoch=3).again
    with pytest.raises(HostRefused):
        do(pair, "fra", HostVerb.START, epoch=2)
    assert pair.effects("fra") == {"stop": 1}


@pytest.mark.parametrize("happened", [True, False])
def test_killed_between_intent_and_result(pair: HostPair, happened: bool) -> None:
    """F11: an order without a result is settled by what is really there, and counted once."""
    keeper = pair.served.api.keepers["orders-db-fra"]
    keeper.journal.intend(order(pair, "fra", HostVerb.STOP), {"running": True})
    if happened:
        pair.hosts["fra"].node.stop()
    pair.api_down()
    with (pair.cluster.root / "host" / "orders-db-fra.jsonl").open("a") as file:
        file.write('{"kind": "res')  # and the power went while it wrote
    pair.api_up()
    done = do(pair, "fra", HostVerb.STOP)
    assert (done.again, done.state.running) == (happened, False)
    assert pair.effects("fra") == {"stop": 1}
    assert pair.hosts["fra"].node.held == "run r-1"


def test_a_lost_primary_is_preserved_rewound_and_rejoined(pair: HostPair) -> None:
    """Decision 15: killed, diverged; the copy first, then the rewind, then it follows. F18 stays with the runner."""
    with pair.client() as client:
        pair.kill("fra")
        pair.sql("ams", "SELECT pg_promote()")
        client.more()
        do(pair, "fra", HostVerb.STOP)
        assert pair.effects("fra") == {}  # nothing was left to stop
        with pytest.raises(HostRefused, match="preserved"):
            do(pair, "fra", HostVerb.REBUILD)
        copy = do(pair, "fra", HostVerb.PRESERVE)
        assert int(copy.details["bytes"]) > 20_000_000
        assert copy.state.preserved == ("data.diverged-r-1",)
        pair.sql("ams", "CHECKPOINT")
        rewound = do(pair, "fra", HostVerb.REWIND)
        assert rewound.state.cluster_state == "in archive recovery"
        slot(pair, "ams", "fra")
        do(pair, "fra", HostVerb.START_AS_STANDBY)
        wait_for(lambda: pair.streams("fra"))
        with pytest.raises(HostRefused, match="preserved"):  # what was copied is another folder now
            do(pair, "fra", HostVerb.STOP, step="again")
            do(pair, "fra", HostVerb.REBUILD)
    assert pair.effects("fra") == {"preserve": 1, "rewind": 1, "start-as-standby": 1, "stop": 1}


def test_a_cut_rewind_can_only_be_rebuilt(pair: HostPair) -> None:
    """Decision 15: half a rewind never starts; a rebuild after the copy does."""
    pair.kill("fra")
    pair.sql("ams", "SELECT pg_promote()")
    do(pair, "fra", HostVerb.PRESERVE)
    keeper = pair.served.api.keepers["orders-db-fra"]
    keeper.journal.intend(order(pair, "fra", HostVerb.REWIND), {"running": False})
    pair.api_down()
    pair.api_up()
    for verb in (HostVerb.START, HostVerb.START_AS_STANDBY, HostVerb.REWIND):
        with pytest.raises(HostRefused, match="cut short"):
            do(pair, "fra", verb, step="x")
    done = do(pair, "fra", HostVerb.REBUILD)
    assert (done.state.running, done.state.standby_on_disk) == (False, True)
    assert do(pair, "fra", HostVerb.REBUILD).again
    do(pair, "fra", HostVerb.START_AS_STANDBY)
    wait_for(lambda: pair.streams("fra"))
    assert pair.effects("fra") == {"preserve": 1, "rebuild": 1, "start-as-standby": 1}


def test_what_makes_no_sense_is_refused_before_anything(pair: HostPair) -> None:
    """A running server is not copied, rewound or rebuilt; a source that is no primary of the pair is not followed."""
    cases: list[tuple[str, HostVerb, dict[str, Any], str]] = [
        ("fra", HostVerb.PRESERVE, {}, "runs; stop it"),
        ("fra", HostVerb.REWIND, {}, "runs; stop it"),
        ("fra", HostVerb.START_AS_STANDBY, {}, "runs as a primary"),
    ]
    for node, verb, more, words in cases:
        with pytest.raises(HostRefused, match=words):
            do(pair, node, verb, **more)
    do(pair, "fra", HostVerb.STOP)
    do(pair, "fra", HostVerb.PRESERVE)
    for more, words in (({}, "is no primary"), ({"peer_port": 5432}, "own pair"), ({"run": "../x"}, "plain name")):
        with pytest.raises(HostRefused, match=words) as refused:
            do(pair, "fra", HostVerb.REWIND, **more)
        assert refused.value.code == "precondition"
    assert pair.effects("fra") == {"preserve": 1, "stop": 1}
    assert pair.roles() == {"fra": "down", "ams": "standby"}


def test_orders_at_once_are_one_after_the_other(pair: HostPair) -> None:
    """F03: the same order from twenty threads has one effect and one first answer."""
    with ThreadPoolExecutor(20) as threads:
        found = list(threads.map(lambda _: do(pair, "fra", HostVerb.STOP), range(20)))
    assert sorted(done.again for done in found) == [False] + [True] * 19
    assert pair.effects("fra") == {"stop": 1}
    text = (pair.cluster.root / "host" / "orders-db-fra.jsonl").read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["kind"] for line in lines] == ["intent", "result"]


def test_a_wrong_token_and_a_foreign_node(pair: HostPair) -> None:
    """S8: another token is not accepted, neither for orders nor for looking."""
    agent = AgentHosts(pair.resource(), FixedSecrets({"env:HOST": Credential("agent", "wrong")}))
    with pytest.raises(HostRefused) as refused:
        agent.carry_out(order(pair, "fra", HostVerb.STOP))
    assert refused.value.code == "unauthorized"
    with pytest.raises(HostRefused):
        agent.state("fra")
    with pytest.raises(HostUnreachable):
        agent.state("elsewhere")
    assert pair.roles()["fra"] == "primary"
