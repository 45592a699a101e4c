"""Has the chosen standby what it needs: streaming, replay, lag against RPO, more than every other standby (F13)."""

from __future__ import annotations

from bc_lib.connectors.postgresql.execution import pausing
from bc_lib.connectors.postgresql.execution.scene import Pad, Scene
from bc_lib.connectors.postgresql.execution.sight import Sight
from bc_lib.domain.lsn import behind
from bc_lib.domain.observation import NodeFacts, Role
from bc_lib.domain.standby_limits import Fit
from bc_lib.domain.words import capital, clock, duration, size

REPLAY_LIMITS = "replay-limits"


def check_copy(scene: Scene, pad: Pad) -> None:
    """What the target has received and applied."""
    facts = scene.target.facts
    if facts is None or facts.role is not Role.STANDBY:
        return
    _streaming(scene, facts, pad)
    _cascade(scene, facts, pad)
    _own_slot(scene, facts, pad)
    _replay(scene, facts, pad)
    _lag(scene, pad)
    for other in scene.others:
        _compare(scene, other, pad)


def _streaming(scene: Scene, facts: NodeFacts, pad: Pad) -> None:
    upstream = facts.upstream
    status = upstream.status if upstream else None
    if upstream is None:
        pad.unknown(
            "target-streams", f"Whether {scene.target.place} receives cannot be read.", hint="Grant pg_monitor."
        )
    elif status == "streaming":
        age = upstream.last_message_age_s
        figure = f"last message {duration(age)} ago" if age is not None else ""
        pad.ok("target-streams", f"{scene.target.place} receives.", figure=figure)
    elif scene.urgent:
        pad.ok("target-streams", f"{scene.target.place} receives nothing, as a lost primary expects.", status or "none")
    else:
        missing = scene.lag_bytes()
        pad.block(
            "target-streams",
            f"{scene.target.place} receives nothing"
            + (f"; it lacks {size(missing)} of {scene.old.place}." if missing else "."),
            figure=f"receiver {status or 'none'}",
            hint="Restore replication first; a move without loss needs it.",
        )


def _cascade(scene: Scene, facts: NodeFacts, pad: Pad) -> None:
    upstream = facts.upstream
    if upstream is None or upstream.sender_host is None:
        return
    sender = (upstream.sender_host, upstream.sender_port)
    for other in scene.others:
        if (other.endpoint.host, other.endpoint.port) == sender:
            pad.block(
                "not-cascading",
                f"{scene.target.place} is fed by the standby {other.place}, not by the primary.",
                hint=f"Choose {other.place}, or let {scene.target.place} follow the primary first.",
            )


def _own_slot(scene: Scene, facts: NodeFacts, pad: Pad) -> None:
    """The slot that this standby asks for. Whatever becomes of somebody else's does not hinder the move."""
    upstream, old = facts.upstream, scene.old.facts
    name = (upstream.slot_name if upstream else None) or scene.target.more.get("primary_slot_name")
    slot = next((slot for slot in (old.slots if old else ()) if slot.name == name), None)
    if slot is None or slot.wal_status not in {"lost", "unreserved"}:
        return
    sentence = f"The slot {slot.name} of {scene.target.place} at {scene.old.place} "
    if slot.wal_status == "lost":
        hint = "Build the standby anew, or restore its missing log from the archive."
        pad.block("own-slot", f"{sentence}is lost: what it needs was removed.", slot.wal_status, hint)
    else:
        hint = "Raise max_slot_wal_keep_size, or let it catch up first."
        pad.warn("own-slot", f"{sentence}is about to lose what it needs.", slot.wal_status, hint)


def _limits(scene: Scene, facts: NodeFacts, pad: Pad) -> bool:
    """True where replay is paused, or about to be, by the server itself; or where that cannot be told."""
    place, limits = scene.target.place, pausing.judged(scene.target, scene.old)
    if limits.fit in {Fit.PAUSED, Fit.AHEAD}:
        pad.block(REPLAY_LIMITS, pausing.sentence(limits, place), limits.figures(), f"{capital(limits.remedy(place))}.")
        return True
    if facts.replay_paused and not limits.may_resume:
        pad.unknown(REPLAY_LIMITS, pausing.sentence(limits, place), ", ".join(limits.hidden), pausing.COMPARE)
        return True
    if limits.fit is Fit.LOWER:
        sentence = f"Limits at {place} are lower than the primary's; it has replayed everything, and is not paused."
        pad.warn(REPLAY_LIMITS, sentence, limits.figures(), f"{capital(limits.remedy(place))}.")
    return False


def _replay(scene: Scene, facts: NodeFacts, pad: Pad) -> None:
    if _limits(scene, facts, pad):
        return
    if facts.replay_paused:
        if scene.urgent:
            pad.warn("replay-runs", f"Replay at {scene.target.place} is paused; it is resumed before the promotion.")
        else:
            pad.block("replay-runs", f"Replay at {scene.target.place} is paused.", figure="paused", hint="Resume it.")
    else:
        pad.ok("replay-runs", f"Replay at {scene.target.place} is not paused.")
    delay = facts.replay_delay_s
    if not delay:
        return
    waiting = behind(facts.received_lsn, facts.replayed_lsn)
    figure = f"recovery_min_apply_delay {duration(delay)}" + (f", {size(waiting)} to replay" if waiting else "")
    if scene.urgent:
        pad.warn(
            "not-delayed",
            f"{scene.target.place} is a delayed standby; it replays everything it has received first.",
            figure=figure,
            hint="That takes time before service is back.",
        )
    else:
        pad.block(
            "not-delayed",
            f"{scene.target.place} is a delayed standby, which is kept to look back, not to take over.",
            figure=figure,
            hint="Set recovery_min_apply_delay to 0 there, or choose another standby.",
        )


def _alone(scene: Scene, facts: NodeFacts, pad: Pad) -> None:
    """Without its primary nothing is behind anything; what can be lost is said by the one sentence about the loss."""
    name, waiting = scene.target.place, behind(facts.received_lsn, facts.replayed_lsn)
    last = f"last commit there {clock(facts.replayed_at)}, by its primary's clock" if facts.replayed_at else ""
    if waiting is None:
        pad.warn("lag", f"Whether {name} has applied all that it received is not known.", last)
    elif waiting:
        pad.warn("lag", f"{name} applies first what it has received: {size(waiting)}.", last)
    else:
        pad.ok("lag", f"{name} has applied all that it received.", last)


def _lag(scene: Scene, pad: Pad) -> None:
    if scene.urgent and scene.old.facts is None and scene.target.facts is not None:
        _alone(scene, scene.target.facts, pad)
        return
    gap, seconds, limit = scene.lag_bytes(), scene.lag_s(), scene.resource.rpo_s
    parts = [size(gap)] if gap is not None else []
    parts += [duration(seconds)] if seconds is not None else []
    parts += [f"RPO {duration(limit)}"] if limit is not None else []
    figure = ", ".join(parts)
    name = scene.target.place
    if seconds is None and gap is None:
        sentence = f"How far {name} is behind is not known."
        if scene.urgent:
            pad.warn("lag", sentence, figure, "The possible loss cannot be bounded.")
        else:
            pad.unknown("lag", sentence, figure)
    elif limit is not None and seconds is not None and seconds > limit:
        sentence = f"{name} is {duration(seconds)} behind, more than the RPO of {duration(limit)}."
        if scene.urgent:
            pad.warn("lag", sentence, figure, "That much can be lost; the start asks for consent to it.")
        else:
            pad.block("lag", sentence, figure, "Wait until it has caught up.")
    elif limit is not None and seconds is None and gap and not scene.urgent:
        pad.warn("lag", f"{name} is {size(gap)} behind; seconds cannot be told.", figure, "Set up a heartbeat.")
    else:
        pad.ok("lag", f"{name} is within its RPO." if limit is not None else f"{name} follows.", figure)


def _compare(scene: Scene, other: Sight, pad: Pad) -> None:
    """Another standby that has received more would be the better choice: choosing this one loses the difference."""
    mine, theirs = scene.target.facts, other.facts
    check = f"standby-{other.node}"
    if theirs is None:
        pad.warn(check, f"The standby {other.place} was not seen: {other.trouble}", hint="It may have received more.")
        return
    if theirs.role is not Role.STANDBY or mine is None:
        return
    if theirs.timeline is not None and mine.timeline is not None and theirs.timeline > mine.timeline:
        pad.block(
            check, f"{other.place} is on a newer timeline.", f"{theirs.timeline} and {mine.timeline}", "Plan again."
        )
        return
    more = behind(theirs.received_lsn, mine.received_lsn)
    if more is None:
        pad.warn(check, f"How much {other.place} has received is not known.")
    elif more and scene.urgent:
        pad.block(
            check,
            f"{other.place} has received {size(more)} more than {scene.target.place}; that would be lost.",
            figure=size(more),
            hint=f"Choose {other.place}, or override this and lose the difference.",
        )
    else:
        pad.ok(check, f"{other.place} has not received more.", figure=size(more))
