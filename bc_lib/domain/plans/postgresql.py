"""Steps of one PostgreSQL resource. Facts behind the order: docs/connectors/postgresql.md.

A planned move stops the old primary first, because only a stopped server certainly accepts no writes.
"""

from __future__ import annotations

from dataclasses import replace

from bc_lib.domain.execution.actions import Action
from bc_lib.domain.inventory import Endpoint, Resource, TrafficKind
from bc_lib.domain.plans.topology import Topology
from bc_lib.domain.requests.plan import Step
from bc_lib.domain.requests.states import RequestType

BY_HAND_S = 24 * 3600.0
CHECK_S, MOVE_S, TRAFFIC_S, VERIFY_S = 30.0, 60.0, 60.0, 60.0
REPROTECT_S, COPY_S, POSTCHECK_S = 300.0, 3600.0, 300.0
HOLD_S = 4 * 3600.0


def check(resource: Resource, nodes: Topology) -> Step:
    """Look again, and take the markers before."""
    return _step(
        resource,
        nodes,
        Action.CHECK,
        f"check both sites again and note the positions before (at {nodes.primary.place} and {nodes.chosen.place})",
        probe="nothing to probe: it only looks",
        timeout_s=CHECK_S,
        may_stop_after=True,
    )


def move(resource: Resource, nodes: Topology, kind: RequestType, wave: int, *, back: bool = False) -> tuple[Step, ...]:
    """Fence, wait, promote; lead the clients; prove that they can write.

    Where the old primary's host does not obey us a person stops it first: nothing that SQL can do fences a server.
    """
    urgent = kind is RequestType.FAILOVER
    old, new = nodes.primary.place, nodes.chosen.place
    stopped = _stop_by_hand(resource, nodes, wave, back=back) if by_hand(nodes.primary) else ()
    fence = f"make sure that the server at {old} is stopped" if urgent or stopped else f"stop the server at {old}"
    wait = "apply all that was received" if urgent else "wait until everything is applied"
    moved = _step(
        resource,
        nodes,
        Action.MOVE,
        f"{fence}, {wait} at {new}, make {new} the primary",
        back=back,
        wave=wave,
        probe=f"is the server at {old} stopped, and does the one at {new} accept writes on a new timeline?",
        undo=""
        if urgent
        else f"until {new} is promoted: start the server at {old} again{' (a person)' if stopped else ''}",
        timeout_s=MOVE_S,
        point_of_no_return=True,
    )
    verified = _step(
        resource,
        nodes,
        Action.VERIFY,
        f"prove with a write through the clients' own address that they reach {new}",
        back=back,
        wave=wave,
        probe="nothing to probe: it writes its own row again",
        timeout_s=VERIFY_S,
        may_stop_after=True,
    )
    traffic = resource.execution.traffic if resource.execution else TrafficKind.MULTI_HOST
    if traffic is TrafficKind.MULTI_HOST:
        return *stopped, moved, verified
    led = _step(
        resource,
        nodes,
        Action.TRAFFIC,
        f"lead the clients to {new}" + (" (a person does it)" if traffic is TrafficKind.MANUAL else " by the webhook"),
        back=back,
        wave=wave,
        probe="nothing to probe: telling it again changes nothing",
        timeout_s=TRAFFIC_S,
        manual=traffic is TrafficKind.MANUAL,
    )
    return *stopped, moved, led, verified


def reprotect(
    resource: Resource, nodes: Topology, kind: RequestType, wave: int, *, back: bool = False
) -> tuple[Step, ...]:
    """The old primary becomes the standby. After a failover it may hold the only copy of what was lost: kept first."""
    old, manual = nodes.primary.place, by_hand(nodes.primary)
    probe = f"does {old} receive from {nodes.chosen.place} on its timeline?"
    protected = _step(
        resource,
        nodes,
        Action.REPROTECT,
        f"{'see that' if manual else 'start'} {nodes.primary.place} {'follows' if manual else 'as the standby of'} "
        f"{nodes.chosen.place}",
        back=back,
        wave=wave,
        probe=probe,
        timeout_s=REPROTECT_S,
    )
    if manual:
        return *_rejoin_by_hand(resource, nodes, kind, wave, back=back), protected
    if kind is not RequestType.FAILOVER:
        return (protected,)
    return (
        _step(
            resource,
            nodes,
            Action.PRESERVE,
            f"copy the data folder of {nodes.primary.place} aside: it may hold the only copy of what was lost",
            wave=wave,
            probe=f"does the host of {old} hold a copy of this run?",
            timeout_s=COPY_S,
            after_restore=True,
        ),
        _step(
            resource,
            nodes,
            Action.REWIND,
            f"rewind {nodes.primary.place} and start it as the standby of {nodes.chosen.place}",
            wave=wave,
            probe=probe,
            timeout_s=COPY_S,
            after_restore=True,
            needs_allowance=True,
        ),
    )


def postcheck(resource: Resource, nodes: Topology, wave: int) -> Step:
    """Roles, replication, markers after, integrity checks."""
    found = _step(
        resource,
        nodes,
        Action.POSTCHECK,
        "check roles, replication and the configured integrity checks, and note the positions after",
        wave=wave,
        probe="nothing to probe: it only looks",
        timeout_s=POSTCHECK_S,
    )
    return replace(found, after_restore=True)


def hold(resource: Resource, nodes: Topology, wave: int) -> Step:
    """A live drill stays until somebody ends it."""
    return _step(
        resource,
        nodes,
        Action.HOLD,
        f"stay at {resource.title(nodes.chosen.site)} until somebody ends the hold, at most {HOLD_S / 3600:.0f} h",
        wave=wave,
        probe="nothing to probe: it only waits",
        timeout_s=HOLD_S,
    )


def rehearse(resource: Resource, nodes: Topology) -> Step:
    """Everything but the effects."""
    return _step(
        resource,
        nodes,
        Action.REHEARSE,
        f"do everything of a move to {nodes.chosen.place} but the effects",
        probe="nothing to probe: it changes nothing",
        timeout_s=MOVE_S,
    )


def by_hand(endpoint: Endpoint) -> bool:
    """Whether a person acts on the host of `endpoint`."""
    return endpoint.host_control is None


def _stop_by_hand(resource: Resource, nodes: Topology, wave: int, *, back: bool) -> tuple[Step, ...]:
    old = nodes.primary.place
    return (
        _step(
            resource,
            nodes,
            Action.STOP,
            f"a person stops the server at {old}, sees that nothing starts it again, and attests it with the shutdown "
            "checkpoint that pg_controldata prints",
            back=back,
            wave=wave,
            probe=f"does {old} refuse connections, and did {nodes.chosen.place} receive up to that checkpoint?",
            undo=f"until the move: a person starts the server at {old} again",
            timeout_s=BY_HAND_S,
            manual=True,
        ),
    )


def _rejoin_by_hand(
    resource: Resource, nodes: Topology, kind: RequestType, wave: int, *, back: bool
) -> tuple[Step, ...]:
    old, new = nodes.primary.place, nodes.chosen.place
    urgent = kind is RequestType.FAILOVER
    kept = _step(
        resource,
        nodes,
        Action.PRESERVE,
        f"a person copies the data folder of {old} aside: it may hold the only copy of what was lost",
        wave=wave,
        probe="nothing to probe: a person says it",
        timeout_s=BY_HAND_S,
        manual=True,
        after_restore=True,
    )
    rejoined = _step(
        resource,
        nodes,
        Action.REJOIN,
        f"a person {'rewinds' if urgent else 'takes'} {old} and starts it as the standby of {new} "
        "(standby.signal; its replication slot is made there first)",
        back=back,
        wave=wave,
        probe=f"does {nodes.primary.place} run as a standby of the same cluster?",
        timeout_s=BY_HAND_S,
        manual=True,
    )
    return (kept, rejoined) if urgent else (rejoined,)


def turned(nodes: Topology) -> Topology:
    """The way back."""
    return replace(nodes, primary=nodes.chosen, chosen=nodes.primary)


def _step(
    resource: Resource, nodes: Topology, action: Action, what: str, *, back: bool = False, **more: object
) -> Step:
    values: dict[str, object] = {
        "resource": resource.name,
        "action": action.value,
        "summary": f"{resource.name}: {what}",
        "key": f"{resource.name}/{action.value}" + ("-back" if back else ""),
        "node": nodes.chosen.node,
        "peer": nodes.primary.node,
        "place": nodes.chosen.place,
        "peer_place": nodes.primary.place,
        **more,
    }
    return Step(**values)  # type: ignore[arg-type]
