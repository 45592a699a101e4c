"""Which decisions about a run a person is offered (SEC-002, SEC-008, F17, decision 15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bc_lib.domain.actor import Role
from bc_lib.domain.execution.attested import attested
from bc_lib.domain.execution.findings import Severity
from bc_lib.domain.execution.run import RunActKind
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.services.requests.asking import Known
from bc_lib.testing.fake_runs import finding, past_run, plan_steps, restored, run_at
from streamlit_app.presenters.run_choices import missing_in, run_choices, said_value
from streamlit_app.runs import RunSeen
from tests.fixtures.run_views import ADMIN, IT, NOW, OPERATOR, PLAN, K, S, act, seen, who


def kinds(shown: RunSeen, known: Known) -> list[RunActKind]:
    return [each.kind for each in run_choices(shown, known)]


@pytest.mark.parametrize(
    ("shown", "known", "wanted"),
    [
        (seen(run_at(NOW, 1)), who(2, OPERATOR), [K.STOP]),
        (seen(run_at(NOW, 1)), who(2, Role.VIEWER), []),
        (seen(run_at(NOW, 1)), Known(person=None, roles=frozenset()), []),
        (seen(run_at(NOW, 1), acts=(act(K.STOP, step="", value=""),)), who(2, OPERATOR), []),
        (seen(run_at(NOW, 1, S.UNKNOWN), State.HELD), who(2, IT), [K.RESOLVE, K.STOP]),
        (seen(run_at(NOW, 1, S.UNKNOWN), State.HELD), who(2, ADMIN), [K.STOP]),
        (seen(restored(NOW), State.SERVICE_RESTORED), who(2, OPERATOR, IT), []),
        (seen(run_at(NOW, 5, ended_at=NOW), State.SUCCEEDED), who(2, OPERATOR, IT, ADMIN), []),
    ],
)
def test_sec002_who_is_offered_which_decision(shown: RunSeen, known: Known, wanted: list[RunActKind]) -> None:
    assert kinds(shown, known) == wanted


def test_a_manual_step_an_allowance_and_a_hold_are_offered_to_those_who_may() -> None:
    manual = run_at(NOW, 1, S.WAITING, steps=[replace(each, manual=True) for each in plan_steps()])
    assert kinds(seen(manual), who(2, OPERATOR)) == [K.ATTEST, K.STOP]
    rewind = run_at(NOW, 3, S.WAITING, steps=[replace(each, needs_allowance=each.action == "reprotect") for each in plan_steps()])  # fmt: skip
    restored_ = seen(rewind, State.SERVICE_RESTORED)
    assert kinds(restored_, who(2, IT)) == [K.ALLOW]
    assert kinds(restored_, who(1, IT)) == []  # the requester never approves
    hold = run_at(NOW, 2, S.CLAIMED, steps=[replace(each, action="hold") if each.action == "verify" else each for each in plan_steps()])  # fmt: skip
    assert kinds(seen(hold), who(2, OPERATOR)) == [K.END_HOLD, K.STOP]


def test_sec008_the_second_person_is_told_who_said_it_already() -> None:
    held = seen(run_at(NOW, 1, S.UNKNOWN), State.HELD, acts=(act(K.RESOLVE),))
    other = run_choices(held, who(3, IT))[0]
    assert str(other.said_by) == (
        "Ian decided about it: it was done. Another person must say the same before it counts."
    )
    assert "not you again" in str(run_choices(held, who(2, IT))[0].said_by)
    assert run_choices(seen(run_at(NOW, 1, S.UNKNOWN), State.HELD, acts=(act(K.RESOLVE, plan_revision=9),)),
                       who(3, IT))[0].said_by is None  # fmt: skip


def test_a_check_that_blocks_can_be_overridden_before_the_start_only() -> None:
    checks = (NOW, (finding(Severity.BLOCK, "lag"), finding(Severity.WARN, "slots")))
    may = frozenset({"orders-db/lag", "orders-db/slots"})
    offered = run_choices(seen(None, State.APPROVED, prechecks=checks, overridable=may), who(2, IT))
    assert [(each.kind, each.values) for each in offered] == [(K.OVERRIDE, ("orders-db/lag",))]
    assert kinds(seen(None, State.APPROVED, prechecks=checks), who(2, IT)) == []
    assert kinds(seen(run_at(NOW, 1), prechecks=checks, overridable=may), who(2, IT)) == [K.STOP]


def test_f17_a_second_failover_within_the_block_period_can_be_acknowledged() -> None:
    plan = replace(PLAN, type=RequestType.FAILOVER)
    asked = seen(None, State.APPROVED, plan)
    asked = replace(asked, request=replace(asked.request, type=RequestType.FAILOVER))
    recent = past_run(NOW, "r-0", type="failover", started_at=NOW - timedelta(minutes=29))
    assert kinds(replace(asked, past=(recent,)), who(2, OPERATOR)) == [K.ACKNOWLEDGE]
    assert (
        kinds(replace(asked, past=(replace(recent, started_at=NOW - timedelta(minutes=31)),)), who(2, OPERATOR)) == []
    )
    assert kinds(asked, who(2, OPERATOR)) == []


def test_decision15_a_fence_that_cannot_be_proven_can_be_waived_by_an_approver() -> None:
    plan = replace(PLAN, type=RequestType.FAILOVER, targets=(replace(PLAN.targets[0], from_node="fra"),))
    checks = (NOW, (finding(Severity.UNKNOWN, "host-fra"),))
    asked = seen(None, State.APPROVED, plan, prechecks=checks)
    asked = replace(asked, request=replace(asked.request, type=RequestType.FAILOVER))
    assert kinds(asked, who(2, IT)) == [K.WAIVE]
    assert kinds(asked, who(1, IT)) == []  # never the requester
    assert kinds(replace(asked, prechecks=(NOW, (finding(Severity.OK, "host-fra"),))), who(2, IT)) == []


def test_nothing_is_sent_while_a_choice_or_reason_is_missing() -> None:
    manual = run_at(NOW, 1, S.WAITING, steps=[replace(each, manual=True) for each in plan_steps()])
    choice = run_choices(seen(manual), who(2, IT))[0]
    assert "Choose" in str(missing_in(choice, "", "saw it"))
    assert "one line" in str(missing_in(choice, "done", " "))
    assert missing_in(choice, "done", "saw it") is None


@pytest.mark.parametrize(
    ("action", "value", "marker", "recorded", "missing"),
    [
        ("stop", "done", "", "done", None),
        ("stop", "done", "0/3000148", "done@0/3000148", None),
        ("stop", "done", " a/3b ", "done@A/3B", None),
        ("stop", "done", "0/3000148 ok", None, "is no position"),
        ("stop", "done", "0/123456789", None, "is no position"),
        ("stop", "not-done", "", "not-done", None),
        ("stop", "not-done", "0/3000148", None, "belongs to"),
        ("move", "done", "0/3000148", "done", None),  # no field there, so nothing of it is said
    ],
)
def test_a_stop_by_hand_may_name_where_it_stopped(
    action: str, value: str, marker: str, recorded: str | None, missing: str | None
) -> None:
    steps = [
        replace(each, manual=True, action=action if each.action == "move" else each.action) for each in plan_steps()
    ]
    choice = run_choices(seen(run_at(NOW, 1, S.WAITING, steps=steps)), who(2, OPERATOR))[0]
    assert choice.marker is (action == "stop")
    said = missing_in(choice, value, "saw it", marker)
    assert (said is None) is (missing is None)
    assert (missing or "") in (said or "")
    if recorded is not None:
        assert said_value(choice, value, marker) == recorded
        assert attested(recorded, action) is not None, "the service takes what the page says"
