"""What was accepted, by whom and when, is what every place says; the plan's own figure is of before (C6, FR-032)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bc_lib.domain.breakglass import MAX_MINUTES
from bc_lib.domain.denial import Denial
from bc_lib.domain.execution.run import RunActKind
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.domain.requests.values import Request
from bc_lib.domain.words import clock
from bc_lib.services.breakglass.grant import grant
from bc_lib.services.breakglass.use import use
from bc_lib.services.evidence.report import _accepted as said_in_report
from bc_lib.services.execution.allow import allow
from bc_lib.services.execution.consent import loss_now
from bc_lib.services.requests.approve import approve
from bc_lib.services.requests.asking import known
from bc_lib.services.requests.show import show
from bc_lib.services.requests.show_json import request_json
from streamlit_app.presenters.decision import summary
from streamlit_app.presenters.request import request_page
from streamlit_app.presenters.run_choices import run_choices
from streamlit_app.runs import read_run
from tests.faults.waiting_counted_as_loss.test_failovers import made
from tests.fixtures.commands import commands
from tests.fixtures.moving import Moving
from tests.fixtures.requests import BUSINESS, IT

__all__ = ["commands"]


def approved(moving: Moving, request: Request) -> None:
    """By both roles."""
    for who, role in (("ian", IT), ("bea", BUSINESS)):
        approve(moving.world.gate, moving.world.actor(who), request.id, role)


def broken_glass(moving: Moving, request: Request) -> None:
    """By an emergency grant in place of both roles."""
    scope = Scope(kind="resource", name=moving.pair.name)
    ada = moving.world.actor("ada")
    given = grant(moving.world.gate, ada, scope, "INC-7", "the primary is gone", MAX_MINUTES)
    use(moving.world.gate, ada, given.id, request.id)


@pytest.mark.parametrize("agree", [approved, broken_glass])
def test_the_loss_that_was_accepted_stands_everywhere_with_its_moment(
    moving: Moving, commands: Any, tmp_path: Path, agree: Any
) -> None:
    gate, new = moving.world.gate, moving.other
    request = moving.asked(RequestType.FAILOVER, site=new)
    planned = gate.store.read.plan(request.id).plan.loss
    moving.observe()
    moving.pair.kill(moving.site)
    for _ in range(2):
        moving.observe(beat=False)
    agree(moving, request)
    said = commands("request", "confirm", request.id, "--phrase", request.phrase, "--as", "olga")
    assert said[0] == 0, said[1]
    words = loss_now(gate, request.id)
    assert words != planned, "its end made the figure exact"
    with pytest.raises(Denial, match=f"can lose {words}"):
        moving.run(request)
    # What is missing can be done on that page.
    seen = read_run(gate, moving.read, request.id)
    offered = run_choices(seen, known(gate, moving.world.actor("olga")))
    assert [each.label for each in offered] == [f"Accept losing {words}…"]
    assert dict(request_page(show(gate, request.id), None).card)["Must be accepted"] == f"losing {words}"
    said = commands("run", "consent", request.id, "--loss", words, "--as", "olga")
    assert said[0] == 0, said[1]
    (act,) = [each for each in moving.read.acts(request.id) if each.kind is RunActKind.CONSENT]
    accepted = f"losing {words}, accepted by Olga at {clock(act.at)}"
    card = dict(request_page(show(gate, request.id), None).card)
    assert card["Accepted"] == accepted
    assert "Must be accepted" not in card
    report = moving.run(request)
    assert report.state == State.SERVICE_RESTORED, report.text
    view = show(gate, request.id)
    assert (view.loss, view.losing.accepted[-1].words) == (words, accepted)
    assert summary(view, None).line.startswith(f"Loses {words}")
    assert request_json(view)["accepted"] == [{"value": words, "by": "Olga", "at": act.at.isoformat()}]
    for kind in ("started", "clients write again"):
        assert {accepted in text for told, text in moving.messages(request) if told == kind} == {True}
    pack = made(moving, request, tmp_path)
    assert pack["criteria"]["loss_accepted"] == [{"value": words, "by": "Olga", "at": act.at.isoformat()}]
    assert said_in_report(pack["criteria"]) == f"losing {words}, by Olga at {clock(act.at)}"
    allow(gate, moving.world.actor("ian"), request.id, f"{moving.pair.name}/rewind")
    moving.again(request)  # after break-glass its review is still owed
    moving.settled()
    assert moving.pair.streams(moving.other)
