"""Is this still the plan that was approved? Identity exactly, measurements within their band (decision 7, F14, F34)."""

from __future__ import annotations

from dataclasses import fields

from bc_lib.domain.requests.plan import Measurement, Plan, Target
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.words import duration

BAND_FACTOR = 2.0
BAND_LEAST_S = 10.0
SAID_WHOLE = {"endpoints": "endpoints", "execution": "settings for acting on its hosts"}  # long, or not for people
NODES = {"from_node": "primary", "to_node": "server that takes over"}


def upper_bound(value: float | None) -> float | None:
    """The greatest value that an approval given at `value` seconds covers; None where nothing was known."""
    return None if value is None else max(value * BAND_FACTOR, value + BAND_LEAST_S)


def difference(approved: Plan, now: Plan) -> str | None:
    """What became different, as a phrase that follows "because"; None where approvals still hold."""
    return _identity(approved, now) or _observed(approved, now) or _measured(approved, now)


def _identity(approved: Plan, now: Plan) -> str | None:
    if approved.identity() == now.identity():
        return None
    if approved.tier != now.tier:
        return f"the tier changed from {approved.tier} to {now.tier}"
    if approved.environment == now.environment and (
        (approved.policy_version, approved.policy_position) != (now.policy_version, now.policy_position)
    ):
        return "the approval policy changed"
    before, after = ({target.resource: target for target in plan.targets} for plan in (approved, now))
    if before.keys() != after.keys():
        return f"the members changed from {', '.join(before)} to {', '.join(after)}"
    for name, old in before.items():
        if old != after[name]:
            return _target(name, old, after[name])
    return _asked(approved, now) or "the steps of the plan changed"


def _asked(approved: Plan, now: Plan) -> str | None:
    """What was asked for, where it is another thing now."""
    for name, before, after in (
        ("type", approved.type.value, now.type.value),
        ("scope", approved.scope.name, now.scope.name),
        ("scope", approved.scope.kind, now.scope.kind),
        ("target site", approved.target_site, now.target_site),
        ("environment", approved.environment, now.environment),
        ("kind of drill", approved.drill, now.drill),
        ("answer to a member that cannot be moved", approved.if_partial, now.if_partial),
        ("time limit of the run", f"{approved.timeout_s:g} s", f"{now.timeout_s:g} s"),
    ):
        if before != after:
            return f"the {name} changed from {before or 'none'} to {after or 'none'}"
    return None


def _target(name: str, old: Target, new: Target) -> str:
    """Any field of a target may differ; each has its words, one that comes later its own name."""
    if (old.from_site, old.to_site) != (new.from_site, new.to_site):
        return f"{name} would now move from {new.old} to {new.new}"
    changed = [field.name for field in fields(old) if getattr(old, field.name) != getattr(new, field.name)]
    for field, words in SAID_WHOLE.items():
        if field in changed:
            return f"the {words} of {name} changed"
    field = changed[0] if changed else "identity"
    before, after = getattr(old, field, ""), getattr(new, field, "")
    words = NODES.get(field, field.replace("_", " "))
    return f"the {words} of {name} changed from {before or 'not known'} to {after or 'not known'}"


def _observed(approved: Plan, now: Plan) -> str | None:
    """Something seen is now something else. Not seen now, or not seen then, is no change."""
    for name, value in approved.observed.items():
        if name in now.observed and now.observed[name] != value:
            return f"{name} changed from {value} to {now.observed[name]}"
    return None


def _measured(approved: Plan, now: Plan) -> str | None:
    current = {measurement.name: measurement for measurement in now.measurements}
    for then in approved.measurements:
        seen = current.get(then.name)
        if approved.type is RequestType.FAILOVER and (seen is None or seen.value is None):
            continue  # its primary may be gone by now: what is not known any more must be accepted at the start
        found = _out_of_band(then, seen)
        if found:
            return found
    return None


def _out_of_band(then: Measurement, now: Measurement | None) -> str | None:
    if then.upper is None or then.value is None:
        return None
    if now is None or now.value is None:
        return f"{then.name} is not known any more; it was {duration(then.value)}"
    if now.value > then.upper:
        return f"{then.name} is {duration(now.value)}; the approvals cover up to {duration(then.upper)}"
    return None
