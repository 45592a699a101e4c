"""The verified state: only a live drill that succeeded, of what there is now, within its period."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bc_lib.domain.execution.actions import DrillKind
from bc_lib.domain.plans.compose import Member, steps
from bc_lib.domain.plans.topology import topology_of
from bc_lib.domain.requests.plan import Plan, Scope, Target
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.verified.judge import PERIODS_S, judge, part, period_s
from bc_lib.domain.verified.values import Drill, Verified
from bc_lib.testing.builders import resource

NOW = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)
VERSION = "version of orders-db at fra"


def plan(*names: str, group: str = "", site: str = "ams") -> Plan:
    """A live drill's plan."""
    names = names or ("orders-db",)
    there = [resource(name) for name in names]
    members = [Member(resource=one, nodes=topology_of(one, None, site), wave=n) for n, one in enumerate(there, 1)]
    return Plan(
        type=RequestType.DRILL,
        scope=Scope(kind="group", name=group) if group else Scope(kind="resource", name=names[0]),
        target_site=site,
        tier=1,
        environment="demo",
        policy_version=3,
        policy_position=1,
        effect="",
        targets=tuple(
            Target(
                resource=name,
                platform="postgresql",
                tier=1,
                environment="demo",
                from_site="fra",
                to_site=site,
                endpoints=("a", "b"),
            )
            for name in names
        ),
        steps=steps(RequestType.DRILL, members, DrillKind.LIVE),
        observed={f"version of {name} at fra": "16.4" for name in names},
        drill="live",
    )


def drill(age_s: float, *, succeeded: bool = True, of: Plan | None = None, request: str = "BC-1") -> Drill:
    """A live drill that ended `age_s` ago."""
    return Drill(request=request, ended_at=NOW - timedelta(seconds=age_s), succeeded=succeeded, plan=of or plan())


def test_nothing_was_drilled() -> None:
    mark = judge(1, NOW, (), plan())
    assert (mark.state, mark.overdue, mark.holds, mark.age_s) == (Verified.NEVER, True, False, None)


@pytest.mark.parametrize("tier", [1, 2])
@pytest.mark.parametrize(("more_s", "overdue"), [(-1, False), (0, False), (1, True)])
def test_a_drill_counts_to_the_last_second_of_its_period(tier: int, more_s: float, overdue: bool) -> None:
    mark = judge(tier, NOW, (drill(PERIODS_S[tier] + more_s),), plan())
    assert (mark.state, mark.overdue, mark.holds) == (Verified.VERIFIED, overdue, not overdue)


def test_a_tier_without_a_period_has_the_shortest() -> None:
    assert period_s(7) == period_s(1) == 180 * 86_400


def test_the_newest_drill_decides_and_a_failed_one_never_verifies() -> None:
    """An older success keeps it from being overdue, but it is not green."""
    mark = judge(1, NOW, (drill(50, succeeded=False, request="BC-2"), drill(500)), plan())
    assert (mark.state, mark.drill, mark.overdue, mark.holds) == (Verified.FAILED, "BC-2", False, False)
    assert judge(1, NOW, (drill(50), drill(500, succeeded=False)), plan()).holds
    assert judge(1, NOW, (drill(50, succeeded=False),), plan()).overdue


def test_what_cannot_be_compared_is_not_known() -> None:
    """No plan now, a version that nobody sees now, a drill from the future: never green."""
    blind = replace(plan(), observed={})
    for mark in (
        judge(1, NOW, (drill(50),), "No approval rule covers it."),
        judge(1, NOW, (drill(50),), blind),
        judge(1, NOW, (drill(-1),), plan()),
    ):
        assert mark.state is Verified.UNKNOWN
        assert not mark.holds
    assert VERSION in judge(1, NOW, (drill(50),), blind).sentence


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (replace(plan(), observed={VERSION: "17.0"}), f"{VERSION} was 16.4 and is 17.0."),
        (replace(plan(), policy_version=4), "The approval policy was version 3 and is version 4."),
        (replace(plan(), targets=(replace(plan().targets[0], endpoints=("a", "c")),)), "endpoints is another"),
        (replace(plan(), steps=plan().steps[:-1]), "the step postcheck"),
        (plan("orders-db", "billing-db"), "billing-db was not part of it then."),
    ],
)
def test_what_changed_is_said(now: Plan, said: str) -> None:
    mark = judge(1, NOW, (drill(50),), now)
    assert (mark.state, mark.holds) == (Verified.CHANGED, False)
    assert any(said in each for each in mark.changes), mark.changes


def test_another_cluster_is_a_change() -> None:
    was = replace(plan(), observed={"system identifier of orders-db at fra": "7"})
    now = replace(plan(), observed={"system identifier of orders-db at fra": "8"})
    assert judge(1, NOW, (drill(50, of=was),), now).state is Verified.CHANGED


def test_the_way_round_is_no_change() -> None:
    """After a planned rotation the same things are tested the other way."""
    there = plan()
    back = replace(there, targets=(replace(there.targets[0], from_site="ams", to_site="fra"),), target_site="fra")
    assert judge(1, NOW, (drill(50, of=there),), back).holds


def test_a_member_is_compared_with_its_own_plan() -> None:
    """A member in a later wave, and one that does not carry the group's hold, was tested by the group's drill."""
    whole = plan("orders-db", "billing-db", group="payments")
    for name in ("orders-db", "billing-db"):
        assert judge(1, NOW, (drill(50, of=part(whole, name)),), part(plan(name), name)).holds, name
