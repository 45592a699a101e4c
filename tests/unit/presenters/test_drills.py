"""The month, the words of rules, what is said first on the Drills page (FR-050, US-008)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.schedules.values import Blackout, Outcome, Past, Schedule, ScheduleState, Spec
from bc_lib.integrations.recurrence.rrule import RruleCalendar
from bc_lib.services.schedules.upcoming import Calendar, Coming
from bc_lib.services.schedules.view import Listed, ScheduleView
from streamlit_app.presenters.drill_choices import Repeat, repeat_of, rule_for
from streamlit_app.presenters.drill_month import Month, month, month_of, stretch
from streamlit_app.presenters.drill_words import rule_words
from streamlit_app.presenters.drills import blackout_rows, headline, schedule_lines, troubles, unwatched

NOW = datetime(2027, 3, 10, 12, 0, tzinfo=UTC)
local = datetime.fromisoformat


def schedule(number: int = 1, **more: Any) -> Schedule:
    base = Spec(
        title="Weekly",
        type=RequestType.DRILL,
        scope=Scope(kind="group", name="payments"),
        drill="rehearsal",
        reason="Practice",
        zone="Pacific/Auckland",
        starts=local("2027-03-01 08:00"),
        rule="FREQ=WEEKLY",
        lasts_s=3600.0,
    )
    return Schedule(
        id=f"s-{number}", version=1, state=ScheduleState.ACTIVE, spec=replace(base, **more), editor=1,
        editor_name="Olga", issuer="demo", subject="olga", at=NOW - timedelta(days=30), note="",
    )  # fmt: skip


def found(*schedules: Schedule, past: tuple[Past, ...] = (), blackouts: tuple[Blackout, ...] = ()) -> Calendar:
    begins, ends = stretch(date(2027, 3, 1))
    coming = [
        Coming(schedule=each, moment=moment, blackout=None)
        for each in schedules
        for moment in RruleCalendar().between(each.spec, max(NOW, begins), ends, 5000)
    ]
    trouble = tuple(each for each in past if each.outcome in {Outcome.MISSED, Outcome.REFUSED})
    return Calendar(now=NOW, schedules=schedules, coming=tuple(coming), past=past, blackouts=blackouts, trouble=trouble)


def missed(at: datetime, number: int = 1, **more: Any) -> Past:
    base = Past(schedule=f"s-{number}", due_at=at, version=1, outcome=Outcome.MISSED, code="TOO_LATE",
                because="nobody looked in time.", at=at, request=None)  # fmt: skip
    return replace(base, **more)


def filled(shown: Month) -> dict[str, list[str]]:
    return {
        f"{day.day}": [f"{each.clock} {each.text} {each.mark.word}" for each in day.entries]
        for week in shown.weeks
        for day in week
        if day.entries
    }


def test_each_date_stands_on_the_day_of_its_own_zone() -> None:
    """08:00 in Auckland on the 15th is still the 14th in UTC; a past date shows what became of it."""
    past = missed(datetime(2027, 3, 7, 19, 0, tzinfo=UTC), outcome=Outcome.REQUESTED, request="r-7")
    shown = month(found(schedule(), past=(past,)), date(2027, 3, 1))
    assert filled(shown) == {
        "2027-03-08": ["08:00 NZDT Rehearsal of payments Requested"],
        "2027-03-15": ["08:00 NZDT Rehearsal of payments Scheduled"],
        "2027-03-22": ["08:00 NZDT Rehearsal of payments Scheduled"],
        "2027-03-29": ["08:00 NZDT Rehearsal of payments Scheduled"],
    }
    assert (shown.title, shown.before, shown.after) == ("March 2027", "2027-02", "2027-04")
    assert {len(week) for week in shown.weeks} == {7}
    assert [day.day for week in shown.weeks for day in week if day.today] == [NOW.date()]


def test_a_frequent_schedule_takes_one_line_a_day() -> None:
    every = schedule(rule="FREQ=MINUTELY;INTERVAL=10", zone="UTC", lasts_s=600.0)
    shown = filled(month(found(every), date(2027, 3, 1)))
    assert shown["2027-03-11"] == ["00:00–23:50 UTC Rehearsal of payments, 144 dates Scheduled"]


def test_what_is_left_out_is_said() -> None:
    """An empty day must not look like a day without dates."""
    whole = found(schedule())
    assert month(whole, date(2027, 3, 1)).left_out == ()
    cut = replace(whole, cut=((schedule(zone="UTC"), NOW),), past=(missed(NOW),), past_cut=True)
    assert month(cut, date(2027, 3, 1)).left_out == (
        "s-1 has more dates than are shown here: after Wed 2027-03-10 12:00 UTC none is shown.",
        "Dates before 2027-03-10 12:00:00 UTC are not shown: there were too many since.",
    )


def test_blackouts_mark_their_days() -> None:
    quiet = Blackout(id=1, schedule=None, first_day=date(2027, 3, 30), last_day=date(2027, 4, 2), zone="UTC",
                     reason="Close", by="Ada")  # fmt: skip
    shown = month(found(blackouts=(quiet,)), date(2027, 3, 1))
    marked = [day.day.day for week in shown.weeks for day in week if day.blackouts]
    assert marked == [30, 31, 1, 2]
    assert not shown.empty
    assert month(found(), date(2027, 3, 1)).empty
    assert [number for number, _ in blackout_rows([quiet], date(2027, 4, 3))] == [1]
    assert blackout_rows([quiet], date(2027, 4, 4)) == []


@pytest.mark.parametrize("text", ["", "2027", "2027-13", "9999-01", "0001-01", "'; drop", "2027-03-01"])
def test_a_month_that_is_none_is_this_month(text: str) -> None:
    assert month_of(text, NOW.date()) == date(2027, 3, 1)


def test_what_is_wrong_comes_first() -> None:
    """Dates without a request are the headline, each reason once; else what is next; a blackout's date is not next."""
    one = schedule()
    view = ScheduleView(schedule=one, coming=found(one).coming[:1])
    listed = Listed(now=NOW, items=(view,))
    assert headline(found(one), listed) == "Next: rehearsal of payments in 4 d 7 h"
    assert headline(found(one), Listed(now=NOW, items=())) == "No drill is scheduled"
    bad = found(one, past=(missed(NOW), missed(NOW - timedelta(days=1))))
    assert headline(bad, listed) == "2 dates of the last 7 days without a request"
    assert troubles(bad) == (
        "s-1: 2 dates, the last Thu 2027-03-11 01:00 NZDT (2027-03-10 12:00 UTC): nobody looked in time.",
    )
    (line,) = schedule_lines(listed, bad.trouble)
    assert line.trouble
    assert line.next.startswith("Next in 4 d 7 h: Mon 2027-03-15 08:00 NZDT")


def test_nobody_watches() -> None:
    assert unwatched(NOW - timedelta(seconds=90), NOW) is None
    assert "last looked at 10 min ago" in str(unwatched(NOW - timedelta(minutes=10), NOW))
    assert "Nobody has looked" in str(unwatched(None, NOW))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=MINUTELY;INTERVAL=10", "Every 10 minutes"),
        ("FREQ=WEEKLY", "Every week"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "Every 2 weeks on Monday and Thursday"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "Every month on the last Friday"),
        ("FREQ=MONTHLY;INTERVAL=3;BYDAY=1SU", "Every 3 months on the first Sunday"),
        ("FREQ=MONTHLY;BYDAY=1SU,3SU", None),
        ("FREQ=DAILY;COUNT=3", None),
        ("FREQ=YEARLY;BYDAY=20MO", None),
    ],
)
def test_rules_in_words(rule: str, words: str | None) -> None:
    """What is not one of the usual rules is shown as it stands, never half told."""
    assert rule_words(rule) == words


@pytest.mark.parametrize(
    ("starts", "rule"),
    [
        ("2027-03-07 10:00", "FREQ=MONTHLY;BYDAY=1SU"),
        ("2027-03-28 10:00", "FREQ=MONTHLY;BYDAY=4SU"),
        ("2027-03-31 10:00", "FREQ=MONTHLY;BYDAY=-1WE"),
    ],
)
def test_choices_give_rules_and_back(starts: str, rule: str) -> None:
    """The first date is one of the rule's own, and the form opens with the choice that was made."""
    assert rule_for(Repeat.WEEKDAY, local(starts), "") == rule
    for repeat in Repeat:
        made = schedule(starts=local(starts), rule=rule_for(repeat, local(starts), "FREQ=DAILY;COUNT=3"), zone="UTC")
        assert repeat_of(made.spec) is repeat
        first = RruleCalendar().between(made.spec, NOW - timedelta(days=20), NOW + timedelta(days=60), 1)[0]
        assert first.local == local(starts), repeat
