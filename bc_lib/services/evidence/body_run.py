"""The run of a pack: planned against actual, where the time went, markers, loss, deviations, what is left to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from statistics import median
from typing import Any

from bc_lib.domain.execution.actions import MarkName
from bc_lib.domain.execution.clock import outage_s
from bc_lib.domain.execution.derive import BACK
from bc_lib.domain.execution.findings import Finding, Severity
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.progress import OWED
from bc_lib.domain.execution.run import Run, RunStep
from bc_lib.domain.execution.stated import outage
from bc_lib.domain.execution.step_words import MARKS, called, check_title
from bc_lib.domain.execution.writers import episodes
from bc_lib.domain.loss import Certainty, FenceKind, writers_sentence
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.state_words import STATE_WORDS
from bc_lib.domain.requests.states import State
from bc_lib.domain.words import capital, clock, duration
from bc_lib.services.evidence.gather import Story

MARKERS = ("marker", "last_commit_at", "received_lsn", "replayed_lsn", "timeline_before", "timeline_after", "fence",
           "caught_up", "system_identifier")  # fmt: skip
NODE_MARKERS = ("role", "version", "system_identifier", "timeline", "lsn", "received_lsn", "replayed_lsn", "beat_at")
SHUTDOWN = "the old primary's shutdown checkpoint was applied before the promotion"
METHOD = {
    Certainty.PROVEN: SHUTDOWN,
    Certainty.EXCEPTED: SHUTDOWN,
    Certainty.BOUNDED: "from the last write known at the new primary to the moment when the old one was first seen "
    "unable to acknowledge",
    Certainty.UNPROVEN: "none: see the statement",
}
WITHIN = "within the RPO"
OPEN = "not known, because two writers are possible"


def steps(story: Story) -> list[dict[str, Any]]:
    """Every step of the plan, those that were not executed included."""
    done = {each.step.key: each for each in story.run.steps} if story.run else {}
    found, name = [], names(story)
    for number, step in enumerate(story.plan.plan.steps, 1):
        usual = [
            each.step_s[step.action]
            for each in story.past
            if each.resource == step.resource and step.action in each.step_s
        ]
        was = done.get(step.key)
        state = was.state.value if was else StepState.PLANNED.value
        found.append(
            {
                "number": number,
                "key": step.key,
                "name": name(step.key),
                "resource": step.resource,
                "action": step.action,
                "summary": step.summary,
                "point_of_no_return": step.point_of_no_return,
                "planned_s": round(median(usual), 3) if usual else None,
                "planned_from": f"{len(usual)} earlier runs" if usual else "no earlier run",
                "limit_s": step.timeout_s,
                "state": state,
                "executed": _executed(was),
                "began_at": _at(was.claimed_at) if was else None,
                "ended_at": _at(was.ended_at) if was else None,
                "actual_s": _seconds(was),
                "tries": was.attempts if was else 0,
                "sentence": was.sentence if was else "",
                "facts": dict(was.facts) if was else {},
                "findings": [finding(each, story.plan.plan) for each in was.findings] if was else [],
            }
        )
    return found


def _executed(was: RunStep | None) -> str:
    if was is None or (was.claimed_at is None and was.state in {StepState.PLANNED, StepState.WAITING}):
        return "not executed"
    if was.state is StepState.SKIPPED:
        return "skipped"
    if was.state in {StepState.CLAIMED, StepState.UNKNOWN}:
        return "not known"
    return "failed" if was.state is StepState.FAILED else "executed"


def _seconds(was: RunStep | None) -> float | None:
    if was is None or was.claimed_at is None or was.ended_at is None:
        return None
    return round((was.ended_at - was.claimed_at).total_seconds(), 3)


def rto(story: Story, target: float | None) -> dict[str, Any]:
    """Where the time went. What was not seen is said to be not measured."""
    run = story.run
    lost = outage_s(run, run.ended_at or story.now) if run else None
    parts = [
        {
            "name": each.name,
            "who": each.who,
            "began_at": each.began.isoformat(),
            "ended_at": _at(each.ended),
            "seconds": round(each.seconds(story.now), 3) if each.ended else None,
        }
        for each in story.spans
    ]
    if not any(each.name == "detect and ask" for each in story.spans):
        why = "not measured: no stop of the clients' writes was seen before the request"
        parts.insert(0, {"name": "detect and ask", "who": "", "began_at": None, "ended_at": None, "seconds": None,
                         "note": why})  # fmt: skip
    back = run is not None and run.restored_at is not None
    way_back = _way_back(run) if run else None
    if way_back:
        parts.append({"name": "way back, clients could not write", "who": "", **way_back})
    return {
        "target_s": target,
        "clients_could_not_write_s": None if lost is None else round(lost, 3),
        "ended": back,
        "way_back": way_back,
        "sentence": _rto_sentence(lost, back, target, story) + _began_sentence(run) + _back_sentence(way_back, target),
        "parts": parts,
    }


def _began_sentence(run: Run | None) -> str:
    """How exactly its beginning is known."""
    since = outage(run) if run else None
    return f" {since.sentence}" if since and since.sentence else ""


def _way_back(run: Run) -> dict[str, Any] | None:
    """A drill's, or of members that were returned: the second time in which clients could not write."""
    marks = [mark for mark in run.marks if mark.step.endswith(BACK)]
    began = min((m.at for m in marks if m.name in {MarkName.FENCED, MarkName.FENCE_OWED}), default=None)
    if began is None:
        return None
    ended = max((m.at for m in marks if m.name is MarkName.WRITTEN and m.at >= began), default=None)
    seconds = round((ended - began).total_seconds(), 3) if ended else None
    return {"began_at": _at(began), "ended_at": _at(ended), "seconds": seconds}


def _back_sentence(way_back: dict[str, Any] | None, target: float | None) -> str:
    if way_back is None:
        return ""
    seconds = way_back["seconds"]
    if seconds is None:
        return " On the way back they could not write again; when they could was not seen by this run."
    word = "" if target is None else ", within the RTO" if seconds <= target else ", LONGER than the RTO"
    return f" On the way back it was {duration(seconds)}{word}."


def _rto_sentence(lost: float | None, back: bool, target: float | None, story: Story) -> str:
    if story.run is None:
        return "Nothing was executed, so no recovery time was measured."
    if lost is None:
        return "The clients' writes were never stopped by this run, so no recovery time was measured."
    undone = max((mark.at for mark in story.run.marks if mark.name is MarkName.UNDONE), default=None)
    if not back and undone is not None:
        return (
            f"Clients could not write from {_moment(story.run.outage_began_at)} on. Writes were allowed at the old "
            f"primary again at {_moment(undone)}; that a client's write arrived after it was not seen by this run."
        )
    if not back:
        return (
            f"Clients could not write from {_moment(story.run.outage_began_at)} on; when they could again was not seen "
            f"by this run. The recovery time is not known; it is at least {duration(lost)}."
        )
    if target is None:
        return f"Clients could not write for {duration(lost)}. No RTO is set, so it can't be judged."
    word = "within" if lost <= target else "LONGER than"
    return f"Clients could not write for {duration(lost)}: {word} the RTO of {duration(target)}."


def rpo(story: Story) -> list[dict[str, Any]]:
    """What may be said about lost data, for each resource that moved, with method and age."""
    found, name = [], names(story)
    for each in story.losses:
        resource = story.resources.get(each.resource)
        target = resource.rpo_s if resource else None
        seconds, sentence = each.seconds, _writers(story, each.resource)
        judged = "no RPO is set" if target is None else "not known"
        if target is not None and seconds is not None:
            judged = "MORE than the RPO" if seconds > target else OPEN if _open(story, each.resource) else WITHIN
        measured = each.until or each.after or _caught_up(story, each.step)
        found.append(
            {
                "resource": each.resource,
                "step": each.step,
                "of": name(each.step),
                "certainty": each.certainty.value,
                "sentence": each.sentence,
                "between_looks": each.gap,
                "two_writers": sentence,
                "method": METHOD[each.certainty],
                "target_s": target,
                "at_most_s": None if seconds is None else round(seconds, 3),
                "judged": judged,
                "measured_at": _at(measured),
                "age_when_made_s": round((story.now - measured).total_seconds(), 1) if measured else None,
            }
        )
    return found


def _writers(story: Story, resource: str) -> str | None:
    """The second statement, from the fence; a risk of its own and never seconds."""
    return next((writers_sentence(each) for each in story.writers if each.resource == resource), None)


def _open(story: Story, resource: str) -> bool:
    return any(each.resource == resource and each.kind is FenceKind.NOT_PROVABLE for each in story.writers)


def _caught_up(story: Story, step: str) -> datetime | None:
    """When the target had applied the marker."""
    found = story.run.marked(step, MarkName.CAUGHT_UP) if story.run else None
    return found.at if found else None


def markers(story: Story) -> list[dict[str, Any]]:
    """The platform's own positions before and after, as the steps recorded them."""
    found: list[dict[str, Any]] = []
    name = names(story)
    for each in story.run.steps if story.run else ():
        for node, noted in sorted(_mapping(each.facts.get("nodes")).items()):
            said = {name: noted[name] for name in NODE_MARKERS if _mapping(noted).get(name) is not None}
            if said:
                where = _place(story, each.step.resource, node)
                found.append({"step": each.step.key, "name": name(each.step.key), "node": node, "place": where,
                              "at": _at(each.ended_at), "values": said})  # fmt: skip
        own = {name: each.facts[name] for name in MARKERS if each.facts.get(name) is not None}
        if own:
            found.append({"step": each.step.key, "name": name(each.step.key), "node": each.step.node,
                          "place": each.step.new, "at": _at(each.ended_at), "values": own})  # fmt: skip
    return found


def clocks(story: Story) -> list[dict[str, Any]]:
    """How far each node's clock was from ours, where a step measured it (decision 17)."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    name = names(story)
    for target in story.plan.plan.targets:
        resource = story.resources.get(target.resource)
        for end in resource.endpoints if resource else ():
            found[target.resource, end.node] = {
                "resource": target.resource, "node": end.node, "site": end.site,
                "place": end.place, "ahead_s": None, "within_s": None,
                "sentence": "not measured",
            }  # fmt: skip
    for each in story.run.steps if story.run else ():
        for node, noted in _mapping(each.facts.get("nodes")).items():
            ahead, within = _mapping(noted).get("clock_ahead_s"), _mapping(noted).get("clock_within_s")
            entry = found.get((each.step.resource, node))
            if entry is None or entry["ahead_s"] is not None:
                continue
            if isinstance(ahead, int | float) and isinstance(within, int | float):
                word = "ahead of" if ahead >= 0 else "behind"
                sentence = f"{abs(ahead):.3f} s {word} ours, give or take {abs(within):.3f} s, at {name(each.step.key)}"
                entry |= {"ahead_s": ahead, "within_s": within, "sentence": sentence}
    return list(found.values())


def deviations(story: Story) -> list[str]:
    """What did not go as planned, in sentences; nothing is left out because it ended well."""
    found = [
        f"Revision {each.revision} of the plan replaced the one before, which made its votes void: {each.because}."
        for each in story.plans
        if each.because
    ]
    found += [
        f"{clock(each.at)}: {STATE_WORDS[each.after]}. {each.reason or ''}".strip()
        for each in story.history
        if each.after in {State.HELD, State.STOPPING}
    ]
    name = names(story)
    found += [episode.sentence for episode in (episodes(story.run) if story.run else ())]
    for each in story.run.steps if story.run else ():
        took = _seconds(each)
        if took is not None and took > each.step.timeout_s:
            found.append(
                f"{capital(name(each.step.key))} took {duration(took)}; its limit is {duration(each.step.timeout_s)}."
            )
        if each.attempts > 1:
            found.append(f"{capital(name(each.step.key))} was begun {each.attempts} times.")
        if each.state not in {StepState.VERIFIED, StepState.SKIPPED}:
            found.append(f"{capital(name(each.step.key))} is {each.state.value}, not verified. {each.sentence}".strip())
        found += [
            f"{capital(name(each.step.key))}: {one.sentence} {one.figure}".strip()
            for one in each.findings
            if one.severity is not Severity.OK
        ]
    if story.grant is not None:
        found.append(f"Approvers were replaced by break-glass, incident {story.grant.incident}.")
    proofs = [name for name, holds in story.proven.items() if not holds]
    return found + [f"No valid signature was found for: {name}." for name in proofs]


def cleanup(story: Story) -> dict[str, Any]:
    """What was owed and what is left to do when the request ended."""
    run = story.run
    if run is None:
        return {"sentence": "Nothing was executed, so nothing is left to clean up.", "owed": [], "next": [],
                "by_hand": [], "unprotected_since": None}  # fmt: skip
    open_ = [each.value for each in run.owed]
    words = "; ".join(OWED[each] for each in run.owed)
    since = run.unprotected_since
    said = "Nothing is owed." if not open_ else f"Owed: {words}."
    if since is not None:
        said += f" There is no working standby since {_moment(since)}."
    elif story.request.state is State.SUCCEEDED:
        said += " The standby was seen to work again, as far as the plan has it."
    else:
        said += " Whether a standby works now was not looked at after the run had failed."
    return {
        "sentence": said,
        "owed": open_,
        "next": list(story.progress.next) if story.progress else [],
        "by_hand": list(story.progress.by_hand) if story.progress else [],
        "unprotected_since": _at(since),
    }


def finding(each: Finding, plan: Plan) -> dict[str, str]:
    """One result of a check."""
    return {
        "check": each.check,
        "title": check_title(each.check, plan.steps),
        "resource": each.resource,
        "severity": each.severity.value,
        "sentence": each.sentence,
        "figure": each.figure,
        "hint": each.hint,
    }


def marks(story: Story) -> list[dict[str, Any]]:
    """Moments inside steps."""
    name = names(story)
    return [
        {
            "step": each.step,
            "of": name(each.step),
            "name": each.name.value,
            "words": MARKS[each.name],
            "at": each.at.isoformat(),
            "facts": dict(each.facts),
        }
        for each in (story.run.marks if story.run else ())
    ]


def names(story: Story) -> Callable[[str], str]:
    """What people call a step of the plan, by its key."""
    every = story.plan.plan.steps
    found = {each.key: called(each, every) for each in every}
    return lambda key: found.get(key, key)


def _place(story: Story, resource: str, node: str) -> str:
    known = story.resources.get(resource)
    return known.place(node) if known else node


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(moment: datetime | None) -> str:
    return clock(moment) if moment else "a moment that is not known"
