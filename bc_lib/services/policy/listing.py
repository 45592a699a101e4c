"""Proposals as they may be shown: what they would change, who said what, how they ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bc_lib.domain.requests.policy_change import Proposal, ProposalState, changes
from bc_lib.domain.requests.policy_rules import InvalidDocument, plain
from bc_lib.services.gate import Gate
from bc_lib.services.policy.plan import change_lines
from bc_lib.services.policy.words import proven


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalView:
    """A proposal at `now` (the database's clock). `lines`: the difference in words; `proven`: all its words are."""

    now: datetime
    proposal: Proposal
    lines: tuple[str, ...]
    proven: bool

    @property
    def state(self) -> ProposalState:
        """Where it stands."""
        return self.proposal.state(self.now)

    @property
    def waits(self) -> bool:
        """Somebody or the runner must still do something."""
        return self.state in {ProposalState.OPEN, ProposalState.AGREED}


def list_proposals(gate: Gate, *, over: bool = True, limit: int = 50) -> tuple[ProposalView, ...]:
    """Newest first; without `over` only those that have not ended."""
    read = gate.store.read
    found = read.policy_changes.list(over=over, limit=limit)
    now = read.now()
    return tuple(_view(gate, each, now) for each in found)


def show_proposal(gate: Gate, number: int) -> ProposalView:
    """One proposal. Raises Denial UNKNOWN_PROPOSAL."""
    read = gate.store.read
    return _view(gate, read.policy_changes.get(number), read.now())


def proposal_json(view: ProposalView) -> dict[str, Any]:
    """Plain values; times are ISO 8601 in UTC."""
    each = view.proposal
    words = [each.proposed, *([each.decided] if each.decided else [])]
    return {
        "id": each.id,
        "state": view.state.value,
        "base_version": each.base_version,
        "digest": each.digest,
        "expires_at": each.expires_at.isoformat(),
        "words": [
            {"says": word.saying.value, "person": word.name, "at": word.at.isoformat(), "reason": word.reason}
            for word in words
        ],
        "proven": view.proven,
        "changes": list(view.lines),
        "version": each.ended.version if each.ended else None,
        "because": each.ended.because if each.ended else None,
        "rules": _rules(each),
    }


def _view(gate: Gate, proposal: Proposal, now: datetime) -> ProposalView:
    read = gate.store.read
    words = [proposal.proposed, *([proposal.decided] if proposal.decided else [])]
    try:
        before = read.policy_changes.version(proposal.base_version)
        lines = tuple(change_lines(changes(before.rules, proposal.rules())))
    except InvalidDocument as error:
        lines = (f"{str(error).capitalize()}.",)
    return ProposalView(now=now, proposal=proposal, lines=lines, proven=all(map(proven(gate, read, proposal), words)))


def _rules(proposal: Proposal) -> list[dict[str, Any]] | None:
    try:
        return [plain(rule) for rule in proposal.rules()]
    except InvalidDocument:
        return None
