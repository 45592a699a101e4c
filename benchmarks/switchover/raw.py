"""The baseline: the bare stop-first sequence over two plain servers, nothing around it.

No probing, no vote, no leader lock, no check beforehand: what is left is what PostgreSQL itself needs.
"""

from __future__ import annotations

import os
from pathlib import Path

from bc_lib.domain.lsn import position
from benchmarks.switchover.ground import Ground, wait
from benchmarks.switchover.result import Failed
from benchmarks.switchover.servers import Server, plain_server

POLL_S = 0.002


class RawPair:
    """Two servers `one` and `two`; `one` begins as primary."""

    versions = ""

    def __init__(self, ground: Ground, programs: Path, libraries: Path | None = None) -> None:
        """Make and start both. Raises ServerFailed, psycopg.Error."""
        self.ground = ground
        one = plain_server(ground, "one", programs, libraries)
        two = plain_server(ground, "two", programs, libraries)
        self.ports = (one.port, two.port)
        self.servers = {one.port: one, two.port: two}
        one.init(ground.password)
        one.start()
        source = ground.conninfo(one.port)
        two.run("pg_basebackup", "-D", str(two.data), "-d", source, "-X", "stream", "-c", "fast", "--no-sync")
        self._follow(two, one)

    def ready(self, leader: int) -> bool:
        """PostgreSQL's own view is all there is."""
        return leader in self.servers

    def switch_over(self, leader: int) -> None:
        """CHECKPOINT, fast stop, wait for its last record on the other side, promote, come back as standby."""
        old = self.servers[leader]
        (new,) = (server for port, server in self.servers.items() if port != leader)
        with self.ground.connect(new.port) as standby:
            with self.ground.connect(old.port) as primary:
                primary.execute("CHECKPOINT")
            old.stop("fast")
            last = shutdown_checkpoint(old)

            def replayed_it() -> bool:
                row = standby.execute("SELECT pg_last_wal_replay_lsn()::text").fetchone()
                # Strictly greater: the position of a record is its start, the replayed one is an end.
                return (position(row[0] if row else None) or 0) > last

            wait("the standby's way to the shutdown checkpoint", replayed_it, 30, POLL_S)
            standby.execute("SELECT pg_promote(false)")
            promoted = "SELECT NOT pg_is_in_recovery()"
            wait("the promotion", lambda: standby.execute(promoted).fetchone() == (True,), 30, POLL_S)
        self._follow(old, new)

    def _follow(self, standby: Server, primary: Server) -> None:
        """Start `standby` below `primary` over a slot of its own. Its settings stay on the command line."""
        slot = f"of_{standby.port}"
        with self.ground.connect(primary.port) as connection:
            connection.execute(
                "SELECT pg_create_physical_replication_slot(%s, true) WHERE NOT EXISTS "
                "(SELECT FROM pg_replication_slots WHERE slot_name = %s)",
                (slot, slot),
            )
        standby.settings = {
            **standby.settings,
            "primary_conninfo": self.ground.conninfo(primary.port),
            "primary_slot_name": slot,
        }
        marker = standby.data / "standby.signal"
        marker.touch(mode=0o600)
        if standby.account:
            os.chown(marker, standby.account.uid, standby.account.gid)
        standby.start()


def shutdown_checkpoint(server: Server) -> int:
    """Where the last record of a cleanly stopped server begins. Raises Failed where it was not stopped cleanly."""
    lines = server.run("pg_controldata", "-D", str(server.data)).splitlines()
    found = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    begins = position(found.get("Latest checkpoint location"))
    if found.get("Database cluster state") != "shut down" or begins is None:
        raise Failed("the old primary did not stop cleanly")
    return begins
