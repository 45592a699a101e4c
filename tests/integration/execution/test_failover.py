"""Failover with the primary killed under writes: what is said about lost data, against what the writer counted."""

from __future__ import annotations

import os
import signal
import time
from datetime import UTC, datetime, timedelta

from bc_lib.domain.execution.stated import losses
from bc_lib.domain.loss import Certainty
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.services.execution.consent import consent, loss_now
from tests.fixtures.hostpair import WritingClient
from tests.fixtures.moving import Moving
from tests.fixtures.requests import refused

REPETITIONS = int(os.environ.get("BC_FAILOVER_REPETITIONS", "5"))  # 20 for the figures of docs/benchmarks.md


def kill_and_fail_over(moving: Moving, who: str, *, lossy: bool) -> None:
    """One repetition. `lossy`: the standby was sent nothing more for a while before the kill, so that rows are lost."""
    old, new = moving.site, moving.other
    with moving.pair.client() as client:

        def hold_back() -> None:
            for (pid,) in moving.pair.sql(old, "SELECT pid FROM pg_stat_replication"):
                os.kill(pid, signal.SIGSTOP)
            client.more(10)

        request = moving.lose_primary(new, who, hold_back if lossy else None)
        report = moving.run(request, block_s=0.0)
        assert report.state == State.SERVICE_RESTORED, report.text
        assert moving.site == new
        client.more()
        restored = moving.read.run(request.id)
        assert restored is not None
        assert restored.restored_at is not None
        assert restored.unprotected_since is not None
        lost = client.missing(moving.pair, new)
        assert len(lost) >= 10 * lossy
        _said(moving, request.id, lost, wrote(client))
        # Before the allowance is given the fork's segment is full, and checkpoints remove what nobody asked to keep.
        for _ in range(2):
            moving.pair.sql(new, "SELECT pg_switch_wal()")
            client.more()
            moving.pair.sql(new, "CHECKPOINT")
        moving.rejoin(request)
        client.more()
    assert moving.pair.roles() == {old: "standby", new: "primary"}
    assert client.missing(moving.pair, new) == lost
    assert moving.pair.agent().state(old).preserved, "the only copy of what was lost must be kept"


def _said(moving: Moving, request: str, lost: set[int], wrote_at: dict[int, datetime]) -> None:
    """Never more than the evidence: every lost row was acknowledged inside the window that is named."""
    run = moving.read.run(request)
    assert run is not None
    (found,) = losses(run, moving.read.plan(request).plan)
    if lost:
        assert found.certainty is not Certainty.PROVEN, (found, len(lost))
    if found.certainty is Certainty.BOUNDED:
        assert found.after is not None
        assert found.until is not None
        assert found.seconds is not None
        slack = timedelta(milliseconds=5)
        outside = [wrote_at[each] for each in lost if not found.after - slack <= wrote_at[each] <= found.until]
        assert not outside, found.sentence
    assert "Nothing" not in found.sentence or not lost


def wrote(client: WritingClient) -> dict[int, datetime]:
    """When each row was acknowledged. Writer, servers and runner share this machine's clock."""
    now, ticks = datetime.now(UTC), time.monotonic()
    return {row: now - timedelta(seconds=ticks - at) for row, at in list(client.acknowledged)}


def test_loss_statement_agrees_with_the_writer(moving: Moving) -> None:
    """Two people take turns to ask, because nobody may ask for more than ten requests a minute."""
    assert REPETITIONS > 0
    for number in range(REPETITIONS):
        kill_and_fail_over(moving, ("olga", "oscar")[number % 2], lossy=number % 3 != 1)


def test_failover_without_consent(moving: Moving) -> None:
    """The figure is what must be accepted: another one counts for nothing, and nothing is begun."""
    world, effects = moving.world, moving.effects()
    request = moving.ready(RequestType.FAILOVER)
    loss = loss_now(world.gate, request.id)
    assert loss
    assert refused(moving.run, request) == "CONSENT_MISSING"
    assert refused(consent, world.gate, world.actor("olga"), request.id, "up to 1 h") == "CONSENT_WRONG"
    assert refused(consent, world.gate, world.actor("vera"), request.id, loss) == "ROLE_MISSING"
    assert refused(moving.run, request) == "CONSENT_MISSING"
    assert moving.effects() == effects
    assert world.state(request) is State.READY_TO_START
