"""The signature of a pack: the audit record that names its manifest, and the checkpoints that seal the record.

Only the signer's process holds the key. It signs the hashes of the audit log's records; one of them is the record that
bc_keeper wrote in the transaction that stored the pack, and that record names the manifest's SHA-256. Whoever makes or
hands out a pack therefore can't sign one: this module only collects what is public.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bc_lib.domain.audit import AuditFilter, AuditRow
from bc_lib.domain.audit_checkpoint import Checkpoint, as_json
from bc_lib.domain.evidence.values import MADE, MAKER, Stored, dump
from bc_lib.ports.audit import AuditSnapshot
from bc_lib.services.audit.export import proof_of


def signature(snapshot: AuditSnapshot, stored: Stored, first: int, sealed: Sequence[Checkpoint]) -> bytes | None:
    """signature.json; None while no checkpoint seals the record. `first`: of the audit records in the pack."""
    row = record_of(snapshot, stored)
    if row is None or not any(each.first <= row.seq <= each.last for each in sealed):
        return None
    covering = [each for each in sealed if each.last >= min(first, row.seq) and each.first <= row.seq]
    return dump(
        {
            "log": snapshot.head().log,
            "record": proof_of(row),
            "checkpoints": [as_json(each) for each in covering],
        }
    )


def record_of(snapshot: AuditSnapshot, stored: Stored) -> AuditRow | None:
    """The audit record that names the pack's manifest."""
    for row in snapshot.matching(AuditFilter(request=stored.request)):
        said: dict[str, Any] = json.loads(row.body)
        names = said.get("payload", {}).get("manifest") == stored.digest
        if said.get("verb") == MADE and said.get("db_role") == MAKER and names:
            return row
    return None
