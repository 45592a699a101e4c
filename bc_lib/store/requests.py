"""Units of work on requests: one transaction each, its audit records last, a guard's refusal as the same Denial."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, text

from bc_lib.domain.actor import Actor
from bc_lib.domain.audit import AuditEntry
from bc_lib.domain.breakglass import Grant
from bc_lib.domain.denial import Denial
from bc_lib.domain.inventory import Inventory
from bc_lib.domain.requests.machine import Event
from bc_lib.domain.requests.plan import Plan, Scope
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.states import Decision, State
from bc_lib.domain.requests.values import NewRequest, Request, StoredPlan
from bc_lib.domain.requests.votes import Proof, Statement, Vote
from bc_lib.ports.audit import AuditLog
from bc_lib.ports.requests import Outgoing, Repeats
from bc_lib.store import requests_rows as rows
from bc_lib.store import requests_sql as sql
from bc_lib.store.codec import clean, dumps
from bc_lib.store.refusing import refusing
from bc_lib.store.requests_reading import Lookups, RequestReader, same
from bc_lib.store.words import confirmed

AuditOf = Callable[[Connection], AuditLog]


class RequestStore:
    """Implements ports.requests.Requests as bc_ui (or bc_runner). `audit` makes the log of a transaction."""

    def __init__(self, engine: Engine, audit: AuditOf) -> None:
        self._engine = engine
        self._audit = audit
        self.read = RequestReader(engine)

    @contextmanager
    def work(self) -> Iterator[RequestWork]:
        """One transaction; audit records are its last statements, because every other writer waits for them."""
        with self._transaction(RequestWork) as work:
            yield work

    @contextmanager
    def _transaction(self, unit: Callable[[Connection], Unit]) -> Iterator[Unit]:
        with refusing(), self._engine.begin() as connection:
            work = unit(connection)
            yield work
            if work.ended_by is not None:  # swallowed: the transaction is dead, so this is no success
                raise work.ended_by
            for entry in work.entries:
                self._audit(connection).append(entry)


class RequestWork(Lookups):
    """Implements ports.requests.RequestWork."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(lambda: same(connection))
        self._connection = connection
        self.entries: list[AuditEntry] = []
        self.ended_by: Denial | None = None
        self._inventory: Inventory | None = None

    def inventory(self) -> Inventory:
        """Read once, so that one act is decided on one inventory."""
        if self._inventory is None:
            self._inventory = super().inventory()
        return self._inventory

    def _run(self, statement: str, **values: Any) -> Any:
        return self._connection.execute(text(statement), values)

    def lock(self, request_id: str) -> Request:
        """The request, locked."""
        self._run("SELECT 1 FROM bc.request WHERE id = :id FOR UPDATE", id=request_id)
        return self.get(request_id)

    def lock_person(self, person: int) -> None:
        """One creation at a time for each person."""
        self._run("SELECT bc.take_turn(:name)", name=f"requests of person {person}")

    def lock_grants(self) -> None:
        """Grants one after the other."""
        self._run("SELECT bc.take_turn('break-glass grants')")

    def by_key(self, actor: Actor, key: str) -> tuple[str, str] | None:
        """The request of an earlier submission with this key."""
        found = self._run(
            "SELECT id, key_digest FROM bc.request WHERE issuer = :issuer AND subject = :subject AND key = :key",
            issuer=actor.issuer,
            subject=actor.subject,
            key=key,
        ).first()
        return (str(found.id), str(found.key_digest)) if found else None

    def created_since(self, person: int, seconds: float) -> int:
        """How many requests the person created lately."""
        return int(self._run(sql.CREATED_SINCE, person=person, seconds=seconds).scalar_one())

    def create(self, new: NewRequest, actor: Actor, plan: Plan, digest: str, by: str) -> Request:
        """Draft, its plan, and the first edge."""
        request_id = self._run(
            sql.CREATE,
            type=new.type.value,
            scope_kind=new.scope.kind,
            scope_name=new.scope.name,
            target_site=new.target_site,
            reason=new.reason,
            ticket=new.ticket,
            retry_of=new.retry_of,
            window_start=new.window_start,
            window_end=new.window_end,
            tier=plan.tier,
            environment=plan.environment,
            policy_version=plan.policy_version,
            policy_position=plan.policy_position,
            issuer=actor.issuer,
            subject=actor.subject,
            key=new.key,
            key_digest=digest,
            by=by,
            drill=plan.drill or None,
            schedule=new.schedule,
            due_at=new.due_at,
            tag=new.tag,
        ).scalar_one()
        draft = self.get(str(request_id))
        self._plan(draft, plan, None)
        return self._move(draft, State.PENDING_APPROVAL, Event.SUBMIT, by, new.reason, None, revisions=1)

    def vote(
        self,
        request: Request,
        plan: StoredPlan,
        actor: Actor,
        statement: Statement,
        decision: Decision,
        reason: str,
        proof: Proof,
    ) -> Vote:
        """A vote on the current plan."""
        self._run(
            sql.VOTE,
            request=request.id,
            plan_revision=plan.revision,
            plan_digest=plan.digest,
            issuer=actor.issuer,
            subject=actor.subject,
            role=statement.role,
            decision=decision.value,
            reason=clean(reason),
            channel=actor.channel,
            how=actor.how,
            signed_in_at=actor.at,
            mfa=list(actor.mfa),
            proof=dumps(proof),
        )
        return self.votes(request.id)[-1]

    def confirm(self, request: Request, actor: Actor, phrase: str, proof: Proof) -> None:
        """The confirmation of the current plan."""
        self._run(
            sql.CONFIRM,
            request=request.id,
            plan_revision=request.plan_revision,
            issuer=actor.issuer,
            subject=actor.subject,
            phrase=phrase,
            channel=actor.channel,
            proof=dumps(proof),
        )

    def confirmation_proof(self, request_id: str) -> tuple[Statement, Proof] | None:
        """The stored confirmation, as it must have been signed."""
        row = self._run(sql.CONFIRMATION, id=request_id).first()
        proof = rows.proof(row.proof) if row else None
        if row is None or proof is None:
            return None
        return confirmed(row), proof

    def move(
        self, request: Request, to: State, event: Event, by: str, reason: str | None = None, grant: int | None = None
    ) -> Request:
        """Take an edge."""
        return self._move(request, to, event, by, reason, grant)

    def revise(self, request: Request, plan: Plan, because: str, by: str) -> Request:
        """A new plan revision."""
        self._plan(request, plan, because)
        return self._move(request, State.PENDING_APPROVAL, Event.VOID, by, because, None, revisions=1)

    def add_grant(self, actor: Actor, scope: Scope, incident: str, reason: str, minutes: int, proof: Proof) -> Grant:
        """A grant."""
        found = self._run(
            sql.ADD_GRANT,
            incident=incident,
            reason=reason,
            scope_kind=scope.kind,
            scope_name=scope.name,
            issuer=actor.issuer,
            subject=actor.subject,
            minutes=minutes,
            proof=dumps(proof),
        )
        return self.grant(int(found.scalar_one()))

    def add_use(self, grant: Grant, plan: StoredPlan, request: Request, actor: Actor, proof: Proof) -> None:
        """The holder's word about one plan."""
        self._run(sql.ADD_USE, grant=grant.id, **_said(request, plan, actor, proof))

    def add_withdrawal(self, request: Request, plan: StoredPlan, actor: Actor, proof: Proof) -> None:
        """The requester's word."""
        self._run(sql.ADD_WITHDRAWAL, **_said(request, plan, actor, proof))

    def add_review(self, grant: Grant, actor: Actor, findings: str, proof: Proof) -> Grant:
        """A grant's review."""
        self._run(
            sql.ADD_REVIEW,
            id=grant.id,
            issuer=actor.issuer,
            subject=actor.subject,
            findings=clean(findings),
            proof=dumps(proof),
        )
        return self.grant(grant.id)

    def refused(self, actor: Actor, verb: str, code: str, system: str) -> Repeats:
        """One more refusal of this minute."""
        return rows.repeats(
            self._run(
                sql.REFUSED,
                issuer=clean(actor.issuer),
                subject=clean(actor.subject),
                verb=verb,
                code=code,
                system=clean(system),
            ).one()
        )

    def refused_since(self, actor: Actor, seconds: float) -> int:
        """How many refusals lately."""
        return int(
            self._run(
                sql.REFUSED_SINCE, issuer=clean(actor.issuer), subject=clean(actor.subject), seconds=seconds
            ).scalar_one()
        )

    def repeats(self, limit: int = 100) -> Sequence[Repeats]:
        """Past minutes that the audit was not fully told of."""
        return [rows.repeats(row) for row in self._run(sql.REPEATS, limit=limit)]

    def tell(self, messages: Sequence[Outgoing]) -> None:
        """Messages into the outbox."""
        for each in messages:
            self._run(
                sql.TELL,
                channel=each.channel,
                dedup_key=each.notification.idempotency_id,
                resource=each.resource,
                environment=each.environment,
                notification=dumps(each.notification),
            )

    def record(self, entry: AuditEntry) -> None:
        """Kept for the end of the transaction."""
        self.entries.append(entry)

    def _plan(self, request: Request, plan: Plan, because: str | None) -> None:
        self._run(
            sql.ADD_PLAN,
            request=request.id,
            revision=request.plan_revision + 1,
            digest=plan.digest(),
            plan=dumps(plan),
            because=because,
        )

    def _move(
        self,
        request: Request,
        to: State,
        event: Event,
        by: str,
        reason: str | None,
        grant: int | None,
        *,
        revisions: int = 0,
    ) -> Request:
        values = {
            "id": request.id,
            "version": request.version,
            "state": to.value,
            "event": event.value,
            "by": by,
            "reason": reason,
            "revisions": revisions,
            **({} if grant is None else {"grant": grant}),
        }
        if self._run(sql.MOVE_ONLY if grant is None else sql.MOVE, **values).first() is None:
            raise refusal("STALE_VERSION", request=request.id)
        return self.get(request.id)


Unit = TypeVar("Unit", bound=RequestWork)


def _said(request: Request, plan: StoredPlan, actor: Actor, proof: Proof) -> dict[str, object]:
    """What somebody says about a plan, as columns."""
    return {
        "request": request.id,
        "revision": plan.revision,
        "digest": plan.digest,
        "issuer": actor.issuer,
        "subject": actor.subject,
        "proof": dumps(proof),
    }
