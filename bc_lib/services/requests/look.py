"""Looks at inventory and status once, and makes the plan as it would be now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bc_lib.domain.current import Current, current, looking_again
from bc_lib.domain.execution.actions import DrillKind
from bc_lib.domain.execution.findings import Finding
from bc_lib.domain.inventory import Inventory
from bc_lib.domain.loss import LossProof, revived
from bc_lib.domain.observation import Observation
from bc_lib.domain.plans.figures import loss_to_accept, loss_words
from bc_lib.domain.plans.movable import movable_of
from bc_lib.domain.requests.plan import Plan, Scope
from bc_lib.domain.requests.policy import Policy
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.requests.values import NewRequest, Request
from bc_lib.ports.requests import Reading
from bc_lib.services.requests.preview import Seen, preview, resources_of


class Checked(Reading, Protocol):
    """What is looked up of a request that was checked."""

    def prechecks(self, request_id: str) -> tuple[datetime, Sequence[Finding]] | None:
        """The newest prechecks and when they were made."""
        ...


def plan_now(
    reading: Reading,
    policy: Policy,
    kind: RequestType,
    scope: Scope,
    target_site: str,
    drill: DrillKind | None = None,
    *,
    asking: bool = False,
) -> Plan:
    """The plan at this moment. Raises Denial where the request makes no sense now. `asking`: as preview's."""
    inventory = reading.inventory()
    seen = seen_now(reading, inventory)
    refuse_while_looking(inventory, seen, scope)
    return preview(inventory, seen, policy, kind, scope, target_site, drill, asking=asking)


def refuse_while_looking(inventory: Inventory, seen: Seen, scope: Scope) -> None:
    """No plan rests on what was seen before a move or a start. Raises Denial LOOKING_AGAIN for about a second."""
    for each in movable_of(resources_of(inventory, scope)):
        if looking_again(seen[each.name][0]):
            raise refusal("LOOKING_AGAIN", resource=each.name)


def to_accept(reading: Checked, request: Request, plan: Plan) -> str:
    """The loss, in words, that a start must be told to accept; empty where it loses nothing by its way of moving.

    The one figure of pages, commands, consent and start. Raises Denial where the request makes no sense now.
    """
    if plan.type is not RequestType.FAILOVER:
        return ""
    return loss_to_accept(plan, plan_of(reading, request))


def plan_of(reading: Checked, request: Request) -> Plan:
    """What would be planned for this request now, with what the hosts said about primaries that were seen to end.

    Raises Denial where the request makes no sense now.
    """
    now = plan_now(reading, reading.policy(), request.type, request.scope, request.target_site, drill_kind(request))
    checked = reading.prechecks(request.id)
    proofs = by_hosts(now.proofs, checked[1] if checked else ())
    if proofs == now.proofs:
        return now
    loss = loss_words(now.type, [each.resource for each in now.targets], proofs)
    return replace(now, proofs=proofs, loss=loss)


def by_hosts(proofs: Sequence[LossProof], findings: Sequence[Finding]) -> tuple[LossProof, ...]:
    """With the word of each host that the checks asked."""
    said = {each.resource: revived.read(each.figure) for each in findings if each.check == revived.CHECK}
    return tuple(revived.revised(each, said.get(each.resource)) for each in proofs)


def seen_now(reading: Reading, inventory: Inventory) -> dict[str, tuple[Current, Observation | None]]:
    """Every resource as it counts now, with its last observation."""
    snapshot = reading.snapshot()
    stored = {row.resource: row for row in snapshot.statuses}
    seen = {}
    for resource in inventory.resources:
        row = stored.get(resource.name)
        seen[resource.name] = (
            current(resource, row.assessment if row else None, snapshot.now, row.look_from if row else None),
            row.observation if row else None,
        )
    return seen


def drill_kind(asked: NewRequest | Request) -> DrillKind | None:
    """Rehearsal unless said otherwise; None for everything that is no drill. Raises Denial."""
    if asked.type is not RequestType.DRILL:
        if asked.drill is not None:
            raise refusal("DRILL_KIND")
        return None
    if asked.drill is not None and asked.drill not in set(DrillKind):
        raise refusal("DRILL_KIND")
    return DrillKind(asked.drill or DrillKind.REHEARSAL)
