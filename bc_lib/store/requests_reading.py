"""Looking up requests: within a transaction, and as read models."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Engine, Row, text

from bc_lib.domain.breakglass import Grant
from bc_lib.domain.evidence.values import Side
from bc_lib.domain.inventory import Inventory
from bc_lib.domain.requests.notice import asked_for
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.policy import Policy
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Happening, Request, StoredPlan
from bc_lib.domain.requests.votes import Proof, Statement, Vote, review_statement, use_statement
from bc_lib.ports.people import KnownPerson
from bc_lib.ports.reading import Snapshot
from bc_lib.ports.requests import Found, OpenRequest
from bc_lib.ports.vote_proof import VoteKey
from bc_lib.store import requests_rows as rows
from bc_lib.store import requests_sql as sql
from bc_lib.store.changes import Changes
from bc_lib.store.drills import Drills
from bc_lib.store.inventory import _load as load_inventory
from bc_lib.store.inventory import _revision as revision_of
from bc_lib.store.reading import StatusReader
from bc_lib.store.schedules import Schedules
from bc_lib.store.words import Words, granted

Open = Callable[[], Any]
INVENTORY_TRIES = 20


class Lookups:
    """Implements ports.requests.Reading over a function that opens a connection for one statement or snapshot."""

    def __init__(self, opened: Open) -> None:
        self._opened = opened

    def inventory(self) -> Inventory:
        """The inventory of one revision, even while somebody replaces it."""
        with self._opened() as connection:
            for _ in range(INVENTORY_TRIES):
                before = revision_of(connection)
                found = load_inventory(connection)
                if revision_of(connection) == before:
                    return found
        raise refusal("DATABASE_REFUSED")

    def snapshot(self) -> Snapshot:
        """Every stored status."""
        return StatusReader(cast("Engine", _Opened(self._opened))).snapshot()

    def _all(self, statement: str, **values: Any) -> Sequence[Row[Any]]:
        with self._opened() as connection:
            found: Sequence[Row[Any]] = connection.execute(text(statement), values).all()
            return found

    def now(self) -> datetime:
        """The database's clock."""
        moment: datetime = self._all("SELECT bc.now()")[0][0]
        return moment

    def incarnation(self) -> str:
        """Of bc.instance."""
        return str(self._all("SELECT bc.incarnation()")[0][0])

    def person(self, issuer: str, subject: str) -> KnownPerson | None:
        """Who this identity belongs to now."""
        found = self._all(sql.PERSON, issuer=issuer, subject=subject)
        return rows.person(found[0]) if found else None

    def get(self, request_id: str) -> Request:
        """One request. Raises Denial UNKNOWN_REQUEST."""
        found = self._all(sql.REQUEST + "WHERE r.id = :id", id=request_id)
        if not found:
            raise refusal("UNKNOWN_REQUEST", request=ascii(request_id[:20]).strip("'"))
        return rows.request(found[0])

    def plan(self, request_id: str) -> StoredPlan:
        """Its current plan."""
        found = self._all(sql.CURRENT_PLAN, id=request_id)
        if not found:
            raise refusal("UNKNOWN_REQUEST", request=ascii(request_id[:20]).strip("'"))
        return rows.plan(found[0])

    def votes(self, request_id: str) -> Sequence[Vote]:
        """All votes, oldest first."""
        return [rows.vote(row) for row in self._all(sql.VOTES, id=request_id)]

    def history(self, request_id: str) -> Sequence[Happening]:
        """What happened, oldest first."""
        return [
            rows.happening(row)
            for row in self._all("SELECT * FROM bc.request_history WHERE request = :id ORDER BY id", id=request_id)
        ]

    def keys(self, request_id: str) -> Sequence[VoteKey]:
        """Keys of everybody who took part."""
        return [rows.key(row) for row in self._all(sql.KEYS, id=request_id)]

    def policy(self) -> Policy:
        """The newest rules."""
        found = tuple(rows.rule(row) for row in self._all(sql.RULES))
        return Policy(version=found[0].version if found else 0, rules=found)

    @property
    def changes(self) -> Changes:
        """Proposals of administrators."""
        return Changes(self._all)

    @property
    def schedules(self) -> Schedules:
        """Schedules and what became of their dates."""
        return Schedules(self._all)

    @property
    def words(self) -> Words:
        """Signed words, whatever they are about."""
        return Words(self._all)

    def open_request(
        self, resources: Sequence[str], retry_of: str | None = None, schedule: str | None = None
    ) -> OpenRequest | None:
        """The oldest request that is open for one of these."""
        found = self._all(sql.OPEN_REQUEST, resources=list(resources), retry=retry_of, schedule=schedule)
        if not found:
            return None
        return OpenRequest(**{**found[0]._mapping, "what": asked_for(self.get(found[0].holder))})

    def glass_for(self, person: int, scope: Scope) -> bool:
        """Whether the person may break the glass for the scope."""
        return bool(self._all(sql.GLASS_FOR, person=person, kind=scope.kind, name=scope.name)[0][0])

    def grants(self) -> Sequence[Grant]:
        """Every grant, newest first."""
        return [rows.grant(row) for row in self._all(sql.GRANTS, id=None)]

    def grant(self, grant_id: int) -> Grant:
        """One grant. Raises Denial UNKNOWN_GRANT."""
        found = self._all(sql.GRANTS, id=grant_id)
        if not found:
            raise refusal("UNKNOWN_GRANT", grant=grant_id)
        return rows.grant(found[0])

    def review_proof(self, grant_id: int) -> tuple[Statement, Proof] | None:
        """Of the newest review that counts."""
        found = self._all(sql.REVIEW, id=grant_id)
        proof = rows.proof(found[0].proof) if found else None
        if proof is None:
            return None
        return review_statement(grant_id, found[0].findings, found[0].issuer, found[0].subject), proof

    def use_proof(self, grant_id: int) -> tuple[Statement, Proof] | None:
        """The newest word about the request that the grant is spent on."""
        found = self._all(sql.USE, id=grant_id)
        proof = rows.proof(found[0].proof) if found else None
        if proof is None:
            return None
        row = found[0]
        return use_statement(grant_id, row.request, row.plan_revision, row.plan_digest, row.issuer, row.subject), proof

    def grant_proof(self, grant_id: int) -> tuple[Statement, Proof] | None:
        """What its holder must have signed, and the proof."""
        found = self._all(sql.GRANT, id=grant_id)
        proof = rows.proof(found[0].proof) if found else None
        if proof is None:
            return None
        return granted(found[0]), proof


class RequestReader(Lookups):
    """Implements ports.requests.RequestReader as bc_reader or bc_ui."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine.connect)

    def list(
        self, *, states: Sequence[State] = (), scope: str | None = None, requester: int | None = None, limit: int = 200
    ) -> Found:
        """Newest first."""
        found = self._all(
            sql.LIST, states=[state.value for state in states] or None, scope=scope, requester=requester, limit=limit
        )
        return Found(now=self.now(), requests=tuple(rows.request(row) for row in found))

    def plans(self, request_id: str) -> Sequence[StoredPlan]:
        """All revisions, oldest first."""
        return [rows.plan(row) for row in self._all(sql.PLAN, id=request_id)]

    def unsigned(self, limit: int) -> Mapping[str, tuple[tuple[Side, int], ...]]:
        """Executed requests whose pack a side has not signed off, with the sides that have and who."""
        found = self._all(sql.UNSIGNED, sides=len(Side), limit=limit)
        return {row.id: tuple(zip(map(Side, row.sides), row.persons, strict=True)) for row in found}

    def members(self) -> Mapping[str, tuple[str, ...]]:
        """Groups and their members."""
        found = self._all(
            "SELECT group_name, array_agg(resource::text ORDER BY position) AS names FROM bc.group_member GROUP BY 1"
        )
        return {row.group_name: tuple(row.names) for row in found}

    @property
    def drills(self) -> Drills:
        """What was tried before."""
        return Drills(self._all)


class _Opened:
    """What StatusReader asks of an engine, over an open transaction: an act never waits for a second connection."""

    def __init__(self, opened: Open) -> None:
        self.connect = opened


@contextmanager
def same(connection: Connection) -> Iterator[Connection]:
    """The connection of a transaction, left open."""
    yield connection
