"""Blackouts by service and by command: nothing is asked for in them, and whoever was told hears of it (FR-050, FR-051)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from bc_lib.domain.schedules.values import Blackout, PreNotice, ScheduleState
from bc_lib.services.schedules.blackouts import add_blackout, end_blackout
from bc_lib.services.schedules.edit import turn
from tests.fixtures.requests import World, refused
from tests.fixtures.schedules import CALENDAR, NOON, at, look, minutes, scheduled

DAY = date(2027, 3, 2)
NOTICE = (PreNotice(channel="ops-mail", lead_s=86_400.0),)


def wanted(**more: Any) -> Blackout:
    """The second of March."""
    given = {"schedule": None, "first_day": DAY, "last_day": DAY, "zone": "UTC", "reason": "Quarter close"}
    return Blackout(id=0, by="", **{**given, **more})


def added(world: World, who: str = "olga", **more: Any) -> Blackout:
    return add_blackout(world.gate, CALENDAR, world.actor(who), wanted(**more))


def rows(world: World) -> int:
    return int(world.database.sql("bc_reader", "SELECT count(*) FROM bc.blackout")[0][0])


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"last_day": date(2027, 3, 1)}, "BLACKOUT_INVALID"),
        ({"first_day": date(2027, 2, 1), "last_day": date(2027, 2, 28)}, "BLACKOUT_INVALID"),
        ({"last_day": date(2028, 6, 1)}, "BLACKOUT_INVALID"),
        ({"first_day": date(2050, 1, 1), "last_day": date(2050, 1, 1)}, "BLACKOUT_INVALID"),
        ({"zone": "Mars/Base"}, "BLACKOUT_INVALID"),
        ({"reason": "two\nlines"}, "TEXT_INVALID"),
        ({"schedule": "s-9"}, "UNKNOWN_SCHEDULE"),
    ],
)
def test_what_cannot_stand(world: World, more: dict[str, Any], code: str) -> None:
    """One sentence each, and nothing is stored."""
    at(world, NOON)
    assert refused(added, world, **more) == code
    assert rows(world) == 0


def test_who_may(world: World) -> None:
    """SEC-002: editors of schedules; a refusal is audited, and so is what was done."""
    at(world, NOON)
    for who in ("vera", "ian", "bea"):
        assert refused(added, world, who) == "ROLE_MISSING"
    assert added(world, "olga").id == added(world, "ada").id, "the same days for the same reason are one blackout"
    assert rows(world) == 1
    end_blackout(world.gate, CALENDAR, world.actor("ada"), 1)
    assert refused(end_blackout, world.gate, CALENDAR, world.actor("ada"), 1) == "UNKNOWN_BLACKOUT"
    verbs = [each for each in world.audit.verbs() if "blackout" in each[1]]
    assert verbs == [
        ("completed", "schedule.blackout-add", None),
        ("completed", "schedule.blackout-end", None),
    ]


def test_the_days_are_those_of_its_zone_and_schedule(world: World) -> None:
    """2 March in Auckland has begun while it is still 1 March in UTC; another schedule is not concerned."""
    at(world, NOON)
    mine = scheduled(world, rule="FREQ=DAILY", starts=datetime.fromisoformat("2027-03-01 12:30"))
    other = scheduled(world, scope="reports-db", rule="FREQ=DAILY", starts=datetime.fromisoformat("2027-03-01 12:30"))
    added(world, zone="Pacific/Auckland", schedule=mine.id)
    at(world, NOON + minutes(30))
    done = look(world)
    assert (done.requested, done.not_requested) == (1, 1)
    past = {each.schedule: each.outcome.value for each in world.gate.store.read.schedules.past()}
    assert past == {mine.id: "skipped", other.id: "requested"}


def test_whoever_was_told_is_told_again(world: World) -> None:
    """FR-051: called off by a blackout, on again when it ends; a pause within it tells nothing twice."""
    at(world, NOON)
    made = scheduled(world, rule=None, starts=datetime.fromisoformat("2027-03-02 10:00"), notices=NOTICE)
    assert look(world).told == 1
    first = added(world)
    kinds = [key.split("/")[3] for key in world.outbox() if key.startswith(f"schedule/{made.id}/")]
    assert kinds == ["coming", "off"]
    olga = world.actor("olga")
    turn(world.gate, CALENDAR, olga, made.id, None, ScheduleState.PAUSED, "p")
    end_blackout(world.gate, CALENDAR, olga, first.id)
    turn(world.gate, CALENDAR, olga, made.id, None, ScheduleState.ACTIVE, "a")
    kinds = [key.split("/")[3] for key in world.outbox() if key.startswith(f"schedule/{made.id}/")]
    assert kinds == ["coming", "off", "again"]


def test_by_command(commands: Any, world: World) -> None:
    """add, list, next, remove; a usage error and a refusal store nothing."""
    at(world, NOON)
    scheduled(world, rule="FREQ=DAILY", starts=datetime.fromisoformat("2027-03-01 13:00"))
    days, why = ("--from", "2027-03-02", "--to", "2027-03-03"), ("--reason", "Quarter close")
    assert commands("schedule", "blackout", "add", "--from", "tomorrow", *why, "--as", "olga")[0] == 2
    assert commands("schedule", "blackout", "add", *days, *why, "--as", "vera")[0] == 3
    assert commands("schedule", "blackout", "add", "--from", "2027-02-02", *why, "--as", "olga")[:2] == (
        3,
        "The blackout cannot stand because its last day 2027-02-02 is over (today is 2027-03-01 in UTC); "
        "nothing was stored. [BLACKOUT_INVALID]\n",
    )
    assert commands("schedule", "blackout", "list")[1].startswith("No blackouts.")
    code, _, made = commands("schedule", "blackout", "add", *days, *why, "--as", "olga", "--json")
    assert (code, made["id"], made["last_day"]) == (0, 1, "2027-03-03")
    assert (
        "2027-03-02 to 2027-03-03 (UTC), every schedule: Quarter close, by Olga"
        in commands("schedule", "blackout", "list")[1]
    )
    dates = commands("schedule", "next", "s-1", "-n", "4", "--json")[2]["dates"]
    assert [each["blackout"] for each in dates] == [None, "Quarter close", "Quarter close", None]
    assert commands("schedule", "blackout", "remove", "1", "--as", "olga")[0] == 0
    assert commands("schedule", "blackout", "remove", "1", "--as", "olga")[0] == 3
    assert len(commands("schedule", "blackout", "list", "--ended", "--json")[2]["blackouts"]) == 1
