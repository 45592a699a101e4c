"""The ways in which the demo can be broken: what `bcctl demo break` offers and what the demo's agent does."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """One real fault."""

    REPLICA_PAUSED = "replica-paused"
    DR_DOWN = "dr-down"
    PRIMARY_DOWN = "primary-down"
    PRIMARY_UNREACHABLE = "primary-unreachable"
    HEARTBEAT_STOPPED = "heartbeat-stopped"
    SLOW = "slow"


WHAT_IT_DOES: dict[Mode, str] = {
    Mode.REPLICA_PAUSED: "the standby goes on receiving but stops replaying",
    Mode.DR_DOWN: "the standby (or the web server at the DR site) is stopped at once",
    Mode.PRIMARY_DOWN: "the primary is killed as by a power cut (or the active web server is stopped)",
    Mode.PRIMARY_UNREACHABLE: "only the monitor can no longer reach the primary; the applications go on writing",
    Mode.HEARTBEAT_STOPPED: "nobody writes the heartbeat any more",
    Mode.SLOW: "every answer from both sites comes late",
}
