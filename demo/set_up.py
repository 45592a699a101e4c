"""`python -m demo.set_up FILE`: brings the demo's estate into the inventory, as two administrators would.

What can be moved is set up by two administrators; there is no way around them. In the demo one machine has the keys of
both, so this program proposes as ada, agrees as alan, and applies as the runner, by the same services and guards as
anybody; the audit log shows all three. docs/decisions/0108-two-administrators.md says why it is done this way.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bc_lib import bootstrap
from bc_lib.config import ConfigError, DbRole
from bc_lib.domain.actor import Actor
from bc_lib.domain.changes.proposal import ProposalState
from bc_lib.domain.denial import Denial
from bc_lib.ports.inventory import InvalidInventory, StaleRevision
from bc_lib.ports.sign_on import SignOnRefused
from bc_lib.services.apply_inventory import apply_inventory
from bc_lib.services.changes.decide import agree
from bc_lib.services.changes.listing import show_proposal
from bc_lib.services.changes.upkeep import change_upkeep
from bc_lib.services.inventory.propose import propose_inventory
from bc_lib.services.inventory.topic import INVENTORY
from bc_lib.services.plan_inventory import InventoryPlan, plan_inventory, plan_lines

FIRST, SECOND = "ada", "alan"


def set_up(file: Path) -> str:
    """Make `file` the inventory; what was done, in one sentence. Raises what the services raise."""
    parts = bootstrap.editing()
    plan = plan_inventory(parts.inventory, parts.read_file(file))
    print("\n".join(plan_lines(plan)))
    if plan.empty:
        return "The inventory is the demo's estate already."
    if not plan.weighty:
        gate, ada = bootstrap.gate(), person(FIRST)
        revision = apply_inventory(gate, plan, parts.inventory, parts.secrets, parts.probe, actor=ada)
        return f"{FIRST} applied the demo's estate; the inventory is at revision {revision}."
    return by_two(plan, parts)


def by_two(plan: InventoryPlan, parts: bootstrap.Editing) -> str:
    """Proposed, agreed, applied. Raises Denial, also where the runner voided it."""
    gate = bootstrap.gate()
    made = propose_inventory(gate, person(FIRST), plan, parts.secrets, parts.probe)
    if show_proposal(gate, INVENTORY, made.id).state is ProposalState.OPEN:
        agree(gate, person(SECOND), INVENTORY, made.id, digest=made.digest)
    change_upkeep(bootstrap.gate(DbRole.RUNNER))
    view = show_proposal(gate, INVENTORY, made.id)
    ended = view.proposal.ended
    if view.state is not ProposalState.APPLIED or ended is None:
        why = (ended.because if ended else None) or f"it is {view.state.value}"
        raise Denial("PROPOSAL_VOID", f"The demo's estate was not applied because {why}.")
    return (
        f"{FIRST} proposed the demo's estate, {SECOND} agreed (both spoken for by the demo's start); "
        f"the inventory is at revision {ended.version}."
    )


def person(name: str) -> Actor:
    """A demo user. Raises SignOnRefused in prod."""
    return replace(bootstrap.screens().sign_on.actor(name, datetime.now(UTC)), channel="demo")


def main(file: str) -> int:
    """0, or 1 with sentences."""
    try:
        print(set_up(Path(file)))
    except InvalidInventory as error:
        print("\n".join(error.errors), file=sys.stderr)
        return 1
    except (Denial, StaleRevision, SignOnRefused, ConfigError, *bootstrap.database_trouble()) as error:
        print(f"The demo's estate was not set up: {str(error).splitlines()[0]}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
