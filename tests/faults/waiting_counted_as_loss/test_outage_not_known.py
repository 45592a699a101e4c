"""Nobody saw the primary alive: neither when clients could write last nor what is lost is known, and both are said."""

from __future__ import annotations

from pathlib import Path

from bc_lib.cli.request import _lines as request_lines
from bc_lib.domain.loss.covering import UNKNOWN_LOSS
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.services.execution.consent import consent, loss_now
from bc_lib.services.execution.show import run_json, run_lines, show_run
from bc_lib.services.requests.confirm import confirm
from bc_lib.services.requests.show import show
from bc_lib.services.requests.show_json import request_json
from streamlit_app.presenters.request import request_page
from streamlit_app.presenters.run import run_page
from streamlit_app.runs import read_run
from tests.faults.waiting_counted_as_loss.test_failovers import made
from tests.fixtures.moving import Moving

LONGER = "When clients could write last is not known: the outage began before "


def test_every_place_says_that_the_outage_is_longer_than_counted(moving: Moving, tmp_path: Path) -> None:
    gate, new = moving.world.gate, moving.other
    moving.world.database.sql("postgres", "DELETE FROM bc.current_status")
    moving._remembered.clear()  # a monitor that was installed after the fact
    moving.pair.kill(moving.site)
    moving.observe(beat=False)
    request = moving.approved(RequestType.FAILOVER, site=new)
    view = show(gate, request.id)
    assert view.outage is not None
    sentence = view.outage.sentence
    assert sentence.startswith(LONGER)
    assert sentence.endswith("so it is longer than counted here.")
    assert sentence in dict(request_page(view, None).card)["Clients cannot write"]
    assert request_json(view)["outage"]["sentence"] == sentence
    assert any(sentence in line for line in request_lines(view))
    assert loss_now(gate, request.id) == UNKNOWN_LOSS
    request = confirm(gate, moving.world.actor("olga"), request.id, request.phrase)
    consent(gate, moving.world.actor("olga"), request.id, UNKNOWN_LOSS)
    report = moving.run(request)
    assert report.state == State.SERVICE_RESTORED, report.text
    ran = show_run(gate, request.id)
    assert sentence in run_page(read_run(gate, moving.read, request.id)).clocks[0].detail
    assert any(sentence in line for line in run_lines(ran))
    assert run_json(ran)["outage_sentence"] == sentence
    kinds = {kind for kind, text in moving.messages(request) if sentence in text}
    assert kinds >= {"created", "started", "clients write again"}
    assert sentence in made(moving, request, tmp_path)["rto"]["sentence"]
    moving.rejoin(request)
