"""What a journal means: outcomes, what is owed, when clients' writes stopped and came back. Pure, from a Run alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bc_lib.domain.execution import attested
from bc_lib.domain.execution.actions import Action, MarkName
from bc_lib.domain.execution.journal import DONE, OVER, StepState
from bc_lib.domain.execution.outcome import MemberOutcome, Outcome, Owed
from bc_lib.domain.execution.run import Run, RunStep
from bc_lib.domain.execution.writers import open_episodes

# Facts of a failed step, as the runner writes them.
UNDONE, WRITES_STOPPED, GIVEN_UP = "undone", "writes_stopped", "given_up"
# Of a step that protects: the standby streams, and what is still missing for synchronous commits; empty: nothing.
SYNCHRONOUS_OWED = "synchronous_owed"
# Of a step that needs an allowance: the number of the try that found that it must be allowed anew.
ALLOW_AGAIN = "allow_again"
BACK = "-back"
PROTECTS = frozenset({Action.REPROTECT, Action.REWIND})
FENCES = frozenset({Action.PRESERVE, Action.REPROTECT, Action.REWIND})
EFFECTIVE = frozenset({StepState.SEEN, StepState.VERIFIED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Of a run so far. `restored_at`: the last of the clients' writes on the way there."""

    outage_began_at: datetime | None
    restored_at: datetime | None
    unprotected_since: datetime | None


def members(run: Run) -> Mapping[str, MemberOutcome]:
    """What became of each resource."""
    return {name: _member(run, name) for name in dict.fromkeys(each.step.resource for each in run.steps)}


def outcome(run: Run) -> Outcome:
    """How a run that ended without success left its resources; the worst of them names it."""
    found = set(members(run).values())
    for member, whole in (
        (MemberOutcome.UNKNOWN, Outcome.INDETERMINATE),
        (MemberOutcome.STOPPED, Outcome.WRITES_STOPPED),
        (MemberOutcome.MOVED, Outcome.PARTIALLY_MOVED),
        (MemberOutcome.MOVED_BACK, Outcome.ROLLED_BACK),
    ):
        if member in found:
            return whole
    undone = any(each.state is StepState.FAILED and each.facts.get(UNDONE) for each in run.steps)
    return Outcome.ROLLED_BACK if undone else Outcome.UNTOUCHED


def owed(run: Run, *, review_open: bool) -> tuple[Owed, ...]:
    """What keeps a restored service from being finished."""
    unfenced = any(_fence_owed(run, move) for move in _last_moves(run)) or open_episodes(run)
    found = [Owed.FENCE] if unfenced else []
    left = [step for step in run.steps if step.step.after_restore and step.state not in OVER]
    streams = {step.step.resource for step in left if step.facts.get(SYNCHRONOUS_OWED)}
    if any(step.step.resource not in streams for step in left):
        found.append(Owed.REPROTECT)
    if streams:
        found.append(Owed.SYNCHRONOUS)
    return (*found, Owed.REVIEW) if review_open else tuple(found)


def moments(run: Run) -> Moments:
    """The clocks of a run, by its marks."""
    moves = [each for each in run.steps if each.step.action == Action.MOVE]
    began = [at for each in moves if (at := _stopped_at(run, each)) is not None]
    open_ = [at for each in _last_moves(run) if not _protected(run, each) and (at := _stopped_at(run, each))]
    return Moments(
        outage_began_at=min([*began, *([run.outage_began_at] if run.outage_began_at else [])], default=None),
        restored_at=_restored_at(run),
        unprotected_since=min(open_, default=None),
    )


def service_back(run: Run) -> bool:
    """True when everything that brings clients their writes is done."""
    return all(each.state in DONE for each in run.steps if not each.step.after_restore)


def all_over(run: Run) -> bool:
    """True when nothing of the plan is left to do."""
    return all(each.state in OVER for each in run.steps)


def needs_allowance_now(step: RunStep) -> bool:
    """Whether it waits for an approver: before its first try, and again where a try found another thing than was
    allowed."""
    return step.step.needs_allowance and (step.attempts == 0 or step.facts.get(ALLOW_AGAIN) == step.attempts)


def moved_for_good(run: Run, step: RunStep) -> bool:
    """True where a move of the step's resource was verified before it: only forward leads out."""
    return any(
        each.step.action == Action.MOVE
        and each.step.resource == step.step.resource
        and each.position < step.position
        and each.state is StepState.VERIFIED
        for each in run.steps
    )


def _member(run: Run, resource: str) -> MemberOutcome:
    begun = [
        each
        for each in run.steps
        if each.step.resource == resource
        and each.step.action == Action.MOVE
        and each.state not in {StepState.PLANNED, StepState.SKIPPED}
    ]
    found = MemberOutcome.UNTOUCHED
    if not begun and (by_hand := _stops(run, resource)):
        return by_hand
    for each in begun:
        if each.state in EFFECTIVE:
            found = MemberOutcome.MOVED_BACK if each.step.key.endswith(BACK) else MemberOutcome.MOVED
        elif each.state is not StepState.FAILED or each.facts.get(GIVEN_UP):
            return MemberOutcome.UNKNOWN
        elif each.facts.get(WRITES_STOPPED):
            return MemberOutcome.STOPPED
    return found


def _stops(run: Run, resource: str) -> MemberOutcome | None:
    """What a stop by hand means while nothing was moved: stopped, or perhaps. None: there is none to speak of."""
    stops = [
        each
        for each in run.steps
        if each.step.resource == resource and each.step.action == Action.STOP and not each.facts.get(attested.WAIVED)
    ]
    if any(each.state in EFFECTIVE for each in stops):
        return MemberOutcome.STOPPED
    open_ = {StepState.WAITING, StepState.UNKNOWN}
    unclear = any(each.state in open_ or each.facts.get(GIVEN_UP) for each in stops)
    return MemberOutcome.UNKNOWN if unclear else None


def _last_moves(run: Run) -> list[RunStep]:
    """The newest effective move of each resource."""
    found = {
        each.step.resource: each for each in run.steps if each.step.action == Action.MOVE and each.state in EFFECTIVE
    }
    return list(found.values())


def _fence_owed(run: Run, move: RunStep) -> bool:
    proven = run.marked(move.step.key, MarkName.FENCED) is not None and move.facts.get("fence") != "owed"
    said = move.facts.get("fence") == "owed" or run.marked(move.step.key, MarkName.FENCE_OWED) is not None
    return said and not proven and not _later(run, move, FENCES)


def _protected(run: Run, move: RunStep) -> bool:
    return _later(run, move, PROTECTS)


def _later(run: Run, move: RunStep, actions: frozenset[Action]) -> bool:
    return any(
        each.step.resource == move.step.resource
        and each.position > move.position
        and each.step.action in actions
        and not each.step.manual  # a person's word about a copy proves no fence
        and each.state is StepState.VERIFIED
        for each in run.steps
    )


def _stopped_at(run: Run, move: RunStep) -> datetime | None:
    """When clients of this move could not write any more; the mark is set after the stop, which took `stop_s`."""
    fenced = run.marked(move.step.key, MarkName.FENCED) or run.marked(move.step.key, MarkName.FENCE_OWED)
    if fenced is None:
        return None
    by_hand = [
        each
        for each in run.steps
        if each.step.action == Action.STOP
        and each.step.resource == move.step.resource
        and each.position < move.position
    ]
    if by_hand and not by_hand[-1].facts.get(attested.WAIVED):
        return _by_hand_at(by_hand[-1], fenced.at)
    took = move.facts.get("stop_s")
    return fenced.at - timedelta(seconds=float(took)) if isinstance(took, int | float) else fenced.at


def _by_hand_at(stop: RunStep, at_last: datetime) -> datetime:
    """A person stopped it after they were asked to, and after the last commit that arrived: the later of the two."""
    said = stop.facts.get("last_commit_at")
    asked = stop.claimed_at or at_last
    try:
        last = datetime.fromisoformat(said) if isinstance(said, str) else asked
    except ValueError:
        last = asked
    return min(max(asked, last), at_last)


def _restored_at(run: Run) -> datetime | None:
    proofs = [each for each in run.steps if each.step.action == Action.VERIFY and not each.step.after_restore]
    there = [each for each in proofs if not each.step.key.endswith(BACK)]
    if any(each.step.returns and each.attempts for each in run.steps):
        there = [each for each in proofs if each.step.returns and each.state is not StepState.SKIPPED]
    if not there or any(each.state is not StepState.VERIFIED for each in there):
        return None
    times = []
    for each in there:
        mark = run.marked(each.step.key, MarkName.WRITTEN)
        times += [mark.at] if mark else [each.ended_at] if each.ended_at else []
    return max(times, default=None)
