"""Who must approve (FR-031): ordered rules, N roles with counts, distinct persons, the requester excluded."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bc_lib.domain.actor import Role
from bc_lib.domain.inventory import Environment
from bc_lib.domain.requests.states import Decision, RequestType
from bc_lib.domain.requests.votes import Vote


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """So many different persons with this role."""

    role: Role
    count: int


class InBlackout(StrEnum):
    """What happens to what is asked by hand for a day in a blackout. A failover and break-glass are only warned of."""

    FORBID = "forbid"
    WARN = "warn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule; an empty selection matches everything. Times are seconds for which each waiting state lasts."""

    version: int
    position: int
    name: str
    needs: tuple[Need, ...]
    tiers: tuple[int, ...] = ()
    types: tuple[RequestType, ...] = ()
    environments: tuple[Environment, ...] = ()
    ticket_required: bool = False
    ticket_pattern: str | None = None
    pending_s: float = 86_400.0
    approved_s: float = 14_400.0
    ready_s: float = 900.0
    in_blackout: InBlackout = InBlackout.FORBID

    def covers(self, kind: RequestType, tier: int, environment: Environment) -> bool:
        """Whether this rule is about such a request."""
        return (
            (not self.tiers or tier in self.tiers)
            and (not self.types or kind in self.types)
            and (not self.environments or environment in self.environments)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """All rules of one version, in order; the first that covers a request decides."""

    version: int
    rules: tuple[Rule, ...]

    def rule_for(self, kind: RequestType, tier: int, environment: Environment) -> Rule | None:
        """The first covering rule. None: nobody can approve such a request."""
        return next((rule for rule in self.rules if rule.covers(kind, tier, environment)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """A vote that does not count, and why (a phrase that follows "because")."""

    vote: Vote
    code: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a request stands against its rule at one moment."""

    counted: tuple[Vote, ...]
    ignored: tuple[Ignored, ...]
    missing: tuple[Need, ...]
    denied_by: Vote | None
    satisfied: bool

    def missing_text(self) -> str:
        """`1 approver-it and 1 approver-business`."""
        return " and ".join(f"{need.count} {need.role.value}" for need in self.missing) or "nobody"


def standing(
    rule: Rule,
    votes: Sequence[Vote],
    *,
    requester: int,
    revision: int,
    proven: Callable[[Vote], bool],
    editors: Collection[int] = (),
) -> Standing:
    """Count the votes on plan `revision`: per person (as linked now) the first one, with a role held now and a proof.

    `requester` is the person's number; `editors` of the schedule that asked count as requesters. A deny by a needed
    role ends it, whatever else was said.
    """
    counted: list[Vote] = []
    ignored: list[Ignored] = []
    seen: set[int] = set()
    for vote in sorted((each for each in votes if each.plan_revision == revision), key=lambda each: each.id):
        reason = _not_counting(vote, requester, editors, seen, proven)
        if reason is None:
            counted.append(vote)
            seen.add(vote.person)
        else:
            ignored.append(Ignored(vote=vote, code=reason[0], why=reason[1]))
    needed = {need.role for need in rule.needs}
    denied = next((vote for vote in counted if vote.decision is Decision.DENY and vote.role in needed), None)
    missing = tuple(
        Need(role=need.role, count=open_)
        for need in rule.needs
        if (open_ := need.count - sum(vote.role is need.role and vote.decision is Decision.APPROVE for vote in counted))
        > 0
    )
    return Standing(
        counted=tuple(counted),
        ignored=tuple(ignored),
        missing=missing,
        denied_by=denied,
        satisfied=bool(rule.needs) and not missing and denied is None,
    )


def _not_counting(
    vote: Vote, requester: int, editors: Collection[int], seen: set[int], proven: Callable[[Vote], bool]
) -> tuple[str, str] | None:
    if vote.person == requester:
        return "REQUESTER", f"{vote.name} is the person who asked"
    if vote.person in editors:
        return "REQUESTER", f"{vote.name} edited the schedule that asked"
    if vote.person in seen:
        return "SAME_PERSON", f"{vote.name} has already decided and counts once"
    if not vote.role_held:
        return "ROLE_GONE", f"{vote.name} no longer holds the role {vote.role.value}"
    if not proven(vote):
        return "PROOF_INVALID", f"the vote of {vote.name} carries no valid proof"
    return None


def ticket_fits(rule: Rule, ticket: str) -> bool:
    """Whether a ticket has the form the rule asks for."""
    return rule.ticket_pattern is None or re.fullmatch(rule.ticket_pattern, ticket, re.ASCII) is not None
