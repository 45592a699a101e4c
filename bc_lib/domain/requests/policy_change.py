"""A change of the approval policy: proposed by one administrator, agreed by another, applied by the runner (S5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bc_lib.domain.actor import Role
from bc_lib.domain.inventory_diff import Change, ChangeKind, FieldChange, Plain
from bc_lib.domain.requests.policy import Rule
from bc_lib.domain.requests.policy_rules import InvalidDocument, digest, parse, problems
from bc_lib.domain.requests.votes import Proof, Statement


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
    """A proposal as stored. `base_version`: the rules it was made from; `document`: the rules it wants."""

    id: int
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

    def rules(self) -> tuple[Rule, ...]:
        """The rules it wants. Raises InvalidDocument."""
        return parse(self.document, self.base_version + 1)

    def statement(self, word: Word) -> Statement:
        """What the proof of `word` must have signed."""
        return change_statement(self.id, self.base_version, self.digest, word.saying, word.issuer, word.subject)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a proposal cannot be applied any more; `why` follows "because"."""

    code: str
    why: str

    @property
    def forged(self) -> bool:
        """Somebody wrote a row without the person behind it."""
        return self.code == "POLICY_FORGED"


def change_statement(
    number: int, base_version: int, document_digest: str, saying: Saying, issuer: str, subject: str
) -> Statement:
    """What an administrator says about proposal `number`."""
    return Statement(
        request=f"policy {number}",
        plan_revision=base_version,
        plan_digest=document_digest,
        decision=saying.value,
        role=Role.ADMIN.value,
        issuer=issuer,
        subject=subject,
    )


def fault(proposal: Proposal, newest: int, proven: Callable[[Word], bool]) -> Fault | None:
    """What is wrong with a proposal that is not over; `newest` is the policy's version, `proven` checks a signature.

    None: it may go on. Forgery comes first, so that it is never mistaken for something harmless.
    """
    words = [proposal.proposed, *([proposal.decided] if proposal.decided else [])]
    for word in words:
        if not proven(word):
            return _forged(f"the word {word.saying.value!r} of {word.name} carries no valid proof")
    if any(each != proposal.digest for each in (digest(proposal.document), *(word.digest for word in words))):
        return _forged("its rules are not those that were signed")
    if proposal.decided is not None and proposal.decided.saying is Saying.REJECT:
        return None
    return _stands_no_more(proposal, words, newest)


def _stands_no_more(proposal: Proposal, words: Sequence[Word], newest: int) -> Fault | None:
    if proposal.base_version != newest:
        return _void("the approval policy changed meanwhile")
    gone = next((word for word in words if not word.admin_now), None)
    if gone is not None:
        return _void(f"{gone.name} no longer holds the role admin")
    if len(words) > 1 and words[0].person == words[1].person:
        return _void(f"{words[0].name} proposed it and agreed to it: two different persons are needed")
    try:
        wrong = problems(proposal.rules())
    except InvalidDocument as error:
        return _void(str(error))
    return _void(wrong[0].text) if wrong else None


def _forged(why: str) -> Fault:
    return Fault(code="POLICY_FORGED", why=why)


def _void(why: str) -> Fault:
    return Fault(code="POLICY_VOID", why=why)


def changes(before: Sequence[Rule], after: Sequence[Rule]) -> tuple[Change, ...]:
    """What differs, rule by rule, by their names. Empty exactly when both say the same in the same order."""
    earlier, later = ({rule.name: _flat(place, rule) for place, rule in enumerate(rules)} for rules in (before, after))
    added = [_change(ChangeKind.ADDED, name, {}, later[name]) for name in later if name not in earlier]
    changed = [
        _change(ChangeKind.CHANGED, name, earlier[name], later[name])
        for name in later
        if name in earlier and earlier[name] != later[name]
    ]
    removed = [_change(ChangeKind.REMOVED, name, earlier[name], {}) for name in earlier if name not in later]
    return (*added, *changed, *removed)


def _flat(place: int, rule: Rule) -> dict[str, Plain]:
    return {
        "position": place + 1,
        "tiers": ", ".join(map(str, rule.tiers)) or "all",
        "types": ", ".join(each.value for each in rule.types) or "all",
        "environments": ", ".join(each.value for each in rule.environments) or "all",
        "needs": " and ".join(f"{need.count} {need.role.value}" for need in rule.needs),
        "ticket required": rule.ticket_required,
        "ticket pattern": rule.ticket_pattern,
        "approve_within_s": float(rule.pending_s),
        "confirm_within_s": float(rule.approved_s),
        "start_within_s": float(rule.ready_s),
    }


def _change(kind: ChangeKind, name: str, before: dict[str, Plain], after: dict[str, Plain]) -> Change:
    fields = tuple(
        FieldChange(name=key, before=before.get(key), after=after.get(key))
        for key in (before or after)
        if before.get(key) != after.get(key)
    )
    return Change(kind=kind, what="rule", name=name, fields=fields)
