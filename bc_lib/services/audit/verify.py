"""Verifies the log in the database against itself, its guards and the signed checkpoints."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bc_lib.domain.audit_chain import ChainReport, Finding, Wrong, verify_chain
from bc_lib.domain.audit_checkpoint import Checkpoint
from bc_lib.ports.audit import AuditReader, AuditSnapshot, BrokenCheckpoints, CheckpointStore, SignatureCheck
from bc_lib.services.audit.checkpoint import link_trouble, signature_holds
from bc_lib.services.audit.remembered import Remembered, Witnesses, too_old


@dataclass(slots=True)
class Verification:
    """`chain`: the records. `troubles`: one sentence for each guard or checkpoint that is wrong. `notes` need no act.

    `signed_to`: the last record that a checkpoint covers.
    """

    chain: ChainReport
    troubles: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    signed_to: int = 0

    @property
    def sound(self) -> bool:
        """True where nothing is wrong."""
        return not self.chain.findings and not self.troubles


def verify_log(
    reader: AuditReader,
    checkpoints: CheckpointStore,
    check: SignatureCheck,
    keys: Collection[str] = (),
    *,
    witnesses: Witnesses,
) -> Verification:
    """Read the whole log, everything signed about it, and what the signer remembers of it.

    `keys`: the public keys to trust; empty: the key of the first checkpoint, which a note says.
    """
    found = Verification(ChainReport())
    # Memory, then checkpoints, then records: what is made meanwhile is then no difference between them.
    remembered = Remembered(witnesses, checkpoints, check)
    found.notes += remembered.notes
    sealed = _Sealed(checkpoints, check, set(keys), found)
    with reader.snapshot() as snapshot:
        try:
            head = snapshot.head()
        except LookupError as error:
            head = None
            found.troubles.append(str(error))
        found.chain = verify_chain(snapshot.rows(), head=head, signed=sealed.hashes())
        sealed.finish(snapshot, remembered, head.log if head else None)
    found.troubles += reader.guards()
    return found


def finding_lines(found: Verification) -> list[str]:
    """Everything that is wrong, a sentence each."""
    lines = [finding.text for finding in found.chain.findings]
    if found.chain.more:
        lines.append(f"{found.chain.more} more records are wrong.")
    return lines + found.troubles


class _Sealed:
    """Streams the checkpoints' hashes, checking the checkpoints on the way."""

    def __init__(self, store: CheckpointStore, check: SignatureCheck, keys: set[str], found: Verification) -> None:
        self._check = check
        self._keys = keys
        self._found = found
        self._previous: Checkpoint | None = None
        self._checkpoints: Iterator[Checkpoint] = iter(())
        try:
            self._checkpoints = store.all()
        except BrokenCheckpoints as error:
            found.troubles.append(str(error))

    def hashes(self) -> Iterator[tuple[int, bytes]]:
        try:
            for checkpoint in self._checkpoints:
                trouble = self._trouble(checkpoint)
                if trouble:
                    self._found.troubles.append(trouble)
                    return
                self._previous = checkpoint
                for place, text in enumerate(checkpoint.hashes):
                    yield checkpoint.first + place, bytes.fromhex(text)
        except BrokenCheckpoints as error:
            self._found.troubles.append(str(error))

    def _trouble(self, checkpoint: Checkpoint) -> str | None:
        if not self._keys:
            self._keys = {checkpoint.key}
            self._found.notes.append(f"No public key was given: the first checkpoint's was trusted ({checkpoint.key}).")
        if checkpoint.key not in self._keys:
            return f"The checkpoint of record {checkpoint.last} is signed with an untrusted key ({checkpoint.key})."
        if not signature_holds(checkpoint, self._check):
            return f"The signature of the checkpoint of record {checkpoint.last} does not hold: the file was changed."
        return link_trouble(checkpoint, self._previous)

    def finish(self, snapshot: AuditSnapshot, remembered: Remembered, log: str | None) -> None:
        last, end = self._previous, self._found.chain.end[0]
        upto = self._found.signed_to = last.last if last else 0
        if last is not None and log is not None and last.log != log:
            self._found.troubles.append("The checkpoints are of another log: it was replaced or begun anew.")
        self._found.troubles += remembered.troubles(snapshot, end, last)
        if end > upto:
            at = _written_at(snapshot, upto)
            late = too_old(upto + 1, end, (remembered.now - at).total_seconds()) if at else None
            if late:
                self._found.troubles.append(late)
            else:
                self._found.notes.append(f"Records {upto + 1} to {end} are not covered by a checkpoint yet.")


def _written_at(snapshot: AuditSnapshot, after: int) -> datetime | None:
    """When the first record above `after` says that it was written; None where it does not say."""
    for row in snapshot.rows(after=after):
        try:
            return datetime.fromisoformat(json.loads(row.body)["at"])
        except (ValueError, KeyError, TypeError):
            return None  # no record of ours, which the chain's own check told
    return None


__all__ = ["Finding", "Verification", "Wrong", "finding_lines", "verify_log"]
