"""What was done, what was not, what to do next, and the rest by hand: for notices, commands and pages (TC-044)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.derive import members, needs_allowance_now
from bc_lib.domain.execution.ended import outcome_words, wholly_moved
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.outcome import MemberOutcome, Outcome, Owed
from bc_lib.domain.execution.rehearsing import rehearsal_words
from bc_lib.domain.execution.run import Run, RunStep
from bc_lib.domain.execution.step_words import called, sentence
from bc_lib.domain.execution.writers import open_episodes
from bc_lib.domain.requests.plan import Plan, Step
from bc_lib.domain.requests.states import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Each line stands for itself. `by_hand`: how a person does the rest, in order."""

    done: tuple[str, ...]
    not_done: tuple[str, ...]
    unclear: tuple[str, ...]
    next: tuple[str, ...]
    by_hand: tuple[str, ...]


def progress(run: Run, plan: Plan, state: State) -> Progress:
    """From the journal alone."""
    sure = {StepState.VERIFIED, StepState.SEEN}
    none = {StepState.PLANNED, StepState.WAITING, StepState.FAILED}
    return Progress(
        done=tuple(_line(run, each) for each in run.steps if each.state in sure),
        not_done=tuple(_line(run, each) for each in run.steps if each.state in none),
        unclear=tuple(_line(run, each) for each in run.steps if each.state in {StepState.CLAIMED, StepState.UNKNOWN}),
        next=tuple(_next(run, plan, state)),
        by_hand=tuple(by_hand(run)),
    )


def lines(found: Progress) -> list[str]:
    """As text."""
    parts = (
        ("Done", found.done),
        ("Not done", found.not_done),
        ("Not known", found.unclear),
        ("Next", found.next),
        ("By hand", found.by_hand),
    )
    return [line for title, each in parts if each for line in (f"{title}:", *(f"  {one}" for one in each))]


def rows(found: Progress) -> tuple[tuple[str, str], ...]:
    """As names and values, for a message."""
    parts = (
        ("Done", found.done),
        ("Not done", found.not_done),
        ("Not known", found.unclear),
        ("Next", found.next),
        ("By hand", found.by_hand),
    )
    return tuple((title, " ".join(each)) for title, each in parts)


def headline(run: Run, state: State) -> str:
    """One sentence for a notice."""
    moved = [name for name, each in members(run).items() if each is MemberOutcome.MOVED]
    if state is State.HELD:
        return f"Held: {run.held_because}"
    if state is State.FAILED:
        failed = next((each for each in run.steps if each.state is StepState.FAILED), None)
        why = f" {_called(run, failed)}: {failed.sentence}" if failed else f" {run.held_because}".rstrip()
        return f"{outcome_words(run)}{why}"
    if state is State.SERVICE_RESTORED:
        two = "".join(f" {episode.sentence}" for episode in open_episodes(run))
        return f"Clients write again.{two} Still owed: {', '.join(OWED[each] for each in run.owed) or 'nothing'}."
    if state in {State.RUNNING, State.STOPPING}:
        waits = next((each for each in run.steps if each.state is StepState.WAITING), None)
        return f"Waits for a person: {waits.sentence}" if waits else "Under way."
    if words := rehearsal_words(run):
        return words
    names = ", ".join(moved) or "Everything"
    return f"{names} {'are' if len(moved) > 1 else 'is'} done."


def goes_on_by_itself(run: Run) -> bool:
    """Of a held run: it waits for a secret, and nobody has to decide (F24)."""
    return not any(each.state in {StepState.WAITING, StepState.UNKNOWN} for each in run.steps)


def by_hand(run: Run) -> list[str]:
    """The rest of the plan for a person without this tool; nothing of a member that certainly was not touched.

    A member whose way back was begun goes back; what its move still owed is not told any more, nor the other way round.
    """
    found = []
    for name, became in members(run).items():
        mine = [each for each in run.steps if each.step.resource == name]
        went_back = any(each.step.returns and _begun(each) for each in mine)
        left = [each.step for each in mine if _open(each) and each.step.returns is went_back]
        if became is MemberOutcome.UNTOUCHED and run.ended_at is not None:
            found.append(f"{name}: nothing; it is as it was.")
            continue
        if became is MemberOutcome.STOPPED:
            found.append(f"{name}: {_writes_again(mine)}")
            continue
        found += [f"{name}: {words}" for step in left if (words := _by_hand(step))]
    return found


def _writes_again(steps: Sequence[RunStep]) -> str:
    """For a member whose writes were stopped by its newest stop or move: the servers by name."""
    stops = {Action.STOP, Action.MOVE}
    last = next(each.step for each in reversed(steps) if each.step.action in stops and _begun(each))
    return (
        f"see that the standby at {last.new} is not promoted, then start the old primary at "
        f"{last.old} as it is on disk."
    )


def _begun(each: RunStep) -> bool:
    return each.state not in {StepState.PLANNED, StepState.SKIPPED}


def _open(each: RunStep) -> bool:
    return each.state not in {StepState.VERIFIED, StepState.SKIPPED}


def _line(run: Run, each: RunStep) -> str:
    return f"{_called(run, each)} ({each.state.value}): {each.sentence or each.step.summary}"


def _called(run: Run, each: RunStep) -> str:
    return sentence(each.step, [one.step for one in run.steps])


def _next(run: Run, plan: Plan, state: State) -> Sequence[str]:
    asked = [_ask(run, each) for each in run.steps if each.state in {StepState.WAITING, StepState.UNKNOWN}]
    if state is State.HELD:
        if not goes_on_by_itself(run):
            return asked
        return [
            f"It looks again by itself, every minute. It waits for {run.held_because}",
            f"Where that cannot be mended, have it put to people what the step did: bcctl run stop {run.request}",
        ]
    if state is State.SERVICE_RESTORED:
        stop = [f"Stop the server at {episode.node} at once, and start it no more." for episode in open_episodes(run)]
        return [*stop, *asked, *(_OWED[each] for each in run.owed if each is not Owed.REPROTECT or not asked)]
    if state is State.SUCCEEDED:
        return []
    if state is not State.FAILED:
        return asked or ["The runner goes on by itself."]
    again = f"Ask again with a new request: bcctl request create --retry-of {run.request}"
    return {
        Outcome.UNTOUCHED: [f"Remove the cause. {again}"],
        Outcome.ROLLED_BACK: [f"Remove the cause. {again}"],
        Outcome.WRITES_STOPPED: ["Give clients their writes back now, by hand as below.", again],
        Outcome.PARTIALLY_MOVED: _moved(run, plan),
        Outcome.INDETERMINATE: [
            "Look at both servers yourself before anything else. Start nothing while two of them may take writes.",
        ],
        None: ["Look at the steps above."],
    }[run.outcome]


def _moved(run: Run, plan: Plan) -> list[str]:
    unprotected = "What has moved has no standby until it is protected again, by hand as below."
    moved = _named(run, MemberOutcome.MOVED)
    if wholly_moved(run):
        return [
            f"Moved: {moved}. See that clients write at {plan.where}; the step that failed says what to look at.",
            unprotected,
            "Once it is protected, it can be returned with a new request.",
        ]
    return [
        f"Moved: {moved}; not moved: {_named(run, MemberOutcome.UNTOUCHED)}.",
        unprotected,
        f"Finish or return it with a new request to {plan.where} or back.",
    ]


def _ask(run: Run, each: RunStep) -> str:
    """What a person must say about a step before it goes on, and the command that says it."""
    where = f"{run.request} {each.step.key}"
    what = called(each.step, [one.step for one in run.steps])
    if each.state is StepState.UNKNOWN:
        return f"Look at the servers, then say what became of {what}: bcctl run resolve {where} done (or not-done)"
    if each.step.action == Action.HOLD:
        return f"End the hold when the drill may go back: bcctl run end-hold {where}"
    if needs_allowance_now(each):
        return f"An approver allows {what} once nobody needs the old data: bcctl run allow {where}"
    return f"Do {what} by hand, then say so: bcctl run attest {where} --note WHAT-WAS-SEEN"


OWED = {
    Owed.FENCE: "the proof that the old primary cannot write",
    Owed.REPROTECT: "a working standby",
    Owed.SYNCHRONOUS: "synchronous commits, as they were before",
    Owed.REVIEW: "the review of the break-glass",
}
_OWED = {
    Owed.FENCE: "See that the old primary cannot take writes; it is fenced by itself once its host answers.",
    Owed.REPROTECT: "Nothing to do now: a new standby is owed, and the runner tries again every minute.",
    Owed.SYNCHRONOUS: "A standby streams, but commits wait for none as they did before the move; the runner tries "
    "again every minute. Set synchronous_standby_names at the new primary where it cannot.",
    Owed.REVIEW: "Record the review of the break-glass: bcctl breakglass review",
}


def _named(run: Run, wanted: MemberOutcome) -> str:
    return ", ".join(name for name, each in members(run).items() if each is wanted) or "none"


_REJOIN = (
    "where it diverged, copy its data folder aside and pg_rewind it from {new}; make its replication slot there; "
    "then create standby.signal and start it"
)


def _by_hand(step: Step) -> str:
    old, new = step.old, step.new
    return {
        Action.STOP: f"stop the server at {old} (fast), see that nothing starts it again, and read its shutdown "
        f"checkpoint with pg_controldata",
        Action.MOVE: f"stop the server at {old} (fast) and read its shutdown checkpoint; wait until {new} has replayed "
        f"past it (where its replay is paused, compare its limits with the primary's first: with a lower one resuming "
        f"ends it, raise that and restart it); make the replication slot of {old} on {new}, so that it keeps what "
        f"{old} needs to follow; on {new}: SELECT pg_promote(false)",
        Action.TRAFFIC: f"lead the clients to {new}",
        Action.VERIFY: f"write a row through the clients' own address; it must land at {new}",
        Action.PRESERVE: f"with the server at {old} stopped, copy its data folder aside and keep the copy",
        Action.REJOIN: f"on {old}: {_REJOIN.format(new=new)}",
        Action.REPROTECT: f"on {old}: create standby.signal, start the server, and see in pg_stat_wal_receiver that it "
        f"streams from {new}",
        Action.REWIND: f"on {old}: CHECKPOINT on {new} first, then pg_rewind from {new} (or, where that is refused, a "
        f"base backup of {new} into an empty data folder), create standby.signal, start the server, see that it "
        f"streams",
        Action.HOLD: f"stay at {new} until the drill is over, then go back",
        Action.POSTCHECK: f"one server takes writes ({new}), the other streams from it; compare what matters to you",
    }.get(Action(step.action), "")
