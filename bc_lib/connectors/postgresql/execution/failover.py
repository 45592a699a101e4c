"""MOVE when the old primary is lost or given up: fence it where that can be proven, apply all received, promote."""

from __future__ import annotations

from typing import Any, NoReturn

from bc_lib.connectors.postgresql.execution import (
    by_hand,
    draining,
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
from bc_lib.connectors.postgresql.execution.marker import OtherHistory
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.execution.actions import MarkName
from bc_lib.domain.observation import Reach
from bc_lib.ports.host_control import HostState
from bc_lib.ports.mechanism import CredentialUnavailable, MarkFn, StepFailed

FENCE_SHARE = 0.3


def failover(ground: Ground, mark: MarkFn) -> dict[str, Any]:
    """Fence, wait, promote. Raises as Mechanism.act."""
    try:
        found = moving.ready(ground)
    except StepFailed as error:
        raise StepFailed(str(error), writes_stopped=_begun(ground)) from None
    try:
        why = pausing.trouble(ground, found.link)
        if why:
            raise StepFailed(f"Nothing was begun: {why}", writes_stopped=_begun(ground))
        sync_names = settings.free_commits(found.link)
    except Trouble as trouble:
        raise StepFailed(
            f"Nothing was begun: {ground.target.place} could not be made ready to lead. {trouble.sentence}"
        ) from None
    held = holding.reserve(ground, found.link)
    state, fence = _fence_or_nothing(ground)
    fence |= {"timeline_before": found.timeline, "synchronous_standby_names_before": sync_names}
    fence[unlogged.KEY] = unlogged.of_check(ground)
    mark(MarkName.FENCE_OWED if fence["fence"] == "owed" else MarkName.FENCED, fence)
    marker = str(state.checkpoint_lsn) if state and orders.cleanly(state) else fence.get("marker")
    try:
        _hurry(ground, found)
        if state is not None:
            moving.no_sender_left(found, at_marker=False)
        facts = draining.apply_all(ground, found, marker)
    except (Trouble, moving.TargetLost, OtherHistory) as error:
        _fail(ground, mark, state, f"{ground.target.place} could not be made ready: {error}")
    mark(MarkName.CAUGHT_UP, facts)
    try:
        at_most = found.furthest(marker) if marker and facts["caught_up"] == "marker" else moving.NO_BOUND
        moving.promote(ground, found, str(facts["replayed_lsn"]), at_most)
    except StepFailed as error:
        _fail(ground, mark, state, str(error))
    mark(MarkName.PROMOTED, {"node": ground.target.node})
    before = settings.of_check(ground, ground.old.node)
    return {
        **facts,
        **fence,
        **held,
        "old_last_seen": {name: before.get(name) for name in ("lsn", "timeline", "beat_at", "seen_at")},
        **moving.after(ground),
    }


def _fence_or_nothing(ground: Ground) -> tuple[HostState | None, dict[str, Any]]:
    """As `_fence`; where that fails the target is as it was. The next try changes it again, before its promotion."""
    try:
        return _fence(ground)
    except (StepFailed, CredentialUnavailable):
        holding.take_back(ground)
        settings.put_back(ground)
        raise


def _begun(ground: Ground) -> bool:
    return bool({MarkName.FENCED, MarkName.FENCE_OWED} & set(ground.work.marks))


def _fence(ground: Ground) -> tuple[HostState | None, dict[str, Any]]:
    """The stopped old primary as its host sees it, None where that cannot be had; and what kind of fence it is."""
    stop = by_hand.stop_of(ground)
    if stop is not None:
        by_hand.still_stopped(ground, stop)
        return None, by_hand.fence_facts(ground, stop) | {"old_cluster_state": None}
    try:
        state = orders.stop(ground, ground.old, within_s=ground.left_s() * FENCE_SHARE)
    except orders.NoHost as error:
        if ground.work.fence_waived:
            return None, {"fence": "owed", "fence_sentence": str(error), "old_cluster_state": None}
        ground.need_what_was_missed()
        raise StepFailed(
            f"Nothing was begun: nobody can prove that {ground.old.place} accepts no writes. {error} "
            "Fence it by hand, or have the fence waived."
        ) from None
    if not orders.stopped(state):
        raise StepFailed(f"The host of {ground.old.place} cannot say whether the server there is stopped.")
    written = {"control_written_at": state.changed_at.isoformat()} if state.changed_at else {}
    return state, {"fence": "proven", "fence_sentence": "", "old_cluster_state": state.cluster_state, **written}


def _hurry(ground: Ground, found: moving.Ready) -> None:
    """A delayed or paused standby first replays everything that it has received (decision 15). Raises Trouble.

    After the fence, so that a move that is not begun changes nothing here; never where resuming would end the server.
    """
    (delay,) = found.link.row(
        "SELECT setting::bigint FROM pg_catalog.pg_settings WHERE name = %s", settings.APPLY_DELAY
    )
    if delay:
        settings.alter(found.link, settings.APPLY_DELAY, "0")
    # Two statements: the right to resume is asked for even where nothing is paused.
    (paused,) = found.link.row(statements.PAUSED)
    if paused:
        why = pausing.trouble(ground, found.link)
        if why:
            raise Trouble(Reach.ERROR, why)
        found.link.rows("SELECT pg_catalog.pg_wal_replay_resume()")


def _fail(ground: Ground, mark: MarkFn, state: HostState | None, why: str) -> NoReturn:
    """Give writes back where we stopped a server that was whole; a lost one stays as it is."""
    if state is not None and orders.cleanly(state):
        giving_back.fail_and_give_back(ground, mark, why)
    raise StepFailed(why, writes_stopped=True)
