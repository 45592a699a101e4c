"""The time-out of a run as a whole: what counts, what is people's time, and when it never ends a run (FR-035)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.run import Run, RunStep
from bc_lib.domain.execution.total import TAKEOVER_S, may_time_out, spent_s, total_s
from bc_lib.domain.requests.machine import Event
from bc_lib.domain.requests.plan import Step
from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Happening

AT = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
S = StepState
Span = tuple[int, int]


def at(seconds: float) -> datetime:
    """So long after the start of the run."""
    return AT + timedelta(seconds=seconds)


def step(action: str, timeout_s: float = 10.0, **more: bool) -> Step:
    """A step of a."""
    return Step(resource="a", action=action, summary=action, key=f"a/{action}", timeout_s=timeout_s, **more)


def waited(number: int, began: float | None, ended: float | None, **more: bool) -> RunStep:
    """A step that a person does, claimed and ended then."""
    return RunStep(
        step=replace(step("traffic", manual=True), **more),
        position=number,
        state=S.WAITING if ended is None else S.VERIFIED,
        claimed_at=None if began is None else at(began),
        ended_at=None if ended is None else at(ended),
    )


def run(*steps: RunStep) -> Run:
    """Begun at AT."""
    return Run(request="r-1", plan_revision=1, started_at=AT, steps=steps)


def happened(event: Event, seconds: float) -> Happening:
    """An edge of the request."""
    return Happening(
        at=at(seconds), event=event.value, before=State.RUNNING, after=State.HELD, person=None, reason=None
    )


def held(*spans: tuple[float, float | None]) -> list[Happening]:
    """Started, then held for these; an open one is held still."""
    found = [happened(Event.START, 0)]
    for began, ended in spans:
        found.append(happened(Event.HOLD, began))
        if ended is not None:
            found.append(happened(Event.RESUME, ended))
    return found


def spent(seconds: float, history: Sequence[Happening] = (), *steps: RunStep) -> float:
    """Counted so many seconds after the start."""
    return spent_s(run(*steps), history, at(seconds))


def test_only_what_the_tool_does_on_the_way_there_counts() -> None:
    """People, a drill's hold, the standby that is owed and a way back have time-outs of their own."""
    counted = [step("check", 30), step("move", 60), step("verify", 60)]
    free = [
        step("stop", 86400, manual=True),
        step("rewind", 3600, needs_allowance=True),
        step(Action.HOLD.value, 14400),
        step("reprotect", 300, after_restore=True),
        step("move-back", 60, returns=True),
    ]
    assert total_s(counted) == TAKEOVER_S + 150
    assert total_s([*counted, *free]) == total_s(counted)
    assert total_s([]) == TAKEOVER_S


@pytest.mark.parametrize(
    ("history", "steps", "expected"),
    [
        (held(), (), 100),
        (held((10, 40)), (), 70),
        (held((10, None)), (), 10),
        (held((10, 20), (50, 90)), (), 50),
        # The hold ends with whatever comes next, be it a stop.
        ([happened(Event.HOLD, 10), happened(Event.STOP, 30)], (), 80),
        # A step that nobody began has waited for nobody.
        (held(), (waited(1, None, None),), 100),
        (held(), (waited(1, 20, 60),), 60),
        (held(), (waited(1, 20, None),), 20),
        (held(), (waited(1, 20, 60, manual=False),), 100),
        (held(), (waited(1, 20, 60, manual=False, needs_allowance=True),), 60),
        # The request is held for the very step: the same seconds, counted once.
        (held((20, 60)), (waited(1, 20, 60),), 60),
        (held((25, 70)), (waited(1, 20, 60),), 50),
        (held((10, 90)), (waited(1, 20, 30), waited(2, 80, 95)), 15),
    ],
)
def test_waiting_for_people_is_free(history: list[Happening], steps: tuple[RunStep, ...], expected: float) -> None:
    """100 s after the start."""
    assert spent(100, history, *steps) == expected


def test_a_hold_is_free_however_it_is_written() -> None:
    hold = RunStep(step=step(Action.HOLD.value), position=1, state=S.WAITING, claimed_at=at(30))
    assert spent(100, [], hold) == 30


def test_clocks_that_disagree_never_give_less_than_nothing() -> None:
    assert spent(-5) == 0
    assert spent(10, [], waited(1, -20, 30)) == 0


def drill(*tried: str) -> Run:
    """A live drill in which these steps were tried."""
    actions = ("check", "move", "verify", "hold", "move-back")
    return run(
        *(
            RunStep(
                step=replace(step(each), action=each.removesuffix("-back")),
                position=place,
                state=S.VERIFIED if each in tried else S.PLANNED,
                attempts=int(each in tried),
            )
            for place, each in enumerate(actions, 1)
        )
    )


def test_a_live_drill_that_has_moved_always_goes_back() -> None:
    """F31: until its move it may be ended like any other run."""
    assert may_time_out(drill())
    assert may_time_out(drill("check"))
    assert not may_time_out(drill("check", "move"))
    assert not may_time_out(drill("check", "move", "verify", "hold"))
    moved = run(RunStep(step=step("move"), position=1, state=S.VERIFIED, attempts=1))
    assert may_time_out(moved), "an ordinary move has a limit"


SPANS = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 300)).map(lambda pair: (min(pair), max(pair))), max_size=5
)


def apart(spans: list[Span]) -> list[Span]:
    """In order and without overlap, as a history is."""
    found: list[Span] = []
    for began, ended in sorted(spans):
        if ended > began and (not found or began >= found[-1][1]):
            found.append((began, ended))
    return found


@given(SPANS, SPANS, st.integers(300, 400))
def test_every_second_counts_once(waits: list[Span], holds: list[Span], now: int) -> None:
    """Against a count second by second: neither overlaps nor order nor open ends matter."""
    holds = apart(holds)
    free = {second for began, ended in [*waits, *holds] for second in range(began, ended)}
    steps = [waited(place, *each) for place, each in enumerate(waits, 1)]
    assert spent(now, held(*holds), *steps) == now - len(free)


@given(SPANS, SPANS, st.integers(300, 400), st.integers(1, 60))
def test_time_goes_on_as_fast_as_the_clock_at_most(waits: list[Span], holds: list[Span], now: int, more: int) -> None:
    """And not at all while it is held."""
    history, steps = held(*apart(holds)), [waited(place, *each) for place, each in enumerate(waits, 1)]
    before = spent(now, history, *steps)
    assert spent(now + more, history, *steps) == before + more
    stopped = [*history, happened(Event.HOLD, now)]
    assert spent(now + more, stopped, *steps) == before
