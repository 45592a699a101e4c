"""The people of a pack: who asked, decided, confirmed, started; what each had before them; what proof there is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bc_lib.domain.breakglass import Grant
from bc_lib.domain.execution.run import RunAct, RunActKind
from bc_lib.domain.execution.step_words import called, check_words
from bc_lib.domain.requests.policy import standing
from bc_lib.domain.requests.states import Decision
from bc_lib.domain.requests.votes import Vote
from bc_lib.services.evidence.gather import Story

NOT_KNOWN = "not known"
RULE_GONE = "not known: the rule it was under is in force no more"
WORDS = {
    RunActKind.WAIVE: "went without a proven fence",
    RunActKind.OVERRIDE: "overrode a precheck",
    RunActKind.CONSENT: "accepted the loss",
    RunActKind.ACKNOWLEDGE: "acknowledged a second failover within the block period",
    RunActKind.RESOLVE: "said what an unknown step did",
    RunActKind.ATTEST: "attested a manual step",
    RunActKind.ALLOW: "allowed",
    RunActKind.STOP: "asked to stop",
    RunActKind.END_HOLD: "ended the drill's hold",
}
INSTEAD = frozenset({RunActKind.WAIVE, RunActKind.OVERRIDE, RunActKind.CONSENT, RunActKind.ACKNOWLEDGE})


def proof_word(proven: bool | None) -> str:
    """What may be said about a signature."""
    if proven is None:
        return NOT_KNOWN
    return "signature holds" if proven else "NO VALID SIGNATURE when this was made"


def who(story: Story) -> list[dict[str, Any]]:
    """One entry for everything that a person did about the request, in the order of time."""
    request = story.request
    asked = story.people[0] if story.people else None
    found: list[dict[str, Any]] = [
        _entry(request.created_at, request.requester_name, "asked", "operator", "revision 1 of the plan", "", None)
        | ({"account": f"{asked.issuer} / {asked.subject}"} if asked else {})
    ]
    for vote in story.votes:
        said = {"approve": "approved", "deny": "denied"}[vote.decision.value]
        seen = f"revision {vote.plan_revision} of the plan ({vote.plan_digest[:16]}…), by {vote.channel}"
        counts = "" if vote.plan_revision == request.plan_revision else "void: the plan was replaced afterwards"
        found.append(
            _entry(vote.at, vote.name, said, vote.role.value, seen, vote.reason, story.proven.get(f"vote {vote.id}"))
            | {"account": f"{vote.issuer} / {vote.subject}", "limits": counts}
        )
    for each in story.confirmations:
        statement = each.statement
        seen = f"revision {statement.plan_revision} of the plan ({statement.plan_digest[:16]}…), by {each.channel}"
        proven = story.proven.get(f"confirmation {statement.plan_revision}")
        found.append(
            _entry(each.at, each.name, "confirmed", "operator", seen, f"typed: {each.phrase}", proven)
            | {"account": f"{statement.issuer} / {statement.subject}"}
        )
    for act in story.acts:
        said = " ".join(part for part in (WORDS[act.kind], _about(story, act)) if part)
        seen = f"revision {act.plan_revision} of the plan ({act.plan_digest[:16]}…)"
        found.append(
            _entry(act.at, act.name, said, act.role, seen, act.note, story.proven.get(f"act {act.id}"))
            | {"account": f"{act.issuer} / {act.subject}"}
        )
    return sorted(found, key=lambda each: str(each["at"]))


def _about(story: Story, act: RunAct) -> str:
    """The step or the check that it is about, and what was said."""
    every = story.plan.plan.steps
    step = next((called(each, every) for each in every if each.key == act.step), "")
    value = check_words(act.value) if act.kind is RunActKind.OVERRIDE else act.value
    return ": ".join(part for part in (step, value) if part)


def _entry(at: datetime, name: str, did: str, role: str, seen: str, note: str, proven: bool | None) -> dict[str, Any]:
    return {
        "at": at.isoformat(),
        "name": name,
        "did": did,
        "role": str(role),
        "had_before_them": seen,
        "note": note,
        "proof": "the request itself carries none" if did == "asked" else proof_word(proven),
        "account": "",
        "limits": "",
    }


def assignments(story: Story) -> list[dict[str, Any]]:
    """Persons with their roles and when the sign-on showed each last, as the database knew it when this was made."""
    return [
        {
            "person": each.person,
            "name": each.name,
            "account": f"{each.issuer} / {each.subject}",
            "switched_off": each.disabled,
            "roles": [{"role": role, "last_seen_at": seen.isoformat()} for role, seen in each.roles],
        }
        for each in story.people
    ]


def instead(story: Story) -> list[dict[str, Any]]:
    """Waivers, overrides and the like: where a person's word stood in the place of evidence or of a rule."""
    return [
        {
            "at": act.at.isoformat(),
            "name": act.name,
            "what": WORDS[act.kind],
            "about": _about(story, act),
            "note": act.note,
            "proof": proof_word(story.proven.get(f"act {act.id}")),
        }
        for act in story.acts
        if act.kind in INSTEAD
    ]


def _stood_in(story: Story, grant: Grant) -> dict[str, list[str]]:
    """Who had approved the plan before the grant was used, and whose approval it stood in for: from the votes."""
    used = grant.used_at
    before = [
        replace(vote, role_held=True)  # a vote is given with a role that is held; what became of it later is another
        for vote in story.votes
        if vote.plan_revision == story.request.plan_revision and (used is None or vote.at <= used)
    ]
    if story.rule is None:
        return {"approved_before": _names(before), "stood_in_for": [RULE_GONE]}
    counted = standing(
        story.rule,
        before,
        requester=story.request.requester,
        editors=story.request.editors,
        revision=story.request.plan_revision,
        proven=lambda vote: bool(story.proven.get(f"vote {vote.id}")),
    )
    return {
        "approved_before": _names(counted.counted),
        "stood_in_for": [f"{need.count} {need.role.value}" for need in counted.missing],
    }


def _names(votes: Iterable[Vote]) -> list[str]:
    return [f"{vote.name} ({vote.role.value})" for vote in votes if vote.decision is Decision.APPROVE]


def _review_word(grant: Grant, *, proven: bool) -> str | None:
    """Of a review that is there."""
    if grant.reviewed_at is None:
        return None
    return "signature holds" if proven else "THE REVIEW CARRIES NO PROOF"


def glass(story: Story) -> dict[str, Any] | None:
    """The break-glass grant that stood in for approvers; None where there was none."""
    grant = story.grant
    if grant is None:
        return None
    used, reviewed = story.proven.get("use"), story.proven.get("review")
    return {
        "incident": grant.incident,
        "reason": grant.reason,
        "holder": grant.holder_name,
        "granted_at": grant.granted_at.isoformat(),
        "ended_at": grant.expires_at.isoformat(),
        "used_at": grant.used_at.isoformat() if grant.used_at else None,
        "proof": proof_word(story.proven.get("grant")),
        "use_proof": "signature holds" if used else "THE USE OF THE GRANT CARRIES NO PROOF",
        **_stood_in(story, grant),
        "review_due": grant.review_due.isoformat(),
        "reviewed_by": grant.reviewed_by,
        "reviewed_at": grant.reviewed_at.isoformat() if grant.reviewed_at else None,
        "review": grant.findings,
        "review_proof": _review_word(grant, proven=bool(reviewed)),
    }
