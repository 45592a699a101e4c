"""Propose another inventory: for what one administrator may not change alone (S5)."""

from __future__ import annotations

from bc_lib.domain.actor import Actor
from bc_lib.domain.changes.proposal import Proposal
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.votes import Proof
from bc_lib.ports.secrets import SecretResolver
from bc_lib.services.apply_inventory import Look, Probe, check_world
from bc_lib.services.changes.propose import propose
from bc_lib.services.gate import Gate
from bc_lib.services.guard import Subject, acting, authorize
from bc_lib.services.inventory.topic import INVENTORY
from bc_lib.services.plan_inventory import InventoryPlan


def propose_inventory(
    gate: Gate,
    actor: Actor,
    plan: InventoryPlan,
    secrets: SecretResolver,
    probe: Probe,
    *,
    allow_unreachable: bool = False,
    allow_unresolved: bool = False,
    proof: Proof | None = None,
    look: Look | None = None,
) -> Proposal:
    """Store a proposal made from the plan's revision. Raises Denial, and InvalidInventory as apply_inventory does."""
    authorize(gate, actor, INVENTORY.verb)
    check_world(plan, secrets, probe, allow_unreachable=allow_unreachable, allow_unresolved=allow_unresolved, look=look)
    with acting(gate, actor, INVENTORY.verb, Subject()) as act:
        if plan.empty:
            raise refusal("PROPOSAL_SAME", topic=INVENTORY.name.value)
        text = act.work.changes.inventory_document(plan.wanted)
        return propose(gate, act, INVENTORY, plan.stored.revision, text, proof)
