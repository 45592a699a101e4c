"""What cannot be scheduled: one clear sentence, nothing stored (issue 5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from bc_lib.domain.requests.states import RequestType, State
from bc_lib.domain.schedules.values import PreNotice, ScheduleState
from bc_lib.services.schedules.edit import add, change, turn
from bc_lib.services.schedules.upcoming import next_dates
from tests.fixtures.requests import World, refused
from tests.fixtures.schedules import CALENDAR, NOON, at, look, minutes, scheduled, spec

ONCE = {"rule": None, "starts": datetime.fromisoformat("2027-03-02 10:00")}
BLACKOUT = """
INSERT INTO bc.blackout (schedule, first_day, last_day, zone, reason, issuer, subject)
VALUES (NULL, '2027-03-02', '2027-03-02', 'UTC', 'Quarter close', 'demo', 'ada')
"""


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "SCHEDULE_RULE"),
        ({"zone": "Mars/Base"}, "SCHEDULE_RULE"),
        ({"rule": None, "starts": datetime.fromisoformat("2027-02-01 10:00")}, "SCHEDULE_PAST"),
        ({"rule": "FREQ=DAILY;UNTIL=20270228", "starts": datetime.fromisoformat("2027-01-01 10:00")}, "SCHEDULE_PAST"),
        ({"lasts_s": 601.0}, "SCHEDULE_CLOSE"),
        ({"type": RequestType.FAILOVER}, "SCHEDULE_RULE"),
        ({"type": RequestType.SWITCHOVER, "drill": "live"}, "DRILL_KIND"),
        ({"target_site": "moon"}, "TARGET_SITE_UNKNOWN"),
        ({"title": "two\nlines"}, "TEXT_INVALID"),
        ({"notices": (PreNotice(channel="nobody", lead_s=600),)}, "UNKNOWN_CHANNEL"),
        ({"notices": (PreNotice(channel="ops-mail", lead_s=604_800),)}, "NOTICE_FLOOD"),
        ({"scope": "gone-db"}, "UNKNOWN_SCOPE"),
    ],
)
def test_what_cannot_stand(world: World, more: dict[str, Any], code: str) -> None:
    """Impossible rule, past date, nonsense: refused, and nothing is stored."""
    at(world, NOON)
    assert refused(add, world.gate, CALENDAR, world.actor("olga"), spec(**more), "k") == code
    assert world.database.sql("bc_reader", "SELECT count(*) FROM bc.schedule_version") == [(0,)]


def test_overlaps_on_one_group(world: World) -> None:
    """A group and one of its members need the same resource; other hours and other resources do not matter."""
    at(world, NOON)
    scheduled(world, scope="payments", **ONCE)
    near = datetime.fromisoformat("2027-03-02 10:59")
    assert refused(scheduled, world, scope="orders-db", rule=None, starts=near) == "SCHEDULE_OVERLAP"
    scheduled(world, scope="orders-db", rule=None, starts=datetime.fromisoformat("2027-03-02 11:00"))
    scheduled(world, scope="reports-db", rule=None, starts=near)


def test_blackouts(world: World) -> None:
    """A single date in one is refused; a rule's dates in one are shown, skipped, recorded, and make no request."""
    at(world, NOON)
    world.database.sql("bc_ui", BLACKOUT)
    assert refused(scheduled, world, **ONCE) == "BLACKOUT_HIT"
    daily = scheduled(world, rule="FREQ=DAILY", starts=datetime.fromisoformat("2027-03-01 13:00"))
    found = next_dates(world.gate, CALENDAR, daily.id, 3)
    assert [each.blackout.reason if each.blackout else None for each in found] == [None, "Quarter close", None]
    at(world, NOON + minutes(60 + 24 * 60))
    look(world)
    past = world.gate.store.read.schedules.past(daily.id)
    assert [each.outcome.value for each in past] == ["skipped", "missed"]
    assert world.gate.store.read.list().requests == ()


def test_editing(world: World) -> None:
    """The second press, the stale version, what was removed."""
    at(world, NOON)
    olga = world.actor("olga")
    made = add(world.gate, CALENDAR, olga, spec(), "k")
    assert add(world.gate, CALENDAR, olga, spec(), "k").id == made.id
    assert refused(add, world.gate, CALENDAR, olga, spec(title="Other"), "k") == "KEY_REUSED"
    change(world.gate, CALENDAR, olga, made.id, 1, spec(title="Other"), "c")
    assert refused(change, world.gate, CALENDAR, olga, made.id, 1, spec(title="Third"), "c2") == "SCHEDULE_STALE"
    for who in ("vera", "ian", "bea"):
        assert refused(add, world.gate, CALENDAR, world.actor(who), spec(), f"{who}") == "ROLE_MISSING"
    removed = turn(world.gate, CALENDAR, olga, made.id, 2, ScheduleState.REMOVED, "r")
    assert removed.version == 3
    assert refused(turn, world.gate, CALENDAR, olga, made.id, 3, ScheduleState.ACTIVE, "x") == "SCHEDULE_REMOVED"


def test_after_downtime_and_while_paused(world: World) -> None:
    """Within the catch-up each date is requested once; before that it is missed, told once; paused dates are none."""
    at(world, NOON)
    made = scheduled(world)
    at(world, NOON + minutes(105))  # dates at :10 ... :100, the first four more than an hour ago
    done = look(world)
    assert (done.requested, done.not_requested) == (6, 4)
    assert str(look(world)).startswith("0 requests made, 0 dates")
    assert sum(key.endswith("/none") for key in world.outbox()) == 1
    assert {each.state for each in world.gate.store.read.list().requests} == {State.PENDING_APPROVAL}
    turn(world.gate, CALENDAR, world.actor("olga"), made.id, None, ScheduleState.PAUSED, "p")
    at(world, NOON + minutes(130))
    assert str(look(world)).startswith("0 requests made, 0 dates")
    turn(world.gate, CALENDAR, world.actor("olga"), made.id, None, ScheduleState.ACTIVE, "a")
    at(world, NOON + minutes(140))
    assert look(world).requested == 1


def test_pre_notices_once_and_called_off(world: World) -> None:
    """FR-051: told once for each list and lead; told again when it is called off."""
    at(world, NOON)
    notices = tuple(PreNotice(channel=name, lead_s=1200) for name in ("ops-mail", "security-1"))
    made = scheduled(world, rule=None, starts=datetime.fromisoformat("2027-03-01 12:30"), notices=notices)
    assert look(world).told == 0
    at(world, NOON + minutes(10))
    assert (look(world).told, look(world).told) == (2, 0)
    turn(world.gate, CALENDAR, world.actor("olga"), made.id, None, ScheduleState.REMOVED, "r")
    assert sum("/off/" in key for key in world.outbox()) == 2
