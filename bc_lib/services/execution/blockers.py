"""Everything that would stand against a move, before anybody asks for it: nothing is stored, no request is made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bc_lib.domain.actor import Actor
from bc_lib.domain.authorization import Verb
from bc_lib.domain.denial import Denial
from bc_lib.domain.execution.actions import DrillKind
from bc_lib.domain.execution.findings import Finding, Severity, blocking, fence_open, told
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.words import count, duration
from bc_lib.ports.runs import CheckAsked, RunReader
from bc_lib.services.execution.against import frozen_denial
from bc_lib.services.execution.parts import BLOCK_S, Execution
from bc_lib.services.execution.prechecks import look
from bc_lib.services.gate import Gate
from bc_lib.services.guard import Subject, acting
from bc_lib.services.passes import Pass
from bc_lib.services.requests.asking import prospect
from bc_lib.services.requests.blacked_out import in_blackout
from bc_lib.services.requests.rivals import denial_of

NOBODY = "r-0"
NOTHING = "Nothing stands against it now."


def looked_words(found: Sequence[Finding]) -> str:
    """`12 checks, 11 well`."""
    return f"{count(len(found), 'check')}, {sum(each.severity is Severity.OK for each in found)} well"


def stands_words(against: Sequence[str]) -> str:
    """The heading of the list; the whole answer where it is empty."""
    return f"What stands against it ({len(against)}):" if against else NOTHING


def warned(found: Sequence[Finding]) -> list[str]:
    """What was found that does not stand against it and should be known."""
    return [f"{each.resource}: {each.sentence}" for each in found if each.severity is Severity.WARN]


def ask_check(gate: Gate, actor: Actor, asked: CheckAsked) -> None:
    """Let the runner look at both sites for somebody who may ask for such a move. Raises Denial."""
    with acting(gate, actor, Verb.CREATE, Subject(system=asked.scope.name)) as act:
        act.work.ask_check(asked)


def answer_checks(ex: Execution, done: Pass | None = None) -> int:
    """Look at both sites for everybody who asked; how many. For a job."""
    read = ex.gate.store.read
    done = done or Pass(read.now)
    asked = {f"{each.kind} of {each.scope.name} to {each.target_site}": each for each in read.checks_asked()}
    return sum(done.each("the checks of a", list(asked), lambda name: _answer(ex, asked[name])))


def _answer(ex: Execution, asked: CheckAsked) -> bool:
    try:
        drill = DrillKind(asked.drill) if asked.drill else None
        plan = prospect(ex.gate, asked.kind, asked.scope, asked.target_site, drill).plan
        found, against = blockers(ex, plan)
    except Denial as denial:
        found, against = (), (denial.sentence,)
    with ex.gate.store.work() as work:
        work.answer_check(asked, found, against)
    return True


def known_against(read: RunReader, plan: Plan) -> tuple[str, ...]:
    """What is known to stand against it without a look at the sites."""
    return tuple(_ours(read, plan, None))


def blockers(ex: Execution, plan: Plan) -> tuple[Sequence[Finding], tuple[str, ...]]:
    """What both sites say now, read-only, and every sentence that stands against a start; all of them, not the first.

    Never raises for trouble with a target: that is a finding.
    """
    found = look(ex, NOBODY, plan)
    return found, (*(told((each,)) for each in blocking(found)), *_ours(ex.gate.store.read, plan, found))


def _ours(read: RunReader, plan: Plan, found: Sequence[Finding] | None) -> Iterator[str]:
    """What does not lie with the two sites. `found` None: nobody looked there."""
    names = [target.resource for target in plan.targets]
    open_one, frozen = read.open_request(names), read.frozen()
    if open_one is not None:
        yield denial_of(open_one).sentence
    denial, _ = in_blackout(read, read.policy(), plan)
    if denial is not None:
        yield denial.sentence
    if frozen is not None:
        yield frozen_denial(frozen).sentence
    if plan.type is not RequestType.FAILOVER:
        return
    for target in plan.targets:
        if found is not None and fence_open(found, (target,)):
            yield refusal("FENCE_UNPROVEN", resource=target.resource, site=target.old).sentence
    now = read.now()
    recent = [now - each.started_at for each in read.past(names) if each.type == RequestType.FAILOVER]
    ago = min((each.total_seconds() for each in recent), default=BLOCK_S)
    if ago < BLOCK_S:
        yield (
            f"It failed over {duration(ago)} ago: another failover within {duration(BLOCK_S)} needs an acknowledgement "
            "with a reason."
        )
