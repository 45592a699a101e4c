"""Is a step's effect there? Read-only, and never raises for trouble with a target (decision 6)."""

from __future__ import annotations

from typing import Any

from bc_lib.connectors.postgresql.execution import by_hand, moving, orders, settings, statements, synchronous
from bc_lib.connectors.postgresql.execution.ground import Ground
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.execution import attested
from bc_lib.domain.execution.actions import Action, MarkName
from bc_lib.domain.execution.derive import SYNCHRONOUS_OWED
from bc_lib.domain.execution.writers import TAKES_WRITES
from bc_lib.domain.observation import Reach
from bc_lib.ports.host_control import HostState
from bc_lib.ports.mechanism import CredentialUnavailable, Effect, Probe

WATCH_S = 1.0


def probe(ground: Ground) -> Probe:
    """The answer for the step of `ground`."""
    action = Action(ground.work.step.action)
    if action is Action.MOVE:
        return _moved(ground)
    if action in {Action.REPROTECT, Action.REWIND}:
        return _protected(ground)
    if action in attested.BY_HAND:
        return by_hand.probe_stop(ground) if action is Action.STOP else by_hand.probe_rejoin(ground)
    if action is Action.PRESERVE and not ground.work.step.manual:
        return _preserved(ground)
    if action is Action.VERIFY and MarkName.WRITTEN in ground.work.marks:
        return Probe(
            effect=Effect.SEEN,
            sentence="A client's write was acknowledged already.",
            facts=ground.work.marks[MarkName.WRITTEN],
        )
    return Probe(effect=Effect.NOT_SEEN, sentence="It changes nothing that doing it again would do twice.")


def _moved(ground: Ground) -> Probe:
    """Promoted; or the old primary stopped and the target still a standby; or nothing of it."""
    name = ground.target.place
    try:
        link = ground.open(ground.target)
        in_recovery, system_identifier, timeline = link.row(statements.IDENTITY)
    except (Trouble, CredentialUnavailable) as error:
        return _moved_by_disk(ground, str(error))
    if MarkName.CAUGHT_UP in ground.work.marks and in_recovery:
        in_recovery = moving.stays_standby(ground, WATCH_S) is not False
    if in_recovery:
        return _begun(ground)
    if timeline is None or int(timeline) <= _timeline_before(ground):
        link.close()
        (timeline,) = (moving.after(ground).get("timeline", timeline),)
    facts = {"timeline": timeline, "system_identifier": system_identifier, "seen_by": "sql", **_marked(ground)}
    before = _timeline_before(ground)
    if before and int(timeline) <= before:
        return Probe(
            effect=Effect.UNKNOWN,
            sentence=f"{name} takes writes on timeline {timeline}, as before: it was a primary already.",
            facts=facts,
        )
    return Probe(
        effect=Effect.SEEN, sentence=f"{name} takes writes on timeline {timeline}.", facts=facts | moving.after(ground)
    )


def _moved_by_disk(ground: Ground, why: str) -> Probe:
    """The target does not answer; its control file may still tell."""
    name = ground.target.place
    state, trouble = ground.host_state(ground.target.node)
    if state is None:
        return Probe(effect=Effect.UNKNOWN, sentence=f"{name} cannot be asked: {why} {trouble}")
    facts = {"timeline": state.timeline, "cluster_state": state.cluster_state, "seen_by": "host", **_marked(ground)}
    if state.standby_on_disk is False:
        # A standby loses its standby.signal by a promotion only; it would start as a primary.
        return Probe(
            effect=Effect.SEEN,
            sentence=f"{name} does not answer, and was promoted by what is on its disk (timeline {state.timeline}).",
            facts=facts,
        )
    if moving.down_as_standby(ground):
        return _begun(ground)
    return Probe(
        effect=Effect.UNKNOWN,
        sentence=f"{name} does not answer ({why}), and its disk does not prove whether it was promoted.",
        facts=facts,
    )


def _begun(ground: Ground) -> Probe:
    """The target is a standby: is the old primary stopped by us?"""
    new, old = ground.target.place, ground.old.place
    state, trouble = ground.host_state(ground.old.node)
    reach, primary = _asks_old(ground)
    if primary:
        return Probe(effect=Effect.NOT_SEEN, sentence=f"{old} takes writes and {new} is a standby.")
    by_people = by_hand.stop_of(ground) is not None
    marked = by_people or MarkName.FENCED in ground.work.marks or MarkName.FENCE_OWED in ground.work.marks
    if marked or (state is not None and _stopped_by_us(state)):
        return Probe(
            effect=Effect.PARTLY,
            sentence=f"{old} was stopped and {new} is still a standby: clients cannot write.",
            facts=_marked(ground) | ({"cluster_state": state.cluster_state} if state else {}),
        )
    if ground.urgent:
        return Probe(effect=Effect.NOT_SEEN, sentence=f"{new} is a standby, and nothing was stopped by us.")
    if state is not None and state.running:
        return Probe(effect=Effect.NOT_SEEN, sentence=f"{new} is a standby, and the server at {old} runs.")
    why = f"{reach}; {trouble or 'its host cannot say'}"
    return Probe(effect=Effect.UNKNOWN, sentence=f"{new} is a standby; whether {old} was stopped is not seen ({why}).")


def _asks_old(ground: Ground) -> tuple[str, bool]:
    try:
        with ground.open(ground.old) as link:
            (in_recovery,) = link.row(statements.IN_RECOVERY)
            return Reach.OK.value, not in_recovery
    except Trouble as trouble:
        return trouble.reach.value, False
    except CredentialUnavailable:
        return Reach.CREDENTIAL.value, False


def _stopped_by_us(state: HostState) -> bool:
    """A clean stop is ours; a server that died is not."""
    return orders.cleanly(state)


def _protected(ground: Ground) -> Probe:
    """Does the old primary stream from the new one?"""
    old = ground.old.place
    try:
        with ground.open(ground.target) as primary, ground.open(ground.old) as standby:
            *_, timeline, _ = primary.row(statements.PRIMARY_NOW)
            in_recovery, status, received, *_ = standby.row(statements.RECEIVER)
            rows = primary.rows(statements.SEND_STATE)
            owed = synchronous.lacking(ground, primary)
    except (Trouble, CredentialUnavailable) as error:
        # The host remembers what it did, so that going on from here does nothing twice.
        facts = {TAKES_WRITES: _takes_writes(ground)}
        return Probe(effect=Effect.PARTLY, sentence=f"{old} is not a working standby yet: {error}", facts=facts)
    if in_recovery and status == "streaming" and received == timeline and rows:
        return Probe(
            effect=Effect.PARTLY if owed else Effect.SEEN,
            sentence=f"{old} streams timeline {timeline} from {ground.target.place}. {owed}".rstrip(),
            facts={"timeline": timeline, SYNCHRONOUS_OWED: owed, TAKES_WRITES: False},
        )
    if not in_recovery:
        return Probe(effect=Effect.NOT_SEEN, sentence=f"{old} runs as a primary.", facts={TAKES_WRITES: True})
    return Probe(
        effect=Effect.PARTLY,
        sentence=f"{old} runs as a standby and does not stream ({status or 'no receiver'}).",
        facts={TAKES_WRITES: False},
    )


def _takes_writes(ground: Ground) -> bool | None:
    """Whether the old primary takes writes again; None: it cannot be said."""
    _, primary = _asks_old(ground)
    if primary:
        return True
    state, _ = ground.host_state(ground.old.node)
    if state is None or state.running is None or (state.running and state.standby_on_disk is None):
        return None
    return state.running and not state.standby_on_disk


def _preserved(ground: Ground) -> Probe:
    state, trouble = ground.host_state(ground.old.node)
    if state is None:
        return Probe(effect=Effect.PARTLY, sentence=f"The host of {ground.old.place} does not answer: {trouble}")
    mine = [name for name in state.preserved if name.endswith(f"-{ground.work.request}")]
    if mine:
        return Probe(effect=Effect.SEEN, sentence=f"A copy of this run exists: {mine[0]}.", facts={"preserved": mine})
    return Probe(effect=Effect.NOT_SEEN, sentence=f"The host of {ground.old.place} holds no copy of this run.")


def _timeline_before(ground: Ground) -> int:
    fenced = _marked(ground).get("timeline_before")
    noted = settings.of_check(ground, ground.target.node).get("timeline")
    # The way back of a drill starts from the timeline that the way there made.
    return int(fenced or (0 if ground.work.step.key.endswith("-back") else noted) or 0)


def _marked(ground: Ground) -> dict[str, Any]:
    """What the marks of an earlier try hold: a resumed run states its loss from them."""
    return {name: value for facts in ground.work.marks.values() for name, value in facts.items()}
