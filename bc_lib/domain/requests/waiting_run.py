"""What a request waits for: votes, the phrase, what must be answered for before its start, and steps of its run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bc_lib.domain.actor import Role
from bc_lib.domain.authorization import TABLE, Verb
from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.acts import PER_TRY, RULES, accepting, agreed, newest_words, persons_needed
from bc_lib.domain.execution.derive import needs_allowance_now
from bc_lib.domain.execution.findings import Finding, blocking, fence_checks, fence_open
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.run import Run, RunAct, RunActKind, RunStep
from bc_lib.domain.execution.step_words import noun
from bc_lib.domain.requests.expiry import expired
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.domain.requests.values import Request
from bc_lib.domain.requests.votes import Vote
from bc_lib.domain.requests.waiting import Do, Wait, askers

K = RunActKind
TAKEN_UP = timedelta(seconds=30)
"""A runner acts on a decision about an unknown step within this; afterwards it has contradicted it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A request at `now`. `missing`: roles that must still approve; `acts`: decisions that count (or, for a page, that
    are stored).

    `loss`: what a start must be told to accept (empty: nothing); `blocked`: another failover ran within the block
    period; `overridable`: `<resource>/<check>` that policy lets people answer for; `senseless`: the services refuse
    every decision on it, because it makes no sense now.
    """

    now: datetime
    request: Request
    plan: Plan
    missing: frozenset[Role] = frozenset()
    votes: Sequence[Vote] = ()
    run: Run | None = None
    acts: Sequence[RunAct] = ()
    prechecks: Sequence[Finding] = ()
    overridable: frozenset[str] = frozenset()
    loss: str = ""
    blocked: bool = False
    frozen: bool = False
    senseless: bool = False


def of_request(facts: Facts) -> tuple[Wait, ...]:
    """Everything that it waits for people with, what comes first in front. None: it is over, or goes on by itself."""
    request = facts.request
    if expired(request.state, request.expires_at, facts.now) or request.state.over:
        return ()
    if facts.run is not None:
        return tuple(_steps(facts))
    return (*_decisions(facts), *_before(facts)) if request.state.waiting else ()


def _decisions(facts: Facts) -> Iterator[Wait]:
    request = facts.request
    if facts.senseless:
        return
    if request.state is State.PENDING_APPROVAL and facts.missing:
        voted = {vote.person for vote in facts.votes if vote.plan_revision == request.plan_revision}
        yield Wait(
            do=Do.APPROVE,
            verb=Verb.APPROVE,
            roles=facts.missing,
            about=request.id,
            never=askers(request, Verb.APPROVE) | voted,
            until=request.expires_at,
        )
    opens = request.window_start
    if request.state is State.APPROVED and (opens is None or facts.now >= opens):
        roles = TABLE[Verb.CONFIRM].roles
        yield Wait(do=Do.CONFIRM, verb=Verb.CONFIRM, roles=roles, about=request.id, until=request.expires_at)


def _before(facts: Facts) -> Iterator[Wait]:
    """What a start asks for beside votes and phrase, in the order in which it refuses."""
    request, failover = facts.request, facts.request.type is RequestType.FAILOVER
    found: list[Wait | None] = []
    waived = _said_enough(facts, K.WAIVE)
    accepted = accepting(facts.acts, request.plan_revision, facts.loss)
    if failover and facts.loss and not facts.senseless and accepted is None:
        found.append(_act(facts, K.CONSENT, value=facts.loss))
    if failover and facts.blocked:
        found.append(_act(facts, K.ACKNOWLEDGE))
    if failover and fence_open(facts.prechecks, facts.plan.targets):
        found.append(_act(facts, K.WAIVE))
    over = (
        {f"{target.resource}/{check}" for target in facts.plan.targets for check in fence_checks(target)}
        if waived
        else ()
    )
    for each in blocking(facts.prechecks, over):
        name = f"{each.resource}/{each.check}"
        if name in facts.overridable:
            what = f"{each.resource}: {each.sentence}" + (f" ({each.figure})" if each.figure else "")
            found.append(_act(facts, K.OVERRIDE, value=name, what=what))
    if facts.frozen and request.state is State.READY_TO_START:
        found.append(Wait(do=Do.THAW, verb=Verb.THAW, roles=TABLE[Verb.THAW].roles, about=request.id))
    yield from (each for each in found if each is not None)


def _steps(facts: Facts) -> Iterator[Wait]:
    run, request = facts.run, facts.request
    for each in run.steps if run else ():
        found = _step(facts, each)
        if found is not None:
            yield found
    failover = request.type is RequestType.FAILOVER and request.state is State.HELD
    if failover and fence_open(facts.prechecks, facts.plan.targets) and (found := _act(facts, K.WAIVE)):
        yield found


def _step(facts: Facts, each: RunStep) -> Wait | None:
    if each.state is StepState.UNKNOWN:
        return _act(facts, K.RESOLVE, each, what=_noun(facts, each))
    if each.step.action == Action.HOLD and each.state in RULES[K.END_HOLD].steps:
        return _act(facts, K.END_HOLD, each, what=_noun(facts, each))
    if each.state is not StepState.WAITING:
        return None
    if needs_allowance_now(each):
        return _act(facts, K.ALLOW, each, what=_noun(facts, each))
    found = _act(facts, K.ATTEST, each, what=_noun(facts, each))
    return replace(found, again=not each.step.manual) if found else None


def _noun(facts: Facts, each: RunStep) -> str:
    return noun(each.step, of_many=len(facts.plan.targets) > 1)


def _act(
    facts: Facts, kind: RunActKind, step: RunStep | None = None, *, value: str = "", what: str = ""
) -> Wait | None:
    """None where it counts already, or nobody can say it in this state."""
    rule, request = RULES[kind], facts.request
    words = newest_words(_words(facts, kind, step, value))
    if request.state not in rule.states or _settled(facts, kind, words):
        return None
    agree = len({act.value for act in words}) == 1
    return Wait(
        do=Do(kind.value),
        verb=rule.verb,
        roles=TABLE[rule.verb].roles,
        about=request.id,
        step=step.step.key if step else "",
        value=value,
        what=what,
        never=askers(request, rule.verb),
        said=frozenset(act.person for act in words) if agree else frozenset(),
        until=request.expires_at if request.state.waiting else None,
    )


def _settled(facts: Facts, kind: RunActKind, words: Sequence[RunAct]) -> bool:
    counts = agreed(words, persons_needed(kind, facts.request.tier))
    if counts and kind is K.RESOLVE:  # the runner looked, and it is not so
        return facts.now - max(act.at for act in counts) < TAKEN_UP
    return bool(counts)


def _said_enough(facts: Facts, kind: RunActKind) -> bool:
    return _settled(facts, kind, newest_words(_words(facts, kind)))


def _words(facts: Facts, kind: RunActKind, step: RunStep | None = None, value: str = "") -> list[RunAct]:
    """What was said about this on the current plan; where it is about one try of a step, since that try began."""
    since = step.claimed_at if step is not None and kind in PER_TRY else None
    return [
        act
        for act in facts.acts
        if act.kind is kind
        and act.step == (step.step.key if step else "")
        and act.plan_revision == facts.request.plan_revision
        and (not value or act.value == value)
        and (since is None or act.at >= since)
    ]
