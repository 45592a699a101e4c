"""Make a planned inventory the stored one: all or nothing, after looking at secrets and hosts (FR-001, FR-003)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bc_lib.domain.actor import Actor
from bc_lib.domain.authorization import Verb
from bc_lib.domain.inventory import Endpoint, Inventory, Resource
from bc_lib.domain.inventory_diff import touched_endpoints
from bc_lib.domain.inventory_rules import REFERENCES, problems
from bc_lib.domain.observation import Observation
from bc_lib.domain.one_server import faults
from bc_lib.domain.requests.refusals import refusal
from bc_lib.ports.inventory import InvalidInventory, InventoryRepository
from bc_lib.ports.secrets import InvalidReference, SecretResolver, SecretUnavailable
from bc_lib.services.gate import Gate
from bc_lib.services.guard import Subject, acting
from bc_lib.services.plan_inventory import InventoryPlan, summary

THREADS = 32
MOST_NAMED = 5
# None where somebody listens there, else half a sentence.
Probe = Callable[[Resource, Endpoint], str | None]
# One look at each, as the monitor has it; a node that does not answer is part of what was seen.
Look = Callable[[Sequence[Resource]], Sequence[Observation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A secret reference, and what uses it."""

    user: str
    text: str
    pair: bool  # a user name and a password, else one text


def check_plan(plan: InventoryPlan, secrets: SecretResolver) -> None:
    """Everything that can be said without asking anybody. Raises InvalidInventory with every trouble."""
    errors = [f"{one.kind} {one.index + 1}: {one.text}" for one in problems(plan.wanted)]
    for reference in references(plan.wanted):
        try:
            secrets.check(reference.text)
        except InvalidReference as error:
            errors.append(f"{reference.user}: {error}")
    if errors:
        raise InvalidInventory(errors)


def apply_inventory(
    gate: Gate,
    plan: InventoryPlan,
    repository: InventoryRepository,
    secrets: SecretResolver,
    probe: Probe,
    *,
    actor: Actor,
    allow_unreachable: bool = False,
    allow_unresolved: bool = False,
    look: Look | None = None,
) -> int:
    """Store the planned inventory, by one administrator; the new revision (the old one where nothing changes).

    Raises Denial for who may not, and SECOND_ADMIN where something takes two administrators (S5); InvalidInventory
    where something is wrong, a new secret reference cannot be resolved, a new or moved host does not answer or two
    nodes turn out to be one server; and StaleRevision where the inventory has changed since the plan. In each case
    nothing was changed.
    """
    check_plan(plan, secrets)
    may_apply(gate, actor, plan)
    if plan.empty:
        return plan.stored.revision
    check_world(plan, secrets, probe, allow_unreachable=allow_unreachable, allow_unresolved=allow_unresolved, look=look)
    return repository.replace(plan.wanted, expected_revision=plan.stored.revision, actor=actor, summary=summary(plan))


def may_apply(gate: Gate, actor: Actor, plan: InventoryPlan) -> None:
    """Whether `actor` may apply this plan alone. Raises Denial, audited; the database's guards say the same."""
    heavy = plan.weighty
    about = Subject(members=tuple(each.name for each in heavy if each.what == "resource"))
    with acting(gate, actor, Verb.CHANGE_INVENTORY, about):
        if heavy:
            raise refusal("SECOND_ADMIN", what=", ".join(f"{each.what} {each.name}" for each in heavy[:MOST_NAMED]))


def check_world(
    plan: InventoryPlan,
    secrets: SecretResolver,
    probe: Probe,
    *,
    allow_unreachable: bool,
    allow_unresolved: bool,
    look: Look | None = None,
) -> None:
    """What must be asked of others: new secrets and new hosts. Raises InvalidInventory with every trouble.

    `look` None: nobody can look from here, and whether two nodes are one server is said when they are watched.
    """
    check_plan(plan, secrets)
    errors = [] if allow_unresolved else list(_unresolved(plan, secrets))
    errors += [] if allow_unreachable else _unreachable(plan, probe)
    errors += [] if look is None else _one_server(plan, look)
    if errors:
        raise InvalidInventory(errors)


def references(inventory: Inventory) -> Iterator[Reference]:
    """Every secret reference of an inventory."""
    for resource in inventory.resources:
        for endpoint in resource.endpoints:
            if endpoint.secret is not None:
                yield Reference(user=f"resource {resource.name}, node {endpoint.node}", text=endpoint.secret, pair=True)
    for channel in inventory.channels:
        if channel.url.startswith(REFERENCES):
            yield Reference(user=f"channel {channel.name}", text=channel.url, pair=False)


def _unresolved(plan: InventoryPlan, secrets: SecretResolver) -> Iterator[str]:
    """One sentence for each new reference that gives no secret."""
    known = {reference.text for reference in references(plan.stored.inventory)}
    asked: set[tuple[str, bool]] = set()
    for reference in references(plan.wanted):
        if reference.text in known or (reference.text, reference.pair) in asked:
            continue
        asked.add((reference.text, reference.pair))
        try:
            _ = secrets.credential(reference.text) if reference.pair else secrets.text(reference.text)
        except (SecretUnavailable, InvalidReference) as error:
            yield f"{reference.user}: {str(error).rstrip('.')}; provide it, or give --allow-unresolved."


def _unreachable(plan: InventoryPlan, probe: Probe) -> list[str]:
    """One sentence for each new or moved endpoint that does not answer; all are asked at the same time."""
    resources = plan.wanted.resource_map()
    wanted = [
        (resources[name], next(one for one in resources[name].endpoints if one.node == node))
        for name, node in touched_endpoints(plan.stored.inventory, plan.wanted)
    ]
    if not wanted:
        return []
    with ThreadPoolExecutor(min(THREADS, len(wanted))) as threads:
        answers = threads.map(lambda pair: probe(*pair), wanted)
        return [
            f"resource {resource.name}, node {endpoint.node}: {answer}; start it, or give --allow-unreachable."
            for (resource, endpoint), answer in zip(wanted, answers, strict=True)
            if answer is not None
        ]


def _one_server(plan: InventoryPlan, look: Look) -> list[str]:
    """One sentence for each two nodes that answer as one server, of resources with new or moved endpoints."""
    resources = plan.wanted.resource_map()
    names = dict.fromkeys(name for name, _ in touched_endpoints(plan.stored.inventory, plan.wanted))
    several = [resources[name] for name in names if len(resources[name].endpoints) > 1]
    return [
        f"resource {seen.resource}: {fault}" for seen in (look(several) if several else ()) for fault in faults(seen)
    ]
