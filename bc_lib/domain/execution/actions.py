"""What a step of a plan does. A mechanism implements each action of its platform."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """One kind of step."""

    CHECK = "check"  # look at both sites again, take the markers before
    REHEARSE = "rehearse"  # everything but the effects
    STOP = "stop"  # a person stops the old primary where its host does not obey us, and attests it
    MOVE = "move"  # fence, wait for the marker, promote: one journal step with three marks
    TRAFFIC = "traffic"  # lead the clients to the new primary, where their driver does not find it itself
    VERIFY = "verify"  # a write through the clients' own address
    HOLD = "hold"  # a live drill stays at the other site until somebody ends it
    PRESERVE = "preserve"  # copy the diverged old primary aside
    REJOIN = "rejoin"  # a person starts the old primary as standby where its host does not obey us
    REPROTECT = "reprotect"  # the old primary back as standby by a restart
    REWIND = "rewind"  # the diverged old primary back by pg_rewind; needs an allowance of its own
    POSTCHECK = "postcheck"  # roles, replication, markers after, integrity checks


READ_ONLY = frozenset({Action.CHECK, Action.REHEARSE, Action.VERIFY, Action.HOLD, Action.POSTCHECK})


class MarkName(StrEnum):
    """Moments inside a step that the page, the clocks and a resuming runner need."""

    FENCED = "fenced"  # the old primary cannot accept writes: proven
    FENCE_OWED = "fence-owed"  # that could not be proven
    CAUGHT_UP = "caught-up"  # the target has applied the exact marker
    PROMOTED = "promoted"  # the target accepts writes
    WRITTEN = "written"  # a client's write was acknowledged
    UNDONE = "undone"  # writes are allowed at the old primary again
    TWO_WRITERS = "two-writers"  # the old primary takes writes beside the new one, or has taken some meanwhile
    ONE_WRITER = "one-writer"  # it does not any more


class DrillKind(StrEnum):
    """A rehearsal does everything but the effects; only a live drill counts as a recovery test."""

    REHEARSAL = "rehearsal"
    LIVE = "live"
