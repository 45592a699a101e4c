"""Coverage: every critical system once, what is overdue first, a rehearsal never as a recovery test (US-008)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bc_lib.domain.inventory import Group, Inventory, Member
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.domain.verified.coverage import Coverage, Scenario, coverage, urgency
from bc_lib.domain.verified.values import Asked, Mark, Verified
from bc_lib.testing.builders import resource

NOW = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)
PAYMENTS, LEDGER = Scope(kind="group", name="payments"), Scope(kind="resource", name="ledger-db")
ESTATE = Inventory(
    resources=(
        resource("orders-db"),
        resource("billing-db"),
        resource("ledger-db"),
        resource("shop-db"),
        resource("reports-db", tier=2),
    ),
    groups=(
        Group(
            name="payments", tier=1, owner="P", members=(Member(resource="orders-db"), Member(resource="billing-db"))
        ),
        Group(name="shop", tier=2, owner="S", members=(Member(resource="shop-db"),)),
    ),
)


def asked(scope: Scope = PAYMENTS, age_s: float = 60.0, **more: object) -> Asked:
    """A live drill that succeeded."""
    values: dict[str, object] = {
        "request": "r-1",
        "type": RequestType.DRILL,
        "drill": "live",
        "scope": scope,
        "members": ("orders-db", "billing-db") if scope.kind == "group" else (scope.name,),
        "target_site": "ams",
        "where": "Amsterdam",
        "tier": 1,
        "environment": "demo",
        "reason": "",
        "ticket": "",
        "state": State.SUCCEEDED,
        "outcome": "",
        "asked_at": NOW,
        "state_since": NOW - timedelta(seconds=age_s),
        "asked_by": "Olga",
    }
    return Asked(**{**values, **more})  # type: ignore[arg-type]


def mark(state: Verified = Verified.VERIFIED, overdue: bool = False) -> Mark:
    return Mark(state=state, sentence="", period_s=1.0, overdue=overdue)


def by_name(*tried: Asked, **marks: Mark) -> dict[str, Coverage]:
    return {each.scope.name: each for each in coverage(ESTATE, {PAYMENTS: mark(), **marks}, tried)}


def test_each_critical_system_once() -> None:
    """The tier 1 group, and those of tier 1 that are in no group of tier 1; a member is not listed again."""
    assert set(by_name()) == {"payments", "ledger-db", "shop-db"}


def test_a_rehearsal_is_not_the_live_drill() -> None:
    found = by_name(asked(drill="rehearsal", request="r-2"))["payments"].last
    assert set(found) == {Scenario.REHEARSAL}


def test_the_newest_of_each_scenario_counts_failed_or_not() -> None:
    older, newer = asked(age_s=900), asked(age_s=60, request="r-9", state=State.FAILED)
    moved = asked(type=RequestType.SWITCHOVER, drill="", request="r-3")
    for tried in ((older, newer, moved), (newer, moved, older)):
        found = by_name(*tried)["payments"].last
        assert {key: each.request for key, each in found.items()} == {
            Scenario.LIVE_DRILL: "r-9",
            Scenario.SWITCHOVER: "r-3",
        }


def test_what_is_not_over_is_no_result() -> None:
    assert not by_name(asked(state=State.RUNNING))["payments"].last


def test_a_members_drill_is_not_its_groups_but_the_other_way_round() -> None:
    alone = asked(Scope(kind="resource", name="orders-db"))
    assert not by_name(alone)["payments"].last
    shop = replace(asked(Scope(kind="group", name="shop")), members=("shop-db",))
    assert by_name(shop)["shop-db"].last[Scenario.LIVE_DRILL] == shop


@given(
    st.lists(st.none() | st.builds(mark, st.sampled_from(Verified), st.booleans()), min_size=2, max_size=6),
)
def test_overdue_stands_first_and_what_is_good_last(marks: list[Mark | None]) -> None:
    """What could not be judged never stands behind what is good; what is watched only has nothing to prove."""
    ordered = sorted(marks, key=urgency)
    late = [each is None or each.overdue for each in ordered]
    assert late == sorted(late, reverse=True)
    open_ = [each is None or not (each.holds or each.state is Verified.WATCHED) for each in ordered]
    if any(open_) and any(each and each.holds for each in ordered):
        assert open_[0]
