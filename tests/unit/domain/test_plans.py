"""Plans as data (decision 7): what every plan must hold, whatever moves (FR-033, FR-034, S1-S8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bc_lib.domain.execution.actions import READ_ONLY, Action, DrillKind
from bc_lib.domain.inventory import Endpoint, Environment, Inventory, Resource, TrafficKind
from bc_lib.domain.loss import Ended, EndKind, LossProof
from bc_lib.domain.loss.covering import UNKNOWN_LOSS
from bc_lib.domain.observation import Downstream, NodeFacts, NodeObservation, Observation, Reach, Role, Upstream
from bc_lib.domain.plans.compose import Member, steps, waves_of
from bc_lib.domain.plans.failback import not_ready
from bc_lib.domain.plans.figures import loss_words
from bc_lib.domain.plans.production import stranger
from bc_lib.domain.plans.topology import topology_of
from bc_lib.domain.requests.states import RequestType
from bc_lib.testing.builders import resource

NOW = datetime(2026, 11, 24, tzinfo=UTC)
KINDS = [
    (RequestType.SWITCHOVER, None),
    (RequestType.FAILOVER, None),
    (RequestType.FAILBACK, None),
    (RequestType.DRILL, DrillKind.REHEARSAL),
    (RequestType.DRILL, DrillKind.LIVE),
]

HOSTS = st.sampled_from([None, ("fra",), ("ams",), ("fra", "ams")])


def node(name: str, site: str, role: Role | None, **facts: object) -> NodeObservation:
    """What a node told, or nothing."""
    told = NodeFacts(role=role, **facts) if role else None  # type: ignore[arg-type]
    return NodeObservation(
        node=name, site=site, observed_at=NOW, reach=Reach.OK if role else Reach.UNREACHABLE, facts=told
    )


def downstream(state: str) -> Downstream:
    """A standby as its primary lists it."""
    return Downstream(application_name="fra", client_address=None, state=state, sync_state="async")


def observed(*nodes: NodeObservation) -> Observation:
    """One round."""
    return Observation(resource="orders-db", observed_at=NOW, nodes=nodes)


def three_nodes() -> Resource:
    """fra, and two standbys at ams."""
    base = resource("orders-db")
    first, second = base.endpoints
    third = replace(second, node="ams-2", port=(second.port or 0) + 1)
    return replace(base, endpoints=(first, second, third))


def without_hosts(made: Resource, *nodes: str) -> Resource:
    """A person acts on the hosts of these nodes; of all where none is named."""
    ends = (replace(end, host_control=None) if end.node in (nodes or (end.node,)) else end for end in made.endpoints)
    return replace(made, endpoints=tuple(ends))


def members(names: list[str], site: str = "ams", alone: tuple[str, ...] | None = None) -> list[Member]:
    """One a wave. `alone`: nodes whose hosts do not obey us."""
    found = []
    for place, name in enumerate(names, start=1):
        made = resource(name) if alone is None else without_hosts(resource(name), *alone)
        found.append(Member(resource=made, nodes=topology_of(made, None, site), wave=place))
    return found


@given(
    st.sampled_from(KINDS), st.lists(st.sampled_from(["a-db", "b-db", "c-db", "d-db"]), min_size=1, unique=True), HOSTS
)
def test_every_plan_checks_all_before_any_effect_and_names_each_step_once(
    kind: tuple[RequestType, DrillKind | None], names: list[str], alone: tuple[str, ...] | None
) -> None:
    found = steps(kind[0], members(names, alone=alone), kind[1])
    keys = [step.key for step in found]
    assert len(set(keys)) == len(keys)
    effects = [place for place, step in enumerate(found) if Action(step.action) not in READ_ONLY]
    checks = {place for place, step in enumerate(found) if step.action == Action.CHECK}
    assert len(checks) == len(names)
    assert all(max(checks) < place for place in effects)
    restored = [place for place, step in enumerate(found) if step.after_restore]
    assert restored == list(range(len(found) - len(restored), len(found))), "what is owed comes last"


@given(st.sampled_from(KINDS), st.lists(st.sampled_from(["a-db", "b-db", "c-db"]), min_size=1, unique=True), HOSTS)
def test_a_run_may_stop_only_where_clients_can_write(
    kind: tuple[RequestType, DrillKind | None], names: list[str], alone: tuple[str, ...] | None
) -> None:
    found = steps(kind[0], members(names, alone=alone), kind[1])
    assert sum(step.point_of_no_return for step in found) == sum(step.action == Action.MOVE for step in found)
    for place, step in enumerate(found):
        if step.may_stop_after:
            begun = [one.resource for one in found[: place + 1] if one.action == Action.MOVE]
            proven = [one.resource for one in found[: place + 1] if one.action == Action.VERIFY]
            assert begun == proven
            stopped = [one.resource for one in found[: place + 1] if one.action == Action.STOP]
            assert len(stopped) <= len(begun), "people were asked to stop it, so clients may have no writes"
        if step.point_of_no_return:
            assert step.action == Action.MOVE


@given(st.sampled_from(KINDS), st.lists(st.sampled_from(["a-db", "b-db"]), min_size=1, unique=True), HOSTS)
def test_a_person_does_exactly_what_no_host_does_for_us(
    kind: tuple[RequestType, DrillKind | None], names: list[str], alone: tuple[str, ...] | None
) -> None:
    """A stop by hand stands right before its move, and a rejoin by hand before what proves it (decision 15)."""
    found = steps(kind[0], members(names, alone=alone), kind[1])
    assert found
    for place, step in enumerate(found):
        people = step.peer in (alone or ())
        if step.action == Action.MOVE:
            assert (found[place - 1].action == Action.STOP) is people
        if step.action == Action.REPROTECT:
            assert (found[place - 1].action == Action.REJOIN) is people
        if step.action in {Action.STOP, Action.REJOIN, Action.PRESERVE, Action.REWIND}:
            assert step.manual is people
        if step.manual:
            assert not step.may_stop_after


def test_a_rehearsal_has_no_effect_at_all() -> None:
    found = steps(RequestType.DRILL, members(["a-db", "b-db"]), DrillKind.REHEARSAL)
    assert {Action(step.action) for step in found} <= READ_ONLY


def test_a_live_drill_ends_where_it_began() -> None:
    found = steps(RequestType.DRILL, members(["a-db", "b-db"]), DrillKind.LIVE)
    for name in ("a-db", "b-db"):
        there, back = (step for step in found if step.resource == name and step.action == Action.MOVE)
        assert (there.peer, there.node) == (back.node, back.peer)
    places = [step.action for step in found]
    assert places.index(Action.REPROTECT) < places.index(Action.HOLD), "protected again before it holds"
    assert places.count(Action.HOLD) == 1


def test_a_failover_keeps_the_only_copy_before_it_rewinds_and_asks_again() -> None:
    found = {step.action: step for step in steps(RequestType.FAILOVER, members(["a-db"]), None)}
    assert list(found).index(Action.PRESERVE) < list(found).index(Action.REWIND)
    assert found[Action.REWIND].needs_allowance
    assert not found[Action.MOVE].undo


def test_the_chosen_node_does_not_depend_on_the_order_of_answers_nor_on_positions() -> None:
    made = three_nodes()
    here = node("fra", "fra", Role.PRIMARY)
    one = node("ams", "ams", Role.STANDBY, received_lsn="0/1", upstream=Upstream(status="streaming"))
    two = node("ams-2", "ams", Role.STANDBY, received_lsn="0/9", upstream=Upstream(status="streaming"))
    assert topology_of(made, observed(here, one, two), "ams").chosen.node == "ams"
    assert topology_of(made, observed(two, one, here), "ams").chosen.node == "ams"


def test_a_delayed_or_cascading_standby_is_chosen_last() -> None:
    made = three_nodes()
    here = node("fra", "fra", Role.PRIMARY)
    late = node("ams", "ams", Role.STANDBY, replay_delay_s=120.0, upstream=Upstream(status="streaming"))
    live = node("ams-2", "ams", Role.STANDBY, upstream=Upstream(status="streaming"))
    found = topology_of(made, observed(here, late, live), "ams")
    assert (found.chosen.node, [one.node for one in found.others]) == ("ams-2", ["ams"])
    sender = made.endpoints[1]
    fed = Upstream(status="streaming", sender_host=sender.host, sender_port=sender.port)
    cascading = node("ams-2", "ams", Role.STANDBY, upstream=fed)
    prompt = node("ams", "ams", Role.STANDBY, upstream=Upstream(status="streaming"))
    assert topology_of(made, observed(here, cascading, prompt), "ams").chosen.node == "ams"


def test_a_plan_can_be_made_while_a_site_is_away() -> None:
    made = resource("orders-db")
    found = topology_of(made, observed(node("fra", "fra", None), node("ams", "ams", Role.STANDBY)), "ams")
    assert (found.primary.node, found.chosen.node, found.seen) == ("fra", "ams", False)


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (None, "was not seen"),
        (node("fra", "fra", None), "was not seen"),
        (node("fra", "fra", Role.PRIMARY), "not a standby"),
        (node("fra", "fra", Role.STANDBY), "receives nothing"),
        (node("fra", "fra", Role.STANDBY, upstream=Upstream(status="waiting")), "receives nothing"),
        (node("fra", "fra", Role.STANDBY, upstream=Upstream(status="streaming")), None),
    ],
)
def test_f18_failback_needs_a_standby_that_streams(seen: NodeObservation | None, words: str | None) -> None:
    made, sends = resource("orders-db"), (downstream("streaming"),)
    round_ = observed(seen, node("ams", "ams", Role.PRIMARY, downstreams=sends)) if seen else None
    found = not_ready(made, topology_of(made, round_, "fra"), round_, None)
    assert found is None if words is None else words in (found or "")


@pytest.mark.parametrize(
    ("primary", "ready"),
    [
        ({"downstreams": ()}, False),
        ({"downstreams": (downstream("startup"),)}, False),
        ({"downstreams": (), "missing": ("downstreams",)}, True),
    ],
)
def test_f18_the_word_of_the_standby_alone_is_not_enough(primary: dict[str, Any], ready: bool) -> None:
    """A receiver that is refused and tries again says "streaming" each time; hidden from us, the list says nothing."""
    made, streams = resource("orders-db"), Upstream(status="streaming")
    round_ = observed(node("fra", "fra", Role.STANDBY, upstream=streams), node("ams", "ams", Role.PRIMARY, **primary))
    found = not_ready(made, topology_of(made, round_, "fra"), round_, None)
    assert found is None if ready else "sends nothing" in (found or "")


def test_f19_production_and_the_rest_never_share_a_plan_or_an_endpoint() -> None:
    prod = replace(resource("orders-db"), environment=Environment.PROD)
    test = replace(resource("billing-db"), environment=Environment.TEST)
    apart = replace(test, endpoints=tuple(replace(one, port=(one.port or 0) + 100) for one in test.endpoints))
    shared = replace(test, endpoints=prod.endpoints)
    assert stranger(Inventory(resources=(prod, apart)), [prod, apart]) == apart
    assert stranger(Inventory(resources=(prod, shared)), [shared]) == shared
    assert stranger(Inventory(resources=(prod, shared)), [prod]) == prod
    assert stranger(Inventory(resources=(prod, apart)), [apart]) is None


def test_the_loss_to_accept_is_the_greatest_of_the_members_or_not_known() -> None:
    """Of a primary that has ended its very bound; while it lives what the approvals cover, twice or 10 s more."""

    def loss(name: str, seconds: float | None, *, over: bool = False) -> LossProof:
        held = None if seconds is None else NOW - timedelta(seconds=seconds)
        ended = Ended(kind=EndKind.REFUSED, at=NOW) if over else None
        return LossProof(resource=name, source="fra", target="ams", held_until=held, ended=ended, seen_at=NOW)

    names, both = ["a-db", "b-db"], [loss("a-db", 2.2), loss("b-db", 10.0)]
    assert loss_words(RequestType.FAILOVER, names, both) == "up to 20 s"
    assert loss_words(RequestType.FAILOVER, names, [loss("a-db", 2.2, over=True), loss("b-db", 2.9, over=True)]) == (
        "up to 3 s"
    )
    assert loss_words(RequestType.FAILOVER, [*names, "c-db"], [*both, loss("c-db", None)]) == UNKNOWN_LOSS
    assert loss_words(RequestType.FAILOVER, names, both[:1]) == UNKNOWN_LOSS, "a member of which nothing is known"
    assert loss_words(RequestType.FAILOVER, names, []) == UNKNOWN_LOSS
    assert loss_words(RequestType.SWITCHOVER, names, both) == ""


def test_waves_count_only_what_moves() -> None:
    assert waves_of(["b", "d"], [["a"], ["b", "c"], ["d"]]) == {"b": 1, "d": 2}


def test_clients_that_do_not_find_the_primary_are_led_to_it() -> None:
    made = replace(resource("orders-db"), execution=_execution(TrafficKind.MANUAL))
    found = steps(RequestType.SWITCHOVER, [Member(resource=made, nodes=topology_of(made, None, "ams"), wave=1)], None)
    places = [step.action for step in found]
    assert places.index(Action.MOVE) < places.index(Action.TRAFFIC) < places.index(Action.VERIFY)
    assert next(step for step in found if step.action == Action.TRAFFIC).manual


def _execution(kind: TrafficKind):  # type: ignore[no-untyped-def]
    from bc_lib.domain.inventory import Execution

    return Execution(secret="env:A", client_secret="env:B", traffic=kind)


def test_endpoint_names_are_used_as_written() -> None:
    end = Endpoint(site="ams", node="db2", host="127.0.0.1", port=1, database="d", secret="env:X")
    made = replace(resource("orders-db"), endpoints=(resource("orders-db").endpoints[0], end))
    found = steps(RequestType.SWITCHOVER, [Member(resource=made, nodes=topology_of(made, None, "ams"), wave=1)], None)
    assert "db2 (ams)" in next(step.summary for step in found if step.action == Action.MOVE)
