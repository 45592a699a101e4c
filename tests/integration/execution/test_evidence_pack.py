"""A real drill of a real pair leaves a pack that tells it as it was, and that verifies where nothing of ours is (issue 5)."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from bc_lib.domain.execution.actions import DrillKind
from bc_lib.domain.lsn import position
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.services.evidence.standalone_pack import unpack
from bc_lib.services.execution.end_hold import end_hold
from tests.fixtures.evidence import Packs, every_change_is_named
from tests.fixtures.moving import Moving
from tests.fixtures.requests import TITLES


def test_a_live_drill_and_its_pack(moving: Moving, tmp_path: Path) -> None:
    """TC-042, TC-043, FR-037: there, held, back; then the pack: steps, times, markers, loss and checks of these servers."""
    packs, world, home, away = Packs(moving.world, tmp_path / "evidence"), moving.world, moving.site, moving.other
    request = moving.ready(RequestType.DRILL, drill=DrillKind.LIVE)
    assert packs.make() == "0 evidence packs and 0 addenda made"
    moving.run(request)
    assert packs.make() == "0 evidence packs and 0 addenda made", "a run that holds is not over"
    end_hold(world.gate, world.actor("olga"), request.id, "orders-db/hold")
    report = moving.again(request)
    assert report.state == State.SUCCEEDED, report.text
    pack = packs.take(request)
    code, said = packs.verify(pack, "--key", packs.key.public)
    assert (code, said.splitlines()[-1]) == (0, "8 files: sound"), said
    every_change_is_named(pack, packs.key.public, seed=7)
    files = unpack(pack)[0]
    body = json.loads(files["pack.json"])
    _tells(moving, body, request.id, home, away)
    _steps(moving, body, files["timeline.csv"].decode(), request.id)
    assert files["report.html"].decode().count("<svg") == 2


def _tells(moving: Moving, body: dict[str, Any], request: str, home: str, away: str) -> None:
    run = moving.read.run(request)
    assert run is not None
    assert run.outage_began_at is not None
    assert body["verdict"]["state"] == "Succeeded"
    assert body["verdict"]["recovery_test"].startswith("Yes")
    assert body["request"]["target_site"] == away
    assert body["members"] == {"orders-db": "MovedBack"}
    assert body["rto"]["ended"]
    assert body["rto"]["clients_could_not_write_s"] > 0
    assert [(each["step"], each["certainty"]) for each in body["rpo"]] == [
        ("orders-db/move", "proven"),
        ("orders-db/move-back", "proven"),
    ]
    assert f"Nothing that {TITLES[home]} acknowledged" in body["rpo"][0]["sentence"]
    assert f"Nothing that {TITLES[away]} acknowledged" in body["rpo"][1]["sentence"]
    assert body["rpo"][0]["measured_at"] < body["rpo"][1]["measured_at"]
    assert 0 < body["rto"]["way_back"]["seconds"] < 60
    assert "On the way back it was " in body["rto"]["sentence"]
    assert body["cleanup"]["owed"] == []
    assert body["break_glass"] is None
    assert {each["did"] for each in body["people"]} >= {"asked", "approved", "confirmed"}
    assert len(body["prechecks"]["findings"]) > 10
    assert moving.site == home


def _steps(moving: Moving, body: dict[str, Any], table: str, request: str) -> None:
    """Every step of the plan once, in order, with the times of the journal."""
    run = moving.read.run(request)
    assert run is not None
    journal = {each.step.key: each for each in run.steps}
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["key"] for row in rows] == [each.key for each in moving.read.plan(request).plan.steps]
    assert {row["executed"] for row in rows} == {"executed"}
    for row in rows:
        began = journal[row["key"]].claimed_at
        assert began is not None
        assert datetime.fromisoformat(row["began_at"]) == began
    told = {each["step"]: each["values"] for each in body["markers"]}
    moved = [told[key]["marker"] for key in journal if key in told and "marker" in told[key]]
    assert len(moved) == 2, "the way there and the way back"
    assert (position(moved[0]) or 0) < (position(moved[1]) or 0)
