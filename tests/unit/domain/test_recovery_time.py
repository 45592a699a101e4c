"""The recovery time that a move is measured by: one rule, and a past one for good."""

from __future__ import annotations

from dataclasses import replace

from bc_lib.domain.inventory import Group, Member
from bc_lib.domain.plans.recovery_time import target_of, target_when_planned
from bc_lib.domain.requests.plan import Scope
from bc_lib.testing.builders import inventory, resource
from tests.fixtures.run_views import PLAN

ORDERS, BILLING = resource("orders-db", rto_s=60.0), resource("billing-db", rto_s=30.0)
PAYMENTS = Group(name="payments", tier=1, owner="x", members=(Member(resource="orders-db"),), rto_s=90.0)
REST = replace(PAYMENTS, name="rest", rto_s=None)


def test_the_target_is_the_group_s_own_else_the_strictest_member_s() -> None:
    assert target_of(None, [ORDERS]) == 60.0
    assert target_of(PAYMENTS, [ORDERS, BILLING]) == 90.0
    assert target_of(REST, [ORDERS, BILLING]) == 30.0
    assert target_of(REST, [resource("orders-db")]) is None


def test_what_was_planned_counts_whatever_is_asked_for_today() -> None:
    today = inventory(ORDERS, BILLING, groups=(PAYMENTS, REST))
    assert target_when_planned(replace(PLAN, rto_s=20.0), today) == 20.0
    assert target_when_planned(replace(PLAN, rto_s=None), today) is None


def test_a_plan_of_before_has_today_s_target() -> None:
    today = inventory(ORDERS, BILLING, groups=(PAYMENTS, REST))
    both = (*PLAN.targets, replace(PLAN.targets[0], resource="billing-db"))
    group = replace(PLAN, scope=Scope(kind="group", name="payments"), targets=both)
    assert target_when_planned(PLAN, today) == 60.0
    assert target_when_planned(group, today) == 90.0
    assert target_when_planned(replace(group, scope=Scope(kind="group", name="rest")), today) == 30.0
