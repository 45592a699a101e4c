"""What an observation means: status, the two verdicts, and the reasons for each (FR-012)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bc_lib.domain.loss.values import Fence, LossProof
from bc_lib.domain.observation import LagSource


class Status(StrEnum):
    """Health of a resource or group. The last three are "not known": never green (decision 11)."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    BLIND = "blind"  # we cannot see a site; it may well be healthy
    STALE = "stale"  # what we know is too old
    NEVER_SEEN = "never_seen"

    @property
    def known(self) -> bool:
        return self in {Status.GREEN, Status.YELLOW, Status.RED}


class Answer(StrEnum):
    """Answer of a verdict. UNKNOWN is never YES."""

    YES = "yes"
    WITH_LOSS = "with_loss"  # possible, and the reasons say what would or could be lost or degraded
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason: a code of reasons.TABLE, a human sentence, and the figures in it."""

    code: str
    text: str
    node: str | None = None
    figures: dict[str, float | int | str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Could this resource switch over, or fail over, now?"""

    answer: Answer
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """How far the DR site is behind, in bytes and seconds.

    `received_*` bounds what would be lost if the primary vanished now; `replayed_*` adds what is
    received but not yet visible. None: not known.
    """

    received_bytes: int | None = None
    replayed_bytes: int | None = None
    received_s: float | None = None
    replayed_s: float | None = None
    source: LagSource | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastPrimary:
    """The server that was last seen taking writes, and when. `sync_names`: its synchronous_standby_names then; None: it
    could not be read."""

    node: str
    site: str
    seen_at: datetime
    sync_names: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The judgement of one observation. `loss`: of a failover to the standby that the verdicts speak about; None: there
    is none. `fence`: where an unseen primary may go on writing."""

    resource: str
    observed_at: datetime
    status: Status
    reasons: tuple[Reason, ...]
    could_switch_over: Verdict
    could_fail_over: Verdict
    active_site: str | None  # where the one writable primary was seen; None: not known or not one
    lag: Lag = field(default_factory=Lag)
    marker: str | None = None  # the DR candidate's replayed position
    heartbeat_statement: str | None = None
    loss: LossProof | None = None
    fence: Fence | None = None
    findings: tuple[Reason, ...] = ()  # parity and advice: shown, not deciding unless a reason says so
    last_primary: LastPrimary | None = None  # kept while no primary is seen, so that nobody moves onto a dead one
