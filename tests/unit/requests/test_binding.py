"""What approvals bind to: identity exactly, measurements within a band (decision 7)."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from bc_lib.domain.requests.binding import difference, upper_bound
from bc_lib.domain.requests.phrase import confirmation_phrase, matches
from bc_lib.domain.requests.plan import Measurement, Plan, Scope, Step, Target
from bc_lib.domain.requests.states import RequestType

TARGET = Target(
    resource="orders-db",
    platform="postgresql",
    tier=1,
    environment="test",
    from_site="fra",
    to_site="ams",
    endpoints=("a", "b"),
)


def plan(lag: float | None = 0.2, **more: object) -> Plan:
    """A plan for one resource."""
    base = Plan(
        type=RequestType.FAILOVER,
        scope=Scope(kind="resource", name="orders-db"),
        target_site="ams",
        tier=1,
        environment="test",
        policy_version=1,
        policy_position=1,
        effect="Moves.",
        targets=(TARGET,),
        steps=(Step(resource="orders-db", action="promote", summary="promote", point_of_no_return=True),),
        measurements=(Measurement(name="lag", value=lag, upper=upper_bound(lag)),),
        observed={"version of x": "18.6"},
    )
    return replace(base, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (plan(targets=(replace(TARGET, endpoints=("a", "c")),)), "the endpoints of orders-db changed"),
        (plan(targets=(replace(TARGET, from_site="ams", to_site="fra"),)), "would now move from ams to fra"),
        (
            plan(targets=(replace(TARGET, environment="prod"),)),
            "the environment of orders-db changed from test to prod",
        ),
        (plan(targets=(TARGET, replace(TARGET, resource="billing-db"))), "the members changed"),
        (plan(tier=2), "the tier changed from 1 to 2"),
        (plan(policy_version=2), "the approval policy changed"),
        (plan(steps=()), "the steps of the plan changed"),
        (plan(observed={"version of x": "19.1"}), "version of x changed from 18.6 to 19.1"),
        (plan(lag=10.3), "lag is 11 s; the approvals cover up to 11 s"),
    ],
)
def test_what_voids(now: Plan, words: str) -> None:
    """F14, F34: each with its sentence."""
    assert words in (difference(plan(), now) or "")


OTHER: dict[type, object] = {str: "another", int: 3, float: 99.0, bool: True, tuple: ("another",)}
NO_IDENTITY = {"effect", "fences", "limits", "loss", "measurements", "observed", "proofs", "rto_s"}
"""What a plan says beside its identity: compared within a band, or made of the rest."""


def other(value: object) -> object:
    """Another value of the same kind."""
    if isinstance(value, RequestType):
        return RequestType.DRILL
    if isinstance(value, Scope):
        return replace(value, kind="group")
    if isinstance(value, tuple) and value and isinstance(value[0], Target):
        return (replace(value[0], to_node="b2"),)
    if isinstance(value, tuple) and value and isinstance(value[0], Step):
        return (*value, *value)
    return OTHER[type(value)]


@pytest.mark.parametrize("name", [field.name for field in fields(Target) if field.compare])
def test_every_field_of_a_target_that_changes_is_told(name: str) -> None:
    """A change of any field ends the approvals with words of its own, whatever kind of field it is."""
    changed = plan(targets=(replace(TARGET, **{name: other(getattr(TARGET, name))}),))
    said = difference(plan(), changed)
    assert said
    assert "orders-db" in said
    assert "steps" not in said


@pytest.mark.parametrize("name", [field.name for field in fields(Plan) if field.name not in NO_IDENTITY])
def test_every_field_of_the_identity_that_changes_is_told(name: str) -> None:
    """One that comes later is in here by itself, or in NO_IDENTITY by somebody's decision."""
    changed = plan(**{name: other(getattr(plan(), name))})
    said = difference(plan(), changed)
    assert changed.identity() != plan().identity()
    assert said
    assert (said == "the steps of the plan changed") == (name == "steps")


@pytest.mark.parametrize("name", [field.name for field in fields(Step) if field.compare])
def test_every_field_of_a_step_that_changes_is_told(name: str) -> None:
    """Steps are long: it is said that they changed."""
    step = plan().steps[0]
    value = getattr(step, name)
    changed = replace(step, **{name: not value if isinstance(value, bool) else other(value)})
    assert difference(plan(), plan(steps=(changed,))) == "the steps of the plan changed"


def test_another_title_of_a_site_makes_no_other_plan() -> None:
    """What is only read binds nobody: the approvals stay, and so does what was signed."""
    read = replace(TARGET, from_title="Frankfurt am Main", to_title="Amsterdam")
    step = replace(plan().steps[0], place="Amsterdam", peer_place="Frankfurt am Main")
    renamed = plan(targets=(read,), steps=(step, *plan().steps[1:]))
    assert renamed.where == "Amsterdam"
    assert renamed.digest() == plan().digest()
    assert difference(plan(), renamed) is None


def test_what_is_not_known_any_more_voids_a_planned_move_but_not_a_failover() -> None:
    """A primary that dies between approval and start is why a failover was asked for: its loss is accepted anew."""
    planned = plan(type=RequestType.SWITCHOVER)
    assert "lag is not known any more" in (
        difference(planned, replace(planned, measurements=plan(None).measurements)) or ""
    )
    assert difference(plan(), plan(lag=None)) is None


@pytest.mark.parametrize(
    "now", [plan(), plan(lag=10.2), plan(lag=0.0), plan(observed={}), plan(observed={"version of y": "1"})]
)
def test_what_does_not_void(now: Plan) -> None:
    """Within the band, better, or not seen now: approvals hold."""
    assert difference(plan(), now) is None


def test_unknown_when_approved_stays_approved() -> None:
    """Nothing was promised about a figure that nobody knew."""
    assert difference(plan(lag=None), plan(lag=99.0)) is None


def test_the_digest_covers_measurements() -> None:
    """A voter signs the figures they saw."""
    assert plan().digest() != plan(lag=0.3).digest()
    assert plan().digest() == plan().digest()


def test_the_phrase_is_exact() -> None:
    """FR-032, TC-040."""
    phrase = confirmation_phrase(RequestType.FAILOVER, "payments", "ams")
    assert phrase == "FAILOVER payments TO ams"
    assert matches("  FAILOVER payments TO ams \n", phrase)
    assert not any(
        matches(typed, phrase)
        for typed in ("failover payments to ams", "FAILOVER payments TO  ams", "", "FAILOVER payments TO fra")
    )
