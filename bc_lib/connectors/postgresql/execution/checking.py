"""CHECK and prechecks: every finding, and the markers before (FR-033, FR-037)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bc_lib.connectors.postgresql.execution import unlogged
from bc_lib.connectors.postgresql.execution.check_after import check_after
from bc_lib.connectors.postgresql.execution.check_copy import check_copy
from bc_lib.connectors.postgresql.execution.check_logical import carried, check_logical
from bc_lib.connectors.postgresql.execution.check_manager import check_manager
from bc_lib.connectors.postgresql.execution.check_places import check_places
from bc_lib.connectors.postgresql.execution.check_signal import check_signal
from bc_lib.connectors.postgresql.execution.check_source import check_source
from bc_lib.connectors.postgresql.execution.check_stop import check_stop
from bc_lib.connectors.postgresql.execution.check_unlogged import check_unlogged
from bc_lib.connectors.postgresql.execution.ground import Ground
from bc_lib.connectors.postgresql.execution.scene import Pad, Scene, observe
from bc_lib.connectors.postgresql.execution.settings import SYNC_NAMES, SYNC_SEEN
from bc_lib.connectors.postgresql.execution.sight import Sight
from bc_lib.domain.execution.findings import Finding
from bc_lib.domain.standby_limits import limits_of
from bc_lib.ports.host_control import HostState
from bc_lib.ports.mechanism import CredentialUnavailable


def findings(scene: Scene) -> Sequence[Finding]:
    """All findings about a scene."""
    pad = Pad(scene.resource.name)
    check_signal(scene, pad)
    check_places(scene, pad)
    check_manager(scene, pad)
    check_source(scene, pad)
    check_copy(scene, pad)
    check_after(scene, pad)
    check_stop(scene, pad)
    check_logical(scene, pad)
    check_unlogged(scene, pad)
    return tuple(pad.found)


def prechecks(ground: Ground) -> Sequence[Finding]:
    """Look now. A credential that cannot be had is a finding too."""
    try:
        return findings(observe(ground))
    except CredentialUnavailable as error:
        pad = Pad(ground.resource.name)
        pad.unknown("credential", str(error), hint="Open the secrets manager, then look again (F24).")
        return tuple(pad.found)


def markers(scene: Scene) -> dict[str, Any]:
    """What a later step, the loss statement and the evidence need of now."""
    return {
        "seen_at": scene.seen_at.isoformat(),
        "lag_bytes": scene.lag_bytes(),
        "lag_s": scene.lag_s(),
        "nodes": {one.node: _marker(scene, one) for one in scene.nodes},
        "logical_slots": carried(scene),
        unlogged.KEY: scene.unlogged.not_carried() if scene.unlogged else [unlogged.NOT_LOOKED],
    }


def _marker(scene: Scene, sight: Sight) -> dict[str, Any]:
    facts, more = sight.facts, sight.more
    if facts is None:
        host = sight.host
        known = _by_host(host) if host else {}
        if scene.lost is not None and sight.node == scene.lost.node:
            known |= {SYNC_NAMES: scene.lost.sync_names, SYNC_SEEN: scene.lost.seen_at.isoformat()}
        return {
            "reach": sight.reach.value,
            "trouble": sight.trouble,
            "seen_at": scene.seen_at.isoformat(),
            "clock_ahead_s": sight.ahead_s,
            "clock_within_s": sight.within_s,
            **known,
        }
    return {
        "reach": sight.reach.value,
        "seen_at": scene.seen_at.isoformat(),
        "role": facts.role.value,
        "version": facts.version,
        "system_identifier": facts.system_identifier,
        "timeline": facts.timeline,
        "lsn": facts.current_lsn,
        "received_lsn": facts.received_lsn,
        "replayed_lsn": facts.replayed_lsn,
        "replayed_at": facts.replayed_at.isoformat() if facts.replayed_at else None,
        "beat_at": facts.heartbeat.beat_at.isoformat() if facts.heartbeat else None,
        "clock_ahead_s": sight.ahead_s,
        "clock_within_s": sight.within_s,
        "started_at": facts.started_at.isoformat() if facts.started_at else None,
        "primary_slot_name": more.get("primary_slot_name"),
        "slots": more.get("slot_names"),
        SYNC_NAMES: more.get(SYNC_NAMES),
        "cluster_name": more.get("cluster_name"),
        "limits": limits_of(facts),
        "follower": _follower(scene, sight),
    }


def _by_host(host: HostState) -> dict[str, Any]:
    """What the host says of a server that does not answer."""
    slot = {"primary_slot_name": host.slot} if host.slot else {}
    written = {"control_written_at": host.changed_at.isoformat()} if host.changed_at else {}
    return {"running": host.running, "cluster_state": host.cluster_state, "timeline": host.timeline, **slot, **written}


def _follower(scene: Scene, sight: Sight) -> str:
    """Under which name the target follows this primary."""
    if sight.facts is None or not sight.facts.downstreams:
        return ""
    names = [one.application_name for one in sight.facts.downstreams]
    wanted = (str(scene.target.more.get("cluster_name") or ""), scene.target.node)
    return next((name for name in names if name in wanted), names[0] if len(names) == 1 else "")
