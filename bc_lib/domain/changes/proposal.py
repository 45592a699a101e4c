"""A proposal: made by one administrator, agreed by another, applied by the runner (S5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bc_lib.domain.actor import Role
from bc_lib.domain.requests.policy_rules import InvalidDocument, digest
from bc_lib.domain.requests.votes import Proof, Statement


class TopicName(StrEnum):
    """What proposals are about."""

    POLICY = "policy"
    INVENTORY = "inventory"


TITLES = {TopicName.POLICY: "approval policy", TopicName.INVENTORY: "inventory"}


class ProposalState(StrEnum):
    """Where a proposal stands. AGREED waits for the runner; the last four are over."""

    OPEN = "open"
    AGREED = "agreed"
    REJECTED = "rejected"
    EXPIRED = "expired"
    VOID = "void"
    APPLIED = "applied"


class Saying(StrEnum):
    """What an administrator says about a proposal, and what its proof signs."""

    PROPOSE = "propose"
    AGREE = "agree"
    REJECT = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What somebody said. `person` is who the identity belongs to now; `admin_now`: Admin, seen and switched on now."""

    saying: Saying
    person: int
    name: str
    issuer: str
    subject: str
    admin_now: bool
    at: datetime
    channel: str
    reason: str
    digest: str
    proof: Proof | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a proposal ended. `version`: of the policy it became; `code` and `because`: why it is void."""

    state: ProposalState
    at: datetime
    version: int | None = None
    code: str | None = None
    because: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A proposal as stored. `base_version`: of the topic it was made from; `document`: what it wants, as text."""

    id: int
    topic: TopicName
    base_version: int
    document: str
    digest: str
    proposed: Word
    decided: Word | None
    ended: Ending | None
    expires_at: datetime

    def state(self, now: datetime) -> ProposalState:
        """Where it stands at `now`."""
        if self.ended is not None:
            return self.ended.state
        if self.decided is not None and self.decided.saying is Saying.REJECT:
            return ProposalState.REJECTED
        if now >= self.expires_at:
            return ProposalState.EXPIRED
        return ProposalState.OPEN if self.decided is None else ProposalState.AGREED

    def statement(self, word: Word) -> Statement:
        """What the proof of `word` must have signed."""
        return change_statement(
            self.topic, self.id, self.base_version, self.digest, word.saying, word.issuer, word.subject
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a proposal cannot be applied any more; `why` follows "because"."""

    code: str
    why: str

    @property
    def forged(self) -> bool:
        """Somebody wrote a row without the person behind it."""
        return self.code == "PROPOSAL_FORGED"


def change_statement(
    topic: TopicName, number: int, base_version: int, document_digest: str, saying: Saying, issuer: str, subject: str
) -> Statement:
    """What an administrator says about proposal `number`."""
    return Statement(
        request=f"{topic.value} {number}",
        plan_revision=base_version,
        plan_digest=document_digest,
        decision=saying.value,
        role=Role.ADMIN.value,
        issuer=issuer,
        subject=subject,
    )


def fault(
    proposal: Proposal, newest: int, proven: Callable[[Word], bool], trouble: Callable[[Proposal], str | None]
) -> Fault | None:
    """What is wrong with a proposal that is not over. `newest`: the topic's version; `proven` checks a signature.

    `trouble`: why what it wants cannot stand; may raise InvalidDocument. None: it may go on.
    Forgery comes first, so that it is never mistaken for something harmless.
    """
    words = [proposal.proposed, *([proposal.decided] if proposal.decided else [])]
    for word in words:
        if not proven(word):
            return _forged(f"the word {word.saying.value!r} of {word.name} carries no valid proof")
    if any(each != proposal.digest for each in (digest(proposal.document), *(word.digest for word in words))):
        return _forged("what it wants is not what was signed")
    if proposal.decided is not None and proposal.decided.saying is Saying.REJECT:
        return None
    return _stands_no_more(proposal, words, newest, trouble)


def _stands_no_more(
    proposal: Proposal, words: Sequence[Word], newest: int, trouble: Callable[[Proposal], str | None]
) -> Fault | None:
    if proposal.base_version != newest:
        return _void(f"the {TITLES[proposal.topic]} changed meanwhile")
    gone = next((word for word in words if not word.admin_now), None)
    if gone is not None:
        return _void(f"{gone.name} no longer holds the role admin")
    if len(words) > 1 and words[0].person == words[1].person:
        return _void(f"{words[0].name} proposed it and agreed to it: two different persons are needed")
    try:
        wrong = trouble(proposal)
    except InvalidDocument as error:
        return _void(str(error))
    return _void(wrong) if wrong else None


def _forged(why: str) -> Fault:
    return Fault(code="PROPOSAL_FORGED", why=why)


def _void(why: str) -> Fault:
    return Fault(code="PROPOSAL_VOID", why=why)
