"""Limits of a standby below its primary's: a pause by the server is told from one by a person."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bc_lib.domain.assessment import Answer, Status
from bc_lib.domain.memory import Memory
from bc_lib.domain.observation import Reach
from bc_lib.domain.rules import assess
from bc_lib.domain.standby_limits import LIMITS as NAMES
from bc_lib.domain.standby_limits import Fit, highest, judge_limits
from bc_lib.testing.builders import LIMITS
from tests.unit.domain.rounds import CUT, STEP, T0, codes, pair, primary, resource, standby

VALUES = st.fixed_dictionaries({name: st.integers(0, 40).map(str) for name in NAMES})
PAUSED = st.none() | st.booleans()


@given(VALUES, VALUES, PAUSED)
def test_enough_exactly_where_no_limit_is_lower(
    has: dict[str, str], needs: dict[str, str], paused: bool | None
) -> None:
    found = judge_limits(standby(T0, settings=has, replay_paused=paused), needs)
    lower = {name for name in NAMES if int(has[name]) < int(needs[name])}
    assert {each.setting for each in found.short} == lower
    assert (found.fit is Fit.ENOUGH) is (not lower)
    assert found.may_resume is (not lower)
    assert all(f"{name} to {needs[name]}" in found.remedy("ams") for name in lower)
    assert (found.fit is Fit.PAUSED) is (bool(lower) and paused is True)


@given(VALUES, VALUES, st.sampled_from(NAMES), st.sampled_from(["", "x", "-1", "٣", "9" * 30]), st.booleans())
def test_one_limit_that_is_not_known_is_never_enough(
    has: dict[str, str], needs: dict[str, str], name: str, nonsense: str, at_standby: bool
) -> None:
    side = has if at_standby else needs
    for hidden in ({key: value for key, value in side.items() if key != name}, side | {name: nonsense}):
        found = judge_limits(standby(T0, settings=hidden if at_standby else has), needs if at_standby else hidden)
        assert name in found.hidden
        assert not found.may_resume


@given(st.lists(VALUES, max_size=4))
def test_highest_holds_each_limit_at_its_highest(seen: list[dict[str, str]]) -> None:
    assert highest(*seen) == ({name: str(max(int(one[name]) for one in seen)) for name in NAMES} if seen else {})


def judged(memory: Memory, at: Any, fra: Any, ams: Any) -> tuple[Any, Memory]:
    return assess(resource(), pair(at, fra, ams), memory)


def test_primary_lost_after_it_was_raised_is_remembered() -> None:
    raised = LIMITS | {"max_worker_processes": "16"}
    stuck = {"replay_paused": True, "upstream": CUT}
    _, memory = judged(Memory(), T0, primary(T0, settings=raised), standby(T0, replay_paused=True))
    found, memory = judged(memory, T0 + STEP, Reach.REFUSED, standby(T0 + STEP, **stuck))
    found, _ = judged(memory, T0 + 2 * STEP, Reach.REFUSED, standby(T0 + 2 * STEP, **stuck))
    assert found.could_fail_over.answer is Answer.NO
    assert any(
        "cannot be promoted: raise max_worker_processes to 16 at ams and restart it" in reason.text
        for reason in found.reasons
    )
    assert "REPLAY_PAUSED" not in codes(found)


def test_primary_that_was_never_seen_leaves_a_pause_unexplained() -> None:
    found, _ = judged(Memory(), T0, Reach.REFUSED, standby(T0, replay_paused=True, upstream=CUT))
    assert {"REPLAY_PAUSED", "LIMITS_UNKNOWN"} <= codes(found)
    assert found.could_fail_over.answer is Answer.UNKNOWN


def test_limit_lowered_again_counts_until_the_standby_is_past_it() -> None:
    """The standby still stands before the record that asked for 16."""
    raised = LIMITS | {"max_worker_processes": "16"}
    behind = {"position": 5000, "replay_paused": True}
    _, memory = judged(Memory(), T0, primary(T0, 6000, settings=raised), standby(T0, **behind))
    for number in range(1, 4):
        at = T0 + number * STEP
        found, memory = judged(memory, at, primary(at, 7000), standby(at, **behind))
        assert found.could_fail_over.answer is Answer.NO
        assert "LIMITS_PAUSED" in codes(found)
    for number in range(4, 6):
        at = T0 + number * STEP
        found, memory = judged(memory, at, primary(at, 7000), standby(at, 7000))
    assert found.status is Status.GREEN


@pytest.mark.parametrize("name", NAMES)
def test_person_who_paused_is_told_from_the_server(name: str) -> None:
    by_person, _ = judged(Memory(), T0, primary(T0), standby(T0, replay_paused=True))
    assert "REPLAY_PAUSED" in codes(by_person)
    assert by_person.could_fail_over.answer is Answer.WITH_LOSS
    low = LIMITS | {name: str(int(LIMITS[name]) + 1)}
    by_server, _ = judged(Memory(), T0, primary(T0, settings=low), standby(T0, replay_paused=True))
    assert "LIMITS_PAUSED" in codes(by_server)
    assert "REPLAY_PAUSED" not in codes(by_server)


def test_hidden_at_the_primary_is_said_of_the_primary() -> None:
    found, _ = judged(Memory(), T0, primary(T0, settings={}), standby(T0))
    assert found.status is Status.YELLOW
    assert any("of fra is not known" in reason.text for reason in found.reasons)


LOW = {"settings": LIMITS | {"max_wal_senders": "9"}}


@pytest.mark.parametrize(
    ("code", "fra", "ams", "answers"),
    [
        ("LIMITS_PAUSED", {}, LOW | {"replay_paused": True}, ("red", "no", "no")),
        ("LIMITS_AHEAD", {}, LOW, ("yellow", "no", "unknown")),
        ("LIMITS_UNKNOWN", {}, {"settings": {}}, ("yellow", "unknown", "unknown")),
        ("PARITY_LIMITS", {"downstreams": ()}, LOW | {"upstream": CUT}, ("red", "no", "with_loss")),
    ],
)
def test_each_code_and_what_it_does(code: str, fra: Any, ams: Any, answers: tuple[str, str, str]) -> None:
    """The last: cut off, with nothing left to replay: what it has can be promoted."""
    found, _ = judged(Memory(), T0, primary(T0, **fra), standby(T0, **ams))
    assert code in codes(found)
    assert (found.status, found.could_switch_over.answer, found.could_fail_over.answer) == answers
