"""Production and the rest never share a plan or an endpoint (F19)."""

from __future__ import annotations

from collections.abc import Sequence

from bc_lib.domain.inventory import Endpoint, Inventory, Resource


def stranger(inventory: Inventory, members: Sequence[Resource]) -> Resource | None:
    """A member of another kind of environment than the first, or one whose endpoint belongs to the other kind too."""
    production = members[0].environment.production
    mixed = next((each for each in members if each.environment.production is not production), None)
    if mixed is not None:
        return mixed
    others = {
        place
        for each in inventory.resources
        if each.environment.production is not production
        for place in _places(each)
    }
    return next((each for each in members if others & _places(each)), None)


def _places(resource: Resource) -> set[tuple[str, int]]:
    return {place for one in resource.endpoints if (place := _place(one)) is not None}


def _place(endpoint: Endpoint) -> tuple[str, int] | None:
    return (endpoint.host.lower(), endpoint.port) if endpoint.host and endpoint.port else None
