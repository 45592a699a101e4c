"""Whether commits are known to wait for a standby: by deed, not by the name it has in a list."""

from __future__ import annotations

from bc_lib.domain.observation import CommitOverride, NodeFacts
from bc_lib.domain.rules.lag import Link
from bc_lib.domain.rules.scene import Scene

WAITS = frozenset({"on", "remote_apply"})
"""Values of synchronous_commit with which a commit waits until the standby has it on its disk."""


def doubt(scene: Scene, link: Link) -> str | None:
    """Why commits are not known to wait for this standby, as the beginning of a sentence; None where they do."""
    if scene.source is None:
        return "Replication is asynchronous"
    facts, sender, name = scene.source.facts, link.feed.sender, link.standby.name
    listed = sender.value if sender is not None and sender.source == scene.source.name else None
    if listed is None or listed.sync_state not in {"sync", "quorum"} or listed.state != "streaming":
        return "Replication is asynchronous"
    if listed.sync_state == "quorum" or len(facts.downstreams) != 1 or _several(facts.sync_standby_names):
        # `ANY 1` never proves which standby has a commit, nor does a list of which another may have been first.
        return f"Commits wait for a standby, which need not be {name}"
    return _setting(facts, name)


def _several(names: str | None) -> bool:
    return names is None or "," in names or "*" in names


def _setting(facts: NodeFacts, name: str) -> str | None:
    overrides, value = facts.commit_overrides, facts.settings.get("synchronous_commit")
    start = f"{name} is synchronous by name only"
    if overrides is None or value is None or any(one.ours for one in overrides):
        return f"{start}, for what synchronous_commit is could not be read"
    if value not in WAITS:
        return f"{start}, for synchronous_commit is {ascii(value)[1:-1]}"
    loose = [one for one in overrides if one.value not in WAITS]
    return f"{start}, for synchronous_commit is {_shown(loose[0])}" if loose else None


def _shown(one: CommitOverride) -> str:
    return f"{ascii(one.value)[1:-1]} for {ascii(one.who)[1:-1]}"
