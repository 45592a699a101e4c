"""When people are told: durations, recovery, sight, flapping, dedup (FR-020, FR-021, F27, TC-030, TC-031)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bc_lib.domain.alerting import step
from bc_lib.domain.alerts import AlertState, Notice, NoticeKind, Severity
from bc_lib.domain.assessment import Answer, Assessment, Reason, Verdict
from bc_lib.domain.inventory import Thresholds
from bc_lib.domain.own_runs import OwnRun
from bc_lib.domain.reasons import TABLE, worst_status
from tests.unit.domain.rounds import STEP, T0, resource

TIER1 = resource(thresholds=Thresholds())
TIER2 = resource(thresholds=Thresholds(), tier=2)
B, V, REC, BACK, FLAP = (
    NoticeKind.BREACH,
    NoticeKind.VISIBILITY_LOST,
    NoticeKind.RECOVERY,
    NoticeKind.VISIBILITY_BACK,
    NoticeKind.FLAPPING,
)


def judged(at: datetime, codes: tuple[str, ...]) -> Assessment:
    reasons = tuple(Reason(code=code, text=f"{code} holds.") for code in codes)
    unknown = Verdict(answer=Answer.UNKNOWN)
    lost = any(TABLE[code].status is not None and code.startswith(("PRIMARY", "BOTH")) for code in codes)
    return Assessment(
        resource="orders-db",
        observed_at=at,
        status=worst_status(codes),
        reasons=reasons,
        could_switch_over=unknown,
        could_fail_over=unknown,
        active_site=None if lost else "fra",
    )


def play(rounds, res=TIER1, gap: timedelta = STEP) -> list[tuple[int, Notice]]:
    """Notices with the number of the round that made them. A round is a string of codes."""
    state, told = AlertState(), []
    for number, codes in enumerate(rounds):
        at = T0 + gap * number
        state, notices = step(state, res, judged(at, tuple(codes.split())), at)
        told += [(number, notice) for notice in notices]
    return told


def short(told) -> list[tuple[int, str, NoticeKind]]:
    return [(number, notice.code, notice.kind) for number, notice in told]


def test_breach_and_recovery_are_told_once_each_after_they_held() -> None:
    """FR-020: 15 s for tier 1, both ways."""
    rounds = ["", "RPO_BREACH", "RPO_BREACH", "RPO_BREACH", "", "", "", ""]
    assert short(play(rounds)) == [(2, "RPO_BREACH", B), (5, "RPO_BREACH", REC)]


def test_tier_2_waits_a_minute() -> None:
    rounds = [""] + ["RPO_BREACH"] * 6 + [""] * 6
    assert short(play(rounds, TIER2)) == [(5, "RPO_BREACH", B), (11, "RPO_BREACH", REC)]


def test_own_duration_of_a_resource_wins() -> None:
    """TC-012."""
    res = resource(thresholds=Thresholds(alert_after_s=0))
    assert short(play(["RPO_BREACH", ""], res)) == [(0, "RPO_BREACH", B)]
    assert short(play(["RPO_BREACH", "", ""], res, timedelta(seconds=5)))[-1] == (2, "RPO_BREACH", REC)


def test_a_blip_is_not_told() -> None:
    assert play(["RPO_BREACH", "", "RPO_BREACH", ""]) == []


def test_a_recovery_that_does_not_hold_is_not_told() -> None:
    rounds = ["DR_DOWN"] * 3 + [""] + ["DR_DOWN"] * 3 + [""] * 3
    assert short(play(rounds)) == [(1, "DR_DOWN", B), (8, "DR_DOWN", REC)]


def test_loss_of_sight_has_its_own_kind_and_longer_duration() -> None:
    """FR-021, TC-031."""
    rounds = ["PRIMARY_BLIND"] * 4 + [""] * 4
    assert short(play(rounds)) == [(2, "PRIMARY_BLIND", V), (6, "PRIMARY_BLIND", BACK)]


def test_grave_codes_are_critical_and_warnings_escalate() -> None:
    told = play(["LAG_WARN"] * 3 + ["LAG_CRITICAL"] * 3 + ["LAG_WARN"] * 3 + [""] * 3)
    assert short(told) == [(1, "LAG_WARN", B), (4, "LAG_CRITICAL", B), (7, "LAG_CRITICAL", REC), (10, "LAG_WARN", REC)]
    assert [notice.severity for _, notice in told[:3]] == [Severity.WARNING, Severity.CRITICAL, Severity.INFO]


def test_what_is_explained_is_not_told_beside_its_explanation() -> None:
    rounds = ["REPLAY_PAUSED"] * 2 + ["REPLAY_PAUSED LAG_WARN"] * 2 + ["REPLAY_PAUSED LAG_CRITICAL"] * 5 + [""] * 4
    assert short(play(rounds)) == [(1, "REPLAY_PAUSED", B), (10, "REPLAY_PAUSED", REC)]


def test_an_rpo_breach_is_always_told() -> None:
    """TC-030."""
    told = short(play(["RECEIVER_NOT_STREAMING RPO_BREACH"] * 3))
    assert {code for _, code, _ in told} == {"RECEIVER_NOT_STREAMING", "RPO_BREACH"}


def test_going_blind_is_no_recovery() -> None:
    """Unknown is never good news: the breach stays open until it is seen to be over."""
    rounds = ["RPO_BREACH"] * 3 + ["PRIMARY_BLIND"] * 4 + [""] * 5
    assert short(play(rounds)) == [
        (1, "RPO_BREACH", B),
        (5, "PRIMARY_BLIND", V),
        (8, "RPO_BREACH", REC),
        (9, "PRIMARY_BLIND", BACK),
    ]


def test_a_primary_that_went_down_is_not_called_visible_again() -> None:
    rounds = ["PRIMARY_BLIND"] * 4 + ["PRIMARY_DOWN"] * 6
    assert short(play(rounds)) == [(2, "PRIMARY_BLIND", V), (5, "PRIMARY_DOWN", B)]


def test_long_standing_yellow_is_told_once() -> None:
    """reports-db stands yellow for days."""
    assert len(play(["REPLAY_DELAYED"] * 2000, TIER2)) == 1


def test_flapping_gives_one_notice_instead_of_many() -> None:
    told = short(play(["RPO_BREACH", ""] * 200))
    assert [kind for _, _, kind in told] == [FLAP]


def test_flapping_with_told_breaches_is_bounded_too() -> None:
    told = short(play((["RPO_BREACH"] * 4 + [""] * 4) * 50, gap=timedelta(seconds=5)))
    kinds = Counter(kind for _, _, kind in told)
    assert kinds[FLAP] <= 2
    assert kinds[B] + kinds[REC] <= 14


def test_a_new_steady_trouble_is_told_even_while_flapping() -> None:
    rounds = ["LAG_WARN", ""] * 10 + ["LAG_WARN TWO_PRIMARIES", "TWO_PRIMARIES"] * 10
    told = play(rounds)
    assert ("TWO_PRIMARIES", B) in {(notice.code, notice.kind) for _, notice in told}


def test_an_outage_of_the_poller_is_not_a_condition_that_held() -> None:
    state, _ = step(AlertState(), TIER1, judged(T0, ("RPO_BREACH",)), T0)
    later = T0 + timedelta(minutes=10)
    _, told = step(state, TIER1, judged(later, ("RPO_BREACH",)), later)
    assert told == ()


def test_a_repeated_round_has_the_same_dedup_keys() -> None:
    """F27: a second poller that repeats a round writes the same keys, and the outbox takes each once."""
    rounds = ["RPO_BREACH"] * 3 + [""] * 3
    first, second = play(rounds), play(rounds)
    assert [notice.dedup_key for _, notice in first] == [notice.dedup_key for _, notice in second]
    assert len({notice.dedup_key for _, notice in first}) == len(first)
    assert len({notice.incident for _, notice in first}) == 1


TOLD = st.sampled_from(
    sorted(code for code, kind in TABLE.items() if kind.status is not None and code not in {"STALE", "NEVER_SEEN"})
)
ROUNDS = st.lists(st.tuples(st.sets(TOLD, max_size=3), st.integers(1, 90)), max_size=60)


@settings(max_examples=120, deadline=None)
@given(ROUNDS, st.sampled_from([TIER1, TIER2]))
def test_properties_of_any_history(history, res) -> None:
    """No breach before its duration, none told twice, recoveries only of what was told, keys deterministic."""
    runs = []
    for _ in range(2):
        state, at, told = AlertState(), T0, []
        for codes, gap in history:
            at += timedelta(seconds=gap)
            state, notices = step(state, res, judged(at, tuple(sorted(codes))), at)
            told += notices
        runs.append((state, told))
    assert runs[0] == runs[1]
    state, told = runs[0]
    keys = [notice.dedup_key for notice in told]
    assert len(keys) == len(set(keys))
    open_incidents: set[str] = set()
    for notice in told:
        if notice.kind in {B, V}:
            since = datetime.fromisoformat(str(notice.figures["since"]))
            assert (notice.occurred_at - since).total_seconds() >= (15 if res.tier == 1 else 60)
            open_incidents.add(notice.incident)
        elif notice.kind in {REC, BACK}:
            assert notice.incident in open_incidents
            open_incidents.remove(notice.incident)
    assert len(open_incidents) == sum(1 for pending in state.pending if pending.told_at)


@settings(max_examples=60, deadline=None)
@given(ROUNDS)
def test_every_told_breach_recovers_when_all_is_well_for_long(history) -> None:
    state, at, told = AlertState(), T0, []
    for codes, gap in [*history, *[(set(), 15)] * 60]:
        at += timedelta(seconds=gap)
        state, notices = step(state, TIER1, judged(at, tuple(sorted(codes))), at)
        told += notices
    count = Counter(notice.kind for notice in told)
    assert count[B] == count[REC]
    assert count[V] == count[BACK]
    assert state.pending == ()
    assert state.flapping_since is None


@pytest.mark.parametrize("code", sorted(code for code in TABLE if TABLE[code].status is not None))
def test_every_code_can_be_told(code: str) -> None:
    assert len(play([code] * 9, TIER2)) == 1


STANDBY = OwnRun(request="r-1", restored=True).explains()
MOVING = OwnRun(request="r-1", restored=False).explains()


def during(codes: str, explained: frozenset[str], rounds: int, after: int = 0) -> list[tuple[int, str, NoticeKind]]:
    """The same trouble in every round; a run of ours lasts for the first ones."""
    state, told = AlertState(), []
    for number in range(rounds + after):
        at = T0 + STEP * number
        mine = explained if number < rounds else frozenset()
        state, notices = step(state, TIER1, judged(at, tuple(codes.split())), at, mine)
        told += [(number, notice) for notice in notices]
    return short(told)


@pytest.mark.parametrize("code", ["RECEIVER_NOT_STREAMING", "DR_BLIND", "LAG_CRITICAL"])
def test_what_a_run_brings_about_is_told_only_where_it_outlasts_the_run(code: str) -> None:
    assert during(code, frozenset(), 40), "without a run it is told"
    assert during(code, STANDBY, 40) == []
    assert [each[:2] for each in during(code, STANDBY, 40, after=2)] == [(40, code)], "at once, and once"


@pytest.mark.parametrize(
    ("code", "explained"),
    [("PRIMARY_DOWN", STANDBY), ("NO_PRIMARY", STANDBY), ("TWO_PRIMARIES", MOVING), ("UNREQUESTED_MOVE", MOVING),
     ("RPO_BREACH", MOVING), ("DIFFERENT_SYSTEM", MOVING)],
)  # fmt: skip
def test_what_a_run_must_not_do_is_told_while_it_lasts(code: str, explained: frozenset[str]) -> None:
    assert [each[1] for each in during(code, explained, 40)] == [code]


@given(st.sampled_from(sorted(code for code, kind in TABLE.items() if kind.status is not None)), st.booleans())
def test_an_explained_trouble_that_lasts_is_told_after_the_run_as_without_one(code: str, restored: bool) -> None:
    explained = OwnRun(request="r-1", restored=restored).explains()
    alone = {each[1] for each in during(code, frozenset(), 60)}
    assert {each[1] for each in during(code, explained, 40, after=20)} == alone
