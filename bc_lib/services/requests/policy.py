"""The approval policy as people read it (FR-031)."""

from __future__ import annotations

from typing import Any

from bc_lib.domain.requests.policy import Policy, Rule
from bc_lib.services.gate import Gate


def show_policy(gate: Gate) -> Policy:
    """The newest rules, in order; the first that covers a request decides."""
    return gate.store.read.policy()


def policy_json(policy: Policy) -> dict[str, Any]:
    """schema_version 1. An empty selection means all; times are seconds."""
    return {"schema_version": 1, "version": policy.version, "rules": [_rule(rule) for rule in policy.rules]}


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "position": rule.position,
        "name": rule.name,
        "tiers": list(rule.tiers),
        "types": [each.value for each in rule.types],
        "environments": [each.value for each in rule.environments],
        "needs": [{"role": need.role.value, "count": need.count} for need in rule.needs],
        "ticket_required": rule.ticket_required,
        "ticket_pattern": rule.ticket_pattern,
        "pending_s": rule.pending_s,
        "approved_s": rule.approved_s,
        "ready_s": rule.ready_s,
        "in_blackout": rule.in_blackout.value,
    }
