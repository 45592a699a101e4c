"""What people may decide about a run, who, and when. The database's guard of bc.run_act is made from this table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bc_lib.domain.authorization import Verb
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.run import RunAct, RunActKind
from bc_lib.domain.loss.covering import words_cover
from bc_lib.domain.requests.states import WAITING, State

UNDER_WAY = frozenset({State.RUNNING, State.HELD, State.SERVICE_RESTORED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ActRule:
    """`verb`: whose right it is. `states` of the request in which it counts; `steps`: states of the step that it names.

    Empty `steps`: the step may be left out; one that is named must be in the plan. `note`: a reason must be given.
    """

    verb: Verb
    states: frozenset[State]
    steps: frozenset[StepState] = frozenset()
    note: bool = False


K, S = RunActKind, StepState
RULES: dict[RunActKind, ActRule] = {
    K.STOP: ActRule(verb=Verb.STOP, states=frozenset({State.RUNNING, State.HELD})),
    K.RESOLVE: ActRule(verb=Verb.RESOLVE, states=UNDER_WAY, steps=frozenset({S.UNKNOWN})),
    K.ATTEST: ActRule(verb=Verb.ATTEST, states=UNDER_WAY, steps=frozenset({S.WAITING}), note=True),
    K.WAIVE: ActRule(verb=Verb.WAIVE, states=WAITING | UNDER_WAY, note=True),
    K.OVERRIDE: ActRule(verb=Verb.OVERRIDE, states=WAITING, note=True),
    K.CONSENT: ActRule(verb=Verb.START, states=WAITING),
    K.ALLOW: ActRule(verb=Verb.APPROVE, states=UNDER_WAY, steps=frozenset({S.PLANNED, S.WAITING})),
    K.END_HOLD: ActRule(verb=Verb.START, states=UNDER_WAY, steps=frozenset({S.WAITING, S.CLAIMED})),
    K.ACKNOWLEDGE: ActRule(verb=Verb.START, states=WAITING, note=True),
}
TWO_PERSONS = frozenset({K.RESOLVE, K.WAIVE, K.OVERRIDE, K.ATTEST})
# About what one try of a step did: the number of the try is signed too, so that no decision counts for another try.
PER_TRY = frozenset({K.RESOLVE, K.ATTEST, K.ALLOW})


def persons_needed(kind: RunActKind, tier: int) -> int:
    """Two on tier 1 where a decision puts a person's word in the place of evidence (SEC-008)."""
    return 2 if tier == 1 and kind in TWO_PERSONS else 1


def newest_words(acts: Sequence[RunAct]) -> list[RunAct]:
    """Each person's newest word."""
    return list({act.person: act for act in sorted(acts, key=lambda act: act.id)}.values())


def accepting(acts: Sequence[RunAct], revision: int, loss: str) -> RunAct | None:
    """The consent that covers `loss`, the newest where several do: of each person's newest word on this revision of the
    plan. None: it must still be accepted."""
    said = [act for act in acts if act.kind is K.CONSENT and act.plan_revision == revision]
    found = [act for act in newest_words(said) if words_cover(act.value, loss)]
    return max(found, key=lambda act: act.id, default=None)


def agreed(words: Sequence[RunAct], needed: int) -> tuple[RunAct, ...]:
    """The words that say the same thing, the newest first that enough different persons said; empty: there is none."""
    for value in dict.fromkeys(act.value for act in sorted(words, key=lambda act: act.id, reverse=True)):
        same = tuple(act for act in words if act.value == value)
        if len({act.person for act in same}) >= needed:
            return same
    return ()
