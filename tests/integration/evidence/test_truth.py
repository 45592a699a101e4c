"""What a pack says of a run that failed, of a break-glass, and of requests that never ran: the truth, and what is not known."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest

from bc_lib.domain.actor import Role
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.requests.values import Request
from bc_lib.ports.mechanism import StepFailed
from bc_lib.services.breakglass.grant import grant
from bc_lib.services.breakglass.use import use
from bc_lib.services.evidence.standalone_pack import unpack
from bc_lib.services.requests.approve import approve
from bc_lib.services.requests.confirm import confirm
from bc_lib.services.requests.deny import deny
from bc_lib.services.requests.expire import expire_due
from bc_lib.services.requests.withdraw import withdraw
from bc_lib.testing.fake_mechanism import blocks
from tests.fixtures.evidence import Packs
from tests.fixtures.running import Running, failing
from tests.integration.evidence.test_pack import keep_for_looking


def told(packs: Packs, request: Request, name: str) -> tuple[dict[str, Any], str, list[dict[str, str]]]:
    """The pack's JSON, HTML and CSV, after it has verified."""
    pack = packs.take(request)
    code, said = packs.verify(pack, "--key", packs.key.public)
    assert code == 0, said
    keep_for_looking(packs, pack, name)
    files = unpack(pack)[0]
    assert files["report.pdf"].startswith(b"%PDF-")
    rows = list(csv.DictReader(io.StringIO(files["timeline.csv"].decode())))
    return json.loads(files["pack.json"]), files["report.html"].decode(), rows


def test_a_move_that_succeeded(running: Running, packs: Packs) -> None:
    """ux.md: everything of its list, with what is not measured said as that (decision 17)."""
    request = running.ready(scope="payments")
    running.go(request)
    body, html, rows = told(packs, request, "succeeded")
    assert body["verdict"]["state"] == "Succeeded"
    assert [(each["name"], each["did"], each["proof"]) for each in body["people"]] == [
        ("Olga", "asked", "the request itself carries none"),
        ("Ian", "approved", "signature holds"),
        ("Bea", "approved", "signature holds"),
        ("Oscar", "confirmed", "signature holds"),
    ]
    assert [one["role"] for each in body["role_assignments"] for one in each["roles"]] == [
        "operator",
        "approver-it",
        "approver-business",
        "operator",
    ]
    assert {row["executed"] for row in rows} == {"executed"}
    assert body["rto"]["ended"]
    assert body["rto"]["parts"][0]["name"] == "detect and ask"
    assert {each["certainty"] for each in body["rpo"]} == {"proven"}
    assert {each["sentence"] for each in body["clocks"]} == {"not measured"}
    assert "never been tested" in body["plan_since_tested"]["sentence"]
    assert "fixed beforehand" in body["criteria"]["fixed"]
    assert body["cleanup"]["owed"] == []
    for part in ("Where the time went", "Steps: planned", "<svg", "not measured", "verify_pack.py"):
        assert part in html
    again = running.ready(scope="orders-db")
    running.go(again)
    assert "never been tested" in told(packs, again, "again")[0]["plan_since_tested"]["sentence"]  # another scope


def test_a_run_that_failed(running: Running, packs: Packs) -> None:
    """TC-044: what was done, what was not, why, what is left; nothing is called lossless or restored."""
    running.disturb("promote", failing(StepFailed("The promotion was refused.", writes_stopped=True)), times=9)
    request = running.ready()
    running.go(request)
    body, html, rows = told(packs, request, "failed")
    assert body["verdict"]["state"] == "Failed"
    assert body["verdict"]["outcome"] == "RolledBack"
    assert body["verdict"]["recovery_test"].startswith("No")
    assert "The promotion was refused." in html
    by_key = {row["key"]: row["executed"] for row in rows}
    assert by_key["orders-db/move"] == "failed"
    assert by_key["orders-db/postcheck"] == "not executed"
    assert body["rpo"] == []
    assert "no loss was measured" in body["rpo_sentence"]
    assert any("The move to " in each for each in body["deviations"])
    assert "was not looked at" in body["cleanup"]["sentence"] or body["cleanup"]["unprotected_since"]
    assert "within the RTO" not in html


def test_a_break_glass_run(running: Running, packs: Packs) -> None:
    """SEC-006: nobody approved, and the pack says so first; the open review, the incident, the grant's own records."""
    world = running.world
    request = world.ask(kind=RequestType.SWITCHOVER)
    scope = Scope(kind="resource", name="orders-db")
    given = grant(world.gate, world.actor("olga"), scope, "INC-7", "Approvers asleep")
    use(world.gate, world.actor("olga"), given.id, request.id)
    confirm(world.gate, world.actor("olga"), request.id, request.phrase)
    running.disturb("stop", failing(StepFailed("It does not stop.")), times=9)
    running.go(request)
    body, html, _ = told(packs, request, "break-glass")
    glass = body["break_glass"]
    assert (glass["incident"], glass["holder"], glass["proof"]) == ("INC-7", "Olga", "signature holds")
    assert glass["stood_in_for"] == ["1 approver-it", "1 approver-business"]
    assert glass["reviewed_by"] is None
    assert "OPEN when this was made" in html
    assert "NOT approved by all approvers" in html
    assert not [each for each in body["people"] if each["did"] == "approved"]
    assert any("INC-7" in each for each in body["deviations"])
    verbs = [each["verb"] for each in json.loads(unpack(packs.take(request))[0]["audit.json"])["records"]]
    assert "breakglass.grant" in verbs


def test_a_break_glass_run_that_one_had_approved(running: Running, packs: Packs) -> None:
    """The grant stood in for whoever had not: what is signed comes from the votes, not from what the rule asks for."""
    world = running.world
    request = world.ask(kind=RequestType.SWITCHOVER)
    approve(world.gate, world.actor("ian"), request.id, Role.APPROVER_IT)
    given = grant(world.gate, world.actor("olga"), Scope(kind="resource", name="orders-db"), "INC-8", "Bea asleep")
    use(world.gate, world.actor("olga"), given.id, request.id)
    confirm(world.gate, world.actor("olga"), request.id, request.phrase)
    running.disturb("stop", failing(StepFailed("It does not stop.")), times=9)
    running.go(request)
    body, html, _ = told(packs, request, "break-glass-half")
    glass = body["break_glass"]
    assert (glass["approved_before"], glass["stood_in_for"]) == (["Ian (approver-it)"], ["1 approver-business"])
    assert "NOT approved by all approvers" in html


@pytest.mark.parametrize("end", ["denied", "withdrawn", "expired", "blocked"])
def test_requests_that_never_ran(running: Running, packs: Packs, end: str) -> None:
    """Each has its pack; it says that nothing was executed, why, and by whom, and shows the plan that was not."""
    world = running.world
    if end == "blocked":
        running.target.findings["precheck"] = (blocks("orders-db"),)
        request = running.ready()
        running.go(request)
    else:
        request = world.ask()
    if end == "denied":
        deny(world.gate, world.actor("bea"), request.id, Role.APPROVER_BUSINESS, "Quarter end")
    elif end == "withdrawn":
        withdraw(world.gate, world.actor("olga"), request.id)
    elif end == "expired":
        running.later(timedelta(hours=25).total_seconds())
        world.bring()  # the sign-on shows everybody once more
        expire_due(world.runner)
    body, html, rows = told(packs, request, end)
    state = {"denied": "Rejected", "withdrawn": "Cancelled", "expired": "Expired", "blocked": "Failed"}[end]
    assert body["verdict"]["state"] == state
    assert "nothing was executed" in body["verdict"]["sentence"]
    assert {row["executed"] for row in rows} == {"not executed"}
    assert body["rto"]["clients_could_not_write_s"] is None
    assert "no recovery time was measured" in html
    assert "not measured" in body["rto"]["parts"][0]["note"]
    if end == "denied":
        assert "Quarter end" in html
    if end == "blocked":
        assert "412 s" in html
