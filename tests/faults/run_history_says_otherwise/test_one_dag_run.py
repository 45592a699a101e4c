"""Airflow's run history contradicts the request: a held run as failed ones, a refused start red where nothing was done.

Each request is one DAG run from start to end, in the colour of what happened, and its logs tell the story.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from bc_lib.domain.actor import Role
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.services.execution.allow import allow
from bc_lib.services.execution.consent import consent, loss_now
from bc_lib.services.requests.approve import approve
from bc_lib.services.requests.confirm import confirm
from bc_lib.services.requests.withdraw import withdraw
from benchmarks.campaign.stack import Part
from tests.fixtures.live import Live

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.timeout(900)]
TASKS = ("register", "approval", "confirmation", "prechecks", "execute", "postchecks", "close")
REPORTS, FAILS, DRILLED = "reports-db", "billing-db", "orders-db"
GREEN = dict.fromkeys(TASKS, "success")
POLICY = """schema_version: 1
rules:
  - name: Everything within a minute
    needs: {approver-it: 1, approver-business: 1}
    approve_within: 1min
"""


def bcctl(live: Live, *words: str) -> str:
    """What a person types."""
    command = [sys.executable, "-m", "bc_lib.cli", *words]
    done = subprocess.run(command, env=live.environment(), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def checkpoint(live: Live, node: str) -> None:
    """As a server that has run for a while made one: pg_rewind begins at the last one that both sites have."""
    demo = live.stack.data / "demo"
    port = json.loads((demo / "state.json").read_text(encoding="utf-8"))["ports"][f"server {node}"]
    word = json.loads((demo / "secrets.json").read_text(encoding="utf-8"))["superuser"]
    with psycopg.connect(
        host="127.0.0.1", port=port, user="postgres", password=word, dbname="postgres", autocommit=True
    ) as connection:
        connection.execute("CHECKPOINT")


def test_a_failover_that_waits_for_a_consent_and_an_allowance_is_one_green_run(live: Live) -> None:
    checkpoint(live, f"{FAILS}-fra")
    bcctl(live, "demo", "break", FAILS, "primary-down")
    request = live.ask_for(RequestType.FAILOVER, FAILS, "ams")
    live.agree(request)
    live.until("the start waits for a consent", lambda: live.task(request, "prechecks") == "deferred")
    live.until("the log says so", lambda: "bcctl run consent" in live.log(request, "prechecks"))

    def consented() -> bool:
        """What may be lost is looked at again until somebody has accepted exactly that."""
        gate, olga = live.stack.gate, live.stack.actor("olga")
        if live.state(request) is State.READY_TO_START:
            consent(gate, olga, request.id, loss_now(gate, request.id))
        return live.state(request) is not State.READY_TO_START

    live.until("the start", live.patiently(consented))
    live.until("it waits for the allowance", lambda: live.state(request) is State.SERVICE_RESTORED, 120.0)
    live.until("deferred, not failed", lambda: live.task(request, "execute") == "deferred")
    live.until("its log says for whom", lambda: "bcctl run allow" in live.log(request, "execute"))
    assert "waits for an approver to allow the rewind" in live.log(request, "execute")
    assert live.run(request)["state"] == "running", "nothing has failed"
    allow(live.stack.gate, live.stack.actor("ian"), request.id, f"{FAILS}/rewind")
    assert live.over(request) is State.SUCCEEDED
    assert live.colours(request) == ("success", GREEN)
    assert live.others(request) == []
    log = live.log(request, "execute")
    for step in ("check", "move", "verify", "preserve", "rewind", "postcheck"):
        assert re.search(rf"::group::{FAILS}/{step}: verified in [0-9.]+ ", log), step
    assert "Traceback" not in log
    live.until("the note says the end", lambda: str(live.run(request)["note"]).startswith("Succeeded "))
    assert f"{FAILS}: from Frankfurt to Amsterdam" in str(live.run(request)["note"])
    bcctl(live, "demo", "heal", FAILS)


def test_a_drill_that_its_checks_refuse_is_red_at_the_checks(live: Live) -> None:
    """The standby is killed between the approvals and the phrase."""
    request = live.ask_for(RequestType.DRILL, DRILLED, live.watch().new, drill="live")
    bcctl(live, "demo", "break", DRILLED, "dr-down")
    live.agree(request)
    assert live.over(request) is State.FAILED
    expected = {**GREEN, "prechecks": "failed"} | dict.fromkeys(TASKS[4:], "upstream_failed")
    assert live.colours(request) == ("failed", expected)
    log = live.log(request, "prechecks")
    assert f"block {DRILLED}/target-reachable: " in log, log
    assert "Traceback" not in log
    assert live.others(request) == []
    live.until("the note says the end", lambda: str(live.run(request)["note"]).startswith("Failed "))
    bcctl(live, "demo", "heal", DRILLED)


def test_a_rehearsal_that_finds_blockers_is_done_with_its_list(live: Live) -> None:
    """reports-db replays two minutes late, and its RPO is less. A rehearsal is there to find that: green, with it."""
    gate = live.stack.gate
    request = live.ask_for(RequestType.DRILL, REPORTS, "ams", drill="rehearsal")
    approved = approve(gate, live.stack.actor("ian"), request.id, Role.APPROVER_IT)
    confirm(gate, live.stack.actor("olga"), request.id, approved.phrase)
    assert live.over(request) is State.SUCCEEDED
    assert live.colours(request) == ("success", GREEN)
    logs = "".join(live.log(request, task) for task in ("prechecks", "execute", "postchecks"))
    assert "would stop a move now" in logs, logs
    assert "Traceback" not in logs


def test_a_withdrawn_request_is_skipped_with_its_reason(live: Live) -> None:
    request = live.ask(live.watch())
    live.until("the approval is waited for", lambda: live.task(request, "approval") == "deferred")
    live.until("for whom", lambda: "waits for an Approver-IT and an Approver-Business" in live.log(request, "approval"))
    withdraw(live.stack.gate, live.stack.actor("olga"), request.id, reason="the vendor called off")
    assert live.colours(request) == ("success", {**dict.fromkeys(TASKS, "skipped"), "register": "success"})
    live.until("the note says why", lambda: "by Olga: the vendor called off" in str(live.run(request)["note"]))
    assert str(live.run(request)["note"]).startswith("Withdrawn ")
    assert live.others(request) == []


def test_an_expired_request_is_skipped_with_its_reason(live: Live, tmp_path: Path) -> None:
    before, shorter = tmp_path / "before.yaml", tmp_path / "shorter.yaml"
    before.write_text(bcctl(live, "policy", "show", "--yaml"), encoding="utf-8")
    shorter.write_text(POLICY, encoding="utf-8")
    change_policy(live, shorter)
    try:
        request = live.ask(live.watch())
        live.until("it expires", lambda: live.state(request) is State.EXPIRED, 120.0)
        assert live.colours(request) == ("success", {**dict.fromkeys(TASKS, "skipped"), "register": "success"})
        live.until("the note says why", lambda: str(live.run(request)["note"]).startswith("Expired "))
        assert live.others(request) == []
    finally:
        change_policy(live, before)


def change_policy(live: Live, file: Path) -> None:
    """As two administrators."""
    proposed = re.match(r"(\d+) ", bcctl(live, "policy", "propose", str(file), "--as", "ada"))
    assert proposed is not None
    bcctl(live, "policy", "agree", proposed[1], "--as", "alan")
    live.until("it is applied", lambda: "applied" in bcctl(live, "policy", "show", proposed[1]).lower())


def test_a_run_whose_runner_was_killed_goes_on_in_the_same_dag_run(live: Live) -> None:
    watch = live.watch()
    request = live.agree(live.ask(watch))
    live.until("it acts", lambda: live.stack.kill(Part.TASK, request.id))
    assert live.over(request) is State.SUCCEEDED
    assert live.colours(request) == ("success", GREEN)
    assert live.others(request) == []
    assert watch.judge(request.id, live.record) == []
    status, found = live.airflow("GET", f"{live.dag_run(request)}/taskInstances/execute")
    assert status == 200
    assert found["try_number"] >= 2, "Airflow began the task again"
    live.until("Health tells of the death", lambda: "of ours died in Airflow" in live.health("run history").text)
    assert f"execute of {request.id}~1 (switchover) died" in live.health("run history").text


def test_a_mark_and_a_clear_by_a_person_are_audited_with_the_name(live: Live) -> None:
    request = live.ask(live.watch())
    live.until("the approval is waited for", lambda: live.task(request, "approval") == "deferred")
    before, run = live.audited(), live.dag_run(request)
    assert live.airflow("PATCH", f"{run}/taskInstances/confirmation", {"new_state": "success"})[0] == 200
    clear = {"dry_run": False, "only_failed": False, "task_ids": ["confirmation"], "dag_run_id": f"{request.id}~1"}
    assert live.airflow("POST", f"{run.partition('/dagRuns')[0]}/clearTaskInstances", clear)[0] == 200
    wanted = {("dag.marked", "marked", "admin"), ("dag.cleared", "cleared", "admin")}
    live.until("the audit has both, with the person", lambda: wanted <= live.told_of_airflow(before), 60.0)
    assert live.state(request) is State.PENDING_APPROVAL, "it changes nothing"
    withdraw(live.stack.gate, live.stack.actor("olga"), request.id)
