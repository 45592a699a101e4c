"""Read the whole estate as it may be shown now: one snapshot, freshness applied, groups judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.assessment import Reason
from bc_lib.domain.current import Current, current
from bc_lib.domain.depends import dependency_findings
from bc_lib.domain.groups import GroupAssessment, assess_group
from bc_lib.domain.inventory import Group
from bc_lib.ports.inventory import InventoryRepository
from bc_lib.ports.reading import StatusReader, StoredStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceView:
    """One resource now, with the stored row behind it (None: never seen).

    `dependencies`: one finding for each thing it depends on that is not green; they colour nothing.
    """

    current: Current
    stored: StoredStatus | None
    groups: tuple[str, ...]
    dependencies: tuple[Reason, ...] = ()

    @property
    def name(self) -> str:
        return self.current.resource.name


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """One group now; `members` in dependency order."""

    group: Group
    assessment: GroupAssessment
    members: tuple[ResourceView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estate:
    """Everything at `now` (the database's clock)."""

    now: datetime
    revision: int
    resources: tuple[ResourceView, ...]
    groups: tuple[GroupView, ...]
    site_titles: dict[str, str]

    def resource(self, name: str) -> ResourceView | None:
        """One resource by name."""
        return next((view for view in self.resources if view.name == name), None)

    def group(self, name: str) -> GroupView | None:
        """One group by name."""
        return next((view for view in self.groups if view.group.name == name), None)


def read_estate(inventory: InventoryRepository, reader: StatusReader) -> Estate:
    """The estate at this moment."""
    stored = inventory.load()
    snapshot = reader.snapshot()
    rows = {row.resource: row for row in snapshot.statuses}
    membership: dict[str, list[str]] = {}
    for group in stored.inventory.groups:
        for member in group.members:
            membership.setdefault(member.resource, []).append(group.name)
    now_known = {
        resource.name: current(
            resource,
            rows[resource.name].assessment if resource.name in rows else None,
            snapshot.now,
            rows[resource.name].look_from if resource.name in rows else None,
        )
        for resource in stored.inventory.resources
    }
    judged = {group.name: assess_group(group, now_known) for group in stored.inventory.groups}
    views = {
        name: ResourceView(
            current=known,
            stored=rows.get(name),
            groups=tuple(membership.get(name, ())),
            dependencies=dependency_findings(known.resource, now_known, judged),
        )
        for name, known in now_known.items()
    }
    groups = tuple(
        GroupView(
            group=group, assessment=judged[group.name], members=tuple(views[name] for name in judged[group.name].order)
        )
        for group in stored.inventory.groups
    )
    return Estate(
        now=snapshot.now,
        revision=stored.revision,
        resources=tuple(views.values()),
        groups=groups,
        site_titles={site.name: site.title for site in stored.inventory.sites},
    )
