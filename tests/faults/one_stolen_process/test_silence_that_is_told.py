"""H, P and the signer's thief: a shard of which nothing is stored, a dead poller, records that nobody sealed are told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from bc_lib import bootstrap_audit
from bc_lib.domain.assessment import Status
from bc_lib.ports.reading import ComponentBeat
from bc_lib.services.audit.signing import one_round, seal_trouble
from bc_lib.services.collection.silence import AWAKE, awake_since, silences, tell_unwatched
from bc_lib.services.own_health import UNSEALED, HealthItem, component_items
from bc_lib.store.audit_signer import SignerBeat
from tests.fixtures.audit_log import make_log
from tests.fixtures.database import Database
from tests.fixtures.requests import World, world
from tests.unit.services.test_poller_window import FAST, House

__all__ = ["world"]
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=1)


def poller(age_s: float = 4, instance: str = "host:1", **details: object) -> ComponentBeat:
    given = {"shard": 0, "shards": 1, "rounds": 7, "epoch": 3, "stored_s": 2.0, "stored_within_s": 20.0, **details}
    return ComponentBeat(
        component="poller", instance=instance, beat_at=NOW - timedelta(seconds=age_s), details=dict(given)
    )


def item(name: str, beats: Sequence[ComponentBeat]) -> HealthItem:
    return next(each for each in component_items(NOW, beats) if each.name == name)


def test_a_writer_that_stores_nothing_is_red_though_it_beats() -> None:
    assert item("poller", [poller()]).status is Status.GREEN
    found = item("poller", [poller(stored_s=21.0, last_error="TypeError: int")])
    assert (found.status, "nothing that the poller saw was stored for 21 s" in found.text) == (Status.RED, True)
    assert "TypeError: int" in found.text
    assert item("poller", [poller(stored_s=900.0, stored_within_s=None)]).status is Status.GREEN, "nothing to watch"


def test_one_shard_does_not_hide_another() -> None:
    alive, dead = poller(shards=2), poller(40, "host:2", shard=1, shards=2)
    assert item("poller", [alive, dead]).status is Status.RED
    assert "Shard 1 of 2" in item("poller", [alive, dead]).text
    assert "no poller has ever reported" in item("poller", [alive]).text
    assert item("poller", [alive, replace(dead, beat_at=NOW)]).status is Status.GREEN
    assert item("poller", []).status is Status.NEVER_SEEN


@pytest.mark.parametrize(
    ("beats", "sentence"),
    [
        ([poller(100, stored_s=1)], "last reported 1 min 40 s ago"),
        ([poller(stored_s=100)], "was stored for 1 min 40 s"),
        ([], "no poller has ever reported"),
    ],
)
def test_operations_and_security_are_told_once(world: World, beats: list[ComponentBeat], sentence: str) -> None:
    before = len(world.outbox())
    first = tell_unwatched(world.runner, beats, NOW, LONG_AGO)
    assert first >= 3, "both of security and who is routed"
    later = [replace(each, details=each.details | {"stored_s": 104.0}) for each in beats]
    tell_unwatched(world.runner, later, NOW, LONG_AGO)
    assert len(world.outbox()) == before + first
    told = world.database.sql("postgres", "SELECT notification->>'body' FROM bc.outbox ORDER BY id DESC LIMIT 1")[0][0]
    assert sentence in str(told)
    assert tell_unwatched(world.runner, [poller(rounds=9)], NOW, LONG_AGO) == 0


def test_what_was_down_altogether_is_not_told_at_once() -> None:
    """Everything starts again: the requests job looks a minute before it tells of the others."""
    own = ComponentBeat(
        component="requests", instance="x", beat_at=NOW - timedelta(seconds=15), details={AWAKE: LONG_AGO.isoformat()}
    )
    assert awake_since([own], NOW) == LONG_AGO
    assert awake_since([replace(own, beat_at=LONG_AGO)], NOW) == NOW
    assert awake_since([], NOW) == NOW


async def test_the_poller_says_what_it_could_not_store() -> None:
    house = House("orders-db")
    house.store.trouble = TypeError("expected string or bytes-like object, got 'int'")
    poller = house.poller("one", replace(FAST, window_s=60))
    running = asyncio.create_task(poller.run())
    async with asyncio.timeout(30):
        while (said := house.store.beats.get(("poller", "one"), {})).get("stored_s", 0) < 0.5:  # type: ignore[operator]
            await asyncio.sleep(0.02)
        house.store.trouble = None
        while not house.store.rounds:
            await asyncio.sleep(0.02)
    poller.stop.set()
    await running
    assert (said["rounds"], said["shards"]) == (0, 1)
    assert said["stored_within_s"] == 2 * house.inventory.load().inventory.resources[0].interval_s + 10


def test_the_signers_own_row_is_not_believed(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has bc_signer's password says that all is sealed; the folder of checkpoints says what is."""
    log = make_log(database, tmp_path)
    beat, reader = SignerBeat(database.engine("bc_signer")), SignerBeat(database.engine("bc_reader"))
    monkeypatch.setenv("BC_AUDIT_CHECKPOINTS", str(tmp_path / "checkpoints"))
    monkeypatch.setenv("BC_ENV", "test")
    monkeypatch.setenv("BC_DATA_DIR", str(tmp_path))
    assert bootstrap_audit.sealed_places() is None, "there is no folder here: only the signer can tell"
    assert one_round(log.signer(), beat, SQLAlchemyError).trouble is None
    assert bootstrap_audit.sealed_places() == 30
    log.fill(3)
    beat.beat(900_000_000, None)
    believed, looked = reader.state(), reader.state(bootstrap_audit.sealed_places())
    later = timedelta(minutes=5)
    assert seal_trouble(replace(believed, now=believed.now + later)) is None, "the row alone"
    assert "31 to 33 have not been sealed" in str(seal_trouble(replace(looked, now=looked.now + later)))


def test_health_is_red_by_what_the_requests_job_saw_and_by_a_refusal() -> None:
    signer = ComponentBeat(component="audit-signer", instance="0", beat_at=NOW, details={"last_error": None})
    requests = ComponentBeat(
        component="requests", instance="x", beat_at=NOW, details={UNSEALED: "Not sealed for 70 s."}
    )
    assert item("audit-signer", [signer]).status is Status.GREEN
    assert item("audit-signer", [signer, requests]).status is Status.RED
    refused = replace(signer, details={"last_error": "Record 9 was signed and is gone.", "refused": "Record 9 ..."})
    assert item("audit-signer", [refused]).status is Status.RED
    assert list(silences([poller()], NOW)) == []
