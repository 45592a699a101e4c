"""F06: the triggerer lives and its loop is dead -> the overdue wait is flagged on Health, and nothing else suffers."""

from __future__ import annotations

import signal
import time

import pytest

from bc_lib.domain.assessment import Status
from bc_lib.services.own_health import WAITS
from bc_lib.services.requests.withdraw import withdraw
from benchmarks.campaign.stack import Part
from tests.fixtures.live import Live

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.timeout(900)]


def test_f06_an_overdue_wait_is_flagged(live: Live) -> None:
    """Within 60 s of its death: 40 s of silence, and the dispatcher's word that something waits."""
    request = live.ask(live.watch())
    live.until("the approval is waited for", lambda: live.task(request, "approval") == "deferred")
    live.until("Health says that it is looked after", lambda: _says(live, Status.GREEN, "1 request waits"))
    triggerer, frozen = live.stack.unit(Part.TRIGGERER), live.loop()
    assert triggerer is not None
    assert frozen
    stopped = time.monotonic()
    for process in frozen:
        process.send_signal(signal.SIGSTOP)
    try:
        live.until("Health flags it", lambda: _says(live, Status.RED, "bcctl run"))
        print(f"F06: flagged after {time.monotonic() - stopped:.0f} s")
        assert triggerer.is_running(), "the process itself is alive all the time"
    finally:
        for process in frozen:
            process.send_signal(signal.SIGCONT)
    live.until("Health says that it is looked after again", lambda: _says(live, Status.GREEN, "1 request waits"))
    withdraw(live.stack.gate, live.stack.actor("olga"), request.id)


def _says(live: Live, status: Status, words: str) -> bool:
    found = live.health(WAITS)
    return found.status is status and words in found.text
