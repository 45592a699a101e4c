"""Propose another approval policy. Nothing changes until another administrator agrees (S2, S5)."""

from __future__ import annotations

from collections.abc import Sequence

from bc_lib.domain.actor import Actor
from bc_lib.domain.authorization import Verb
from bc_lib.domain.requests.policy import Policy, Rule
from bc_lib.domain.requests.policy_change import Proposal, ProposalState, Saying, change_statement, changes
from bc_lib.domain.requests.policy_rules import digest, document, plain, problems
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.votes import Proof
from bc_lib.ports.requests import RequestWork
from bc_lib.services.gate import Gate
from bc_lib.services.guard import Subject, acting
from bc_lib.services.policy.plan import change_lines
from bc_lib.services.policy.words import require_proven
from bc_lib.services.requests.decide import sign


def propose_policy(
    gate: Gate, actor: Actor, rules: Sequence[Rule], *, base_version: int | None = None, proof: Proof | None = None
) -> Proposal:
    """Store a proposal made from version `base_version` (None: the newest). Raises Denial.

    The same rules again, from the same person while their proposal is open, are the same proposal.
    """
    with acting(gate, actor, Verb.CHANGE_POLICY, Subject()) as act:
        work, policy = act.work, act.work.policy()
        _check(policy, rules, base_version)
        text = document(rules)
        earlier = _earlier(work, act.person.id, policy.version, text)
        if earlier is not None:
            return earlier
        number = work.policy_changes.next_number()
        statement = change_statement(number, policy.version, digest(text), Saying.PROPOSE, actor.issuer, actor.subject)
        given = proof or sign(gate, actor, statement)
        made = work.policy_changes.propose(number, policy.version, text, actor, given)
        require_proven(gate, work, made, made.proposed)
        act.record(
            "policy.propose",
            ProposalState.OPEN.value,
            payload={
                "proposal": number,
                "base_version": policy.version,
                "digest": made.digest,
                "before": [plain(rule) for rule in policy.rules],
                "after": [plain(rule) for rule in rules],
                "changes": change_lines(changes(policy.rules, rules)),
                "expires_at": made.expires_at.isoformat(),
                "proof": given.key_id,
            },
        )
        return made


def _check(policy: Policy, rules: Sequence[Rule], base_version: int | None) -> None:
    if base_version is not None and base_version != policy.version:
        raise refusal("POLICY_STALE")
    found = problems(rules)
    if found:
        raise refusal("POLICY_UNSAFE", trouble=found[0].text)
    if not changes(policy.rules, rules):
        raise refusal("POLICY_SAME")


def _earlier(work: RequestWork, person: int, version: int, text: str) -> Proposal | None:
    now = work.now()
    return next(
        (
            each
            for each in work.policy_changes.list(over=False)
            if each.state(now) in {ProposalState.OPEN, ProposalState.AGREED}
            and (each.proposed.person, each.base_version, each.document) == (person, version, text)
        ),
        None,
    )
