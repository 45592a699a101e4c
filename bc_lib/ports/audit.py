"""The audit log: written in the transaction of what it tells, read, checked, sealed (FR-040..042, decision 9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bc_lib.domain.audit import AuditEntry, AuditFilter, AuditRow, Head
from bc_lib.domain.audit_checkpoint import Checkpoint


class AuditUnavailable(Exception):
    """The record could not be written within 2 s: the act must not happen. One sentence."""


class AuditLog(Protocol):
    """Writes records."""

    def append(self, entry: AuditEntry) -> int:
        """Write one record and return its number.

        Within a unit of work: part of the caller's transaction, so no audit, no change; no record of what
        was rolled back either. It must be the last statement before the commit, because every other writer
        waits until then. Raises AuditUnavailable within 2 s; the caller's transaction can only be rolled back.
        """
        ...


class AuditSnapshot(Protocol):
    """The log at one moment."""

    def head(self) -> Head:
        """The end of the chain as the database keeps it. Raises LookupError where that is gone."""
        ...

    def rows(self, after: int = 0) -> Iterator[AuditRow]:
        """Every row with a number above `after`, in their order; streams."""
        ...

    def matching(
        self, wanted: AuditFilter, *, limit: int | None = None, before: int | None = None, newest_first: bool = False
    ) -> Iterator[AuditRow]:
        """Rows of `wanted`; streams. `before`: only numbers below it, for the next page."""
        ...

    def links(self, first: int, last: int) -> Iterator[tuple[int, bytes]]:
        """Number and hash of every row from `first` to `last`; streams."""
        ...


class AuditReader(Protocol):
    """Opens the log for reading."""

    def snapshot(self) -> AbstractContextManager[AuditSnapshot]:
        """The log as of now, for as long as the context lasts."""
        ...

    def guards(self) -> Sequence[str]:
        """One sentence for each guard of the database that is missing, switched off or different; empty: all stand."""
        ...


class CheckpointSink(Protocol):
    """A place that takes checkpoints and that the database's owner cannot rewrite. Each call ends within 10 s or so."""

    def publish(self, checkpoint: Checkpoint) -> None:
        """Add one. The same again is fine; another one of the same number raises BrokenCheckpoints.

        Raises PlaceAway where it could not be reached, or nobody knows whether it took it.
        """
        ...


class CheckpointStore(CheckpointSink, Protocol):
    """A place that can be read back too."""

    def all(self, after: int = 0) -> Iterator[Checkpoint]:
        """Every checkpoint there is at the call, in order; streams. `after`: only those of records above it.

        Raises BrokenCheckpoints; DamagedCopies after the last one.
        """
        ...

    def last(self, expected: Checkpoint | None = None) -> Checkpoint | None:
        """The newest. `expected`: what it should be, so that a place need not look at everything older.

        Raises BrokenCheckpoints.
        """
        ...


class WaitingCheckpoints(CheckpointStore, Protocol):
    """Checkpoints that some place has not taken yet, kept beside the signer."""

    def drop(self, upto: int) -> None:
        """Forget those of records up to `upto`: every place has them."""
        ...


class BrokenCheckpoints(Exception):
    """The place holds something that is no checkpoint of ours, or cannot be reached; one sentence."""


class PlaceAway(BrokenCheckpoints):
    """The place cannot be reached, or not in time: trying again later may help."""


class DamagedCopies(BrokenCheckpoints):
    """Raised after the last checkpoint: one place gave them all, but another, or something beside them, is wrong."""


class CopiesBehind(DamagedCopies):
    """Nothing is wrong but that a place lacks the newest ones: it is behind, or its end was cut off."""


class SignerMemory(Protocol):
    """What the signer signed last, kept beside the signer and not with the checkpoints."""

    def load(self) -> Checkpoint | None:
        """The last one signed. Raises BrokenCheckpoints."""
        ...

    def store(self, checkpoint: Checkpoint) -> None:
        """Remember before it is published, durably."""
        ...


class SigningKey(Protocol):
    """An Ed25519 key."""

    @property
    def public(self) -> str:
        """The public key, 64 hexadecimal digits."""
        ...

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        ...


class SignatureCheck(Protocol):
    """Verifies Ed25519 signatures."""

    def __call__(self, public: str, message: bytes, signature: bytes) -> bool:
        """False for anything that is not right, malformed input included."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SealState:
    """How far the log is written and sealed. Times by the database's clock; None: never, or nothing is unsealed.

    A record is sealed once every place took its checkpoint. `missed`: which place does not take them now, and why.
    """

    now: datetime
    beat_at: datetime | None
    signed_to: int
    refused: str | None
    written_to: int
    unsealed_since: datetime | None
    missed: str | None = None


class SignerBeat(Protocol):
    """Tells that the signer lives."""

    def beat(self, signed_to: int, refused: str | None, missed: str | None = None) -> None:
        """Store a sign of life: the last number that every place has, why signing is refused, which place is away."""
        ...

    def state(self, places: int | None = None) -> SealState:
        """The last sign of life beside the end of the log.

        `places`: the last record of which they have a checkpoint, where that was looked at: nothing beyond is sealed.
        """
        ...
