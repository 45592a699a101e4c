"""Requests in the shared database: one unit of work for every act, and read models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bc_lib.domain.actor import Actor
from bc_lib.domain.audit import AuditEntry
from bc_lib.domain.breakglass import Grant
from bc_lib.domain.evidence.values import Side
from bc_lib.domain.execution.run import Run, RunAct
from bc_lib.domain.inventory import Inventory
from bc_lib.domain.requests.machine import Event
from bc_lib.domain.requests.plan import Plan, Scope
from bc_lib.domain.requests.policy import Policy
from bc_lib.domain.requests.states import Decision, State
from bc_lib.domain.requests.values import Happening, NewRequest, Request, StoredPlan
from bc_lib.domain.requests.votes import Proof, Statement, Vote
from bc_lib.ports.changes import ChangeReading, ChangeWork
from bc_lib.ports.drills import DrillReading
from bc_lib.ports.notices import Notification
from bc_lib.ports.people import KnownPerson
from bc_lib.ports.reading import Snapshot
from bc_lib.ports.schedules import ScheduleReading, ScheduleWork
from bc_lib.ports.vote_proof import VoteKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message for one channel. `resource` decides which environment the database takes it to be about."""

    channel: str
    resource: str
    environment: str
    notification: Notification


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """A refusal that happened again within its minute: `count` times in all, `audited` of them told to the audit."""

    issuer: str
    subject: str
    verb: str
    code: str
    system: str
    minute: datetime
    count: int
    audited: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequest:
    """A request that is not over and is about `resource`: its id, what it is in words, and who asked."""

    resource: str
    holder: str
    what: str
    who: str


class Reading(Protocol):
    """What a unit of work and the reader look up. Unknown ids raise Denial UNKNOWN_REQUEST or UNKNOWN_GRANT."""

    def now(self) -> datetime:
        """The database's clock at this moment, not the transaction's."""
        ...

    def incarnation(self) -> str:
        """Which incarnation of the shared database this is; what is signed names it."""
        ...

    def inventory(self) -> Inventory:
        """The inventory; within a unit of work it is read once, on the same connection."""
        ...

    def snapshot(self) -> Snapshot:
        """Every resource's stored status and the database's clock."""
        ...

    def person(self, issuer: str, subject: str) -> KnownPerson | None:
        """Who this identity belongs to now."""
        ...

    def get(self, request_id: str) -> Request:
        """One request."""
        ...

    def plan(self, request_id: str) -> StoredPlan:
        """Its current plan."""
        ...

    def votes(self, request_id: str) -> Sequence[Vote]:
        """All votes on all revisions, oldest first, with the person and role as they are now."""
        ...

    def history(self, request_id: str) -> Sequence[Happening]:
        """What happened, oldest first."""
        ...

    def keys(self, request_id: str) -> Sequence[VoteKey]:
        """Keys, not revoked, of every identity that voted on this request, confirmed it or decided about its run."""
        ...

    def policy(self) -> Policy:
        """The newest version of all approval rules."""
        ...

    @property
    def changes(self) -> ChangeReading:
        """Proposals of administrators."""
        ...

    @property
    def schedules(self) -> ScheduleReading:
        """Schedules and what became of their dates."""
        ...

    def open_request(
        self, resources: Sequence[str], retry_of: str | None = None, schedule: str | None = None
    ) -> OpenRequest | None:
        """The oldest request that is open for one of these; for a retry only another retry of the same one, for a
        schedule none of its own that still wait."""
        ...

    def glass_for(self, person: int, scope: Scope) -> bool:
        """Whether the person holds a break-glass grant for the scope that is neither used nor over."""
        ...

    def grants(self) -> Sequence[Grant]:
        """Every break-glass grant, newest first."""
        ...

    def grant(self, grant_id: int) -> Grant:
        """One grant."""
        ...

    def review_proof(self, grant_id: int) -> tuple[Statement, Proof] | None:
        """What the reviewer whose review counts must have signed, and the proof."""
        ...

    def use_proof(self, grant_id: int) -> tuple[Statement, Proof] | None:
        """What the holder of a used grant must have signed about the request, and the proof."""
        ...

    def grant_proof(self, grant_id: int) -> tuple[Statement, Proof] | None:
        """What its holder must have signed, and the proof; None where there is none that can be read."""
        ...


class RequestWork(Reading, Protocol):
    """One transaction. Everything in it happens together with its audit records, or not at all.

    A refusal by the database's guards is raised as Denial with the same code and sentence.
    """

    @property
    def changes(self) -> ChangeWork:
        """Proposals of administrators, to be written too."""
        ...

    @property
    def schedules(self) -> ScheduleWork:
        """Schedules, to be written too."""
        ...

    def run(self, request_id: str) -> Run | None:
        """The run of a request; None before it began."""
        ...

    def acts(self, request_id: str) -> Sequence[RunAct]:
        """Decisions about a request, oldest first; also those from before its run."""
        ...

    def lock(self, request_id: str) -> Request:
        """The request, locked until the end: nobody else decides meanwhile. Read the clock after this."""
        ...

    def lock_person(self, person: int) -> None:
        """Nobody else creates as this person until the end."""
        ...

    def by_key(self, actor: Actor, key: str) -> tuple[str, str] | None:
        """Id and digest of the request that was created with this key by this account."""
        ...

    def created_since(self, person: int, seconds: float) -> int:
        """How many requests a person created within the last seconds."""
        ...

    def create(self, new: NewRequest, actor: Actor, plan: Plan, digest: str, by: str) -> Request:
        """Store a request with its first plan, PendingApproval. `digest` is of the submission."""
        ...

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
        """Store a vote on the current plan."""
        ...

    def confirm(self, request: Request, actor: Actor, phrase: str, proof: Proof) -> None:
        """Store the confirmation of the current plan."""
        ...

    def confirmation_proof(self, request_id: str) -> tuple[Statement, Proof] | None:
        """What was confirmed of the current plan, and its proof."""
        ...

    def move(
        self, request: Request, to: State, event: Event, by: str, reason: str | None = None, grant: int | None = None
    ) -> Request:
        """Take an edge, compare-and-set on `request.version`; the request afterwards."""
        ...

    def revise(self, request: Request, plan: Plan, because: str, by: str) -> Request:
        """Store a new plan revision, which voids all votes, and go back to PendingApproval."""
        ...

    def add_grant(self, actor: Actor, scope: Scope, incident: str, reason: str, minutes: int, proof: Proof) -> Grant:
        """Store a grant that ends `minutes` from now."""
        ...

    def add_use(self, grant: Grant, plan: StoredPlan, request: Request, actor: Actor, proof: Proof) -> None:
        """Store the holder's word that the grant stands in for the approvers of this plan."""
        ...

    def add_withdrawal(self, request: Request, plan: StoredPlan, actor: Actor, proof: Proof) -> None:
        """Store the requester's word that the request is taken back."""
        ...

    def add_review(self, grant: Grant, actor: Actor, findings: str, proof: Proof) -> Grant:
        """Record a grant's review."""
        ...

    def lock_grants(self) -> None:
        """Grants are made and reviewed one after the other until the end."""
        ...

    def refused(self, actor: Actor, verb: str, code: str, system: str) -> Repeats:
        """Count one more refusal of this minute; the counter afterwards."""
        ...

    def refused_since(self, actor: Actor, seconds: float) -> int:
        """How many attempts of this account were refused within the last seconds (by whole minutes)."""
        ...

    def repeats(self, limit: int = 100) -> Sequence[Repeats]:
        """Counters of past minutes with refusals that the audit was not told of, locked and marked as told."""
        ...

    def tell(self, messages: Sequence[Outgoing]) -> None:
        """Put messages into the outbox; one that is there already is not written again."""
        ...

    def record(self, entry: AuditEntry) -> None:
        """Write an audit record at the end of this transaction, after everything else. See ports.audit."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Requests of a list, newest first; `now` is the database's clock."""

    now: datetime
    requests: tuple[Request, ...]


class RequestReader(Reading, Protocol):
    """Read models, each call a snapshot of its own."""

    def list(
        self, *, states: Sequence[State] = (), scope: str | None = None, requester: int | None = None, limit: int = 200
    ) -> Found:
        """Newest first; empty `states`: all."""
        ...

    def plans(self, request_id: str) -> Sequence[StoredPlan]:
        """All revisions, oldest first."""
        ...

    def unsigned(self, limit: int) -> Mapping[str, tuple[tuple[Side, int], ...]]:
        """Executed requests whose evidence pack a side has not signed off, the newest first: sides that have, and which
        person each."""
        ...

    def members(self) -> Mapping[str, tuple[str, ...]]:
        """Groups and their members, for filters."""
        ...

    @property
    def drills(self) -> DrillReading:
        """What was tried before."""
        ...


class Requests(Protocol):
    """Opens units of work and reads."""

    def work(self) -> AbstractContextManager[RequestWork]:
        """Commits at the end, rolls back on any exception. Raises AuditUnavailable where a record cannot be written."""
        ...

    @property
    def read(self) -> RequestReader:
        """The reader."""
        ...
