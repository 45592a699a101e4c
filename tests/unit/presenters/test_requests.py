"""What the pages say about requests, and which buttons they offer (FR-031, SEC-002). Unknown is never zero."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bc_lib.domain.actor import Role
from bc_lib.domain.authorization import Verb
from bc_lib.domain.loss.covering import UNKNOWN_LOSS
from bc_lib.domain.plans.figures import statements
from bc_lib.domain.requests.plan import Measurement, Plan, Scope, Step, Target
from bc_lib.domain.requests.policy import Need, Rule, Standing, standing
from bc_lib.domain.requests.states import Decision, RequestType, State
from bc_lib.domain.requests.values import Request, StoredPlan
from bc_lib.domain.requests.votes import Vote
from bc_lib.domain.requests.waiting import Do, Wait
from bc_lib.domain.verified.values import Drill
from bc_lib.ports.people import KnownPerson
from bc_lib.services.requests.asking import Known
from bc_lib.services.requests.inbox import Open
from bc_lib.services.requests.losing import Losing
from bc_lib.services.requests.show import RequestView
from bc_lib.services.requests.waiting import Item
from bc_lib.services.verified.compared import Compared
from streamlit_app.presenters import inbox
from streamlit_app.presenters import requests as lists
from streamlit_app.presenters.choices import Choices, choices
from streamlit_app.presenters.request import request_page, since_words
from streamlit_app.presenters.request_words import STATE, left, needs_words

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
IT, BUSINESS, OPERATOR = Role.APPROVER_IT, Role.APPROVER_BUSINESS, Role.OPERATOR
RULE = Rule(version=1, position=1, name="Tier 1", needs=(Need(role=IT, count=1), Need(role=BUSINESS, count=1)))
PLAN = Plan(
    type=RequestType.FAILOVER,
    scope=Scope(kind="resource", name="orders-db"),
    target_site="ams",
    tier=1,
    environment="prod",
    policy_version=1,
    policy_position=1,
    effect="Clients of orders-db would write at ams instead of fra.",
    targets=(
        Target(resource="orders-db", platform="postgresql", tier=1, environment="prod", from_site="fra", to_site="ams", endpoints=()),
    ),
    steps=(
        Step(resource="orders-db", action="check", summary="look"),
        Step(resource="orders-db", action="promote", summary="promote", point_of_no_return=True),
    ),
    measurements=(Measurement(name="estimated loss of orders-db", value=None, upper=None),),
)  # fmt: skip
REQUEST = Request(
    id="r-1",
    type=RequestType.FAILOVER,
    scope=PLAN.scope,
    target_site="ams",
    reason="Power",
    ticket=None,
    retry_of=None,
    window_start=None,
    window_end=None,
    tier=1,
    environment="prod",
    policy_version=1,
    policy_position=1,
    requester=1,
    requester_name="Olga",
    state=State.PENDING_APPROVAL,
    version=1,
    plan_revision=1,
    created_at=NOW - timedelta(minutes=5),
    state_since=NOW - timedelta(minutes=5),
    expires_at=NOW + timedelta(minutes=10),
    breakglass=None,
)


def vote(person: int, role: Role, decision: Decision = Decision.APPROVE) -> Vote:
    return Vote(
        id=person,
        request="r-1",
        plan_revision=1,
        plan_digest="",
        person=person,
        issuer="demo",
        subject=str(person),
        name=f"Person {person}",
        role=role,
        decision=decision,
        reason="",
        at=NOW,
        channel="ui",
        role_held=True,
        proof=None,
    )


def seen(*votes: Vote, rule: Rule | None = RULE, **more: object) -> RequestView:
    request = replace(REQUEST, **more)  # type: ignore[arg-type]
    counted: Standing | None = standing(rule, votes, requester=1, revision=1, proven=lambda _: True) if rule else None
    plan = StoredPlan(request="r-1", revision=1, digest="", plan=PLAN, made_at=NOW, because=None)
    return RequestView(
        now=NOW, request=request, plans=(plan,), votes=votes, rule=rule, standing=counted, grant=None, history=()
    )


def who(person: int, *roles: Role) -> Known:
    return Known(
        person=KnownPerson(id=person, name="x", disabled=False, roles=frozenset(roles)), roles=frozenset(roles)
    )


def test_every_state_has_a_word_and_a_shape() -> None:
    assert set(STATE) == set(State)


@pytest.mark.parametrize(
    ("person", "roles", "state", "wanted"),
    [
        (2, (IT,), State.PENDING_APPROVAL, Choices(decide_as=(IT,))),
        (2, (IT, BUSINESS), State.PENDING_APPROVAL, Choices(decide_as=(IT, BUSINESS))),
        (2, (OPERATOR,), State.PENDING_APPROVAL, Choices(glass=True)),
        (1, (OPERATOR,), State.PENDING_APPROVAL, Choices(withdraw=True, glass=True)),
        (1, (OPERATOR,), State.APPROVED, Choices(withdraw=True, confirm=True)),
        (2, (OPERATOR,), State.APPROVED, Choices(confirm=True)),
        (2, (IT,), State.APPROVED, Choices()),
        (1, (OPERATOR,), State.RUNNING, Choices()),
        (2, (OPERATOR,), State.REJECTED, Choices(again=True)),
        (2, (Role.VIEWER,), State.REJECTED, Choices()),
        (2, (), State.PENDING_APPROVAL, Choices()),
    ],
)
def test_sec002_who_is_offered_what(person: int, roles: tuple[Role, ...], state: State, wanted: Choices) -> None:
    assert choices(seen(state=state), who(person, *roles)) == wanted


def test_s2_the_requester_and_who_has_decided_are_told_why_they_get_no_buttons() -> None:
    assert "another person must decide" in str(choices(seen(), who(1, OPERATOR, IT)).why_not)
    done = choices(seen(vote(2, IT)), who(2, IT, BUSINESS))
    assert done.decide_as == ()
    assert done.why_not == "You approved this as Approver-IT; one person decides once."


def test_at_the_very_second_of_the_limit_nothing_is_offered_any_more() -> None:
    assert choices(seen(expires_at=NOW), who(2, IT)).decide_as == ()
    assert "Its time is up" in request_page(seen(expires_at=NOW), None).next
    assert choices(seen(expires_at=NOW + timedelta(seconds=1)), who(2, IT)).decide_as == (IT,)


def test_tc004_the_page_says_who_is_missing() -> None:
    page = request_page(seen(vote(2, IT)), None)
    assert page.missing == "one Approver-Business"
    assert page.until == "10 min left, until 06:10:00 UTC"
    assert request_page(seen(rule=None), None).missing is None


def test_what_is_not_known_is_said_and_never_zero() -> None:
    view = replace(seen(), losing=Losing(missing=UNKNOWN_LOSS, statements=statements(PLAN)))
    rows = dict(request_page(view, None).card)
    assert rows["Must be accepted"] == "losing an unknown amount"
    assert rows["Possible loss"] == "What can be missing at ams cannot be bounded: no standby at ams was seen."
    assert rows["Estimated outage"].startswith("not known")
    assert rows["Cannot be undone"].startswith("step 2 (promote)")


def test_words() -> None:
    assert needs_words((Need(role=IT, count=2), Need(role=BUSINESS, count=4))) == (
        "two Approver-IT and 4 Approver-Business"
    )
    assert left(None, NOW) is None
    assert left(NOW + timedelta(seconds=0.4), NOW) == "1 s left, until 06:00:00 UTC"
    assert left(NOW, NOW) == "time was up at 06:00:00 UTC"


def test_lists_filter_by_state_and_words_and_warn_when_time_is_short() -> None:
    over = replace(REQUEST, id="r-2", state=State.REJECTED, expires_at=None)
    both = (REQUEST, over)
    assert [each.id for each in lists.chosen(both, NOW, (), "")] == ["r-1", "r-2"]
    assert [each.id for each in lists.chosen(both, NOW, ("over",), "")] == ["r-2"]
    assert [each.id for each in lists.chosen(both, NOW, ("waiting", "over"), "ORDERS ams olga")] == ["r-1", "r-2"]
    assert lists.chosen(both, NOW, (), "billing") == ()
    assert lists.chosen(both, NOW, ("nonsense",), "") == lists.chosen(both, NOW, (), "")
    assert lists.line(REQUEST, NOW).soon
    assert lists.line(over, NOW).until is None


def test_the_inbox_says_what_to_do() -> None:
    waits = (wait(Do.APPROVE, until=REQUEST.expires_at), wait(Do.CONFIRM, roles=frozenset({OPERATOR})))
    down = NOW - timedelta(minutes=4)
    found = Open(now=NOW, items=(Item(waits=waits, request=REQUEST, down_since=down),))
    shown = inbox.tasks(found, {IT})
    assert [each.acts for each in shown] == [
        (
            ("Approve or deny as Approver-IT", f"/requests?id={REQUEST.id}&act=approve"),
            ("Confirm", f"/requests?id={REQUEST.id}&act=confirm"),
        )
    ]
    assert str(shown[0].since).startswith("Clients cannot write since")
    assert inbox.headline(Open(now=NOW, items=()), {IT}) == "Nothing waits on you"
    assert inbox.headline(found, {IT}) == f"One thing waits on you: Approve or deny as Approver-IT ({REQUEST.id})"


def wait(do: Do, roles: frozenset[Role] = frozenset({IT}), **more: Any) -> Wait:
    return Wait(do=do, verb=Verb.APPROVE, roles=roles, about=REQUEST.id, **more)


def test_what_was_not_seen_is_never_told_as_unchanged() -> None:
    """Unknown, never tested, failed, not compared: each is said; only a whole comparison says "no difference."."""
    drill = Drill(request="r-1", ended_at=NOW - timedelta(hours=2), succeeded=True, plan=PLAN)
    said = {
        "not read": since_words(None, NOW).text,
        "never": since_words(Compared(drill=None), NOW).text,
        "failed": since_words(Compared(drill=replace(drill, succeeded=False), steps=True), NOW).text,
        "unseen": since_words(Compared(drill=drill, steps=True, unseen=("version of orders-db at fra",)), NOW).text,
        "same": since_words(Compared(drill=drill, steps=True), NOW).text,
    }
    assert said["same"] == "Live drill r-1 succeeded, 2 h ago: no difference."
    assert "never tested" in said["never"]
    assert "did NOT succeed" in said["failed"]
    assert said["unseen"].endswith("so not compared: version of orders-db at fra.")
    assert "Not known" in said["not read"]
