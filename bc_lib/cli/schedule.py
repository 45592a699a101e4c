"""`bcctl schedule`: schedules of drills and rotations, blackouts, calendar feeds. They only ask; people decide."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer

from bc_lib.cli import schedule_blackout, schedule_feed
from bc_lib.cli.exits import Exit, fail
from bc_lib.cli.gatekeeping import As, Json, gate, out, person, site_said
from bc_lib.cli.schedule_text import lines_of, list_lines, next_lines
from bc_lib.domain.execution.actions import DrillKind
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.schedules.values import NOT_SAID, PreNotice, ScheduleState, Spec
from bc_lib.ports.recurrence import Recurrence
from bc_lib.services.schedules import edit
from bc_lib.services.schedules.upcoming import next_dates
from bc_lib.services.schedules.view import coming_json, listed, schedule_json, shown

app = typer.Typer(
    no_args_is_help=True, help="Schedules of drills, planned rotations, failbacks. They ask; people decide."
)
app.add_typer(schedule_blackout.app, name="blackout")
app.add_typer(schedule_feed.app, name="feed")
Id = Annotated[str, typer.Argument(metavar="ID", help="Such as s-1.")]
Version = Annotated[int | None, typer.Option("--version", help="Refuse unless this is still the newest version.")]
Note = Annotated[str, typer.Option("--note", help="Why, in one line.")]
LENGTH = re.compile(r"([0-9]{1,5})(m|h|d|w)\Z", re.ASCII)
UNITS = {"m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}
EVERY = {"m": "MINUTELY", "h": "HOURLY", "d": "DAILY", "w": "WEEKLY"}


@app.command()
def add(
    *,
    title: Annotated[str, typer.Option("--title")],
    kind: Annotated[RequestType, typer.Option("--type", help="drill, switchover (a planned rotation) or failback.")],
    reason: Annotated[str, typer.Option("--reason")],
    start: Annotated[str, typer.Option("--start", help='Local time, such as "2027-03-01 10:00": not before, or once.')],
    zone: Annotated[str, typer.Option("--zone", help="IANA time zone, such as Europe/Amsterdam.")] = "UTC",
    rule: Annotated[str | None, typer.Option("--rule", help='RFC 5545, such as "FREQ=MONTHLY;BYDAY=1SU".')] = None,
    every: Annotated[str | None, typer.Option("--every", help="Instead of --rule: 10m, 6h, 1d, 2w.")] = None,
    resource: Annotated[str | None, typer.Option("--resource")] = None,
    group: Annotated[str | None, typer.Option("--group")] = None,
    target_site: Annotated[
        str | None, typer.Option("--target-site", help="Its name or its title. Default: the site not active then.")
    ] = None,
    drill: Annotated[DrillKind | None, typer.Option("--drill", help="With --type drill; default rehearsal.")] = None,
    ticket: Annotated[str | None, typer.Option("--ticket")] = None,
    lasts: Annotated[
        str | None, typer.Option("--lasts", help="How long the group is busy; default 1h or less.")
    ] = None,
    catch_up: Annotated[str, typer.Option("--catch-up", help="A date noticed later than this is missed.")] = "1h",
    opens_after: Annotated[str | None, typer.Option("--opens-after", help="The window opens so long after.")] = None,
    window: Annotated[str | None, typer.Option("--window", help="How long the window is open.")] = None,
    notice: Annotated[list[str] | None, typer.Option("--notice", help="CHANNEL:LEAD, such as ops-mail:1w.")] = None,
    key: Annotated[str | None, typer.Option("--key", help="The same key again is the same submission.")] = None,
    user: As = None,
    as_json: Json = False,
) -> None:
    """Add a schedule. At each date a request is made, which others must approve and somebody confirm."""
    if (resource is None) == (group is None):
        raise typer.BadParameter("Give --resource or --group, one of them.")
    spec = Spec(
        title=title,
        type=kind,
        scope=Scope(kind="resource", name=resource) if resource else Scope(kind="group", name=group or ""),
        reason=reason,
        zone=zone,
        starts=local_time(start),
        rule=_rule(rule, every),
        drill=drill.value if drill else None,
        ticket=ticket,
        lasts_s=length(lasts) if lasts else NOT_SAID,
        catch_up_s=0.0 if catch_up == "0" else length(catch_up),
        window_after_s=None if window is None else length(opens_after) if opens_after else 0.0,
        window_s=length(window) if window else None,
        notices=tuple(_notice(each) for each in notice or ()),
    )
    if opens_after and not window:
        raise typer.BadParameter("--opens-after needs --window.")
    with gate(as_json) as made:
        calendar = _calendar()
        if target_site is not None:
            spec = replace(spec, target_site=site_said(made, spec.scope, target_site))
        _print(edit.add(made, calendar, person(user), spec, key or str(uuid.uuid4())).id, as_json)


@app.command("list")
def list_(
    removed: Annotated[bool, typer.Option("--removed", help="With those that were removed.")] = False,
    as_json: Json = False,
) -> None:
    """List schedules, each with its next date."""
    with gate(as_json) as made:
        found = listed(made, _calendar(), removed=removed)
        out(
            {
                "schema_version": 1,
                "now": found.now.isoformat(),
                "schedules": [schedule_json(each) for each in found.items],
            },
            as_json,
            list_lines(found),
        )


@app.command()
def show(schedule: Id, as_json: Json = False) -> None:
    """Show one schedule: what, when, who edited it, what became of its last dates."""
    _print(schedule, as_json)


@app.command("next")
def next_(
    schedule: Id,
    number: Annotated[int, typer.Option("-n", "--number", min=1, max=500)] = 10,
    as_json: Json = False,
) -> None:
    """Show the next dates, with clock changes and blackouts. Changes nothing."""
    with gate(as_json) as made:
        found = next_dates(made, _calendar(), schedule, number)
        out(
            {"schema_version": 1, "schedule": schedule, "dates": [coming_json(each) for each in found]},
            as_json,
            next_lines(found),
        )


@app.command()
def change(
    schedule: Id,
    *,
    title: Annotated[str | None, typer.Option("--title")] = None,
    reason: Annotated[str | None, typer.Option("--reason")] = None,
    start: Annotated[str | None, typer.Option("--start")] = None,
    zone: Annotated[str | None, typer.Option("--zone")] = None,
    rule: Annotated[str | None, typer.Option("--rule", help='"once" makes it a single date.')] = None,
    every: Annotated[str | None, typer.Option("--every")] = None,
    ticket: Annotated[str | None, typer.Option("--ticket")] = None,
    lasts: Annotated[str | None, typer.Option("--lasts")] = None,
    notice: Annotated[list[str] | None, typer.Option("--notice", help="Replaces all of them.")] = None,
    version: Version = None,
    note: Note = "",
    user: As = None,
    as_json: Json = False,
) -> None:
    """Change when it asks, why, and whom it tells; what is not said stays."""
    with gate(as_json) as made:
        before = made.store.read.schedules.get(schedule)
        old = before.spec
        spec = replace(
            old,
            title=old.title if title is None else title,
            reason=old.reason if reason is None else reason,
            zone=old.zone if zone is None else zone,
            ticket=old.ticket if ticket is None else ticket,
        )
        if start is not None:
            spec = replace(spec, starts=local_time(start))
        if rule is not None or every is not None:
            spec = replace(spec, rule=None if rule == "once" else _rule(rule, every), lasts_s=NOT_SAID)
        if lasts is not None:
            spec = replace(spec, lasts_s=length(lasts))
        if notice is not None:
            spec = replace(spec, notices=tuple(_notice(each) for each in notice))
        actor, base, key = person(user), version or before.version, str(uuid.uuid4())
        _print(edit.change(made, _calendar(), actor, schedule, base, spec, key, note).id, as_json)


@app.command()
def pause(schedule: Id, version: Version = None, note: Note = "", user: As = None, as_json: Json = False) -> None:
    """Its dates become no requests until it is resumed."""
    _turn(schedule, version, ScheduleState.PAUSED, note, user, as_json)


@app.command()
def resume(schedule: Id, version: Version = None, note: Note = "", user: As = None, as_json: Json = False) -> None:
    """Its dates become requests again, from now on."""
    _turn(schedule, version, ScheduleState.ACTIVE, note, user, as_json)


@app.command()
def remove(schedule: Id, version: Version = None, note: Note = "", user: As = None, as_json: Json = False) -> None:
    """It ends for good; its versions and what became of its dates stay."""
    _turn(schedule, version, ScheduleState.REMOVED, note, user, as_json)


@app.command("run-due")
def run_due(as_json: Json = False) -> None:
    """Look once, as the schedules DAG does every minute: for a cron job where Airflow is away."""
    from bc_lib.bootstrap_schedules import run_due as look

    with gate(as_json):
        done = look("bcctl schedule run-due")
        out({"schema_version": 1, "done": done}, as_json, [done])


def length(text: str) -> float:
    """`10m`, `6h`, `1d`, `2w` in seconds. A usage error for anything else."""
    found = LENGTH.match(text.strip())
    if found is None or int(found[1]) == 0:
        fail(f"{text[:20]!a} is not a length; write such as 10m, 6h, 1d, 2w.", Exit.USAGE)
    return int(found[1]) * UNITS[found[2]]


def local_time(text: str) -> datetime:
    """A local time without a zone. A usage error for anything else."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        fail(f"{text[:40]!a} is not a local time; write such as 2027-03-01 10:00.", Exit.USAGE)
    if found.tzinfo is not None:
        fail("Give --start without an offset; its zone is --zone.", Exit.USAGE)
    return found


def _rule(rule: str | None, every: str | None) -> str | None:
    if rule and every:
        raise typer.BadParameter("Give --rule or --every, one of them.")
    if every is None:
        return rule.strip().upper().removeprefix("RRULE:") if rule else None
    length(every)
    return f"FREQ={EVERY[every.strip()[-1]]};INTERVAL={int(every.strip()[:-1])}"


def _notice(text: str) -> PreNotice:
    channel, colon, lead = text.rpartition(":")
    if not colon:
        fail(f"{text[:60]!a} is not CHANNEL:LEAD, such as ops-mail:1w.", Exit.USAGE)
    return PreNotice(channel=channel, lead_s=length(lead))


def _turn(schedule: str, version: int | None, to: ScheduleState, note: str, user: str | None, as_json: bool) -> None:
    with gate(as_json) as made:
        actor, key = person(user), str(uuid.uuid4())
        _print(edit.turn(made, _calendar(), actor, schedule, version, to, key, note).id, as_json)


def _print(schedule: str, as_json: bool) -> None:
    with gate(as_json) as made:
        found = shown(made, _calendar(), schedule)
        out({"schema_version": 1, **schedule_json(found)}, as_json, lines_of(found))


def _calendar() -> Recurrence:
    from bc_lib.bootstrap_schedules import calendar

    return calendar()
