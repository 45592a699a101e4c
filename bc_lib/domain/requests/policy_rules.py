"""Which rule sets may stand (S2, FR-031), and the exact text of one that two administrators sign.

Invariant: a rule set without problems gives every kind of request a rule that asks for somebody, on tier 1 for two
persons at least (each person counts once, whatever roles they hold). sql/guards/policy.sql says the same.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from bc_lib.domain.actor import Role
from bc_lib.domain.inventory import Environment
from bc_lib.domain.names import InvalidName, check_text
from bc_lib.domain.requests.policy import InBlackout, Need, Rule
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.words import duration

T = TypeVar("T")
FORM = "policy-1"
TIERS = (1, 2)
MOST_RULES = 100
MOST_PERSONS = 9
MOST_PATTERN = 200
LEAST_ON_TIER_1 = 2
LEAST_S = 60.0
# Approvals expire (S3), so no waiting state may last for ever.
MOST_S = {"pending_s": 30 * 86_400.0, "approved_s": 7 * 86_400.0, "ready_s": 86_400.0}
TIME_WORDS = {"pending_s": "decide", "approved_s": "confirm", "ready_s": "start"}
APPROVERS = (Role.APPROVER_IT, Role.APPROVER_BUSINESS)


class InvalidDocument(ValueError):
    """A stored text that is no rule set of a form we know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyProblem:
    """Why a rule set cannot stand; `text` follows "because". `index`: the rule, from 0; None: all of them."""

    index: int | None
    field: str
    text: str


def problems(rules: Sequence[Rule]) -> tuple[PolicyProblem, ...]:
    """Everything that is wrong; empty where the rules may stand."""
    if not 1 <= len(rules) <= MOST_RULES:
        return (PolicyProblem(index=None, field="", text=f"it is not a list of 1 to {MOST_RULES} rules"),)
    found = [problem for index, rule in enumerate(rules) for problem in _of_rule(index, rule)]
    seen: set[str] = set()
    for index, rule in enumerate(rules):
        if rule.name in seen:
            found.append(PolicyProblem(index=index, field="name", text=f"the name {rule.name!a} is given twice"))
        seen.add(rule.name)
    return (*found, *_coverage(rules))


def unreachable(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Rules that decide nothing, because rules before them cover all that they cover."""
    deciding = {id(rule) for _, _, _, rule in _decided(rules)}
    return tuple(rule for rule in rules if id(rule) not in deciding)


def document(rules: Sequence[Rule]) -> str:
    """The one text of these rules. Their version is left out: who applies them gives it."""
    said = {"bc": FORM, "rules": [plain(rule) for rule in rules]}
    return json.dumps(said, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(text: str) -> str:
    """SHA-256 of a document, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def parse(text: str, version: int) -> tuple[Rule, ...]:
    """The rules of a document, as they would be in `version`. Raises InvalidDocument for any other text than ours."""
    try:
        said = json.loads(text)
        rules = tuple(_rule(version, place + 1, one) for place, one in enumerate(said["rules"]))
        ours = document(rules) == text
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise InvalidDocument(f"the rules cannot be read ({type(error).__name__})") from error
    if not ours:
        raise InvalidDocument("the rules are not of the known form")
    return rules


def plain(rule: Rule) -> dict[str, Any]:
    """One rule as JSON values, without version and position."""
    return {
        "name": rule.name,
        "tiers": list(rule.tiers),
        "types": [each.value for each in rule.types],
        "environments": [each.value for each in rule.environments],
        "needs": [{"role": need.role.value, "count": need.count} for need in rule.needs],
        "ticket_required": rule.ticket_required,
        "ticket_pattern": rule.ticket_pattern,
        "pending_s": float(rule.pending_s),
        "approved_s": float(rule.approved_s),
        "ready_s": float(rule.ready_s),
        # Left out where it is what it was before there was one: texts that were signed then stay what they are.
        **({"in_blackout": rule.in_blackout.value} if rule.in_blackout is not InBlackout.FORBID else {}),
    }


def _rule(version: int, position: int, said: dict[str, Any]) -> Rule:
    return Rule(
        version=version,
        position=position,
        name=_exactly(str, said["name"]),
        tiers=tuple(_exactly(int, tier) for tier in said["tiers"]),
        types=tuple(RequestType(kind) for kind in said["types"]),
        environments=tuple(Environment(name) for name in said["environments"]),
        needs=tuple(Need(role=Role(need["role"]), count=_exactly(int, need["count"])) for need in said["needs"]),
        ticket_required=_exactly(bool, said["ticket_required"]),
        ticket_pattern=None if said["ticket_pattern"] is None else _exactly(str, said["ticket_pattern"]),
        pending_s=_exactly(float, said["pending_s"]),
        approved_s=_exactly(float, said["approved_s"]),
        ready_s=_exactly(float, said["ready_s"]),
        in_blackout=InBlackout(said.get("in_blackout", InBlackout.FORBID)),
    )


def _exactly(kind: type[T], value: object) -> T:
    """The value, where it is of this type and no other: true is no number here, and 1.0 no count."""
    if type(value) is not kind:
        raise TypeError(f"{kind.__name__} expected")
    return value


def _of_rule(index: int, rule: Rule) -> Iterator[PolicyProblem]:
    shown = f"rule {index + 1}"
    try:
        check_text("name", rule.name)
    except InvalidName:
        yield PolicyProblem(index=index, field="name", text=f"the name of {shown} is not one printable line")
    roles = [need.role for need in rule.needs]
    if not rule.needs:
        yield PolicyProblem(index=index, field="needs", text=f"{shown} asks for nobody")
    elif len(set(roles)) < len(roles) or not all(
        need.role in APPROVERS and 1 <= need.count <= MOST_PERSONS for need in rule.needs
    ):
        text = f"{shown} asks for something else than 1 to {MOST_PERSONS} of each approver role"
        yield PolicyProblem(index=index, field="needs", text=text)
    if any(tier not in TIERS for tier in rule.tiers):
        yield PolicyProblem(index=index, field="tiers", text=f"{shown} names a tier that does not exist")
    if rule.ticket_pattern is not None and not _pattern_fits(rule.ticket_pattern):
        text = f"the ticket's form of {shown} is no regular expression of 1 to {MOST_PATTERN} printable characters"
        yield PolicyProblem(index=index, field="ticket_pattern", text=text)
    for name, most in MOST_S.items():
        if not LEAST_S <= getattr(rule, name) <= most:
            limits = f"{duration(LEAST_S)} and {duration(most)}"
            text = f"the time to {TIME_WORDS[name]} of {shown} is not between {limits}"
            yield PolicyProblem(index=index, field=name, text=text)


def _pattern_fits(pattern: str) -> bool:
    try:
        check_text("pattern", pattern)
        re.compile(pattern, re.ASCII)
    except (InvalidName, re.error, OverflowError, RecursionError):
        return False
    return len(pattern) <= MOST_PATTERN


def _decided(rules: Sequence[Rule]) -> Iterator[tuple[int, RequestType, Environment, Rule | None]]:
    """Every kind of request there is, and the rule that decides it."""
    for tier in TIERS:
        for kind in RequestType:
            for environment in Environment:
                yield tier, kind, environment, next((r for r in rules if r.covers(kind, tier, environment)), None)


def _coverage(rules: Sequence[Rule]) -> Iterator[PolicyProblem]:
    """The first gap, and each rule that decides for tier 1 with fewer than two persons."""
    gap, weak = False, set[int]()
    for tier, kind, environment, rule in _decided(rules):
        if rule is None and not gap:
            gap = True
            text = f"no rule covers a {kind.value} of tier {tier} in {environment.value}"
            yield PolicyProblem(index=None, field="", text=text)
        elif rule is not None and tier == 1 and sum(need.count for need in rule.needs) < LEAST_ON_TIER_1:
            index = next(place for place, each in enumerate(rules) if each is rule)
            if index not in weak:
                text = f"a {kind.value} of tier 1 in {environment.value} would need fewer than two persons"
                yield PolicyProblem(index=index, field="needs", text=text)
            weak.add(index)
