"""What a second administrator says about a proposal: agree, or reject. The first word counts."""

from __future__ import annotations

from bc_lib.domain.actor import Actor
from bc_lib.domain.authorization import Verb
from bc_lib.domain.names import MAX_TEXT, InvalidName, check_text
from bc_lib.domain.requests.policy_change import Proposal, ProposalState, Saying, change_statement, changes, fault
from bc_lib.domain.requests.policy_rules import InvalidDocument, plain
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.votes import Proof
from bc_lib.services.gate import Gate
from bc_lib.services.guard import Act, Subject, acting
from bc_lib.services.policy.plan import change_lines
from bc_lib.services.policy.words import proven, require_proven
from bc_lib.services.requests.decide import sign


def agree_policy(
    gate: Gate, actor: Actor, number: int, *, digest: str | None = None, proof: Proof | None = None
) -> Proposal:
    """Agree to a proposal of another person; the runner applies it within seconds. Raises Denial.

    `digest`: of the rules that the administrator looked at; None: whatever the proposal says (it never changes).
    """
    with acting(gate, actor, Verb.CHANGE_POLICY, Subject()) as act:
        proposal = _waiting(act, number)
        if digest is not None and digest != proposal.digest:
            raise refusal("POLICY_DIGEST", proposal=number)
        if proposal.proposed.person == act.person.id:
            raise refusal("PROPOSER_EXCLUDED", proposal=number)
        if proposal.base_version != act.work.policy().version:
            raise refusal("POLICY_STALE")
        found = fault(proposal, proposal.base_version, proven(gate, act.work, proposal))
        if found is not None:  # the runner ends it within seconds, and tells security of a forgery
            raise refusal("POLICY_VOID", proposal=number, why=found.why)
        return _say(gate, act, proposal, Saying.AGREE, "", proof)


def reject_policy(gate: Gate, actor: Actor, number: int, reason: str, *, proof: Proof | None = None) -> Proposal:
    """End a proposal; its proposer may do so too. Raises Denial."""
    with acting(gate, actor, Verb.CHANGE_POLICY, Subject()) as act:
        try:
            check_text("reason", reason)
        except InvalidName as error:
            raise refusal("TEXT_INVALID", field="reason", most=MAX_TEXT) from error
        return _say(gate, act, _waiting(act, number), Saying.REJECT, reason, proof)


def _waiting(act: Act, number: int) -> Proposal:
    """The proposal, while nobody has decided. The database's guard looks again when the word is written."""
    act.about.details["proposal"] = number
    proposal = act.work.policy_changes.get(number)
    if proposal.state(act.work.now()) is not ProposalState.OPEN:
        raise refusal("PROPOSAL_OVER", proposal=number)
    return proposal


def _say(gate: Gate, act: Act, proposal: Proposal, saying: Saying, reason: str, proof: Proof | None) -> Proposal:
    actor, work = act.actor, act.work
    statement = change_statement(
        proposal.id, proposal.base_version, proposal.digest, saying, actor.issuer, actor.subject
    )
    given = proof or sign(gate, actor, statement)
    after = work.policy_changes.decide(proposal, actor, saying, reason, given)
    if after.decided is not None:
        require_proven(gate, work, after, after.decided)
    act.record(
        f"policy.{saying.value}",
        after.state(work.now()).value,
        payload={
            "proposal": proposal.id,
            "base_version": proposal.base_version,
            "digest": proposal.digest,
            "proposed_by": proposal.proposed.name,
            "reason": reason,
            "proof": given.key_id,
            **_wanted(act, proposal),
        },
    )
    return after


def _wanted(act: Act, proposal: Proposal) -> dict[str, object]:
    """What the word is about. A rule set that cannot be read can still be rejected."""
    try:
        wanted = proposal.rules()
    except InvalidDocument:
        return {}
    before = act.work.policy_changes.version(proposal.base_version)
    return {"changes": change_lines(changes(before.rules, wanted)), "after": [plain(rule) for rule in wanted]}
