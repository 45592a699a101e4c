"""What a connector saw at one moment, from each node's own point of view (FR-010, FR-011).

Nothing here is judged. None always means "not known", never zero. Seconds and bytes throughout;
every time is aware UTC. `received` is WAL written to the standby's disk, `replayed` is WAL applied:
there is no word "synced" here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bc_lib.domain.managers import ManagerSign


class Reach(StrEnum):
    """Outcome of trying to talk to a node. Only OK carries figures."""

    OK = "ok"
    UNREACHABLE = "unreachable"  # no answer in time, or no route
    REFUSED = "refused"  # the host answered that nobody listens there
    STARTING = "starting"  # server answers, but does not accept queries yet (or is stopping)
    CREDENTIAL = "credential"  # our own account or secret is the trouble
    ERROR = "error"  # an answer we could not use


class Role(StrEnum):
    PRIMARY = "primary"
    STANDBY = "standby"
    ACTIVE = "active"  # an application that says it serves
    UNKNOWN = "unknown"


class LagSource(StrEnum):
    """Where a lag in seconds comes from, best first."""

    MARKER = "marker"  # the standby's position is at or past the primary's earlier one: 0
    HEARTBEAT = "heartbeat"
    REPLAY_LAG = "replay_lag"  # pg_stat_replication at the primary, while it counts
    POSITIONS = "positions"  # where the primary stood at earlier looks
    REPLAY_TIMESTAMP = "replay_timestamp"  # last replayed commit, by the primary's clock


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartbeatSeen:
    """The beat row as visible at a node."""

    beat_at: datetime
    timeline: int | None = None
    lsn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Downstream:
    """One sender of a node (pg_stat_replication): a standby, or a logical consumer, as its upstream reports it.

    A cascade shows on a standby's own list. The lags count from `began_at`: nothing older is measured in them.
    """

    application_name: str
    client_address: str | None
    state: str  # streaming, catchup, startup, backup
    sync_state: str  # async, potential, sync, quorum
    pid: int | None = None  # of the sending process
    client_port: int | None = None
    slot_name: str | None = None  # the slot it sends from; None: none, or the slots could not be read
    began_at: datetime | None = None  # when the connection began, by the sender's clock
    sent_lsn: str | None = None
    written_lsn: str | None = None
    flushed_lsn: str | None = None
    replayed_lsn: str | None = None
    write_lag_s: float | None = None
    flush_lag_s: float | None = None
    replay_lag_s: float | None = None
    reply_age_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A replication slot and the WAL it holds back. Logical ones carry a plugin, a database, a confirmed position.

    `failover`, `synced`: from PostgreSQL 17 on, whether standbys keep a copy of it, and whether it is such a copy.
    """

    name: str
    active: bool
    retained_bytes: int | None = None
    wal_status: str | None = None  # reserved, extended, unreserved, lost
    slot_type: str | None = None  # physical, logical
    active_pid: int | None = None  # of the sender that uses it
    temporary: bool | None = None
    restart_lsn: str | None = None
    confirmed_lsn: str | None = None
    plugin: str | None = None
    database: str | None = None
    failover: bool | None = None
    synced: bool | None = None

    @property
    def logical(self) -> bool:
        """Whether it feeds change data capture or a subscription, not a standby."""
        return self.slot_type == "logical"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitOverride:
    """A synchronous_commit of its own for `who` (a role, a database, a function).

    `ours`: it applies to the monitor's own session too, so that the server's value cannot be seen through it.
    """

    who: str
    value: str
    ours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """A standby's WAL receiver as it sees itself.

    `configured`: `host:port` of each server that primary_conninfo names, whether a receiver runs or not;
    empty where it names none or could not be read.
    """

    status: str | None  # streaming, waiting, starting, stopped; None: no receiver runs
    sender_host: str | None = None
    sender_port: int | None = None
    last_message_age_s: float | None = None
    received_timeline: int | None = None
    slot_name: str | None = None  # the slot at its sender; None: none
    application_name: str | None = None  # as its sender sees it
    began_at: datetime | None = None  # when this receiver was started, by the standby's clock
    sender_end_lsn: str | None = None  # the end of the sender's log as last told by it
    written_lsn: str | None = None  # None while streaming: it has received nothing yet
    configured: tuple[str, ...] = ()
    configured_slot: str | None = None  # primary_slot_name: the slot it asks for whenever it connects
    from_archive: bool | None = None  # it follows nobody and restores segments (log shipping); None: not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """Archiving of WAL at a node. `waiting`: finished segments not yet archived, the oldest since `waiting_since`."""

    mode: str  # off, on, always
    last_wal: str | None = None  # name of the last file archived; None: none since the statistics were reset
    last_at: datetime | None = None
    segment_bytes: int | None = None
    waiting: int | None = None  # None: we may not list them
    waiting_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlogged:
    """A table (or sequence) that replication does not carry. `size_bytes` None: somebody has it locked, or it is named
    by a standby, which has none of its data."""

    name: str
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeFacts:
    """What a reachable node told about itself."""

    role: Role
    version: str | None = None
    node_time: datetime | None = None
    timeline: int | None = None
    system_identifier: str | None = None
    started_at: datetime | None = None
    address: str | None = None  # where our own session reached it
    timeline_began_lsn: str | None = None  # where its timeline left the one before; None: not known, or the first
    # primary: current WAL position; standby: received and replayed
    current_lsn: str | None = None
    received_lsn: str | None = None
    replayed_lsn: str | None = None
    replayed_at: datetime | None = None  # commit time of the last replayed transaction
    replay_paused: bool | None = None
    replay_delay_s: float | None = None  # recovery_min_apply_delay
    read_only: bool | None = None  # default_transaction_read_only at a primary
    upstream: Upstream | None = None
    downstreams: tuple[Downstream, ...] = ()  # standbys and backups
    logical_senders: tuple[Downstream, ...] = ()  # change data capture and subscriptions
    slots: tuple[Slot, ...] = ()
    heartbeat: HeartbeatSeen | None = None
    archive_failures_since: datetime | None = None  # last failure newer than last success
    archive: Archive | None = None
    unlogged: tuple[Unlogged, ...] = ()  # of our session's own database; the largest first
    oldest_transaction_s: float | None = None
    prepared_transactions: int | None = None
    oldest_prepared_s: float | None = None
    replay_conflicts: int | None = None  # total since statistics reset
    sync_waiters: int | None = None  # sessions waiting for a synchronous standby
    sync_standby_names: str | None = None
    commit_overrides: tuple[CommitOverride, ...] | None = None  # None: not known
    settings: dict[str, str] = field(default_factory=dict)  # the ones parity compares
    extensions: dict[str, str] = field(default_factory=dict)
    collation_version: str | None = None
    http_status: int | None = None
    manager_signs: tuple[ManagerSign, ...] = ()  # of cluster managers; none found means nothing where it is missing
    missing: tuple[str, ...] = ()  # figures that could not be read, by name
    missing_why: dict[str, str] = field(default_factory=dict)  # half a sentence for each of them

    @property
    def lists_standbys(self) -> bool:
        """Whether our account may read the list of standbys; an empty `downstreams` means nothing otherwise."""
        return "downstreams" not in self.missing


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeObservation:
    """One node at one moment: what it told was read after `observed_at` and before `answered_at`; a look
    that failed was over by `answered_at`, so that what was refused was refused by then."""

    node: str
    site: str
    observed_at: datetime
    reach: Reach
    latency_s: float | None = None
    error: str | None = None  # one sentence, without secrets
    facts: NodeFacts | None = None
    answered_at: datetime | None = None  # None: not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """All nodes of one resource in one round."""

    resource: str
    observed_at: datetime
    nodes: tuple[NodeObservation, ...]
    cold: bool = False  # made over fresh connections (slow lane)

    def at_site(self, site: str) -> tuple[NodeObservation, ...]:
        """The nodes at `site`."""
        return tuple(node for node in self.nodes if node.site == site)
