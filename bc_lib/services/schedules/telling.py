"""What stakeholders are told about a date: it comes, it is called off, nothing was asked for (FR-051)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

from bc_lib.domain.inventory import Inventory
from bc_lib.domain.requests.notice import RequestNotice, RequestNoticeKind
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.schedules.times import zone_clock
from bc_lib.domain.schedules.values import Schedule
from bc_lib.domain.words import capital, duration
from bc_lib.ports.requests import RequestWork
from bc_lib.services.gate import Gate
from bc_lib.services.requests.notices import send
from bc_lib.services.requests.preview import resources_of, strictest

NOTHING_BY_ITSELF = "At that time a request is made. Nothing happens unless it is approved and confirmed after that."


def tell_coming(
    gate: Gate, work: RequestWork, schedule: Schedule, due_at: datetime, channel: str, now: datetime
) -> int:
    """The pre-notice of one date to one channel."""
    when = zone_clock(due_at, schedule.spec.zone)
    left = duration((due_at - now).total_seconds())
    text = f"{_what(schedule)} is scheduled for {when}, in {left}. {NOTHING_BY_ITSELF}"
    key = f"schedule/{schedule.id}/{due_at.isoformat()}/coming/{left}"
    return _send(gate, work, RequestNoticeKind.COMING, schedule, text, key, now, [("Date", when)], channels=[channel])


def tell_called_off(
    gate: Gate, work: RequestWork, schedule: Schedule, due_at: datetime, channels: Sequence[str], why: str
) -> int:
    """To everybody who was told that this date comes."""
    when = zone_clock(due_at, schedule.spec.zone)
    now = work.now()
    key = f"schedule/{schedule.id}/{due_at.isoformat()}/off/{schedule.version}/{now.isoformat()}"
    text = f"{_what(schedule)} on {when} is called off: {why}."
    rows = [("Date", when), ("Because", why)]
    return _send(gate, work, RequestNoticeKind.CALLED_OFF, schedule, text, key, now, rows, channels=channels)


def tell_again(
    gate: Gate, work: RequestWork, schedule: Schedule, due_at: datetime, channels: Sequence[str], why: str
) -> int:
    """To everybody who was told that this date is called off: it comes after all."""
    now, when = work.now(), zone_clock(due_at, schedule.spec.zone)
    key = f"schedule/{schedule.id}/{due_at.isoformat()}/again/{now.isoformat()}"
    text = f"{_what(schedule)} on {when} comes after all: {why}. {NOTHING_BY_ITSELF}"
    rows = [("Date", when), ("Because", why)]
    return _send(gate, work, RequestNoticeKind.COMING, schedule, text, key, now, rows, channels=channels)


def tell_not_asked(
    gate: Gate, work: RequestWork, schedule: Schedule, dates: Sequence[datetime], because: str, now: datetime
) -> int:
    """One message for all dates of a look without a request, to the usual channels and the stakeholders."""
    first, last = (zone_clock(each, schedule.spec.zone) for each in (dates[0], dates[-1]))
    which = f"{len(dates)} dates from {first} to {last}" if len(dates) > 1 else f"the date {first}"
    text = f"No request was made for {which} of {_what(schedule)}: {because}"
    key = f"schedule/{schedule.id}/{dates[0].isoformat()}/{dates[-1].isoformat()}/none"
    rows = [("Date", which), ("Because", because)]
    channels = [each.channel for each in schedule.spec.notices]
    return _send(
        gate, work, RequestNoticeKind.NOT_ASKED, schedule, text, key, now, rows, channels=channels, routed=True
    )


def _what(schedule: Schedule) -> str:
    return f"{schedule.spec.what} ({schedule.spec.title}, schedule {schedule.id})"


def _send(
    gate: Gate,
    work: RequestWork,
    kind: RequestNoticeKind,
    schedule: Schedule,
    text: str,
    key: str,
    now: datetime,
    rows: Sequence[tuple[str, str]],
    *,
    channels: Sequence[str],
    routed: bool = False,
) -> int:
    spec = schedule.spec
    tier, environment, resource = _judged(work.inventory(), spec.scope)
    notice = RequestNotice(
        kind=kind,
        title=f"{spec.what}, schedule {schedule.id}",
        text=capital(text),
        key=key,
        link=f"/drills?schedule={quote(schedule.id, safe='')}",
        at=now,
        tier=tier,
        environment=environment,
        rows=(
            ("Schedule", f"{schedule.id}, {spec.title}"),
            ("Asked for", spec.what),
            ("Reason", spec.reason),
            ("Edited by", schedule.editor_name),
            *rows,
        ),
    )
    return send(gate, work, notice, None, resource=resource, routed=routed, channels=channels)


def _judged(inventory: Inventory, scope: Scope) -> tuple[int, str, str]:
    """Tier, environment, and a member of that environment; of a scope that has gone production hears nothing."""
    try:
        tier, environment = strictest(inventory, scope)
        members = resources_of(inventory, scope)
    except Exception:  # a Denial: it is not in the inventory any more
        return 2, "dev", ""
    return tier, environment.value, next(each.name for each in members if each.environment is environment)
