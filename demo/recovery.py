"""Is a pair whole again? Asked of the servers themselves, never of our own memory."""

from __future__ import annotations

import time

import psycopg

from bc_lib.runtime.pgserver import ServerFailed
from demo.hostnode import HostNode
from demo.pair import PairServers
from demo.refusal import NotBack

BEAT_FRESH_S = 3.0
PRIMARY_QUERY = """
SELECT NOT pg_is_in_recovery(), pg_current_wal_lsn()::text,
       coalesce((SELECT extract(epoch FROM clock_timestamp() - beat_at) FROM public.bc_heartbeat), 1e9)::float8
"""
STANDBY_QUERY = """
SELECT pg_get_wal_replay_pause_state() = 'not paused',
       coalesce((SELECT status = 'streaming' FROM pg_stat_wal_receiver), false),
       coalesce(pg_last_wal_receive_lsn() >= %(lsn)s::pg_lsn, false),
       coalesce(pg_last_wal_replay_lsn() >= %(lsn)s::pg_lsn, false)
"""


def bring_back(servers: PairServers, keep_stopped: set[str]) -> None:
    """Start what stands still (but for `keep_stopped`), resume replay, clone a standby that fell too far behind.

    Blocks. Raises ServerFailed, psycopg.Error.
    """
    primary, standby = servers.primary(), servers.standby()
    for node in (primary, standby):
        if node is not None and node.name not in keep_stopped:
            node.start()
    if primary is None or standby is None or not (primary.is_running() and standby.is_running()):
        return
    if servers.slot_lost(primary, standby):
        servers.rebuild(primary, standby)
    servers.drop_leftover_slot(primary, standby)
    with servers.superuser(standby) as connection:
        connection.execute("SELECT pg_wal_replay_resume()")
    servers.delay_standby()


def wait_whole(servers: PairServers, keep_stopped: set[str], timeout: float = 45) -> None:
    """Wait until the primary writes, beats, and the standby follows. Blocks. Raises NotBack with what is missing."""
    deadline = time.monotonic() + timeout
    marker: str | None = None
    while True:
        try:
            missing, marker = _missing(servers, keep_stopped, marker)
        except (psycopg.Error, ServerFailed) as error:
            missing = f"a server does not answer ({str(error).strip().splitlines()[0]})"
        if missing is None:
            return
        if time.monotonic() > deadline:
            raise NotBack(f"{servers.pair.name} is not whole after {timeout:.0f} s: {missing}.")
        time.sleep(0.1)


def _missing(servers: PairServers, keep_stopped: set[str], marker: str | None) -> tuple[str | None, str | None]:
    primary, standby = servers.primary(), servers.standby()
    if primary is not None and primary.name not in keep_stopped:
        problem, position = _primary_problem(servers, primary)
        if problem:
            return problem, marker
        marker = marker or position
    if standby is not None and standby.name not in keep_stopped and marker is not None:
        return _standby_problem(servers, standby, marker), marker
    return None, marker


def _primary_problem(servers: PairServers, node: HostNode) -> tuple[str | None, str | None]:
    with servers.superuser(node) as connection:
        row = connection.execute(PRIMARY_QUERY).fetchone()
    if row is None or not row[0]:
        return f"{node.name} is not a primary", None
    if row[2] > BEAT_FRESH_S:
        return f"no heartbeat is written at {node.name}", None
    return None, row[1]


def _standby_problem(servers: PairServers, node: HostNode, marker: str) -> str | None:
    with servers.superuser(node) as connection:
        row = connection.execute(STANDBY_QUERY, {"lsn": marker}).fetchone()
    running, streaming, received, replayed = row or (False, False, False, False)
    if not running:
        return f"replay is still paused at {node.name}"
    if not (streaming and received):
        return f"{node.name} does not receive from its primary"
    if not replayed and servers.pair.apply_delay is None:
        return f"{node.name} has not replayed what it received"
    return None
