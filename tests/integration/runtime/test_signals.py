"""Ctrl-C is never lost, wherever Python happens to be when it comes."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from bc_lib.runtime.boot import SIGNALS, Signals, StopRequested


@pytest.fixture
def signals() -> Iterator[Signals]:
    before = {number: signal.getsignal(number) for number in SIGNALS}
    made = Signals()
    made.install()
    yield made
    for number, handler in before.items():
        signal.signal(number, handler)


class Finalized:
    """Is interrupted while it goes away: Python reports such an exception and drops it."""

    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        for _ in range(1000):
            pass


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_signal_that_a_finalizer_swallowed_still_stops(signals: Signals) -> None:
    one = Finalized()
    del one
    assert signals.count == 1
    with pytest.raises(StopRequested):
        signals.check()


def test_without_a_signal_nothing_stops(signals: Signals) -> None:
    signals.check()
    assert not signals.hurry
