"""POSTCHECK: is everything as the plan promised, with the markers after (FR-036, FR-037, TC-043)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bc_lib.connectors.postgresql.execution.check_logical import close_logical
from bc_lib.connectors.postgresql.execution.check_places import check_one_server
from bc_lib.connectors.postgresql.execution.checking import markers
from bc_lib.connectors.postgresql.execution.ground import Ground
from bc_lib.connectors.postgresql.execution.integrity import check_integrity
from bc_lib.connectors.postgresql.execution.scene import Pad, Scene, observe
from bc_lib.connectors.postgresql.execution.settings import of_check
from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.findings import Finding
from bc_lib.domain.observation import Role
from bc_lib.domain.words import duration, size
from bc_lib.ports.mechanism import CredentialUnavailable

_UNUSED = "Bring back the server that it is kept for; where that is given up or has another slot now, drop it."
LIMITS = "Roles, positions and the configured checks were compared at one moment; what no check names was not compared."


def postcheck(ground: Ground) -> tuple[dict[str, Any], Sequence[Finding]]:
    """Markers after, and findings. `ground.target` is the new primary, `ground.old` its standby."""
    pad = Pad(ground.resource.name)
    try:
        scene = observe(ground, ahead=False)
    except CredentialUnavailable as error:
        pad.unknown("credential", str(error), hint="Open the secrets manager, then look again (F24).")
        return {}, tuple(pad.found)
    check_one_server(scene, pad)
    _roles(scene, pad)
    _protection(scene, pad)
    _timeline(ground, scene, pad)
    close_logical(scene, _logical_noted(ground), pad)
    check_integrity(ground, pad)
    pad.ok("limits", LIMITS)
    return markers(scene), tuple(pad.found)


def _logical_noted(ground: Ground) -> Sequence[Mapping[str, Any]]:
    """The logical slots that the run's CHECK saw at the old primary."""
    found = ground.work.earlier.get(f"{ground.resource.name}/{Action.CHECK}", {}).get("logical_slots", ())
    return [one for one in found if isinstance(one, Mapping)]


def _roles(scene: Scene, pad: Pad) -> None:
    names = ", ".join(one.place for one in scene.primaries)
    if len(scene.primaries) > 1:
        pad.block(
            "one-primary",
            f"Two servers take writes: {names}.",
            f"{len(scene.primaries)} primaries",
            "Fence the wrong one by hand and preserve its data (F15).",
        )
    elif scene.target.node in scene.doubtful:
        pad.unknown("one-primary", f"Whether {scene.target.place} alone takes writes cannot be said.")
    elif scene.target.role is Role.PRIMARY:
        pad.ok("one-primary", f"{names} is the only primary.", "1 primary")
    elif scene.target.role is None:
        pad.unknown("one-primary", f"{scene.target.place} was not seen: {scene.target.trouble}")
    else:
        pad.block("one-primary", f"{scene.target.place} does not take writes.", "0 primaries")
    if scene.client_port is not None:
        pad.ok("clients-write", "The clients' own address leads to a server that takes writes.")
    else:
        pad.block("clients-write", f"The clients' own address does not work: {scene.client_trouble}")


def _protection(scene: Scene, pad: Pad) -> None:
    for sight in (scene.old, *scene.others):
        check = f"follows-{sight.node}"
        upstream = sight.facts.upstream if sight.facts else None
        if upstream is None or upstream.status != "streaming":
            why = sight.trouble or f"its receiver is {(upstream.status if upstream else None) or 'not there'}"
            pad.warn(
                check, f"{sight.place} does not follow: {why}", hint="The service is less protected until it does."
            )
        else:
            pad.ok(check, f"{sight.place} streams.", f"timeline {upstream.received_timeline}")
    for sight in scene.nodes:
        for slot in sight.facts.slots if sight.facts else ():
            if not slot.active and slot.retained_bytes:
                figure = f"{slot.name} at {sight.place}: {size(slot.retained_bytes)}"
                pad.warn(f"slot-{slot.name}", "A slot that nobody uses holds back WAL.", figure, _UNUSED)


def _timeline(ground: Ground, scene: Scene, pad: Pad) -> None:
    before = of_check(ground, ground.target.node).get("timeline")
    facts = scene.target.facts
    if facts is None or facts.timeline is None:
        pad.unknown("timeline", "The new primary's timeline was not read.")
        return
    figure = f"{before or 'unknown'} before, {facts.timeline} after; position {facts.current_lsn}"
    if before is not None and facts.timeline <= int(before):
        pad.block("timeline", f"{scene.target.place} is on no newer timeline than before.", figure)
    else:
        pad.ok("timeline", f"{scene.target.place} writes a timeline of its own.", figure)
    standby = scene.old.facts
    if standby is not None and standby.heartbeat is not None:
        age = max(0.0, (scene.seen_at - standby.heartbeat.beat_at).total_seconds())
        pad.ok("heartbeat", f"{scene.old.place} has seen a heartbeat (an indicator only).", f"{duration(age)} ago")
