"""What must hold for any observation at all (decision 11: unknown is never green)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bc_lib.domain.assessment import Answer, Assessment, Status
from bc_lib.domain.inventory import Platform
from bc_lib.domain.memory import Memory, NodeMemory
from bc_lib.domain.observation import (
    Downstream,
    HeartbeatSeen,
    NodeFacts,
    NodeObservation,
    Observation,
    Reach,
    Role,
    Slot,
    Upstream,
)
from bc_lib.domain.reasons import ANSWER_RANK, TABLE
from bc_lib.domain.rules import assess
from tests.unit.domain.rounds import CUT, T0, healthy, lsn, pair, primary, remembered, resource, standby

TIME = st.integers(-(10**6), 10**6).map(lambda seconds: T0 + timedelta(seconds=seconds))
NUMBER = st.floats(0, 1e7, allow_nan=False)
TEXT = st.text(max_size=8)
LSN = st.one_of(st.integers(0, 2**40).map(lsn), TEXT)
ROLE = st.sampled_from(Role)
MAYBE_NUMBER, MAYBE_TEXT, MAYBE_TIME, MAYBE_LSN = (st.none() | one for one in (NUMBER, TEXT, TIME, LSN))
BEAT = st.builds(HeartbeatSeen, beat_at=TIME, timeline=st.none() | st.integers(1, 3))
UPSTREAM = st.builds(
    Upstream, status=st.sampled_from(["streaming", "waiting", None]) | TEXT, last_message_age_s=MAYBE_NUMBER
)
DOWNSTREAM = st.builds(
    Downstream,
    application_name=TEXT,
    client_address=MAYBE_TEXT,
    state=st.sampled_from(["streaming", "backup"]),
    sync_state=st.sampled_from(["async", "sync"]),
    flush_lag_s=MAYBE_NUMBER,
    replay_lag_s=MAYBE_NUMBER,
    reply_age_s=st.none() | st.floats(-100, 1e5),
)
SLOT = st.builds(
    Slot, name=TEXT, active=st.booleans(), retained_bytes=st.none() | st.integers(0, 2**40), wal_status=MAYBE_TEXT
)
SETTINGS = st.dictionaries(TEXT | st.just("max_connections"), TEXT | st.just("5"), max_size=2)
FACTS = st.builds(
    NodeFacts,
    role=ROLE,
    version=MAYBE_TEXT,
    node_time=MAYBE_TIME,
    timeline=st.none() | st.integers(1, 3),
    system_identifier=MAYBE_TEXT,
    current_lsn=MAYBE_LSN,
    received_lsn=MAYBE_LSN,
    replayed_lsn=MAYBE_LSN,
    replayed_at=MAYBE_TIME,
    replay_paused=st.none() | st.booleans(),
    replay_delay_s=MAYBE_NUMBER,
    read_only=st.none() | st.booleans(),
    upstream=st.none() | UPSTREAM,
    downstreams=st.lists(DOWNSTREAM, max_size=2).map(tuple),
    slots=st.lists(SLOT, max_size=2).map(tuple),
    heartbeat=st.none() | BEAT,
    archive_failures_since=MAYBE_TIME,
    oldest_transaction_s=MAYBE_NUMBER,
    prepared_transactions=st.none() | st.integers(0, 5),
    oldest_prepared_s=MAYBE_NUMBER,
    replay_conflicts=st.none() | st.integers(0, 9),
    sync_waiters=st.none() | st.integers(0, 5),
    settings=SETTINGS,
    extensions=SETTINGS,
    collation_version=MAYBE_TEXT,
    http_status=st.none() | st.integers(100, 599),
    missing=st.lists(st.sampled_from(["downstreams", "slots"]), max_size=2).map(tuple),
)
NODE = st.builds(
    NodeObservation,
    node=st.sampled_from(["fra", "ams", "ams-2"]),
    site=st.sampled_from(["fra", "ams"]),
    observed_at=TIME,
    reach=st.sampled_from(Reach),
    latency_s=MAYBE_NUMBER,
    error=MAYBE_TEXT,
    facts=st.none() | FACTS,
)
OBSERVATION = st.builds(
    Observation, resource=st.just("orders-db"), observed_at=TIME, nodes=st.lists(NODE, max_size=4).map(tuple)
)
MEMORY = st.builds(
    Memory,
    nodes=st.lists(
        st.builds(
            NodeMemory,
            node=st.sampled_from(["fra", "ams"]),
            role=ROLE,
            seen_at=TIME,
            timeline=st.none() | st.integers(1, 3),
            replayed_lsn=MAYBE_LSN,
            received_lsn=MAYBE_LSN,
            current_lsn=MAYBE_LSN,
            replay_moved_at=MAYBE_TIME,
            streaming_at=MAYBE_TIME,
            replay_conflicts=st.none() | st.integers(0, 9),
        ),
        max_size=2,
    ).map(tuple),
    unrequested_at=MAYBE_TIME,
    lag_level=st.sampled_from([None, "warn", "critical"]),
)
RESOURCE = st.sampled_from([resource(), resource(platform=Platform.HTTP), resource(heartbeat=None, rpo_s=None)])
RANK = {Status.GREEN: 0, Status.YELLOW: 1, Status.BLIND: 2, Status.RED: 3}


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(RESOURCE, OBSERVATION, MEMORY)
def test_any_observation_is_judged_safely(res, observation, memory) -> None:
    """Never raises; no unknown site is green; no negative lag; every code is documented; texts are one line."""
    found, after = assess(res, observation, memory)
    known = {node.site for node in observation.nodes if node.reach is Reach.OK and node.facts is not None}
    if {res.home_site, res.dr_site} - known:
        assert found.status is not Status.GREEN
        assert found.could_switch_over.answer is not Answer.YES
    for value in (found.lag.received_bytes, found.lag.replayed_bytes, found.lag.received_s, found.lag.replayed_s):
        assert value is None or value >= 0
    if found.lag.received_s is not None and found.lag.replayed_s is not None:
        assert found.lag.received_s <= found.lag.replayed_s
    for reason in (*found.reasons, *found.findings, *found.could_fail_over.reasons, *found.could_switch_over.reasons):
        assert reason.code in TABLE
        assert reason.text.endswith(".")
        assert reason.text.isprintable()
    words = " ".join(
        [found.heartbeat_statement or "", *(reason.text for reason in (*found.reasons, *found.findings))]
    ).lower()
    assert "no data loss" not in words
    assert "synced" not in words
    assert assess(res, observation, memory) == (found, after)


HOLES = st.dictionaries(
    st.sampled_from(
        ["version", "timeline", "system_identifier", "current_lsn", "received_lsn", "replayed_lsn", "replay_paused",
         "replay_delay_s", "upstream", "heartbeat", "read_only", "node_time", "replay_conflicts"]
    ),
    st.none(),
    max_size=3,
)  # fmt: skip


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(HOLES, HOLES)
def test_yes_means_that_the_facts_are_known(of_primary, of_standby) -> None:
    """A verdict YES never rests on a figure that is not there: healthy servers, of which less and less is known."""
    fra, ams = replace(primary(T0), **of_primary), replace(standby(T0), **of_standby)
    found = assess(resource(), pair(T0, fra, ams), Memory())[0]
    assume(Answer.YES in {found.could_switch_over.answer, found.could_fail_over.answer})
    assert ams.upstream is not None
    assert ams.upstream.status == "streaming"
    assert ams.replay_paused is False
    assert found.lag.received_bytes is not None
    assert found.lag.received_s is not None
    assert found.lag.replayed_bytes is not None


BAD_AT_STANDBY = {
    "paused": {"replay_paused": True},
    "pause unknown": {"replay_paused": None},
    "cut": {"upstream": CUT},
    "receiver unknown": {"upstream": None},
    "silent": {"upstream": Upstream(status="streaming", last_message_age_s=99)},
    "other system": {"system_identifier": "8"},
    "delayed": {"replay_delay_s": 600.0},
    "positions unknown": {"received_lsn": None, "replayed_lsn": None},
    "replay unknown": {"replayed_lsn": None},
    "far behind": {"received_lsn": "0/1", "replayed_lsn": "0/1"},
    "beat missing": {"heartbeat": None},
    "primary too": {"role": Role.PRIMARY},
    "no role": {"role": Role.UNKNOWN},
}
BAD_AT_PRIMARY = {
    "another slot lost": {"slots": (Slot(name="s", active=False, wal_status="lost"),)},
    "position unknown": {"current_lsn": None},
    "archive": {"archive_failures_since": T0},
    "waits": {"sync_waiters": 2},
    "beat missing": {"heartbeat": None},
    "long": {"oldest_transaction_s": 9999.0},
    "prepared": {"prepared_transactions": 1},
    "read only": {"read_only": True},
}


@pytest.mark.parametrize("one", BAD_AT_STANDBY)
def test_bad_news_never_improves_anything(one: str) -> None:
    """Adding a trouble never gives a better status or verdict than without it, from healthy up to two troubles."""
    memory, at = remembered()

    def judge(*changes: dict, writer: dict | None = None) -> Assessment:
        facts = standby(at)
        for change in changes:
            facts = replace(facts, **change)
        return assess(resource(), pair(at, replace(primary(at), **(writer or {})), facts), memory)[0]

    single = judge(BAD_AT_STANDBY[one])
    worse(judge(), single)
    if one in {"primary too", "no role"}:
        return  # with these the partner's figures are not judged at all
    for trouble in BAD_AT_PRIMARY.values():
        worse(single, judge(BAD_AT_STANDBY[one], writer=trouble))
    for second, trouble in BAD_AT_STANDBY.items():
        if not trouble.keys() & BAD_AT_STANDBY[one].keys() and not {one, second} & {"primary too", "no role"}:
            worse(single, judge(BAD_AT_STANDBY[one], trouble))


def worse(before: Assessment, after: Assessment) -> None:
    """`after` is at most as good as `before`."""
    assert RANK[after.status] >= RANK[before.status]
    for then, now in (
        (before.could_switch_over, after.could_switch_over),
        (before.could_fail_over, after.could_fail_over),
    ):
        assert ANSWER_RANK.index(now.answer) <= ANSWER_RANK.index(then.answer), (before, after)


@pytest.mark.parametrize("site", ["fra", "ams"])
@pytest.mark.parametrize("how", [reach for reach in Reach if reach is not Reach.OK])
def test_losing_sight_of_a_healthy_site_is_never_green(site: str, how: Reach) -> None:
    memory, at = remembered()
    seen = healthy(at)
    nodes = tuple(replace(node, reach=how, facts=None) if node.site == site else node for node in seen.nodes)
    worse(assess(resource(), seen, memory)[0], assess(resource(), replace(seen, nodes=nodes), memory)[0])
