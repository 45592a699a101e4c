"""PRESERVE and REWIND: the diverged old primary is copied aside before anything is thrown away (decision 15)."""

from __future__ import annotations

from typing import Any

from bc_lib.connectors.postgresql.execution import holding, orders, protecting
from bc_lib.connectors.postgresql.execution.ground import Ground
from bc_lib.connectors.trouble import Trouble
from bc_lib.ports.host_control import HostState, HostVerb
from bc_lib.ports.mechanism import StepFailed, StepPaused

CHECKPOINT_S = 300.0


def preserve(ground: Ground) -> dict[str, Any]:
    """A copy of the stopped old primary's data folder. Raises as Mechanism.act; StepPaused while its host is away."""
    _stopped(ground)
    done = orders.order(ground, ground.old, HostVerb.PRESERVE, within_s=ground.left_s())
    return {"preserved": list(done.state.preserved), **{name: str(value) for name, value in done.details.items()}}


def rewind(ground: Ground) -> dict[str, Any]:
    """Throw away what the old primary wrote after the fork, and let it follow. Raises as Mechanism.act."""
    _stopped(ground)
    try:
        with ground.open(ground.target) as primary:
            # Before the checkpoint: where none could be made before the promotion, it could remove what is needed.
            holding.hold(ground, primary)
            # Before 16 pg_rewind reads the fork from the control file, which a checkpoint alone brings up to date.
            primary.rows("CHECKPOINT", within_s=min(CHECKPOINT_S, max(0.5, ground.left_s())))
    except Trouble as trouble:
        raise StepFailed(f"{ground.old.node} was not rewound: {trouble.sentence}") from None
    done = orders.order(ground, ground.old, HostVerb.REWIND, within_s=ground.left_s(), peer=ground.target)
    details = {name: str(value) for name, value in done.details.items()}
    return {"rewind": details, **protecting.reprotect(ground)}


def _stopped(ground: Ground) -> HostState:
    """The old primary is down, or is stopped now: it may have come back meanwhile, and then its fence is owed."""
    try:
        state = orders.stop(ground, ground.old, within_s=min(60.0, ground.left_s()))
    except orders.NoHost as error:
        raise StepPaused(f"Waiting for the host of {ground.old.node}: {error}") from None
    if not orders.stopped(state):
        raise StepFailed(f"The host of {ground.old.node} cannot say whether the server there is stopped.")
    return state
