"""A group is its worst member, named (FR-012)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bc_lib.domain.assessment import Answer, Assessment, Lag, Reason, Status, Verdict
from bc_lib.domain.current import Current, current
from bc_lib.domain.depends import dependency_findings
from bc_lib.domain.groups import assess_group
from bc_lib.domain.inventory import Group, Member
from streamlit_app.components.overview import because
from tests.unit.domain.rounds import T0, resource

GROUP = Group(
    name="payments",
    tier=1,
    owner="Payments",
    rpo_s=30.0,
    members=(Member(resource="billing-db", after=("orders-db",)), Member(resource="orders-db")),
)
WHY = {"green": (), "yellow": ("REPLAY_DELAYED",), "red": ("REPLAY_PAUSED",), "blind": ("PRIMARY_BLIND",)}


def member(
    name: str,
    status: str = "green",
    answer: Answer = Answer.YES,
    *,
    age_s: float = 1,
    received_s: float | None = 0.0,
    site: str | None = "fra",
) -> Current:
    reasons = tuple(Reason(code=code, text="A sentence.") for code in WHY[status])
    last = Assessment(
        resource=name,
        observed_at=T0,
        status=Status(status),
        reasons=reasons,
        active_site=site,
        lag=Lag(received_s=received_s),
        could_switch_over=Verdict(answer=answer, reasons=reasons),
        could_fail_over=Verdict(answer=answer, reasons=reasons),
    )
    return current(resource(name=name), last, T0 + timedelta(seconds=age_s))


def group(orders: Current | None, billing: Current | None):
    members = {"orders-db": orders, "billing-db": billing}
    return assess_group(GROUP, {name: view for name, view in members.items() if view})


def test_healthy_group_in_dependency_order() -> None:
    found = group(member("orders-db"), member("billing-db"))
    assert (found.status, found.worst_member, found.reasons) == (Status.GREEN, None, ())
    assert found.order == ("orders-db", "billing-db")
    assert found.waves == (("orders-db",), ("billing-db",))
    assert (found.could_switch_over.answer, found.could_fail_over.answer) == (Answer.YES, Answer.YES)


@pytest.mark.parametrize(
    ("status", "answer"), [("yellow", Answer.WITH_LOSS), ("red", Answer.NO), ("blind", Answer.UNKNOWN)]
)
def test_worst_member_is_named(status: str, answer: Answer) -> None:
    found = group(member("orders-db"), member("billing-db", status, answer))
    assert (found.status.value, found.worst_member) == (status, "billing-db")
    assert found.reasons[0].text == "billing-db: A sentence."
    assert found.could_fail_over.answer is answer
    assert found.could_fail_over.reasons[0].node == "billing-db"


def test_one_of_two_worst_does_not_hide_the_other() -> None:
    """Both are named, with the reason of each."""
    found = group(member("orders-db", "red", Answer.NO), member("billing-db", "red", Answer.NO))
    assert found.worst_members == ("orders-db", "billing-db")
    assert [reason.text for reason in found.reasons] == ["orders-db: A sentence.", "billing-db: A sentence."]
    assert [reason.node for reason in found.could_fail_over.reasons] == ["orders-db", "billing-db"]
    assert because(found.worst_members)[::2] == ["because of ", " and "]


def test_stale_and_missing_members_are_never_green() -> None:
    """F28."""
    stale = group(member("orders-db", age_s=21), member("billing-db"))
    assert (stale.status, stale.worst_member, stale.could_fail_over.answer) == (
        Status.STALE,
        "orders-db",
        Answer.UNKNOWN,
    )
    missing = group(None, member("billing-db"))
    assert (missing.status, missing.worst_member, missing.could_switch_over.answer) == (
        Status.NEVER_SEEN,
        "orders-db",
        Answer.UNKNOWN,
    )
    empty = assess_group(Group(name="empty", tier=1, owner="x", members=()), {})
    assert (empty.status, empty.could_fail_over.answer) == (Status.NEVER_SEEN, Answer.UNKNOWN)


def test_group_has_its_own_rpo_target() -> None:
    """FR-003: per group."""
    found = group(member("orders-db", received_s=31.0), member("billing-db"))
    assert found.status is Status.RED
    assert "GROUP_RPO_BREACH" in {reason.code for reason in found.reasons}
    assert found.could_fail_over.answer is Answer.WITH_LOSS
    old = group(member("orders-db", received_s=31.0, age_s=60), member("billing-db"))
    assert "GROUP_RPO_BREACH" not in {reason.code for reason in old.reasons}


def test_members_at_different_sites_are_shown() -> None:
    found = group(member("orders-db", site="ams"), member("billing-db"))
    assert found.status is Status.YELLOW
    assert found.reasons[0].code == "GROUP_SITES_DIFFER"


def test_dependencies_that_are_not_green_are_findings() -> None:
    """FR-001: shop-web depends on payments."""
    shop = resource(name="shop-web", depends_on=("payments", "orders-db", "unknown"))
    payments = group(member("orders-db"), member("billing-db", "red", Answer.NO))
    found = dependency_findings(shop, {"orders-db": member("orders-db")}, {"payments": payments})
    assert [reason.text for reason in found] == [
        "It depends on payments, which is red.",
        "It depends on unknown, which is never seen.",
    ]


def test_order_that_does_not_exist_is_unknown() -> None:
    loop = Group(
        name="loop", tier=1, owner="x", members=(Member(resource="a", after=("b",)), Member(resource="b", after=("a",)))
    )
    found = assess_group(loop, {"a": member("a"), "b": member("b")})
    assert found.could_switch_over.answer is Answer.UNKNOWN
    assert found.order == ("a", "b")
    outside = Group(name="outside", tier=1, owner="x", members=(Member(resource="a", after=("zz",)),))
    found = assess_group(outside, {"a": member("a")})
    assert (found.order, found.could_fail_over.answer) == (("a",), Answer.UNKNOWN)


def test_a_yes_names_the_price_of_the_member_that_pays_it() -> None:
    """A group never says that nothing stands against a failover in which a member would lose its newest writes."""
    price = Reason(code="LOSS_WINDOW", text="At most 1 s of the newest writes could be lost.")
    yes = Verdict(answer=Answer.YES, reasons=(price,))
    found = group(member("orders-db"), replace(member("billing-db"), could_fail_over=yes)).could_fail_over
    assert found.answer is Answer.YES
    assert [each.text for each in found.reasons] == ["billing-db: At most 1 s of the newest writes could be lost."]
