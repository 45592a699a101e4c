"""REHEARSE: everything of a move but its effects."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from bc_lib.connectors.postgresql.execution import statements
from bc_lib.connectors.postgresql.execution.checking import findings, markers
from bc_lib.connectors.postgresql.execution.ground import Ground
from bc_lib.connectors.postgresql.execution.scene import Pad, Scene, observe
from bc_lib.connectors.postgresql.execution.writing import client_link
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.execution.findings import Finding
from bc_lib.domain.lsn import position
from bc_lib.domain.words import duration
from bc_lib.ports.mechanism import CredentialUnavailable

REPLAY_S = 5.0
# Stop, promotion and reconnecting of an idle pair as measured (docs/benchmarks.md); a loaded one takes longer.
IDLE_OUTAGE_S = 0.1


def rehearse(ground: Ground) -> tuple[dict[str, Any], Sequence[Finding]]:
    """What a move would meet now. Raises CredentialUnavailable."""
    scene = observe(ground)
    pad = Pad(ground.resource.name)
    facts = markers(scene)
    distance = _replay_distance(ground, scene, pad)
    if distance is not None:
        facts["replay_distance_s"] = round(distance, 4)
        facts["estimated_outage_s"] = round(distance + IDLE_OUTAGE_S, 3)
        pad.ok(
            "estimated-outage",
            "Estimated from the replay distance now and the idle figures of docs/benchmarks.md; it is no promise.",
            f"about {duration(distance + IDLE_OUTAGE_S)}",
        )
    _write(ground, pad)
    return facts, (*findings(scene), *pad.found)


def _replay_distance(ground: Ground, scene: Scene, pad: Pad) -> float | None:
    """Seconds from a position of the primary to its replay at the target."""
    try:
        with ground.open(ground.old) as primary, ground.open(ground.target) as standby:
            (marker,) = primary.row("SELECT pg_catalog.pg_current_wal_lsn()::text")
            began = time.monotonic()
            while time.monotonic() - began < REPLAY_S:
                _, replayed, _ = standby.row(statements.REPLAY)
                if (position(replayed) or 0) >= (position(str(marker)) or 0):
                    took = time.monotonic() - began
                    pad.ok("replay-distance", f"{scene.target.place} replays what is written.", f"{took * 1000:.0f} ms")
                    return took
                time.sleep(0.002)
    except Trouble as trouble:
        pad.unknown("replay-distance", f"The replay distance could not be measured: {trouble.sentence}")
        return None
    pad.block("replay-distance", f"{scene.target.place} did not replay {marker} in time.", f"over {duration(REPLAY_S)}")
    return None


def _write(ground: Ground, pad: Pad) -> None:
    """The clients' write, rolled back: everything of it but the commit."""
    try:
        with client_link(ground) as link:
            link.rows("BEGIN")
            link.rows(statements.WRITE_PROBE, ground.work.request)
            link.rows("ROLLBACK")
    except (Trouble, CredentialUnavailable) as error:
        pad.block("write-probe", f"The clients' write does not work: {error}")
        return
    pad.ok("write-probe", "The clients' write works; it was rolled back.")
