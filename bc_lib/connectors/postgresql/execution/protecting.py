"""REPROTECT: the old primary back as standby, on the new timeline, proven from both ends."""

from __future__ import annotations

import time
from typing import Any

from bc_lib.connectors.postgresql.execution import by_hand, holding, orders, settings, statements, synchronous
from bc_lib.connectors.postgresql.execution.ground import Ground
from bc_lib.connectors.postgresql.execution.link import Link, conninfo_for
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.derive import SYNCHRONOUS_OWED
from bc_lib.domain.inventory import Endpoint
from bc_lib.ports.host_control import HostVerb
from bc_lib.ports.mechanism import CredentialUnavailable, StepFailed, StepPaused

START_S, STREAM_S, DIVERGED_S = 120.0, 60.0, 8.0
POLL_S = 0.02


def reprotect(ground: Ground) -> dict[str, Any]:
    """Start the stopped old primary as standby and wait until it streams. Raises as Mechanism.act."""
    try:
        with ground.open(ground.target) as primary:
            slot, trouble = holding.hold(ground, primary)
            if not by_hand.planned(ground, Action.REJOIN):  # else a person has started it
                orders.now(
                    ground,
                    ground.old,
                    HostVerb.START_AS_STANDBY,
                    lambda state: orders.runs(state) and state.standby_on_disk is not False,
                    within_s=min(START_S, ground.left_s()),
                    peer=ground.target,
                )
            return holding.noted({"slot_made_first": slot, **follow(ground, primary)}, slot=trouble)
    except orders.NoHost as error:
        raise StepPaused(f"Waiting for the host of {ground.old.place}: {error}") from None
    except Trouble as error:
        raise StepFailed(f"{ground.old.place} could not be made the standby: {error.sentence}") from None


def follow_up(ground: Ground) -> dict[str, Any]:
    """What comes with a standby that streams already. Never raises for trouble with a target: that is a fact."""
    try:
        with ground.open(ground.target) as primary:
            return follow(ground, primary)
    except StepFailed as error:
        return holding.noted(dict(error.facts), follow_up=str(error))
    except (Trouble, CredentialUnavailable) as error:
        return holding.noted({}, follow_up=str(error))


def follow(ground: Ground, primary: Link) -> dict[str, Any]:
    """Wait until the started standby streams, then what comes with it. Raises Trouble, StepFailed; the latter also
    while synchronous replication is owed."""
    began = time.monotonic()
    _, _, _, timeline, _ = primary.row(statements.PRIMARY_NOW)
    standby = wait_streaming(ground, ground.old, primary, int(timeline))
    facts: dict[str, Any] = {"streaming_s": round(time.monotonic() - began, 3), "timeline": timeline, **standby}
    facts = holding.noted(
        facts,
        leftover_slot=_drop_own_slot(ground, primary, str(standby["slot"])),
        own_slot=holding.let_go(ground, primary),
    )
    moved = [_repoint(ground, primary, other) for other in ground.others]
    facts |= {"others": moved} if moved else {}
    # Last: what others follow for counts towards it.
    facts |= synchronous.restore(ground, primary, str(standby["application_name"]))
    if facts[SYNCHRONOUS_OWED]:
        raise StepFailed(facts[SYNCHRONOUS_OWED], facts=facts)
    return facts


class Stuck:
    """Recognises a standby that has diverged: its receiver ends and begins again on an older timeline, for ever, and
    nothing is replayed. There is no error to see anywhere but in the server's log."""

    def __init__(self, timeline: int) -> None:
        self.timeline = timeline
        self.replayed: str | None = None
        self.since = time.monotonic()
        self.waited = False

    def diverged(self, status: str | None, timeline: int | None, replayed: str | None) -> bool:
        """True when it has been like that for DIVERGED_S."""
        if replayed != self.replayed or (timeline is not None and timeline >= self.timeline):
            self.replayed, self.since, self.waited = replayed, time.monotonic(), False
        self.waited = self.waited or status == "waiting"
        return self.waited and time.monotonic() - self.since > DIVERGED_S


def wait_streaming(ground: Ground, endpoint: Endpoint, primary: Link, timeline: int) -> dict[str, Any]:
    """Until `endpoint` is a standby that streams `timeline`. Raises StepFailed, saying where it has diverged."""
    until = time.monotonic() + min(STREAM_S, ground.left_s())
    stuck = Stuck(timeline)
    last = "it does not answer yet"
    made_slot = False
    while time.monotonic() < until:
        try:
            with ground.open(endpoint) as link:
                while time.monotonic() < until:
                    in_recovery, status, tli, replayed, slot, cluster = link.row(statements.RECEIVER)
                    if not in_recovery:
                        raise StepFailed(f"{endpoint.place} came back as a primary: stop it at once, two take writes.")
                    if slot and not made_slot:
                        holding.try_slot(primary, slot)
                        made_slot = True
                    if status == "streaming" and tli == timeline:
                        name = _sender_sees(primary, slot, (cluster, endpoint.node))
                        if name is not None:
                            return {"node": endpoint.node, "application_name": name, "slot": slot or ""}
                    if stuck.diverged(status, tli, replayed):
                        raise StepFailed(
                            f"{endpoint.place} has diverged from {primary.endpoint.place} and waits for ever; it "
                            "needs a rewind, after its data is preserved."
                        )
                    last = f"its receiver is {status or 'not there'} on timeline {tli or 'unknown'}"
                    time.sleep(POLL_S)
        except Trouble as trouble:
            last = trouble.sentence
            time.sleep(POLL_S * 5)
    raise StepFailed(f"{endpoint.place} does not stream timeline {timeline} of {primary.endpoint.place}: {last}.")


def _sender_sees(primary: Link, slot: str, wanted: tuple[str, ...]) -> str | None:
    """The name under which the primary sees it streaming; None while it does not."""
    rows = [(str(name), used) for name, state, used in primary.rows(statements.SEND_STATE) if state == "streaming"]
    if slot:
        return next((name for name, used in rows if used == slot), None)
    names = [name for name, _ in rows]
    return next((name for name in names if name in wanted), names[0] if len(names) == 1 else None)


def _drop_own_slot(ground: Ground, primary: Link, its_slot: str) -> str:
    """The standby's leftover slot for the new primary would keep WAL there for ever. What went wrong, or nothing."""
    try:
        (_, slot) = primary.row(statements.CONNINFO)
        if slot and slot != its_slot:
            with ground.open(ground.old) as standby:
                standby.rows(statements.DROP_SLOT, slot)
    except Trouble as trouble:
        return trouble.sentence
    return ""


def _repoint(ground: Ground, primary: Link, endpoint: Endpoint) -> dict[str, Any]:
    """Another standby follows the new primary: over SQL alone. Its trouble does not undo what is protected."""
    try:
        with ground.open(endpoint) as link:
            conninfo, slot = link.row(statements.CONNINFO)
            if slot:
                holding.make_slot(primary, slot)
            target = ground.target
            wanted = conninfo_for(str(conninfo), str(target.host), int(target.port or 0))
            if wanted != conninfo:
                settings.alter(link, settings.CONNINFO, wanted)
        _, _, _, timeline, _ = primary.row(statements.PRIMARY_NOW)
        wait_streaming(ground, endpoint, primary, int(timeline))
    except (Trouble, StepFailed) as error:
        return {"node": endpoint.node, "follows": False, "sentence": str(error)}
    return {"node": endpoint.node, "follows": True}
