"""Counting votes against a rule (FR-031, S2)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bc_lib.domain.actor import Role
from bc_lib.domain.inventory import Environment
from bc_lib.domain.requests.policy import Need, Policy, Rule, Standing, standing, ticket_fits
from bc_lib.domain.requests.states import Decision, RequestType
from bc_lib.domain.requests.votes import Vote

AT = datetime(2026, 11, 23, tzinfo=UTC)
IT, BUSINESS = Role.APPROVER_IT, Role.APPROVER_BUSINESS
RULE = Rule(version=1, position=1, name="Tier 1", needs=(Need(role=IT, count=1), Need(role=BUSINESS, count=1)))
REQUESTER = 1


def vote(number: int, person: int, role: Role = IT, **more: Any) -> Vote:
    """An approval by a person."""
    values: dict[str, Any] = {
        "id": number,
        "request": "r-1",
        "plan_revision": 1,
        "plan_digest": "d",
        "person": person,
        "issuer": "demo",
        "subject": f"p{person}",
        "name": f"P{person}",
        "role": role,
        "decision": Decision.APPROVE,
        "reason": "",
        "at": AT,
        "channel": "ui",
        "role_held": True,
        "proof": None,
    }
    return Vote(**{**values, **more})


def count(*votes: Vote, rule: Rule = RULE, proven: Any = lambda _: True) -> Standing:
    """The standing of these votes."""
    return standing(rule, votes, requester=REQUESTER, revision=1, proven=proven)


def test_two_roles_by_two_persons() -> None:
    """S2: one Approver-IT and one Approver-Business, neither the requester."""
    assert count(vote(1, 2), vote(2, 3, BUSINESS)).satisfied
    assert count(vote(1, 2)).missing_text() == "1 approver-business"
    assert not count().satisfied


@pytest.mark.parametrize(
    ("votes", "code"),
    [
        ((vote(1, 2), vote(2, 2, BUSINESS)), "SAME_PERSON"),
        ((vote(1, 2), vote(2, REQUESTER, BUSINESS)), "REQUESTER"),
        ((vote(1, 2), vote(2, 3, BUSINESS, role_held=False)), "ROLE_GONE"),
    ],
)
def test_what_does_not_count(votes: tuple[Vote, ...], code: str) -> None:
    """A01, A02: a person counts once, the requester never, a role that is gone does not."""
    found = count(*votes)
    assert not found.satisfied
    assert [each.code for each in found.ignored] == [code]


def test_an_unproven_vote_does_not_count() -> None:
    """F33."""
    found = count(vote(1, 2), vote(2, 3, BUSINESS), proven=lambda each: each.id != 2)
    assert (found.satisfied, found.ignored[0].code) == (False, "PROOF_INVALID")


def test_votes_of_another_revision_are_void() -> None:
    """F14."""
    assert not count(vote(1, 2, plan_revision=2), vote(2, 3, BUSINESS)).satisfied


def test_one_denial_ends_it() -> None:
    """A deny by a required role, whatever else was said."""
    found = count(vote(1, 2), vote(2, 3, BUSINESS), vote(3, 4, decision=Decision.DENY))
    assert not found.satisfied
    assert found.denied_by is not None


def test_counts_and_an_empty_rule() -> None:
    """N persons of a role; a rule that asks for nobody is never satisfied."""
    two = Rule(version=1, position=1, name="Two", needs=(Need(role=IT, count=2),))
    assert not count(vote(1, 2), rule=two).satisfied
    assert count(vote(1, 2), vote(2, 3), rule=two).satisfied
    assert not count(vote(1, 2), rule=Rule(version=1, position=1, name="Nobody", needs=())).satisfied


MOSTLY = st.sampled_from([True] * 9 + [False])


@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.sampled_from([IT, BUSINESS]), MOSTLY, MOSTLY, MOSTLY), min_size=2, max_size=8
    )
)
def test_satisfied_means_two_other_persons(given_votes: list[tuple[int, Role, bool, bool, bool]]) -> None:
    """Property: whatever is voted, satisfied means one person of each role, distinct, proven, held, not the requester."""
    votes = [
        vote(number, person, role, role_held=held, decision=Decision.APPROVE if agrees else Decision.DENY)
        for number, (person, role, agrees, held, _) in enumerate(given_votes)
    ]
    proven = {number for number, each in enumerate(given_votes) if each[4]}
    found = count(*votes, proven=lambda each: each.id in proven)
    assume(found.satisfied)
    persons = {role: {each.person for each in found.counted if each.role is role} for role in (IT, BUSINESS)}
    assert persons[IT]
    assert persons[BUSINESS]
    assert not persons[IT] & persons[BUSINESS]
    assert REQUESTER not in persons[IT] | persons[BUSINESS]
    assert all(each.id in proven and each.role_held and each.decision is Decision.APPROVE for each in found.counted)


def test_the_first_rule_that_covers_decides() -> None:
    """Ordered rules by tier, type, environment; none: nobody can approve."""
    first = Rule(
        version=1,
        position=1,
        name="Prod failover",
        needs=(),
        types=(RequestType.FAILOVER,),
        environments=(Environment.PROD,),
    )
    second = Rule(version=1, position=2, name="Tier 2", needs=(), tiers=(2,))
    policy = Policy(version=1, rules=(first, second))
    assert policy.rule_for(RequestType.FAILOVER, 2, Environment.PROD) is first
    assert policy.rule_for(RequestType.DRILL, 2, Environment.PROD) is second
    assert policy.rule_for(RequestType.DRILL, 1, Environment.PROD) is None


def test_tickets() -> None:
    """The form is a whole match."""
    rule = Rule(version=1, position=1, name="x", needs=(), ticket_pattern="CHG[0-9]{4}")
    assert ticket_fits(rule, "CHG1234")
    assert not ticket_fits(rule, "CHG1234x")
    assert not ticket_fits(rule, "CHG123\u0664")
