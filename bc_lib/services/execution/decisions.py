"""One decision of a person about a run: signed, stored, audited. It moves nothing; the runner reads and verifies it."""

from __future__ import annotations

from collections.abc import Callable

from bc_lib.domain.actor import Actor, Role
from bc_lib.domain.authorization import TABLE
from bc_lib.domain.execution.acts import RULES, persons_needed
from bc_lib.domain.execution.run import RunAct, RunActKind
from bc_lib.domain.names import MAX_TEXT, InvalidName, check_text
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.values import Request
from bc_lib.domain.requests.votes import Proof
from bc_lib.ports.runs import RunWork
from bc_lib.services.execution.said import statement_of, valid
from bc_lib.services.gate import Gate
from bc_lib.services.requests.decide import sign
from bc_lib.services.requests.opened import Opened, must_be, opened

Check = Callable[[RunWork, Request, Plan], None]


def one_of(value: str, *values: str) -> Check:
    """Raises Denial DECISION_UNKNOWN for any other word."""

    def check(*_: object) -> None:
        if value not in values:
            raise refusal("DECISION_UNKNOWN", value=ascii(value[:40]), values=", ".join(values))

    return check


def decide(
    gate: Gate,
    actor: Actor,
    request_id: str,
    kind: RunActKind,
    *,
    step: str = "",
    value: str = "",
    note: str = "",
    revision: int | None = None,
    proof: Proof | None = None,
    check: Check | None = None,
) -> RunAct:
    """Record it. Raises Denial. `revision`: the plan revision that was looked at; `proof`: from the sign-on, if any;
    `check`: raises Denial where the value is none."""
    rule = RULES[kind]
    with opened(gate, actor, rule.verb, request_id, revision) as each:
        work, request = each.act.work, each.request
        each.act.about.details |= {"what": kind.value, "step": step[:200], "value": value[:200]}
        must_be(request, *sorted(rule.states))
        if check is not None:
            check(work, request, each.plan.plan)
        said = _note(note, wanted=rule.note)
        tries = _step(work, request, kind, step)
        _once(gate, each, kind, step, value)
        role = next(role for role in Role if role in each.act.roles & TABLE[rule.verb].roles)
        who = (actor.issuer, actor.subject)
        statement = statement_of(request, each.plan.digest, kind, step, value, role.value, who, tries)
        given = proof or sign(gate, work, actor, statement)
        act = work.add_act(request, actor, kind, step, value, said, role.value, given)
        if not gate.verifier.verify(statement, given, work.keys(request.id)):
            raise refusal("PROOF_UNAVAILABLE", why="the signature is not one of your current key.")
        _record(gate, each, act)
        return act


def _once(gate: Gate, each: Opened, kind: RunActKind, step: str, value: str) -> None:
    """Whoever has said it and still says it says nothing new. Raises Denial; another word is a change of mind."""
    mine = [act for act in valid(gate, each.act.work, each.request, kind, step) if act.person == each.act.person.id]
    if kind is RunActKind.OVERRIDE:
        mine = [act for act in mine if act.value == value]
    if mine and mine[-1].value == value:
        raise refusal("ALREADY_SAID", request=each.request.id)


def _note(note: str, *, wanted: bool) -> str:
    said = note.strip()
    try:
        if (wanted or said) and len(check_text("note", said)) > MAX_TEXT:
            raise InvalidName("note")
    except InvalidName as error:
        raise refusal("TEXT_INVALID", field="note", most=MAX_TEXT) from error
    return said


def _step(work: RunWork, request: Request, kind: RunActKind, step: str) -> int:
    """How often the step was tried. Raises Denial where there is nothing to decide about it."""
    wanted = RULES[kind].steps
    if not step and not wanted:
        return 0
    if step not in {each.key for each in work.plan(request.id).plan.steps}:
        raise refusal("UNKNOWN_STEP", request=request.id, step=ascii(step[:200]))
    run = work.run(request.id)
    found = run.step(step) if run is not None else None
    if wanted and (found is None or found.state not in wanted):
        state = found.state.value if found else "planned"
        raise refusal("STEP_NOT_WAITING", request=request.id, step=step, state=state)
    return found.attempts if found is not None else 0


def _record(gate: Gate, each: Opened, act: RunAct) -> None:
    same = {
        one.person for one in valid(gate, each.act.work, each.request, act.kind, act.step) if one.value == act.value
    }
    each.act.record(
        f"request.{act.kind.value}",
        "recorded",
        payload={
            "step": act.step,
            "value": act.value,
            "note": act.note,
            "role": act.role,
            "revision": act.plan_revision,
            "plan_digest": act.plan_digest,
            "proof": act.proof.key_id if act.proof else None,
            "persons": len(same),
            "persons_needed": persons_needed(act.kind, each.request.tier),
        },
    )
