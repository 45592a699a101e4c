"""Writes rules as the file that reads back as exactly these rules, for a person to change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from bc_lib.domain.requests.policy import Rule
from bc_lib.integrations.inventory_file.units import written
from bc_lib.integrations.policy_file.reader import SCHEMA_VERSION

HEAD = "# The first rule that covers a request decides. What is left out of tiers, types or environments means all.\n"


def to_yaml(rules: Sequence[Rule]) -> str:
    """The text of a policy file."""
    said = {"schema_version": SCHEMA_VERSION, "rules": [_rule(rule) for rule in rules]}
    return HEAD + yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=120, default_flow_style=None)


def _rule(rule: Rule) -> dict[str, Any]:
    ticket: dict[str, Any] = {"required": rule.ticket_required}
    if rule.ticket_pattern is not None:
        ticket["pattern"] = rule.ticket_pattern
    chosen = {
        "tiers": list(rule.tiers),
        "types": [each.value for each in rule.types],
        "environments": [each.value for each in rule.environments],
    }
    return {
        "name": rule.name,
        **{name: values for name, values in chosen.items() if values},
        "needs": {need.role.value: need.count for need in rule.needs},
        "ticket": ticket,
        "approve_within": written(rule.pending_s),
        "confirm_within": written(rule.approved_s),
        "start_within": written(rule.ready_s),
        "in_blackout": rule.in_blackout.value,
    }
