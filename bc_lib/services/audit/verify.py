"""Verifies the log in the database against itself, its guards and the signed checkpoints."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from bc_lib.domain.audit_chain import ChainReport, Finding, Wrong, verify_chain
from bc_lib.domain.audit_checkpoint import Checkpoint
from bc_lib.ports.audit import AuditReader, BrokenCheckpoints, CheckpointStore, SignatureCheck
from bc_lib.services.audit.checkpoint import link_trouble, signature_holds


@dataclass(slots=True)
class Verification:
    """`chain`: the records. `troubles`: one sentence for each guard or checkpoint that is wrong. `notes` need no act.

    `signed_to`: the last record that a checkpoint covers, None where none were looked at.
    """

    chain: ChainReport
    troubles: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    signed_to: int | None = None

    @property
    def sound(self) -> bool:
        """True where nothing is wrong."""
        return not self.chain.findings and not self.troubles


def verify_log(
    reader: AuditReader, checkpoints: CheckpointStore | None, check: SignatureCheck, keys: Collection[str] = ()
) -> Verification:
    """Read the whole log and everything signed about it.

    `keys`: the public keys to trust; empty: the key of the first checkpoint, which a note says.
    """
    found = Verification(ChainReport())
    # Checkpoints first: one that is made meanwhile would cover records that the snapshot does not have.
    sealed = _Sealed(checkpoints, check, set(keys), found) if checkpoints is not None else None
    with reader.snapshot() as snapshot:
        try:
            head = snapshot.head()
        except LookupError as error:
            head = None
            found.troubles.append(str(error))
        found.chain = verify_chain(snapshot.rows(), head=head, signed=sealed.hashes() if sealed else ())
        if sealed:
            sealed.finish(head.log if head else None)
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

    def finish(self, log: str | None) -> None:
        last = self._previous
        self._found.signed_to = last.last if last else 0
        if last is None:
            self._found.notes.append("There is no checkpoint: a rewritten chain would not be noticed.")
        elif log is not None and last.log != log:
            self._found.troubles.append("The checkpoints are of another log: it was replaced or begun anew.")
        end = self._found.chain.end[0]
        if last is not None and end > last.last:
            self._found.notes.append(f"Records {last.last + 1} to {end} are not covered by a checkpoint yet.")


__all__ = ["Finding", "Verification", "Wrong", "finding_lines", "verify_log"]
