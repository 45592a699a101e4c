"""The content of a pack as JSON values: HTML, PDF and CSV say what stands here, and nothing else."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from bc_lib.domain.evidence.compare import plan_changes
from bc_lib.domain.execution.outcome import Outcome
from bc_lib.domain.execution.progress import headline
from bc_lib.domain.execution.stated import expected
from bc_lib.domain.loss import told
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.domain.words import clock
from bc_lib.services.evidence import body_run, body_who
from bc_lib.services.evidence.gather import Story
from bc_lib.services.requests.losing import accepted_losses

SCHEMA_VERSION = 1
NO_RUN = {
    State.REJECTED: "It was denied; nothing was executed.",
    State.EXPIRED: "It expired before it could start; nothing was executed.",
    State.CANCELLED: "It was withdrawn; nothing was executed.",
    State.FAILED: "A check before the start forbade it; nothing was executed.",
}
VERIFY = "python3 -I -S verify_pack.py PACK --key KEY"


def body(story: Story, audit: dict[str, Any], published: str) -> dict[str, Any]:
    """`audit`: log, first, last and count of the records in the pack. `published`: where the key's fingerprint is."""
    plan = story.plan.plan
    criteria = _criteria(story)
    return {
        "schema_version": SCHEMA_VERSION,
        "made_at": story.now.isoformat(),
        "request": _request(story),
        "verdict": _verdict(story),
        "criteria": criteria,
        "people": body_who.who(story),
        "role_assignments": body_who.assignments(story),
        "executor": story.run.executor if story.run else None,
        "break_glass": body_who.glass(story),
        "plan": {
            **_plain(asdict(plan)), "type": plan.type.value, "digest": story.plan.digest,
            "revision": story.plan.revision,
        },
        "plan_revisions": [
            {"revision": each.revision, "digest": each.digest, "made_at": each.made_at.isoformat(),
             "because": each.because}
            for each in story.plans
        ],
        "plan_since_tested": _tested(story),
        "prechecks": _prechecks(story),
        "waivers_and_overrides": body_who.instead(story),
        "steps": body_run.steps(story),
        "marks": body_run.marks(story),
        "rto": body_run.rto(story, criteria["rto_s"]),
        "rpo": body_run.rpo(story),
        "rpo_sentence": _rpo_sentence(story),
        "markers": body_run.markers(story),
        "deviations": body_run.deviations(story),
        "cleanup": body_run.cleanup(story),
        "members": {name: each.value for name, each in story.run.members.items()} if story.run else {},
        "clocks": body_run.clocks(story),
        "history": [
            {"at": each.at.isoformat(), "event": each.event, "state": each.after.value, "person": each.person,
             "reason": each.reason}
            for each in story.history
        ],
        "log": [
            {"at": each.at.isoformat(), "level": each.level, "step": each.step, "text": each.text}
            for each in story.events
        ],
        "sign_off": "Not part of this file: it follows in signed addenda (folder addenda, `bcctl evidence show`).",
        "audit": {**audit, "command": VERIFY, "database_command": "bcctl audit verify"},
        "key": {"published": published, "rule": "Take the key or its fingerprint from there, never from the pack."},
    }  # fmt: skip


def _plain(value: Any) -> Any:
    """As JSON values: times as text."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime) else value


def _request(story: Story) -> dict[str, Any]:
    request = story.request
    return {
        "id": request.id,
        "type": request.type.value,
        "drill": request.drill,
        "scope": asdict(request.scope),
        "members": [target.resource for target in story.plan.plan.targets],
        "target_site": request.target_site,
        "where": request.where,
        "reason": request.reason,
        "ticket": request.ticket,
        "retry_of": request.retry_of,
        "tier": request.tier,
        "environment": request.environment,
        "asked_at": request.created_at.isoformat(),
        "ended_at": request.state_since.isoformat(),
        "window": [each.isoformat() if each else None for each in (request.window_start, request.window_end)],
    }


def _verdict(story: Story) -> dict[str, Any]:
    request, run = story.request, story.run
    if run is None:
        said, why = NO_RUN.get(request.state, "Nothing was executed."), _why(story)
    else:
        said, why = headline(run, request.state), _why(story)
    return {
        "state": request.state.value,
        "outcome": run.outcome.value if run and run.outcome else None,
        "sentence": said,
        "because": why,
        "executed": run is not None,
        "recovery_test": _counts(story),
    }


def _why(story: Story) -> str:
    last = next((each for each in reversed(story.history) if each.after.over), None)
    if last is None or not last.reason:
        return f"By {last.person}." if last is not None and last.person and story.run is None else ""
    return f"{last.reason} (said by {last.person})" if last.person else last.reason


def _counts(story: Story) -> str:
    request = story.request
    if story.run is None:
        return "No: nothing was executed."
    if request.type is RequestType.DRILL and request.drill != "live":
        return "No: a rehearsal does everything but the effects."
    if request.state is not State.SUCCEEDED:
        return "No: it did not come to its end."
    if request.type is RequestType.DRILL:
        return "Yes: a live drill that moved and came back."
    return "It was a real move, not a drill."


def _criteria(story: Story) -> dict[str, Any]:
    request = story.request
    resources = list(story.resources.values())
    changed = story.inventory_changed_at
    if changed is None:
        fixed = "When the targets were set is not known."
    elif changed <= request.created_at:
        fixed = f"The inventory was last changed at {clock(changed)}, before the request: this was fixed beforehand."
    else:
        fixed = (
            f"The inventory was changed at {clock(changed)}, after the request was made. The RTO is the plan's; "
            "whether each RPO is that of before can't be said here; the audit log holds each change "
            "(verb inventory.change)."
        )
    missing = sorted({target.resource for target in story.plan.plan.targets} - story.resources.keys())
    return {
        "rto_s": story.rto_s,
        "rpo_s": {each.name: each.rpo_s for each in resources},
        "fixed": fixed + (f" Not in the inventory any more: {', '.join(missing)}." if missing else ""),
        "policy": f"version {request.policy_version}, rule {request.policy_position}",
        "needs": [f"{need.count} {need.role.value}" for need in story.rule.needs] if story.rule else None,
        "measurements": [asdict(each) for each in story.plan.plan.measurements],
        "loss_to_accept": story.plan.plan.loss or None,
        "loss_accepted": [
            {"value": e.value, "by": e.name, "at": e.at.isoformat()}
            for e in accepted_losses(story.acts, request)
            if story.request.type is RequestType.FAILOVER
        ],
        "if_partial": story.plan.plan.if_partial or None,
    }


def _tested(story: Story) -> dict[str, Any]:
    if story.tested is None:
        said = "No earlier move or live drill of this scope came to its end: this plan had never been tested."
        return {"request": None, "sentence": said, "changes": []}
    request, plan = story.tested
    changes = list(plan_changes(plan.plan, story.plan.plan))
    when = f"{request.type.value} {request.id}, ended {clock(request.state_since)}"
    said = f"Last tested by {when}: {len(changes)} differences." if changes else f"The same as tested by {when}."
    return {"request": request.id, "sentence": said, "changes": changes}


def _prechecks(story: Story) -> dict[str, Any]:
    if story.run is not None and story.run.prechecks:
        at, found = story.run.started_at, story.run.prechecks
        said = f"Looked at for the start, {clock(at)}."
    elif story.prechecks is not None:
        at, found = story.prechecks[0], tuple(story.prechecks[1])
        said = f"Last looked at {clock(at)}; there was no start after it."
    else:
        return {"sentence": "No precheck was made.", "findings": []}
    return {"sentence": said, "findings": [body_run.finding(each, story.plan.plan) for each in found]}


def _rpo_sentence(story: Story) -> str:
    if story.run is None:
        return "Nothing was executed, so nothing could be lost by it."
    if story.losses:
        return " ".join(told(story.losses, story.writers))
    if story.run.outcome is Outcome.INDETERMINATE:
        return "Where it stands is not known, so whether anything was lost is not known either."
    known = " ".join(["", *told(expected(story.run), ())])
    return f"No move was completed by this run, so no loss was measured.{known}"
