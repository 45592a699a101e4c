"""Runs in the shared database: a whole run, what it leaves, how quick an entry is (decisions 5, 6)."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bc_lib.domain.execution.actions import MarkName
from bc_lib.domain.execution.findings import Finding, Severity
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.outcome import MemberOutcome, Outcome, Owed
from bc_lib.domain.execution.run import RunActKind, RunLease
from bc_lib.domain.requests.machine import Event
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.domain.requests.votes import Proof, thaw_statement
from bc_lib.ports.runs import RunChange
from bc_lib.ports.runs import Runs as RunsPort
from bc_lib.services.requests.words import look_at_words
from tests.fixtures.requests import together, world
from tests.fixtures.runs import Runs, code_of, plan_of, runs

__all__ = ["runs", "world"]

FOUND = Finding(check="lag", resource="orders-db", severity=Severity.WARN, sentence="Lag is 3 s.", figure="3 s")
KEYS = [f"orders-db/{action}" for action in ("check", "move", "verify", "reprotect", "postcheck")]
PROOF = Proof(method="demo", key_id="k", signature="00")


def test_the_store_fits_its_port(runs: Runs) -> None:
    """mypy compares them; this keeps the assignment honest at run time."""
    port: RunsPort = runs.runner
    assert port.read.frozen() is None


def test_a_whole_run(runs: Runs) -> None:
    """TC-042: started, every step done, restored, completed; resources are free again."""
    request = runs.ready()
    assert list(runs.runner.read.waiting_runs()) == [request.id]
    lease = runs.start(request)
    assert runs.runner.read.busy(["orders-db", "billing-db"]) == {"orders-db": request.id}
    assert runs.runner.read.waiting_runs() == []
    runs.done(lease, KEYS[:3])
    began = datetime.now(UTC)
    with runs.runner.work() as work:
        work.mark(lease, KEYS[1], MarkName.FENCED, began, {"lsn": "0/1"})
        work.mark(lease, KEYS[1], MarkName.FENCED, began, {"lsn": "0/1"})
        work.mark(lease, KEYS[1], MarkName.PROMOTED, began + timedelta(seconds=1), {})
        change = RunChange(outage_began_at=began, restored_at=began + timedelta(seconds=1), owed=(Owed.REPROTECT,))
        work.change_run(lease, change)
        work.change_run(lease, RunChange(unprotected_since=began, members={"orders-db": MemberOutcome.MOVED}))
        work.move(work.lock(request.id), State.SERVICE_RESTORED, Event.RESTORE, "runner")
        work.say(request.id, "info", "Clients write again.")
    runs.done(lease, KEYS[3:])
    with runs.runner.work() as work:
        work.change_run(lease, RunChange(owed=(), protected=True, ended=True))
        work.move(work.lock(request.id), State.SUCCEEDED, Event.COMPLETE, "runner")
        work.release(lease)
    found = runs.ui.read.run(request.id)
    assert found is not None
    assert [step.state for step in found.steps] == [StepState.VERIFIED] * 5
    assert [(mark.name, mark.facts) for mark in found.marks] == [
        (MarkName.FENCED, {"lsn": "0/1"}),
        (MarkName.PROMOTED, {}),
    ]
    assert (found.outage_began_at, found.owed, found.unprotected_since) == (began, (), None)
    assert found.members == {"orders-db": MemberOutcome.MOVED}
    assert found.ended_at is not None
    assert runs.runner.read.busy(["orders-db"]) == {}
    assert runs.runner.read.lease(request.id) is None
    assert [event.text for _, event in runs.runner.read.events(request.id)] == ["Clients write again."]
    past = runs.runner.read.past(["orders-db", "billing-db"])
    assert [(one.request, one.resource, set(one.step_s)) for one in past] == [
        (request.id, "orders-db", {"check", "move", "verify", "reprotect", "postcheck"})
    ]
    assert [one.outage_s for one in past] == [1.0]
    assert runs.started().epoch > lease.epoch


def test_what_a_step_found_is_kept_and_added_to(runs: Runs) -> None:
    """Facts of the act stay when the check after it adds its own; attempts and times are the database's."""
    lease = runs.started()
    assert runs.claim(lease, KEYS[0]).attempts == 1
    with runs.runner.work() as work:
        work.step_to(lease, KEYS[0], StepState.SEEN, sentence="Looked.", facts={"lsn": "0/1", "big": 10**12})
    with runs.runner.work() as work:
        found = work.step_to(lease, KEYS[0], StepState.VERIFIED, facts={"timeline": 2}, findings=(FOUND,))
    assert found.facts == {"lsn": "0/1", "big": 10**12, "timeline": 2}
    assert (found.sentence, found.findings, found.epoch) == ("Looked.", (FOUND,), lease.epoch)
    assert found.claimed_at is not None and found.ended_at is not None and found.claimed_at <= found.ended_at
    stored = runs.ui.read.run(lease.request)
    assert stored is not None and stored.step(KEYS[0]) == found


def test_what_a_failed_try_said_ends_with_it(runs: Runs) -> None:
    """A step that is done keeps neither the words of a try that failed nor what an earlier look found."""
    lease = runs.started()
    runs.claim(lease, KEYS[0])
    with runs.runner.work() as work:
        work.step_to(lease, KEYS[0], StepState.WAITING, sentence="The promotion broke off.", findings=(FOUND,))
        assert work.claim_step(lease, KEYS[0], probed=True).sentence == "The promotion broke off."
    with runs.runner.work() as work:
        seen = work.step_to(lease, KEYS[0], StepState.SEEN)
        found = work.step_to(lease, KEYS[0], StepState.VERIFIED)
    assert [(each.sentence, each.findings) for each in (seen, found)] == [("", ()), ("", ())]


def test_steps_are_claimed_in_order_and_once(runs: Runs) -> None:
    """Decision 5: an epoch claims once, a later step waits, nothing follows a failed one."""
    lease = runs.started()
    assert code_of(runs.claim, lease, KEYS[1]) == "STEP_BEFORE_OPEN"
    assert code_of(runs.claim, lease, "orders-db/nothing") == "UNKNOWN_STEP"
    runs.claim(lease, KEYS[0])
    assert code_of(runs.claim, lease, KEYS[0]) == "STEP_TAKEN"
    assert code_of(runs.claim, lease, KEYS[0], probed=True) == "STEP_TAKEN"
    assert code_of(runs.to, lease, KEYS[0], StepState.VERIFIED) == "NO_SUCH_STEP_EDGE"
    assert code_of(runs.to, lease, KEYS[1], StepState.WAITING) == "STEP_BEFORE_OPEN"
    runs.to(lease, KEYS[0], StepState.FAILED)
    assert code_of(runs.claim, lease, KEYS[0]) == "STEP_TAKEN"
    assert code_of(runs.claim, lease, KEYS[1]) == "STEP_BEFORE_OPEN"


def test_what_is_owed_to_one_member_does_not_wait_for_another(runs: Runs) -> None:
    """A group's second member is protected again even where that failed for the first."""
    lease = runs.start(runs.ready(plan_of("orders-db", "billing-db", scope="payments")))
    runs.done(
        lease, [f"{name}/{action}" for name in ("orders-db", "billing-db") for action in ("check", "move", "verify")]
    )
    runs.claim(lease, "orders-db/reprotect")
    runs.to(lease, "orders-db/reprotect", StepState.FAILED)
    assert code_of(runs.claim, lease, "orders-db/postcheck") == "STEP_BEFORE_OPEN"
    runs.done(lease, ["billing-db/reprotect", "billing-db/postcheck"])


def test_a_successor_waits_for_the_end_of_the_lease(runs: Runs) -> None:
    """The old epoch can do nothing afterwards; a claimed step is claimed again only after a probe (F02, F11)."""
    old = runs.started()
    runs.claim(old, KEYS[0])
    assert code_of(runs.take_over, old.request) == "RUN_ALIVE"
    runs.stand_after(old.request, 0.2)
    assert code_of(runs.runner.renew, old) == "STALE_EPOCH"
    assert code_of(runs.to, old, KEYS[0], StepState.SEEN) == "STALE_EPOCH"
    assert code_of(runs.take_over, old.request) == "RUN_ALIVE"
    assert runs.runner.read.waiting_runs() == []
    runs.stand_after(old.request, 1)
    assert list(runs.runner.read.waiting_runs()) == [old.request]
    new = runs.take_over(old.request)
    assert new.epoch > old.epoch
    assert code_of(runs.take_over, old.request, "runner-3") == "RUN_ALIVE"
    for call in (runs.runner.renew, lambda lease: runs.claim(lease, KEYS[0], probed=True)):
        assert code_of(call, old) == "STALE_EPOCH"
    assert code_of(runs.claim, new, KEYS[0]) == "STEP_TAKEN"
    assert (runs.claim(new, KEYS[0], probed=True).attempts, runs.runner.renew(new).epoch) == (2, new.epoch)
    for refused in (
        lambda work: work.mark(old, KEYS[0], MarkName.FENCED, datetime.now(UTC), {}),
        lambda work: work.change_run(old, RunChange(outcome=Outcome.UNTOUCHED)),
        lambda work: work.step_to(old, KEYS[0], StepState.UNKNOWN),
    ):
        with runs.runner.work() as work:
            assert code_of(refused, work) == "STALE_EPOCH"
            work.ended_by = None  # the point is the refusal; the transaction is dead either way


def test_a_swallowed_refusal_is_no_success(runs: Runs) -> None:
    """Whoever catches a guard's refusal inside the unit of work cannot commit the rest."""
    lease = runs.started()

    def swallow() -> None:
        with runs.runner.work() as work:
            work.say(lease.request, "info", "lost")
            code_of(work.claim_step, lease, KEYS[1], probed=False)

    assert code_of(swallow) == "STEP_BEFORE_OPEN"
    assert runs.runner.read.events(lease.request) == []


def test_open_run_is_whole(runs: Runs) -> None:
    """A refusal takes nothing, also where the caller goes on; a run is opened once, for its own plan (F10)."""
    runs.world.let_rivals()
    first = runs.started("billing-db")
    request = runs.ready(plan_of("orders-db", "billing-db", scope="payments"))
    plan = plan_of("orders-db", "billing-db", scope="payments")
    with runs.runner.work() as work:
        assert code_of(work.open_run, request, plan, (), "runner-1", 20) == "RESOURCE_BUSY"
        assert work.busy(["orders-db", "billing-db"]) == {"billing-db": first.request}
        work.say(request.id, "warning", "busy")
        assert code_of(work.open_run, request, plan_of("orders-db"), (), "runner-1", 20) == "PLAN_NOT_APPROVED"
    assert runs.runner.read.busy(["orders-db", "billing-db"]) == {"billing-db": first.request}
    assert len(runs.runner.read.events(request.id)) == 1
    assert code_of(runs.start, runs.ui.read.get(first.request)) == "RUN_EXISTS"
    assert code_of(runs.take_over, request.id) == "NO_RUN"


def test_the_kill_switch(runs: Runs) -> None:
    """Nothing starts while frozen; once at a time; the history stays."""
    ada, request = runs.world.actor("ada"), runs.ready()
    with runs.ui.work() as work:
        assert work.freeze(ada, "network works").by == "Ada"
    with runs.ui.work() as work:
        assert code_of(work.freeze, ada, "again") == "ALREADY_FROZEN"
    assert code_of(runs.start, request) == "FROZEN"
    with runs.ui.work() as work:
        frozen = work.frozen()
        assert frozen is not None
        work.thaw(frozen, ada, "over", runs.world.signed("ada", thaw_statement(frozen.id, "over", "demo", "ada")))
        assert code_of(work.thaw, frozen, ada, "again", PROOF) == "NOT_FROZEN"
    assert code_of(runs.start, request) == "FROZEN"
    look_at_words(runs.world.runner)
    assert runs.start(request).request == request.id
    assert runs.world.database.sql("bc_reader", "SELECT reason, thaw_reason FROM bc.freeze") == [
        ("network works", "over")
    ]


def test_decisions_and_prechecks(runs: Runs) -> None:
    """Stored as signed, read with the person of now; prechecks: the newest."""
    request = runs.ready()
    with runs.ui.work() as work:
        made = work.add_act(
            request, runs.world.actor("ivy"), RunActKind.WAIVE, "", "", "site is lost", "approver-it", PROOF
        )
    assert (made.name, made.plan_digest, made.proof) == ("Ivy", runs.ui.read.plan(request.id).digest, PROOF)
    assert [key.subject for key in runs.runner.read.keys(request.id) if key.subject == "ivy"] == ["ivy"]
    for severity in (Severity.OK, Severity.WARN):
        with runs.runner.work() as work:
            work.store_prechecks(request.id, [Finding(check="a", resource="b", severity=severity, sentence="c")])
    stored = runs.ui.read.prechecks(request.id)
    assert stored is not None and [each.severity for each in stored[1]] == [Severity.WARN]
    runs.start(request)
    found = runs.ui.read.run(request.id)
    assert found is not None and found.acts == (made,) and list(runs.ui.read.acts(request.id)) == [made]


@pytest.mark.parametrize(("given", "stored"), [(None, "rehearsal"), ("live", "live")])
def test_the_kind_of_a_drill(runs: Runs, given: str | None, stored: str) -> None:
    """A drill is what its plan says, else a rehearsal; other types have no kind."""
    plan = replace(plan_of("orders-db", kind=RequestType.DRILL), drill=given or "")
    assert runs.pending(plan).drill == stored
    assert runs.pending(plan_of("billing-db")).drill is None


def test_renewals_wait_for_no_journal_entry(runs: Runs) -> None:
    """A renewal goes through while an entry of the same run is not committed; so do entries while it renews."""
    lease = runs.started()
    with runs.runner.work() as work:
        work.claim_step(lease, KEYS[0], probed=False)
        began = time.perf_counter()
        renewed = runs.runner.renew(lease)
        assert time.perf_counter() - began < 1
    assert renewed.expires_at > lease.expires_at


def test_an_entry_is_quick(runs: Runs) -> None:
    """NFR: our own overhead per step; claim, mark, seen, verified in four transactions."""
    lease, took = runs.started(), []
    for key in KEYS:
        began = time.perf_counter()
        runs.claim(lease, key)
        with runs.runner.work() as work:
            work.mark(lease, key, MarkName.FENCED, datetime.now(UTC), {"lsn": "0/1"})
        runs.to(lease, key, StepState.SEEN, StepState.VERIFIED)
        took.append(time.perf_counter() - began)
    print(f"\nfour entries of a step: median {sorted(took)[2] * 1000:.1f} ms, most {max(took) * 1000:.1f} ms")
    assert sorted(took)[2] < 0.5


def test_many_renewals_beside_many_entries(runs: Runs) -> None:
    """Threads of one runner (journal, marks, renewal) never lock each other out."""
    lease = runs.started("orders-db")

    def one(number: int) -> RunLease | None:
        for _ in range(30):
            if number % 2:
                runs.runner.renew(lease)
            else:
                with runs.runner.work() as work:
                    work.mark(lease, KEYS[0], MarkName.WRITTEN, datetime.now(UTC), {})
        return None

    assert together(4, one) == [None] * 4
