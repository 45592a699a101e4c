"""A standby that does not stream from its primary for reasons of its own: log shipping only, hot_standby = off."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from bc_lib.domain.assessment import Answer, Reason, Status
from bc_lib.domain.loss import state
from bc_lib.domain.rules import reach
from tests.fixtures.pgcluster import BEAT, Cluster, wait_for
from tests.fixtures.watching import Watch, names


@pytest.fixture(scope="module")
def made() -> Iterator[Cluster]:
    found = Cluster()
    try:
        archive = found.root / "archive"
        archive.mkdir(mode=0o777)
        archive.chmod(0o777)
        found.add_primary(
            "fra", {"archive_mode": "on", "archive_command": f"cp %p {archive}/%f", "archive_timeout": "3s"}
        )
        found.add_standby("ams", settings={"restore_command": f"cp {archive}/%f %p"})
        found.caught_up("ams")
        yield found
    finally:
        found.close()


def test_log_shipping_only(made: Cluster) -> None:
    """Fed from the archive, said as that, with a bound that is never below the truth; streaming again it is green."""
    server = made.servers["ams"]
    server.stop("fast")
    server.settings = {**server.settings, "primary_conninfo": ""}
    server.start()
    watch = Watch(made)
    found = watch.until(lambda seen: "ARCHIVE_FED" in names(seen))
    assert "RECEIVER_NOT_STREAMING" not in names(found)
    assert found.status is not Status.GREEN
    assert found.could_switch_over.answer is Answer.NO
    assert found.could_fail_over.answer in {Answer.WITH_LOSS, Answer.UNKNOWN}
    compared = 0
    for _ in range(12):
        found = watch.look()
        (told,) = [reason for reason in found.reasons if reason.code == "ARCHIVE_FED"]
        truth = behind(made)
        bound = told.figures["received_s"]
        if bound is not None:
            compared += 1
            assert bound >= truth - 1
        made.sql("fra", BEAT)
        time.sleep(0.5)
    assert compared > 5
    assert "fed from the archive" in told.text
    assert "last segment was archived" in told.text
    server.stop("fast")
    server.settings = {name: value for name, value in server.settings.items() if name != "primary_conninfo"}
    server.start()
    watch.until(lambda seen: seen.status is Status.GREEN, 30)


def behind(made: Cluster) -> float:
    ((there,),) = made.sql("ams", "SELECT beat_at FROM bc_heartbeat")
    ((age,),) = made.sql("fra", f"SELECT EXTRACT(epoch FROM clock_timestamp() - '{there}'::timestamptz)")
    return float(age)


def test_hot_standby_off(made: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said as that, not "starting", once it has received for a while (30 s; 2 s here)."""
    monkeypatch.setattr(reach, "CLOSED_S", 2.0)
    server = made.servers["ams"]
    server.stop("fast")
    server.settings = {**server.settings, "hot_standby": "off"}
    server.spawn()
    try:
        wait_for(lambda: made.sql("fra", "SELECT count(*) FROM pg_stat_replication") == [(1,)])
        watch = Watch(made)
        found = watch.until(lambda seen: "HOT_STANDBY_OFF" in names(seen))
        assert "NODE_STARTING" not in names(found)
        assert found.status is Status.RED
        assert (found.could_switch_over.answer, found.could_fail_over.answer) == (Answer.NO, Answer.NO)
        assert any("hot_standby is off there" in reason.text for reason in found.reasons)
    finally:
        server.stop("fast")
        server.settings = {**server.settings, "hot_standby": "on"}
        server.start()


def test_an_archive_that_stops_is_said_and_the_bound_grows_with_the_truth(made: Cluster) -> None:
    """Nothing arrives any more: no figure stays where it was, also after the primary has ended."""
    server = made.servers["ams"]
    server.stop("fast")
    server.settings = {**server.settings, "primary_conninfo": ""}
    server.start()
    watch = Watch(made)
    (before,) = [
        reason.figures["received_s"]
        for reason in watch.until(lambda seen: any(bound(reason) for reason in seen.reasons)).reasons
        if reason.code == "ARCHIVE_FED"
    ]
    (made.root / "archive").rename(made.root / "away")
    made.sql("fra", "SELECT pg_switch_wal()")
    stopped, seen = time.monotonic(), []
    while time.monotonic() < stopped + before + 8:
        found = watch.look()
        (told,) = [reason for reason in found.reasons if reason.code == "ARCHIVE_FED"]
        truth = behind(made)
        assert told.figures["received_s"] is None or told.figures["received_s"] >= truth - 1
        seen.append(told.figures["received_s"])
        time.sleep(0.7)
    known = [each for each in seen if each is not None]
    assert known, "a bound was said"
    assert known[-1] >= before + 4, seen
    codes = names(found) | {reason.code for reason in found.findings}
    assert {"ARCHIVE_FAILING", "ARCHIVE_HANGS"} & codes, codes
    made.servers["fra"].stop("immediate")
    watch.beats = False
    lost = watch.until(lambda seen: seen.loss is not None and seen.loss.ended is not None)
    said = state(lost.loss).seconds
    assert said is None or said >= truth - 1


def bound(reason: Reason) -> bool:
    """Whether it says how far a standby that is fed from the archive is behind."""
    return reason.code == "ARCHIVE_FED" and reason.figures["received_s"] is not None
