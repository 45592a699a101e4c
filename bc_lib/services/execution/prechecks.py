"""Looks at both sites now, read-only, and keeps what was found (FR-033): for approvers, and for the start."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bc_lib.domain.assessment import LastPrimary
from bc_lib.domain.denial import Denial
from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.findings import Finding, Severity
from bc_lib.domain.inventory import Inventory, Resource
from bc_lib.domain.requests.plan import Plan, Step, Target
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.states import WAITING
from bc_lib.ports.mechanism import Mechanism, Work
from bc_lib.services.execution.parts import Execution
from bc_lib.services.passes import Pass

LOOK_S = 30.0
REFRESH_S = 30.0


def prechecks(ex: Execution, request_id: str) -> Sequence[Finding]:
    """Look, store and return. Raises Denial UNKNOWN_REQUEST."""
    plan = ex.gate.store.read.plan(request_id).plan
    found = look(ex, request_id, plan)
    with ex.gate.store.work() as work:
        work.store_prechecks(request_id, found)
    return found


def refresh(ex: Execution, done: Pass | None = None) -> int:
    """Look again for every request that waits for people, so that they decide on what is; how many. For a job."""
    read = ex.gate.store.read
    listed = read.list(states=tuple(WAITING), limit=100)
    done = done or Pass(read.now)
    return sum(
        done.each("the checks of", [each.id for each in listed.requests], lambda name: _again(ex, name, listed.now))
    )


def _again(ex: Execution, request_id: str, now: datetime) -> bool:
    newest = ex.gate.store.read.prechecks(request_id)
    if newest is not None and now - newest[0] < timedelta(seconds=REFRESH_S):
        return False
    try:
        prechecks(ex, request_id)
    except Denial:
        return False
    return True


def look(ex: Execution, request_id: str, plan: Plan) -> tuple[Finding, ...]:
    """Findings about every member, without storing them. Never raises for trouble with a target."""
    inventory = ex.gate.store.read.inventory()
    return tuple(each for target in plan.targets for each in _member(ex, request_id, plan, target, inventory))


def last_primary(ex: Execution, resource: str) -> LastPrimary | None:
    """What the monitor last saw taking writes; None where it never saw one."""
    for status in ex.gate.store.read.snapshot().statuses:
        if status.assessment.resource == resource:
            return status.assessment.last_primary
    return None


def mechanism_for(ex: Execution, resource: Resource) -> Mechanism:
    """Raises Denial NO_MECHANISM, NOT_CONFIGURED."""
    found = ex.mechanisms.get(resource.platform)
    if found is None:
        raise refusal("NO_MECHANISM", platform=resource.platform.value, resource=resource.name)
    if resource.execution is None:
        raise refusal("NOT_CONFIGURED", resource=resource.name)
    return found


def _member(ex: Execution, request_id: str, plan: Plan, target: Target, inventory: Inventory) -> Sequence[Finding]:
    resource = inventory.resource_map().get(target.resource)
    try:
        if resource is None:
            raise refusal("UNKNOWN_SCOPE", scope=target.resource)
        mechanism = mechanism_for(ex, resource)
        return mechanism.prechecks(
            Work(
                request=request_id,
                epoch=0,
                deadline=datetime.now(UTC) + timedelta(seconds=LOOK_S),
                plan=plan,
                step=_check(plan, target),
                resource=resource,
                last_primary=last_primary(ex, resource.name),
            )
        )
    except Denial as denial:
        return [_unseen(target.resource, "execution", Severity.BLOCK, denial.sentence)]
    except Exception as trouble:
        # A mechanism of a third party may break its promise; then nothing was seen, and that is never green.
        sentence = f"The checks of {target.resource} broke ({type(trouble).__name__}); see the runner's log."
        return [_unseen(target.resource, "checks", Severity.UNKNOWN, sentence)]


def _check(plan: Plan, target: Target) -> Step:
    found = (each for each in plan.steps if each.resource == target.resource and each.action == Action.CHECK)
    key = f"{target.resource}/{Action.CHECK}"
    return next(
        found,
        Step(
            resource=target.resource,
            action=Action.CHECK.value,
            summary=f"look at {target.resource}",
            key=key,
            node=target.to_node,
            peer=target.from_node,
        ),
    )


def _unseen(resource: str, check: str, severity: Severity, sentence: str) -> Finding:
    return Finding(check=check, resource=resource, severity=severity, sentence=sentence)
