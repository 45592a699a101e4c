"""Replication, lag, heartbeat, roles, housekeeping, parity: one row a code (FR-010, FR-012, FR-014, TC-012, TC-023)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bc_lib.domain.assessment import Answer, Status
from bc_lib.domain.inventory import Thresholds
from bc_lib.domain.memory import Memory
from bc_lib.domain.observation import HeartbeatSeen, LagSource, Role, Slot, Upstream
from bc_lib.domain.rules import assess
from bc_lib.testing.builders import LIMITS
from tests.unit.domain.rounds import (
    CUT,
    STEP,
    T0,
    codes,
    healthy,
    pair,
    primary,
    remembered,
    resource,
    standby,
)

S, Y, R = Status.GREEN, Status.YELLOW, Status.RED
LISTED = primary(T0).downstreams[0]


def at_primary(**more):
    return pair(T0, primary(T0, **more), standby(T0))


def at_standby(**more):
    return pair(T0, primary(T0), standby(T0, **more))


CASES = {
    "TWO_PRIMARIES": (pair(T0, primary(T0), primary(T0)), R, Answer.NO, Answer.NO),
    "NO_PRIMARY": (pair(T0, standby(T0), standby(T0)), R, Answer.NO, Answer.UNKNOWN),
    "SITE_MISMATCH": (pair(T0, standby(T0), primary(T0)), S, Answer.YES, Answer.YES),
    "DIFFERENT_SYSTEM": (at_standby(system_identifier="8"), R, Answer.NO, Answer.NO),
    "PRIMARY_READ_ONLY": (at_primary(read_only=True), R, Answer.YES, Answer.YES),
    "RECEIVER_NOT_STREAMING": (at_standby(upstream=CUT), R, Answer.NO, Answer.WITH_LOSS),
    "REPLAY_PAUSED": (at_standby(replay_paused=True), R, Answer.NO, Answer.WITH_LOSS),
    "REPLAY_DELAYED": (at_standby(replay_delay_s=120.0), Y, Answer.NO, Answer.WITH_LOSS),
    "RETAINED_WAL": (
        at_primary(slots=(Slot(name="ams", active=True, retained_bytes=2 << 30),)),
        Y,
        Answer.YES,
        Answer.YES,
    ),
    "ARCHIVE_FAILING": (at_primary(archive_failures_since=T0), Y, Answer.YES, Answer.YES),
    "LONG_TRANSACTION": (at_primary(oldest_transaction_s=601.0), Y, Answer.YES, Answer.YES),
    "PREPARED_TRANSACTION": (at_primary(prepared_transactions=1, oldest_prepared_s=301.0), Y, Answer.YES, Answer.YES),
    "SYNC_WAITERS": (at_primary(sync_waiters=3), R, Answer.YES, Answer.YES),
    "FIGURES_MISSING": (at_standby(replay_paused=None), Y, Answer.UNKNOWN, Answer.UNKNOWN),
    "FIGURES_HIDDEN": (at_primary(missing=("settings.work_mem",)), S, Answer.YES, Answer.YES),
    "LAG_UNKNOWN": (at_primary(current_lsn="nonsense"), Y, Answer.UNKNOWN, Answer.UNKNOWN),
    "HEARTBEAT_STOPPED": (
        at_primary(heartbeat=HeartbeatSeen(beat_at=T0 - timedelta(seconds=5))),
        Y,
        Answer.YES,
        Answer.YES,
    ),
    "HEARTBEAT_UNKNOWN": (at_primary(heartbeat=None), Y, Answer.YES, Answer.YES),
    "CHECK_FAILED": (at_standby(role=Role.UNKNOWN), Status.BLIND, Answer.UNKNOWN, Answer.UNKNOWN),
    "PARITY_VERSION": (at_standby(version="18.5"), S, Answer.YES, Answer.YES),
    "PARITY_COLLATION": (
        pair(T0, primary(T0, collation_version="2.36"), standby(T0, collation_version="2.31")),
        Y,
        Answer.YES,
        Answer.YES,
    ),
    "PARITY_SETTINGS": (
        pair(
            T0, primary(T0, settings=LIMITS | {"work_mem": "4MB"}), standby(T0, settings=LIMITS | {"work_mem": "8MB"})
        ),
        S,
        Answer.YES,
        Answer.YES,
    ),
    "PARITY_EXTENSIONS": (
        pair(T0, primary(T0, extensions={"postgis": "3.4"}), standby(T0, extensions={"postgis": "3.3"})),
        S,
        Answer.YES,
        Answer.YES,
    ),
}


@pytest.mark.parametrize("code", CASES)
def test_each_code_and_what_it_does(code: str) -> None:
    """FR-012: status and both verdicts of every code that one observation can show."""
    observation, status, switch, fail = CASES[code]
    found = assess(resource(), observation, Memory())[0]
    assert code in codes(found)
    assert found.status is status, found.reasons
    assert found.could_switch_over.answer is switch, found.could_switch_over
    assert found.could_fail_over.answer is fail, found.could_fail_over
    told = [reason.text for reason in (*found.reasons, *found.findings) if reason.code == code]
    assert all(re.fullmatch(r"[A-Z0-9a-z].*\.", text) and "\n" not in text for text in told)


def test_slow_node_is_measured_against_its_own_threshold() -> None:
    """TC-012."""
    slow = tuple(replace(node, latency_s=0.4) for node in healthy(T0).nodes)
    observation = replace(healthy(T0), nodes=slow)
    assert assess(resource(), observation, Memory())[0].status is S
    strict = resource(thresholds=Thresholds(latency_warn_s=0.3))
    assert codes(assess(strict, observation, Memory())[0]) == {"SLOW"}
    assert codes(assess(strict, replace(observation, cold=True), Memory())[0]) == set()
    seven = replace(observation, nodes=tuple(replace(node, latency_s=0.7) for node in slow))
    assert codes(assess(resource(), seven, Memory())[0]) == {"SLOW"}


@pytest.mark.parametrize(("active", "told"), [(False, {"RETAINED_WAL"}), (True, set())])
def test_wal_kept_at_a_standby_for_nobody_is_told(active: bool, told: set[str]) -> None:
    """FR-034: a slot that a move made there and nobody dropped grows until the disk is full."""
    kept = at_standby(slots=(Slot(name="fra", active=active, retained_bytes=2 << 30, wal_status="reserved"),))
    assert codes(assess(resource(), kept, Memory())[0]) == told


def run(observations, res=None, memory=None):
    memory, found = memory or Memory(), None
    for observation in observations:
        found, memory = assess(res or resource(), observation, memory)
    return found, memory


def test_idle_primary_is_not_a_stalled_replay() -> None:
    """facts 1: nothing is written for hours; the replay timestamp is old, and nothing is wrong."""
    old = T0 - timedelta(hours=5)
    times = [T0 + STEP * number for number in range(20)]
    found, _ = run(
        (pair(at, primary(at, heartbeat=None), standby(at, heartbeat=None, replayed_at=old)) for at in times),
        resource(heartbeat=None),
    )
    assert (found.status, found.lag.replayed_s, found.lag.source) == (S, 0.0, LagSource.MARKER)


def test_stalled_replay_is_found_by_the_marker_that_does_not_move() -> None:
    """The receiver goes on, replay does not: told after 45 s, not before (a query may hold it up for 30 s)."""
    seen = []
    memory = Memory()
    for number in range(6):
        at = T0 + STEP * number
        observation = pair(at, primary(at, 9000 + number), standby(at, 9000 + number, replayed=5000))
        found, memory = assess(resource(), observation, memory)
        seen.append("REPLAY_STALLED" in codes(found))
    assert seen == [False, False, False, False, True, True]


def test_delayed_standby_is_yellow_for_good_and_neither_late_nor_stalled() -> None:
    """The demo's reports-db: two minutes on purpose, against an RPO target of one minute."""
    res = resource(rpo_s=60.0, thresholds=Thresholds(lag_warn_s=30, lag_critical_s=60))
    memory = Memory()
    for number in range(40):
        at = T0 + STEP * number
        beat = HeartbeatSeen(beat_at=at - timedelta(seconds=120.6), timeline=1)
        delayed = standby(at, 90000 + number * 100, replayed=80000 + number * 100, replay_delay_s=120.0, heartbeat=beat)
        found, memory = assess(res, pair(at, primary(at, 90000 + number * 100), delayed), memory)
        assert (found.status, codes(found)) == (Y, {"REPLAY_DELAYED"})
    assert found.reasons[0].text == "Replay at ams is delayed by 2 min on purpose, longer than the RPO target of 1 min."
    assert found.lag.received_s == 0
    assert 120 < found.lag.replayed_s < 122


def lagging(at, seconds: float, **more):
    beat = HeartbeatSeen(beat_at=at - timedelta(seconds=seconds), timeline=1)
    return pair(at, primary(at, 9000), standby(at, 9000, replayed=8000, heartbeat=beat, **more))


@pytest.mark.parametrize(
    ("seconds", "code", "status"),
    [
        (9.0, None, S),
        (11.0, "LAG_WARN", Y),
        (31.0, "LAG_CRITICAL", R),
    ],
)
def test_lag_levels(seconds: float, code: str | None, status: Status) -> None:
    """FR-003, TC-012: the resource's own thresholds decide."""
    found = assess(resource(), lagging(T0, seconds), Memory())[0]
    assert (found.status, codes(found)) == (status, {code} if code else set())
    assert found.lag.source is LagSource.HEARTBEAT


def test_lag_level_is_left_only_well_below_it() -> None:
    """Hysteresis: 80 % of the threshold."""
    levels = []
    memory = Memory()
    for number, seconds in enumerate([9, 11, 9, 8.1, 7.9, 9, 31, 25, 23, 8.5, 1]):
        _, memory = assess(resource(), lagging(T0 + STEP * number, seconds), memory)
        levels.append(memory.lag_level)
    assert levels == [None, "warn", "warn", "warn", None, None, "critical", "critical", "warn", "warn", None]


def test_default_thresholds_follow_the_rpo_target() -> None:
    res = resource(thresholds=Thresholds(), rpo_s=20.0)
    assert codes(assess(res, lagging(T0, 11.0), Memory())[0]) == {"LAG_WARN"}
    assert codes(assess(res, lagging(T0, 21.0), Memory())[0]) == {"LAG_CRITICAL"}


def test_rpo_compares_what_is_received() -> None:
    """TC-030: received lag over the target is a breach; a late replay alone is none."""
    late = replace(LISTED, flush_lag_s=42.0, reply_age_s=0.0)
    beat = HeartbeatSeen(beat_at=T0 - timedelta(seconds=43), timeline=1)
    found = assess(
        resource(), pair(T0, primary(T0, 9000, downstreams=(late,)), standby(T0, 8000, heartbeat=beat)), Memory()
    )[0]
    breach = next(reason for reason in found.reasons if reason.code == "RPO_BREACH")
    assert breach.text == "Up to 42 s of writes are not received at ams, over the RPO target of 30 s."
    assert found.could_fail_over.answer is Answer.WITH_LOSS
    assert "RPO_BREACH" not in codes(assess(resource(), lagging(T0, 300.0), Memory())[0])


def test_cut_connection_grows_the_possible_loss_with_time() -> None:
    memory, at = remembered()
    received, old = [], HeartbeatSeen(beat_at=at - STEP, timeline=1)
    for number in range(4):
        moment = at + STEP * number
        observation = pair(moment, primary(moment, 9000 + number), standby(moment, 5001, upstream=CUT, heartbeat=old))
        found, memory = assess(resource(), observation, memory)
        received.append(found.lag.received_s)
    assert received == sorted(received)
    assert "RPO_BREACH" in codes(found)
    assert found.could_fail_over.answer is Answer.WITH_LOSS


def test_samples_taken_in_the_wrong_order_never_give_a_negative_lag() -> None:
    found = assess(resource(), pair(T0, primary(T0, 5000), standby(T0, 6000)), Memory())[0]
    assert (found.lag.received_bytes, found.lag.replayed_bytes, found.lag.received_s, found.lag.replayed_s) == (
        0,
        0,
        0.0,
        0.0,
    )


def test_replay_lag_of_the_primary_does_not_hide_a_pause() -> None:
    """The primary keeps its last figure while nothing is replayed; the standing time is added."""
    res = resource(heartbeat=None)
    memory = Memory()
    for number in range(5):
        at = T0 + STEP * number
        observation = pair(
            at, primary(at, 9000 + number), standby(at, 9000 + number, replayed=8000, replay_paused=True)
        )
        found, memory = assess(res, observation, memory)
    assert found.lag.source is LagSource.REPLAY_LAG
    assert found.lag.replayed_s >= 60


def test_stopped_heartbeat_says_nothing_about_lag() -> None:
    beat = HeartbeatSeen(beat_at=T0 - timedelta(seconds=300), timeline=1)
    observation = pair(T0, primary(T0, 9000, heartbeat=beat), standby(T0, 9000, replayed=8990, heartbeat=beat))
    found = assess(resource(), observation, Memory())[0]
    assert codes(found) == {"HEARTBEAT_STOPPED"}
    assert found.lag.source is LagSource.REPLAY_LAG


# FR-014, TC-023

FORM = re.compile(r"Caught up to heartbeat \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC; potential loss window up to [^;]+\.\Z")


def test_heartbeat_statement_has_exactly_the_asked_form() -> None:
    found = assess(resource(), healthy(T0), Memory())[0]
    assert (
        found.heartbeat_statement == "Caught up to heartbeat 2026-11-23 04:59:59 UTC; potential loss window up to 1 s."
    )


def test_the_statement_names_the_one_bound_of_the_loss() -> None:
    """TC-023: what is received and not yet applied is old to look at there, and would not be lost."""
    found = assess(resource(), lagging(T0, 95.0), Memory())[0]
    assert found.lag.replayed_s == 95
    assert found.heartbeat_statement.endswith("potential loss window up to 1 s.")
    line = replace(LISTED, flush_lag_s=4.0, reply_age_s=0.5)
    beat = HeartbeatSeen(beat_at=T0 - timedelta(seconds=6), timeline=1)
    behind = pair(T0, primary(T0, 500000, downstreams=(line,)), standby(T0, 5000, heartbeat=beat))
    found = assess(resource(), behind, Memory())[0]
    assert found.heartbeat_statement.endswith("potential loss window up to 4.5 s.")


def test_beat_of_another_timeline_is_ignored() -> None:
    """Decision 17."""
    found = assess(resource(), at_standby(heartbeat=HeartbeatSeen(beat_at=T0, timeline=2)), Memory())[0]
    assert found.heartbeat_statement is None
    assert "HEARTBEAT_UNKNOWN" in codes(found)


def test_statement_without_the_primary_runs_to_its_end_and_not_on() -> None:
    memory, at = remembered()
    beat = HeartbeatSeen(beat_at=at - STEP, timeline=1)
    found, memory = assess(resource(), pair(at, None, standby(at, upstream=CUT, heartbeat=beat)), memory)
    assert FORM.match(found.heartbeat_statement)
    assert found.heartbeat_statement.endswith("up to 15 s.")
    later = at + 40 * STEP
    after = assess(resource(), pair(later, None, standby(later, upstream=CUT, heartbeat=beat)), memory)[0]
    assert after.heartbeat_statement.endswith("up to 15 s."), "ten minutes of waiting are no loss"


# Decision 19


def test_role_change_nobody_asked_for_is_kept_for_a_day() -> None:
    """UnrequestedMove: critical, with the two observations that show it."""
    memory, at = remembered()
    found, memory = assess(resource(), pair(at, standby(at, timeline=2), primary(at, timeline=2)), memory)
    move = next(reason for reason in found.reasons if reason.code == "UNREQUESTED_MOVE")
    assert "ams was standby at 2026-11-23 05:00:15 UTC and was seen as primary at 2026-11-23 05:00:30 UTC" in move.text
    assert found.status is R
    later = at + timedelta(hours=23)
    found, memory = assess(resource(), pair(later, standby(later, timeline=2), primary(later, timeline=2)), memory)
    assert "UNREQUESTED_MOVE" in codes(found)
    after = at + timedelta(hours=25)
    found, memory = assess(resource(), pair(after, standby(after, timeline=2), primary(after, timeline=2)), memory)
    assert "UNREQUESTED_MOVE" not in codes(found)


def test_acknowledged_move_is_forgotten() -> None:
    memory, at = remembered()
    _, memory = assess(resource(), pair(at, standby(at), primary(at)), memory)
    memory = replace(memory, unrequested_at=None, unrequested_text=None)
    assert "UNREQUESTED_MOVE" not in codes(
        assess(resource(), pair(at + STEP, standby(at + STEP), primary(at + STEP)), memory)[0]
    )


def test_a_move_and_a_move_back_while_nobody_looked_shows_in_the_timeline() -> None:
    memory, at = remembered()
    found = assess(resource(), pair(at, primary(at, timeline=3), standby(at, timeline=3)), memory)[0]
    assert "UNREQUESTED_MOVE" in codes(found)


def test_first_sight_and_restart_are_no_moves() -> None:
    assert "UNREQUESTED_MOVE" not in codes(assess(resource(), healthy(T0), Memory())[0])
    memory, at = remembered()
    assert "UNREQUESTED_MOVE" not in codes(
        assess(resource(), pair(at, primary(at, started_at=at), standby(at)), memory)[0]
    )


def test_conflicts_count_only_new_ones() -> None:
    memory, at = remembered()
    found = assess(resource(), pair(at, primary(at), standby(at, replay_conflicts=2)), memory)[0]
    assert "Replay cancelled 2 queries at ams since the last look." in [reason.text for reason in found.findings]


def test_possible_loss_is_named_with_figures() -> None:
    line = replace(LISTED, flush_lag_s=4.0, reply_age_s=0.5)
    beat = HeartbeatSeen(beat_at=T0 - timedelta(seconds=6), timeline=1)
    found = assess(
        resource(), pair(T0, primary(T0, 500000, downstreams=(line,)), standby(T0, 5000, heartbeat=beat)), Memory()
    )[0]
    assert found.status is S
    assert found.could_fail_over.answer is Answer.WITH_LOSS
    assert found.could_fail_over.reasons[0].text == (
        "At most 4.5 s of what fra acknowledged would be missing at ams if fra were lost now. The RPO target is 30 s."
    )


def test_text_of_a_target_cannot_break_the_sentence() -> None:
    """A12: quotes, new lines and direction marks of a server arrive escaped."""
    evil = "x\n\u202e'; --"
    found = assess(
        resource(),
        pair(
            T0,
            primary(T0, version="18.6", slots=(Slot(name=evil, active=False, wal_status="lost"),)),
            standby(T0, version=evil, upstream=Upstream(status=evil)),
        ),
        Memory(),
    )[0]
    said = [reason.text for reason in (*found.reasons, *found.findings)]
    assert any("--" in text for text in said), said
    assert [text for text in said if not (text.isprintable() and text.isascii())] == []
