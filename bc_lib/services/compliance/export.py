"""Takes a compliance report away, after recording who took it. The same tables as the page."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bc_lib.domain.actor import Actor
from bc_lib.domain.audit import AuditEntry, Kind, neutral
from bc_lib.domain.authorization import Verb
from bc_lib.ports.audit import AuditLog
from bc_lib.ports.evidence import EvidenceReader
from bc_lib.services.audit.export import Form
from bc_lib.services.compliance.report import Compliance, Days, report
from bc_lib.services.compliance.tables import Sheet, facts, sheets
from bc_lib.services.gate import Gate
from bc_lib.services.guard import Subject, acting, audit_actor

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """`files`: name to content, the first is the main one."""

    files: Mapping[str, bytes]
    found: Compliance


def export(
    gate: Gate,
    read: EvidenceReader,
    log: AuditLog,
    actor: Actor,
    days: Days,
    form: Form,
    periods: Mapping[int, float],
) -> Taken:
    """Raises Denial (roles) and AuditUnavailable: nothing is handed out then."""
    with acting(gate, actor, Verb.EXPORT, Subject()) as act:
        person = act.person
    found = report(read, days, periods)
    log.append(
        AuditEntry(
            kind=Kind.RECORDED,
            verb="compliance.export",
            actor=audit_actor(actor, person),
            channel=actor.channel,
            outcome="handed out",
            payload={
                "from": days.first.isoformat(),
                "to": days.last.isoformat(),
                "format": form.value,
                "requests": len(found.requests),
            },
        )
    )
    return Taken(files=files(found, form), found=found)


def files(found: Compliance, form: Form) -> dict[str, bytes]:
    """CSV: a file a table, and what they are about. JSON: one file."""
    made = sheets(found)
    if form is Form.JSON:
        return {"compliance.json": as_json(found)}
    about = Sheet("about", ("fact", "value"), facts(found))
    return {f"{each.name}.csv": _csv(each) for each in (*made, about)}


def as_json(found: Compliance) -> bytes:
    """Every table as a list of objects, keyed by its columns."""
    body: dict[str, Any] = {"schema_version": SCHEMA_VERSION, "about": dict(facts(found))}
    for sheet in sheets(found):
        body[sheet.name] = [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]
    return json.dumps(body, ensure_ascii=False, indent=1).encode() + b"\n"


def _csv(sheet: Sheet) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(sheet.columns)
    for row in sheet.rows:
        writer.writerow([neutral(cell) for cell in row])
    return out.getvalue().encode()
