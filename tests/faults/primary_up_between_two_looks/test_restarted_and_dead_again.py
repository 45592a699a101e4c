"""A lost primary was up again between two looks and acknowledged: the bound holds that, or says that it is none."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from bc_lib.domain.loss import Certainty, LossProof
from bc_lib.domain.loss.covering import UNKNOWN_LOSS
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.services.execution.consent import consent, loss_now
from bc_lib.services.execution.prechecks import prechecks
from bc_lib.services.execution.show import run_lines, show_run
from bc_lib.services.requests.confirm import confirm
from bc_lib.services.requests.losing import losing
from bc_lib.services.requests.show import show
from streamlit_app.presenters.request import request_page
from streamlit_app.presenters.run import run_page
from streamlit_app.runs import read_run
from tests.fixtures.hostpair import WritingClient
from tests.fixtures.moving import Moving
from tests.fixtures.pgcluster import wait_for
from tests.fixtures.requests import TITLES

NOT_KNOWN = "was up again between two looks after that is not known; what it acknowledged then is not counted."


def proof(moving: Moving) -> LossProof:
    """As the monitor knows it."""
    (row,) = moving.read.snapshot().statuses
    assert row.assessment.loss is not None
    return row.assessment.loss


@contextmanager
def held_back(moving: Moving, node: str) -> Iterator[None]:
    """This standby asks its primary for nothing meanwhile."""
    ((pid,),) = moving.pair.sql(node, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'startup'")
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def gone(moving: Moving, client: WritingClient) -> None:
    """Dead, and seen so."""
    client.more()
    moving.observe()
    moving.pair.kill(moving.site)
    for _ in range(2):
        moving.observe(beat=False)
        time.sleep(0.2)


def up_again(moving: Moving, client: WritingClient, old: str) -> None:
    """As a supervisor does it; clients write."""
    moving.pair.cluster.servers[old].start()
    client.more(30)


def missing(moving: Moving, client: WritingClient, new: str) -> tuple[set[int], float]:
    """Acknowledged rows that the new primary lacks, and the seconds from the first of them to the last of all."""
    lost, at = client.missing(moving.pair, new), dict(client.acknowledged)
    return lost, max(at.values()) - min(at[row] for row in lost)


def test_its_host_tells_and_the_loss_is_asked_for_as_unknown(moving: Moving) -> None:
    old, new, gate = moving.site, moving.other, moving.world.gate
    with moving.pair.client() as client:
        gone(moving, client)
        request = moving.approved(RequestType.FAILOVER, site=new)
        first = loss_now(gate, request.id)
        assert first.startswith("up to ")
        assert NOT_KNOWN in dict(request_page(show(gate, request.id), None).card)["Possible loss"]
        with held_back(moving, new):
            up_again(moving, client, old)
            time.sleep(1)
            moving.pair.kill(old)
            client.__exit__()
        moving.observe(beat=False)
        assert loss_now(gate, request.id) == first, "nobody looked while it was up: only its host can tell"
        prechecks(moving.execution(), request.id)
        assert loss_now(gate, request.id) == UNKNOWN_LOSS
        plan = gate.store.read.plan(request.id).plan
        (sentence,) = losing(gate.store.read, request, plan).sentences
        assert f"cannot be bounded: {TITLES[old]} was started again after it had been seen down at " in sentence
        request = confirm(gate, moving.world.actor("olga"), request.id, request.phrase)
        consent(gate, moving.world.actor("olga"), request.id, UNKNOWN_LOSS)
        report = moving.run(request)
        assert report.state == State.SERVICE_RESTORED, report.text
        lost, truth = missing(moving, client, new)
        assert len(lost) >= 30
    (said,) = show_run(gate, request.id).losses
    assert said.certainty is Certainty.BOUNDED, said.sentence
    assert said.seconds is not None
    print(f"lost={len(lost)} truth={truth:.3f} stated={said.seconds:.3f} {said.sentence}")
    assert said.seconds >= truth
    assert "it was up again after it had been seen down, and stopped, by the word of its host, at " in said.sentence
    moving.rejoin(request)


def test_one_that_stayed_down_is_confirmed_by_its_host(moving: Moving) -> None:
    """The same sentence before and after; what its host adds stands beside it."""
    old, new, gate = moving.site, moving.other, moving.world.gate
    with moving.pair.client() as client:
        gone(moving, client)
        request = moving.ready(RequestType.FAILOVER, site=new)
        before = proof(moving)
        prechecks(moving.execution(), request.id)
        consent(gate, moving.world.actor("olga"), request.id, loss_now(gate, request.id))
        report = moving.run(request)
        assert report.state == State.SERVICE_RESTORED, report.text
    (said,) = show_run(gate, request.id).losses
    assert before.ended is not None
    assert said.until == before.ended.at
    line = run_page(read_run(gate, moving.read, request.id)).losses[0]
    assert (line.sentence, line.gap) == (said.sentence, said.gap)
    assert any(said.gap in each for each in run_lines(show_run(gate, request.id)))
    assert said.gap == f"{TITLES[old]} was not started again after that, by the word of its host."
    moving.rejoin(request)


def test_what_arrived_while_it_was_up_moves_its_end(moving: Moving) -> None:
    """The monitor saw it down before and after, but the standby has received more."""
    old, new = moving.site, moving.other
    with moving.pair.client() as client:
        gone(moving, client)
        first = proof(moving).ended
        assert first is not None
        up_again(moving, client, old)
        wait_for(lambda: moving.pair.streams(new), 30)
        client.more()
        moving.pair.kill(old)
        client.__exit__()
        at, ticks = datetime.now(UTC), time.monotonic()
        moving.observe(beat=False)
    found = proof(moving)
    last = at - timedelta(seconds=ticks - max(ack for _, ack in client.acknowledged))
    assert found.ended is not None
    assert found.ended.at > last > first.at
    moving.observe(beat=False)
    kept = proof(moving).ended
    assert kept is not None
    assert kept.at == found.ended.at, "and stays there"
    request = moving.ready(RequestType.FAILOVER, site=new)
    gate = moving.world.gate
    consent(gate, moving.world.actor("olga"), request.id, loss_now(gate, request.id))
    report = moving.run(request)
    assert report.state == State.SERVICE_RESTORED, report.text
    moving.rejoin(request)
