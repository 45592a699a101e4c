"""Kinds and states of a request (FR-030). No state but these exists, here or in the database."""

from __future__ import annotations

from enum import StrEnum


class RequestType(StrEnum):
    """What is asked for. A planned rotation is a tag on a switchover, not a type."""

    FAILOVER = "failover"
    SWITCHOVER = "switchover"
    FAILBACK = "failback"
    DRILL = "drill"


class State(StrEnum):
    """Where a request stands. Those after READY_TO_START are driven by the runner."""

    DRAFT = "Draft"
    PENDING_APPROVAL = "PendingApproval"
    APPROVED = "Approved"
    READY_TO_START = "ReadyToStart"
    RUNNING = "Running"
    HELD = "Held"
    STOPPING = "Stopping"
    SERVICE_RESTORED = "ServiceRestored"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    REJECTED = "Rejected"
    EXPIRED = "Expired"
    CANCELLED = "Cancelled"

    @property
    def waiting(self) -> bool:
        """True where a clock runs: somebody must act before `expires_at`."""
        return self in WAITING

    @property
    def over(self) -> bool:
        """True where nothing can follow."""
        return self in OVER


WAITING = frozenset({State.PENDING_APPROVAL, State.APPROVED, State.READY_TO_START})
OVER = frozenset({State.SUCCEEDED, State.FAILED, State.REJECTED, State.EXPIRED, State.CANCELLED})


class Decision(StrEnum):
    """What an approver says."""

    APPROVE = "approve"
    DENY = "deny"
