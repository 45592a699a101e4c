"""Which rule sets may stand, what differs, and what is wrong with a proposal (S2, S5, FR-031, decision 16)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bc_lib.domain.changes.proposal import (
    Ending,
    Fault,
    Proposal,
    ProposalState,
    Saying,
    TopicName,
    Word,
    fault,
)
from bc_lib.domain.inventory import Environment
from bc_lib.domain.requests.policy import Need, Policy, Rule
from bc_lib.domain.requests.policy_change import changes
from bc_lib.domain.requests.policy_rules import (
    InvalidDocument,
    digest,
    document,
    parse,
    plain,
    problems,
    unreachable,
)
from bc_lib.domain.requests.states import RequestType
from tests.fixtures.policies import BUSINESS, IT, TICKETS, any_rules, rule, rules

AT = datetime(2026, 11, 23, tzinfo=UTC)
DOCUMENT = document(TICKETS)


def word(saying: Saying, person: int, **more: Any) -> Word:
    """What an administrator said."""
    values: dict[str, Any] = {
        "saying": saying,
        "person": person,
        "name": f"P{person}",
        "issuer": "demo",
        "subject": f"p{person}",
        "admin_now": True,
        "at": AT,
        "channel": "cli",
        "reason": "",
        "digest": digest(DOCUMENT),
        "proof": None,
    }
    return Word(**{**values, **more})


def proposal(**more: Any) -> Proposal:
    """A proposal that two persons stand behind."""
    values: dict[str, Any] = {
        "id": 3,
        "topic": TopicName.POLICY,
        "base_version": 1,
        "document": DOCUMENT,
        "digest": digest(DOCUMENT),
        "proposed": word(Saying.PROPOSE, 1),
        "decided": word(Saying.AGREE, 2),
        "ended": None,
        "expires_at": AT + timedelta(days=7),
    }
    return Proposal(**{**values, **more})


def wrong(each: Proposal, newest: int = 1, proven: Any = lambda _: True) -> Fault | None:
    """What is wrong with it."""
    return fault(each, newest, proven, lambda _: None)


def test_nothing_is_wrong_with_two_persons() -> None:
    """Open, agreed and rejected proposals go on."""
    assert wrong(proposal()) is None
    assert wrong(proposal(decided=None)) is None
    assert wrong(proposal(decided=word(Saying.REJECT, 1, admin_now=False)), newest=4) is None


@pytest.mark.parametrize(
    ("given", "newest", "code", "why"),
    [
        (proposal(), 2, "PROPOSAL_VOID", "the approval policy changed meanwhile"),
        (proposal(decided=word(Saying.AGREE, 1)), 1, "PROPOSAL_VOID", "two different persons are needed"),
        (proposal(decided=word(Saying.AGREE, 2, admin_now=False)), 1, "PROPOSAL_VOID", "P2 no longer holds the role"),
        (proposal(proposed=word(Saying.PROPOSE, 1, admin_now=False)), 1, "PROPOSAL_VOID", "P1 no longer holds"),
        (proposal(document=DOCUMENT.replace("Tier 1", "Tier X")), 1, "PROPOSAL_FORGED", "is not what was signed"),
        (proposal(decided=word(Saying.AGREE, 2, digest="0" * 64)), 1, "PROPOSAL_FORGED", "is not what was signed"),
    ],
)
def test_what_stands_no_more(given: Proposal, newest: int, code: str, why: str) -> None:
    """S5: persons are compared, roles are those of now, the base is the newest version."""
    found = wrong(given, newest)
    assert found is not None
    assert (found.code, why in found.why) == (code, True), found


@pytest.mark.parametrize("forged", list(Saying))
def test_a_word_without_proof(forged: Saying) -> None:
    """F33: forgery is told as such, also where something harmless is wrong too; a forged rejection as well."""
    decided = word(Saying.REJECT if forged is Saying.REJECT else Saying.AGREE, 2)
    found = wrong(proposal(decided=decided), 9, lambda each: each.saying is not forged)
    assert found is not None
    assert found.forged
    assert f"{forged.value!r}" in found.why


def test_each_word_signs_something_else() -> None:
    """No proof of one proposal, base, rule set, decision or person serves for another."""
    each = proposal()
    other = word(Saying.AGREE, 2)
    said = [
        each.statement(each.proposed),
        each.statement(other),
        each.statement(replace(other, saying=Saying.REJECT)),
        each.statement(replace(other, subject="p9")),
        replace(each, id=4).statement(other),
        replace(each, topic=TopicName.INVENTORY).statement(other),
        replace(each, base_version=2).statement(other),
        replace(each, digest="0" * 64).statement(other),
    ]
    assert len({one.nonce() for one in said}) == len(said)
    assert said[0].request == "policy 3"


def test_states() -> None:
    """The last moment counts, the limit itself does not; what ended stays so."""
    each, limit = proposal(decided=None), AT + timedelta(days=7)
    assert each.state(limit - timedelta(microseconds=1)) is ProposalState.OPEN
    assert each.state(limit) is ProposalState.EXPIRED
    assert proposal().state(AT) is ProposalState.AGREED
    assert proposal(decided=word(Saying.REJECT, 2)).state(limit) is ProposalState.REJECTED
    ended = Ending(state=ProposalState.APPLIED, at=AT, version=2)
    assert proposal(ended=ended).state(limit) is ProposalState.APPLIED


ONE = (Need(role=IT, count=1),)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ((), "it is not a list of 1 to 100 rules"),
        (rules(rule(tiers=(1,))), "no rule covers a failover of tier 2 in prod"),
        (rules(rule(types=(RequestType.DRILL,))), "no rule covers a failover of tier 1 in prod"),
        (rules(rule(environments=(Environment.PROD,))), "no rule covers a failover of tier 1 in staging"),
        (rules(rule(needs=())), "rule 1 asks for nobody"),
        (rules(rule(needs=ONE)), "a failover of tier 1 in prod would need fewer than two persons"),
        (
            rules(rule("A", needs=ONE, types=(RequestType.DRILL,)), rule("B")),
            "a drill of tier 1 in prod would need fewer than two persons",
        ),
        (rules(rule("A"), rule("A")), "the name 'A' is given twice"),
        (rules(rule(" ")), "the name of rule 1 is not one printable line"),
        (rules(rule(ticket_pattern="(")), "no regular expression"),
        (rules(rule(pending_s=float("nan"))), "the time to decide of rule 1 is not between 1 min and 30 d"),
        (rules(rule(ready_s=86_401.0)), "the time to start of rule 1 is not between 1 min and 1 d"),
    ],
)
def test_what_cannot_stand(given: tuple[Rule, ...], text: str) -> None:
    """S2: a gap, a rule for nobody, one person on tier 1; S3: a time without end."""
    assert any(text in each.text for each in problems(given)), problems(given)


def test_two_of_one_role_are_two_persons() -> None:
    """Each person counts once, so a count of two is two persons (S2)."""
    assert problems(rules(rule(needs=(Need(role=IT, count=2),)))) == ()


def test_a_rule_that_is_never_reached() -> None:
    """The plan says so; it is no reason to refuse."""
    given = rules(rule("All"), rule("Late", tiers=(1,)))
    assert [each.name for each in unreachable(given)] == ["Late"]
    assert problems(given) == ()


@given(any_rules(broken=False))
def test_rules_without_problems_leave_nobody_alone(given_rules: tuple[Rule, ...]) -> None:
    """Property, S1 and S2: every kind of request has a rule with needs, on tier 1 for two persons."""
    assume(not problems(given_rules))
    policy = Policy(version=2, rules=given_rules)
    for kind in RequestType:
        for environment in Environment:
            for tier in (1, 2):
                found = policy.rule_for(kind, tier, environment)
                assert found is not None
                assert sum(need.count for need in found.needs) >= (2 if tier == 1 else 1)


@given(any_rules(broken=False), any_rules(broken=False))
def test_the_difference_is_empty_exactly_where_both_say_the_same(a: tuple[Rule, ...], b: tuple[Rule, ...]) -> None:
    """Property, for rules with names of their own: order, selections, needs, tickets, times, nothing is left out."""
    assume(len({each.name for each in a}) == len(a) and len({each.name for each in b}) == len(b))
    assert (changes(a, b) == ()) == (_same(a) == _same(b))
    assert changes(a, a) == ()
    assert {each.name for each in changes(a, b)} <= {each.name for each in (*a, *b)}
    assert len(changes(a, b)) == len(changes(b, a))


def _same(given: tuple[Rule, ...]) -> list[dict[str, Any]]:
    return [plain(each) for each in given]


@given(any_rules())
def test_a_document_reads_back_as_its_rules(given_rules: tuple[Rule, ...]) -> None:
    """Property: one text for one rule set, whatever its version; the digest follows the text."""
    text = document(given_rules)
    again = parse(text, 7)
    assert [replace(each, version=0) for each in again] == list(given_rules)
    assert document(again) == text
    assert digest(text) == digest(document(again))


@given(st.one_of(st.text(), st.recursive(st.none() | st.integers() | st.text(), st.lists).map(str)))
def test_anything_else_is_no_document(text: str) -> None:
    """Property: what bc_ui may have written is never believed and never breaks the runner."""
    with pytest.raises(InvalidDocument):
        parse(text, 1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"count":1', '"count":1.0'),
        ('"count":1', '"count":"1"'),
        ('"count":1', '"count":true'),
        ('"tiers":[1]', '"tiers":[1.0]'),
        ('"tiers":[1]', '"tiers":"1"'),
        ('"ticket_required":true', '"ticket_required":1'),
        ('"policy-1"', '"policy-2"'),
        ('"name":', '"more":1,"name":'),
        ('"bc"', '"cb"'),
        (BUSINESS.value, "owner"),
    ],
)
def test_a_document_of_another_form(old: str, new: str) -> None:
    """What Python and PostgreSQL might read differently is refused."""
    assert old in DOCUMENT
    with pytest.raises(InvalidDocument):
        parse(DOCUMENT.replace(old, new), 1)
