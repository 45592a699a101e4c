"""An archive command that hangs makes no error: told from the segments that wait, or from the positions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bc_lib.domain.assessment import Answer, Status
from bc_lib.domain.rules import archive as rule
from tests.fixtures.pgcluster import Cluster, facts
from tests.fixtures.watching import Watch, names

MAY_LIST = "ON FUNCTION pg_catalog.pg_ls_archive_statusdir()"


@pytest.fixture(scope="module")
def made() -> Iterator[Cluster]:
    found = Cluster()
    try:
        command = f"while [ -e {found.root / 'stuck'} ]; do sleep 0.1; done"
        archiving = {"archive_mode": "on", "archive_command": command}
        found.add_primary("fra", archiving)
        found.add_standby("ams", settings=archiving)
        found.caught_up("ams")
        yield found
    finally:
        found.close()


def finish_segments(made: Cluster, many: int) -> None:
    for number in range(many):
        made.sql("fra", f"CREATE TABLE segment_{number} (a int); DROP TABLE segment_{number}; SELECT pg_switch_wal()")


@pytest.mark.parametrize("may_list", [True, False])
def test_command_that_sleeps(made: Cluster, monkeypatch: pytest.MonkeyPatch, may_list: bool) -> None:
    """Yellow after the time (2 min; 2 s here), the verdicts as before; not while it works; over when it works again."""
    monkeypatch.setattr(rule, "HANGS_S", 2.0)
    made.sql("fra", f"{'GRANT' if may_list else 'REVOKE'} EXECUTE {MAY_LIST} {'TO' if may_list else 'FROM'} bc_monitor")
    watch = Watch(made)
    finish_segments(made, 2)
    watch.until(lambda seen: seen.status is Status.GREEN)
    (made.root / "stuck").touch()
    finish_segments(made, 3)
    found = watch.until(lambda seen: "ARCHIVE_HANGS" in names(seen))
    assert found.status is Status.YELLOW
    assert (found.could_switch_over.answer, found.could_fail_over.answer) == (Answer.YES, Answer.YES)
    assert "ARCHIVE_FAILING" not in names(found)
    waiting = facts(watch.seen, "fra").archive
    assert (waiting.waiting is not None and waiting.waiting >= 3) if may_list else waiting.waiting is None
    (made.root / "stuck").unlink()
    watch.until(lambda seen: seen.status is Status.GREEN, 30)


def test_default_waits_minutes_not_hours() -> None:
    assert timedelta(seconds=rule.HANGS_S) <= timedelta(minutes=3)
