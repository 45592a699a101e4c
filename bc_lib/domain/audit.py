"""What an audit record says, and how it is shown: one set of columns for the page and the export (FR-040, FR-042)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

COLUMNS = (
    "number",
    "time",
    "kind",
    "verb",
    "person",
    "name",
    "issuer",
    "subject",
    "channel",
    "system",
    "members",
    "request",
    "type",
    "target",
    "outcome",
    "reason",
    "database role",
    "details",
)
# What begins a formula, at the beginning of a cell or after what some programs take for the end of one (`;`, a tab, a
# line's end), with nothing that is seen before it. Signs also full-width and small.
FORMULA = re.compile(
    "(^|[;\t\r\n\u2028\u2029])"
    '(?=[ "\u00a0\u3000\u200b-\u200f\u2060\ufeff]*[-=+@|%\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]|[\t\r\n])'
)


class Kind(StrEnum):
    """Which moment of an act a record tells of. `recorded`: a fact with no duration."""

    STARTED = "started"
    COMPLETED = "completed"
    FAILED = "failed"
    DENIED = "denied"
    RECORDED = "recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditActor:
    """Who acted: the person, the identity used, and the name as shown then. `system_actor` for our own processes."""

    person: str | None = None
    issuer: str | None = None
    subject: str | None = None
    name: str


def system_actor(component: str) -> AuditActor:
    """One of our own processes, for what happens without a person (an expiry, a revoked approval)."""
    return AuditActor(issuer="business-continuity", subject=component, name=component)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One act, as a service tells it. Time, number and database role are stamped by the database.

    `verb` is lower case, with dots (`request.approve`). `system`: the resource or group it concerns;
    `members`: the resources that a group's act touches, so that a filter on one of them finds it.
    `payload`: JSON values, no secret. A change carries what audit_changes.changed() returns.
    """

    kind: Kind
    verb: str
    actor: AuditActor
    channel: str
    system: str | None = None
    members: tuple[str, ...] = ()
    request_id: str | None = None
    reason_code: str | None = None
    outcome: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Records from `start` up to but not including `end` (aware), that concern `system`; None: no limit.

    `upto`: no record after this number, so that a page and an export look at the same log. `request`: of one request.
    `request_type`, `target`: of requests of this type, to this site. `person`: a name, an account's subject or a
    person's number. `outcome`: an outcome, the code of a refusal, or a kind; letter case does not matter.
    """

    start: datetime | None = None
    end: datetime | None = None
    system: str | None = None
    upto: int | None = None
    request: str | None = None
    request_type: str | None = None
    target: str | None = None
    person: str | None = None
    outcome: str | None = None


class AuditRow(NamedTuple):
    """A stored row. `body` are the stored canonical bytes."""

    seq: int
    prev_hash: bytes
    body: bytes
    hash: bytes


class Head(NamedTuple):
    """The end of the chain as the database keeps it. `log` names the log."""

    log: str
    seq: int
    hash: bytes


def cells(body: bytes) -> tuple[str, ...]:
    """The texts of COLUMNS for a stored record; page and export both show exactly these.

    Raises ValueError where the body is not a record.
    """
    said = json.loads(body)
    if not isinstance(said, dict) or not isinstance(said.get("actor"), dict):
        raise ValueError("The stored text is not an audit record.")
    actor = said["actor"]
    members = said.get("members") or []
    values = (
        said.get("seq"),
        said.get("at"),
        said.get("kind"),
        said.get("verb"),
        actor.get("person"),
        actor.get("name"),
        actor.get("issuer"),
        actor.get("subject"),
        said.get("channel"),
        said.get("system"),
        " ".join(map(str, members)),
        said.get("request_id"),
        said.get("request_type"),
        said.get("target_site"),
        said.get("outcome"),
        said.get("reason_code"),
        said.get("db_role"),
    )
    details = json.dumps(said.get("payload") or {}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return (*("" if value is None else str(value) for value in values), details)


def neutral(cell: str) -> str:
    """`cell` as a spreadsheet may open it: what could be read as a formula gets an apostrophe in front."""
    return FORMULA.sub(r"\1'", cell)
