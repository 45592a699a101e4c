"""A database that is away: last known data, ageing honestly (FR-021, F28)."""

from __future__ import annotations

import pytest

from bc_lib.domain.assessment import Status
from bc_lib.testing.fake_screens import parts
from streamlit_app import live
from streamlit_app.live import LiveEstate, NothingRead, Recall


def test_f28_last_known_data_grows_old_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    made, clock, errors = parts(), [1000.0], []
    monkeypatch.setattr(live.time, "monotonic", lambda: clock[0])
    estate = LiveEstate(made.inventory, made.reader, lambda error: errors.append(error) or "Away")
    first = estate.read()
    assert first.away_since is None
    made.reader.away = made.inventory.away = True
    clock[0] += 60
    later = estate.read()
    assert (later.away_since, later.why) == (first.estate.now, "Away")
    assert (later.estate.now - first.estate.now).total_seconds() == 60
    assert {view.current.status for view in later.estate.resources} == {Status.STALE, Status.NEVER_SEEN}
    assert len(errors) == 1
    made.reader.away = made.inventory.away = False
    clock[0] += 3
    back = estate.read()
    assert (back.away_since, back.why) == (None, "")


def test_nothing_read_yet_is_said_and_not_made_up() -> None:
    made = parts()
    made.inventory.away = True
    with pytest.raises(NothingRead, match="^Away$"):
        LiveEstate(made.inventory, made.reader, lambda _: "Away").read()


def test_one_read_serves_everybody_for_two_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    made, clock = parts(), [0.0]
    asked: list[int] = []
    load = made.inventory.load
    monkeypatch.setattr(live.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(type(made.inventory), "load", lambda self: asked.append(1) or load.__func__(self))
    estate = LiveEstate(made.inventory, made.reader, str)
    for _ in range(50):
        estate.read()
    clock[0] += 2
    estate.read()
    assert len(asked) == 2


def test_recall_keeps_the_last_good_answer_and_says_that_it_is_old() -> None:
    recall = Recall(str, fresh_s=0.0)

    def refuse() -> int:
        raise OSError

    assert recall.get("a", refuse) is None
    assert recall.get("a", lambda: 7) == live.Recalled(value=7, old=False)
    assert recall.get("a", refuse) == live.Recalled(value=7, old=True)
