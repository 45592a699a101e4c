"""Looks at every signed word that was stored, once: what is not proven is told to security and counts for nothing.

A page may write rows in anybody's name; it cannot sign. The row of each word is in bc.proof by a trigger, so none is
missed, whichever program wrote it.
"""

from __future__ import annotations

from collections.abc import Sequence

from bc_lib.domain.audit import AuditEntry, Kind, system_actor
from bc_lib.domain.inventory import Environment, Inventory
from bc_lib.domain.requests.notice import RequestNotice, RequestNoticeKind
from bc_lib.domain.requests.votes import Proof, Statement
from bc_lib.domain.words import clock
from bc_lib.ports.runs import RunWork
from bc_lib.ports.words import StoredWord
from bc_lib.services.execution.said import statement_of
from bc_lib.services.gate import Gate
from bc_lib.services.passes import Pass
from bc_lib.services.requests.notices import send

WATCH = "proof watch"
AT_ONCE = 200
CALLED = {
    "vote": "a vote",
    "confirmation": "a confirmation",
    "run_act": "a decision about a run",
    "breakglass_grant": "a break-glass grant",
    "breakglass_use": "the use of a break-glass grant",
    "breakglass_review": "the review of a break-glass",
    "withdrawal": "a withdrawal",
    "freeze": "a thaw of starts",
}


def look_at_words(gate: Gate, done: Pass | None = None) -> int:
    """Verify what was stored since the last look, as bc_runner; how many carry no valid proof."""
    done = done or Pass(gate.store.read.now)
    found = gate.store.read.words.unseen(AT_ONCE)
    return sum(done.each("the proof of", found, lambda word: _look(gate, word), lambda word: f"{word.kind} {word.ref}"))


def _look(gate: Gate, word: StoredWord) -> bool:
    """True where it is not proven and this look told of it."""
    with gate.store.work() as work:
        statements, proof = _said(work, word)
        holds = any(
            gate.verifier.verify(each, proof, work.words.keys_of(each.issuer, each.subject)) for each in statements
        )
        if not work.words.looked(word, holds=holds) or holds:
            return False
        _tell(gate, work, word, statements[0].subject if statements else "nobody known")
        return True


def _said(work: RunWork, word: StoredWord) -> tuple[Sequence[Statement], Proof | None]:
    """What it must have signed; several where the number of a step's try is signed but not stored."""
    if word.request is not None and word.kind == "vote":
        vote = next((each for each in work.votes(word.request) if str(each.id) == word.ref), None)
        return ([vote.statement()], vote.proof) if vote else ([], None)
    if word.request is not None and word.kind == "run_act":
        act = next((each for each in work.acts(word.request) if str(each.id) == word.ref), None)
        if act is None:
            return [], None
        run, request = work.run(word.request), work.get(word.request)
        step = run.step(act.step) if run else None
        who = (act.issuer, act.subject)
        return [
            statement_of(request, act.plan_digest, act.kind, act.step, act.value, act.role, who, tries)
            for tries in range((step.attempts if step else 0) + 1)
        ], act.proof
    said = work.words.said(word)
    return ([said.statement], said.proof) if said else ([], None)


def _tell(gate: Gate, work: RunWork, word: StoredWord, subject: str) -> None:
    work.record(
        AuditEntry(
            kind=Kind.RECORDED,
            verb="word.unproven",
            actor=system_actor(WATCH),
            channel="job",
            request_id=word.request,
            reason_code="PROOF_INVALID",
            outcome="unproven",
            payload={"table": word.kind, "row": word.ref, "in_the_name_of": subject},
        )
    )
    resource, environment = _strictest(work.inventory())
    what = CALLED.get(word.kind, word.kind)
    about = f", about {word.request}" if word.request else ""
    now = work.now()
    notice = RequestNotice(
        kind=RequestNoticeKind.UNPROVEN,
        title=f"{what} in the name of {subject}",
        text=f"Somebody stored {what} in the name of {subject}{about}. Without a valid proof it does not count.",
        key=f"word/{word.id}/unproven",
        link="/audit",
        at=now,
        tier=1,
        environment=environment.value,
        rows=(("Stored as", f"{word.kind} {word.ref}"), ("Request", word.request or ""), ("Seen at", clock(now))),
    )
    send(gate, work, notice, None, resource=resource, security=True, routed=False)


def _strictest(inventory: Inventory) -> tuple[str, Environment]:
    """A resource whose environment security may be told about on every channel that any other one may."""
    for environment in Environment:
        found = next((each.name for each in inventory.resources if each.environment is environment), None)
        if found is not None:
            return found, environment
    return "", Environment.DEV
