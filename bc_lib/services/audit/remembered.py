"""What the signer remembers beside the places of checkpoints: it shows an end that was cut off there too (A17)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.audit_checkpoint import Checkpoint
from bc_lib.domain.words import duration
from bc_lib.ports.audit import (
    AuditSnapshot,
    BrokenCheckpoints,
    CheckpointStore,
    SealState,
    SignatureCheck,
    SignerMemory,
)
from bc_lib.services.audit.checkpoint import signature_holds
from bc_lib.services.audit.signing import LATE_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnesses:
    """Asked beside the places. `seal`: the signer's sign of life. Where this account may read them: `memory`, what it
    signed last; `waiting`, what is not handed out to every place yet."""

    seal: Callable[[], SealState]
    memory: SignerMemory | None = None
    waiting: CheckpointStore | None = None


class Remembered:
    """Made before the checkpoints are read, so that what is signed meanwhile is no trouble."""

    def __init__(self, witnesses: Witnesses, places: CheckpointStore, check: SignatureCheck) -> None:
        """Raises the store's errors for trouble with the database."""
        self.notes: list[str] = []
        self._witnesses, self._places, self._check = witnesses, places, check
        self._last: Checkpoint | None = None
        if witnesses.memory is not None:
            try:
                self._last = witnesses.memory.load()
            except BrokenCheckpoints as trouble:
                self.notes.append(f"{trouble} The signer's sign of life was asked instead.")
        self._state = witnesses.seal()

    @property
    def now(self) -> datetime:
        """The database's clock before anything was read."""
        return self._state.now

    def troubles(self, snapshot: AuditSnapshot, end: int, covered: Checkpoint | None) -> Iterator[str]:
        """Sentences. `end`: the log's last record; `covered`: the newest checkpoint that the places have.

        What the places' checkpoints cover is judged by them; only what goes beyond them is judged here.
        """
        upto, last = covered.last if covered else 0, self._last
        if last is not None and not signature_holds(last, self._check):
            yield "The signature of the checkpoint that the signer remembers does not hold: its memory was changed."
        elif last is not None and last.last > upto:
            if not self._handed_out_later(last):
                yield _missing(f"the signer of this machine signed up to record {last.last}", upto)
            yield from _changed(snapshot, last, end)
        elif last is None and self._state.signed_to > upto:
            yield _missing(f"the signer's sign of life says that it sealed up to record {self._state.signed_to}", upto)
            if self._state.signed_to > end:
                yield _gone(self._state.signed_to)
        if self._state.refused:
            yield f"The signer refuses to go on: {self._state.refused}"

    def _handed_out_later(self, last: Checkpoint) -> bool:
        """True where it waits for a place that is away, or came to the places while we read."""
        for store in (self._witnesses.waiting, self._places):
            try:
                newest = store.last() if store is not None else None
            except BrokenCheckpoints:
                continue  # reading the places told already
            if newest is not None and newest.last >= last.last:
                return True
        return False


def too_old(first: int, end: int, age_s: float) -> str | None:
    """A sentence where record `first`, which no checkpoint covers, is older than any record should be then."""
    if age_s <= LATE_S:
        return None
    which = f"record {first}" if first == end else f"records {first} to {end}"
    return (
        f"No checkpoint covers {which}, written {duration(age_s)} ago; each should be sealed within {LATE_S:.0f} s. "
        "Checkpoints were removed, or nothing signs: bcctl audit sign --watch"
    )


def _changed(snapshot: AuditSnapshot, last: Checkpoint, end: int) -> Iterator[str]:
    if last.last > end:
        yield _gone(last.last)
    signed = dict(zip(range(last.first, last.last + 1), last.hashes, strict=True))
    for number, link in snapshot.links(last.first, min(last.last, end)):
        if link.hex() != signed[number]:
            yield f"Record {number} is not what the signer of this machine signed: the log was rewritten from there."
            return


def _missing(said: str, upto: int) -> str:
    return f"The newest checkpoints are missing: {said}, and the places end at {f'record {upto}' if upto else 'none'}."


def _gone(number: int) -> str:
    return f"Record {number} was signed and is gone: the end of the log was cut off."
