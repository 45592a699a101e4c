"""What can be asked for about a resource or group now: every type to every site, offered or refused by one rule.

The page shows nothing else, so that what it offers is what is accepted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bc_lib.domain.assessment import Verdict
from bc_lib.domain.denial import Denial
from bc_lib.domain.groups import assess_group
from bc_lib.domain.inventory import Inventory, Resource
from bc_lib.domain.plans.movable import movable_of
from bc_lib.domain.plans.sense import Seen, Whereabouts, whereabouts
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import RequestType
from bc_lib.ports.requests import OpenRequest
from bc_lib.services.gate import Gate
from bc_lib.services.requests.look import refuse_while_looking, seen_now
from bc_lib.services.requests.preview import Seen as Looks
from bc_lib.services.requests.preview import preview, resources_of
from bc_lib.services.requests.rivals import rival


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One type of move to one site. `denial`: why it is refused now; None: it may be asked for."""

    kind: RequestType
    site: str
    denial: Denial | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """Everything about one scope. `sites`: home first; `known`: where each member's primary is or was.

    `groups`: those that a resource belongs to. `rival`: the open request that stands against any new one.
    """

    scope: Scope
    sites: tuple[str, ...]
    offers: tuple[Offer, ...]
    known: dict[str, Whereabouts]
    switch_over: Verdict
    fail_over: Verdict
    groups: tuple[str, ...]
    rival: OpenRequest | None

    def to(self, kind: RequestType) -> tuple[str, ...]:
        """The sites to which this type may be asked for now, home first."""
        return tuple(each.site for each in self.offers if each.kind is kind and each.denial is None)

    def why_not(self, kind: RequestType) -> Denial | None:
        """Why this type is not offered to any site: where the scope is not active, which says more; None: it is."""
        refused = [each.denial for each in self.offers if each.kind is kind and each.denial is not None]
        if self.to(kind) or not refused:
            return None
        telling = [each for each in refused if each.code not in {"ALREADY_THERE", "FAILBACK_HOME", "WAS_ACTIVE_THERE"}]
        return (telling or refused)[0]

    @property
    def active(self) -> str | None:
        """The one site at which every member is seen running now."""
        found = {each.site for each in self.known.values()}
        running = all(each.primary is Seen.RUNNING for each in self.known.values())
        return found.pop() if running and len(found) == 1 else None


def offers(gate: Gate, scope: Scope, person: int | None = None) -> Offers:
    """Look, store nothing. Raises Denial UNKNOWN_SCOPE, NOTHING_TO_MOVE, LOOKING_AGAIN."""
    read = gate.store.read
    inventory, policy = read.inventory(), read.policy()
    seen, members = seen_now(read, inventory), movable_of(resources_of(inventory, scope))
    refuse_while_looking(inventory, seen, scope)
    sites = tuple(dict.fromkeys(site for each in members for site in (each.home_site, each.dr_site)))

    def refused(kind: RequestType, site: str) -> Denial | None:
        try:
            preview(inventory, seen, policy, kind, scope, site)
        except Denial as denial:
            return denial
        return None

    if not members:
        preview(inventory, seen, policy, RequestType.FAILOVER, scope, "")  # refuses: there is nothing to move
    switch_over, fail_over = _verdicts(inventory, scope, seen)
    names = [each.name for each in members]
    return Offers(
        scope=scope,
        sites=sites,
        offers=tuple(Offer(kind=kind, site=site, denial=refused(kind, site)) for kind in RequestType for site in sites),
        known=dict(_known(members, seen)),
        switch_over=switch_over,
        fail_over=fail_over,
        groups=tuple(
            group.name
            for group in inventory.groups
            if scope.kind == "resource" and any(each.resource == scope.name for each in group.members)
        ),
        rival=rival(read, scope, names, person) if person is not None else None,
    )


def _known(members: tuple[Resource, ...], seen: Looks) -> Iterator[tuple[str, Whereabouts]]:
    for each in members:
        view, observation = seen.get(each.name, (None, None))
        yield each.name, whereabouts(each, view, observation)


def _verdicts(inventory: Inventory, scope: Scope, seen: Looks) -> tuple[Verdict, Verdict]:
    """Could it switch over, could it fail over, as its own page says."""
    views = {name: view for name, (view, _) in seen.items()}
    group = next((each for each in inventory.groups if scope.kind == "group" and each.name == scope.name), None)
    if group is not None:
        judged = assess_group(group, views)
        return judged.could_switch_over, judged.could_fail_over
    return views[scope.name].could_switch_over, views[scope.name].could_fail_over
