"""How a run ended, for the request and for each member, derived from the journal alone."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """Of a failed request."""

    UNTOUCHED = "Untouched"
    WRITES_STOPPED = "WritesStopped"
    PARTIALLY_MOVED = "PartiallyMoved"
    ROLLED_BACK = "RolledBack"
    INDETERMINATE = "Indeterminate"


class MemberOutcome(StrEnum):
    """Of one resource of a group. STOPPED: clients cannot write and it was not moved."""

    UNTOUCHED = "Untouched"
    MOVED = "Moved"
    MOVED_BACK = "MovedBack"
    STOPPED = "Stopped"
    UNKNOWN = "Unknown"


class Owed(StrEnum):
    """What keeps a restored service from being finished."""

    FENCE = "FenceOwed"  # the old primary is not proven unable to write
    REPROTECT = "ReprotectOwed"  # no working standby: "unprotected since"
    SYNCHRONOUS = "SynchronousOwed"  # a standby streams, and commits wait for none as they did before
    REVIEW = "ReviewOwed"  # break-glass
