"""The kill campaign's own judgement: what it counts, what it calls wrong, that a seed repeats itself (issue 4, F11)."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.campaign import record as records
from benchmarks.campaign.judge import Seen, effects_of, wrongs
from benchmarks.campaign.moments import WHOLE, Strike, moments
from benchmarks.campaign.record import Record
from benchmarks.campaign.report import BEGIN, END, table, write

GOOD = Seen(
    request="r-1",
    state="Succeeded",
    outcome="",
    old="fra",
    new="ams",
    timelines=(3, 4),
    effects={"fra": Counter({"stop": 1, "start-as-standby": 1}), "ams": Counter()},
    primaries=["ams"],
    lost=0,
    alive=0,
)
BACK = replace(
    GOOD,
    state="Failed",
    outcome="RolledBack",
    timelines=(3, 3),
    effects={"fra": Counter({"stop": 1, "start": 1})},
    primaries=["fra"],
)


def lines(*entries: dict[str, object]) -> list[str]:
    return [json.dumps(entry) for entry in entries]


def order(number: int, run: str, verb: str, *, changed: bool | None = True) -> list[str]:
    begun = lines({"kind": "intent", "number": number, "run": run, "verb": verb})
    return begun + ([] if changed is None else lines({"kind": "result", "number": number, "changed": changed}))


def test_a_switchover_and_one_that_was_taken_back_are_right() -> None:
    assert wrongs(GOOD) == []
    assert wrongs(BACK) == []


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        (replace(GOOD, effects={"fra": Counter({"stop": 2, "start-as-standby": 1})}), "stop 2 times"),
        (replace(GOOD, effects={"ams": Counter({"stop": 1})}), "stop 1 times at ams"),
        (replace(GOOD, effects={"fra": Counter({"start": 1, "start-as-standby": 1})}), "both as primary"),
        (replace(GOOD, effects={"fra": Counter({"rewind": 1})}), "rewind 1 times"),
        (replace(GOOD, timelines=(3, 5)), "went on by 2"),
        (replace(GOOD, primaries=["fra"]), "went on by 1"),
        (replace(GOOD, primaries=["fra", "ams"]), "2 nodes take writes"),
        (replace(GOOD, primaries=[]), "0 nodes take writes"),
        (replace(GOOD, state="Running"), "no end"),
        (replace(GOOD, lost=2), "2 acknowledged rows"),
        (replace(GOOD, alive=1), "1 leases"),
        (replace(GOOD, streams=False), "no standby"),
        (replace(BACK, outcome=""), "without an outcome"),
        (replace(BACK, outcome="Untouched"), "touched nothing"),
        (replace(BACK, timelines=(3, 4)), "went on by 1"),
    ],
)
def test_what_must_not_be_is_said(bad: Seen, word: str) -> None:
    assert any(word in each for each in wrongs(bad))


def test_only_what_a_host_really_did_for_this_run_counts() -> None:
    fra = order(0, "r-1", "stop") + order(1, "r-2", "stop") + order(2, "r-1", "start", changed=False)
    found = effects_of("r-1", {"fra": [*fra, *order(3, "r-1", "rewind", changed=None)], "ams": []})
    assert found == {"fra": Counter({"stop": 1}), "ams": Counter()}


def test_a_seed_repeats_its_rounds_and_every_kind_of_strike_comes() -> None:
    first = [moments(4, number) for number in range(300)]
    assert first == [moments(4, number) for number in range(300)]
    assert first != [moments(5, number) for number in range(300)]
    every = [moment for strikes in first for moment in strikes]
    assert {moment.strike for moment in every} == set(Strike)
    assert all(0 <= moment.share <= WHOLE for moment in every)
    assert len(every) >= 300


def test_a_campaign_that_was_cut_short_is_found_again(tmp_path: Path) -> None:
    record = Record(seed=4, rounds=17, undisturbed_s=[1.5])
    record.hits["kill"] += 3
    assert records.load(tmp_path) is None
    record.save(tmp_path)
    assert records.load(tmp_path) == record
    assert isinstance(records.load(tmp_path).hits, Counter)  # type: ignore[union-attr]  # it was just saved


def test_the_table_says_what_is_wrong_and_stands_between_its_markers(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    record = Record(seed=4, rounds=2, wrong=["2 acknowledged rows were lost in r-9."])
    assert "WRONG: 2 acknowledged rows were lost in r-9." in table(record)
    write(record, "command", page)
    text = page.read_text()
    assert text.startswith("before\n") and text.endswith("after\n") and "old" not in text
    other = tmp_path / "other.md"
    other.touch()
    with pytest.raises(ValueError, match="has no lines"):
        write(record, "command", other)
