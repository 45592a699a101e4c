"""Changes by two administrators: proposals in the shared database, what was said, how they ended (decision 16, S5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bc_lib.domain.actor import Actor
from bc_lib.domain.changes.proposal import Proposal, ProposalState, Saying, TopicName
from bc_lib.domain.inventory import Inventory
from bc_lib.domain.requests.policy import Policy
from bc_lib.domain.requests.votes import Proof
from bc_lib.ports.vote_proof import VoteKey


class ChangeReading(Protocol):
    """Looks up. An unknown number raises Denial UNKNOWN_PROPOSAL."""

    def list(self, topic: TopicName | None = None, *, over: bool = True, limit: int = 100) -> Sequence[Proposal]:
        """Newest first; None: of every topic. Without `over` only those that have no ending yet."""
        ...

    def get(self, topic: TopicName, number: int) -> Proposal:
        """One proposal."""
        ...

    def keys(self, number: int) -> Sequence[VoteKey]:
        """Keys, not revoked, of everybody who said something about this proposal."""
        ...

    def policy_at(self, version: int) -> Policy:
        """The rules of one version; none where there is no such version."""
        ...

    def revision(self) -> int:
        """The inventory's revision."""
        ...

    def inventory_at(self, revision: int) -> Inventory:
        """The inventory of one revision. Raises InvalidDocument where it is not known any more."""
        ...

    def inventory_document(self, inventory: Inventory) -> str:
        """The one text of an inventory."""
        ...

    def inventory_wanted(self, document: str) -> Inventory:
        """The inventory of such a text. Raises InvalidDocument for any other text than ours."""
        ...


class ChangeWork(ChangeReading, Protocol):
    """Writes within a unit of work. A refusal by the database's guards is raised as Denial."""

    def next_number(self) -> int:
        """The number the next proposal must have, for signing. The guard refuses it where somebody was faster."""
        ...

    def propose(
        self, topic: TopicName, number: int, base_version: int, document: str, actor: Actor, proof: Proof
    ) -> Proposal:
        """Store a proposal, as bc_ui."""
        ...

    def decide(self, proposal: Proposal, actor: Actor, saying: Saying, reason: str, proof: Proof) -> Proposal:
        """Store what a second administrator says, as bc_ui; the proposal afterwards."""
        ...

    def apply(self, proposal: Proposal) -> int:
        """Make an agreed proposal what stands, as bc_runner; its version. The database checks all but proofs."""
        ...

    def end(self, number: int, how: ProposalState, code: str | None = None, because: str | None = None) -> None:
        """End a proposal as REJECTED, EXPIRED or VOID, as bc_runner."""
        ...
