"""Two servers that reached one timeline number by different forks: running, streaming, same timeline, two histories."""

from __future__ import annotations

from bc_lib.connectors.postgresql.connector import PostgresConnector
from tests.fixtures.pgcluster import FixedSecrets, cluster, facts, of, wait_for
from tests.fixtures.watching import Watch, forbidden, names


async def test_the_fork_is_read_with_the_shipped_rights() -> None:
    """None on the first timeline; the same at both ends after a promotion."""
    with cluster(ams={}) as made:
        made.add_standby("lon", upstream="ams")
        connector = PostgresConnector(FixedSecrets())
        try:
            first = facts(await connector.observe(of(made)), "ams")
            assert (first.timeline_began_lsn, first.missing) == (None, ())
            made.sql("ams", "SELECT pg_promote(true)")
            wait_for(lambda: made.sql("lon", "SELECT received_tli FROM pg_stat_wal_receiver") == [(2,)])
            seen = await connector.observe(of(made))
            began = facts(seen, "ams").timeline_began_lsn
            assert began is not None
            assert facts(seen, "lon").timeline_began_lsn == began
        finally:
            await connector.close()


def test_both_were_promoted_and_one_was_led_back_as_a_standby() -> None:
    """fra and ams are both on timeline 2; fra is made a standby of ams, whose log is already past fra's."""
    with cluster(ams={"wal_retrieve_retry_interval": "200ms"}) as made:
        fra, ams = made.servers["fra"], made.servers["ams"]
        ams.stop("fast")
        made.sql("fra", "CREATE TABLE never_sent AS SELECT generate_series(1, 100) AS n")
        fra.stop("fast")
        ams.start()
        made.sql("ams", "SELECT pg_promote(true)")
        _as_standby(made, "port=1")
        made.sql("fra", "SELECT pg_promote(true)")
        made.sql("fra", "CREATE TABLE here AS SELECT generate_series(1, 100) AS n")
        made.sql("ams", "CREATE TABLE there AS SELECT generate_series(1, 200000) AS n")
        fra.stop("fast")
        _as_standby(made, f"host=127.0.0.1 port={ams.port} user=postgres password=super-4411")
        watch = Watch(made, primary="ams")
        found = watch.look()
        assert watch.seen is not None
        one, two = facts(watch.seen, "fra"), facts(watch.seen, "ams")
        assert one.timeline == two.timeline == 2
        assert one.system_identifier == two.system_identifier
        assert "DIFFERENT_HISTORY" in names(found), found
        assert forbidden(found)
        assert forbidden(watch.look())


def _as_standby(made, conninfo: str) -> None:
    """Start fra as a standby of whoever answers there."""
    fra = made.servers["fra"]
    (fra.data / "standby.signal").touch()
    fra.settings = {**fra.settings, "primary_conninfo": conninfo}
    fra.start()
