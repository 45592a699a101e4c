"""MOVE when the old primary is lost or given up: fence it where that can be proven, apply all received, promote."""

from __future__ import annotations

import time
from typing import Any, NoReturn

from bc_lib.connectors.postgresql.execution import giving_back, moving, orders, settings, statements
from bc_lib.connectors.postgresql.execution.ground import Ground
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.execution.actions import MarkName
from bc_lib.domain.lsn import position
from bc_lib.domain.observation import Reach
from bc_lib.ports.host_control import HostState
from bc_lib.ports.mechanism import MarkFn, StepFailed

FENCE_SHARE, WAIT_SHARE, MARKER_S = 0.3, 0.5, 5.0
IDLE = frozenset({"RecoveryWalStream", "RecoveryRetrieveRetryInterval"})
SETTLED_S = 0.03


def failover(ground: Ground, mark: MarkFn) -> dict[str, Any]:
    """Fence, wait, promote. Raises as Mechanism.act."""
    try:
        found = moving.ready(ground)
    except StepFailed as error:
        begun = {MarkName.FENCED, MarkName.FENCE_OWED} & set(ground.work.marks)
        raise StepFailed(str(error), writes_stopped=bool(begun)) from None
    try:
        sync_names = settings.free_commits(found.link)
        _hurry(found)
    except Trouble as trouble:
        raise StepFailed(
            f"Nothing was begun: {ground.target.node} could not be made ready to lead. {trouble.sentence}"
        ) from None
    state, owed = _fence(ground)
    mark(
        MarkName.FENCE_OWED if state is None else MarkName.FENCED,
        {
            "fence": "owed" if state is None else "proven",
            "fence_sentence": owed,
            "old_cluster_state": state.cluster_state if state else None,
            "timeline_before": found.timeline,
            "synchronous_standby_names_before": sync_names,
        },
    )
    try:
        facts = _apply_all(ground, found, state)
    except (Trouble, moving.TargetLost) as error:
        _fail(ground, mark, state, f"{ground.target.node} could not be made ready: {error}")
    mark(MarkName.CAUGHT_UP, facts)
    try:
        moving.promote(ground, found, str(facts["replayed_lsn"]))
    except StepFailed as error:
        _fail(ground, mark, state, str(error))
    mark(MarkName.PROMOTED, {"node": ground.target.node})
    before = settings.of_check(ground, ground.old.node)
    return {
        **facts,
        "fence": "owed" if state is None else "proven",
        "fence_sentence": owed,
        "old_cluster_state": state.cluster_state if state else None,
        "old_last_seen": {name: before.get(name) for name in ("lsn", "timeline", "beat_at", "seen_at")},
        "timeline_before": found.timeline,
        "synchronous_standby_names_before": sync_names,
        **moving.after(ground),
    }


def _fence(ground: Ground) -> tuple[HostState | None, str]:
    """The stopped old primary as its host sees it; None with a sentence where only a waiver lets us go on."""
    try:
        state = orders.stop(ground, ground.old, within_s=ground.left_s() * FENCE_SHARE)
    except orders.NoHost as error:
        if ground.work.fence_waived:
            return None, str(error)
        raise StepFailed(
            f"Nothing was begun: nobody can prove that {ground.old.node} accepts no writes. {error} "
            "Fence it by hand, or have the fence waived."
        ) from None
    if not orders.stopped(state):
        raise StepFailed(f"The host of {ground.old.node} cannot say whether the server there is stopped.")
    return state, ""


def _apply_all(ground: Ground, found: moving.Ready, state: HostState | None) -> dict[str, Any]:
    """Replay everything that was received; also up to the shutdown checkpoint where there is one and it arrived.

    Raises Trouble, TargetLost.
    """
    link = found.link
    began = time.monotonic()
    caught_up = "received"
    if state is not None and orders.cleanly(state):
        marker = str(state.checkpoint_lsn)
        seconds = min(MARKER_S, ground.left_s() * WAIT_SHARE)
        if moving.wait_for(found, lambda: moving.replayed_past(found, marker) or _settled(found), seconds):
            caught_up = "marker" if moving.replayed_past(found, marker) else "received"
    if not moving.wait_for(found, lambda: _drained(found), max(0.1, ground.left_s() * WAIT_SHARE)):
        raise Trouble(Reach.ERROR, "it did not replay in time what it had received.")
    _, replayed, received, committed_at, _, _ = link.row(statements.RECEIVED)
    return {
        "caught_up": caught_up,
        "marker": state.checkpoint_lsn if state and orders.cleanly(state) else None,
        "replayed_lsn": replayed,
        "received_lsn": received,
        "last_commit_at": committed_at.isoformat() if committed_at else None,
        "wait_s": round(time.monotonic() - began, 4),
    }


def _hurry(found: moving.Ready) -> None:
    """A delayed or paused standby first replays everything that it has received (decision 15). Raises Trouble."""
    (delay,) = found.link.row(
        "SELECT setting::bigint FROM pg_catalog.pg_settings WHERE name = %s", settings.APPLY_DELAY
    )
    if delay:
        settings.alter(found.link, settings.APPLY_DELAY, "0")
    # Two statements: the right to resume is asked for even where nothing is paused.
    (paused,) = found.link.row("SELECT pg_catalog.pg_is_wal_replay_paused()")
    if paused:
        found.link.rows("SELECT pg_catalog.pg_wal_replay_resume()")


def _drained(found: moving.Ready) -> bool:
    _, replayed, received, _, _, _ = found.link.row(statements.RECEIVED, within_s=moving.QUICK_S)
    reached = received is None or (position(replayed) or 0) >= (position(received) or 0)
    # The last record may have arrived in part: then replay stands still before it, waiting for more.
    return reached or _settled(found)


def _settled(found: moving.Ready) -> bool:
    """Nothing arrives any more, and replay waits for more: what is complete is applied."""
    _, before, received, _, waits_for, receiver = found.link.row(statements.RECEIVED, within_s=moving.QUICK_S)
    if waits_for not in IDLE or receiver == "streaming":
        return False
    time.sleep(SETTLED_S)
    _, later, received_later, _, waits_for, receiver = found.link.row(statements.RECEIVED, within_s=moving.QUICK_S)
    return later == before and received_later == received and waits_for in IDLE and receiver != "streaming"


def _fail(ground: Ground, mark: MarkFn, state: HostState | None, why: str) -> NoReturn:
    """Give writes back where we stopped a server that was whole; a lost one stays as it is."""
    if state is not None and orders.cleanly(state):
        giving_back.fail_and_give_back(ground, mark, why)
    raise StepFailed(why, writes_stopped=True)
