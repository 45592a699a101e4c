"""The approval policy as a topic of proposals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bc_lib.domain.authorization import Verb
from bc_lib.domain.changes.proposal import Proposal, TopicName
from bc_lib.domain.requests.notice import RequestNoticeKind
from bc_lib.domain.requests.policy_change import changes
from bc_lib.domain.requests.policy_rules import parse, plain, problems
from bc_lib.ports.requests import Reading
from bc_lib.services.changes.topic import Difference, Topic
from bc_lib.services.policy.plan import change_lines


class PolicyTopic:
    """Implements Topic."""

    name, verb, told_as, page = TopicName.POLICY, Verb.CHANGE_POLICY, RequestNoticeKind.POLICY, "/policies"

    def newest(self, reading: Reading) -> int:
        """The policy's version."""
        return reading.policy().version

    def difference(self, reading: Reading, base_version: int, document: str) -> Difference:
        """Rule by rule."""
        before, after = reading.changes.policy_at(base_version).rules, parse(document, base_version + 1)
        return Difference(
            lines=tuple(change_lines(changes(before, after))),
            payload={"before": [plain(rule) for rule in before], "after": [plain(rule) for rule in after]},
        )

    def trouble(self, reading: Reading, proposal: Proposal) -> str | None:
        """Rules that leave a gap or ask for too few (S2)."""
        found = problems(parse(proposal.document, proposal.base_version + 1))
        return found[0].text if found else None

    def shown(self, reading: Reading, document: str) -> Mapping[str, Any]:
        """The rules."""
        return {"rules": [plain(rule) for rule in parse(document, 0)]}


POLICY: Topic = PolicyTopic()
