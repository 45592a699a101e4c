"""Each precheck in its room, with its figure (FR-033, F13, F15, F18)."""

from __future__ import annotations

import psycopg
import pytest

from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.findings import Finding, Severity, blocking
from bc_lib.domain.requests.states import RequestType
from tests.fixtures.execpair import Driver, Pair, pair
from tests.fixtures.pgcluster import DATABASE, SUPERUSER, wait_for


def look(made: Pair, kind: RequestType = RequestType.SWITCHOVER) -> dict[str, Finding]:
    driver = Driver(made, kind=kind)
    return {one.check: one for one in driver.mechanism.prechecks(driver.work(Action.CHECK))}


def test_a_healthy_pair_is_free_to_move_and_every_finding_says_why() -> None:
    with pair() as made:
        found = look(made)
        assert not blocking(tuple(found.values())), blocking(tuple(found.values()))
        assert found["lag"].figure.endswith("RPO 5 s")
        assert found["same-cluster"].figure
        assert {"one-primary", "target-streams", "replay-runs", "free-slots", "free-senders", "can-rewind"} <= set(
            found
        )
        assert {"may-promote", "clients-write", "host-fra", "host-ams", "clock-fra", "clock-ams"} <= set(found)
        assert all(one.sentence for one in found.values())


def test_replay_paused_and_lag_over_rpo_block_with_the_figure_f13() -> None:
    with pair() as made:
        made.sql("ams", "SELECT pg_wal_replay_pause()")
        made.sql(
            "fra", "UPDATE bc_heartbeat SET beat_at = clock_timestamp() + interval '60 s', lsn = pg_current_wal_lsn()"
        )
        found = look(made)
        assert found["replay-runs"].severity is Severity.BLOCK
        assert found["lag"].severity is Severity.BLOCK
        assert "RPO 5 s" in found["lag"].figure
        assert look(made, RequestType.FAILOVER)["replay-runs"].severity is Severity.WARN


def test_a_delayed_standby_is_refused_by_name() -> None:
    with pair() as made:
        made.sql("ams", "ALTER SYSTEM SET recovery_min_apply_delay = '10min'")
        made.sql("ams", "SELECT pg_reload_conf()")
        wait_for(lambda: made.sql("ams", "SHOW recovery_min_apply_delay") == [("10min",)])
        found = look(made)["not-delayed"]
        assert found.severity is Severity.BLOCK
        assert "10 min" in found.figure
        assert found.hint


def test_two_primaries_freeze_everything_f15() -> None:
    with pair() as made:
        made.sql("ams", "SELECT pg_promote()")
        found = look(made)["one-primary"]
        assert found.severity is Severity.BLOCK
        assert found.figure == "2 primaries"
        assert "fra" in found.sentence
        assert "ams" in found.sentence


def test_a_standby_that_receives_nothing_blocks_with_the_missing_bytes_f18() -> None:
    with pair() as made:
        made.sql("ams", "ALTER SYSTEM SET wal_retrieve_retry_interval = '1h'")
        made.cluster.servers["ams"].settings = {
            **made.cluster.servers["ams"].settings,
            "primary_conninfo": "host=127.0.0.1 port=1 user=postgres",
        }
        made.cluster.servers["ams"].stop()
        made.cluster.servers["ams"].start()
        made.sql("fra", "INSERT INTO public.w SELECT generate_series(1000, 3000)")
        found = look(made)["target-streams"]
        assert found.severity is Severity.BLOCK
        assert "lacks" in found.sentence


def test_a_lost_target_or_primary_is_told_apart() -> None:
    with pair() as made:
        made.cluster.servers["ams"].stop("immediate")
        assert look(made)["target-reachable"].severity is Severity.BLOCK
        made.cluster.servers["ams"].start()
        made.cluster.servers["fra"].stop("immediate")
        assert look(made)["primary-reachable"].severity is Severity.BLOCK
        assert look(made, RequestType.FAILOVER)["primary-reachable"].severity is Severity.WARN


def test_no_slot_no_sender_no_rewind_no_host_are_said_before() -> None:
    with pair(ams={"max_replication_slots": "0", "wal_log_hints": "off"}) as made:
        made.hosts.away.add("fra")
        found = look(made)
        assert found["free-slots"].severity is Severity.BLOCK
        assert found["free-slots"].figure == "0 of 0 used"
        assert found["host-fra"].severity is Severity.BLOCK
        assert found["can-rewind"].severity is Severity.OK  # checksums are on


def test_open_work_and_synchronous_commit_are_warned_about() -> None:
    with pair() as made:
        connection = psycopg.connect(
            host="127.0.0.1",
            port=made.cluster.servers["fra"].port,
            dbname=DATABASE,
            user="postgres",
            password=SUPERUSER,
        )
        connection.execute("INSERT INTO public.w VALUES (5)")
        connection.execute("PREPARE TRANSACTION 'left behind'")
        connection.close()
        made.sql("ams", "ALTER SYSTEM SET synchronous_standby_names = 'fra'")
        made.sql("ams", "SELECT pg_reload_conf()")
        wait_for(lambda: made.sql("ams", "SHOW synchronous_standby_names") == [("fra",)])
        found = look(made)
        assert found["prepared-transactions"].severity is Severity.WARN
        assert found["prepared-transactions"].figure.startswith("1, the oldest")
        assert found["sync-names"].severity is Severity.WARN
        made.sql("fra", "REVOKE ALTER SYSTEM ON PARAMETER synchronous_standby_names FROM bc_execution")
        made.sql("fra", "REVOKE EXECUTE ON FUNCTION pg_promote(boolean, integer) FROM bc_execution")
        made.cluster.caught_up("ams")
        found = look(made)
        assert found["sync-names"].severity is Severity.BLOCK
        assert found["may-promote"].severity is Severity.BLOCK


def test_clients_that_cannot_write_now_block_since_nothing_could_be_proven_afterwards() -> None:
    with pair() as made:
        made.sql("fra", "ALTER ROLE bc_client PASSWORD 'another'")
        found = look(made)["clients-write"]
        assert found.severity is Severity.BLOCK
        assert "client-8831" not in found.sentence


def test_of_several_standbys_the_one_that_received_more_is_named() -> None:
    with pair(ham="") as made:
        assert look(made)["standby-ham"].severity is Severity.OK
        # ams receives nothing any more while ham goes on.
        ams = made.cluster.servers["ams"]
        ams.settings = {**ams.settings, "primary_conninfo": "host=127.0.0.1 port=1 user=postgres"}
        ams.stop()
        ams.start()
        made.sql("fra", "INSERT INTO public.w SELECT generate_series(1000, 3000)")
        made.cluster.caught_up("ham")
        made.kill("fra")
        found = look(made, RequestType.FAILOVER)["standby-ham"]
        assert found.severity is Severity.BLOCK
        assert "would be lost" in found.sentence
        assert found.figure


def test_a_cascading_standby_is_refused_by_name() -> None:
    with pair(ham="") as made:
        ams = made.cluster.servers["ams"]
        made.sql("ham", "SELECT pg_create_physical_replication_slot('slot_ams', true)")
        port = made.cluster.servers["ham"].port
        conninfo = ams.settings["primary_conninfo"].replace(f"port={made.cluster.servers['fra'].port}", f"port={port}")
        ams.settings = {**ams.settings, "primary_conninfo": conninfo}
        ams.stop()
        ams.start()
        wait_for(lambda: made.sql("ams", "SELECT status FROM pg_stat_wal_receiver") == [("streaming",)])
        found = look(made)["not-cascading"]
        assert found.severity is Severity.BLOCK
        assert "ham" in found.sentence


@pytest.mark.parametrize("kind", list(RequestType))
def test_no_finding_holds_a_secret(kind: RequestType) -> None:
    with pair() as made:
        text = str(look(made, kind))
        assert "execution-5512" not in text
        assert "client-8831" not in text
        assert SUPERUSER not in text
