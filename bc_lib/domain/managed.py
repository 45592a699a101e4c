"""Whether a resource may be moved from here as far as managers go: one sentence for watch, requests and checks."""

from __future__ import annotations

from collections.abc import Mapping

from bc_lib.domain.inventory import Resource
from bc_lib.domain.managers import Managing, managing
from bc_lib.domain.observation import NodeFacts


def managing_of(resource: Resource, facts: Mapping[str, NodeFacts]) -> Managing:
    """`facts` of the nodes that answered, by name."""
    return managing(
        resource.name,
        resource.manager,
        resource.manager_overruled,
        [sign for each in facts.values() for sign in each.manager_signs],
        hidden=[name for name, each in facts.items() if "manager_signs" in each.missing],
    )
