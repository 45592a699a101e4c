"""What to say now about what was stored then: freshness applied to a whole assessment (FR-011, F28)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bc_lib.domain.assessment import Answer, Assessment, Reason, Status, Verdict
from bc_lib.domain.freshness import effective_status
from bc_lib.domain.inventory import Resource
from bc_lib.domain.loss.values import Fence, LossProof
from bc_lib.domain.plans.movable import movable, watched_verdict
from bc_lib.domain.words import clock

AGAIN = "LOOKING_AGAIN"
AGAIN_S = 60.0
"""A look that has not come by then is not about to come; what was known is then simply too old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Current:
    """A resource as it may be shown at one moment.

    Where the status is STALE or NEVER_SEEN both verdicts are UNKNOWN, whatever was stored;
    `last` still holds what was seen, to be shown with its time as "last known".
    """

    resource: Resource
    status: Status
    reasons: tuple[Reason, ...]
    could_switch_over: Verdict
    could_fail_over: Verdict
    age_s: float | None
    observed_at: datetime | None
    last: Assessment | None

    @property
    def fresh(self) -> bool:
        """Whether what was seen last counts now."""
        return self.last is not None and self.status is self.last.status

    @property
    def loss(self) -> LossProof | None:
        """The evidence about what a failover would lose, as it counts now; None: no standby to fail over to was seen.

        Where the last look is too old, the standby still holds what it held; whether its primary lives is not known.
        """
        found = self.last.loss if self.last else None
        if found is None or self.fresh or self.observed_at is None:
            return found
        why = f"nothing was seen of {found.old} and {found.new} since {clock(self.observed_at)}"
        return replace(found, ended=None, seen_at=None, unknown=why)

    @property
    def fence(self) -> Fence | None:
        """Where an unseen primary may go on writing; None: nothing says so."""
        return self.last.fence if self.last else None


def current(resource: Resource, last: Assessment | None, now: datetime, look_from: datetime | None = None) -> Current:
    """Judge the stored assessment's age at `now`. `look_from`: what was observed before it counts no more."""
    found = _current(resource, last, now, look_from)
    if movable(resource):
        return found
    watched = watched_verdict(resource.name)
    return replace(found, could_switch_over=watched, could_fail_over=watched)


def _current(resource: Resource, last: Assessment | None, now: datetime, look_from: datetime | None) -> Current:
    observed_at = last.observed_at if last else None
    age = (now - observed_at).total_seconds() if observed_at else None
    status = effective_status(last.status if last else None, observed_at, now, resource.interval_s)
    overtaken = look_from is not None and observed_at is not None and observed_at < look_from
    if overtaken:
        status = Status.STALE
    if last is not None and status == last.status:
        return Current(
            resource=resource,
            status=status,
            reasons=last.reasons,
            could_switch_over=last.could_switch_over,
            could_fail_over=last.could_fail_over,
            age_s=age,
            observed_at=observed_at,
            last=last,
        )
    why = _again(look_from, now) if overtaken and look_from else _age_reason(status, observed_at)
    unknown = Verdict(answer=Answer.UNKNOWN, reasons=(why,))
    return Current(
        resource=resource,
        status=status,
        reasons=(why,),
        could_switch_over=unknown,
        could_fail_over=unknown,
        age_s=age,
        observed_at=observed_at,
        last=last,
    )


def looking_again(view: Current) -> bool:
    """Whether a look is due any moment, because a run has just begun or moved it."""
    return any(each.code == AGAIN and float(each.figures["since_s"] or 0) < AGAIN_S for each in view.reasons)


def _again(look_from: datetime, now: datetime) -> Reason:
    """Since when it is being looked at again."""
    since = (now - look_from).total_seconds()
    text = f"Being looked at again since {look_from:%H:%M:%S} UTC: a run began or moved it then."
    if since >= AGAIN_S:
        text = (
            f"Not looked at since a run began or moved it at {look_from:%Y-%m-%d %H:%M:%S} UTC; is the poller running?"
        )
    return Reason(code=AGAIN, text=text, figures={"since_s": round(since, 1)})


def _age_reason(status: Status, observed_at: datetime | None) -> Reason:
    if status is Status.NEVER_SEEN or observed_at is None:
        return Reason(code="NEVER_SEEN", text="Never observed yet; is the poller running?")
    seen = f"{observed_at:%Y-%m-%d %H:%M:%S} UTC"
    return Reason(
        code="STALE",
        text=f"No fresh data: last observed {seen}. Nothing is known about now.",
        figures={"observed_at": observed_at.isoformat()},
    )


def last_status(view: Current) -> Status | None:
    """What was last seen, for "last known" beside a stale status."""
    return view.last.status if view.last else None
