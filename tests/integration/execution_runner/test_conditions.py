"""What a start asks of people and of both sites (FR-033, F13, F17, F19; TC-040, TC-041)."""

from __future__ import annotations

import pytest

from bc_lib.domain.denial import Denial
from bc_lib.domain.execution.findings import Severity
from bc_lib.domain.loss.covering import UNKNOWN_LOSS
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.domain.requests.values import Request
from bc_lib.services.dispatch.ending import postchecks_shown
from bc_lib.services.execution.acknowledge import acknowledge
from bc_lib.services.execution.blockers import blockers
from bc_lib.services.execution.consent import consent, loss_now
from bc_lib.services.execution.freeze import freeze
from bc_lib.services.execution.override import override
from bc_lib.services.execution.prechecks import prechecks, refresh
from bc_lib.services.execution.runner import run
from bc_lib.services.execution.thaw import thaw
from bc_lib.services.execution.waive import waive
from bc_lib.services.requests.asking import prospect
from bc_lib.services.requests.listing import standing_against
from bc_lib.services.requests.show import show
from bc_lib.services.requests.show_json import request_json
from bc_lib.testing.fake_mechanism import blocks
from tests.fixtures.running import Running, refused

FAILOVER = RequestType.FAILOVER


def test_a_precheck_that_says_no_fails_it_untouched(running: Running) -> None:
    """TC-041, F13: the figure is in the reason, the audit and the notice; nothing was touched."""
    request = running.ready()
    running.target.findings["precheck"] = [blocks("orders-db")]
    report = running.go(request)
    assert (report.state, running.state(request)) == ("Failed", State.FAILED)
    assert "412 s" in report.text
    assert not running.target.effects
    assert running.kinds() == ["request.start failed Untouched"]
    assert running.world.audit.entries[-1].payload["findings"][0]["figure"] == "412 s"
    assert running.world.outbox()[-1].endswith("/failed")


def test_a_rehearsal_that_finds_blockers_is_done_with_its_list(running: Running) -> None:
    """FR-033: it was asked what stands against a move, and says that; a live drill does not start."""
    found = [blocks("orders-db"), blocks("orders-db", "same-cluster", Severity.UNKNOWN)]
    running.target.findings |= {"precheck": found, "check": found, "rehearse": found}
    request = running.ready(RequestType.DRILL)
    assert show(running.world.gate, request.id).against is None, "nothing stands against looking"
    report = running.go(request)
    assert (report.state, running.state(request)) == ("Succeeded", State.SUCCEEDED), report.text
    assert report.text.startswith("Rehearsed: 2 things would stop a move now. orders-db: ")
    assert "412 s" in report.text
    assert not running.target.effects
    assert running.world.outbox()[-1].endswith("/succeeded")
    seen = running.world.gate.store.read.run(request.id)
    assert seen is not None
    assert {each.check for each in seen.step("orders-db/rehearse").findings} == {"lag", "same-cluster"}
    well, said = postchecks_shown(running.world.gate.store.read, request.id)
    assert well
    assert len(said) == 2, said
    live = running.ready(RequestType.DRILL, drill="live")
    assert running.go(live).state == "Failed"


def test_a_rehearsal_without_anything_to_look_with_fails(running: Running) -> None:
    """A result that nobody looked for is none."""
    running.target.findings["precheck"] = [blocks("orders-db", "execution")]
    assert running.go(running.ready(RequestType.DRILL)).state == "Failed"


def test_unknown_is_never_green(running: Running) -> None:
    """A check that could not be made forbids the start too."""
    request = running.ready()
    running.target.findings["precheck"] = [blocks("orders-db", "same-cluster", Severity.UNKNOWN)]
    assert running.go(request).state == "Failed"


def test_overriding_needs_policy_reason_and_two_persons(running: Running) -> None:
    """SEC-008: tier 1, two who did not ask."""
    running.target.findings["precheck"] = [blocks("orders-db")]
    request = running.ready()
    gate, actor = running.world.gate, running.world.actor
    assert refused(override, gate, actor("ian"), request.id, "orders-db/lag", note=" ") == "TEXT_INVALID"
    assert refused(override, gate, actor("ian"), request.id, "orders-db/free-slots", note="x") == "OVERRIDE_FORBIDDEN"
    assert refused(override, gate, actor("ian"), request.id, "orders-db/same-cluster", note="x") == "OVERRIDE_NEVER"
    assert refused(override, gate, actor("ian"), request.id, "reports-db/lag", note="x") == "OVERRIDE_FORBIDDEN"
    assert refused(override, gate, actor("olga"), request.id, "orders-db/lag", note="x") == "ROLE_MISSING"
    for name in ("ian", "ivy"):
        override(gate, actor(name), request.id, "orders-db/lag", note="the batch may be lost")
    assert running.go(request).state == "Succeeded"
    started = next(each for each in running.world.audit.entries if each.verb == "request.start")
    assert [each["by"] for each in started.payload["decisions"]] == ["Ian and Ivy"]


def test_one_override_is_not_enough_on_tier_one(running: Running) -> None:
    """One of two said so."""
    running.target.findings["precheck"] = [blocks("orders-db")]
    request = running.ready()
    override(running.world.gate, running.world.actor("ian"), request.id, "orders-db/lag", note="may be lost")
    assert running.go(request).state == "Failed"


def said_against(running: Running, request: Request) -> tuple[str, str]:
    """Code and command that the request shows; its sentence is the one that the runner refused with, word for word."""
    found = show(running.world.gate, request.id).against
    assert found is not None
    assert found.words in [each.text for _, each in running.world.runner.store.read.events(request.id)]
    return found.code, found.do


def test_what_became_unknown_since_the_approvals_is_the_figure_everywhere(running: Running) -> None:
    """F17: approved with a lag that was known; now nobody sees one, and a script reads what it must accept."""
    request = running.ready(FAILOVER)
    gate = running.world.gate
    assert show(gate, request.id).loss != UNKNOWN_LOSS
    running.world.observe("orders-db", lag_s=None)
    assert show(gate, request.id).loss == UNKNOWN_LOSS == loss_now(gate, request.id)
    with pytest.raises(Denial, match="can lose an unknown amount"):
        run(running.execution(), request.id, "test")
    shown = request_json(show(gate, request.id))
    assert shown["loss_to_accept"] == UNKNOWN_LOSS
    assert shown["does_not_start"]["code"] == "CONSENT_MISSING"
    assert UNKNOWN_LOSS in shown["does_not_start"]["do"]
    consent(gate, running.world.actor("olga"), request.id, shown["loss_to_accept"])
    assert running.go(request).state == "ServiceRestored"


def test_an_approved_request_names_what_its_start_will_ask_for(running: Running) -> None:
    """Before the confirmation, whose 15 minutes would run; the lists say it too."""
    gate = running.world.gate
    request = running.world.approved(kind=FAILOVER)
    found = standing_against(gate, [gate.store.read.get(request.id)])[request.id]
    assert found.code == "CONSENT_MISSING"
    assert found == show(gate, request.id).against


def test_checks_that_say_no_are_named_before_they_fail_the_start(running: Running) -> None:
    """FR-033: and what one answers for is not in the way any more."""
    running.target.findings["precheck"] = [blocks("orders-db")]
    request = running.ready()
    gate = running.world.gate
    assert show(gate, request.id).against is None, "nobody has looked yet"
    prechecks(running.execution(), request.id)
    found = show(gate, request.id).against
    assert found is not None
    assert (found.code, "orders-db/lag" in found.do) == ("CHECK_BLOCKS", True)
    for name in ("ian", "ivy"):
        override(gate, running.world.actor(name), request.id, "orders-db/lag", note="the batch may be lost")
    assert show(gate, request.id).against is None


def test_a_failover_asks_for_consent_to_exactly_its_loss(running: Running) -> None:
    """The figure as the plan says it."""
    request = running.ready(FAILOVER)
    gate, actor = running.world.gate, running.world.actor
    assert refused(run, running.execution(), request.id, "test") == "CONSENT_MISSING"
    assert running.state(request) is State.READY_TO_START
    loss = loss_now(gate, request.id)
    view = show(gate, request.id)
    assert view.loss == loss, "page, command and start name one figure"
    assert said_against(running, request) == ("CONSENT_MISSING", f"bcctl run consent {request.id} --loss '{loss}'")
    assert refused(consent, gate, actor("olga"), request.id, "nothing") == "CONSENT_WRONG"
    consent(gate, actor("olga"), request.id, loss)
    assert show(gate, request.id).against is None, "at once, not when the runner tries again"
    report = running.go(request)
    assert report.state == "ServiceRestored", report
    assert running.states(request)["orders-db/rewind"] == "waiting"


def test_a_failover_that_cannot_prove_its_fence_needs_a_waiver(running: Running) -> None:
    """Decision 15: two persons, never the requester."""
    running.target.findings["precheck"] = [blocks("orders-db", "host-fra", Severity.WARN)]
    request = running.ready(FAILOVER)
    gate, actor = running.world.gate, running.world.actor
    consent(gate, actor("olga"), request.id, loss_now(gate, request.id))
    assert refused(run, running.execution(), request.id, "test") == "FENCE_UNPROVEN"
    assert said_against(running, request)[0] == "FENCE_UNPROVEN"
    waive(gate, actor("ian"), request.id, note="the site has no power")
    assert refused(run, running.execution(), request.id, "test") == "FENCE_UNPROVEN"
    waive(gate, actor("ivy"), request.id, note="seen it myself")
    assert running.go(request).state == "ServiceRestored"


def test_an_open_fence_is_among_the_blockers_before_anybody_asks(running: Running) -> None:
    """The start refuses without a waiver, so that "nothing stands against it" would be wrong."""
    gate, scope = running.world.gate, Scope(kind="resource", name="orders-db")
    plan = prospect(gate, FAILOVER, scope, "ams").plan
    assert blockers(running.execution(), plan)[1] == ()
    running.target.findings["precheck"] = [blocks("orders-db", "host-fra", Severity.WARN)]
    (fence,) = blockers(running.execution(), plan)[1]
    assert fence.startswith("Nobody can prove that orders-db at Frankfurt accepts no writes")


def test_a_second_failover_needs_an_acknowledgement(running: Running) -> None:
    """F17: within the block period, with a reason."""
    gate, actor = running.world.gate, running.world.actor
    first = running.ready(FAILOVER)
    consent(gate, actor("olga"), first.id, loss_now(gate, first.id))
    running.disturb("acted", lambda: freeze(gate, actor("ada"), "stop"), step="orders-db/check")
    assert running.go(first).state == "Failed"
    thaw(gate, actor("ada"), "again")
    running.target.at = lambda *_: None
    second = running.ready(FAILOVER)
    consent(gate, actor("olga"), second.id, loss_now(gate, second.id))
    assert refused(run, running.execution(), second.id, "test") == "BLOCK_PERIOD"
    shown = show(gate, second.id).against
    assert shown is not None
    assert shown.code == "BLOCK_PERIOD"
    acknowledge(gate, actor("oscar"), second.id, note="the first one was stopped by us")
    assert running.go(second).state == "ServiceRestored"


def test_frozen_starts_nothing(running: Running) -> None:
    """The kill switch; who threw it and why is in the sentence."""
    request = running.ready()
    gate, actor = running.world.gate, running.world.actor
    assert refused(freeze, gate, actor("vera"), "x") == "ROLE_MISSING"
    freeze(gate, actor("ada"), "maintenance of the network")
    assert refused(freeze, gate, actor("ada"), "again") == "ALREADY_FROZEN"
    assert refused(run, running.execution(), request.id, "test") == "FROZEN"
    assert said_against(running, request)[0] == "FROZEN"
    assert refused(thaw, gate, actor("olga"), "x") == "ROLE_MISSING"
    thaw(gate, actor("alan"), "done")
    assert refused(thaw, gate, actor("alan"), "done") == "NOT_FROZEN"
    assert running.go(request).state == "Succeeded"
    verbs = [each.verb for each in running.world.audit.entries if each.verb in {"run.freeze", "run.thaw"}]
    assert verbs == ["run.freeze", "run.thaw"]


def test_not_confirmed_or_unknown_is_refused_and_audited(running: Running) -> None:
    """TC-040, TC-005."""
    request = running.world.approved(kind=RequestType.SWITCHOVER)
    assert refused(run, running.execution(), request.id, "test") == "WRONG_STATE"
    assert refused(run, running.execution(), "r-999", "test") == "UNKNOWN_REQUEST"
    denied = [each.reason_code for each in running.world.audit.entries if each.verb == "request.start"]
    assert denied == ["WRONG_STATE", "UNKNOWN_REQUEST"]


def test_prechecks_are_looked_at_again_for_those_who_wait(running: Running) -> None:
    """FR-033: approvers see what is now."""
    request = running.world.ask(kind=RequestType.SWITCHOVER)
    ex = running.execution()
    assert (refresh(ex), refresh(ex)) == (1, 0)
    found = running.world.gate.store.read.prechecks(request.id)
    assert found is not None
    assert [each.check for each in found[1]] == ["lag"]
    running.later(31)
    assert refresh(ex) == 1
