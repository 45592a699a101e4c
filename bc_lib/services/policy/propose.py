"""Propose another approval policy. Nothing changes until another administrator agrees (S2, S5)."""

from __future__ import annotations

from collections.abc import Sequence

from bc_lib.domain.actor import Actor
from bc_lib.domain.changes.proposal import Proposal
from bc_lib.domain.requests.policy import Rule
from bc_lib.domain.requests.policy_change import changes
from bc_lib.domain.requests.policy_rules import document, problems
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.votes import Proof
from bc_lib.services.changes.propose import propose
from bc_lib.services.gate import Gate
from bc_lib.services.guard import Subject, acting
from bc_lib.services.policy.topic import POLICY


def propose_policy(
    gate: Gate, actor: Actor, rules: Sequence[Rule], *, base_version: int | None = None, proof: Proof | None = None
) -> Proposal:
    """Store a proposal made from version `base_version` (None: the newest). Raises Denial."""
    with acting(gate, actor, POLICY.verb, Subject()) as act:
        policy = act.work.policy()
        base = policy.version if base_version is None else base_version
        if base != policy.version:
            raise refusal("PROPOSAL_STALE", topic=POLICY.name.value)
        found = problems(rules)
        if found:
            raise refusal("POLICY_UNSAFE", trouble=found[0].text)
        if not changes(policy.rules, rules):
            raise refusal("PROPOSAL_SAME", topic=POLICY.name.value)
        return propose(gate, act, POLICY, base, document(rules), proof)
