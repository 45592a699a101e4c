"""Which findings of the checks people may go on in spite of (FR-033, FR-036). Pure; the one place of this rule.

Some never: what they say is not a risk to weigh but a move that could leave two primaries, mix two clusters, or stop
clients' writes for a promotion that cannot happen; or nobody looked at all.
"""

from __future__ import annotations

from bc_lib.domain.inventory import Inventory

NEVER = frozenset(
    {
        "one-server",  # two names lead to one server: whose role is whose cannot be said
        "one-primary",  # F15: two take writes, another one does than planned, or none
        "target-is-standby",
        "target-reachable",
        "same-cluster",
        "same-version",
        "same-timeline",
        "fed-by-primary",  # a standby of another server: promoted, it would bring another history
        "replay-limits",  # the server itself has paused replay: no promotion can happen, and resuming ends it
        "may-promote",
        "credential",  # nothing was seen
        "execution",
        "checks",
    }
)


def never(check: str) -> bool:
    """Whether a check may not be overridden, whatever an inventory allows. Names are told apart as they are stored."""
    return check in NEVER


def may_override(inventory: Inventory, value: str) -> bool:
    """Whether `<resource>/<check>` may be overridden: the resource allows it, and it is none of NEVER."""
    name, _, check = value.partition("/")
    resource = inventory.resource_map().get(name)
    if never(check) or resource is None or resource.execution is None:
        return False
    return check in resource.execution.allow_overrides
