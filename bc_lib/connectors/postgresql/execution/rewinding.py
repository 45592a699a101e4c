"""PRESERVE and REWIND: the diverged old primary is copied aside before anything is thrown away (decision 15)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

from bc_lib.connectors.postgresql.execution import holding, orders, protecting
from bc_lib.connectors.postgresql.execution.ground import Ground
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.execution.actions import Action, MarkName
from bc_lib.domain.execution.derive import ALLOW_AGAIN
from bc_lib.domain.execution.writers import BESIDE, NODE, SINCE, UNTIL
from bc_lib.ports.host_control import Done, HostState, HostVerb
from bc_lib.ports.mechanism import MarkFn, StepFailed, StepPaused

CHECKPOINT_S = 300.0
COPIED = "copied"
REFUSED = "rewind_refused"
# What pg_rewind leaves, and a standby.
REWOUND = frozenset({"in archive recovery", "shut down in recovery"})


def preserve(ground: Ground, mark: MarkFn) -> dict[str, Any]:
    """A copy of the stopped old primary's data folder. Raises as Mechanism.act; StepPaused while its host is away."""
    back = _back(ground)
    _stopped(ground)
    if back:
        _tell(ground, mark, None)
    done = orders.order(ground, ground.old, HostVerb.PRESERVE, within_s=ground.left_s())
    return {"preserved": list(done.state.preserved), **_details(done), COPIED: _copied(done.state)}


def rewind(ground: Ground, mark: MarkFn) -> dict[str, Any]:
    """Throw away what the old primary wrote after the fork, and let it follow. Raises as Mechanism.act.

    Only what is in the copy, and was allowed: where the server has run since it was copied, it is copied again and the
    allowance is asked for anew.
    """
    if ground.work.known.get(REFUSED) and _follows(ground):
        return {"rewind": {}, **protecting.reprotect(ground)}
    state = _stopped(ground)
    copied = ground.work.known.get(COPIED) or _first_copy(ground)
    if _own(state) and _differs(copied, state):
        _copy_again(ground, mark, state, copied)
    try:
        with ground.open(ground.target) as primary:
            # Before the checkpoint: where none could be made before the promotion, it could remove what is needed.
            holding.hold(ground, primary)
            # Before 16 pg_rewind reads the fork from the control file, which a checkpoint alone brings up to date.
            primary.rows("CHECKPOINT", within_s=min(CHECKPOINT_S, max(0.5, ground.left_s())))
    except Trouble as trouble:
        raise StepFailed(f"{ground.old.place} was not rewound: {trouble.sentence}") from None
    # One that ran meanwhile is rewound anew, whatever was done to it before: under a name of its own.
    turn = _turn(copied) if COPIED in ground.work.known else ""
    try:
        done = orders.order(
            ground, ground.old, HostVerb.REWIND, within_s=ground.left_s(), peer=ground.target, turn=turn
        )
    except orders.NotToBeHad as error:
        _left_to_people(ground, str(error))
    return {"rewind": _details(done), **protecting.reprotect(ground)}


def _left_to_people(ground: Ground, why: str) -> NoReturn:
    """Nothing more is done to it by itself: somebody may be building it anew. What its control file says by now is of
    the host's own doing, not of a second primary's."""
    old, new = ground.old.place, ground.target.place
    state, _ = ground.host_state(ground.old.node)
    facts: dict[str, Any] = {REFUSED: True, ALLOW_AGAIN: True}
    if state is not None:
        facts[COPIED] = _copied(state)
    raise StepFailed(
        f"{why.rstrip('.')}. Build {old} anew by hand: a base backup of {new} into an empty data folder (the old one "
        f"is copied aside), started as its standby; once it streams from {new} the run goes on by itself. Or an "
        "approver allows another try of the rewind.",
        facts=facts,
    )


def _copy_again(ground: Ground, mark: MarkFn, state: HostState, copied: Mapping[str, Any]) -> NoReturn:
    now = _copied(state)
    done = orders.order(ground, ground.old, HostVerb.PRESERVE, within_s=ground.left_s(), turn=_turn(now))
    seen = ground.work.marks.get(MarkName.TWO_WRITERS, {})
    if not seen or seen.get(UNTIL):
        _tell(ground, mark, copied.get("at"))
    raise StepFailed(
        f"{ground.old.place} has run since it was copied, as a second primary, and may hold writes of its own: it was "
        "copied again, and an approver must allow once more that it is rewound.",
        facts={COPIED: now, "preserved": list(done.state.preserved), ALLOW_AGAIN: True},
    )


def _tell(ground: Ground, mark: MarkFn, since: Any) -> None:
    """An episode that is over, with its bounds."""
    facts = {NODE: ground.old.place, BESIDE: ground.target.place, UNTIL: datetime.now(UTC).isoformat()}
    mark(MarkName.TWO_WRITERS, facts | ({SINCE: str(since)} if since else {}))


def _copied(state: HostState) -> dict[str, Any]:
    """What the control file of a stopped server says: it changes whenever the server is started."""
    return {
        "checkpoint_lsn": state.checkpoint_lsn,
        "cluster_state": state.cluster_state,
        "timeline": state.timeline,
        "changed": state.changed,
        "at": datetime.now(UTC).isoformat(),
    }


def _differs(copied: Mapping[str, Any], state: HostState) -> bool:
    """Also where it is not known what was copied: then nothing is thrown away either."""
    now = _copied(state)
    return any(copied.get(name) != now[name] or now[name] is None for name in ("checkpoint_lsn", "cluster_state")) or (
        copied.get("timeline"),
        copied.get("changed"),
    ) != (now["timeline"], now["changed"])


def _own(state: HostState) -> bool:
    """What is on its disk is of a primary: neither rewound already, which makes it one in recovery, nor a standby."""
    return state.standby_on_disk is not True and state.cluster_state not in REWOUND


def _first_copy(ground: Ground) -> Mapping[str, Any]:
    facts = ground.work.earlier.get(f"{ground.resource.name}/{Action.PRESERVE}", {})
    found: Mapping[str, Any] = facts.get(COPIED, {})
    return found


def _turn(copied: Mapping[str, Any]) -> str:
    return f"~{copied.get('checkpoint_lsn')}~{copied.get('cluster_state')}".replace(" ", "-")


def _details(done: Done) -> dict[str, str]:
    return {name: str(value) for name, value in done.details.items()}


def _follows(ground: Ground) -> bool:
    """Whether somebody has built and started it as a standby meanwhile."""
    state, _ = ground.host_state(ground.old.node)
    return state is not None and state.running is True and state.standby_on_disk is True


def _back(ground: Ground) -> bool:
    """Whether the old primary has come back as one since its fence."""
    state, _ = ground.host_state(ground.old.node)
    return state is not None and state.running is True and state.standby_on_disk is False


def _stopped(ground: Ground) -> HostState:
    """The old primary is down, or is stopped now: it may have come back meanwhile, and then its fence is owed."""
    try:
        state = orders.stop(ground, ground.old, within_s=min(60.0, ground.left_s()))
    except orders.NoHost as error:
        raise StepPaused(f"Waiting for the host of {ground.old.place}: {error}") from None
    if not orders.stopped(state):
        raise StepFailed(f"The host of {ground.old.place} cannot say whether the server there is stopped.")
    return state
