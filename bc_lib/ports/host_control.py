"""What can be done on the host of a database server without a connection to it: stop, start, rejoin (decisions 5, 15).

Every order carries the run, the step, an epoch and a deadline. The other side, where it can remember, keeps them: an
order of a lower epoch or after its deadline is refused, and one that was done already is answered with its recorded
outcome and has no second effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class HostVerb(StrEnum):
    """What a host can be told to do. Values travel over the wire."""

    STOP = "stop"  # fast stop; stays stopped whatever supervises it
    START = "start"  # as it is on disk
    START_AS_STANDBY = "start-as-standby"  # standby.signal first
    PRESERVE = "preserve"  # copy the stopped data folder aside: the only copy of what was lost
    REWIND = "rewind"  # pg_rewind the stopped server from the new primary
    REBUILD = "rebuild"  # a new base backup from the new primary; only after PRESERVE


class HostUnreachable(Exception):
    """The order was certainly not delivered; the message is one sentence."""


class HostSecretUnavailable(HostUnreachable):
    """Nothing was sent, because the secret for the host cannot be had now; that says nothing about the host (F24)."""


class HostUnknown(Exception):
    """The order may have been carried out; the answer was lost. Probe before anything else."""


class HostRefused(Exception):
    """The host said no and did nothing. `code`: stale-epoch, deadline, precondition, unauthorized, failed."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order. `deadline` is aware UTC: nothing happens after it. `peer_host`, `peer_port`: the new primary."""

    node: str
    verb: HostVerb
    resource: str
    run: str
    step: str
    epoch: int
    deadline: datetime
    peer_host: str | None = None
    peer_port: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostState:
    """A server as its host sees it. None: not known. Positions are LSNs as PostgreSQL writes them.

    `effects`: every effect this host ever carried out for us, by verb: the target's own count. `slot`: the replication
    slot that its server would ask for as a standby; only the host can say it of a server that is down. `limits`: by
    setting, as the control file has them: a server's own at its last start, a standby's what its primary needs of it.
    `changed`: when the control file was last written, as a word of that host, good for comparing only; `changed_at`:
    the same as a time, by that host's clock.
    """

    node: str
    running: bool | None
    ready: bool | None = None
    standby_on_disk: bool | None = None
    cluster_state: str | None = None  # pg_controldata: "in production", "shut down", "shut down in recovery", …
    checkpoint_lsn: str | None = None  # Latest checkpoint location; after a clean stop the shutdown checkpoint
    timeline: int | None = None
    system_identifier: str | None = None
    highest_epoch: int | None = None
    clock: datetime | None = None
    preserved: tuple[str, ...] = ()
    effects: Mapping[str, int] = field(default_factory=dict)
    slot: str | None = None
    limits: Mapping[str, str] = field(default_factory=dict)
    changed: str | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """An order that was carried out, now or before (`again`). `state` is the host's after it."""

    state: HostState
    again: bool
    details: Mapping[str, str] = field(default_factory=dict)


class HostControl(Protocol):
    """Reaches the hosts of one resource's nodes. Synchronous; every call ends within its time-out."""

    def state(self, node: str, timeout_s: float = 3.0) -> HostState:
        """What the host says. Raises HostUnreachable."""
        ...

    def carry_out(self, order: Order, timeout_s: float = 60.0) -> Done:
        """Do it once. Raises HostUnreachable, HostUnknown, HostRefused."""
        ...
