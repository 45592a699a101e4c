"""The Drills page, with real services over a real database (FR-050..052, US-006, US-008, SEC-002, S5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest

from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.schedules.values import ScheduleState
from bc_lib.services.schedules.edit import change
from streamlit_app.presenters.drill_choices import Repeat
from tests.fixtures.requests import World, world
from tests.fixtures.schedules import CALENDAR, NOON, at, look, minutes, scheduled, spec
from tests.ui.real_screens import Open, opened, text
from tests.ui.test_run_acts import labels, press

__all__ = ["world"]
local = datetime.fromisoformat
WEEKLY = {"rule": "FREQ=WEEKLY", "starts": local("2027-03-07 10:00"), "zone": "Europe/Amsterdam"}


@pytest.fixture
def tab(world: World) -> Iterator[Open]:
    at(world, NOON)
    with opened(world) as open_:
        yield open_


def newest(world: World, schedule: str = "s-1") -> Any:
    return world.gate.store.read.schedules.get(schedule)


def test_nothing_is_scheduled(tab: Open) -> None:
    """An empty page says what to do; who may not schedule gets no button, and everybody may make a feed."""
    page = tab("vera", "drills")
    body = text(page)
    assert "No drill is scheduled" in body
    assert "bcctl schedule add" in body
    assert "March 2027" in body
    assert labels(page) == ["Make a feed…"]


def test_the_month_the_list_and_what_went_wrong(tab: Open, world: World) -> None:
    """Each date on its schedule's own clock, what became of past ones, and first of all the dates without a request."""
    scheduled(world, **WEEKLY)
    scheduled(world, scope="reports-db", catch_up_s=60.0)
    at(world, NOON + minutes(35))
    look(world)
    body = text(tab("vera", "drills"))
    assert "3 dates of the last 7 days without a request" in body
    assert "s-2: 3 dates, the last Mon 2027-03-01 12:30 UTC: nobody looked in time" in body
    assert "Schedules were last looked at" not in body
    assert "Nobody has looked at schedules yet" in body, "the test's look leaves no beat"
    assert body.count("Rehearsal of orders-db") >= 4
    assert "10:00 CET" in body
    assert "10:00 CEST" in body, "the 28th is after the change"
    assert "144 dates" in body, "a schedule of every ten minutes takes one line a day"
    assert "Every week at 10:00, Europe/Amsterdam, from 2027-03-07" in body
    april = text(tab("vera", "drills", month="2027-04"))
    assert "April 2027" in april
    assert "10:00 CEST" in april
    assert "March 2027" in text(tab("vera", "drills", month="<script>"))


def test_an_operator_adds_a_schedule(tab: Open, world: World) -> None:
    """The next dates are shown before anything is stored; a refusal keeps the form; pressed twice it is stored once."""
    label = "Add a schedule…"
    page = press(tab("olga", "drills"), label)
    page.selectbox(key="schedule-scope").set_value(Scope(kind="group", name="payments"))
    page.segmented_control(key="schedule-kind").set_value("Planned rotation")
    press(page, label)
    page.datetime_input(key="starts-new").set_value(local("2027-03-07 10:00"))
    page.selectbox(key="zone-new").set_value("Europe/Amsterdam")
    page.selectbox(key="repeat-new").set_value(Repeat.WEEKDAY)
    body = text(press(page, label))
    assert "Sun 2027-04-04 10:00 CEST (08:00 UTC)" in body
    assert world.gate.store.read.schedules.list() == []
    assert "The title must be one line" in text(press(page, label, "Add it"))
    page.text_input(key="title-new").set_value("Monthly rotation")
    page.text_input(key="reason-new").set_value("DR policy 4.2")
    page.multiselect(key="channels-new").set_value(["ops-mail"])
    assert "s-1 is scheduled. It only asks; people decide." in text(press(page, label, "Add it"))
    stored = newest(world).spec
    assert (stored.type, stored.rule, stored.zone) == (
        RequestType.SWITCHOVER, "FREQ=MONTHLY;BYDAY=1SU", "Europe/Amsterdam",
    )  # fmt: skip
    assert [(each.channel, each.lead_s) for each in stored.notices] == [("ops-mail", 86_400.0)]
    assert ("completed", "schedule.add", None) in world.audit.verbs()


@pytest.mark.parametrize(
    ("starts", "own", "sentence"),
    [
        ("2027-03-07 10:00", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "the rule gives no date at all"),
        ("2027-03-07 10:00", "FREQ=SECONDLY", "FREQ must be one of"),
        ("2027-02-07 10:00", "FREQ=DAILY;UNTIL=20270228", "none: all of them are over"),
    ],
)
def test_a_rule_that_cannot_stand_is_said_at_once(
    tab: Open, world: World, starts: str, own: str, sentence: str
) -> None:
    """Before anything is pressed, in the service's own sentence; nothing is stored."""
    label = "Add a schedule…"
    page = press(tab("olga", "drills"), label)
    page.selectbox(key="schedule-scope").set_value(Scope(kind="resource", name="orders-db"))
    press(page, label)
    page.datetime_input(key="starts-new").set_value(local(starts))
    page.selectbox(key="repeat-new").set_value(Repeat.OWN)
    press(page, label)
    page.text_input(key="rule-new").set_value(own)
    assert sentence in text(press(page, label))
    assert world.gate.store.read.schedules.list() == []


def test_one_schedule_is_changed_paused_resumed_removed(tab: Open, world: World) -> None:
    """The deep link of a notice leads there; every button makes a version; a stale page is told so."""
    scheduled(world, **WEEKLY)
    viewer = tab("vera", "drills", schedule="s-1")
    assert "Count as requesters" in text(viewer)
    assert labels(viewer) == []
    page = tab("olga", "drills", schedule="s-1")
    press(page, "Change…")
    page.datetime_input(key="starts-s-1-1").set_value(local("2027-03-07 14:30"))
    assert "s-1 is changed" in text(press(page, "Change…", "Change it"))
    assert (newest(world).version, newest(world).spec.starts) == (2, local("2027-03-07 14:30"))
    assert "s-1 is paused." in text(press(press(page, "Pause…"), "Pause…", "Pause"))
    assert "No date to come." in text(page)
    press(page, "Resume…")
    change(world.gate, CALENDAR, world.actor("sam"), "s-1", 3, spec(**WEEKLY), "elsewhere")
    assert "s-1 is resumed." in text(press(page, "Resume…", "Resume")), "a whole run looks anew before it asks"
    assert (newest(world).state, newest(world).version) == (ScheduleState.ACTIVE, 5)
    press(press(page, "Remove…"), "Remove…", "Remove")
    assert newest(world).state is ScheduleState.REMOVED
    assert labels(tab("olga", "drills", schedule="s-1")) == []
    assert "There is no such schedule" in text(tab("olga", "drills", schedule="s-99"))


def test_blackouts_and_feeds(tab: Open, world: World) -> None:
    """Bad days are refused with a sentence; a good one stands until it is ended; a feed's address is shown once."""
    scheduled(world, **WEEKLY)
    label = "Add a blackout…"
    page = press(tab("olga", "drills"), label)
    assert "Choose the first day" in text(press(page, label, "Add it"))
    page.date_input(key="blackout-first").set_value(date(2027, 2, 7))
    page.text_input(key="blackout-reason").set_value("Quarter close")
    assert "is over (today is 2027-03-01" in text(press(page, label, "Add it"))
    page.date_input(key="blackout-first").set_value(date(2027, 3, 7))
    body = text(press(page, label, "Add it"))
    assert "Blackout 1 stands." in body
    assert "Will be skipped" in text(tab("vera", "drills"))
    page = tab("olga", "drills")
    assert "Blackout 1 has ended." in text(press(page, "End blackout 1…", "End it") if "End it" in labels(
        press(page, "End blackout 1…")) else page)  # fmt: skip
    made = press(press(tab("vera", "drills"), "Make a feed…"), "Make a feed…", "Make it")
    (address,) = (each.value for each in made.code)
    assert address.startswith("http://localhost:8501/calendar/")
    again = tab("vera", "drills")
    assert address not in text(again)
    assert "Feed 1 is revoked." in text(press(again, "Revoke feed 1"))


def test_us006_a_request_shows_its_schedule_and_tag_and_its_editors_cannot_approve(tab: Open, world: World) -> None:
    """S5 on the page: olga and sam edited it; sam holds the role and gets a sentence instead of a button."""
    weekly = {**WEEKLY, "type": RequestType.SWITCHOVER, "starts": local("2027-03-01 13:10")}
    scheduled(world, who="sam", **weekly)
    change(world.gate, CALENDAR, world.actor("olga"), "s-1", 1, spec(**{**weekly, "title": "Other"}), "c")
    at(world, NOON + minutes(10))
    assert look(world).requested == 1
    page = tab("sam", "requests", id="r-1")
    body = text(page)
    assert "Planned Rotation" in body
    assert 'href="/drills?schedule=s-1"' in body
    assert "Mon 2027-03-01 13:10 CET (12:10 UTC)" in body
    assert "You edited schedule s-1, which asked for r-1, so another person must decide." in body
    assert "Approve…" not in labels(page)
    assert "Approve…" in labels(tab("ian", "requests", id="r-1"))
    assert "Planned Rotation" in text(tab("ian", "requests"))
    assert "requested r-1" in text(tab("vera", "drills")).lower()


def test_text_from_people_is_shown_as_text(tab: Open, world: World) -> None:
    """A12: a title is no markup, in the list, the month and on its page."""
    scheduled(world, **WEEKLY, title='<img src=x onerror="alert(1)">')
    for query in ({}, {"schedule": "s-1"}):
        body = text(tab("vera", "drills", **query))
        assert "<img" not in body
        assert "&lt;img" in body
