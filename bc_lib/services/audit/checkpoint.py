"""The signer: seals new records, and refuses anything but an extension of what it signed last (decision 9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from bc_lib.domain.audit import AuditRow, Head
from bc_lib.domain.audit_chain import GENESIS, verify_chain
from bc_lib.domain.audit_checkpoint import NOTHING, Checkpoint
from bc_lib.ports.audit import (
    AuditReader,
    AuditSnapshot,
    CheckpointStore,
    CopiesBehind,
    SignatureCheck,
    SignerMemory,
    SigningKey,
)

MOST_RECORDS = 5000  # one checkpoint names at most so many


class SigningRefused(Exception):
    """The log is not an extension of what was signed; one sentence. A person must look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What the places have. `to`: the last record whose checkpoint all of them took.

    `missed`: who is away or slow, which is tried again; `refused`: who holds something else, which a person must see.
    """

    to: int
    missed: str | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Everything a signing round needs; `now` is the signer's own clock.

    `deliver`: hands what was put into `store` on to the places, where `store` is not the only place itself.
    """

    reader: AuditReader
    store: CheckpointStore
    memory: SignerMemory
    key: SigningKey
    check: SignatureCheck
    now: Callable[[], datetime]
    deliver: Callable[[], Delivered] | None = None


def sign_new(signer: Signer) -> int:
    """Seal every record that is not sealed yet; the number of the last one sealed.

    Raises SigningRefused, BrokenCheckpoints, and the store's errors for trouble with the database.
    """
    last = _last(signer)
    with signer.reader.snapshot() as snapshot:
        try:
            head = snapshot.head()
        except LookupError as error:
            raise SigningRefused(str(error)) from error
        if last is not None:
            _unchanged(snapshot, head, last)
        rows = snapshot.rows(after=last.last if last else 0)
        while batch := list(islice(rows, MOST_RECORDS)):
            last = _seal(signer, head, last, batch)
    sealed = last.last if last else 0
    if sealed != head.seq:
        raise SigningRefused(f"The database says the log ends at record {head.seq}, but its records end at {sealed}.")
    return sealed


def _last(signer: Signer) -> Checkpoint | None:
    """What was signed last: our memory and the published checkpoints must agree on it."""
    remembered, published = signer.memory.load(), signer.store.last()
    if remembered is not None and remembered != published:
        if (published is None and remembered.previous != NOTHING) or (
            published is not None and published.digest != remembered.previous
        ):
            place = f"record {published.last}" if published else "none"
            raise SigningRefused(
                f"The published checkpoints end elsewhere ({place}) than the last one signed here (record "
                f"{remembered.last}): some were removed or replaced."
            )
        signer.store.publish(remembered)  # signed, but the process ended before it was published
    if remembered is None and published is not None:
        raise SigningRefused(
            f"There are checkpoints up to record {published.last}, but this signer has no memory of them; give it "
            "the memory back, or verify them and run: bcctl audit sign --adopt"
        )
    if remembered is not None and (
        remembered.key != signer.key.public or not signature_holds(remembered, signer.check)
    ):
        raise SigningRefused("The last checkpoint was not signed with this key.")
    return remembered


def adopt(signer: Signer) -> int:
    """Take the published checkpoints as this signer's memory, after checking their signatures; the last number.

    For a new place of the signer. Raises SigningRefused.
    """
    previous: Checkpoint | None = None
    try:
        for checkpoint in signer.store.all():
            trouble = link_trouble(checkpoint, previous)
            if trouble or checkpoint.key != signer.key.public or not signature_holds(checkpoint, signer.check):
                raise SigningRefused(
                    trouble or f"The checkpoint of record {checkpoint.last} was not signed with this key."
                )
            previous = checkpoint
    except CopiesBehind:
        pass  # all was read from another place, and the one behind gets the rest at the next delivery
    if previous is None:
        return 0
    signer.memory.store(previous)
    return previous.last


def link_trouble(checkpoint: Checkpoint, previous: Checkpoint | None) -> str | None:
    """Why `checkpoint` does not follow `previous` (None: it is the first); None where it does."""
    if previous is None:
        return (
            None if checkpoint.first == 1 and checkpoint.previous == NOTHING else "The first checkpoints are missing."
        )
    if (
        checkpoint.previous != previous.digest
        or checkpoint.first != previous.last + 1
        or checkpoint.log != previous.log
    ):
        return (
            f"The checkpoint of record {checkpoint.last} does not follow that of record {previous.last}: "
            "one was removed or replaced."
        )
    return None


def signature_holds(checkpoint: Checkpoint, check: SignatureCheck) -> bool:
    """True where the checkpoint is signed by the key that it names."""
    try:
        signature = bytes.fromhex(checkpoint.signature)
    except ValueError:
        return False
    return check(checkpoint.key, checkpoint.message, signature)


def _unchanged(snapshot: AuditSnapshot, head: Head, last: Checkpoint) -> None:
    if head.log != last.log:
        raise SigningRefused("This is another log than the one signed before: it was replaced or begun anew.")
    found = next(iter(snapshot.links(last.last, last.last)), None)
    if found is None or head.seq < last.last:
        raise SigningRefused(f"Record {last.last} was signed and is gone: the end of the log was cut off.")
    if found[1].hex() != last.hashes[-1]:
        raise SigningRefused(f"Record {last.last} is not what was signed: the log was rewritten.")


def _seal(signer: Signer, head: Head, last: Checkpoint | None, rows: list[AuditRow]) -> Checkpoint:
    start = (last.last, bytes.fromhex(last.hashes[-1])) if last else (0, GENESIS)
    report = verify_chain(rows, start=start)
    if report.findings:
        raise SigningRefused(report.findings[0].text)
    if rows[-1].seq > head.seq or (rows[-1].seq == head.seq and rows[-1].hash != head.hash):
        raise SigningRefused(
            f"Record {rows[-1].seq} does not fit the end of the log, which the database says is record {head.seq}."
        )
    unsigned = Checkpoint(
        log=head.log,
        first=start[0] + 1,
        hashes=tuple(row.hash.hex() for row in rows),
        previous=last.digest if last else NOTHING,
        made_at=signer.now().isoformat(),
        key=signer.key.public,
    )
    signed = replace(unsigned, signature=signer.key.sign(unsigned.message).hex())
    signer.memory.store(signed)  # first: a checkpoint that we forgot could be signed twice, differently
    signer.store.publish(signed)
    return signed
