"""Dates across clock changes and leap days, for every rule (FR-050)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.schedules.judging import closest, collision
from bc_lib.domain.schedules.times import Moment, Oddity, moment, zone_clock, zone_of
from bc_lib.domain.schedules.values import Spec
from bc_lib.integrations.recurrence.rrule import RruleCalendar
from bc_lib.ports.recurrence import InvalidRule

CALENDAR = RruleCalendar()
ZONES = ("Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC", "America/Sao_Paulo")
RULES = (
    "FREQ=DAILY",
    "FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=0,30",
    "FREQ=WEEKLY;BYDAY=SU",
    "FREQ=MONTHLY;BYMONTHDAY=-1",
    "FREQ=MONTHLY;BYDAY=1SU",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    "FREQ=HOURLY;INTERVAL=6",
    "FREQ=MINUTELY;INTERVAL=45",
    None,
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def spec(rule: str | None, starts: str, zone: str = "Europe/Amsterdam") -> Spec:
    scope = Scope(kind="group", name="payments")
    return Spec(title="t", type=RequestType.DRILL, scope=scope, reason="r", zone=zone, starts=local(starts), rule=rule)


def dates(rule: str | None, starts: str, after: str, number: int, zone: str = "Europe/Amsterdam") -> list[str]:
    """Instants as text, and what is odd about them."""
    found = CALENDAR.between(spec(rule, starts, zone), utc(after), utc(after) + timedelta(days=5000), number)
    return [f"{each.at:%Y-%m-%dT%H:%MZ}" + (f" {each.oddity.name}" if each.oddity else "") for each in found]


def test_a_time_that_does_not_exist_comes_as_long_after_the_change() -> None:
    """Clocks go forward: 02:30 is 03:30 that day, and 02:30 again the next."""
    assert dates("FREQ=DAILY", "2027-01-01 02:30", "2027-03-27", 3) == [
        "2027-03-27T01:30Z",
        "2027-03-28T01:30Z SKIPPED",
        "2027-03-29T00:30Z",
    ]
    assert zone_clock(utc("2027-03-28T01:30"), "Europe/Amsterdam") == "Sun 2027-03-28 03:30 CEST (01:30 UTC)"


def test_a_time_that_exists_twice_comes_once_at_its_first() -> None:
    """Clocks go back: 02:30 summer time, and no second one an hour later."""
    assert dates("FREQ=DAILY", "2027-01-01 02:30", "2027-10-30", 3) == [
        "2027-10-30T00:30Z",
        "2027-10-31T00:30Z TWICE",
        "2027-11-01T01:30Z",
    ]


def test_two_local_times_that_become_one_instant_come_once() -> None:
    """On the day of the change 02:30 and 03:30 are one moment; 02:00 and 02:30 do not overtake 03:00."""
    found = dates("FREQ=DAILY;BYHOUR=2,3;BYMINUTE=0,30", "2027-01-01 00:00", "2027-03-28", 5)
    assert [each[:17] for each in found] == [
        "2027-03-28T01:00Z",
        "2027-03-28T01:30Z",
        "2027-03-29T00:00Z",
        "2027-03-29T00:30Z",
        "2027-03-29T01:00Z",
    ]


@pytest.mark.parametrize("day", ["2027-03-28", "2027-10-31"])
def test_minutes_and_hours_are_time_that_passes(day: str) -> None:
    """Every 20 minutes stays that, through both changes."""
    found = CALENDAR.between(
        spec("FREQ=MINUTELY;INTERVAL=20", "2027-01-01 00:00"), utc(day), utc(day) + timedelta(hours=6)
    )
    assert closest(found) == 1200
    assert len(found) == 18
    assert [each.place for each in found] == list(range(found[0].place, found[0].place + 18))


def test_29_february() -> None:
    """It comes in leap years; a month's 31st only in months that have one, its last day in every month."""
    assert dates("FREQ=YEARLY", "2028-02-29 10:00", "2027-01-01", 3) == [
        "2028-02-29T09:00Z",
        "2032-02-29T09:00Z",
        "2036-02-29T09:00Z",
    ]
    assert dates("FREQ=MONTHLY;BYMONTHDAY=31", "2027-01-01 10:00", "2027-01-01", 3, "UTC") == [
        "2027-01-31T10:00Z",
        "2027-03-31T10:00Z",
        "2027-05-31T10:00Z",
    ]
    assert dates("FREQ=MONTHLY;BYMONTHDAY=-1", "2028-01-31 10:00", "2028-02-01", 1, "UTC") == ["2028-02-29T10:00Z"]


@settings(max_examples=60, deadline=None)
@given(
    rule=st.sampled_from(RULES),
    zone=st.sampled_from(ZONES),
    start=st.datetimes(local("2026-01-01"), local("2029-01-01")),
    after=st.datetimes(local("2026-01-01"), local("2029-01-01")),
)
def test_dates_are_in_order_once_each_and_the_same_from_wherever_one_looks(
    rule: str | None, zone: str, start: datetime, after: datetime
) -> None:
    """What one look misses the next one finds: a later look gives the rest of the same list."""
    wanted = spec(rule, start.replace(second=0, microsecond=0).isoformat(), zone)
    since = after.replace(tzinfo=UTC)
    found = CALENDAR.between(wanted, since, since + timedelta(days=60), 100)
    instants = [each.at for each in found]
    assert instants == sorted(set(instants))
    assert all(since < each <= since + timedelta(days=60) for each in instants)
    for each in found:
        assert each.local == each.at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if len(found) > 1:
        assert CALENDAR.between(wanted, instants[0], since + timedelta(days=60), 99) == found[1:]


@settings(max_examples=60, deadline=None)
@given(wall=st.datetimes(local("2026-01-01"), local("2030-01-01")), zone=st.sampled_from(ZONES))
def test_a_wall_clock_is_one_instant(wall: datetime, zone: str) -> None:
    """The instant shows that wall clock again, unless it does not exist; then it is later, by the change."""
    found = moment(wall, ZoneInfo(zone))
    shown = found.at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert (shown == wall) == (found.oddity is not Oddity.SKIPPED)
    assert shown >= wall


@settings(max_examples=60, deadline=None)
@given(
    mine=st.lists(st.integers(0, 500), max_size=20, unique=True),
    theirs=st.lists(st.integers(0, 500), max_size=20, unique=True),
    lengths=st.tuples(st.integers(1, 60), st.integers(1, 60)),
)
def test_overlaps_are_found_exactly(mine: list[int], theirs: list[int], lengths: tuple[int, int]) -> None:
    """A collision is reported where two dates overlap, and nowhere else."""

    def of(minutes: list[int]) -> list[Moment]:
        base = datetime(2027, 1, 1, tzinfo=UTC)
        return [Moment(base + timedelta(minutes=each), local("2027-01-01")) for each in sorted(minutes)]

    wanted = any(a < b + lengths[1] and b < a + lengths[0] for a in mine for b in theirs)
    assert (collision(of(mine), lengths[0] * 60, of(theirs), lengths[1] * 60) is not None) == wanted


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("", "empty"),
        ("FREQ=SECONDLY", "FREQ must be one of"),
        ("WEEKLY", "not a part of a rule"),
        ("FREQ=DAILY;FREQ=DAILY", "not a part of a rule"),
        ("FREQ=DAILY;INTERVAL=0", "whole number"),
        ("FREQ=DAILY;COUNT=1;UNTIL=20280101", "cannot be used together"),
        ("FREQ=DAILY;UNTIL=20280101T000000Z", "UNTIL must be local"),
        ("FREQ=DAILY;UNTIL=20289901", "cannot be read"),
        ("FREQ=HOURLY;UNTIL=20289901", "not a date"),
        ("FREQ=MINUTELY;BYDAY=MO", "cannot be used with FREQ=MINUTELY"),
        ("FREQ=DAILY;BYSETPOS=5", "cannot be used with FREQ=DAILY"),
        ("FREQ=WEEKLY;BYDAY=2MO", "days without a number"),
        ("FREQ=WEEKLY;BYDAY=XX", "cannot be read"),
        ("FREQ=DAILY;BYHOUR=25", "cannot be read"),
        ("FREQ=DAILY;UNTIL=20200101", "no date at all"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "no date at all"),
        ("FREQ=DAILY;X-EVIL=\n1", "plain text"),
        ("FREQ=DAILY;" + "BYDAY=MO," * 40, "too long"),
    ],
)
def test_rules_that_cannot_stand(rule: str, why: str) -> None:
    """Each with a clause that says what is wrong."""
    with pytest.raises(InvalidRule, match=why):
        CALENDAR.check(spec(rule, "2027-01-01 10:00"))


@pytest.mark.parametrize(
    "zone", ["", "Mars/Base", "../etc/passwd", "/etc/passwd", "localtime", "Europe/Amsterdam\0", "x" * 99]
)
def test_zones_that_do_not_exist(zone: str) -> None:
    """Only names of the IANA database."""
    assert zone_of(zone) is None
    with pytest.raises(InvalidRule, match="no time zone"):
        CALENDAR.check(spec(None, "2027-01-01 10:00", zone))
