"""Property: no sequence of events reaches ReadyToStart without a satisfied policy, by services or by SQL (FR-031, S1, S2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from bc_lib.domain.actor import Role
from bc_lib.domain.denial import Denial
from bc_lib.domain.requests.states import State
from bc_lib.services.requests.approve import approve
from bc_lib.services.requests.confirm import confirm
from bc_lib.services.requests.create import create
from bc_lib.services.requests.deny import deny
from bc_lib.services.requests.void import void_changed
from bc_lib.services.requests.withdraw import withdraw
from tests.fixtures.requests import BUSINESS, IT, PEOPLE, World, new

WHO = st.sampled_from(["sam", "ian", "bea", "pat", "olga", "vera"])
ROLE = st.sampled_from([IT, BUSINESS])
MOVES = st.sampled_from(
    [("Approved", "approve"), ("ReadyToStart", "confirm"), ("PendingApproval", "void"), ("Running", "start")]
)
EVENTS = st.one_of(
    st.tuples(st.just("approve"), WHO, ROLE),
    st.tuples(st.just("approve"), WHO, ROLE),
    st.tuples(st.just("deny"), WHO, ROLE),
    st.tuples(st.just("confirm"), WHO),
    st.tuples(st.just("confirm"), st.just("olga")),
    st.tuples(st.just("withdraw"), WHO),
    st.tuples(st.just("lag"), st.sampled_from([0.2, 60.0])),
    st.tuples(st.just("revoke"), st.sampled_from(["ian", "bea", "pat"])),
    st.tuples(st.just("sql"), MOVES),
)


def act(world: World, request_id: str, event: tuple[object, ...]) -> None:
    """One event; a refusal is an outcome like any other."""
    who, gate = str(event[1]), world.gate
    calls: dict[str, Callable[[], object]] = {
        "approve": lambda: approve(gate, world.actor(who), request_id, event[2]),  # type: ignore[arg-type]
        "deny": lambda: deny(gate, world.actor(who), request_id, event[2], "No"),  # type: ignore[arg-type]
        "confirm": lambda: confirm(gate, world.actor(who), request_id, "FAILOVER orders-db TO ams"),
        "withdraw": lambda: withdraw(gate, world.actor(who), request_id),
        "lag": lambda: (world.observe(lag_s=event[1]), void_changed(world.runner)),  # type: ignore[arg-type]
        "revoke": lambda: world.set_roles(who),
        "sql": lambda: by_sql(world, request_id, *event[1]),  # type: ignore[misc]
    }
    try:
        calls[str(event[0])]()
    except (Denial, DBAPIError):
        return


def by_sql(world: World, request_id: str, state: str, event: str) -> None:
    """A bad web process pushes the row."""
    world.database.sql(
        "bc_ui",
        "UPDATE bc.request SET state = :state, last_event = :event, version = version + 1 WHERE id = :id",
        state=state,
        event=event,
        id=request_id,
    )


def satisfied(world: World, request_id: str) -> bool:
    """Counted once more here, from the rows alone and as simply as can be: a person of each role, neither sam."""
    rows = world.database.sql(
        "postgres",
        """
        SELECT v.role::text, v.subject::text, v.decision FROM bc.vote v JOIN bc.request r ON r.id = v.request AND r.plan_revision = v.plan_revision
        WHERE r.id = :id""",
        id=request_id,
    )
    held = {subject for role, subject, _ in rows if Role(str(role)) in world.roles[str(subject)]}
    agreed = {
        str(role): {
            subject for each, subject, decision in rows if each == role and decision == "approve" and subject in held
        }
        for role, _, _ in rows
    }
    denied = any(decision == "deny" for _, _, decision in rows)
    return not denied and any(
        one != other and "sam" not in (one, other)
        for one in agreed.get("approver-it", ())
        for other in agreed.get("approver-business", ())
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(events=st.lists(EVENTS, max_size=8), approved_first=st.sampled_from([0, 1, 2, 2, 2]))
def test_ready_means_satisfied(world: World, events: list[tuple[object, ...]], approved_first: int) -> None:
    """After every event: where it stands at ReadyToStart (or beyond) for the first time, the policy was satisfied."""
    world.roles = dict(PEOPLE)
    world.bring()
    world.observe(lag_s=0.2)
    world.database.sql("postgres", "TRUNCATE bc.refused_attempt")
    world.database.set_clock(f"clock_timestamp() + interval '{next(MINUTES)} minutes'")
    world.observe(lag_s=0.2)
    world.bring()
    request = create(world.gate, world.actor("sam"), new(key=f"{datetime.now(UTC).timestamp()}"))
    before = request.state
    assert before is State.PENDING_APPROVAL
    start: list[tuple[object, ...]] = [("approve", "ian", IT), ("approve", "bea", BUSINESS)]
    for event in [*start[:approved_first], *events]:
        act(world, request.id, event)
        state = world.state(request)
        assert state not in {State.RUNNING, State.SERVICE_RESTORED, State.SUCCEEDED}
        if state is State.READY_TO_START and before is not state:
            assert satisfied(world, request.id), events
            REACHED.append(request.id)
        before = state
    withdraw_quietly(world, request.id)


REACHED: list[str] = []
MINUTES = iter(range(2, 100_000, 2))  # so that the limit of requests a minute does not end the search


def withdraw_quietly(world: World, request_id: str) -> None:
    """Leave nothing for the next example's upkeep."""
    world.roles = dict(PEOPLE)
    world.bring()
    try:
        withdraw(world.gate, world.actor("sam"), request_id)
    except Denial:
        return


def test_the_property_is_not_empty(world: World) -> None:
    """The search above reached ReadyToStart, and the count agrees on a plain case."""
    assert len(REACHED) >= 5, REACHED
    request = world.ready(who="sam")
    assert satisfied(world, request.id)
