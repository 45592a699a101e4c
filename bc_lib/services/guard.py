"""The one door: every act is decided from actor, table and database, and told to the audit (SEC-002)."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bc_lib.domain.actor import Actor, Role
from bc_lib.domain.audit import AuditActor, AuditEntry, Kind
from bc_lib.domain.authorization import TABLE, Requester, Verb, roles_text
from bc_lib.domain.breakglass import FRESH_SIGN_IN
from bc_lib.domain.denial import Denial
from bc_lib.domain.names import InvalidName
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.values import Request
from bc_lib.ports.audit import AuditUnavailable
from bc_lib.ports.people import KnownPerson
from bc_lib.ports.requests import RequestWork
from bc_lib.ports.runs import RunWork
from bc_lib.services.gate import Gate

log = logging.getLogger(__name__)
PRODUCTION = "prod"
COMMAND_LINE = "cli"
REFUSALS_A_MINUTE = 60


class Keep(Exception):
    """Raised in an act: commit what was done so far, then refuse with `denial`."""

    def __init__(self, denial: Denial) -> None:
        super().__init__(denial.sentence)
        self.denial = denial


@dataclass(slots=True, kw_only=True)
class Act:
    """An act that was allowed so far. `roles`: what the sign-on and the database both say now."""

    work: RunWork
    actor: Actor
    person: KnownPerson
    verb: Verb
    roles: frozenset[Role]
    about: Subject

    def record(
        self,
        verb: str,
        outcome: str,
        *,
        kind: Kind = Kind.COMPLETED,
        reason_code: str | None = None,
        payload: Mapping[str, Any] | None = None,
    ) -> None:
        """An audit record of this act, at the end of its transaction."""
        self.work.record(
            AuditEntry(
                kind=kind,
                verb=verb,
                actor=audit_actor(self.actor, self.person),
                channel=self.actor.channel,
                system=self.about.system,
                members=self.about.members,
                request_id=self.about.request_id,
                reason_code=reason_code,
                outcome=outcome,
                payload=payload or {},
            )
        )


@dataclass(slots=True, kw_only=True)
class Subject:
    """What an act is about, as far as it is known; filled in on the way, so that a denial can name it."""

    system: str | None = None
    members: tuple[str, ...] = ()
    request_id: str | None = None
    details: dict[str, Any] = field(default_factory=dict)


@contextmanager
def acting(gate: Gate, actor: Actor, verb: Verb, about: Subject) -> Iterator[Act]:
    """One transaction in which `actor` does `verb`. Every Denial that leaves it has been audited or counted."""
    kept: Denial | None = None
    try:
        with gate.store.work() as work:
            try:
                person, roles = _known(gate, work, actor, verb)
                yield Act(work=work, actor=actor, person=person, verb=verb, roles=roles, about=about)
            except Keep as keep:
                kept = keep.denial
        if kept is not None:
            raise kept
    except Denial as denial:
        _tell(gate, actor, verb, denial, about)
        raise
    except AuditUnavailable as trouble:
        log.error("%s was refused: %s", verb, trouble)
        raise refusal("AUDIT_UNAVAILABLE") from trouble
    except InvalidName:
        raise  # a slip of the pen, not an act
    except Exception as trouble:
        _tell_failed(gate, actor, verb, trouble, about)
        raise


def authorize(
    gate: Gate, actor: Actor, verb: Verb, *, requester: bool | None = None, about: Subject | None = None
) -> None:
    """Decide without doing: for verbs whose act is not a unit of work here, such as read, export, start.

    `requester`: whether the actor is the person who asked; None where there is no request. Raises Denial, audited.
    """
    with acting(gate, actor, verb, about or Subject()):
        if requester is not None:
            check_requester(verb, requester, (about.request_id if about else None) or "this")


def check_requester(verb: Verb, is_requester: bool, request_id: str) -> None:
    """The relation to the requester that the table asks for. Raises Denial."""
    relation = TABLE[verb].requester
    if relation is Requester.NEVER and is_requester:
        raise refusal("REQUESTER_EXCLUDED", request=request_id)
    if relation is Requester.ONLY and not is_requester:
        raise refusal("REQUESTER_ONLY", request=request_id)


def check_asker(verb: Verb, request: Request, person: int) -> None:
    """The same for a stored request: who edited the schedule that asked counts as requester (S5). Raises Denial."""
    if person == request.requester or not (request.asked_by(person) and request.schedule):
        check_requester(verb, person == request.requester, request.id)
    elif TABLE[verb].requester is Requester.NEVER:
        raise refusal("EDITOR_EXCLUDED", schedule=request.schedule, request=request.id)


def permit(verb: Verb, roles: frozenset[Role], actor: Actor, environment: str, now: datetime) -> Denial | None:
    """The table's answer for these roles; None: allowed. Looks at nothing but its arguments."""
    row = TABLE[verb]
    if row.writes and environment == PRODUCTION and actor.channel == COMMAND_LINE:
        return refusal("BCCTL_READ_ONLY")
    if not roles & row.roles:
        return refusal("ROLE_MISSING", role=roles_text(verb))
    if row.mfa and environment == PRODUCTION and not actor.mfa:
        return refusal("MFA_REQUIRED")
    if row.fresh and not now - FRESH_SIGN_IN <= actor.at:
        return refusal("FRESH_SIGN_IN_REQUIRED")
    return None


def refused(gate: Gate, actor: Actor, verb: Verb, denial: Denial, system: str) -> None:
    """Audit and count a refusal of somebody whom no sign-in names, as every other one."""
    _tell(gate, actor, verb, denial, Subject(system=system))


def audit_actor(actor: Actor, person: KnownPerson | None) -> AuditActor:
    """The actor as the audit names them."""
    return AuditActor(
        person=str(person.id) if person else None,
        issuer=actor.issuer,
        subject=actor.subject,
        name=person.name if person else actor.display_name,
    )


def _known(gate: Gate, work: RequestWork, actor: Actor, verb: Verb) -> tuple[KnownPerson, frozenset[Role]]:
    if TABLE[verb].writes and work.refused_since(actor, 60) >= REFUSALS_A_MINUTE:
        raise refusal("RATE_LIMITED")
    person = work.person(actor.issuer, actor.subject)
    if person is None:
        raise refusal("UNKNOWN_PERSON")
    if person.disabled:
        raise refusal("PERSON_DISABLED")
    roles = person.roles & actor.roles
    denial = permit(verb, roles, actor, gate.environment, work.now())
    if denial is not None:
        raise denial
    return person, roles


def _tell_failed(gate: Gate, actor: Actor, verb: Verb, trouble: Exception, about: Subject) -> None:
    """It was tried and no answer came; whether it was stored is told by its own record, which commits with it.

    Never hides the trouble itself.
    """
    try:
        with gate.store.work() as work:
            work.record(_entry(work, actor, verb, about, Kind.FAILED, type(trouble).__name__, {}))
    except Exception as worse:
        log.error("%s failed (%s), and that could not be audited: %s", verb, trouble, worse)


def _entry(
    work: RequestWork,
    actor: Actor,
    verb: Verb,
    about: Subject,
    kind: Kind,
    code: str,
    payload: Mapping[str, Any],
) -> AuditEntry:
    """A record of an act that was not done."""
    return AuditEntry(
        kind=kind,
        verb=f"request.{verb.value}",
        actor=audit_actor(actor, work.person(actor.issuer, actor.subject)),
        channel=actor.channel,
        system=about.system,
        members=about.members,
        request_id=about.request_id,
        reason_code=code,
        outcome=kind.value,
        payload={**payload, **about.details},
    )


def _tell(gate: Gate, actor: Actor, verb: Verb, denial: Denial, about: Subject) -> None:
    """The first refusal of its kind within a minute is a record; the rest are counted (requests.repeats)."""
    try:
        with gate.store.work() as work:
            counter = work.refused(actor, verb.value, denial.code, about.system or "")
            if counter.count == 1:
                told = {"sentence": denial.sentence}
                work.record(_entry(work, actor, verb, about, Kind.DENIED, denial.code, told))
    except AuditUnavailable as trouble:
        log.error("The refusal %s of %s could not be audited: %s", denial.code, verb, trouble)
