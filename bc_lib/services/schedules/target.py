"""Where a scheduled move goes: decided when it falls due, because a rotation goes to the other site each time."""

from __future__ import annotations

from bc_lib.domain.plans.movable import movable_of
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.schedules.values import Spec
from bc_lib.ports.requests import Reading
from bc_lib.services.requests.look import seen_now
from bc_lib.services.requests.preview import resources_of


def target_of(reading: Reading, spec: Spec) -> str:
    """The site that is said; else home for a failback, and the site that is not active. Raises Denial.

    A member whose active site nobody has seen is taken to be at home; the runner measures before it starts.
    """
    if spec.target_site is not None:
        return spec.target_site
    inventory = reading.inventory()
    members = movable_of(resources_of(inventory, spec.scope))
    if not members:
        raise refusal("NOTHING_TO_MOVE", scope=spec.scope.name)
    if spec.type is RequestType.FAILBACK:
        return members[0].home_site
    seen = seen_now(reading, inventory)
    others = set()
    for each in members:
        last = seen[each.name][0].last
        active = last.active_site if last and last.active_site else each.home_site
        others.add(each.dr_site if active == each.home_site else each.home_site)
    if len(others) != 1:
        raise refusal("SITES_SPLIT", scope=spec.scope.name)
    return others.pop()
