"""Is the target a standby of this very primary? A clone looks the same, and a move to it would lose everything."""

from __future__ import annotations

from bc_lib.connectors.postgresql.execution.scene import Pad, Scene
from bc_lib.domain.observation import Role, Upstream

FED = "fed-by-primary"
HINT = "Correct the inventory, or build this standby anew from the primary."
# An idle sender speaks at half of wal_sender_timeout; a receiver that heard nothing for longer may be of a dead one.
SILENT_S = 35.0


def check_source(scene: Scene, pad: Pad) -> None:
    """From the primary's own sender while both are seen; else from what is left to see."""
    target = scene.target
    if target.facts is None or target.role is not Role.STANDBY:
        return
    feed = scene.feed
    if feed is not None and feed.fed is not None:
        if feed.fed:
            pad.ok(FED, feed.sentence, feed.figure)
        else:
            pad.block(FED, feed.sentence, feed.figure, HINT)
    elif feed is not None and feed.unseen:
        pad.unknown(FED, feed.sentence)
    elif scene.old.facts is None and target.facts.upstream is not None:
        _lost(scene, target.facts.upstream, pad)


def _lost(scene: Scene, upstream: Upstream, pad: Pad) -> None:
    """The primary cannot be asked: whoever sends while it is stopped is another one."""
    old, new = scene.old, scene.target
    stopped = old.host is not None and old.host.running is False
    silent = upstream.last_message_age_s is not None and upstream.last_message_age_s > SILENT_S
    sender = f"{upstream.sender_host}:{upstream.sender_port}"
    if stopped and upstream.status == "streaming" and not silent:
        pad.block(FED, f"{old.place} is stopped, and {new.place} still receives from {sender}.", sender, HINT)
    elif f"{old.endpoint.host}:{old.endpoint.port}" in upstream.configured:
        pad.ok(FED, f"{new.place} is set up to follow {old.place}.", ", ".join(upstream.configured))
    elif upstream.configured:
        pad.warn(
            FED,
            f"{new.place} is set up to follow {', '.join(upstream.configured)}; whether that was {old.place} is not "
            "known, because it cannot be asked.",
            hint="See that it is another name of the lost primary before anything is approved.",
        )
