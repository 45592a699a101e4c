"""Writes allowed again at the old primary, after a move that was fenced and not promoted (F31)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, NoReturn

from bc_lib.connectors.postgresql.execution import holding, moving, orders, settings, statements
from bc_lib.connectors.postgresql.execution.ground import Ground
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.execution.actions import MarkName
from bc_lib.ports.host_control import HostVerb
from bc_lib.ports.mechanism import CredentialUnavailable, MarkFn, StepFailed, StepUnknown

START_S, READY_S = 30.0, 20.0


def fail_and_give_back(ground: Ground, mark: MarkFn, why: str) -> NoReturn:
    """Start the old primary again and fail the step: undone where clients can write there, else writes are stopped."""
    try:
        facts = give_back(ground, mark)
    except StepFailed as error:
        raise StepFailed(f"{why} {error}", writes_stopped=True, facts=error.facts) from None
    raise StepFailed(f"{why} {ground.old.place} was started again and takes writes.", undone=True, facts=facts)


def give_back(ground: Ground, mark: MarkFn) -> Mapping[str, Any]:
    """Start the old primary, which still is one on its disk.

    Raises StepFailed where it does not take writes, StepUnknown where the target may be or become the primary: then
    nothing is started, because two primaries are worse than none (F32).
    """
    _disprove(ground)
    old = ground.old
    state = orders.now(ground, old, HostVerb.START, orders.runs, within_s=min(START_S, ground.left_s()))
    if not _writable(ground):
        raise StepFailed(f"{old.place} was told to start and takes no writes yet; look at its log.")
    settings.put_back(ground)
    holding.take_back(ground)
    facts = {"started_again": old.node, "timeline": state.timeline}
    mark(MarkName.UNDONE, facts)
    return facts


def _disprove(ground: Ground) -> None:
    may_be_under_way = MarkName.CAUGHT_UP in ground.work.marks
    answer = moving.stays_standby(ground, moving.DISPROVE_S if may_be_under_way else 0.0)
    if answer is False:
        raise StepUnknown(f"{ground.target.place} is promoted already, so {ground.old.place} stays stopped.")
    if answer is None and may_be_under_way and not moving.down_as_standby(ground):
        raise StepUnknown(
            f"Whether {ground.target.place} was promoted cannot be seen, so {ground.old.place} stays stopped."
        )


def _writable(ground: Ground) -> bool:
    until = time.monotonic() + min(READY_S, max(1.0, ground.left_s()))
    while time.monotonic() < until:
        try:
            with ground.open(ground.old) as link:
                (in_recovery,) = link.row(statements.IN_RECOVERY)
                return not in_recovery
        except CredentialUnavailable:
            return True  # the host said that it runs; our own account is another matter
        except Trouble:
            time.sleep(0.02)
    return False
