"""Exports: CSV or JSON with all that proves them, and the verifier that needs nothing but Python (FR-042, TC-051)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from bc_lib.domain.audit import COLUMNS, AuditActor, AuditEntry, AuditFilter, AuditRow, Kind, neutral
from bc_lib.domain.audit_checkpoint import Checkpoint, as_json
from bc_lib.ports.audit import AuditLog, AuditReader, AuditSnapshot, CheckpointStore, DamagedCopies
from bc_lib.services.audit.view import readable

SCHEMA_VERSION = 1
VERIFIER = "verify_audit.py"
PROOF_COLUMNS = ("previous hash", "hash", "record as stored")


class Form(StrEnum):
    """The form of an export."""

    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """Files of an export, name to content; `records` is how many match. The first file holds them."""

    files: Mapping[str, bytes]
    records: int
    wanted: AuditFilter


def export(
    reader: AuditReader,
    log: AuditLog,
    checkpoints: CheckpointStore | None,
    wanted: AuditFilter,
    form: Form,
    *,
    actor: AuditActor,
    channel: str,
    name: str | None = None,
) -> Export:
    """The records that `wanted` asks for, as the page shows them, after recording who took them.

    `name`: the file of the records. Raises AuditUnavailable, in which case nothing is handed out, and
    BrokenCheckpoints.
    """
    sealed = sealed_by(checkpoints)
    with reader.snapshot() as snapshot:
        asked = replace(wanted, upto=wanted.upto if wanted.upto is not None else snapshot.head().seq)
        log.append(
            AuditEntry(
                kind=Kind.RECORDED,
                verb="audit.export",
                actor=actor,
                channel=channel,
                system=asked.system,
                payload={**filter_words(asked), "format": form.value},
            )
        )
        rows = list(snapshot.matching(asked))
        chain = chain_of(snapshot, asked, rows, sealed)
    name = name or f"audit.{form.value}"
    csv_files = {name: _csv(rows), f"{name}.chain.json": dump(chain)} if form is Form.CSV else {}
    files = csv_files or {name: json_of(rows, chain)}
    files[VERIFIER] = Path(__file__).with_name("standalone_verify.py").read_bytes()
    return Export(files=files, records=len(rows), wanted=asked)


def sealed_by(checkpoints: CheckpointStore | None) -> list[Checkpoint]:
    """All of them, where one place has all: that another is away is for `verify` to say, not a reason to refuse."""
    found: list[Checkpoint] = []
    try:
        for checkpoint in checkpoints.all() if checkpoints is not None else ():
            found.append(checkpoint)  # one by one: what was read before the error counts
    except DamagedCopies:
        pass
    return found


def filter_words(wanted: AuditFilter) -> dict[str, Any]:
    """A filter as JSON values."""
    found = {"from": _moment(wanted.start), "to": _moment(wanted.end), "system": wanted.system, "upto": wanted.upto}
    more = ("request", "request_type", "target", "person", "outcome")
    return found | {name: getattr(wanted, name) for name in more if getattr(wanted, name) is not None}


def _moment(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()


def chain_of(
    snapshot: AuditSnapshot, wanted: AuditFilter, rows: list[AuditRow], sealed: list[Checkpoint]
) -> dict[str, Any]:
    """What proves the rows: the hashes of the records between them that the filter left out, and the checkpoints."""
    first, last = (rows[0].seq, rows[-1].seq) if rows else (0, -1)
    shown = {row.seq for row in rows}
    head = snapshot.head()
    return {
        "schema_version": SCHEMA_VERSION,
        "log": head.log,
        "filter": filter_words(wanted),
        "count": len(rows),
        "first": first,
        "last": last,
        "between": [[seq, link.hex()] for seq, link in snapshot.links(first, last) if seq not in shown]
        if len(shown) != last - first + 1
        else [],
        "checkpoints": [
            as_json(checkpoint)
            for checkpoint in sealed
            if rows and checkpoint.last >= first and checkpoint.first <= last
        ],
    }


def json_of(rows: list[AuditRow], chain: dict[str, Any]) -> bytes:
    """Records as people read them, each with the stored text that proves it."""
    records = [{**dict(zip(COLUMNS, readable(row.seq, row.body), strict=True)), **proof_of(row)} for row in rows]
    return dump({"schema_version": SCHEMA_VERSION, "chain": chain, "records": records})


def _csv(rows: list[AuditRow]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow((*COLUMNS, *PROOF_COLUMNS))
    for row in rows:
        writer.writerow((*map(neutral, readable(row.seq, row.body)), *proof_of(row).values()))
    return out.getvalue().encode()


def proof_of(row: AuditRow) -> dict[str, str]:
    return dict(zip(PROOF_COLUMNS, (row.prev_hash.hex(), row.hash.hex(), row.body.decode()), strict=True))


def dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
