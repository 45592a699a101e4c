"""`python -m demo.agent`: the host agent of the demo, one process that owns everything of the estate."""

from __future__ import annotations

import asyncio
import errno
import json
import logging
import os
import secrets
import signal
import sys
import time
from collections.abc import Awaitable
from datetime import UTC, datetime

import psycopg

from bc_lib.runtime.descendants import become_subreaper, end_all
from bc_lib.runtime.pgserver import ServerFailed
from demo.control import Control
from demo.estate import Estate
from demo.ground import Ground, prepare
from demo.inbox import Inbox
from demo.reaper import reap_for_ever
from demo.refusal import CannotStart
from demo.statefile import write_private
from demo.webserver import WebServer

log = logging.getLogger("demo.agent")
SLOW_S = 0.35  # a query then takes 0.7 s, a sign-in with its round trips some 4 s


class Agent:
    """The estate with its inbox and its control API."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._estate = Estate(ground, float(os.environ.get("BC_DEMO_SLOW_S", SLOW_S)))
        self._inbox = Inbox(ground.home / "inbox")
        self._token = secrets.token_urlsafe(32)
        self._control = Control(self._token, self._estate, self._inbox, ground.smtp_port)
        self._api = WebServer(self._control.app(), ground.control_port)
        self._reaping: asyncio.Task[None] | None = None
        self._hosts = WebServer(self._estate.hosts.app(), ground.host_port)
        self._about = ground.home / "agent.json"

    async def start(self) -> None:
        """Everything up; `ready` in agent.json tells when."""
        await self._api.start()
        await self._hosts.start()  # now, so that nobody takes the port while the servers are built
        self._describe(ready=False)
        await self._inbox.start(self._ground.smtp_port)
        await self._estate.start()
        self._reaping = asyncio.create_task(reap_for_ever(self._estate.postmasters))
        self._control.ready = True
        self._describe(ready=True)

    async def stop(self) -> None:
        """Everything down; agent.json goes first, so that nobody calls any more."""
        self._about.unlink(missing_ok=True)
        self._inbox.stop()
        if self._reaping is not None:
            self._reaping.cancel()
        await self._hosts.stop()  # no order reaches a server that is being stopped
        await asyncio.gather(self._api.stop(), self._estate.stop())

    def _describe(self, *, ready: bool) -> None:
        about = {
            "port": self._ground.control_port,
            "token": self._token,
            "pid": os.getpid(),
            "ready": ready,
            "started_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        write_private(self._about, json.dumps(about, indent=2) + "\n")


async def run(ground: Ground) -> None:
    """Start, wait for SIGTERM or SIGINT, stop."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sig in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sig, ended.set)
    agent = Agent(ground)
    try:
        began = time.monotonic()
        if await _unless(ended, agent.start()):
            log.info("the demo estate is up after %.1f s", time.monotonic() - began)
            await ended.wait()
    finally:
        began = time.monotonic()
        await agent.stop()
        log.info("the demo estate is down after %.1f s", time.monotonic() - began)


async def _unless(ended: asyncio.Event, work: Awaitable[None]) -> bool:
    """Do `work`, or give it up when `ended` is set first. True where it was done."""
    doing, waiting = asyncio.ensure_future(work), asyncio.ensure_future(ended.wait())
    await asyncio.wait({doing, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if doing.done():
        await doing
        return True
    doing.cancel()
    await asyncio.gather(doing, return_exceptions=True)  # half-done work may complain; we were told to end
    return False


def main() -> int:
    """Entry point; 0 after an orderly end, 1 with one sentence otherwise."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stdout)
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    os.umask(0o022)
    try:
        become_subreaper()
        ground = prepare()
        ground.assign()
        for sentence in ground.said:
            log.info("%s", sentence)
        asyncio.run(run(ground))
    except (CannotStart, ServerFailed, psycopg.Error, OSError, RuntimeError) as error:
        return _sorry(error)
    except ExceptionGroup as several:
        return _sorry(several.exceptions[0])
    finally:
        end_all(grace_s=1.0)
    return 0


def _sorry(error: Exception) -> int:
    hint = ""
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        hint = " Another program took one of its ports meanwhile; start the demo again and it takes another one."
    sys.stderr.write(f"The demo cannot run: {str(error).strip()}{hint}\n")
    return 1


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # a thread that still builds a server must not hold us up
