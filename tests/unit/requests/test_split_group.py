"""A group of which a part is at the target already: the rest is planned, and nobody is said not to have been seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bc_lib.domain.current import Current, current
from bc_lib.domain.denial import Denial
from bc_lib.domain.execution.actions import DrillKind
from bc_lib.domain.inventory import Group, Inventory, Member
from bc_lib.domain.observation import Observation, Role
from bc_lib.domain.requests.plan import Plan, Scope
from bc_lib.domain.requests.policy import Policy, Rule
from bc_lib.domain.requests.states import RequestType
from bc_lib.services.requests.preview import preview
from bc_lib.testing.builders import assessment, inventory, observation, resource

AT = datetime(2026, 11, 27, 14, 0, tzinfo=UTC)
POLICY = Policy(version=1, rules=(Rule(version=1, position=1, name="Everything", needs=()),))
GROUP = Group(
    name="payments",
    tier=1,
    owner="Payments",
    members=(Member(resource="orders-db"), Member(resource="billing-db", after=("orders-db",))),
)


def estate() -> Inventory:
    """Two pairs and their group."""
    return inventory(resource("orders-db"), resource("billing-db"), groups=(GROUP,))


def seen_at(**site: str) -> dict[str, tuple[Current, Observation | None]]:
    """Every member green, with its primary at a site."""
    found: dict[str, tuple[Current, Observation | None]] = {}
    for each in estate().resources:
        active = site[each.name.replace("-", "_")]
        looked = observation(each.name, AT)
        nodes = tuple(
            replace(
                node,
                facts=replace(node.facts, role=Role.PRIMARY if node.node == active else Role.STANDBY)
                if node.facts
                else None,
            )
            for node in looked.nodes
        )
        judged = replace(assessment(each.name, AT), active_site=active)
        found[each.name] = (current(each, judged, AT), replace(looked, nodes=nodes))
    return found


def planned(kind: RequestType, site: str, drill: DrillKind | None = None, **sites: str) -> Plan:
    """The group's plan."""
    return preview(estate(), seen_at(**sites), POLICY, kind, Scope(kind="group", name="payments"), site, drill)


@pytest.mark.parametrize("kind", [RequestType.SWITCHOVER, RequestType.FAILOVER])
def test_what_is_there_already_is_left_where_it_is(kind: RequestType) -> None:
    """TC-044: so that a group which was moved in part is finished by a new request to the same site."""
    found = planned(kind, "ams", orders_db="ams", billing_db="fra")
    assert [each.resource for each in found.targets] == ["billing-db"]
    assert {each.resource for each in found.steps} == {"billing-db"}
    assert "orders-db was last seen taking writes at Amsterdam already, so it is not moved." in found.limits
    assert not any("was not seen" in each for each in found.limits)


def test_and_returned_by_one_to_the_other() -> None:
    """The way back moves what has moved."""
    found = planned(RequestType.SWITCHOVER, "fra", orders_db="ams", billing_db="fra")
    assert [each.resource for each in found.targets] == ["orders-db"]


@pytest.mark.parametrize("site", ["fra", "ams"])
@pytest.mark.parametrize("drill", list(DrillKind))
def test_a_drill_of_a_split_group_proves_nothing_about_the_whole(site: str, drill: DrillKind) -> None:
    """FR-047: refused with who is where."""
    with pytest.raises(Denial, match="was last seen at several sites") as refused:
        planned(RequestType.DRILL, site, drill, orders_db="ams", billing_db="fra")
    assert refused.value.code == "GROUP_SPLIT"


def test_a_primary_that_nobody_saw_is_said_to_be_unseen() -> None:
    """Unknown is never green."""
    seen = seen_at(orders_db="fra", billing_db="fra")
    view, looked = seen["orders-db"]
    assert looked is not None
    blind = replace(looked, nodes=tuple(replace(node, facts=None) for node in looked.nodes))
    seen["orders-db"] = (view, blind)
    scope = Scope(kind="group", name="payments")
    found = preview(estate(), seen, POLICY, RequestType.SWITCHOVER, scope, "ams")
    assert any(each.startswith("The primary of orders-db was not seen") for each in found.limits)
    assert [each.resource for each in found.targets] == ["orders-db", "billing-db"]
