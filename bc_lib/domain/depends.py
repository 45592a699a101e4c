"""What a resource depends on, judged when its status is read (FR-001)."""

from __future__ import annotations

from collections.abc import Mapping

from bc_lib.domain.assessment import Reason, Status
from bc_lib.domain.current import Current
from bc_lib.domain.groups import GroupAssessment
from bc_lib.domain.inventory import Resource


def dependency_findings(
    resource: Resource, resources: Mapping[str, Current], groups: Mapping[str, GroupAssessment]
) -> tuple[Reason, ...]:
    """One finding for each resource or group it depends on that is not green; unknown names count as never seen."""
    found = []
    for name in resource.depends_on:
        view = resources.get(name) or groups.get(name)
        status = view.status if view else Status.NEVER_SEEN
        if status is not Status.GREEN:
            figures: dict[str, float | int | str | None] = {"dependency": name, "status": status.value}
            text = f"It depends on {name}, which is {status.value.replace('_', ' ')}."
            found.append(Reason(code="DEPENDENCY", text=text, figures=figures))
    return tuple(found)
