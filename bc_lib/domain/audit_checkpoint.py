"""Checkpoints: what the log was, signed and kept outside the database."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

SCHEMA_VERSION = 1
NOTHING = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """Hashes (hex) of records `first`.. in order. `previous`: digest of the checkpoint before, else 64 zeros.

    It names every record's hash, so that a rewritten chain shows the number where it begins.
    `made_at` is the signer's clock, ISO 8601 in UTC. `key` is the public key, `signature` is over `message`.
    """

    log: str
    first: int
    hashes: tuple[str, ...]
    previous: str
    made_at: str
    key: str
    signature: str = ""

    @property
    def last(self) -> int:
        """The number of the last record it covers."""
        return self.first + len(self.hashes) - 1

    @property
    def message(self) -> bytes:
        """The bytes that are signed."""
        return _dump(
            {
                "schema_version": SCHEMA_VERSION,
                "log": self.log,
                "first": self.first,
                "hashes": list(self.hashes),
                "previous": self.previous,
                "made_at": self.made_at,
                "key": self.key,
            }
        )

    @property
    def digest(self) -> str:
        """What the next checkpoint names as `previous`."""
        return hashlib.sha256(self.message).hexdigest()


def as_json(checkpoint: Checkpoint) -> dict[str, Any]:
    """JSON values of a checkpoint."""
    return {**json.loads(checkpoint.message), "signature": checkpoint.signature}


def to_bytes(checkpoint: Checkpoint) -> bytes:
    """The file of a checkpoint."""
    return _dump(as_json(checkpoint)) + b"\n"


def from_bytes(content: bytes) -> Checkpoint:
    """A checkpoint from its file. Raises ValueError; signatures are not checked here."""
    said = json.loads(content)
    if not isinstance(said, dict) or said.pop("schema_version", None) != SCHEMA_VERSION:
        raise ValueError("not a checkpoint of a known version")
    try:
        found = Checkpoint(**{**said, "hashes": tuple(said["hashes"])})
    except (KeyError, TypeError) as error:
        raise ValueError("a checkpoint lacks a field, or has one too many") from error
    texts = (found.log, found.previous, found.made_at, found.key, found.signature, *found.hashes)
    if (
        not found.hashes
        or isinstance(found.first, bool)
        or not isinstance(found.first, int)
        or not all(isinstance(text, str) for text in texts)
    ):
        raise ValueError("a checkpoint's fields are of the wrong kind")
    return found


def _dump(value: dict[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
