"""Propose a change. Nothing changes until another administrator agrees (S2, S5)."""

from __future__ import annotations

from bc_lib.domain.changes.proposal import Proposal, ProposalState, Saying, change_statement
from bc_lib.domain.requests.policy_rules import digest
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.votes import Proof
from bc_lib.services.changes.topic import Topic
from bc_lib.services.changes.words import require_proven
from bc_lib.services.gate import Gate
from bc_lib.services.guard import Act
from bc_lib.services.requests.decide import sign


def propose(gate: Gate, act: Act, topic: Topic, base_version: int, text: str, proof: Proof | None = None) -> Proposal:
    """Store a proposal made from version `base_version`, in an act that may. Raises Denial.

    The same again, from the same person while their proposal is open, is the same proposal.
    """
    work, actor = act.work, act.actor
    if base_version != topic.newest(work):
        raise refusal("PROPOSAL_STALE", topic=topic.name.value)
    earlier = _earlier(act, topic, base_version, text)
    if earlier is not None:
        return earlier
    number = work.changes.next_number()
    statement = change_statement(
        topic.name, number, base_version, digest(text), Saying.PROPOSE, actor.issuer, actor.subject
    )
    given = proof or sign(gate, work, actor, statement)
    made = work.changes.propose(topic.name, number, base_version, text, actor, given)
    require_proven(gate, work, made, made.proposed)
    found = topic.difference(work, base_version, text)
    act.about.members = found.members
    act.record(
        f"{topic.name.value}.propose",
        ProposalState.OPEN.value,
        payload={
            "proposal": number,
            "base_version": base_version,
            "digest": made.digest,
            **found.payload,
            "changes": list(found.lines),
            "expires_at": made.expires_at.isoformat(),
            "proof": given.key_id,
        },
    )
    return made


def _earlier(act: Act, topic: Topic, version: int, text: str) -> Proposal | None:
    now = act.work.now()
    return next(
        (
            each
            for each in act.work.changes.list(topic.name, over=False)
            if each.state(now) in {ProposalState.OPEN, ProposalState.AGREED}
            and (each.proposed.person, each.base_version, each.document) == (act.person.id, version, text)
        ),
        None,
    )
