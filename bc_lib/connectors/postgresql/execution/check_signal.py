"""Is the primary really gone? One vantage is not enough (F16); a standby speaks only for whom it is connected to."""

from __future__ import annotations

from bc_lib.connectors.postgresql.execution.names import look_up
from bc_lib.connectors.postgresql.execution.scene import Pad, Scene
from bc_lib.connectors.postgresql.execution.sight import Sight
from bc_lib.domain.observation import Reach, Role, Upstream

LOOK_UP_S = 2.0

HINT = "Look from the other site; where the primary must be given up all the same, override this with a reason."


def check_signal(scene: Scene, pad: Pad) -> None:
    """All that can be asked must agree, and at least one of them beside ourselves must have been asked."""
    if not scene.urgent:
        return
    alive = _alive(scene)
    figure = "; ".join([*alive, *_gone(scene)])
    if alive:
        pad.block("second-signal", f"{scene.old.place} is not gone: {', '.join(alive)}.", figure, HINT)
    elif not _second(scene):
        pad.block("second-signal", f"Only we say that {scene.old.place} is gone.", figure, HINT)
    else:
        pad.ok("second-signal", f"{scene.old.place} is gone, seen from more than one place.", figure)


def _alive(scene: Scene) -> list[str]:
    found = []
    if scene.old.role is Role.PRIMARY:
        found.append("it answers and takes writes")
    elif scene.old.stranger:
        found.append("another server answers at its address")
    elif scene.old.reach in {Reach.STARTING, Reach.CREDENTIAL, Reach.ERROR}:
        found.append("it answers, though not as it should")
    upstream = scene.target.facts.upstream if scene.target.facts else None
    if upstream is not None and upstream.status == "streaming":
        sender = f"{upstream.sender_host}:{upstream.sender_port}"
        if _at(scene.old, sender):
            found.append(f"{scene.target.place} receives from it")
        elif not any(_at(other, sender) for other in scene.others):
            found.append(f"{scene.target.place} receives from {sender}, which may be it")
    if scene.old.host is not None and scene.old.host.running:
        found.append("its host says that the server runs")
    if scene.client_port is not None:
        found.append("a client can write")
    return found


def _gone(scene: Scene) -> list[str]:
    found = []
    if scene.old.reach in {Reach.UNREACHABLE, Reach.REFUSED}:
        found.append(f"SQL: {scene.old.reach.value}")
    upstream = scene.target.facts.upstream if scene.target.facts else None
    if upstream is not None and upstream.status != "streaming":
        about = "" if _followed_it(scene, upstream) else f" (set to follow {_named(upstream)}, so it says nothing)"
        found.append(f"receiver of {scene.target.place}: {upstream.status or 'none'}{about}")
    if scene.old.host is not None and scene.old.host.running is False:
        found.append("host: not running")
    elif scene.old.host is None:
        found.append("host: no answer")
    if scene.client_port is None:
        found.append("clients: cannot write")
    return found


def _second(scene: Scene) -> bool:
    """The DR side's own receiver, where it was that primary's, or the host itself, says the same."""
    upstream = scene.target.facts.upstream if scene.target.facts else None
    receiver = upstream is not None and upstream.status != "streaming" and _followed_it(scene, upstream)
    host = scene.old.host is not None and scene.old.host.running is False
    return receiver or host


def _followed_it(scene: Scene, upstream: Upstream) -> bool:
    """Whether the target's receiver was connected to the old primary: it is set to connect there.

    Where its setting cannot be read: only if the inventory knows of nobody else that it could follow.
    """
    if not upstream.configured:
        return not scene.others
    return any(_at(scene.old, name) for name in upstream.configured)


def _named(upstream: Upstream) -> str:
    return ", ".join(upstream.configured) or "a server that could not be read"


def _at(node: Sight, name: str) -> bool:
    """Whether `host:port` is where the inventory has this node, by name or by address."""
    host, _, port = name.rpartition(":")
    if not host or port != str(node.endpoint.port):
        return False
    mine = str(node.endpoint.host)
    return host == mine or not set(look_up(host, LOOK_UP_S)).isdisjoint(look_up(mine, LOOK_UP_S))
