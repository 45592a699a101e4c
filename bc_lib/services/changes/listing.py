"""Proposals as they may be shown: what they would change, who said what, how they ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bc_lib.domain.changes.proposal import Proposal, ProposalState
from bc_lib.domain.requests.policy_rules import InvalidDocument
from bc_lib.services.changes.topic import Topic
from bc_lib.services.changes.words import proven, said_about
from bc_lib.services.gate import Gate


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


def list_proposals(gate: Gate, topic: Topic, *, over: bool = True, limit: int = 50) -> tuple[ProposalView, ...]:
    """Newest first; without `over` only those that have not ended."""
    read = gate.store.read
    found = read.changes.list(topic.name, over=over, limit=limit)
    now = read.now()
    return tuple(_view(gate, topic, each, now) for each in found)


def show_proposal(gate: Gate, topic: Topic, number: int) -> ProposalView:
    """One proposal. Raises Denial UNKNOWN_PROPOSAL."""
    read = gate.store.read
    return _view(gate, topic, read.changes.get(topic.name, number), read.now())


def proposal_json(gate: Gate, topic: Topic, view: ProposalView) -> dict[str, Any]:
    """Plain values, with what it wants as a whole; times are ISO 8601 in UTC."""
    each = view.proposal
    try:
        wanted = topic.shown(gate.store.read, each.document)
    except InvalidDocument:
        wanted = {}
    return {
        "id": each.id,
        "state": view.state.value,
        "base_version": each.base_version,
        "digest": each.digest,
        "expires_at": each.expires_at.isoformat(),
        "words": [
            {"says": word.saying.value, "person": word.name, "at": word.at.isoformat(), "reason": word.reason}
            for word in said_about(each)
        ],
        "proven": view.proven,
        "changes": list(view.lines),
        "version": each.ended.version if each.ended else None,
        "because": each.ended.because if each.ended else None,
        **wanted,
    }


def _view(gate: Gate, topic: Topic, proposal: Proposal, now: datetime) -> ProposalView:
    read = gate.store.read
    try:
        lines = topic.difference(read, proposal.base_version, proposal.document).lines
    except InvalidDocument as error:
        lines = (f"{str(error).capitalize()}.",)
    signed = all(map(proven(gate, read, proposal), said_about(proposal)))
    return ProposalView(now=now, proposal=proposal, lines=lines, proven=signed)
