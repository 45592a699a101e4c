"""Evidence in the shared database: packs by bc_keeper, what people say afterwards by bc_ui."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol

from bc_lib.domain.actor import Actor
from bc_lib.domain.audit import AuditEntry, AuditFilter
from bc_lib.domain.evidence.owed import Owed
from bc_lib.domain.evidence.values import Answer, Confirmed, Involved, PackLine, Remark, Side, SignOff, Stored
from bc_lib.domain.requests.votes import Proof
from bc_lib.ports.runs import RunReader, Runs, RunWork
from bc_lib.ports.vote_proof import VoteKey


class EvidenceReading(Protocol):
    """What can be looked up about evidence."""

    def stored(self, request_id: str) -> Sequence[Stored]:
        """The pack and its addenda in order; empty where none is made yet."""
        ...

    def packs(self, wanted: AuditFilter, limit: int) -> Sequence[PackLine]:
        """Packs whose request was made in the filter's days and fits its system, request, type, target, person (who
        asked) and outcome (the request's state); the newest request first. A group's pack is also its members'."""
        ...

    def files(self, request_id: str, number: int) -> bytes:
        """The container as it was made. Raises LookupError."""
        ...

    def signoffs(self, request_id: str) -> Sequence[SignOff]:
        """What the sides said, oldest first."""
        ...

    def signoff_keys(self, request_id: str) -> Sequence[VoteKey]:
        """Keys, not revoked, of those who signed off."""
        ...

    def remarks(self, request_id: str | None = None, *, only_open: bool = False) -> Sequence[Remark]:
        """Findings of a request or of all, the earliest due first."""
        ...

    def remark(self, number: int) -> Remark | None:
        """One finding."""
        ...

    def involved(self, accounts: Sequence[tuple[str, str]]) -> Sequence[Involved]:
        """The persons behind accounts (issuer, subject), in their order."""
        ...

    def requester_account(self, request_id: str) -> tuple[str, str]:
        """Issuer and subject of who asked."""
        ...

    def confirmations(self, request_id: str) -> Sequence[Confirmed]:
        """Every confirmation, oldest first."""
        ...

    def inventory_changed_at(self) -> datetime | None:
        """When the inventory was last changed; None: not known."""
        ...

    def due_packs(self, limit: int) -> Sequence[str]:
        """Requests that are over and have no pack, longest first."""
        ...

    def owed(self) -> Owed:
        """What due_packs would list, counted, at one moment."""
        ...

    def due_addenda(self, limit: int) -> Sequence[str]:
        """Requests whose newest pack or addendum does not tell of every sign-off and finding."""
        ...


class EvidenceReader(RunReader, EvidenceReading, Protocol):
    """Requests, runs and evidence, each call a snapshot of its own."""


class EvidenceWork(RunWork, EvidenceReading, Protocol):
    """One transaction of bc_ui."""

    def sign_off(
        self, request_id: str, actor: Actor, side: Side, answer: Answer, note: str, digest: str, proof: Proof
    ) -> None:
        """Store what a side says. The database refuses the requester, the same person twice, and another pack."""
        ...

    def raise_remark(self, request_id: str, actor: Actor, what: str, owner: str, due: date, key: str) -> int:
        """Store a finding; its number. The same key again: the number of the first."""
        ...

    def close_remark(self, number: int, actor: Actor, note: str) -> None:
        """Store that it is done. Raises Denial FINDING_CLOSED."""
        ...


class Evidence(Runs, Protocol):
    """Opens units of work and reads."""

    def work(self) -> AbstractContextManager[EvidenceWork]:
        """Commits at the end, rolls back on any exception. Raises AuditUnavailable where a record cannot be written."""
        ...

    @property
    def read(self) -> EvidenceReader:
        """The reader."""
        ...

    def keep(self, request_id: str, number: int, manifest: bytes, files: bytes, tells: int, entry: AuditEntry) -> bool:
        """As bc_keeper: store a pack or addendum and its audit record, together or not at all. False: it was there."""
        ...
