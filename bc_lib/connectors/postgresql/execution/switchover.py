"""MOVE without loss: the old primary is stopped first, its shutdown checkpoint is the marker (docs: stop-first)."""

from __future__ import annotations

import time
from typing import Any

from bc_lib.connectors.postgresql.execution import (
    by_hand,
    feeding,
    giving_back,
    holding,
    moving,
    orders,
    pausing,
    settings,
    statements,
    unlogged,
)
from bc_lib.connectors.postgresql.execution.ground import Ground
from bc_lib.connectors.postgresql.execution.link import Link
from bc_lib.connectors.postgresql.execution.marker import OtherHistory
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.execution.actions import MarkName
from bc_lib.ports.host_control import HostState
from bc_lib.ports.mechanism import MarkFn, StepFailed, StepUnknown

CHECKPOINT_SHARE, WAIT_SHARE = 0.4, 0.4
LONG_CHECKPOINT_S = 0.5
CONFLICT_S, CONFLICT_POLL_S = 2.0, 0.05


def switchover(ground: Ground, mark: MarkFn) -> dict[str, Any]:
    """Fence, wait, promote. Raises as Mechanism.act."""
    stop = by_hand.stop_of(ground)
    if stop is not None:
        return by_hand.switchover(ground, mark, stop)
    if ground.hosts is None:
        raise StepFailed(
            f"The host of {ground.old.place} is not under our control; a person must stop the server there first."
        )
    try:
        found = moving.ready(ground)
        sync_names = _prepare(ground, found)
        not_carried = _not_carried(ground)
    except StepFailed as error:
        if MarkName.FENCED not in ground.work.marks:
            raise
        giving_back.fail_and_give_back(ground, mark, str(error))
    held = holding.reserve(ground, found.link)
    began = time.monotonic()
    state = _stop(ground, mark)
    if not orders.stopped(state):
        raise StepUnknown(f"The host of {ground.old.place} cannot say whether the server there is stopped.")
    stop_s = time.monotonic() - began
    if not orders.cleanly(state):
        giving_back.fail_and_give_back(
            ground, mark, f"{ground.old.place} did not stop cleanly ({state.cluster_state}), so its end is not known."
        )
    marker = str(state.checkpoint_lsn)
    mark(
        MarkName.FENCED,
        {
            "synchronous_standby_names_before": sync_names,
            "marker": marker,
            "timeline_before": state.timeline,
            "fence": "proven",
            unlogged.KEY: not_carried,
        },
    )
    _wait(ground, mark, found, marker)
    mark(MarkName.CAUGHT_UP, {"caught_up": "marker"})
    wait_s = time.monotonic() - began - stop_s
    try:
        moving.promote(ground, found, marker, found.furthest(marker))
    except StepFailed as error:
        giving_back.fail_and_give_back(ground, mark, str(error))
    mark(MarkName.PROMOTED, {"node": ground.target.node})
    promote_s = time.monotonic() - began - stop_s - wait_s
    return {
        "marker": marker,
        "fence": "proven",
        "caught_up": "marker",
        "timeline_before": state.timeline,
        "synchronous_standby_names_before": sync_names,
        unlogged.KEY: not_carried,
        "stop_s": round(stop_s, 4),
        "wait_s": round(wait_s, 4),
        "promote_s": round(promote_s, 4),
        **held,
        **moving.after(ground),
    }


def _stop(ground: Ground, mark: MarkFn) -> HostState:
    """A stop that failed at the host may have stopped the server all the same: then it is given back."""
    try:
        return orders.stop(ground, ground.old, within_s=ground.left_s() * orders.STOP_SHARE)
    except StepFailed as error:
        state, _ = ground.host_state(ground.old.node)
        if state is None:
            raise
        if orders.runs(state):
            holding.take_back(ground)
            raise
        giving_back.fail_and_give_back(ground, mark, str(error))


def _prepare(ground: Ground, found: moving.Ready) -> str:
    """Everything that takes time, before the outage begins. Raises StepFailed: nothing was touched."""
    state, trouble = ground.host_state(ground.old.node)
    if state is None:
        ground.need_what_was_missed()
        raise StepFailed(f"Nothing was begun: the host of {ground.old.place} does not answer. {trouble}")
    if not orders.stopped(state):
        _check_target(ground, found)
        _checkpoint(ground, found)
    try:
        return settings.free_commits(found.link)
    except Trouble as trouble_:
        raise StepFailed(
            f"Nothing was begun: synchronous_standby_names of {ground.target.place} could not be emptied, so commits "
            f"would hang there. {trouble_.sentence}"
        ) from None


def _not_carried(ground: Ground) -> Any:
    """Looked at once more where the old primary runs still; else as CHECK saw it."""
    seen = unlogged.seen_now(ground, ground.old)
    return seen.not_carried() if seen is not None else unlogged.of_check(ground)


def _check_target(ground: Ground, found: moving.Ready) -> None:
    """Also that no query there holds replay up: waiting for it would be part of the clients' outage."""
    node, until = found.link.endpoint.place, time.monotonic() + CONFLICT_S
    try:
        *_, waits_for, receiver = found.link.row(statements.RECEIVED)
        while waits_for in statements.REPLAY_CONFLICTS and time.monotonic() < until:
            time.sleep(CONFLICT_POLL_S)
            *_, waits_for, receiver = found.link.row(statements.RECEIVED)
    except Trouble as trouble:
        raise StepFailed(f"Nothing was begun: {trouble.sentence}") from None
    if receiver != "streaming":
        raise StepFailed(f"Nothing was begun: {node} receives nothing ({receiver or 'no receiver'}).")
    if waits_for in {"RecoveryPause", "RecoveryApplyDelay"}:
        why = (
            pausing.trouble(ground, found.link)
            or f"replay at {node} waits ({waits_for}): somebody has paused or delayed it."
        )
        raise StepFailed(f"Nothing was begun: {why}")
    if waits_for in statements.REPLAY_CONFLICTS:
        raise StepFailed(f"Nothing was begun: a query at {node} holds up replay ({waits_for}); end it first.")


def _checkpoint(ground: Ground, found: moving.Ready) -> None:
    """Write the dirty pages now, so that the shutdown has little left to write; what is written then must arrive."""
    old = ground.old
    try:
        with ground.open(old) as link:
            in_recovery, system_identifier, _ = link.row(statements.IDENTITY)
            if in_recovery or str(system_identifier) != found.system_identifier:
                raise StepFailed(
                    f"Nothing was begun: {old.place} is not the primary of {ground.target.place} any more."
                )
            seen = feeding.look(link, found.link)
            if not seen.fed:
                raise StepFailed(f"Nothing was begun: {seen.sentence}")
            _timed_checkpoint(link, ground)
            feeding.arrives(link, found.link)
    except (Trouble, OtherHistory) as error:
        raise StepFailed(f"Nothing was begun: {error}") from None


def _timed_checkpoint(link: Link, ground: Ground) -> None:
    for _ in range(2):
        began = time.monotonic()
        link.rows("CHECKPOINT", within_s=max(0.5, ground.left_s() * CHECKPOINT_SHARE))
        if time.monotonic() - began < LONG_CHECKPOINT_S:
            return


def _wait(ground: Ground, mark: MarkFn, found: moving.Ready, marker: str) -> None:
    try:
        if moving.wait_for(found, lambda: moving.stands_at(found, marker), max(0.1, ground.left_s() * WAIT_SHARE)):
            moving.no_sender_left(found, at_marker=True)
            return
        why = f"{ground.target.place} did not replay up to {marker} in time."
    except (moving.TargetLost, OtherHistory, Trouble) as error:
        why = str(error)
    giving_back.fail_and_give_back(ground, mark, why)
