"""What the database refuses about runs, written with SQL by every login (decisions 5, 6, 8, 17; S-rules of people)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bc_lib.domain.actor import Role
from bc_lib.domain.authorization import TABLE, Requester
from bc_lib.domain.execution.acts import RULES
from bc_lib.domain.execution.journal import StepState, may_follow
from bc_lib.domain.execution.outcome import Outcome, Owed
from bc_lib.domain.execution.run import RunActKind
from bc_lib.domain.requests.machine import Event
from bc_lib.domain.requests.states import State
from bc_lib.ports.runs import RunChange
from bc_lib.services.execution.freeze import freeze
from bc_lib.services.execution.thaw import thaw
from bc_lib.services.requests.words import look_at_words
from bc_lib.store.runs_sql import LOCK_LEASES
from tests.fixtures.requests import world
from tests.fixtures.runs import MOVE, Runs, code_of, plan_of, runs

__all__ = ["runs", "world"]

CHECK, TURN = "orders-db/check", "orders-db/move"
STEP = "UPDATE bc.run_step SET state = :state, epoch = :epoch WHERE key = :key"
ACT = """
INSERT INTO bc.run_act (request, plan_revision, plan_digest, kind, step, value, note, issuer, subject, role, channel,
    signed_in_how, signed_in_at, proof)
SELECT p.request, p.revision, CAST(:digest AS text), :kind, :step, :value, :note, 'demo', :who, :as_role, 'ui', 'demo',
    bc.now(), '{}'
FROM bc.request_plan p WHERE p.request = :id
"""
FREEZE = "INSERT INTO bc.freeze (issuer, subject, reason) VALUES ('demo', :who, 'x')"
THAW = "UPDATE bc.freeze SET thawed_at = bc.now(), thawed_issuer = 'demo', thawed_subject = :who, thaw_reason = 'x'"
WRITES = (
    "INSERT INTO bc.run (request, plan_revision, epoch, executor) VALUES ('r-1', 1, 1, 'x')",
    "INSERT INTO bc.run_step (request, key, position, step) VALUES ('r-1', 'a', 9, '{}')",
    "INSERT INTO bc.run_mark (request, step, name, epoch, at) VALUES ('r-1', 'orders-db/check', 'fenced', 1, bc.now())",
    "INSERT INTO bc.run_event (request, level, text) VALUES ('r-1', 'info', 'x')",
    "INSERT INTO bc.precheck (request, findings) VALUES ('r-1', '[]')",
    "INSERT INTO bc.run_term (request, holder) VALUES ('r-1', 'x')",
    "INSERT INTO bc.resource_lease (resource, request, epoch, holder, ttl_s, expires_at) "
    "VALUES ('billing-db', 'r-1', 1, 'x', 20, bc.now())",
    "UPDATE bc.run SET outcome = 'Untouched', epoch = 1",
    "UPDATE bc.run_step SET state = 'skipped', epoch = 1",
    "UPDATE bc.resource_lease SET released_at = bc.now()",
)
TABLES = (
    "run",
    "run_step",
    "run_mark",
    "run_event",
    "run_act",
    "run_term",
    "precheck",
    "resource_lease",
    "freeze",
)


@pytest.mark.parametrize("statement", WRITES)
def test_only_the_runner_writes_runs(runs: Runs, statement: str) -> None:
    """SEC-002: not the pages, not the poller, not the keeper, not the owner, and not the superuser by accident."""
    runs.started()
    for role in ("bc_ui", "bc_poller", "bc_keeper", "bc_reader", "bc_owner"):
        said = runs.said(role, statement)
        assert "permission denied" in said or "read-only transaction" in said, (role, said)
    assert "Only bc_runner writes this" in runs.said("postgres", statement)


def test_only_people_decide(runs: Runs) -> None:
    """The runner writes no decision and no kill switch."""
    request = runs.ready()
    given = {
        "id": request.id,
        "digest": runs.ui.read.plan(request.id).digest,
        "kind": "consent",
        "step": "",
        "value": "1",
    }
    runs.world.database.sql("bc_ui", ACT, note="", who="olga", as_role="operator", **given)
    for role in ("bc_runner", "bc_poller", "bc_keeper", "bc_owner"):
        assert "permission denied" in runs.said(role, ACT, note="", who="olga", as_role="operator", **given)
        assert "permission denied" in runs.said(role, FREEZE, who="ada")
    assert "Only bc_ui writes this" in runs.said("postgres", FREEZE, who="ada")


@pytest.mark.parametrize("table", TABLES)
def test_what_happened_stays(runs: Runs, table: str) -> None:
    """Neither a runner nor the owner nor a superuser removes a row of a journal while the guards stand."""
    request = runs.ready()
    freeze(runs.world.gate, runs.world.actor("ada"), "network works")
    thaw(runs.world.gate, runs.world.actor("ada"), "over")
    look_at_words(runs.world.runner)
    given = {
        "id": request.id,
        "digest": runs.ui.read.plan(request.id).digest,
        "kind": "consent",
        "step": "",
        "value": "1",
    }
    runs.world.database.sql("bc_ui", ACT, note="", who="olga", as_role="operator", **given)
    lease = runs.start(request)
    runs.claim(lease, CHECK)
    runs.world.database.sql("bc_runner", WRITES[3])
    runs.world.database.sql("bc_runner", WRITES[4])
    runs.world.database.sql("bc_runner", WRITES[2].replace("'fenced', 1", f"'fenced', {lease.epoch}"))
    for statement in (f"DELETE FROM bc.{table}", f"TRUNCATE bc.{table} CASCADE"):
        for role in ("bc_ui", "bc_runner", "bc_poller", "bc_keeper", "bc_owner", "postgres"):
            said = runs.said(role, statement)
            assert "permission denied" in said or "never changed" in said, (role, said)


def test_every_edge_of_a_step(runs: Runs) -> None:
    """The database's table of edges is the domain's."""
    for before in StepState:
        for after in StepState:
            found = runs.world.database.sql(
                "postgres", "SELECT bc.step_edge_exists(:a, :b)", a=before.value, b=after.value
            )
            assert found == [(may_follow(before, after),)]


def test_steps_by_sql(runs: Runs) -> None:
    """An epoch that is not the current one, a jump, a step out of turn, another content: refused to bc_runner too."""
    lease = runs.started()
    now = {"epoch": lease.epoch, "key": CHECK}
    for epoch in (lease.epoch - 1, lease.epoch + 1, None):
        assert "Another runner has taken over" in runs.said("bc_runner", STEP, state="claimed", key=CHECK, epoch=epoch)
    assert "cannot go from planned to verified" in runs.said("bc_runner", STEP, state="verified", **now)
    assert f"cannot begin before {CHECK} is done" in runs.said(
        "bc_runner", STEP, state="claimed", epoch=lease.epoch, key=TURN
    )
    runs.world.database.sql("bc_runner", STEP, state="claimed", **now)
    assert "cannot be claimed again" in runs.said("bc_runner", STEP, state="claimed", **now)
    runs.stand_after(lease.request, 0)
    assert "Another runner has taken over" in runs.said("bc_runner", STEP, state="seen", **now)
    for change in ("step = '{}'", "key = 'x'", "position = 99", "attempts = 0", "claimed_at = NULL", "request = 'r-2'"):
        assert "permission denied" in runs.said("bc_runner", f"UPDATE bc.run_step SET {change}, epoch = {lease.epoch}")
    assert "is never changed" in runs.said("postgres", "UPDATE bc.run_step SET step = '{}'")


def test_no_steps_but_the_approved_ones(runs: Runs) -> None:
    """A runner cannot run another plan: not by adding steps, not by leaving some out, not by changing one."""
    lease = runs.started()
    more = "INSERT INTO bc.run_step (request, key, position, step) VALUES (:id, 'more', 6, '{\"key\": \"more\"}')"
    assert "not those of the approved plan" in runs.said("bc_runner", more, id=lease.request)
    request = runs.ready(plan_of("billing-db"))
    begin = """
        WITH term AS (INSERT INTO bc.run_term (request, holder) VALUES (:id, 'x') RETURNING epoch)
        INSERT INTO bc.resource_lease (resource, request, epoch, holder, ttl_s, expires_at)
        SELECT 'billing-db', :id, epoch, 'x', 20, bc.now() + interval '1 hour' FROM term
    """
    run = """
        INSERT INTO bc.run (request, plan_revision, epoch, executor)
        SELECT request, 1, epoch, 'x' FROM bc.resource_lease WHERE request = :id
    """
    steps = """
        INSERT INTO bc.run_step (request, key, position, step)
        SELECT p.request, s.step->>'key', s.position, s.step || CAST(:change AS jsonb)
        FROM bc.request_plan p, jsonb_array_elements(p.plan->'steps') WITH ORDINALITY AS s (step, position)
        WHERE p.request = :id AND s.position > :first
    """
    started = "UPDATE bc.request SET state = 'Running', last_event = 'start', version = version + 1 WHERE id = :id"
    # Leases alone; leases and journal without the start; the start without a journal, with a part, with another step.
    tries = (
        (begin,),
        (begin, run, steps),
        (started,),
        (begin, started),
        (begin, run, started),
        (begin, run, steps.replace(":first", "1"), started),
        (begin, run, steps.replace(":change", '\'{"node": "ams"}\''), started),
    )
    for statements in tries:
        with pytest.raises(DBAPIError, match="not those of the approved plan"):
            _together(runs, statements, request.id)
    _together(runs, (begin, run, steps, started), request.id)
    capped = runs.world.database.sql(
        "bc_reader",
        "SELECT expires_at < bc.now() + interval '21 s' FROM bc.resource_lease WHERE request = :id",
        id=request.id,
    )
    assert capped == [(True,)]


def _together(runs: Runs, statements: tuple[str, ...], request: str) -> None:
    with runs.world.database.engine("bc_runner").begin() as connection:
        for statement in statements:
            given = {"id": request, "change": "{}", "first": 0}
            used = {name: value for name, value in given.items() if f":{name}" in statement}
            connection.execute(text(statement), used)


def test_leases_by_sql(runs: Runs) -> None:
    """Owned until the run is over, alive until the end that was given, epochs from the sequence alone."""
    lease = runs.started()
    change = "UPDATE bc.resource_lease SET {} WHERE resource = 'orders-db'".format
    other = runs.ready(plan_of("billing-db"))
    term = "INSERT INTO bc.run_term (request, holder) VALUES (:id, 'x') RETURNING epoch"
    mine = runs.world.database.sql("bc_runner", term, id=lease.request)[0][0]
    theirs = runs.world.database.sql("bc_runner", term, id=other.id)[0][0]
    runs.world.freeze_clock(lease.expires_at - timedelta(seconds=1))  # however slow this machine is
    for what, sentence in (
        ("released_at = bc.now()", "only while it is succeeded or failed"),
        (f"epoch = {lease.epoch - 1}", "only grows"),
        (f"epoch = {mine}, holder = 'x'", "can be taken over in"),
        (f"request = '{other.id}', epoch = {theirs}, holder = 'x'", f"belongs to the run of {lease.request}"),
        ("ttl_s = 300", "Another runner has taken over"),
    ):
        assert sentence in runs.said("bc_runner", change(what)), what
    assert "permission denied" in runs.said("bc_runner", "SELECT nextval('bc.run_epoch')")
    assert "permission denied" in runs.said(
        "bc_runner", "INSERT INTO bc.run_term (epoch, request, holder) VALUES (1, 'r-1', 'x')"
    )
    runs.world.freeze_clock(lease.expires_at + timedelta(seconds=0.2))
    assert "Another runner has taken over" in runs.said("bc_runner", change("expires_at = bc.now() + interval '1 min'"))
    assert "can be taken over in" in runs.said("bc_runner", change(f"epoch = {mine}, holder = 'x'"))
    runs.world.freeze_clock(lease.expires_at + timedelta(seconds=0.6))
    assert "run_term" in runs.said("bc_runner", change(f"epoch = {theirs} + 7, holder = 'x'"))
    assert "run_term" in runs.said("bc_runner", change(f"epoch = {theirs}, holder = 'x'"))
    assert "ttl_s_check" in runs.said("bc_runner", change(f"epoch = {mine}, holder = 'x', ttl_s = 1e9"))
    runs.world.database.sql(
        "bc_runner", change(f"epoch = {mine}, holder = 'x', expires_at = bc.now() + interval '9 s'")
    )


def test_a_takeover_waits_for_entries_of_the_older_epoch(runs: Runs) -> None:
    """Decision 17: an entry that was let through is committed before the next epoch looks, by the store or by SQL."""
    lease = runs.started()
    take = f"UPDATE bc.resource_lease SET epoch = epoch + 9, expires_at = bc.now() WHERE request = '{lease.request}'"
    with runs.runner.work() as work:
        work.claim_step(lease, CHECK, probed=False)
        runs.expire(30)
        for statement in (take, LOCK_LEASES.replace(":id", f"'{lease.request}'")):
            assert "lock timeout" in runs.said("bc_runner", f"SET LOCAL lock_timeout = '200ms'; {statement}")
    assert runs.take_over(lease.request).epoch > lease.epoch


def test_a_stale_runner_moves_no_request(runs: Runs) -> None:
    """F02: hold, fail, restore and complete need the live epoch; restore needs the steps, complete nothing owed."""
    lease = runs.started()
    for state, event in (("Held", "hold"), ("Failed", "fail"), ("Stopping", "stop"), ("ServiceRestored", "restore")):
        said = runs.said("bc_runner", MOVE, id=lease.request, state=state, event=event)
        assert "Another runner has taken over" in said

    def move(state: State, event: Event, change: RunChange) -> None:
        with runs.runner.work() as work:
            work.change_run(lease, change)
            work.move(work.lock(lease.request), state, event, "runner")

    assert code_of(move, State.SERVICE_RESTORED, Event.RESTORE, RunChange()) == "NO_SUCH_EDGE"
    move(State.HELD, Event.HOLD, RunChange(held_because="?"))
    move(State.RUNNING, Event.RESUME, RunChange(held_because=""))
    runs.done(lease, [CHECK, TURN, "orders-db/verify"])
    move(State.SERVICE_RESTORED, Event.RESTORE, RunChange(owed=(Owed.REPROTECT,)))
    assert code_of(move, State.SUCCEEDED, Event.COMPLETE, RunChange()) == "NO_SUCH_EDGE"
    runs.expire(21)
    assert code_of(move, State.SUCCEEDED, Event.COMPLETE, RunChange(owed=())) == "STALE_EPOCH"
    lease = runs.take_over(lease.request)
    move(State.SUCCEEDED, Event.COMPLETE, RunChange(owed=(), ended=True))
    assert runs.runner.read.busy(["orders-db"]) == {}
    assert "Another runner" in runs.said("bc_runner", "UPDATE bc.run SET outcome = 'Untouched'")


def test_a_failed_run_frees_its_resources(runs: Runs) -> None:
    """Also where the runner forgets to."""
    lease = runs.started()
    with runs.runner.work() as work:
        work.change_run(lease, RunChange(outcome=Outcome.UNTOUCHED, ended=True))
        work.move(work.lock(lease.request), State.FAILED, Event.FAIL, "runner")
    assert runs.runner.read.busy(["orders-db"]) == {}


def test_no_start_while_frozen(runs: Runs) -> None:
    """Whatever program starts; and a freeze waits for a start that is under way, so that none slips through."""
    request = runs.ready()
    with runs.runner.work() as work:
        lease = work.open_run(work.lock(request.id), work.plan(request.id).plan, (), "runner-1", 20)
        work.move(work.get(request.id), State.RUNNING, Event.START, "runner")
        assert "lock timeout" in runs.said(
            "bc_ui", f"SET LOCAL lock_timeout = '200ms'; {FREEZE.replace(':who', chr(39) + 'ada' + chr(39))}"
        )
        work.change_run(lease, RunChange())
    runs.world.database.sql("bc_ui", FREEZE, who="ada")
    other = runs.ready(plan_of("billing-db"))
    assert "Starts are frozen since" in runs.said("bc_runner", MOVE, id=other.id, state="Running", event="start")


def test_who_may_freeze_and_thaw(runs: Runs) -> None:
    """FREEZE and THAW of the table of permissions; one open freeze; its history is not rewritten."""
    for who in ("vera", "bea", "nobody"):
        assert "This needs the role" in runs.said("bc_ui", FREEZE, who=who)
    runs.world.database.sql("bc_ui", FREEZE, who="olga")
    assert "freeze_one_open" in runs.said("bc_ui", FREEZE, who="ada")
    for who in ("olga", "ian"):
        assert "This needs the role admin" in runs.said("bc_ui", THAW, who=who)
    assert "permission denied" in runs.said("bc_ui", "UPDATE bc.freeze SET reason = 'y'")
    runs.world.database.sql("bc_ui", THAW, who="ada")
    assert "not frozen" in runs.said("bc_ui", THAW, who="ada")


@pytest.mark.parametrize("kind", list(RunActKind))
def test_who_may_decide(runs: Runs, kind: RunActKind) -> None:
    """Every kind by every role: only those of its verb, never the requester where the verb says so."""
    rule = RULES[kind]
    lease = runs.started() if State.RUNNING in rule.states else None
    request = runs.ui.read.get(lease.request) if lease else runs.ready()
    if lease and rule.steps:
        if StepState.PLANNED not in rule.steps:
            runs.claim(lease, CHECK)
        if StepState.CLAIMED not in rule.steps and StepState.PLANNED not in rule.steps:
            runs.to(lease, CHECK, next(state for state in rule.steps))
    value = {"resolve": "done", "attest": "done", "override": "orders-db/lag", "consent": "1 s"}.get(kind.value, "")
    given = {
        "id": request.id,
        "digest": runs.ui.read.plan(request.id).digest,
        "kind": kind.value,
        "step": CHECK if rule.steps else "",
        "value": value,
        "note": "because",
    }
    people = {Role.VIEWER: "vera", Role.OPERATOR: "oscar", Role.APPROVER_IT: "ivy", Role.APPROVER_BUSINESS: "bea"}
    allowed = TABLE[rule.verb].roles
    for role, who in {**people, Role.ADMIN: "ada"}.items():
        if role not in allowed:
            assert "This needs the role" in runs.said("bc_ui", ACT, who=who, as_role=role.value, **given)
        else:
            runs.world.database.sql("bc_ui", ACT, who=who, as_role=role.value, **given)
            assert "changed since you looked" in runs.said(
                "bc_ui", ACT, who=who, as_role=role.value, **{**given, "digest": "0" * 64}
            )
            if rule.note:
                assert "The note must be" in runs.said(
                    "bc_ui", ACT, who=who, as_role=role.value, **{**given, "note": " "}
                )
            unknown = {**given, "step": "orders-db/nothing"}
            assert "has no step" in runs.said("bc_ui", ACT, who=who, as_role=role.value, **unknown)
    right = next(iter(sorted(allowed)))
    assert "This needs the role" in runs.said("bc_ui", ACT, who="vera", as_role=right.value, **given)
    if TABLE[rule.verb].requester is Requester.NEVER:
        runs.world.set_roles("olga", Role.OPERATOR, right)
        assert "another person must decide" in runs.said("bc_ui", ACT, who="olga", as_role=right.value, **given)


def test_decisions_have_their_time(runs: Runs) -> None:
    """A consent after the start, a stop before it, a step that does not wait: refused."""
    lease = runs.started()
    other = runs.ready(plan_of("billing-db"))

    def said(request: str, kind: str, who: str, role: str, step: str = "", value: str = "") -> str:
        digest = runs.ui.read.plan(request).digest
        given = {"id": request, "digest": digest, "kind": kind, "step": step, "value": value, "note": "x"}
        return runs.said("bc_ui", ACT, who=who, as_role=role, **given)

    assert "is running; this can be done only while" in said(lease.request, "consent", "olga", "operator", value="1")
    assert "is ready to start; this can be done only while" in said(other.id, "stop", "olga", "operator")
    assert "is planned, so there is nothing to decide" in said(
        lease.request, "resolve", "olga", "operator", CHECK, "done"
    )
    assert "has no step" in said(lease.request, "attest", "olga", "operator", "", "done")
    runs.claim(lease, CHECK)
    runs.to(lease, CHECK, StepState.UNKNOWN)
    assert "known_answer" in said(lease.request, "resolve", "olga", "operator", CHECK, "perhaps")
