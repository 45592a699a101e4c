"""Proposals to change the approval policy, in the shared database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bc_lib.domain.actor import Actor
from bc_lib.domain.requests.policy import Policy
from bc_lib.domain.requests.policy_change import Proposal, ProposalState, Saying
from bc_lib.domain.requests.votes import Proof
from bc_lib.ports.vote_proof import VoteKey


class PolicyReading(Protocol):
    """Looks up. An unknown number raises Denial UNKNOWN_PROPOSAL."""

    def list(self, *, over: bool = True, limit: int = 100) -> Sequence[Proposal]:
        """Newest first. Without `over` only those that have no ending yet."""
        ...

    def get(self, number: int) -> Proposal:
        """One proposal."""
        ...

    def version(self, version: int) -> Policy:
        """The rules of one version; none where there is no such version."""
        ...

    def keys(self, number: int) -> Sequence[VoteKey]:
        """Keys, not revoked, of everybody who said something about this proposal."""
        ...


class PolicyWork(PolicyReading, Protocol):
    """Writes within a unit of work. A refusal by the database's guards is raised as Denial."""

    def next_number(self) -> int:
        """The number the next proposal must have, for signing. The guard refuses it where somebody was faster."""
        ...

    def propose(self, number: int, base_version: int, document: str, actor: Actor, proof: Proof) -> Proposal:
        """Store a proposal, as bc_ui."""
        ...

    def decide(self, proposal: Proposal, actor: Actor, saying: Saying, reason: str, proof: Proof) -> Proposal:
        """Store what a second administrator says, as bc_ui; the proposal afterwards."""
        ...

    def apply(self, number: int) -> int:
        """Make an agreed proposal the newest version, as bc_runner; the version. The database checks all but proofs."""
        ...

    def end(self, number: int, how: ProposalState, code: str | None = None, because: str | None = None) -> None:
        """End a proposal as REJECTED, EXPIRED or VOID, as bc_runner."""
        ...
