"""What a second administrator says about a proposal: agree, or reject. The first word counts."""

from __future__ import annotations

from bc_lib.domain.actor import Actor
from bc_lib.domain.changes.proposal import Proposal, ProposalState, Saying, change_statement
from bc_lib.domain.names import MAX_TEXT, InvalidName, check_text
from bc_lib.domain.requests.policy_rules import InvalidDocument
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.votes import Proof
from bc_lib.services.changes.topic import Topic
from bc_lib.services.changes.words import fault_of, require_proven
from bc_lib.services.gate import Gate
from bc_lib.services.guard import Act, Subject, acting
from bc_lib.services.requests.decide import sign


def agree(
    gate: Gate, actor: Actor, topic: Topic, number: int, *, digest: str | None = None, proof: Proof | None = None
) -> Proposal:
    """Agree to a proposal of another person; the runner applies it within seconds. Raises Denial.

    `digest`: of what the administrator looked at; None: whatever the proposal says (it never changes).
    """
    with acting(gate, actor, topic.verb, Subject()) as act:
        proposal, named = _waiting(act, topic, number), {"topic": topic.name.value, "proposal": number}
        if digest is not None and digest != proposal.digest:
            raise refusal("PROPOSAL_DIGEST", **named)
        if proposal.proposed.person == act.person.id:
            raise refusal("PROPOSER_EXCLUDED", **named)
        if proposal.base_version != topic.newest(act.work):
            raise refusal("PROPOSAL_STALE", **named)
        found = fault_of(gate, act.work, topic, proposal)
        if found is not None:  # the runner ends it within seconds, and tells security of a forgery
            raise refusal("PROPOSAL_VOID", why=found.why, **named)
        return _say(gate, act, topic, proposal, Saying.AGREE, "", proof)


def reject(gate: Gate, actor: Actor, topic: Topic, number: int, reason: str, *, proof: Proof | None = None) -> Proposal:
    """End a proposal; its proposer may do so too. Raises Denial."""
    with acting(gate, actor, topic.verb, Subject()) as act:
        try:
            check_text("reason", reason)
        except InvalidName as error:
            raise refusal("TEXT_INVALID", field="reason", most=MAX_TEXT) from error
        return _say(gate, act, topic, _waiting(act, topic, number), Saying.REJECT, reason, proof)


def _waiting(act: Act, topic: Topic, number: int) -> Proposal:
    """The proposal, while nobody has decided. The database's guard looks again when the word is written."""
    act.about.details["proposal"] = number
    proposal = act.work.changes.get(topic.name, number)
    if proposal.state(act.work.now()) is not ProposalState.OPEN:
        raise refusal("PROPOSAL_OVER", topic=topic.name.value, proposal=number)
    return proposal


def _say(
    gate: Gate, act: Act, topic: Topic, proposal: Proposal, saying: Saying, reason: str, proof: Proof | None
) -> Proposal:
    actor, work = act.actor, act.work
    statement = change_statement(
        proposal.topic, proposal.id, proposal.base_version, proposal.digest, saying, actor.issuer, actor.subject
    )
    given = proof or sign(gate, work, actor, statement)
    after = work.changes.decide(proposal, actor, saying, reason, given)
    if after.decided is not None:
        require_proven(gate, work, after, after.decided)
    act.record(
        f"{topic.name.value}.{saying.value}",
        after.state(work.now()).value,
        payload={
            "proposal": proposal.id,
            "base_version": proposal.base_version,
            "digest": proposal.digest,
            "proposed_by": proposal.proposed.name,
            "reason": reason,
            "proof": given.key_id,
            **_wanted(act, topic, proposal),
        },
    )
    return after


def _wanted(act: Act, topic: Topic, proposal: Proposal) -> dict[str, object]:
    """What the word is about. What cannot be read can still be rejected."""
    try:
        found = topic.difference(act.work, proposal.base_version, proposal.document)
    except InvalidDocument:
        return {}
    act.about.members = found.members
    return {**found.payload, "changes": list(found.lines)}
