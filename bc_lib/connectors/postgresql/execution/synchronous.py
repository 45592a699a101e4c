"""Synchronous replication after a move: set again once enough standbys stream, and owed for as long as it is not."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bc_lib.connectors.postgresql.execution import settings, statements
from bc_lib.connectors.postgresql.execution.ground import Ground
from bc_lib.connectors.postgresql.execution.link import Link
from bc_lib.connectors.postgresql.sync_names import NotSyncNames, parse
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.derive import SYNCHRONOUS_OWED
from bc_lib.domain.words import clock, count

TAKES_S, POLL_S = 3.0, 0.02


def lacking(ground: Ground, primary: Link) -> str:
    """One sentence where commits waited for a standby before the move and wait for none now. Raises Trouble."""
    before = _own(ground) or _of_old(ground)
    if not before:
        return ""
    names, synchronous = primary.row(statements.SYNCHRONOUS)
    if names and synchronous:
        return ""
    seen = "" if _own(ground) else _seen(ground)
    return f"Commits at {primary.endpoint.place} wait for no standby; before the move they did ({before}{seen})."


def restore(ground: Ground, primary: Link, follower: str) -> dict[str, Any]:
    """Set synchronous_standby_names where nobody has; facts, with a sentence under SYNCHRONOUS_OWED while it is not.

    Never set where commits would hang: the senders that stream now must fulfil it. Raises Trouble where the primary
    cannot be asked.
    """
    try:
        owed = lacking(ground, primary)
        if not owed:
            return {SYNCHRONOUS_OWED: ""}
        wanted = _wanted(ground, follower)
        why = _set(primary, wanted)
    except NotSyncNames:
        why = "its value could not be read"
    if why:
        return {SYNCHRONOUS_OWED: f"{owed} It was not set again: {why}"}
    return {SYNCHRONOUS_OWED: "", settings.SYNC_NAMES: wanted}


def _wanted(ground: Ground, follower: str) -> str:
    """The new primary's own value, unless that asks for fewer standbys than the old primary waited for."""
    own, carried = _own(ground), settings.carried_over(_of_old(ground), _follower(ground), follower)
    return own if own and _number(own) >= _number(carried) else carried


def _number(names: str) -> int:
    value = parse(names)
    return value.count if value else 0


def _set(primary: Link, wanted: str) -> str:
    """What went wrong, or nothing. Raises NotSyncNames, Trouble."""
    value = parse(wanted)
    streaming = [str(name) for name, state, _ in primary.rows(statements.SEND_STATE) if state == "streaming"]
    if value is None or not value.fulfilled(streaming):
        least = value.count if value else 1
        return f"{wanted} needs {count(least, 'standby', 'standbys')} that stream, and commits would hang."
    try:
        settings.alter(primary, settings.SYNC_NAMES, wanted)
    except Trouble as trouble:
        return trouble.sentence
    until = time.monotonic() + TAKES_S
    while time.monotonic() < until:
        _, synchronous = primary.row(statements.SYNCHRONOUS)
        if synchronous:
            return ""
        time.sleep(POLL_S)
    settings.alter(primary, settings.SYNC_NAMES, "")
    return f"with {wanted} no standby became synchronous."


def _own(ground: Ground) -> str:
    """What the new primary had itself, written for its own followers; from CHECK where a killed try has emptied it."""
    back = "-back" if ground.work.step.key.endswith("-back") else ""
    moved: Mapping[str, Any] = ground.work.earlier.get(f"{ground.resource.name}/{Action.MOVE}{back}", {})
    noted = settings.of_check(ground, ground.target.node).get(settings.SYNC_NAMES)
    return str(moved.get("synchronous_standby_names_before") or noted or "")


def _of_old(ground: Ground) -> str:
    return str(settings.of_check(ground, ground.old.node).get(settings.SYNC_NAMES) or "")


def _seen(ground: Ground) -> str:
    """Since when it is known, where the old primary was lost before the run looked."""
    at = settings.of_check(ground, ground.old.node).get(settings.SYNC_SEEN)
    return f", as last seen at {clock(datetime.fromisoformat(str(at)))}" if at else ""


def _follower(ground: Ground) -> str:
    """How the new primary is called in the old one's value; where nobody saw it follow, by the names it may have."""
    noted = settings.of_check(ground, ground.old.node).get("follower")
    if noted:
        return str(noted)
    value = parse(_of_old(ground))
    mine = (settings.of_check(ground, ground.target.node).get("cluster_name"), ground.target.node)
    return next((str(name) for name in mine if name and value and value.member(str(name))), "")
