"""Units of work on runs. What may be written, and when, is decided again by sql/guards/execution.sql."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from bc_lib.domain.actor import Actor
from bc_lib.domain.denial import Denial
from bc_lib.domain.execution.actions import MarkName
from bc_lib.domain.execution.findings import Finding
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.run import Facts, RunAct, RunActKind, RunLease, RunStep
from bc_lib.domain.loss import LossProof
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.values import Request
from bc_lib.domain.requests.votes import Proof
from bc_lib.domain.words import clock
from bc_lib.ports.runs import CheckAsked, Frozen, RunChange
from bc_lib.store import runs_rows as rows
from bc_lib.store import runs_sql as sql
from bc_lib.store.codec import clean, dumps, to_json
from bc_lib.store.refusing import guard_denial, refusing
from bc_lib.store.requests import AuditOf, RequestStore, RequestWork
from bc_lib.store.runs_reading import RunLookups, RunReader


class RunStore(RequestStore):
    """Implements ports.runs.Runs as bc_runner (journal, leases) or bc_ui (decisions, kill switch)."""

    def __init__(self, engine: Engine, audit: AuditOf) -> None:
        super().__init__(engine, audit)
        self.read: RunReader = RunReader(engine)

    @contextmanager
    def work(self) -> Iterator[RunWork]:
        """One transaction; audit records are its last statements."""
        with self._transaction(RunWork) as work:
            yield work

    def renew(self, lease: RunLease) -> RunLease:
        """One UPDATE in a transaction of its own: it waits for nothing but a takeover."""
        given = {"id": lease.request, "epoch": lease.epoch, "holder": lease.holder}
        with refusing(), self._engine.begin() as connection:
            ends = connection.execute(text(sql.RENEW), given).scalars().all()
        if not ends:
            raise refusal("STALE_EPOCH", request=lease.request)
        return replace(lease, expires_at=min(ends))


class RunWork(RunLookups, RequestWork):
    """Implements ports.runs.RunWork."""

    def _run(self, statement: str, **values: Any) -> Any:
        """A guard's refusal is a Denial at once; the transaction it ended cannot commit any more."""
        try:
            return super()._run(statement, **values)
        except DBAPIError as error:
            self.ended_by = guard_denial(error)
            raise self.ended_by or error from error

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """All of it or nothing, also where the caller catches the refusal."""
        try:
            with self._connection.begin_nested():
                yield
        except Denial:
            self.ended_by = None
            raise

    def open_run(
        self,
        request: Request,
        plan: Plan,
        prechecks: Sequence[Finding],
        holder: str,
        ttl_s: float,
        proofs: Sequence[LossProof] = (),
    ) -> RunLease:
        """Leases in the order of names, then the run and its steps, copied from the stored plan."""
        frozen, found = self.frozen(), self._run(sql.OPENING, id=request.id).first()
        if frozen is not None:
            raise refusal("FROZEN", since=clock(frozen.since), by=frozen.by, reason=frozen.reason)
        if found is None or found.digest != plan.digest():
            raise refusal("PLAN_NOT_APPROVED", request=request.id)
        if found.begun:
            raise refusal("RUN_EXISTS", request=request.id)
        with self._whole():
            lease = self._take(request, sorted({target.resource for target in plan.targets}), holder, ttl_s)
            given = {"id": request.id, "revision": request.plan_revision, "epoch": lease.epoch, "holder": holder}
            self._run(
                sql.OPEN,
                prechecks=dumps(rows.findings_json(prechecks)),
                proofs=dumps([to_json(each) for each in proofs]),
                **given,
            )
            self._run(sql.STEPS, id=request.id, revision=request.plan_revision)
        return lease

    def _take(self, request: Request, resources: list[str], holder: str, ttl_s: float) -> RunLease:
        given = {"id": request.id, "holder": holder, "ttl_s": float(ttl_s)}
        epoch = int(self._run(sql.TERM, id=request.id, holder=holder).scalar_one())
        taken = {row.resource: row.expires_at for row in self._run(sql.TAKE, epoch=epoch, resources=resources, **given)}
        for resource, owner in self.busy([name for name in resources if name not in taken]).items():
            if owner == request.id:
                raise refusal("RUN_EXISTS", request=request.id)
            raise refusal("RESOURCE_BUSY", resource=resource, holder=owner)
        if not resources or len(taken) < len(resources):
            raise refusal("STALE_VERSION", request=request.id)
        return RunLease(
            request=request.id, holder=holder, epoch=epoch, expires_at=min(taken.values()), ttl_s=float(ttl_s)
        )

    def take_over(self, request: Request, holder: str, ttl_s: float) -> RunLease:
        """The clock is read after the leases are locked, which waits for entries of the older epoch."""
        with self._whole():
            held = self._run(sql.LOCK_LEASES, id=request.id).first()
            if held is None:
                raise refusal("NO_RUN", request=request.id)
            left = float(self._run(sql.SECONDS_LEFT, id=request.id).scalar_one())
            if left > 0:
                raise refusal("RUN_ALIVE", request=request.id, holder=held.holder, seconds=math.ceil(left))
            epoch = int(self._run(sql.TERM, id=request.id, holder=holder).scalar_one())
            given = {"id": request.id, "epoch": epoch, "holder": holder, "ttl_s": float(ttl_s)}
            ends = self._run(sql.TAKE_OVER, **given).scalars().all()
        return RunLease(request=request.id, holder=holder, epoch=epoch, expires_at=min(ends), ttl_s=float(ttl_s))

    def claim_step(self, lease: RunLease, key: str, *, probed: bool) -> RunStep:
        """One statement where it succeeds."""
        found = self._run(sql.CLAIM, id=lease.request, key=key, epoch=lease.epoch, probed=probed).first()
        if found is None:
            raise self._why_not(lease, key)
        return rows.step(found._mapping)

    def step_to(
        self,
        lease: RunLease,
        key: str,
        state: StepState,
        *,
        sentence: str = "",
        facts: Facts | None = None,
        findings: Sequence[Finding] = (),
    ) -> RunStep:
        """One statement."""
        found = self._run(
            sql.STEP_TO,
            id=lease.request,
            key=key,
            epoch=lease.epoch,
            state=state.value,
            sentence=clean(sentence),
            facts=dumps(dict(facts or {})),
            findings=dumps(rows.findings_json(findings)) if findings else None,
        ).first()
        if found is None:
            raise self._why_not(lease, key)
        return rows.step(found._mapping)

    def _why_not(self, lease: RunLease, key: str) -> Denial:
        stands = self._run(sql.STANDS, id=lease.request, key=key, epoch=lease.epoch).first()
        if stands is None:
            return refusal("UNKNOWN_STEP", request=lease.request, step=clean(key))
        if not stands.alive:
            return refusal("STALE_EPOCH", request=lease.request)
        return refusal("STEP_TAKEN", request=lease.request, step=key, state=stands.state)

    def mark(self, lease: RunLease, key: str, name: MarkName, at: datetime, facts: Facts) -> None:
        """The same step, name and moment is the same mark."""
        given = {"id": lease.request, "key": key, "epoch": lease.epoch}
        self._run(sql.MARK, name=name.value, at=at, facts=dumps(dict(facts)), **given)

    def change_run(self, lease: RunLease, change: RunChange) -> None:
        """One statement; None leaves a column as it is."""
        found = self._run(
            sql.CHANGE,
            id=lease.request,
            epoch=lease.epoch,
            owed=None if change.owed is None else [each.value for each in change.owed],
            outcome=None if change.outcome is None else change.outcome.value,
            members=None
            if change.members is None
            else dumps({name: each.value for name, each in change.members.items()}),
            outage_began_at=change.outage_began_at,
            restored_at=change.restored_at,
            unprotected_since=change.unprotected_since,
            protected=change.protected,
            held_because=None if change.held_because is None else clean(change.held_because),
            ended=change.ended,
        ).first()
        if found is None:
            raise refusal("NO_RUN", request=lease.request)

    def say(self, request_id: str, level: str, text: str, step: str = "") -> None:
        """Longer lines are cut."""
        self._run(sql.SAY, id=request_id, level=level, line=clean(text)[:4000], step=step)

    def leave(self, lease: RunLease) -> None:
        """The lease ends now; its epoch and its resources stay as they are."""
        given = {"id": lease.request, "epoch": lease.epoch, "holder": lease.holder}
        if not self._run(sql.LEAVE, **given).scalars().all():
            raise refusal("STALE_EPOCH", request=lease.request)

    def release(self, lease: RunLease) -> None:
        """The guard of the request did it already where the run is over."""
        released = self._run(sql.RELEASED, id=lease.request, epoch=lease.epoch).scalar_one()
        if released is None:
            raise refusal("STALE_EPOCH", request=lease.request)
        if not released:
            self._run(sql.RELEASE, id=lease.request, epoch=lease.epoch)

    def store_prechecks(self, request_id: str, findings: Sequence[Finding]) -> None:
        """Added; the newest count."""
        self._run(sql.STORE_PRECHECKS, id=request_id, findings=dumps(rows.findings_json(findings)))

    def ask_check(self, asked: CheckAsked) -> None:
        """As bc_ui."""
        self._run(sql.ASK_CHECK, **rows.check_values(asked))

    def answer_check(self, asked: CheckAsked, findings: Sequence[Finding], against: Sequence[str]) -> None:
        """As bc_runner."""
        given = {"findings": dumps(rows.findings_json(findings)), "against": dumps(list(against))}
        self._run(sql.ANSWER_CHECK, **given, **rows.check_values(asked))

    def add_act(
        self,
        request: Request,
        actor: Actor,
        kind: RunActKind,
        step: str,
        value: str,
        note: str,
        role: str,
        proof: Proof,
    ) -> RunAct:
        """The decision as stored."""
        number = self._run(
            sql.ADD_ACT,
            id=request.id,
            revision=request.plan_revision,
            kind=kind.value,
            step=step,
            value=clean(value),
            note=clean(note),
            issuer=actor.issuer,
            subject=actor.subject,
            role=role,
            channel=actor.channel,
            how=actor.how,
            signed_in_at=actor.at,
            mfa=list(actor.mfa),
            proof=dumps(proof),
        ).scalar_one()
        return next(act for act in self.acts(request.id) if act.id == number)

    def freeze(self, actor: Actor, reason: str) -> Frozen:
        """At most one at a time; a thaw that was found unproven ended none."""
        if self.frozen() is not None:
            raise refusal("ALREADY_FROZEN")
        made = self._run(sql.FREEZE, issuer=actor.issuer, subject=actor.subject, reason=clean(reason)).first()
        found = self.frozen()
        if made is None or found is None:
            raise refusal("ALREADY_FROZEN")
        return found

    def thaw(self, frozen: Frozen, actor: Actor, reason: str, proof: Proof) -> None:
        """The row stays as history."""
        values = {"id": frozen.id, "issuer": actor.issuer, "subject": actor.subject, "reason": clean(reason)}
        if self._run(sql.THAW, **values, proof=dumps(proof)).first() is None:
            raise refusal("NOT_FROZEN")
