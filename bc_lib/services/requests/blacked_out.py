"""Whether a request by hand falls into a blackout, and what the policy says of that."""

from __future__ import annotations

from datetime import datetime

from bc_lib.domain.denial import Denial
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.policy import Policy
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.schedules.by_hand import blackout_in, forbids
from bc_lib.domain.schedules.values import Blackout
from bc_lib.ports.requests import Reading


def in_blackout(
    reading: Reading,
    policy: Policy,
    plan: Plan,
    person: int | None = None,
    window: tuple[datetime, datetime] | None = None,
) -> tuple[Denial | None, str]:
    """The refusal, or None; and a warning where one stands (empty: no blackout). `window`: when it may start; now."""
    now = reading.now()
    first, last = window or (now, now)
    found = blackout_in(first, last, reading.schedules.blackouts())
    if found is None:
        return None, ""
    rule = next(each for each in policy.rules if each.position == plan.policy_position)
    glass = person is not None and reading.glass_for(person, plan.scope)
    if forbids(plan.type, rule, glass=glass):
        return refusal("BLACKOUT", scope=plan.scope.name, kind=plan.type.value, **_named(found)), ""
    return None, "It falls into blackout {blackout} ({days}: {reason}).".format(**_named(found))


def _named(found: Blackout) -> dict[str, str]:
    days = f"{found.first_day}" if found.first_day == found.last_day else f"{found.first_day} to {found.last_day}"
    return {"blackout": str(found.id), "days": days, "reason": found.reason}
