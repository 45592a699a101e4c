"""Evidence: packs as bc_keeper, sign-offs and findings as bc_ui. sql/guards/evidence.sql decides again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from bc_lib.domain.actor import Actor, Role
from bc_lib.domain.audit import AuditEntry, AuditFilter
from bc_lib.domain.evidence.owed import Owed
from bc_lib.domain.evidence.values import Answer, Confirmed, Involved, PackLine, Remark, Side, SignOff, Stored
from bc_lib.domain.requests.votes import Proof
from bc_lib.ports.vote_proof import VoteKey
from bc_lib.store import evidence_sql as sql
from bc_lib.store.codec import clean, dumps
from bc_lib.store.refusing import guard_denial
from bc_lib.store.requests import AuditOf
from bc_lib.store.requests_rows import key as key_of
from bc_lib.store.requests_rows import proof as proof_of
from bc_lib.store.runs import RunStore, RunWork
from bc_lib.store.runs_reading import RunLookups, RunReader
from bc_lib.store.words import confirmed


class EvidenceLookups(RunLookups):
    """Implements ports.evidence.EvidenceReading."""

    def stored(self, request_id: str) -> Sequence[Stored]:
        """Without the files."""
        return [
            Stored(request=row.request, number=row.number, digest=row.digest, made_at=row.made_at, tells=row.tells)
            for row in self._all(sql.STORED, id=request_id)
        ]

    def packs(self, wanted: AuditFilter, limit: int) -> Sequence[PackLine]:
        """See the port."""
        found = self._all(
            sql.PACKS,
            start=wanted.start,
            end=wanted.end,
            system=wanted.system,
            request=wanted.request,
            type=wanted.request_type,
            target=wanted.target,
            outcome=wanted.outcome,
            person=wanted.person,
            limit=limit,
        )
        return [PackLine(**row._mapping) for row in found]

    def files(self, request_id: str, number: int) -> bytes:
        """Raises LookupError."""
        found = self._all(sql.FILES, id=request_id, number=number)
        if not found:
            raise LookupError(request_id)
        return bytes(found[0].files)

    def signoffs(self, request_id: str) -> Sequence[SignOff]:
        """Oldest first."""
        return [
            SignOff(
                request=row.request,
                side=Side(row.side),
                answer=Answer(row.answer),
                note=row.note,
                digest=row.digest,
                person=row.person_now,
                name=row.name,
                issuer=row.issuer,
                subject=row.subject,
                role=Role(row.role),
                channel=row.channel,
                at=row.at,
                proof=proof_of(row.proof),
            )
            for row in self._all(sql.SIGNOFFS, id=request_id)
        ]

    def signoff_keys(self, request_id: str) -> Sequence[VoteKey]:
        """Not revoked."""
        return [key_of(row) for row in self._all(sql.SIGNOFF_KEYS, id=request_id)]

    def remarks(self, request_id: str | None = None, *, only_open: bool = False) -> Sequence[Remark]:
        """The earliest due first."""
        found = self._all(sql.REMARKS, id=request_id, number=None, only_open=only_open)
        return [Remark(**row._mapping) for row in found]

    def remark(self, number: int) -> Remark | None:
        """One."""
        found = self._all(sql.REMARKS, id=None, number=number, only_open=False)
        return Remark(**found[0]._mapping) if found else None

    def involved(self, accounts: Sequence[tuple[str, str]]) -> Sequence[Involved]:
        """One statement an account: a handful."""
        found = []
        for issuer, subject in dict.fromkeys(accounts):
            for row in self._all(sql.INVOLVED, issuer=issuer, subject=subject):
                roles = tuple((role, datetime.fromisoformat(seen)) for role, seen in row.roles or ())
                found.append(
                    Involved(
                        person=row.id,
                        name=row.name,
                        issuer=issuer,
                        subject=subject,
                        disabled=row.disabled,
                        roles=roles,
                    )
                )
        return found

    def requester_account(self, request_id: str) -> tuple[str, str]:
        """As stored with the request."""
        row = self._all("SELECT issuer, subject FROM bc.request WHERE id = :id", id=request_id)[0]
        return row.issuer, row.subject

    def confirmations(self, request_id: str) -> Sequence[Confirmed]:
        """Oldest first."""
        return [
            Confirmed(
                statement=confirmed(row),
                proof=proof_of(row.proof),
                name=row.name,
                phrase=row.phrase,
                channel=row.channel,
                at=row.at,
            )
            for row in self._all(sql.CONFIRMATIONS, id=request_id)
        ]

    def inventory_changed_at(self) -> datetime | None:
        """By the newest change."""
        found: datetime | None = self._all("SELECT max(at) FROM bc.inventory_change")[0][0]
        return found

    def due_packs(self, limit: int) -> Sequence[str]:
        """Over, and without a pack."""
        return [str(row.id) for row in self._all(sql.DUE_PACKS, limit=limit)]

    def owed(self) -> Owed:
        """One statement."""
        return Owed(**self._all(sql.OWED)[0]._mapping)

    def due_addenda(self, limit: int) -> Sequence[str]:
        """Something was said since."""
        return [str(row.request) for row in self._all(sql.DUE_ADDENDA, limit=limit)]


class EvidenceReader(EvidenceLookups, RunReader):
    """Implements ports.evidence.EvidenceReader."""


class EvidenceWork(EvidenceLookups, RunWork):
    """Implements ports.evidence.EvidenceWork."""

    def sign_off(
        self, request_id: str, actor: Actor, side: Side, answer: Answer, note: str, digest: str, proof: Proof
    ) -> None:
        """One row a side."""
        self._run(
            sql.SIGN_OFF,
            id=request_id,
            side=side.value,
            answer=answer.value,
            note=clean(note),
            digest=digest,
            issuer=actor.issuer,
            subject=actor.subject,
            role=side.role.value,
            channel=actor.channel,
            how=actor.how,
            signed_in_at=actor.at,
            mfa=list(actor.mfa),
            proof=dumps(proof),
        )

    def raise_remark(self, request_id: str, actor: Actor, what: str, owner: str, due: date, key: str) -> int:
        """The same key from the same account is stored once."""
        who = {"id": request_id, "issuer": actor.issuer, "subject": actor.subject, "key": clean(key)}
        found = self._run(sql.RAISE, what=clean(what), owner=clean(owner), due=due, **who).first()
        return int(found.id if found else self._run(sql.RAISED, **who).scalar_one())

    def close_remark(self, number: int, actor: Actor, note: str) -> None:
        """Once."""
        self._run(sql.CLOSE, number=number, note=clean(note), issuer=actor.issuer, subject=actor.subject)


class EvidenceStore(RunStore):
    """Implements ports.evidence.Evidence."""

    def __init__(self, engine: Engine, audit: AuditOf) -> None:
        super().__init__(engine, audit)
        self.read: EvidenceReader = EvidenceReader(engine)

    @contextmanager
    def work(self) -> Iterator[EvidenceWork]:
        """One transaction; audit records are its last statements."""
        with self._transaction(EvidenceWork) as work:
            yield work

    def keep(self, request_id: str, number: int, manifest: bytes, files: bytes, tells: int, entry: AuditEntry) -> bool:
        """Whoever comes second waits for the first, and stores nothing."""
        given = {
            "id": request_id,
            "number": number,
            "manifest": manifest.decode("ascii"),
            "digest": hashlib.sha256(manifest).hexdigest(),
            "files": files,
            "tells": tells,
        }
        try:
            with self._engine.begin() as connection:
                if connection.execute(text(sql.KEEP), given).first() is None:
                    return False
                self._audit(connection).append(entry)
        except DBAPIError as error:
            raise guard_denial(error) or error from error
        return True
