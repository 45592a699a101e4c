"""Checkpoints picked out of a file of syslog lines, whatever wrote the file and in whatever order."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from bc_lib.domain.audit_checkpoint import Checkpoint, from_bytes
from bc_lib.ports.audit import BrokenCheckpoints, DamagedCopies, PlaceAway

PART = re.compile(
    rb"bc-checkpoint v1 last=(\d{1,15}) id=([0-9a-f]{64}) part=(\d{1,4})/(\d{1,4}) data=([A-Za-z0-9_-]{1,4096})"
)


class SyslogLines:
    """Implements ports.audit.CheckpointStore for reading. Lines of other programs are passed over."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def all(self, after: int = 0) -> Iterator[Checkpoint]:
        """See the port. DamagedCopies where parts of a checkpoint are missing."""
        whole, torn = self._collected()
        for number in sorted(whole):
            if number > after:
                yield whole[number]
        lost = sorted(torn - set(whole))
        if lost:
            raise DamagedCopies(
                f"{self._path} lacks parts of {len(lost)} checkpoints (of record {lost[0]} first): "
                "join all files of that log, older ones too."
            )

    def last(self, expected: Checkpoint | None = None) -> Checkpoint | None:
        """See the port."""
        whole, _ = self._collected()
        return whole[max(whole)] if whole else None

    def publish(self, checkpoint: Checkpoint) -> None:
        """Never: a file of lines is for reading."""
        raise BrokenCheckpoints(f"{self._path} is a file of syslog lines, to which nothing is written.")

    def _collected(self) -> tuple[dict[int, Checkpoint], set[int]]:
        """Whole checkpoints by their last record, and the last records of those that lack parts."""
        pieces: dict[tuple[int, bytes, int], dict[int, bytes]] = {}
        try:
            with self._path.open("rb") as lines:
                for line in lines:
                    for match in PART.finditer(line):
                        key = (int(match[1]), match[2], int(match[4]))
                        pieces.setdefault(key, {})[int(match[3])] = match[5]
        except OSError as error:
            raise PlaceAway(f"{self._path} cannot be read: {error.strerror}.") from error
        whole: dict[int, Checkpoint] = {}
        torn: set[int] = set()
        for (number, digest, count), found in pieces.items():
            checkpoint = _joined(number, digest, [found.get(place, b"") for place in range(1, count + 1)])
            if checkpoint is None:
                torn.add(number)
            elif whole.setdefault(number, checkpoint) != checkpoint:
                raise BrokenCheckpoints(f"{self._path} holds two different checkpoints of record {number}.")
        return whole, torn


def _joined(number: int, digest: bytes, pieces: list[bytes]) -> Checkpoint | None:
    data = b"".join(pieces)
    try:
        content = base64.urlsafe_b64decode(data + b"=" * (-len(data) % 4))
        if hashlib.sha256(content).hexdigest().encode() != digest:
            return None
        found = from_bytes(content)
    except (binascii.Error, ValueError):
        return None
    return found if found.last == number else None
