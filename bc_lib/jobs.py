"""What Airflow's tasks run, one function a task: compose, call one service, say in one line what happened."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import threading
import time

from bc_lib import bootstrap, config
from bc_lib.config import DbRole
from bc_lib.services.collection.window import Poller, WindowSettings

log = logging.getLogger(__name__)
DELIVERY_WINDOW_S = 57.0
DELIVERY_PAUSE_S = 1.0
UPKEEP_PAUSE_S = 10.0
CHECKS_PAUSE_S = 1.0


def holder_name() -> str:
    """Who holds a lease: host and process, for people who read the table."""
    return f"{socket.gethostname()}:{os.getpid()}"


def poll_window(shard: int, shards: int, window_s: float | None = None) -> str:
    """Watch one shard for a window. SIGTERM and SIGINT end it early and hand the lease over at once."""
    settings = WindowSettings(shard=shard, shards=shards, **({} if window_s is None else {"window_s": window_s}))
    with config.only(DbRole.POLLER):  # it reads what hostile servers answer
        return asyncio.run(_poll(settings))


async def _poll(settings: WindowSettings) -> str:
    parts = bootstrap.polling()
    poller = Poller(
        inventory=parts.inventory,
        store=parts.store,
        leases=parts.leases,
        registry=parts.registry,
        holder=holder_name(),
        settings=settings,
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, poller.stop.set)
    result = await poller.run()
    return f"shard {settings.shard}: {result.ended}, {result.rounds} rounds stored"


def deliver_window(window_s: float = DELIVERY_WINDOW_S) -> str:
    """Deliver waiting notices for a window; SIGTERM ends it after the message at hand."""
    parts = bootstrap.delivery()
    stop = stop_on_signals()
    deadline = time.monotonic() + window_s
    sent = 0
    while time.monotonic() < deadline and not stop.is_set():
        done = parts.deliver_once()
        sent += done.delivered
        parts.beat(holder_name(), {"sent": sent, **(done.looked.told if done.looked else {})})
        stop.wait(DELIVERY_PAUSE_S)
    return f"{sent} notices delivered"


def requests_window(window_s: float = DELIVERY_WINDOW_S) -> str:
    """Expire, void and count requests, again and again for a window. It decides nothing that a person decides."""
    from bc_lib.bootstrap_evidence import make_due_in_job
    from bc_lib.bootstrap_execution import refresh_prechecks

    stop = stop_on_signals()
    deadline = time.monotonic() + window_s
    done = ""
    while time.monotonic() < deadline and not stop.is_set():
        done = bootstrap.request_upkeep(holder_name(), lambda looked: refresh_prechecks(holder_name(), looked))
        done += f"; {make_due_in_job(holder_name())}"
        _answer_until(time.monotonic() + UPKEEP_PAUSE_S, stop)
    return done


def _answer_until(moment: float, stop: threading.Event) -> None:
    """Somebody before a page waits for these: looked for each second."""
    from bc_lib.bootstrap_execution import answer_checks

    while time.monotonic() < moment and not stop.wait(CHECKS_PAUSE_S):
        try:
            answer_checks(holder_name())
        except Exception:  # whatever it was: the next second is another try, and the upkeep goes on
            log.exception("What was asked to be checked could not be looked at")


def stop_on_signals() -> threading.Event:
    """Set by SIGTERM or SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def keep_house() -> str:
    """Partitions ahead, old ones dropped; says what was done."""
    return bootstrap.housekeeping().run(holder_name())


def print_runbooks() -> str:
    """Runbooks for paper made anew and kept outside the database; says what was done."""
    from bc_lib.bootstrap_runbooks import refresh

    return refresh(holder_name())
