"""Does somebody else move this pair? Looked at with our own account, at every node that answers (decision 24)."""

from __future__ import annotations

from bc_lib.connectors.postgresql.execution.scene import Pad, Scene
from bc_lib.domain.managed import managing_of

CHECK = "unmanaged"


def check_manager(scene: Scene, pad: Pad) -> None:
    """The same sentence as of the watch and of the request."""
    found = managing_of(scene.resource, {one.place: one.facts for one in scene.nodes if one.facts is not None})
    if found.refusal is not None:
        pad.block(CHECK, found.refusal, hint="Nothing is done beneath a manager.")
    elif found.code == "MANAGER_UNKNOWN":
        pad.unknown(CHECK, found.sentence, hint="Compare the account's rights with sql/grants/.")
    elif found.sentence:
        pad.warn(CHECK, found.sentence)
    else:
        pad.ok(CHECK, "No sign of a cluster manager.")
