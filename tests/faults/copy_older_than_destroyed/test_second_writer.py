"""The old primary took writes again after it was copied: copied once more, allowed anew, and the episode stands."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from bc_lib.domain.denial import Denial
from bc_lib.domain.execution.actions import MarkName
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.outcome import Owed
from bc_lib.domain.execution.run import Run
from bc_lib.domain.execution.writers import episodes
from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Request
from bc_lib.ports.host_control import HostVerb, Order
from bc_lib.services.dispatch.waiting import waits_for
from bc_lib.services.execution.allow import allow
from bc_lib.services.execution.show import run_json, run_lines, show_run
from streamlit_app.presenters.run_words import TWO_WRITERS
from tests.fixtures.moving import Moving
from tests.fixtures.requests import TITLES

REWIND = "orders-db/rewind"


def failed_over(moving: Moving) -> tuple[Request, str, str]:
    """After a kill: the copy is made, the rewind waits for its allowance. Old and new primary."""
    old, new = moving.site, moving.other
    request = moving.lose_primary(new)
    report = moving.run(request)
    assert report.state == State.SERVICE_RESTORED, report.text
    assert run_of(moving, request).step("orders-db/preserve").state is StepState.VERIFIED
    return request, old, new


def by_hand(moving: Moving, old: str, rows: int) -> None:
    """Somebody starts the old primary as it is on disk; it takes writes."""
    moving.pair.cluster.servers[old].start()
    moving.pair.sql(old, f"INSERT INTO public.w SELECT -generate_series(1000001, 1000000 + {rows})")


def run_of(moving: Moving, request: Request) -> Run:
    found = moving.read.run(request.id)
    assert found is not None
    return found


def copies(moving: Moving, old: str, request: Request) -> list[Path]:
    """Copies of this run, oldest first."""
    data = moving.pair.cluster.servers[old].data
    return sorted(data.parent.glob(f"{data.name}.diverged-{request.id}*"), key=lambda path: path.stat().st_ctime)


def allowed(moving: Moving, request: Request) -> None:
    allow(moving.world.gate, moving.world.actor("ian"), request.id, REWIND)


def test_it_is_copied_again_and_allowed_anew_and_told_with_its_times(moving: Moving) -> None:
    request, old, new = failed_over(moving)
    by_hand(moving, old, 300)
    report = moving.again(request)
    run = run_of(moving, request)
    assert (report.state, run.owed) == (State.SERVICE_RESTORED, (Owed.FENCE, Owed.REPROTECT))
    assert "Two servers take writes since" in report.text
    assert f"{TITLES[old]} as well as {TITLES[new]}" in report.text
    assert TWO_WRITERS.key == "no"
    moving.again(request)  # a second look says it once
    assert [mark.name for mark in run_of(moving, request).marks].count(MarkName.TWO_WRITERS) == 1
    moving.pair.cluster.servers[old].stop()
    report = moving.again(request)
    (episode,) = episodes(run_of(moving, request))
    assert (episode.seen, episode.node, episode.beside) == (True, TITLES[old], TITLES[new])
    assert episode.until is not None
    assert run_of(moving, request).owed == (Owed.REPROTECT,)
    # What was allowed was the first copy: the rewind looks, copies again, and waits.
    allowed(moving, request)
    report = moving.again(request)
    assert report.state == State.SERVICE_RESTORED, report.text
    step = run_of(moving, request).step(REWIND)
    assert step.state is StepState.WAITING
    assert "copied again" in step.sentence
    assert len(copies(moving, old, request)) == 2
    assert moving.pair.roles()[old] == "down"
    moving.again(request)
    assert run_of(moving, request).step(REWIND).attempts == step.attempts, "nothing is done without a new allowance"
    (asked,) = waits_for(moving.world.gate, request.id)
    assert f"(bcctl run allow {request.id} {REWIND})" in asked, "the task's log asks for that, not for an attestation"
    assert len(copies(moving, old, request)) == 2
    allowed(moving, request)
    report = moving.again(request)
    assert report.state == State.SUCCEEDED, report.text
    assert moving.pair.sql(old, "SELECT count(*) FROM public.w WHERE seq BETWEEN -1000300 AND -1000001") == [(0,)]
    view = show_run(moving.world.gate, request.id)
    assert any(
        f"{TITLES[old]} took writes as a second primary beside {TITLES[new]} from" in line for line in run_lines(view)
    )
    assert json.loads(json.dumps(run_json(view)))["two_writers"][0]["until"]
    moving.settled()


def test_one_that_nobody_saw_and_a_runner_killed_after_the_second_copy(moving: Moving) -> None:
    """Started, written to and stopped between two looks: the control file tells. Copied again once, however often the
    runner begins anew."""
    request, old, new = failed_over(moving)
    by_hand(moving, old, 20)
    moving.pair.cluster.servers[old].stop()
    allowed(moving, request)
    moving.ttl_s = 5.0

    def killed(order: Order) -> None:
        if order.verb is HostVerb.PRESERVE:
            moving.ordered.clear()
            raise KeyboardInterrupt  # the process is gone, and its lease runs out

    moving.ordered.append(killed)
    with pytest.raises(KeyboardInterrupt):
        moving.again(request)
    assert len(copies(moving, old, request)) == 2
    time.sleep(moving.ttl_s)
    for _ in range(2):  # it takes the step over, then looks at what is there
        report = moving.again(request)
    assert report.state == State.SERVICE_RESTORED, report.text
    assert len(copies(moving, old, request)) == 2
    assert "copied again" in run_of(moving, request).step(REWIND).sentence
    found = episodes(run_of(moving, request))
    assert [(episode.seen, episode.since is not None, episode.until is not None) for episode in found] == [
        (False, True, True)
    ]
    assert "nobody saw it then" in found[0].sentence
    with pytest.raises(Denial):
        allow(moving.world.gate, moving.world.actor("olga"), request.id, REWIND)  # the requester may not, as before
    allowed(moving, request)
    report = moving.again(request)
    assert report.state == State.SUCCEEDED, report.text
    assert new in moving.pair.roles()
    moving.settled()


def test_one_that_still_runs_when_the_rewind_is_allowed(moving: Moving) -> None:
    request, old, _ = failed_over(moving)
    by_hand(moving, old, 5)
    allowed(moving, request)
    report = moving.again(request)
    assert report.state == State.SERVICE_RESTORED, report.text
    assert moving.pair.roles()[old] == "down"
    assert len(copies(moving, old, request)) == 2
    (episode,) = episodes(run_of(moving, request))
    moving.again(request)
    (episode,) = episodes(run_of(moving, request))
    assert episode.until is not None
    allowed(moving, request)
    report = moving.again(request)
    assert report.state == State.SUCCEEDED, report.text
    moving.settled()


def test_one_that_was_left_alone_needs_one_allowance_and_one_copy(moving: Moving) -> None:
    request, old, _ = failed_over(moving)
    moving.rejoin(request)
    assert len(copies(moving, old, request)) == 1
    assert episodes(run_of(moving, request)) == ()
