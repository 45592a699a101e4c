"""Whether a schedule can stand: text, scope, rule, dates, overlaps, blackouts, whom to tell. Nothing is stored here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bc_lib.domain.execution.actions import DrillKind
from bc_lib.domain.names import MAX_LENGTH, MAX_TEXT, InvalidName, check_text
from bc_lib.domain.plans.movable import movable_of
from bc_lib.domain.requests.policy import ticket_fits
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.schedules.judging import blacked_out, closest, collision
from bc_lib.domain.schedules.times import Moment, zone_clock
from bc_lib.domain.schedules.values import DEFAULT_LASTS_S, NOT_SAID, SCHEDULABLE, ScheduleState, Spec, Tag
from bc_lib.domain.words import clock, duration
from bc_lib.ports.recurrence import InvalidRule, Recurrence
from bc_lib.ports.requests import Reading
from bc_lib.services.requests.notices import allowed
from bc_lib.services.requests.preview import resources_of, strictest
from bc_lib.services.requests.sites import check_site

AHEAD = timedelta(days=400)
FAR_AHEAD = timedelta(days=3660)
MOST_DATES = 20_000
MOST_NOTICED = 50
MOST_LEAD_S = 90 * 86_400.0
MOST_LENGTH_S = 7 * 86_400.0


def checked(reading: Reading, calendar: Recurrence, spec: Spec, schedule: str | None = None) -> Spec:
    """The spec as it can be stored, with what was left out filled in. Raises Denial, one sentence.

    `schedule`: the one that is being changed, which does not overlap itself.
    """
    spec = _asks(reading, spec)
    now = reading.now()
    dates = _dates(calendar, spec, now)
    gap = closest(dates[:MOST_NOTICED])
    if spec.lasts_s == NOT_SAID:
        spec = replace(spec, lasts_s=min(DEFAULT_LASTS_S, gap or DEFAULT_LASTS_S))
    _lengths(spec)
    if gap is not None and gap < spec.busy_s:
        raise refusal("SCHEDULE_CLOSE", gap=duration(gap), lasts=duration(spec.busy_s))
    _blackouts(reading, spec, schedule, dates)
    _overlaps(reading, calendar, spec, schedule, dates)
    _notices(reading, spec, dates, now)
    return spec


def _asks(reading: Reading, spec: Spec) -> Spec:
    """What would be asked for: it must make sense for this inventory and policy, whatever is active when."""
    _texts(spec)
    if spec.type not in SCHEDULABLE:
        raise _bad(f"a {spec.type.value} cannot be scheduled")
    if spec.type is RequestType.DRILL:
        spec = replace(spec, drill=spec.drill or DrillKind.REHEARSAL.value)
    if spec.drill not in {None, *DrillKind} or (spec.drill is not None and spec.type is not RequestType.DRILL):
        raise refusal("DRILL_KIND")
    _places(reading, spec)
    rule = reading.policy().rule_for(spec.type, *strictest(reading.inventory(), spec.scope))
    if rule is None:
        raise refusal("NO_POLICY")
    if rule.ticket_required and not spec.ticket:
        raise refusal("TICKET_REQUIRED")
    if spec.ticket and not ticket_fits(rule, spec.ticket):
        raise refusal("TICKET_INVALID", pattern=rule.ticket_pattern)
    return replace(spec, tag=Tag.PLANNED_ROTATION if spec.type is RequestType.SWITCHOVER else None)


def _texts(spec: Spec) -> None:
    for name, value in (("title", spec.title), ("reason", spec.reason), ("ticket", spec.ticket)):
        try:
            if value is not None:
                check_text(name, value)
        except InvalidName as error:
            raise refusal("TEXT_INVALID", field=name, most=MAX_TEXT) from error


def _places(reading: Reading, spec: Spec) -> None:
    members = movable_of(resources_of(reading.inventory(), spec.scope))
    if not members:
        raise refusal("NOTHING_TO_MOVE", scope=spec.scope.name)
    for each in members:
        if spec.target_site is not None:
            check_site(spec.scope.name, each, spec.target_site)
        if spec.type is RequestType.FAILBACK and spec.target_site not in {None, each.home_site}:
            raise refusal("FAILBACK_HOME", scope=spec.scope.name, home=each.title(each.home_site))


def _dates(calendar: Recurrence, spec: Spec, now: datetime) -> Sequence[Moment]:
    """The dates of the next 400 days, at least one. Raises Denial."""
    if spec.starts.tzinfo is not None or spec.starts.second or spec.starts.microsecond:
        raise _bad("its start must be a local time in whole minutes, such as 2027-03-01 10:00")
    try:
        calendar.check(spec)
        found = calendar.between(spec, now, now + AHEAD, MOST_DATES) or calendar.between(spec, now, now + FAR_AHEAD, 1)
    except InvalidRule as error:
        raise _bad(str(error)) from error
    except OverflowError as error:
        raise _bad("its dates lie too far away") from error
    if not found:
        raise refusal("SCHEDULE_PAST", now=clock(now))
    return found


def _lengths(spec: Spec) -> None:
    after, window = spec.window_after_s, spec.window_s
    if not 60 <= spec.lasts_s <= MOST_LENGTH_S:
        raise _bad("it must last from 1 minute to 7 days")
    if not 0 <= spec.catch_up_s <= 86_400:
        raise _bad("its catch-up must be from 0 to 24 h")
    if (after is None) != (window is None):
        raise _bad("a window needs both when it opens and how long it lasts")
    if (
        after is not None
        and window is not None
        and not (after >= 0 and window >= 60 and after + window <= MOST_LENGTH_S)
    ):
        raise _bad("its window must last at least 1 minute and close within 7 days of the date")


def _blackouts(reading: Reading, spec: Spec, schedule: str | None, dates: Sequence[Moment]) -> None:
    """A single date in a blackout, or a rule of which every date is in one."""
    standing = reading.schedules.blackouts()
    hits = [blacked_out(each.at, schedule, standing) for each in dates[:MOST_NOTICED]]
    if hits[0] is not None and all(hit is not None for hit in hits):
        first, hit = zone_clock(dates[0].at, spec.zone), hits[0]
        raise refusal("BLACKOUT_HIT", date=first, blackout=hit.id, reason=hit.reason)


def _overlaps(
    reading: Reading, calendar: Recurrence, spec: Spec, schedule: str | None, dates: Sequence[Moment]
) -> None:
    """Against every schedule that is active and needs one of the same resources."""
    inventory = reading.inventory()
    mine = {each.name for each in resources_of(inventory, spec.scope)}
    for other in reading.schedules.list():
        if other.id == schedule or other.state is not ScheduleState.ACTIVE:
            continue
        shared = mine & _resources(reading, other.spec)
        if not shared:
            continue
        begins, ends = dates[0].at - timedelta(seconds=other.spec.busy_s), dates[-1].at + timedelta(seconds=spec.busy_s)
        hit = collision(dates, spec.busy_s, calendar.between(other.spec, begins, ends, MOST_DATES), other.spec.busy_s)
        if hit is not None:
            raise refusal(
                "SCHEDULE_OVERLAP",
                date=zone_clock(hit[0].at, spec.zone),
                other=other.id,
                what=other.spec.what,
                other_date=zone_clock(hit[1].at, spec.zone),
                resources=" and ".join(sorted(shared)),
            )


def _resources(reading: Reading, spec: Spec) -> set[str]:
    """Members of another schedule's scope; none where it has left the inventory."""
    inventory = reading.inventory()
    known = {each.name for each in (inventory.groups if spec.scope.kind == "group" else inventory.resources)}
    return {each.name for each in resources_of(inventory, spec.scope)} if spec.scope.name in known else set()


def _notices(reading: Reading, spec: Spec, dates: Sequence[Moment], now: datetime) -> None:
    inventory = reading.inventory()
    environment = strictest(inventory, spec.scope)[1].value
    known = {each.name for each in allowed(inventory, environment)}
    if len(set(spec.notices)) < len(spec.notices) or len(spec.notices) > 20:
        raise _bad("a notice is named twice, or there are more than 20")
    for each in spec.notices:
        if each.channel not in known:
            raise refusal("UNKNOWN_CHANNEL", channel=ascii(each.channel[:MAX_LENGTH]), scope=spec.scope.name)
        if not 60 <= each.lead_s <= MOST_LEAD_S:
            raise _bad("a notice must be given 1 minute to 90 days before")
        soon = sum(date.at <= now + timedelta(seconds=each.lead_s) for date in dates)
        if soon > MOST_NOTICED:
            raise refusal("NOTICE_FLOOD", count=soon, lead=duration(each.lead_s))


def _bad(why: str) -> Exception:
    return refusal("SCHEDULE_RULE", why=why)
