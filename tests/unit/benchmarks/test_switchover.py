"""The benchmark's own arithmetic: the outage, the ratio, the tables, and a peer that is not there (issue 4)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.switchover.__main__ import main
from benchmarks.switchover.outage import longest_gap_ms, read_notes
from benchmarks.switchover.peers import debian_peers
from benchmarks.switchover.result import Act, Missing, Report, Result, Round, to_raw
from benchmarks.switchover.table import BEGIN, END, tables, write

RAW = Result(key="raw", act=Act.SWITCHOVER, title="bare", postgresql="18.6")


def rounds(*outages_ms: float, lost: int = 0) -> tuple[Round, ...]:
    return tuple(
        Round(outage_ms=outage, acknowledged=100, lost=lost, command_s=1.0, whole_s=2.0) for outage in outages_ms
    )


def report(*results: Result) -> Report:
    return Report(command="command", began="today", machine="2 CPUs", load=(0.1, 0.2), results=results)


def test_the_outage_is_the_longest_gap_between_two_acknowledged_writes() -> None:
    notes = read_notes(["ok 1 10.000000\n", "error 10.1 the server ended\n", "ok 3 10.250000\n", "ok 4 10.260000\n"])
    assert notes.numbers == {1, 3, 4}
    assert notes.errors == ("the server ended",)
    assert longest_gap_ms(notes.times_s) == pytest.approx(250)


def test_a_note_that_was_cut_off_counts_for_nothing() -> None:
    assert read_notes(["ok 1 10.000000\n", "ok 2 10.0"]).numbers == {1}
    assert longest_gap_ms((10.0,)) is None


def test_the_ratio_is_taken_to_the_bare_sequence_on_the_same_major_version() -> None:
    raw15 = replace(RAW, key="raw-15", postgresql="15.20", rounds=rounds(200))
    every = [replace(RAW, rounds=rounds(90, 100, 110)), raw15]
    peer = replace(RAW, key="repmgr", postgresql="15.18", rounds=rounds(1000))
    assert to_raw(peer, every) == 5
    assert to_raw(replace(peer, postgresql="18.6"), every) == 10
    assert to_raw(replace(peer, postgresql="17.1"), every) is None
    assert to_raw(replace(peer, act=Act.FAILOVER), every) is None


def test_one_that_was_not_measured_stands_in_the_table_with_the_reason() -> None:
    text = tables([RAW, replace(RAW, key="patroni", title="Patroni", trouble="etcd is missing")])
    assert "| Patroni | not measured: etcd is missing |" in text


def test_rounds_before_a_failure_are_shown_with_the_failure_and_lost_rows_are_added_up() -> None:
    text = tables([replace(RAW, rounds=rounds(80, 120, lost=2), trouble="a round failed (OSError)")])
    assert "2, then stopped: a round failed (OSError)" in text
    assert "| 100 (80-120) | 4 |" in text


def test_every_row_has_as_many_cells_as_the_head() -> None:
    missing = replace(RAW, trouble="etcd is missing")
    lines = tables([replace(RAW, rounds=rounds(80)), missing]).splitlines()[2:]
    assert len({line.count("|") for line in lines}) == 1


def test_the_page_is_written_between_its_marks_and_nothing_else_changes(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text(f"before\n{BEGIN}\nwritten last time\n{END}\nafter\n", encoding="utf-8")
    write(report(replace(RAW, rounds=rounds(80))), file)
    text = file.read_text(encoding="utf-8")
    assert text.startswith(f"before\n{BEGIN}\n")
    assert text.endswith(f"{END}\nafter\n")
    assert "written last time" not in text
    assert "human time excluded" in text


def test_a_page_without_marks_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text("before\n", encoding="utf-8")
    with pytest.raises(ValueError, match="has no lines"):
        write(report(RAW), file)


def test_a_machine_without_apt_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Missing, match="etcd is missing"):
        debian_peers(tmp_path, "etcd", ("etcd-server",))


def test_an_unknown_name_is_refused_before_anything_starts(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--only", "raw,pacemaker"])
    assert "does not know pacemaker" in capsys.readouterr().err
