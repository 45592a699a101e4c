"""A primary and its streaming standby: how the two are set up and built."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from bc_lib.runtime.folders import PROJECT
from bc_lib.runtime.portpick import HOST
from demo import apply_delay, credentials
from demo.credentials import Passwords
from demo.hostnode import HostNode
from demo.layout import Pair, Place

SCHEMA_FILE = Path(__file__).with_name("sql") / "schema.sql"
MONITOR_GRANTS = PROJECT / "sql" / "grants" / "postgresql_monitor.sql"
EXECUTION_GRANTS = PROJECT / "sql" / "grants" / "postgresql_execution.sql"
# What pg_rewind calls at its source.
REWIND_FUNCTIONS = (
    "pg_ls_dir(text, boolean, boolean), pg_stat_file(text, boolean), pg_read_binary_file(text), "
    "pg_read_binary_file(text, bigint, bigint, boolean)"
)
COMMON_SETTINGS = {
    "shared_buffers": "32MB",
    "max_connections": "50",
    "max_wal_senders": "5",
    "max_replication_slots": "5",
    "min_wal_size": "64MB",
    "max_wal_size": "256MB",
    "max_slot_wal_keep_size": "1GB",
    "wal_log_hints": "on",
    "track_commit_timestamp": "on",
    "max_logical_replication_workers": "0",
    "wal_receiver_status_interval": "1s",
    "wal_receiver_timeout": "10s",
    "wal_sender_timeout": "10s",
    "wal_retrieve_retry_interval": "1s",
    "log_checkpoints": "off",
    "jit": "off",
}


@dataclass
class PairServers:
    """The two servers of a pair. All methods block."""

    pair: Pair
    nodes: dict[str, HostNode]  # by site
    passwords: Passwords
    passfile: Path

    def configure(self) -> None:
        """Put every setting on the command lines, where neither pg_basebackup nor pg_rewind can overwrite it."""
        for place in self.pair.places:
            node, peer = self.nodes[place.site], self.nodes[self.pair.peer(place).site]
            settings = {
                **COMMON_SETTINGS,
                "cluster_name": place.node,
                "primary_slot_name": slot_name(place),
                "primary_conninfo": self.replication_conninfo(peer.server.port, place.node),
            }
            if major_version(node) >= 18:
                settings["io_method"] = "sync"  # three processes fewer a server
            node.server.settings = settings

    def build(self) -> None:
        """Make both from nothing; what stood there is erased. Raises ServerFailed, psycopg.Error."""
        primary, standby = self.nodes[self.pair.home.site], self.nodes[self.pair.dr.site]
        for node in (standby, primary):
            node.erase()
        for node in (standby, primary):
            node.release()
        primary.server.init(self.passwords.superuser)
        primary.start()
        self._fill(primary)
        self._clone(primary, standby)
        self.start_nodes([standby])

    def start_nodes(self, nodes: Iterable[HostNode]) -> None:
        """Start those that stand still, then make the late standby late. Raises ServerFailed, psycopg.Error."""
        for node in nodes:
            node.start()
        self.delay_standby()

    def delay_standby(self) -> None:
        """Make the late standby late, once it streams. Raises psycopg.Error."""
        standby, primary = self.standby(), self.primary()
        delay, late = self.pair.apply_delay, self.nodes[self.pair.dr.site]
        if delay is None or standby is not late or not late.is_running():
            return
        with self.superuser(late) as connection:
            apply_delay.impose(connection, delay, wait=primary is not None and primary.is_running())

    def slot_lost(self, primary: HostNode, standby: HostNode) -> bool:
        """True where the primary no longer keeps the WAL that the standby needs. Raises psycopg.Error."""
        query = "SELECT count(*) FROM pg_replication_slots WHERE slot_name = %s AND wal_status <> 'lost'"
        with self.superuser(primary) as connection:
            found = connection.execute(query, (slot_name(self._place(standby)),)).fetchone()
        return not found or found[0] == 0

    def rebuild(self, primary: HostNode, standby: HostNode) -> None:
        """Make the standby anew from the primary. Raises ServerFailed, psycopg.Error."""
        standby.erase()
        with self.superuser(primary) as connection:
            connection.execute(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = %s",
                (slot_name(self._place(standby)),),
            )
        self._clone(primary, standby)
        self.start_nodes([standby])

    def primary(self) -> HostNode | None:
        """The one that would start as primary; where two would, the one that was promoted last."""
        found = [node for node in self._by_home() if not node.is_standby()]
        if len(found) > 1:
            found.sort(key=lambda node: (node.timeline(), node.is_running()), reverse=True)  # stable: home first
        return found[0] if found else None

    def replaced(self) -> list[HostNode]:
        """Those that would start as a second primary: another one was promoted in their place."""
        primary = self.primary()
        return [node for node in self._by_home() if not node.is_standby() and node is not primary]

    def grant_execution(self) -> None:
        """The accounts that runs act with, at the primary where it runs; it may be done again. Raises psycopg.Error."""
        primary = self.primary()
        if primary is None or not primary.is_running():
            return
        with self.superuser(primary) as connection:
            connection.execute(_script(EXECUTION_GRANTS))
            table, replicator = sql.Identifier("public", self.pair.table), sql.Identifier(credentials.REPLICATOR)
            connection.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(table, sql.Identifier(credentials.EXECUTION)))
            connection.execute(
                sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(sql.SQL(REWIND_FUNCTIONS), replicator)
            )
            self._set_password(connection, credentials.EXECUTION, self.passwords.execution)
            self._set_password(connection, credentials.CLIENT, self.passwords.client)

    def drop_leftover_slot(self, primary: HostNode, standby: HostNode) -> None:
        """A standby that was primary keeps WAL for the slot of its old standby for ever. Raises psycopg.Error."""
        query = """SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots
                   WHERE slot_name = %s AND NOT active"""
        with self.superuser(standby) as connection:
            connection.execute(query, (slot_name(self._place(primary)),))

    def standby(self) -> HostNode | None:
        """The one that would start as standby."""
        return next((node for node in self._by_home() if node.is_standby()), None)

    @contextmanager
    def superuser(self, node: HostNode, database: str | None = None) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """A superuser's connection to one node, past the proxy. Raises psycopg.Error."""
        with psycopg.connect(
            host=HOST,
            port=node.server.port,
            dbname=database or self.pair.database,
            user="postgres",
            password=self.passwords.superuser,
            connect_timeout=3,
            autocommit=True,
            options="-c statement_timeout=5s",
        ) as connection:
            yield connection

    def _clone(self, primary: HostNode, standby: HostNode) -> None:
        place = self._place(standby)
        standby.server.run(
            "pg_basebackup",
            "-D",
            str(standby.server.data),
            "-R",
            "-C",
            "-S",
            slot_name(place),
            "-X",
            "stream",
            "-c",
            "fast",
            "--no-sync",
            "-d",
            self.replication_conninfo(primary.server.port, place.node),
        )

    def _place(self, node: HostNode) -> Place:
        return next(place for place in self.pair.places if self.nodes[place.site] is node)

    def _by_home(self) -> list[HostNode]:
        return [self.nodes[place.site] for place in self.pair.places]

    def replication_conninfo(self, port: int, name: str) -> str:
        """How a standby, a base backup or a rewind reaches the server on `port`; no password in it."""
        return (
            f"host={HOST} port={port} user={credentials.REPLICATOR} passfile={_quoted(self.passfile)} "
            f"application_name={name} connect_timeout=3 sslmode=disable"
        )

    def _fill(self, primary: HostNode) -> None:
        with self.superuser(primary, "postgres") as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.pair.database)))
            self._create_roles(connection)
        with self.superuser(primary) as connection:
            connection.execute(_script(SCHEMA_FILE))
            _create_load_table(connection, self.pair.table)
            connection.execute(_script(MONITOR_GRANTS))
            self._set_password(connection, credentials.MONITOR, self.passwords.monitor)

    def _create_roles(self, connection: psycopg.Connection[Any]) -> None:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN REPLICATION").format(sql.Identifier(credentials.REPLICATOR)))
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(credentials.BEATER)))
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(credentials.APPLICATION)))
        self._set_password(connection, credentials.REPLICATOR, self.passwords.replicator)
        self._set_password(connection, credentials.BEATER, self.passwords.beater)
        self._set_password(connection, credentials.APPLICATION, self.passwords.application)

    def _set_password(self, connection: psycopg.Connection[Any], role: str, password: str) -> None:
        # The server is given the SCRAM verifier only: a plain password could end up in its log.
        verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
        connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier)))


def slot_name(place: Place) -> str:
    """The replication slot that the node at `place` uses at its primary."""
    return place.site.replace("-", "_")


def major_version(node: HostNode) -> int:
    """PostgreSQL's major version of the node's programs."""
    found = re.search(r"(\d+)", node.server.run("postgres", "--version", timeout=10))
    return int(found.group(1)) if found else 0


def _create_load_table(connection: psycopg.Connection[Any], table: str) -> None:
    name = sql.Identifier("public", table)
    connection.execute(
        sql.SQL(
            "CREATE TABLE {} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
            "placed_at timestamptz NOT NULL DEFAULT clock_timestamp(), "
            "customer integer NOT NULL, cents integer NOT NULL)"
        ).format(name)
    )
    connection.execute(sql.SQL("CREATE INDEX ON {} (placed_at)").format(name))
    application = sql.Identifier(credentials.APPLICATION)
    connection.execute(sql.SQL("GRANT SELECT, INSERT, DELETE ON {} TO {}").format(name, application))


def _script(path: Path) -> bytes:
    # As bytes psycopg takes it as it stands; it is our own file from the repository, not somebody's input.
    return path.read_bytes()


def _quoted(path: Path) -> str:
    """A value for a libpq connection string: the project's folder may hold spaces and quotes."""
    return "'" + str(path).replace("\\", "\\\\").replace("'", "\\'") + "'"
