"""What Health says of the triggerer, which beats only while something waits (F06), and of packs that are owed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bc_lib.domain.assessment import Status
from bc_lib.ports.reading import ComponentBeat
from bc_lib.services.own_health import EVIDENCE, LIMITS_S, RUN_HISTORY, WAITS, WAITS_S, HealthItem, component_items
from streamlit_app.presenters.health import MARKS

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def beat(component: str, age_s: float, **details: object) -> ComponentBeat:
    return ComponentBeat(
        component=component, instance="host:1", beat_at=NOW - timedelta(seconds=age_s), details=dict(details)
    )


def waits(*beats: ComponentBeat) -> HealthItem:
    return next(item for item in component_items(NOW, beats) if item.name == WAITS)


def test_f06_a_silent_loop_is_flagged_while_something_waits() -> None:
    dispatcher = beat("dispatcher", 5, waiting=2)
    found = waits(dispatcher, beat(WAITS, WAITS_S + 1))
    assert found.status is Status.RED
    assert "2 requests wait for people" in found.text
    assert "bcctl run" in found.text, "what to do"
    assert waits(dispatcher).status is Status.RED, "one that never looked"
    assert waits(dispatcher, beat(WAITS, 8)).status is Status.GREEN


def test_an_old_beat_means_nothing_while_nothing_waits() -> None:
    assert waits(beat("dispatcher", 5, waiting=0), beat(WAITS, 9000)).status is Status.GREEN


@pytest.mark.parametrize("beats", [(), (beat("dispatcher", 5),), (beat("dispatcher", 5, waiting="2"),)])
def test_unknown_is_never_green(beats: tuple[ComponentBeat, ...]) -> None:
    assert waits(*beats).status is Status.NEVER_SEEN


@pytest.mark.parametrize("name", [RUN_HISTORY, WAITS])
def test_a_silent_dispatcher_does_not_say_that_nothing_waits_or_died(name: str) -> None:
    def said(age_s: float) -> HealthItem:
        items = component_items(NOW, (beat("dispatcher", age_s, waiting=0, airflow={"died": 0, "changed": 0}),))
        return next(item for item in items if item.name == name)

    assert said(5).status is Status.GREEN
    silent = said(LIMITS_S["dispatcher"] + 1)
    assert silent.status is Status.STALE
    assert "not known" in silent.text
    assert MARKS[silent.status].word == "Silent", "the page has a word for it"


def evidence(*beats: ComponentBeat) -> HealthItem:
    return next(item for item in component_items(NOW, beats) if item.name == EVIDENCE)


def owing(seconds: float, **more: object) -> ComponentBeat:
    since = (NOW - timedelta(seconds=seconds)).isoformat()
    return beat(EVIDENCE, 5, owed=2, owed_first="r-7", owed_since=since, **more)


def test_packs_that_are_owed_are_said_with_their_age() -> None:
    """Issue 5: alive and nothing owed is green; owed for longer than making takes is red, though the job lives."""
    assert evidence(beat(EVIDENCE, 5, owed=0)).status is Status.GREEN
    assert evidence(owing(40)).status is Status.GREEN
    assert "2 evidence packs are owed; r-7 ended first" in evidence(owing(40)).text
    failing = evidence(owing(40, missed=1, done="0 evidence packs made, 1 COULD NOT BE MADE"))
    assert (failing.status, "COULD NOT BE MADE" in failing.text) == (Status.YELLOW, True)
    late = evidence(owing(400, missed=0))
    assert (late.status, "bc.evidence" in late.text) == (Status.RED, True)


@pytest.mark.parametrize("details", [{}, {"owed": 1}, {"owed": "0"}, {"owed": 2, "owed_first": "r-1"}])
def test_what_is_owed_and_not_known_is_not_green(details: dict[str, object]) -> None:
    assert evidence(beat(EVIDENCE, 5, **details)).status is Status.NEVER_SEEN
    assert evidence().status is Status.NEVER_SEEN
    assert evidence(beat(EVIDENCE, 91, owed=0)).status is Status.RED
