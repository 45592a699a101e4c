"""Every type of move, by what is seen of the primary, to every kind of site: offered, or refused with its code."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bc_lib.domain.current import Current, current
from bc_lib.domain.denial import Denial
from bc_lib.domain.execution.actions import DrillKind
from bc_lib.domain.inventory import Group, Inventory, Member, Resource
from bc_lib.domain.memory import Memory
from bc_lib.domain.observation import Downstream, NodeFacts, NodeObservation, Observation, Reach, Role, Upstream
from bc_lib.domain.requests.plan import Plan, Scope
from bc_lib.domain.requests.policy import Policy, Rule
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.rules import assess
from bc_lib.services.requests.preview import preview
from bc_lib.testing.builders import inventory, observation, resource

AT = datetime(2026, 11, 29, 4, 51, 47, tzinfo=UTC)
LATER = AT + timedelta(seconds=15)
POLICY = Policy(version=1, rules=(Rule(version=1, position=1, name="Everything", needs=()),))
FAILOVER, SWITCHOVER, FAILBACK, DRILL = RequestType
SCOPE = Scope(kind="resource", name="orders-db")
GROUP = Group(
    name="payments", tier=1, owner="Payments", members=(Member(resource="orders-db"), Member(resource="billing-db"))
)
OK = ""


def well(at: datetime, *, primary: str = "fra") -> Observation:
    """Primary and standby, streaming."""
    sender = Downstream(application_name="other", client_address=None, state="streaming", sync_state="async")
    nodes = []
    for node in observation("orders-db", at).nodes:
        role = Role.PRIMARY if node.node == primary else Role.STANDBY
        facts = NodeFacts(
            role=role,
            version="18.6",
            timeline=1,
            system_identifier="7300000000000000001",
            current_lsn="0/3000148" if role is Role.PRIMARY else None,
            received_lsn=None if role is Role.PRIMARY else "0/3000148",
            replayed_lsn=None if role is Role.PRIMARY else "0/3000148",
            upstream=None if role is Role.PRIMARY else Upstream(status="streaming", last_message_age_s=0.1),
            downstreams=(sender,) if role is Role.PRIMARY else (),
        )
        nodes.append(replace(node, facts=facts))
    return Observation(resource="orders-db", observed_at=at, nodes=tuple(nodes))


def without(looked: Observation, *gone: str, alone: bool = True) -> Observation:
    """Some nodes refuse; `alone`: the others notice it too (nothing is received, nobody is sent to)."""

    def one(node: NodeObservation) -> NodeObservation:
        if node.node in gone:
            return replace(node, reach=Reach.REFUSED, facts=None)
        if not alone or node.facts is None:
            return node
        cut = Upstream(status=None) if node.facts.upstream else None
        return replace(node, facts=replace(node.facts, upstream=cut, downstreams=()))

    return replace(looked, nodes=tuple(one(node) for node in looked.nodes))


def seen(looked: Observation, before: Observation | None, now: datetime, name: str = "orders-db") -> Current:
    """As the monitor judges it, after a round in which all was well."""
    pair, memory = resource(name), Memory()
    if before is not None:
        _, memory = assess(pair, replace(before, resource=name), memory)
    found, _ = assess(pair, replace(looked, resource=name), memory)
    return current(pair, found, now)


def situations() -> dict[str, tuple[Current, Observation]]:
    """What is seen of a pair whose primary is, or was, at fra."""
    ill = without(well(LATER), "fra")
    both = replace(
        well(LATER),
        nodes=tuple(
            replace(node, facts=replace(node.facts, role=Role.PRIMARY) if node.facts else None)
            for node in well(LATER).nodes
        ),
    )
    none = replace(
        without(well(LATER)),
        nodes=tuple(
            replace(node, facts=replace(node.facts, role=Role.STANDBY) if node.facts else None)
            for node in without(well(LATER)).nodes
        ),
    )
    looks = {
        "seen": well(LATER),
        "dead": ill,
        "unseen": without(well(LATER), "fra", alone=False),
        "two primaries": both,
        "none": none,
        "standby dead": without(well(LATER), "ams"),
        "standby unseen": without(well(LATER), "ams", alone=False),
        "nothing seen": without(well(LATER), "fra", "ams"),
    }
    found = {name: (seen(look, well(AT), LATER), look) for name, look in looks.items()}
    old = LATER + timedelta(hours=1)
    found["stale"] = (seen(well(LATER), well(AT), old), well(LATER))
    found["dead when last seen"] = (seen(ill, well(AT), old), ill)
    return found


SITUATIONS = situations()
# What is seen -> target -> code for failover, switchover, failback, drill (both kinds). Home is fra.
HOME, DEAD, WAS = "FAILBACK_HOME", "PRIMARY_DOWN", "WAS_ACTIVE_THERE"
THERE, DOWN, TWO, NONE = "ALREADY_THERE", "TARGET_DOWN", "TWO_PRIMARIES", "PRIMARY_MISSING"
NOWHERE = "TARGET_SITE_UNKNOWN"
TABLE: dict[tuple[str, str], tuple[str, str, str, str]] = {
    ("seen", "fra"): (THERE, THERE, THERE, THERE),
    ("seen", "ams"): (OK, OK, HOME, OK),
    ("seen", "xyz"): (NOWHERE, NOWHERE, NOWHERE, NOWHERE),
    ("dead", "fra"): (WAS, WAS, WAS, WAS),
    ("dead", "ams"): (OK, DEAD, HOME, DEAD),
    ("dead", "xyz"): (NOWHERE, NOWHERE, NOWHERE, NOWHERE),
    ("unseen", "fra"): (WAS, WAS, WAS, WAS),
    ("unseen", "ams"): (OK, OK, HOME, OK),
    ("unseen", "xyz"): (NOWHERE, NOWHERE, NOWHERE, NOWHERE),
    ("two primaries", "fra"): (TWO, TWO, TWO, TWO),
    ("two primaries", "ams"): (TWO, TWO, HOME, TWO),
    ("two primaries", "xyz"): (NOWHERE, NOWHERE, NOWHERE, NOWHERE),
    ("none", "fra"): (OK, NONE, NONE, NONE),
    ("none", "ams"): (OK, NONE, HOME, NONE),
    ("standby dead", "fra"): (THERE, THERE, THERE, THERE),
    ("standby dead", "ams"): (DOWN, DOWN, HOME, DOWN),
    ("standby unseen", "fra"): (THERE, THERE, THERE, THERE),
    ("standby unseen", "ams"): (OK, OK, HOME, OK),
    ("nothing seen", "fra"): (WAS, WAS, WAS, WAS),
    ("nothing seen", "ams"): (OK, OK, HOME, OK),
    ("stale", "fra"): (WAS, WAS, WAS, WAS),
    ("stale", "ams"): (OK, OK, HOME, OK),
    ("dead when last seen", "fra"): (WAS, WAS, WAS, WAS),
    ("dead when last seen", "ams"): (OK, OK, HOME, OK),
}


def asked(
    kind: RequestType, target: str, situation: str, drill: DrillKind | None = None, *, asking: bool = True
) -> Plan:
    """The plan of the pair, or the Denial."""
    looks = {"orders-db": SITUATIONS[situation]}
    return preview(inventory(), looks, POLICY, kind, SCOPE, target, drill, asking=asking)


def code(kind: RequestType, target: str, situation: str, drill: DrillKind | None = None) -> str:
    """The refusal's code; empty where it may be asked for."""
    try:
        asked(kind, target, situation, drill)
    except Denial as denial:
        return denial.code
    return OK


@pytest.mark.parametrize(("situation", "target"), list(TABLE))
def test_every_type_to_every_site(situation: str, target: str) -> None:
    """FR-030: the table above, with both kinds of drill."""
    wanted = TABLE[situation, target]
    kinds = (FAILOVER, SWITCHOVER, FAILBACK, DRILL)
    assert tuple(code(kind, target, situation) for kind in kinds) == wanted
    assert code(DRILL, target, situation, DrillKind.LIVE) == wanted[3]


def test_a_failback_from_a_dead_primary() -> None:
    """US-007: home is alive, the other site where it runs now is dead."""
    looked = without(well(LATER, primary="ams"), "ams")
    looks = {"orders-db": (seen(looked, well(AT, primary="ams"), LATER), looked)}
    for kind, wanted in ((FAILBACK, DEAD), (SWITCHOVER, DEAD), (DRILL, DEAD), (FAILOVER, OK)):
        try:
            preview(inventory(), looks, POLICY, kind, SCOPE, "fra")
            found = OK
        except Denial as denial:
            found = denial.code
        assert found == wanted, kind


def test_the_refusals_say_when_and_where() -> None:
    """The sentence is the same on page, command and audit, and leads on."""
    with pytest.raises(Denial) as refused:
        asked(FAILOVER, "fra", "dead")
    assert refused.value.sentence == (
        "orders-db was active at Frankfurt (last seen there 2026-11-29 04:51:47 UTC) and its primary is down, so orders-db "
        "cannot be moved there; choose Amsterdam."
    )
    with pytest.raises(Denial, match=r"a switchover of orders-db needs a running one; .* ask for a failover"):
        asked(SWITCHOVER, "ams", "dead")


def test_what_was_asked_for_already_is_left_to_its_own_checks() -> None:
    """A plan is compared with what is now, and nothing dead makes it another plan (decision 7)."""
    assert asked(SWITCHOVER, "ams", "dead", asking=False).targets[0].to_site == "ams"


def test_a_member_of_a_group_that_is_dead_at_the_target() -> None:
    """One member was active at the target and died there: the group is not moved onto it."""
    pairs = (resource("orders-db"), resource("billing-db"))
    estate: Inventory = inventory(*pairs, groups=(GROUP,))
    looked = without(well(LATER, primary="ams"), "ams")
    looks = {
        "orders-db": SITUATIONS["seen"],
        "billing-db": (seen(looked, well(AT, primary="ams"), LATER, "billing-db"), looked),
    }
    with pytest.raises(Denial, match="billing-db was active at Amsterdam") as refused:
        preview(estate, looks, POLICY, FAILOVER, Scope(kind="group", name="payments"), "ams")
    assert refused.value.code == WAS


def test_a_site_with_another_server_that_was_seen_is_not_dead() -> None:
    """Two servers at the other site, one of them down: the other one can take over."""
    pair = resource()
    spare = replace(pair.endpoints[1], node="ams-2", port=55433)
    both: Resource = replace(pair, endpoints=(*pair.endpoints, spare))
    second = replace(well(LATER).nodes[1], node="ams-2")
    looked = without(well(LATER), "ams")
    looked = replace(looked, nodes=(*looked.nodes, second))
    before = well(AT)
    _, memory = assess(both, replace(before, nodes=(*before.nodes, second)), Memory())
    found, _ = assess(both, looked, memory)
    looks = {"orders-db": (current(both, found, LATER), looked)}
    assert preview(inventory(both), looks, POLICY, FAILOVER, SCOPE, "ams").targets[0].to_node == "ams-2"


def test_the_last_known_primary_is_the_one_to_leave() -> None:
    """Two servers at the lost site: the plan stops the one that was the primary, not the inventory's first."""
    pair = resource()
    spare = replace(pair.endpoints[0], node="fra-2", port=55433)
    both: Resource = replace(pair, endpoints=(*pair.endpoints, spare))

    def moved(looked: Observation) -> Observation:
        names = {"fra": "fra-2"}
        return replace(
            looked, nodes=tuple(replace(node, node=names.get(node.node, node.node)) for node in looked.nodes)
        )

    _, memory = assess(both, moved(well(AT)), Memory())
    looked = moved(without(well(LATER), "fra"))
    found, _ = assess(both, looked, memory)
    looks = {"orders-db": (current(both, found, LATER), looked)}
    planned = preview(inventory(both), looks, POLICY, FAILOVER, SCOPE, "ams")
    assert planned.targets[0].from_node == "fra-2"
