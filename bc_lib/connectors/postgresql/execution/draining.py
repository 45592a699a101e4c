"""Replay of everything that a standby has received, whether its sender stopped cleanly or was lost."""

from __future__ import annotations

import time
from typing import Any

from bc_lib.connectors.postgresql.execution import moving, statements
from bc_lib.connectors.postgresql.execution.ground import Ground
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.lsn import position
from bc_lib.domain.observation import Reach

WAIT_SHARE, MARKER_S = 0.5, 5.0
IDLE = frozenset({"RecoveryWalStream", "RecoveryRetrieveRetryInterval"})
SETTLED_S = 0.03


def apply_all(ground: Ground, found: moving.Ready, marker: str | None) -> dict[str, Any]:
    """Replay everything that was received; also past the shutdown checkpoint `marker` where it is known and arrived.

    Raises Trouble, TargetLost, OtherHistory beyond the marker.
    """
    link = found.link
    began = time.monotonic()
    caught_up = "received"
    if marker is not None:
        seconds = min(MARKER_S, ground.left_s() * WAIT_SHARE)
        if moving.wait_for(found, lambda: moving.stands_at(found, marker) or _settled(found), seconds):
            caught_up = "marker" if moving.stands_at(found, marker) else "received"
    if not moving.wait_for(found, lambda: _drained(found), max(0.1, ground.left_s() * WAIT_SHARE)):
        raise Trouble(Reach.ERROR, "it did not replay in time what it had received.")
    _, replayed, received, committed_at, _, _ = link.row(statements.RECEIVED)
    return {
        "caught_up": caught_up,
        "marker": marker,
        "replayed_lsn": replayed,
        "received_lsn": received,
        "last_commit_at": committed_at.isoformat() if committed_at else None,
        "wait_s": round(time.monotonic() - began, 4),
    }


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
