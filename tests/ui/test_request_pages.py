"""Requests through the pages, with real services over a real database (SEC-002, A07, A10, FR-030..032)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from bc_lib.domain.actor import Role
from bc_lib.domain.requests.states import Decision, RequestType, State
from bc_lib.services.requests import create as creating
from bc_lib.services.requests.approve import approve
from bc_lib.services.requests.void import void_changed
from streamlit_app.app_pages import deciding, request_parts
from streamlit_app.presenters import choices as choosing
from tests.fixtures.requests import BUSINESS, IT, World, world
from tests.ui.real_screens import Open, opened, text

__all__ = ["world"]


@pytest.fixture
def tab(world: World) -> Iterator[Open]:
    with opened(world) as open_:
        yield open_


def button(at: AppTest, label: str):  # type: ignore[no-untyped-def]
    return next(each for each in at.button if each.label == label)


def labels(at: AppTest) -> list[str]:
    return [each.label for each in at.button]


def press(at: AppTest, *wanted: str, reason: str = "") -> AppTest:
    """Press all of them in one run."""
    if reason:
        at.text_input[0].set_value(reason)
    for label in wanted:
        button(at, label).click()
    at.run()
    assert not at.exception
    return at


def decide(at: AppTest, label: str = "Approve", reason: str = "") -> AppTest:
    """Ask for the decision and, in its dialog, say it once more."""
    press(at, f"{label}…")
    return press(
        at, next(each for each in labels(at) if each.startswith(f"{label} as") or each == label), reason=reason
    )


def raised(tab: Open, who: str = "olga", **query: str) -> AppTest:
    at = tab(who, "ask", **{"resource": "orders-db", "type": "failover", **query})
    at.text_input[0].set_value("Frankfurt loses power")
    return press(at, "Raise the request")


def test_tc003_an_operator_raises_a_request_and_lands_on_it(tab: Open, world: World) -> None:
    body = text(raised(tab))
    assert "r-1 is raised. Nothing has moved." in body
    assert "Failover of orders-db to Amsterdam" in body
    assert "It still needs one Approver-IT and one Approver-Business" in body
    stored = world.gate.store.read.get("r-1")
    assert (stored.state, stored.requester_name, stored.reason) == (
        State.PENDING_APPROVAL,
        "Olga",
        "Frankfurt loses power",
    )
    assert ("completed", "request.create", None) in world.audit.verbs()


def test_f09_the_answer_got_lost_and_the_button_is_pressed_again(
    tab: Open, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = creating.create

    def lost(*given: object) -> object:
        real(*given)  # type: ignore[arg-type]
        raise ConnectionError("the answer never came")

    at = tab("olga", "ask", resource="orders-db", type="failover")
    at.text_input[0].set_value("Frankfurt loses power")
    monkeypatch.setattr(creating, "create", lost)
    assert "it is not known whether this was recorded" in text(press(at, "Raise the request"))
    monkeypatch.undo()
    assert "r-1 is raised" in text(press(at, "Raise the request"))
    assert len(world.gate.store.read.list().requests) == 1


@pytest.mark.parametrize("who", ["vera", "ian", "ada"])
def test_tc002_who_may_not_ask_sees_no_way_to(tab: Open, who: str) -> None:
    assert "Raise a request" not in text(tab(who, "resource", name="orders-db"))
    assert "Raise a request" not in text(tab(who, "group", name="payments"))
    at = tab(who, "ask", resource="orders-db", type="failover")
    assert "This needs the role operator, which you do not hold now." in text(at)
    assert not at.button


def test_the_way_to_ask_stands_on_resource_and_group(tab: Open) -> None:
    assert 'href="/ask?resource=orders-db"' in text(tab("olga", "resource", name="orders-db"))
    assert 'href="/ask?group=payments"' in text(tab("olga", "group", name="payments"))


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"site": "fra"}, "orders-db is already active at Frankfurt; choose the other site."),
        ({"resource": "nothing-here"}, "There is no resource named nothing-here."),
        ({"resource": '"><script>alert(1)</script>'}, "There is no resource named"),
    ],
)
def test_what_makes_no_sense_is_said_before_anything_is_submitted(
    tab: Open, query: dict[str, str], sentence: str
) -> None:
    at = tab("olga", "ask", **{"resource": "orders-db", "type": "failover", **query})
    assert sentence in text(at)
    assert "<script>" not in text(at)
    assert "Raise the request" not in labels(at)


def test_an_open_request_stands_in_the_way_and_is_one_tap_away(tab: Open, world: World) -> None:
    first = world.ask(kind=RequestType.SWITCHOVER)
    at = tab("oscar", "ask", resource="orders-db", type="failover")
    assert f'part of <a href="/requests?id={first.id}">{first.id}</a> already' in text(at)
    assert "What this would do" in text(at)
    assert "Raise the request" not in labels(at)


def test_the_group_is_one_tap_away(tab: Open) -> None:
    at = tab("olga", "ask", resource="billing-db", type="switchover")
    assert "billing-db is part of payments" in text(at)
    assert 'href="/ask?group=payments&amp;type=switchover"' in text(at)
    assert "is part of" not in text(tab("olga", "ask", resource="reports-db", type="switchover"))


def test_a_site_that_is_chosen_stays_chosen_when_it_is_touched_again(tab: Open) -> None:
    at = tab("olga", "ask", resource="orders-db", type="failover")
    kind, site = at.button_group
    assert (kind.proto.required, site.proto.required) == (True, True), "neither can be unselected"
    assert site.value == "ams"
    assert "Raise the request" in labels(at)


def test_a_refused_form_keeps_what_was_typed(tab: Open, world: World) -> None:
    at = tab("olga", "ask", group="payments", type="switchover")
    assert "Nothing was stored" not in text(at)
    press(at, "Raise the request")
    assert "The reason must be one line" in text(at)
    at.text_input[0].set_value("Planned rotation")
    assert "r-1 is raised" in text(press(at, "Raise the request"))


def test_tc004_the_page_names_the_missing_role_and_the_time(tab: Open, world: World) -> None:
    request = world.ask()
    approve(world.gate, world.actor("ian"), request.id, IT, reason="Looked at it")
    at = tab("bea", "requests", id=request.id)
    body = text(at)
    assert "Missing: one Approver-Business" in body
    assert "left, until " in body
    assert "Looked at it" in body
    assert {"Approve…", "Deny…"} <= set(labels(at))


def test_approve_by_two_persons_makes_it_approved(tab: Open, world: World) -> None:
    request = world.ask()
    first = decide(tab("ian", "requests", id=request.id), "Approve", reason="Fine")
    assert "Approved. It is not enough yet" in text(first)
    assert "Approve…" not in labels(first)
    second = decide(tab("bea", "requests", id=request.id), "Approve")
    assert "Everybody who must agree has agreed" in text(second)
    assert "Confirm…" in labels(tab("olga", "requests", id=request.id))
    assert "Confirm…" not in labels(tab("ian", "requests", id=request.id))


def test_deny_needs_a_reason_and_ends_it(tab: Open, world: World) -> None:
    request = world.ask()
    at = decide(tab("ian", "requests", id=request.id), "Deny")
    assert "Say in one line why you deny" in text(at)
    assert world.state(request) is State.PENDING_APPROVAL
    assert "is over" in text(decide(at, "Deny", reason="Not today"))
    assert world.state(request) is State.REJECTED
    assert 'href="/ask?type=failover' in text(tab("olga", "requests", id=request.id))


def test_a10_approve_and_deny_in_one_run_count_once_and_the_other_is_told(tab: Open, world: World) -> None:
    request = world.ask()
    at = press(tab("ian", "requests", id=request.id), "Approve…", "Deny…")
    assert [each for each in labels(at) if " as " in each] == ["Approve as Approver-IT"], "one question at a time"
    deny = press(tab("ian", "requests", id=request.id), "Deny…")
    press(deny, "Deny as Approver-IT", reason="Both at once")
    body = text(press(at, "Approve as Approver-IT"))
    votes = world.gate.store.read.votes(request.id)
    assert [vote.decision for vote in votes] == [Decision.DENY]
    assert "your first decision counts" in body


def test_a10_two_tabs_of_one_person_count_once(tab: Open, world: World) -> None:
    request = world.ask()
    first, second = (press(tab("ian", "requests", id=request.id), "Approve…") for _ in range(2))
    press(first, "Approve as Approver-IT")
    assert "your first decision counts" in text(press(second, "Approve as Approver-IT"))
    assert len(world.gate.store.read.votes(request.id)) == 1


def test_a_decision_on_a_plan_that_was_replaced_meanwhile_is_told_and_does_not_count(tab: Open, world: World) -> None:
    request = world.approved()
    at = tab("ivy", "requests", id=request.id)
    fresh = world.ask("oscar", scope="billing-db")
    at = press(tab("ivy", "requests", id=fresh.id), "Approve…")
    approve(world.gate, world.actor("ian"), fresh.id, IT)
    approve(world.gate, world.actor("bea"), fresh.id, BUSINESS)
    world.set_roles("ian")
    assert void_changed(world.runner) == 2
    assert "changed since you looked at it" in text(press(at, "Approve as Approver-IT"))
    assert all(vote.name != "Ivy" for vote in world.gate.store.read.votes(fresh.id))


def test_voided_votes_are_shown_with_their_reason(tab: Open, world: World) -> None:
    request = world.approved()
    world.set_roles("ian")
    void_changed(world.runner)
    body = text(tab("bea", "requests", id=request.id))
    assert "Approved, but void because Ian no longer holds the role approver-it." in body
    assert "Approvals are void because Ian no longer holds the role approver-it." in body
    assert "Ian (Approver-IT) had approved; Bea (Approver-Business) had approved" in body


def test_what_differs_right_now_is_shown_before_anybody_decides(tab: Open, world: World) -> None:
    request = world.ask()
    world.observe("orders-db", lag_s=60.0)
    body = text(tab("ian", "requests", id=request.id))
    assert "Changed since:" in body
    assert "replication lag of orders-db is 1 min" in body


def test_sam_asks_and_is_told_that_another_must_decide(tab: Open, world: World) -> None:
    request = world.ask("sam")
    at = tab("sam", "requests", id=request.id)
    assert f"You asked for {request.id}, so another person must decide on it." in text(at)
    assert "Approve…" not in labels(at)


def test_a07_a_button_that_was_hidden_and_pressed_all_the_same_is_refused(
    tab: Open, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = world.ask("sam")
    monkeypatch.setattr(
        choosing, "_deciding", lambda *_, **__: ((IT,), None)
    )  # as if the page's courtesy were not there
    at = decide(tab("sam", "requests", id=request.id), "Approve")
    assert f"You asked for {request.id}, so another person must decide on it." in text(at)
    assert not world.gate.store.read.votes(request.id)
    assert ("denied", "request.approve", "REQUESTER_EXCLUDED") in world.audit.verbs()


def test_one_person_with_both_roles_counts_once(tab: Open, world: World) -> None:
    request = world.ask()
    at = tab("pat", "requests", id=request.id)
    decide(at, "Approve")
    assert "You approved this as Approver-IT; one person decides once." in text(at)
    assert world.state(request) is State.PENDING_APPROVAL


def test_a02_a_role_taken_away_takes_the_buttons_and_the_vote(tab: Open, world: World) -> None:
    request = world.ask()
    at = press(tab("ian", "requests", id=request.id), "Approve…")
    world.set_roles("ian", Role.VIEWER)
    body = text(press(at, "Approve as Approver-IT"))
    assert "This needs the role approver-it or approver-business, which you do not hold now." in body
    assert not world.gate.store.read.votes(request.id)


def test_the_audit_being_away_refuses_the_act_in_the_page(tab: Open, world: World) -> None:
    request = world.ask()
    at = tab("ian", "requests", id=request.id)
    world.audit.away = True
    assert "The audit log cannot be written, so nothing was done" in text(decide(at, "Approve"))
    world.audit.away = False
    assert not world.gate.store.read.votes(request.id)


def test_the_inbox_names_what_waits_and_the_overview_too(tab: Open, world: World) -> None:
    world.ask()
    world.approved("oscar", scope="billing-db", kind=RequestType.SWITCHOVER)
    at = tab("ivy", "requests")
    assert "One thing waits on you: Approve or deny as Approver-IT (r-1)" in text(at)
    assert 'href="/requests?id=r-1&amp;act=approve"' in text(at)
    assert "Switchover of billing-db to Amsterdam" in text(tab("olga"))
    assert "Nothing waits on you" in text(tab("vera", "requests"))


def test_all_requests_can_be_filtered(tab: Open, world: World) -> None:
    world.ask()
    world.ask(scope="billing-db")
    at = tab("vera", "requests")
    at.text_input(key="q").set_value("billing").run()
    body = text(at)
    assert "Failover of billing-db" in body
    assert "Failover of orders-db" not in body
    at.text_input(key="q").set_value("ledger").run()
    assert "No request is like that" in text(at)


@pytest.mark.parametrize("wrong", ["r-999", "", "'; drop table bc.request", '"><script>alert(1)</script>', "\u202e"])
def test_an_id_that_does_not_exist_is_said(tab: Open, wrong: str) -> None:
    body = text(tab("vera", "requests", id=wrong))
    assert "There is no such request" in body or "Nothing waits" in body
    assert "<script>" not in body


def test_text_from_people_is_shown_as_text(tab: Open, world: World) -> None:
    request = world.ask(reason='<img src=x onerror="alert(1)">', ticket="=1+1")
    body = text(tab("ian", "requests", id=request.id))
    assert "<img" not in body
    assert "&lt;img" in body


def test_policies_can_be_read(tab: Open) -> None:
    body = text(tab("vera", "policies"))
    assert "one Approver-IT and one Approver-Business, different persons" in body
    assert "Nobody changes these rules alone" in body


def test_a_sign_in_that_ended_shows_nothing_and_does_nothing(tab: Open, world: World) -> None:
    request = world.ask()
    at = press(tab("ian", "requests", id=request.id), "Approve…")
    button(at, "Approve as Approver-IT").click()
    with opened(world) as again:
        del again  # the next run's person is not one of the sign-on's any more
        from streamlit_app import deps

        gone = deps.screens()
        deps.install(replace(gone, person=["nobody"]))  # type: ignore[call-arg]
        at.run()
    assert "sign in again" in text(at)
    assert not world.gate.store.read.votes(request.id)


def test_without_a_database_the_page_says_what_is_not_known(
    tab: Open, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> object:
        raise ConnectionError("refused")

    request = world.ask()
    at = tab("ian", "requests", id=request.id)
    monkeypatch.setattr(deciding, "approve", away)
    assert "it is not known whether this was recorded" in text(decide(at, "Approve"))
    monkeypatch.setattr(request_parts, "show", away)
    assert "The shared database does not answer, so this cannot be shown." in text(at.run())
    assert not at.button


def test_a_fault_is_told_as_one(tab: Open, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody foresaw is not called a database that does not answer, neither by an act nor by a look."""

    def fails(*_: object, **__: object) -> object:
        raise StopIteration

    request = world.ask()
    at = tab("ian", "requests", id=request.id)
    monkeypatch.setattr(deciding, "approve", fails)
    body = text(decide(at))
    assert "Something in this program went wrong (StopIteration; its log says more), so it is not known" in body
    monkeypatch.setattr(request_parts, "show", fails)
    body = text(at.run())
    assert "Something in this program went wrong (StopIteration; its log says more), so this cannot be shown." in body
    assert "database does not answer" not in body
