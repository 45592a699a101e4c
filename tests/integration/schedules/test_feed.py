"""The iCalendar feed: read by a library, the same UIDs through changes, closed by revoking (FR-050, US-008)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
from starlette.testclient import TestClient

from bc_lib.domain.schedules.values import Blackout, ScheduleState
from bc_lib.services.schedules.blackouts import add_blackout
from bc_lib.services.schedules.edit import change, turn
from bc_lib.services.schedules.feed_events import feed_events
from bc_lib.services.schedules.feeds import add_feed, list_feeds, open_feed, revoke_feed
from tests.fixtures.requests import World, refused
from tests.fixtures.schedules import CALENDAR, NOON, at, look, minutes, scheduled, spec
from tests.ui.real_screens import routes

local = datetime.fromisoformat
AMSTERDAM = {"zone": "Europe/Amsterdam", "starts": local("2027-03-07 10:00")}
MONTHLY = {**AMSTERDAM, "rule": "FREQ=MONTHLY;BYDAY=1SU", "title": "Règle 4,2; with a \\ and 日本 " + "x" * 80}


@pytest.fixture
def web(world: World) -> Iterator[TestClient]:
    """Our routes behind the gate, nobody signed in."""
    with routes(world, "http://localhost:8501") as client:
        yield client


def fetched(world: World, web: TestClient) -> dict[str, Any]:
    """The events by UID, as the library reads them."""
    new = add_feed(world.gate, world.actor("vera"), "Drills")
    answer = web.get(new.address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    revoke_feed(world.gate, world.actor("vera"), new.feed.id)
    events = list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))
    found = {str(each["UID"]): each for each in events}
    assert len(found) == len(events), "a UID is used once"
    return found


def test_a_library_reads_it_and_the_hours_are_right_on_both_sides_of_a_clock_change(
    world: World, web: TestClient
) -> None:
    """10:00 in Amsterdam is 09:00 UTC in March and 08:00 in April; text comes through whole."""
    at(world, NOON)
    scheduled(world, **MONTHLY)
    found = fetched(world, web)
    starts = {uid: each["DTSTART"].dt for uid, each in found.items()}
    assert starts["s-1.2027-03.0@business-continuity"] == datetime(2027, 3, 7, 9, 0, tzinfo=UTC)
    assert starts["s-1.2027-04.0@business-continuity"] == datetime(2027, 4, 4, 8, 0, tzinfo=UTC)
    first = found["s-1.2027-03.0@business-continuity"]
    assert first["DTEND"].dt - first["DTSTART"].dt == timedelta(hours=1)
    assert MONTHLY["title"] in str(first["DESCRIPTION"])
    assert str(first["SUMMARY"]) == "Rehearsal of orders-db"
    assert len(found) == 14, "400 days of first Sundays"


def test_uids_stay_through_changes(world: World, web: TestClient) -> None:
    """Another hour, another Sunday, another title, a blackout: the same UIDs, a higher sequence."""
    at(world, NOON)
    made = scheduled(world, **MONTHLY)
    before = fetched(world, web)
    later = replace(spec(**MONTHLY), rule="FREQ=MONTHLY;BYDAY=2SU", title="Other", starts=local("2027-03-07 14:30"))
    change(world.gate, CALENDAR, world.actor("olga"), made.id, 1, later, "c")
    days = {"first_day": date(2027, 5, 9), "last_day": date(2027, 5, 9)}
    blackout = Blackout(id=0, schedule=None, zone="UTC", reason="Holiday", by="", **days)
    add_blackout(world.gate, CALENDAR, world.actor("olga"), blackout)
    after = fetched(world, web)
    assert set(before) <= set(after) | {max(before)}, "the last may lie beyond the end now"
    moved = after["s-1.2027-04.0@business-continuity"]
    assert moved["DTSTART"].dt == datetime(2027, 4, 11, 12, 30, tzinfo=UTC)
    assert (int(before[str(moved["UID"])]["SEQUENCE"]), int(moved["SEQUENCE"])) == (1, 2)
    skipped = after["s-1.2027-05.0@business-continuity"]
    assert (str(skipped["STATUS"]), str(skipped["SUMMARY"])) == ("CANCELLED", "Skipped: Rehearsal of orders-db")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"rule": None, "starts": local("2027-03-02 10:00")}, {"rule": None, "starts": local("2027-03-20 11:00")}),
        ({"rule": "FREQ=WEEKLY;BYDAY=MO,TH"}, {"rule": "FREQ=WEEKLY;BYDAY=TU,FR"}),
        ({"rule": "FREQ=DAILY"}, {"rule": "FREQ=DAILY", "starts": local("2027-03-01 20:00")}),
        ({"rule": "FREQ=YEARLY"}, {"rule": "FREQ=YEARLY", "starts": local("2027-03-03 20:00")}),
    ],
)
def test_uids_of_every_kind_of_rule(world: World, before: dict[str, Any], after: dict[str, Any]) -> None:
    """What a date is called does not depend on its hour, nor on its day within week, month or year."""
    at(world, NOON)
    made = scheduled(world, **before)
    first = [each.uid for each in feed_events(world.gate, CALENDAR)][:5]
    change(world.gate, CALENDAR, world.actor("olga"), made.id, 1, spec(**after), "c")
    assert [each.uid for each in feed_events(world.gate, CALENDAR)][:5] == first


def test_past_dates_say_what_became_of_them(world: World) -> None:
    """A date does not vanish when it has come: it leads to its request; a paused schedule shows no more."""
    at(world, NOON)
    made = scheduled(world)
    before = [each.uid for each in feed_events(world.gate, CALENDAR)]
    at(world, NOON + minutes(10))
    look(world)
    turn(world.gate, CALENDAR, world.actor("olga"), made.id, None, ScheduleState.PAUSED, "p")
    (event,) = feed_events(world.gate, CALENDAR)
    assert (event.uid, event.link) == (before[0], "http://localhost:8501/requests?id=r-1")
    assert "Request r-1 was made" in event.text


def test_a_closed_address_says_one_sentence_and_is_audited(world: World, web: TestClient) -> None:
    """Unknown, malformed, revoked, of somebody switched off: nobody can tell them apart; counted, told once a minute."""
    at(world, NOON)
    ian, olga = (add_feed(world.gate, world.actor(who), who) for who in ("ian", "olga"))
    assert web.get(ian.address).status_code == 200
    revoke_feed(world.gate, world.actor("ian"), ian.feed.id)
    world.database.sql("bc_sign_on", "UPDATE bc.person SET disabled = true WHERE name = 'Olga'")
    said = set()
    for address in (ian.address, olga.address, "/calendar/x.ics", f"/calendar/{'a' * 43}.ics"):
        answer = web.get(address)
        assert answer.status_code == 404
        said.add(answer.text)
    assert said == {"This calendar feed does not exist or was revoked; make a new one on the Drills page.\n"}
    assert [each for each in world.audit.verbs() if each[0] == "denied"] == [("denied", "request.read", "FEED_CLOSED")]
    for path in ("/calendar/", "/calendar/x", "/calendar/x.ics/", "/calendar/a/x.ics", "/calendar/x.icsx"):
        assert web.get(path).headers["location"].startswith("/sign-in"), f"TC-001: {path} is no feed"


def test_whose_feeds(world: World) -> None:
    """One's own; an administrator ends anybody's. The token is stored nowhere and in no record."""
    at(world, NOON)
    vera, ada = world.actor("vera"), world.actor("ada")
    new = add_feed(world.gate, vera, "Mine")
    assert refused(revoke_feed, world.gate, world.actor("ian"), new.feed.id) == "UNKNOWN_FEED"
    assert refused(add_feed, world.gate, world.actor("nobody"), "x") == "UNKNOWN_PERSON"
    assert refused(add_feed, world.gate, vera, "two\nlines") == "TEXT_INVALID"
    assert [each.title for each in list_feeds(world.gate, ada)] == ["Mine"]
    assert list_feeds(world.gate, world.actor("ian")) == []
    token = new.address.rsplit("/", 1)[1].removesuffix(".ics")
    assert open_feed(world.gate, CALENDAR, token).startswith("BEGIN:VCALENDAR\r\n")
    assert token not in str(world.database.sql("postgres", "SELECT * FROM bc.calendar_feed"))
    assert token not in str(world.audit.entries)
    revoke_feed(world.gate, ada, new.feed.id)
    assert refused(open_feed, world.gate, CALENDAR, token) == "FEED_CLOSED"
    for number in range(10):
        add_feed(world.gate, vera, f"Feed {number}")
    assert refused(add_feed, world.gate, vera, "One more") == "TOO_MANY_FEEDS"


def test_by_command(commands: Any, world: World) -> None:
    """add shows the address once; list and revoke do not know it."""
    at(world, NOON)
    code, _, made = commands("schedule", "feed", "add", "--as", "vera", "--json")
    assert code == 0
    assert made["address"].endswith(".ics")
    listed = commands("schedule", "feed", "list", "--as", "vera")[1]
    assert "Disaster recovery drills, of Vera" in listed
    assert made["address"][-20:] not in listed
    assert commands("schedule", "feed", "revoke", "1", "--as", "ian")[0] == 3
    assert commands("schedule", "feed", "revoke", "1", "--as", "vera")[0] == 0
    assert commands("schedule", "feed", "list", "--as", "vera")[1].startswith("No calendar feeds.")
