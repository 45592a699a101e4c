"""The WAL since the fork, kept on the next primary for its followers: slots made before the promotion (FR-034).

Before, because a slot made on a standby begins at its last restartpoint, and that is never later than the last
checkpoint which both servers share, with which the old primary begins to replay. Made after the promotion it would
begin at the new primary's own first checkpoint, which may be in a segment after the fork's.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from typing import Any

from bc_lib.connectors.postgresql.execution import settings, statements
from bc_lib.connectors.postgresql.execution.ground import Ground
from bc_lib.connectors.postgresql.execution.link import Link
from bc_lib.connectors.trouble import Trouble
from bc_lib.ports.mechanism import CredentialUnavailable

OWN_PREFIX, NAME_LENGTH = "bc_rejoin_", 63


def reserve(ground: Ground, target: Link) -> dict[str, Any]:
    """Make the slots of the old primary and of other standbys on the target, still a standby. Facts; what went wrong is
    told and fails nothing, since service comes first."""
    names = _wanted(ground)
    troubles = [sentence for name in names if (sentence := try_slot(target, name))]
    return noted({"slots_reserved": names}, slot=" ".join(dict.fromkeys(troubles)))


def take_back(ground: Ground) -> None:
    """Drop on the target, which stays a standby, what `reserve` made there: it would keep WAL for ever. Best effort."""
    before = _slots_before(ground)
    if before is None:
        return
    with contextlib.suppress(Trouble, CredentialUnavailable), ground.open(ground.target) as link:
        for name in _wanted(ground):
            if name not in before:
                link.rows(statements.DROP_SLOT, name)


def hold(ground: Ground, primary: Link) -> tuple[str, str]:
    """Let the new primary keep its WAL for the old one under the name that it will ask for: the name (empty: it asks
    for none, or for one that nobody can tell), and what went wrong."""
    name = _slot_of_old(ground)
    return name, try_slot(primary, name) if name else ""


def let_go(ground: Ground, primary: Link) -> str:
    """The old primary streams, so nothing needs to be kept under a name of ours. What went wrong, or nothing."""
    try:
        primary.rows(statements.DROP_SLOT, own_name(ground.old.node))
    except Trouble as trouble:
        return trouble.sentence
    return ""


def own_name(node: str) -> str:
    """The slot that keeps WAL for `node` while it is not known which one it will ask for."""
    return (OWN_PREFIX + re.sub("[^a-z0-9_]", "_", node.lower()))[:NAME_LENGTH]


def try_slot(primary: Link, name: str) -> str:
    """Make the slot; a sentence where we may not (the host may have made it)."""
    try:
        make_slot(primary, name)
    except Trouble as trouble:
        return trouble.sentence
    return ""


def make_slot(primary: Link, name: str) -> None:
    """A slot that keeps WAL from now on; one that keeps none (lost, or never told to) is made anew. Raises Trouble."""
    found = primary.row(statements.SLOT, name)
    if found:
        active, wal_status = found
        if active or wal_status not in {None, "lost"}:
            return
        primary.rows(statements.DROP_SLOT, name)
    primary.rows(statements.MAKE_SLOT, name)


def noted(facts: dict[str, Any], **troubles: str) -> dict[str, Any]:
    """What did not work beside the act itself: told, and no reason to fail it."""
    found = {name: sentence for name, sentence in troubles.items() if sentence}
    return facts | ({"troubles": {**facts.get("troubles", {}), **found}} if found else {})


def _wanted(ground: Ground) -> list[str]:
    """From what CHECK noted: nobody is asked here, because a host that is away would answer late."""
    old = settings.of_check(ground, ground.old.node).get("primary_slot_name")
    others = (settings.of_check(ground, each.node).get("primary_slot_name") for each in ground.others)
    return [str(old or own_name(ground.old.node)), *(str(name) for name in others if name)]


def _slots_before(ground: Ground) -> Sequence[str] | None:
    """Slots that the target had before this run; None: not known."""
    if ground.work.step.key.endswith("-back"):
        return ()  # the way there has dropped what was left over
    found: Sequence[str] | None = settings.of_check(ground, ground.target.node).get("slots")
    return found


def _slot_of_old(ground: Ground) -> str:
    """The slot that the old primary will ask for. Where it was down when the run looked at it, its host knows: without
    the slot it would never become consistent, and so never answer a question itself."""
    name = settings.of_check(ground, ground.old.node).get("primary_slot_name")
    if name:
        return str(name)
    state, _ = ground.host_state(ground.old.node)
    return (state.slot or "") if state is not None else ""
