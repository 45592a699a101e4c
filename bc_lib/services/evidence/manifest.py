"""What a pack is made of: its files, and the manifest that names each by its SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.evidence.values import MANIFEST, dump
from bc_lib.services.evidence.standalone_pack import pack_up


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A pack or addendum before it is stored. `files`: the container with everything but the signature."""

    manifest: bytes
    files: bytes

    @property
    def digest(self) -> str:
        """What the audit record names, and what sign-offs are about."""
        return hashlib.sha256(self.manifest).hexdigest()


def make(request: str, number: int, files: Mapping[str, bytes], made_at: datetime, previous: str | None) -> Made:
    """The manifest and the container. `previous`: digest of the pack or addendum before; None for the pack."""
    manifest = dump(
        {
            "schema_version": 1,
            "request": request,
            "number": number,
            "previous": previous,
            "made_at": made_at.isoformat(),
            "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        }
    )
    return Made(manifest=manifest, files=pack_up({MANIFEST: manifest, **files}))
