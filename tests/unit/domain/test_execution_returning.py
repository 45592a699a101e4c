"""The return rule of a group (FR-034, TC-044): who goes back, who never does, and what a person is told to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bc_lib.domain.execution import derive, returning
from bc_lib.domain.execution.actions import READ_ONLY, Action
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.outcome import MemberOutcome, Outcome
from bc_lib.domain.execution.progress import by_hand
from bc_lib.domain.execution.run import Run, RunStep
from bc_lib.domain.inventory import IfPartial
from bc_lib.domain.plans.compose import Member, steps
from bc_lib.domain.plans.topology import topology_of
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.services.execution.choosing import What, next_of
from bc_lib.testing.builders import resource

AT = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
S, M = StepState, MemberOutcome
FORWARD = ("a/check", "b/check", "a/move", "a/verify", "b/move", "b/verify")
WAY_BACK = ("a/reprotect-return", "a/move-back", "a/verify-back", "a/reprotect-back")


def planned(*names: str, if_partial: IfPartial = IfPartial.RETURN) -> Run:
    """A planned move of a group, one member a wave, as the planner makes it."""
    members = [
        Member(resource=(made := resource(name)), nodes=topology_of(made, None, "ams"), wave=wave)
        for wave, name in enumerate(names, 1)
    ]
    made = steps(RequestType.SWITCHOVER, members, None, if_partial)
    journal = tuple(RunStep(step=each, position=place, state=S.PLANNED) for place, each in enumerate(made, 1))
    return Run(request="r-1", plan_revision=1, started_at=AT, steps=journal)


def put(run: Run, state: StepState, *keys: str, **more: Any) -> Run:
    """The same with these steps in that state; what is not planned and not skipped was tried."""
    tried = 0 if state in {S.PLANNED, S.SKIPPED} else 1
    assert {each.step.key for each in run.steps} >= set(keys)
    return replace(
        run,
        steps=tuple(
            replace(each, state=state, attempts=tried, **more) if each.step.key in keys else each for each in run.steps
        ),
    )


def one_moved(**more: Any) -> Run:
    """a has moved, b could not."""
    run = put(planned("a", "b"), S.VERIFIED, *FORWARD[:4])
    return put(run, S.FAILED, "b/move", **more)


def test_after_the_return_nothing_is_left_to_do_by_hand() -> None:
    """The standby that the move owed stands again where it stood: nobody turns it round."""
    run = put(put(one_moved(), S.VERIFIED, *WAY_BACK), S.SKIPPED, "b/verify")
    ended = replace(run, ended_at=AT, outcome=derive.outcome(run))
    assert ended.outcome is Outcome.ROLLED_BACK
    assert by_hand(ended) == ["b: nothing; it is as it was."]


def test_a_group_that_stopped_half_way_is_told_one_direction() -> None:
    """A safe stop or the time-out: the plan's way back was not begun, so the rest is the way on, not both."""
    run = put(planned("a", "b"), S.VERIFIED, *FORWARD[:4])
    rest = by_hand(replace(run, ended_at=AT, outcome=derive.outcome(run)))
    assert [each for each in rest if "pg_promote" in each] == []
    assert rest[0] == (
        "a: on fra: create standby.signal, start the server, and see in pg_stat_wal_receiver that it streams from ams"
    )
    assert rest[1].startswith("a: one server takes writes (ams)")
    assert rest[2:] == ["b: nothing; it is as it was."]


def test_a_way_back_that_broke_off_is_finished_by_hand() -> None:
    """What was begun is what is left; the way on is not told any more."""
    run = put(one_moved(), S.SKIPPED, "b/verify")
    run = put(run, S.VERIFIED, "a/reprotect-return")
    run = put(run, S.FAILED, "a/move-back", facts={derive.UNDONE: True})
    rest = by_hand(replace(run, ended_at=AT, outcome=derive.outcome(run)))
    assert "on fra: SELECT pg_promote(false)" in rest[0]
    assert rest[1] == "a: write a row through the clients' own address; it must land at fra"
    assert rest[2].startswith("a: on ams: create standby.signal")
    assert rest[3:] == ["b: nothing; it is as it was."]


@pytest.mark.parametrize(("keys", "old", "new"), [(("a/move",), "fra", "ams"), (WAY_BACK[:2], "ams", "fra")])
def test_stopped_writes_name_the_servers(keys: tuple[str, ...], old: str, new: str) -> None:
    """Whoever reads it in the night must not guess which server to start: also on the way back."""
    run = put(planned("a", "b"), S.VERIFIED, "a/check", "b/check")
    if len(keys) > 1:
        run = put(one_moved(), S.VERIFIED, keys[0])
    run = put(run, S.FAILED, keys[-1], facts={derive.WRITES_STOPPED: True})
    rest = by_hand(replace(run, ended_at=AT, outcome=derive.outcome(run)))
    assert rest[0] == (
        f"a: see that the standby at {new} is not promoted, then start the old primary at {old} as it is on disk."
    )


@pytest.mark.parametrize("facts", [{}, {derive.GIVEN_UP: True}])
def test_a_group_that_moved_as_a_whole_stays(facts: dict[str, Any]) -> None:
    """The last member's write was not proven: it moved, and has no way back, so the others do not leave it alone."""
    run = put(put(planned("a", "b"), S.VERIFIED, *FORWARD[:5]), S.FAILED, "b/verify", facts=facts)
    assert dict(derive.members(run)) == {"a": M.MOVED, "b": M.MOVED}
    assert list(returning.open_steps(run)) == []


def test_a_member_in_the_middle_goes_back_with_the_first() -> None:
    """Its clients cannot be led to where it moved; the last one was not touched: the group is whole again at home."""
    run = put(planned("a", "b", "c"), S.VERIFIED, *FORWARD[:5], "c/check")
    run = put(run, S.FAILED, "b/verify")
    back = [each.step.key for each in returning.open_steps(run) if returning.needed(run, each)]
    assert back[0] == "b/reprotect-return"
    assert "a/move-back" in back
    assert not any(each.startswith("c/") for each in back)


@dataclass
class Walk:
    """A run driven by the rule alone. `does`: how a try ends, by its number; `tried`: in order, with their ends."""

    run: Run
    does: Mapping[int, tuple[StepState, dict[str, Any]]]
    tried: list[tuple[str, StepState]] = field(default_factory=list)
    begun_with: dict[str, MemberOutcome] | None = None

    def go(self) -> None:
        """Until the run is over or waits for a person."""
        for _ in range(200):
            found = next_of(self.run, State.RUNNING, review_open=False, stuck=())
            if found.step is None:
                return
            key = found.step.step.key
            if found.what is What.SKIP:
                self.run = put(self.run, S.SKIPPED, key)
                continue
            if found.step.step.returns and self.begun_with is None:
                self.begun_with = dict(derive.members(self.run))
            state, facts = self._ends(found.step)
            self.tried.append((key, state))
            self.run = put(self.run, state, key, facts=facts)
            if state is S.UNKNOWN:
                return
        pytest.fail("it never ends")

    def _ends(self, step: RunStep) -> tuple[StepState, dict[str, Any]]:
        state, facts = self.does.get(len(self.tried), (S.VERIFIED, {}))
        if state is S.FAILED and step.step.action in READ_ONLY:
            return state, {}
        return (S.UNKNOWN, {}) if state is S.FAILED and step.step.action != Action.MOVE else (state, facts)


ENDS = st.sampled_from(
    [
        (S.FAILED, {}),
        (S.FAILED, {derive.UNDONE: True}),
        (S.FAILED, {derive.WRITES_STOPPED: True}),
        (S.FAILED, {derive.GIVEN_UP: True}),
        (S.UNKNOWN, {}),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.integers(2, 4), st.data(), st.sampled_from([*IfPartial, IfPartial.RETURN]))
def test_no_sequence_leaves_a_group_apart_that_could_be_whole(
    size: int, data: st.DataObject, if_partial: IfPartial
) -> None:
    """Whatever fails where: nothing moves on once the way back has begun, only what moved goes back, and only where
    every member is certain and the group is not whole at the other site."""
    first = data.draw(st.integers(0, 3 * size - 1))  # one of the tries of the way there
    later = data.draw(st.dictionaries(st.integers(first + 1, 24), ENDS, max_size=2))
    walk = Walk(planned(*"abcd"[:size], if_partial=if_partial), {first: data.draw(ENDS), **later})
    walk.go()
    moves = [(key, state) for key, state in walk.tried if "/move" in key]
    assert len({key for key, _ in moves}) == len(moves), "no move is tried twice"
    back = [place for place, (key, _) in enumerate(moves) if key.endswith("-back")]
    if back:
        assert all(key.endswith("-back") for key, _ in moves[back[0] :]), "nothing moves on after the way back began"
    went = {key for key, state in moves if state is S.VERIFIED}
    for key, _ in moves:
        assert not key.endswith("-back") or key.removesuffix("-back") in went, "what did not move does not go back"
    if walk.begun_with is not None:
        assert if_partial is IfPartial.RETURN
        assert set(walk.begun_with.values()) <= returning.CERTAIN
        assert set(walk.begun_with.values()) != {M.MOVED}, "a group that moved as a whole stays"
    if walk.begun_with is not None and all(
        state is S.VERIFIED for key, state in walk.tried if not key.endswith("/verify")
    ):  # a write that is not proven on the way back stops it: a person goes on from there
        assert M.MOVED not in derive.members(walk.run).values()


@given(st.integers(2, 4), st.data())
def test_one_member_that_cannot_move_brings_all_others_home(size: int, data: st.DataObject) -> None:
    """The other half of the rule: where everything is certain and the way back works, no member is left behind."""
    stays = data.draw(st.integers(1, size - 1))
    undone = data.draw(st.booleans())
    does = {size + 2 * stays: (S.FAILED, {derive.UNDONE: undone})}
    walk = Walk(planned(*"abcd"[:size]), does)
    walk.go()
    names = "abcd"[:size]
    assert dict(derive.members(walk.run)) == {
        name: M.MOVED_BACK if place < stays else M.UNTOUCHED for place, name in enumerate(names)
    }
    assert derive.outcome(walk.run) is Outcome.ROLLED_BACK
    order = [key for key, _ in walk.tried if key.endswith("/move-back")]
    assert order == [f"{name}/move-back" for name in reversed(names[:stays])]
    assert all(" nothing; it is as it was." in each for each in by_hand(replace(walk.run, ended_at=AT)))
