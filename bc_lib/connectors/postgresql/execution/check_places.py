"""Can both sites be reached, is there exactly one primary, are they one cluster, do the hosts obey (FR-033)."""

from __future__ import annotations

from bc_lib.connectors.postgresql.execution import orders
from bc_lib.connectors.postgresql.execution.scene import Pad, Scene
from bc_lib.connectors.postgresql.execution.sight import Sight
from bc_lib.domain.loss import revived
from bc_lib.domain.observation import Reach, Role
from bc_lib.domain.one_server import sentence
from bc_lib.domain.words import duration

CLOCK_WARN_S = 1.0
STRANGER_HINT = "Find out who listens there; correct the endpoint, or end what took the port."


def check_places(scene: Scene, pad: Pad) -> None:
    """Reach, roles, identity, hosts, clocks."""
    _reach(scene, pad)
    check_one_server(scene, pad)
    _roles(scene, pad)
    _identity(scene, pad)
    _last_start(scene, pad)
    for sight in (scene.old, scene.target):
        _host(scene, sight, pad)
        _clock(sight, pad)


def check_one_server(scene: Scene, pad: Pad) -> None:
    """The same sentence as of the watch: what one server says twice is not the word of two."""
    for one, other in scene.twins:
        pad.block("one-server", sentence(one, other), hint="Nothing is moved until each node has its own server.")


def _reach(scene: Scene, pad: Pad) -> None:
    target, old = scene.target, scene.old
    if target.reach is Reach.OK:
        pad.ok("target-reachable", f"{target.place} answers.")
    elif target.stranger:
        pad.block("target-reachable", target.stranger, hint=STRANGER_HINT)
    elif target.reach is Reach.CREDENTIAL:
        pad.unknown("target-reachable", _unseen(target))
    else:
        hint = "" if target.reach is Reach.ERROR else "Restore it first."
        pad.block("target-reachable", _unseen(target), hint=hint)
    if old.reach is Reach.OK:
        pad.ok("primary-reachable", f"{old.place} answers.")
    elif old.stranger:
        (pad.warn if scene.urgent else pad.block)("primary-reachable", old.stranger, hint=STRANGER_HINT)
    elif scene.urgent:
        pad.warn("primary-reachable", _unseen(old, ", as a failover expects"))
    else:
        pad.block(
            "primary-reachable",
            _unseen(old),
            hint="A switchover needs both sites; if the primary is lost, ask for a failover.",
        )


def _unseen(sight: Sight, expected: str = "") -> str:
    """Whoever answers with an error, or refuses us, can be reached."""
    if sight.reach in {Reach.CREDENTIAL, Reach.ERROR}:
        return f"{sight.place} was not seen: {sight.trouble}"
    return f"{sight.place} cannot be reached{expected}: {sight.trouble}"


def _last_start(scene: Scene, pad: Pad) -> None:
    """What the host of a lost primary tells about its last start, for the bound of what it acknowledged."""
    host, old = scene.old.host, scene.old
    if not scene.urgent or old.facts is not None or host is None or host.running is not False:
        return
    if host.changed_at is not None:
        pad.ok(
            revived.CHECK,
            f"{old.place} was last started before its control file was last written.",
            revived.figure(host.changed_at),
        )


def _roles(scene: Scene, pad: Pad) -> None:
    writable = scene.primaries
    names = ", ".join(one.place for one in writable)
    if len(writable) > 1:
        pad.block(
            "one-primary",
            f"Two servers take writes: {names}. Nothing is demoted automatically; a person decides which one is right.",
            figure=f"{len(writable)} primaries",
            hint="Fence the wrong one by hand and preserve its data before anything else (F15).",
        )
    elif not scene.doubtful.isdisjoint({scene.old.node, scene.target.node}):
        return  # whose role it is cannot be said
    elif len(writable) == 1 and writable[0] is scene.old:
        pad.ok("one-primary", f"{names} is the only primary.", figure="1 primary")
    elif len(writable) == 1:
        pad.block("one-primary", f"The primary is {names}, not {scene.old.place} as planned.", hint="Plan again.")
    elif scene.urgent and scene.old.role is None:
        pad.ok("one-primary", "No server that can be seen takes writes.", figure="0 primaries")
    else:
        pad.block("one-primary", "No server takes writes now.", figure="0 primaries", hint="Find out why first.")
    if scene.target.role is Role.STANDBY:
        pad.ok("target-is-standby", f"{scene.target.place} is a standby.")
    elif scene.target.role is Role.PRIMARY:
        pad.block("target-is-standby", f"{scene.target.place} is a primary already.", hint="Plan again.")


def _identity(scene: Scene, pad: Pad) -> None:
    old, new = scene.old.facts, scene.target.facts
    if new is None or {scene.old.node, scene.target.node} <= scene.doubtful:
        return
    if old is None:
        if not scene.urgent:
            pad.unknown("same-cluster", f"Whether both are one cluster is not known: {scene.old.place} was not seen.")
        return
    if old.system_identifier is None or new.system_identifier is None:
        pad.unknown("same-cluster", "A system identifier could not be read.", hint="Grant pg_control_system.")
    elif old.system_identifier != new.system_identifier:
        pad.block(
            "same-cluster",
            f"{scene.old.place} and {scene.target.place} are different clusters.",
            figure=f"{old.system_identifier} and {new.system_identifier}",
            hint="Correct the inventory.",
        )
    else:
        pad.ok("same-cluster", "Both nodes are one cluster.", figure=old.system_identifier)
    majors = {(one.version or "").split(".")[0] for one in (old, new)}
    if len(majors) > 1:
        pad.block("same-version", "The major versions differ.", figure=f"{old.version} and {new.version}")
    else:
        pad.ok("same-version", "The major versions are equal.", figure=f"{old.version} and {new.version}")
    if old.timeline is not None and new.timeline is not None and old.timeline != new.timeline:
        pad.block(
            "same-timeline",
            f"{scene.target.place} is on another timeline than {scene.old.place}.",
            figure=f"{new.timeline} and {old.timeline}",
            hint="It does not follow this primary; rejoin it first.",
        )


def _host(scene: Scene, sight: Sight, pad: Pad) -> None:
    check = f"host-{sight.node}"
    if sight.host is None:
        why = f"The host of {sight.place} does not answer us: {sight.host_trouble}"
        hint = "A person stops and starts the server there; the plan must say so."
        if sight.node in scene.by_hand:
            pad.warn(check, f"Nobody but a person acts on the host of {sight.place}; the plan has them stop it there.")
        elif sight is scene.old and not scene.urgent:
            pad.block(check, why, hint=hint)
        elif sight is scene.old:
            pad.warn(check, why, hint="The fence cannot be proven: fence it by hand, or have it waived.")
        else:
            pad.warn(check, why, hint="It is needed for the way back.")
        return
    state = "runs" if sight.host.running else "does not run" if sight.host.running is False else "is in unknown state"
    pad.ok(check, f"The host of {sight.place} obeys us; its server {state}.", figure=orders.control_file(sight.host))


def _clock(sight: Sight, pad: Pad) -> None:
    if sight.ahead_s is None or sight.within_s is None:
        return
    figure = f"{sight.ahead_s:+.3f} s, known to {sight.within_s:.3f} s"
    if abs(sight.ahead_s) > CLOCK_WARN_S:
        pad.warn(
            f"clock-{sight.node}",
            f"The clock of {sight.place} is {duration(abs(sight.ahead_s))} off ours; the loss window is wider by that.",
            figure=figure,
            hint="Look at time synchronisation there.",
        )
    else:
        pad.ok(f"clock-{sight.node}", f"The clock of {sight.place} agrees with ours.", figure=figure)
