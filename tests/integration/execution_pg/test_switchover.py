"""A planned move of a real pair, there and back, under a client that writes (TC-042, FR-034)."""

from __future__ import annotations

from bc_lib.domain.execution.actions import Action, MarkName
from bc_lib.domain.requests.states import RequestType
from bc_lib.ports.mechanism import Effect
from tests.fixtures.execpair import Client, Driver, pair


def test_there_and_back_loses_no_acknowledged_row() -> None:
    with pair() as made:
        for round_, to in enumerate(("ams", "fra", "ams")):
            driver = Driver(made, request=f"r-{round_ + 1}", to=to)
            with Client(made.conninfo()) as client:
                driver.move()
            assert client.lost(made, to) == 0
            assert set(driver.times) == {MarkName.FENCED, MarkName.CAUGHT_UP, MarkName.PROMOTED, MarkName.WRITTEN}


def test_a_live_drill_goes_there_and_back_in_one_run() -> None:
    with pair() as made, Client(made.conninfo()) as client:
        driver = Driver(made, kind=RequestType.DRILL)
        for action in (Action.CHECK, Action.MOVE, Action.VERIFY, Action.REPROTECT, Action.HOLD):
            driver.do(action)
        driver.to = "fra"
        assert driver.mechanism.probe(driver.work(Action.MOVE, "-back")).effect is Effect.NOT_SEEN
        for action in (Action.MOVE, Action.VERIFY, Action.REPROTECT):
            driver.do(action, "-back")
        assert driver.mechanism.probe(driver.work(Action.MOVE, "-back")).effect is Effect.SEEN
        driver.do(Action.POSTCHECK)
        assert client.lost(made, "fra") == 0
        assert made.hosts.effects == [
            ("fra", "stop"),
            ("fra", "start-as-standby"),
            ("ams", "stop"),
            ("ams", "start-as-standby"),
        ]
