"""Options of `bcctl audit` that choose records: each counts, or is refused with what is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import typer

from bc_lib.cli.exits import Exit, fail
from bc_lib.domain.audit import AuditFilter
from bc_lib.domain.audit_filter import TYPES, WrongFilter, filter_from

From = Annotated[str | None, typer.Option("--from", help="A day (UTC) or a time with its zone.")]
To = Annotated[str | None, typer.Option("--to", help="A day (UTC), included as a whole, or a time, not included.")]
System = Annotated[str | None, typer.Option(help="A resource or group.")]
OfRequest = Annotated[str | None, typer.Option("--request", help="Of this request, such as r-12.")]
Type = Annotated[str | None, typer.Option("--type", help=f"Of requests of this type: {', '.join(TYPES)}.")]
Target = Annotated[str | None, typer.Option("--target-site", help="Of requests to this site.")]
By = Annotated[str | None, typer.Option("--by", help="By this person: a name, or an account's subject.")]
Outcome = Annotated[
    str | None, typer.Option(help="With this outcome (Succeeded), kind (denied) or code of a refusal (ROLE_MISSING).")
]


def wanted_of(
    start: str | None,
    end: str | None,
    system: str | None,
    request: str | None,
    kind: str | None,
    target: str | None,
    by: str | None,
    outcome: str | None,
) -> AuditFilter:
    """The filter of these options. Ends the command with USAGE where one of them cannot be meant."""
    given = {"system": system, "request": request, "type": kind, "target": target, "person": by, "outcome": outcome}
    try:
        named = filter_from({name: value for name, value in given.items() if value})
    except WrongFilter as trouble:
        fail(str(trouble), Exit.USAGE)
    first, last = _moment(start), _moment(end, whole_day=True)
    if first and last and first >= last:
        fail("The range ends before it begins: --from is the earlier one.", Exit.USAGE)
    return replace(named, start=first, end=last)


def _moment(given: str | None, *, whole_day: bool = False) -> datetime | None:
    if given is None:
        return None
    try:
        if len(given) == len("2026-11-23"):
            day = datetime.combine(date.fromisoformat(given), datetime.min.time(), UTC)
            return day + timedelta(days=1) if whole_day else day
        found = datetime.fromisoformat(given)
    except (ValueError, OverflowError):
        fail(f"{given!r} is no date: write 2026-11-23, or 2026-11-23T14:00+01:00.", Exit.USAGE)
    if found.tzinfo is None:
        fail(f"{given!r} has no zone: write {given}Z for UTC, or the offset, as in +01:00.", Exit.USAGE)
    return found
