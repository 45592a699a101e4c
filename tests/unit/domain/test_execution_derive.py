"""What a journal means: outcomes, owed, moments, progress, spans."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bc_lib.domain.actor import Role
from bc_lib.domain.execution import derive
from bc_lib.domain.execution.actions import MarkName
from bc_lib.domain.execution.clock import outage_s, spans
from bc_lib.domain.execution.ended import outcome_words
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.outcome import MemberOutcome, Outcome, Owed
from bc_lib.domain.execution.progress import headline, lines, progress
from bc_lib.domain.execution.run import Mark, Run, RunStep
from bc_lib.domain.requests.plan import Plan, Scope, Step
from bc_lib.domain.requests.states import Decision, RequestType, State
from bc_lib.domain.requests.values import Happening, Request
from bc_lib.domain.requests.votes import Vote

AT = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
S, M = StepState, MemberOutcome


def step(key: str, state: StepState, position: int, **more: Any) -> RunStep:
    """A journal entry of `resource/action`."""
    resource, _, action = key.partition("/")
    made = Step(
        resource=resource,
        action=action.removesuffix("-back"),
        summary=key,
        key=key,
        node="ams",
        peer="fra",
        after_restore=action in {"preserve", "rewind", "reprotect", "postcheck"},
    )
    return RunStep(step=made, position=position, state=state, **more)


def run(*steps: RunStep, **more: Any) -> Run:
    """A run of these."""
    return Run(request="r-1", plan_revision=1, started_at=AT, steps=steps, **more)


def plan() -> Plan:
    """Any plan."""
    return Plan(
        type=RequestType.SWITCHOVER,
        scope=Scope(kind="resource", name="a"),
        target_site="ams",
        tier=1,
        environment="test",
        policy_version=1,
        policy_position=1,
        effect="moves",
        targets=(),
        steps=(),
    )


@pytest.mark.parametrize(
    ("state", "facts", "member", "whole"),
    [
        (S.PLANNED, {}, M.UNTOUCHED, Outcome.UNTOUCHED),
        (S.CLAIMED, {}, M.UNKNOWN, Outcome.INDETERMINATE),
        (S.UNKNOWN, {}, M.UNKNOWN, Outcome.INDETERMINATE),
        (S.SEEN, {}, M.MOVED, Outcome.PARTIALLY_MOVED),
        (S.VERIFIED, {}, M.MOVED, Outcome.PARTIALLY_MOVED),
        (S.FAILED, {}, M.UNTOUCHED, Outcome.UNTOUCHED),
        (S.FAILED, {derive.UNDONE: True}, M.UNTOUCHED, Outcome.ROLLED_BACK),
        (S.FAILED, {derive.WRITES_STOPPED: True}, M.STOPPED, Outcome.WRITES_STOPPED),
        (S.FAILED, {derive.GIVEN_UP: True}, M.UNKNOWN, Outcome.INDETERMINATE),
    ],
)
def test_outcome_of_one_move(state: StepState, facts: dict[str, Any], member: M, whole: Outcome) -> None:
    found = run(step("a/check", S.VERIFIED, 1), step("a/move", state, 2, facts=facts))
    assert derive.members(found) == {"a": member}
    assert derive.outcome(found) is whole


def test_there_and_back() -> None:
    there = [step("a/move", S.VERIFIED, 1), step("a/verify", S.VERIFIED, 2)]
    back = run(*there, step("a/move-back", S.VERIFIED, 3))
    assert (derive.members(back), derive.outcome(back)) == ({"a": M.MOVED_BACK}, Outcome.ROLLED_BACK)
    stayed = run(*there, step("a/move-back", S.FAILED, 3, facts={derive.UNDONE: True}))
    assert (derive.members(stayed), derive.outcome(stayed)) == ({"a": M.MOVED}, Outcome.PARTIALLY_MOVED)


@given(st.lists(st.sampled_from(list(S)), min_size=1, max_size=4))
def test_the_worst_member_names_the_outcome(states: list[StepState]) -> None:
    """Nothing is called untouched or rolled back while a member moved, stopped, or is not known."""
    found = run(*(step(f"m{place}/move", state, place) for place, state in enumerate(states, 1)))
    members = set(derive.members(found).values())
    whole = derive.outcome(found)
    assert whole is Outcome.INDETERMINATE or M.UNKNOWN not in members
    assert whole not in {Outcome.UNTOUCHED, Outcome.ROLLED_BACK} or members <= {M.UNTOUCHED, M.MOVED_BACK}


def test_what_is_owed() -> None:
    moved = step("a/move", S.VERIFIED, 1, facts={"fence": "owed"})
    left = [step("a/preserve", S.WAITING, 2), step("a/rewind", S.PLANNED, 3)]
    assert derive.owed(run(moved, *left), review_open=True) == (Owed.FENCE, Owed.REPROTECT, Owed.REVIEW)
    kept = [step("a/preserve", S.VERIFIED, 2), step("a/rewind", S.PLANNED, 3)]
    assert derive.owed(run(moved, *kept), review_open=False) == (Owed.REPROTECT,)
    over = [step("a/preserve", S.VERIFIED, 2), step("a/rewind", S.VERIFIED, 3)]
    assert derive.owed(run(moved, *over), review_open=False) == ()


def test_moments() -> None:
    """The outage begins before the mark of the fence, by what the stop took; it ends with the last client's write."""
    fenced = Mark(step="a/move", name=MarkName.FENCED, at=AT + timedelta(seconds=2))
    written = Mark(step="a/verify", name=MarkName.WRITTEN, at=AT + timedelta(seconds=5))
    steps = [step("a/move", S.VERIFIED, 1, facts={"stop_s": 0.5}), step("a/verify", S.VERIFIED, 2)]
    found = derive.moments(run(*steps, step("a/reprotect", S.PLANNED, 3), marks=(fenced, written)))
    assert found.outage_began_at == AT + timedelta(seconds=1.5)
    assert found.restored_at == AT + timedelta(seconds=5)
    assert found.unprotected_since == AT + timedelta(seconds=1.5)
    safe = derive.moments(run(*steps, step("a/reprotect", S.VERIFIED, 3), marks=(fenced, written)))
    assert safe.unprotected_since is None
    early = derive.moments(run(*steps, marks=(fenced,), outage_began_at=AT - timedelta(minutes=1)))
    assert early.outage_began_at == AT - timedelta(minutes=1)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_failure_says_what_to_do_next(outcome: Outcome) -> None:
    """TC-044."""
    state, facts = {
        Outcome.UNTOUCHED: (S.FAILED, {}),
        Outcome.ROLLED_BACK: (S.FAILED, {derive.UNDONE: True}),
        Outcome.WRITES_STOPPED: (S.FAILED, {derive.WRITES_STOPPED: True}),
        Outcome.PARTIALLY_MOVED: (S.VERIFIED, {}),
        Outcome.INDETERMINATE: (S.UNKNOWN, {}),
    }[outcome]
    failed = run(
        step("a/check", S.VERIFIED, 1),
        step("a/move", state, 2, facts=facts, sentence="It said no."),
        step("a/reprotect", S.PLANNED, 3),
        outcome=outcome,
        ended_at=AT,
    )
    found = progress(failed, plan(), State.FAILED)
    assert found.next
    assert headline(failed, State.FAILED)
    text = "\n".join(lines(found))
    assert "Done:" in text
    assert "Next:" in text
    if outcome in {Outcome.WRITES_STOPPED, Outcome.PARTIALLY_MOVED}:
        assert "By hand:" in text


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (("b/verify", S.FAILED), "Both members have moved; a check after it failed."),
        (("b/verify", S.PLANNED), "Both members have moved; it was stopped before all was proven."),
        (("b/move", S.PLANNED), "A part has moved and a part has not."),
        (("b/move", S.FAILED), "A part has moved and a part has not."),
    ],
)
def test_a_group_that_has_moved_as_a_whole_is_not_called_a_part(last: tuple[str, StepState], words: str) -> None:
    """TC-044: all moved and a check after it failed is something else to do than a part that has not moved."""
    key, state = last
    moved = [step("b/move", S.VERIFIED, 3)] if key == "b/verify" else []
    failed = run(
        step("a/move", S.VERIFIED, 1),
        step("a/verify", S.VERIFIED, 2),
        *moved,
        step(key, state, 4, sentence="No write."),
        outcome=Outcome.PARTIALLY_MOVED,
        ended_at=AT,
    )
    assert derive.outcome(failed) is Outcome.PARTIALLY_MOVED
    assert outcome_words(failed) == words
    assert headline(failed, State.FAILED).startswith(words)
    first = progress(failed, plan(), State.FAILED).next[0]
    whole = key == "b/verify"
    assert first.startswith("Moved: a, b. See that clients write at ams" if whole else "Moved: a; not moved: b.")


def request(**more: Any) -> Request:
    """A request of olga's."""
    values: dict[str, Any] = {
        "id": "r-1", "type": RequestType.FAILOVER, "scope": Scope(kind="resource", name="a"), "target_site": "ams",
        "reason": "x", "ticket": None, "retry_of": None, "window_start": None, "window_end": None, "tier": 1,
        "environment": "test", "policy_version": 1, "policy_position": 1, "requester": 1, "requester_name": "Olga",
        "state": State.RUNNING, "version": 1, "plan_revision": 1, "created_at": AT, "state_since": AT,
        "expires_at": None, "breakglass": None,
    }  # fmt: skip
    return Request(**{**values, **more})


def test_where_the_time_went() -> None:
    """Detect and ask, each approver, confirm, start, execute, validate; the parts follow one another."""
    seconds = lambda count: AT + timedelta(seconds=count)  # noqa: E731
    vote = Vote(
        id=1, request="r-1", plan_revision=1, plan_digest="d", person=2, issuer="demo", subject="ian", name="Ian",
        role=Role.APPROVER_IT, decision=Decision.APPROVE, reason="", at=seconds(60), channel="ui", role_held=True,
        proof=None,
    )  # fmt: skip
    history = [
        Happening(
            at=seconds(60),
            event="approve",
            before=State.PENDING_APPROVAL,
            after=State.APPROVED,
            person="Ian",
            reason=None,
        ),
        Happening(
            at=seconds(90),
            event="confirm",
            before=State.APPROVED,
            after=State.READY_TO_START,
            person="Olga",
            reason=None,
        ),
    ]
    done = run(
        outage_began_at=seconds(-30),
        restored_at=seconds(101),
        marks=(Mark(step="a/move", name=MarkName.PROMOTED, at=seconds(100)),),
    )
    done = replace(done, started_at=seconds(95))
    found = {each.name: each.seconds(seconds(200)) for each in spans(request(), [vote], history, done)}
    assert found == {
        "detect and ask": 30.0,
        "approval as approver-it": 60.0,
        "wait for approval": 60.0,
        "wait for confirmation": 30.0,
        "wait for start": 5.0,
        "execute": 5.0,
        "validate": 1.0,
    }
    assert outage_s(done, seconds(200)) == 131.0
    assert sum(found.values()) - found["approval as approver-it"] == outage_s(done, seconds(200))
    waiting = spans(request(), [], [], None)
    assert [(each.name, each.seconds(seconds(7))) for each in waiting] == [("wait for approval", 7.0)]
