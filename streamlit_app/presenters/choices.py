"""Which buttons a person is shown. Never the control: the services decide again at every press (SEC-002)."""

from __future__ import annotations

from dataclasses import dataclass

from bc_lib.domain.actor import Role
from bc_lib.domain.authorization import TABLE, Verb
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.states import Decision, State
from bc_lib.domain.requests.values import Request
from bc_lib.domain.role_words import role_words
from bc_lib.services.requests.asking import Known
from bc_lib.services.requests.show import RequestView

WITHDRAWABLE = frozenset({State.PENDING_APPROVAL, State.APPROVED, State.READY_TO_START})


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What is offered. `why_not`: one sentence where a deciding role gets no buttons."""

    decide_as: tuple[Role, ...] = ()
    confirm: bool = False
    withdraw: bool = False
    again: bool = False
    glass: bool = False
    why_not: str | None = None


def choices(view: RequestView, known: Known) -> Choices:
    """What this person is offered on this request now."""
    request, person = view.request, known.person
    if person is None:
        return Choices(why_not=refusal("UNKNOWN_PERSON").sentence)
    own = request.asked_by(person.id)
    if request.state.over:
        return Choices(again=may(known, Verb.CREATE))
    if request.expires_at is not None and request.expires_at <= view.now:
        return Choices(why_not=refusal("REQUEST_EXPIRED", request=request.id).sentence)
    roles, why = _deciding(view, known, own=own)
    return Choices(
        decide_as=roles,
        why_not=why,
        confirm=request.state is State.APPROVED and may(known, Verb.CONFIRM),
        glass=request.state is State.PENDING_APPROVAL and may(known, Verb.GRANT),
        withdraw=own and request.state in WITHDRAWABLE and may(known, Verb.WITHDRAW),
    )


def may(known: Known, verb: Verb) -> bool:
    """Whether a role that counts now is in the verb's row."""
    return bool(known.roles & TABLE[verb].roles)


def _own_words(request: Request, known: Known) -> str:
    if request.schedule and known.person and known.person.id != request.requester:
        return refusal("EDITOR_EXCLUDED", schedule=request.schedule, request=request.id).sentence
    return refusal("REQUESTER_EXCLUDED", request=request.id).sentence


def _deciding(view: RequestView, known: Known, *, own: bool) -> tuple[tuple[Role, ...], str | None]:
    if view.request.state is not State.PENDING_APPROVAL:
        return (), None
    needed = tuple(need.role for need in view.rule.needs) if view.rule else tuple(TABLE[Verb.APPROVE].roles)
    roles = tuple(role for role in Role if role in needed and role in known.roles)
    if not roles:
        return (), None
    if own:
        return (), _own_words(view.request, known)
    mine = next(
        (
            vote
            for vote in view.votes
            if known.person and vote.person == known.person.id and vote.plan_revision == view.request.plan_revision
        ),
        None,
    )
    if mine:
        did = "approved" if mine.decision is Decision.APPROVE else "denied"
        return (), f"You {did} this as {role_words(mine.role)}; one person decides once."
    return roles, None
