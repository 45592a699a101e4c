"""What people do on hosts that do not obey us: what of it can be seen, and a move after it (decision 15).

A person's word is a fence of its own kind: told as attested, never as proven.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bc_lib.connectors.postgresql.execution import draining, holding, moving, settings, statements, unlogged
from bc_lib.connectors.postgresql.execution.ground import Ground
from bc_lib.connectors.postgresql.execution.marker import OtherHistory, Shape
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.execution import attested
from bc_lib.domain.execution.actions import Action, MarkName
from bc_lib.domain.lsn import position
from bc_lib.domain.observation import Reach
from bc_lib.ports.mechanism import CredentialUnavailable, Effect, MarkFn, Probe, StepFailed

# Nobody listens, or nobody answers. Anything else is an answer of a server that runs.
SILENT = {Reach.REFUSED: "refuses connections", Reach.UNREACHABLE: "does not answer us"}
INCOMPLETE = "Nobody said up to where {old} had written, so that {new} holds all of it cannot be proven."


def planned(ground: Ground, action: Action) -> bool:
    """Whether the plan has a person do `action` on this way of the resource."""
    return any(each.key == _key(ground, action) for each in ground.plan.steps)


def stop_of(ground: Ground) -> Mapping[str, Any] | None:
    """What people attested of the stop before this move; None: nobody did, or the fence was waived."""
    facts = ground.work.earlier.get(_key(ground, Action.STOP), {})
    return facts if facts.get(attested.BY) and not facts.get(attested.WAIVED) else None


def probe_stop(ground: Ground) -> Probe:
    """Is it as a person said: the old primary silent, the target without a sender and past the marker?"""
    old, new = ground.old.place, ground.target.place
    reach = _reach(ground)
    if reach not in SILENT:
        effect = Effect.NOT_SEEN if reach is Reach.OK else Effect.UNKNOWN
        return Probe(effect=effect, sentence=f"{old} still answers ({reach.value}).")
    try:
        with ground.open(ground.target) as link:
            in_recovery, replayed, received, committed_at, _, receiver = link.row(statements.RECEIVED)
            shape = moving.shape_of(link)
    except (Trouble, CredentialUnavailable) as error:
        return Probe(effect=Effect.UNKNOWN, sentence=f"{new} cannot be asked: {error}")
    facts = {
        "old_reach": reach.value,
        "replayed_lsn": replayed,
        "received_lsn": received,
        "last_commit_at": committed_at.isoformat() if committed_at else None,
    }
    if receiver == "streaming":
        return Probe(effect=Effect.NOT_SEEN, sentence=f"{new} still receives from a primary.", facts=facts)
    wrong = (
        "" if ground.urgent else _against(shape, ground.work.attested.get(attested.MARKER), received or replayed, new)
    )
    if not in_recovery or wrong:
        return Probe(effect=Effect.UNKNOWN, sentence=wrong or f"{new} is a primary already.", facts=facts)
    sentence = f"{old} {SILENT[reach]}, and {new} has no sender; it holds everything up to {received or replayed}."
    return Probe(effect=Effect.SEEN, sentence=sentence, facts=facts)


def probe_rejoin(ground: Ground) -> Probe:
    """Does the old primary run as a standby of the same cluster? Whether it follows is the next step's."""
    old = ground.old.place
    try:
        with ground.open(ground.target) as link, ground.open(ground.old) as standby:
            _, wanted, _ = link.row(statements.IDENTITY)
            in_recovery, identifier, _ = standby.row(statements.IDENTITY)
    except Trouble as trouble:
        if trouble.reach is Reach.STARTING:
            # A standby becomes consistent, and answers, only once it has its slot: the next step makes that.
            return Probe(effect=Effect.SEEN, sentence=f"{old} starts.")
        return Probe(effect=Effect.NOT_SEEN, sentence=f"{old} is not there yet: {trouble.sentence}")
    except CredentialUnavailable as error:
        return Probe(effect=Effect.UNKNOWN, sentence=str(error))
    if identifier != wanted:
        return Probe(effect=Effect.UNKNOWN, sentence=f"{old} is a server of another cluster.")
    if not in_recovery:
        return Probe(effect=Effect.NOT_SEEN, sentence=f"{old} runs as a primary: stop it at once, two take writes.")
    return Probe(effect=Effect.SEEN, sentence=f"{old} runs as a standby.")


def switchover(ground: Ground, mark: MarkFn, stop: Mapping[str, Any]) -> dict[str, Any]:
    """Wait and promote after a stop that people attest. Raises as Mechanism.act; only people can start the old one."""
    try:
        found = moving.ready(ground)
        sync_names = settings.free_commits(found.link)
    except (StepFailed, Trouble) as error:
        raise StepFailed(f"Not moved: {error} A person must start {ground.old.place}.", writes_stopped=True) from None
    still_stopped(ground, stop)
    held = holding.reserve(ground, found.link)
    fenced = {
        **fence_facts(ground, stop),
        "timeline_before": found.timeline,
        unlogged.KEY: unlogged.of_check(ground),
    }
    mark(MarkName.FENCED, fenced)
    began = time.monotonic()
    marker = fenced[attested.MARKER]
    try:
        facts = draining.apply_all(ground, found, marker)
        if marker and facts["caught_up"] != "marker":
            raise Trouble(Reach.ERROR, f"it did not replay up to {marker} in time.")
        mark(MarkName.CAUGHT_UP, facts)
        waited = time.monotonic()
        at_most = found.furthest(marker) if marker else moving.NO_BOUND
        moving.promote(ground, found, str(facts["replayed_lsn"]), at_most)
    except (StepFailed, Trouble, moving.TargetLost, OtherHistory) as error:
        why = (
            f"{ground.target.place} was not promoted: {error} A person must start {ground.old.place} as it is on disk."
        )
        raise StepFailed(why, writes_stopped=True) from None
    mark(MarkName.PROMOTED, {"node": ground.target.node})
    return {
        **fenced,
        **facts,
        **held,
        "synchronous_standby_names_before": sync_names,
        "wait_s": round(waited - began, 4),
        "promote_s": round(time.monotonic() - waited, 4),
        **moving.after(ground),
    }


def still_stopped(ground: Ground, stop: Mapping[str, Any]) -> None:
    """Raise StepFailed where what was attested is not so any more."""
    seen = probe_stop(replace(ground, work=replace(ground.work, attested=dict(stop))))
    if seen.effect is not Effect.SEEN:
        silent = seen.effect is Effect.UNKNOWN
        raise StepFailed(f"Not moved, it is not as {stop[attested.BY]} said: {seen.sentence}", writes_stopped=silent)


def fence_facts(ground: Ground, stop: Mapping[str, Any]) -> dict[str, Any]:
    """The fence as it is: people's word."""
    marker = stop.get(attested.MARKER)
    known = {} if marker else {"completeness": INCOMPLETE.format(old=ground.old.place, new=ground.target.place)}
    return {
        "fence": "attested",
        "fence_sentence": f"That {ground.old.place} is stopped is attested by {stop[attested.BY]}, and not proven.",
        attested.MARKER: marker,
        **known,
    }


def _against(shape: Shape, marker: Any, received: str | None, new: str) -> str:
    """What speaks against the attested shutdown checkpoint; empty: nothing, or none was given."""
    wanted, have = position(marker), position(received)
    if wanted is None:
        return ""
    if have is None or have <= wanted:
        return f"{new} has received up to {received or 'nothing'}, and the shutdown checkpoint is said to be {marker}."
    if have > shape.last(str(marker)):
        return f"{new} has received up to {received}, so {marker} is no shutdown checkpoint at its end; read it again."
    return ""


def _reach(ground: Ground) -> Reach:
    try:
        with ground.open(ground.old) as link:
            link.row(statements.IN_RECOVERY)
            return Reach.OK
    except Trouble as trouble:
        return trouble.reach
    except CredentialUnavailable:
        return Reach.CREDENTIAL


def _key(ground: Ground, action: Action) -> str:
    back = "-back" if ground.work.step.key.endswith("-back") else ""
    return f"{ground.resource.name}/{action}{back}"
