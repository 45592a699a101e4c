"""A planned move, end to end: people, plan, runner, hosts and servers are the real ones (TC-032, TC-041..043, TC-045)."""

from __future__ import annotations

from bc_lib.domain.execution.actions import MarkName
from bc_lib.domain.execution.findings import Severity
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.outcome import MemberOutcome
from bc_lib.domain.execution.progress import headline
from bc_lib.domain.execution.stated import losses
from bc_lib.domain.lsn import position
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.services.execution.prechecks import prechecks
from tests.fixtures.moving import Moving

SETTLED_MS = 1000  # of a shared machine; docs/benchmarks.md has the figures
STEPS = ["check", "move", "verify", "reprotect", "postcheck"]


def test_switchover_under_writes(moving: Moving) -> None:
    """TC-032, TC-042, TC-043: moved without loss, told and recorded step by step, with markers and limits."""
    if moving.site != "fra":
        moving.move()
        moving.settled()
    before, effects = moving.timeline(), moving.effects()
    with moving.pair.client() as client:
        request = moving.move()
        client.more()
    assert moving.pair.roles() == {"fra": "standby", "ams": "primary"}
    assert not client.missing(moving.pair, "ams")
    assert not client.missing(moving.pair, "fra")
    assert 0 < client.longest_ms() < SETTLED_MS
    assert moving.timeline() == before + 1
    assert moving.effects_since(effects) == {"fra": {"stop": 1, "start-as-standby": 1}, "ams": {}}
    _journal(moving, request.id)
    assert moving.told(request) == ["created", "approved", "started", "clients write again", "succeeded"]
    _audit(moving, moving.audit(request))


def _journal(moving: Moving, request: str) -> None:
    """TC-042, TC-043."""
    run = moving.read.run(request)
    assert run is not None
    assert [(each.step.key, each.state) for each in run.steps] == [
        (f"orders-db/{action}", StepState.VERIFIED) for action in STEPS
    ]
    move = run.step("orders-db/move")
    at = [run.marked(move.step.key, name) for name in (MarkName.FENCED, MarkName.CAUGHT_UP, MarkName.PROMOTED)]
    assert [mark.at for mark in at if mark] == sorted(mark.at for mark in at if mark)
    assert all(at)
    assert run.outage_began_at is not None
    assert run.restored_at is not None
    assert 0 < (run.restored_at - run.outage_began_at).total_seconds() * 1000 < SETTLED_MS
    assert (run.unprotected_since, run.owed, dict(run.members)) == (None, (), {"orders-db": MemberOutcome.MOVED})
    assert headline(run, State.SUCCEEDED) == "orders-db is done."
    checked, after = run.step("orders-db/check"), run.step("orders-db/postcheck")
    markers = [checked.facts["nodes"]["fra"]["lsn"], move.facts["marker"], after.facts["nodes"]["ams"]["lsn"]]
    assert markers == sorted(set(markers), key=lambda lsn: position(lsn) or 0)
    found = {finding.check: finding for finding in after.findings}
    assert found["integrity-written"].severity is Severity.OK
    assert "at the primary" in found["integrity-written"].figure
    assert "timeline" in found
    (loss,) = losses(run, moving.read.plan(request).plan)
    assert loss.certainty.value == "proven"
    assert str(move.facts["marker"]) in loss.sentence
    assert any("timeline" in finding.figure or "before" in finding.figure for finding in after.findings)


def _audit(moving: Moving, records: list[dict[str, object]]) -> None:
    """TC-041: the prechecks stand in the record of the start, before any action."""
    records = [each for each in records if each["verb"] != "word.stored"]
    verbs = [(each["verb"], each["outcome"]) for each in records]
    assert verbs == [
        ("request.create", "PendingApproval"),
        ("request.approve", "PendingApproval"),
        ("request.approve", "Approved"),
        ("request.confirm", "ReadyToStart"),
        ("request.start", "Running"),
        ("request.run", "ServiceRestored"),
        ("request.run", "Succeeded"),
    ]
    started, ended = records[4]["payload"], records[-1]["payload"]
    assert isinstance(started, dict)
    assert isinstance(ended, dict)
    assert started["prechecks_ok"] > 10
    assert started["approved_by"] == ["Ian (approver-it)", "Bea (approver-business)"]
    assert (started["requester"], started["confirmed_by"]) == ("Olga", "Olga")
    assert ended["loss"][0].startswith("Nothing that Frankfurt acknowledged is missing at Amsterdam")
    assert ended["outage_s"] > 0


def test_prechecks_are_there_before_anybody_approves(moving: Moving) -> None:
    """TC-041: named, with figures, stored for approvers, and read-only."""
    request, effects, before = moving.asked(), moving.effects(), moving.timeline()
    prechecks(moving.execution(), request.id)
    stored = moving.read.prechecks(request.id)
    assert stored is not None
    found = {finding.check: finding for finding in stored[1]}
    wanted = {"one-primary", "target-is-standby", "same-cluster", "lag", "replay-runs", "may-promote", "clients-write"}
    assert wanted <= set(found)
    assert found["one-primary"].figure == "1 primary"
    assert "RPO" in found["lag"].figure
    assert (moving.effects(), moving.timeline()) == (effects, before)
    assert moving.read.run(request.id) is None


def test_failback_goes_home(moving: Moving) -> None:
    """TC-045: asked, approved and confirmed anew; nothing is lost either."""
    if moving.site == "fra":
        moving.move()
    assert moving.site == "ams"
    with moving.pair.client() as client:
        request = moving.move(RequestType.FAILBACK)
        client.more()
    assert moving.pair.roles() == {"fra": "primary", "ams": "standby"}
    assert not client.missing(moving.pair, "fra")
    assert request.phrase == "FAILBACK orders-db TO fra"
