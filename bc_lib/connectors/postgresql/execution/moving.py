"""What both ways of moving share: ready the target before the outage, wait for its replay, promote, watch it happen."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from bc_lib.connectors.postgresql.errors import is_lost_connection, to_trouble
from bc_lib.connectors.postgresql.execution import feeding, statements
from bc_lib.connectors.postgresql.execution.ground import Ground
from bc_lib.connectors.postgresql.execution.link import Link
from bc_lib.connectors.postgresql.execution.marker import OtherHistory, Shape
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.lsn import text_of
from bc_lib.domain.observation import Reach
from bc_lib.ports.mechanism import StepFailed, StepUnknown

POLL_S = 0.002
PROMOTE_S = 10.0
DISPROVE_S = 2.0
QUICK_S = 1.0
SENDER_ENDS_S = 1.0
NO_BOUND = "FFFFFFFF/FFFFFFFF"


class TargetLost(Exception):
    """The target cannot be asked any more; the message is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """The target before the outage: warm, of the right cluster, still a standby. `shape`: of its log."""

    link: Link
    system_identifier: str
    timeline: int
    shape: Shape

    def furthest(self, marker: str) -> str:
        """Up to where it may be when it is promoted at `marker`."""
        return text_of(self.shape.last(marker))


def ready(ground: Ground) -> Ready:
    """Connect to the target and learn who it is. Raises StepFailed, CredentialUnavailable: nothing was touched."""
    target = ground.target
    try:
        link = ground.open(target)
        in_recovery, system_identifier, timeline = link.row(statements.IDENTITY)
        (newest,) = link.row(statements.NEWEST_WAL_TIMELINE)
        shape = shape_of(link)
        link.row(statements.REPLAY)
        receiver(link)
    except Trouble as trouble:
        raise StepFailed(f"{target.place} was not touched: {trouble.sentence}") from None
    if not in_recovery:
        raise StepFailed(f"{target.place} is a primary already; plan again.")
    return Ready(
        link=link, system_identifier=str(system_identifier), timeline=max(int(timeline), int(newest)), shape=shape
    )


def shape_of(link: Link) -> Shape:
    """How the cluster of a server writes its log. Raises Trouble."""
    version, page, segment = link.row(statements.WAL_SHAPE)
    return Shape(version=int(version), page_bytes=int(page), segment_bytes=int(segment))


def wait_for(found: Ready, done: Callable[[], bool], within_s: float) -> bool:
    """Poll until `done`; False when the time is over. Raises TargetLost."""
    until = time.monotonic() + within_s
    try:
        while not done():
            if time.monotonic() >= until:
                return False
            time.sleep(POLL_S)
    except Trouble as trouble:
        raise TargetLost(f"{found.link.endpoint.place} was lost before it was promoted: {trouble.sentence}") from None
    return True


def stands_at(found: Ready, marker: str) -> bool:
    """True when the shutdown checkpoint at `marker` is the last record that is applied, and nothing more is there.

    Raises OtherHistory beyond it, Trouble.
    """
    in_recovery, replayed, received = found.link.row(statements.REPLAY, within_s=QUICK_S)
    node = found.link.endpoint.place
    if not in_recovery:
        raise Trouble(Reach.ERROR, f"{found.link.where} is a primary already.")
    there = found.shape.holds(marker, replayed, received)
    if there is None:
        raise OtherHistory(
            f"{node} stands at {replayed} and holds up to {received or replayed}, but the last record of the server "
            f"that was stopped ends at {found.furthest(marker)}: it has followed another server."
        )
    return there


def receiver(link: Link) -> tuple[Any, ...]:
    """State of the target's receiver (None: it has none), its last message, the time there, its sender.

    Raises Trouble, also where we may not read it.
    """
    *known, hidden = link.row(statements.STILL_FED, within_s=QUICK_S)
    if hidden:
        raise feeding.unreadable(link)
    return tuple(known)


def no_sender_left(found: Ready, *, at_marker: bool) -> None:
    """Once the old primary is stopped nobody may send to the target any more. Raises OtherHistory where somebody does,
    Trouble.

    A clean stop tells its receiver so (`at_marker`); after a loss a dead connection may look alive, so that only a
    message after the stop is proof.
    """
    until, began = time.monotonic() + SENDER_ENDS_S, None
    while True:
        status, message_at, now, sender = receiver(found.link)
        if status != "streaming":
            return
        began = began or now
        if time.monotonic() >= until:
            break
        time.sleep(POLL_S)
    if at_marker or (message_at is not None and message_at > began):
        node = found.link.endpoint.place
        raise OtherHistory(f"{node} still receives from {sender or 'an unknown server'}, which is not the old primary.")


def promote(ground: Ground, found: Ready, at_least: str, at_most: str = NO_BOUND) -> None:
    """Promote between two positions and watch it happen. Raises StepFailed where the target refused and stays a
    standby, StepUnknown."""
    node = ground.target.node
    seconds = min(PROMOTE_S, ground.left_s())
    deadline = found.link.their_time(min(datetime.now(UTC) + timedelta(seconds=seconds), ground.work.effect_by))
    try:
        values = (deadline, found.system_identifier, found.timeline, at_least, at_most)
        ((sent,),) = found.link.raw(statements.PROMOTE, *values, within_s=max(0.2, seconds))
    except psycopg.Error as error:
        trouble = to_trouble(error, found.link.where, found.link.credential)
        if not is_lost_connection(error):
            raise StepFailed(f"{node} refused to be promoted: {trouble.sentence}") from None
        _proven(ground, f"The answer to the promotion of {node} was lost: {trouble.sentence}", seconds)
        return
    until = time.monotonic() + max(0.5, seconds)
    try:
        while time.monotonic() < until:
            (in_recovery,) = found.link.row(statements.IN_RECOVERY, within_s=QUICK_S)
            if not in_recovery:
                return
            if not sent:
                raise StepFailed(
                    f"{node} was not promoted: it is another server or elsewhere than planned, or the order came late."
                )
            time.sleep(POLL_S)
    except Trouble as trouble:
        _proven(ground, f"{node} was lost after the order to promote: {trouble.sentence}", seconds)
        return
    raise StepUnknown(f"{node} was told to promote and is still a standby; it may yet become the primary.")


def promoted(ground: Ground) -> bool | None:
    """Whether the target accepts writes now; None: it cannot be asked. Raises CredentialUnavailable."""
    try:
        with ground.open(ground.target) as link:
            (in_recovery,) = link.row(statements.IN_RECOVERY)
            return not in_recovery
    except Trouble:
        return None


def stays_standby(ground: Ground, seconds: float = DISPROVE_S) -> bool | None:
    """True: no promotion is under way, it was watched for `seconds`. False: promoted. None: cannot be said (F32)."""
    until = time.monotonic() + seconds
    try:
        with ground.open(ground.target) as link:
            while True:
                (in_recovery,) = link.row(statements.IN_RECOVERY)
                if not in_recovery:
                    return False
                if time.monotonic() >= until:
                    return True
                time.sleep(0.02)
    except Trouble:
        return None


def _proven(ground: Ground, sentence: str, seconds: float) -> None:
    """A probe that sees the promotion makes it certain; anything else stays unknown (F32)."""
    until = time.monotonic() + max(1.0, min(seconds, 5.0))
    while time.monotonic() < until:
        if promoted(ground):
            return
        time.sleep(0.05)
    if down_as_standby(ground):
        raise StepFailed(f"{sentence} It is down, and a standby on its disk: it was not promoted.")
    raise StepUnknown(f"{sentence} It is treated as promoted, so the old primary stays stopped.")


def down_as_standby(ground: Ground) -> bool:
    """True where the target's host proves that no promotion happened or can still come of an order that was sent.

    standby.signal goes with the promotion, and an order to promote does not outlive the server.
    """
    state, _ = ground.host_state(ground.target.node)
    return state is not None and state.running is False and state.standby_on_disk is True


def after(ground: Ground) -> dict[str, Any]:
    """Timeline and position of the new primary, once it is one; empty where it cannot be asked now."""
    try:
        with ground.open(ground.target) as link:
            in_recovery, system_identifier, started_at, timeline, lsn = link.row(statements.PRIMARY_NOW)
    except Trouble:
        return {}
    if in_recovery:
        return {}
    return {
        "timeline": timeline,
        "promoted_lsn": lsn,
        "system_identifier": system_identifier,
        "target_started_at": started_at.isoformat(),
    }
