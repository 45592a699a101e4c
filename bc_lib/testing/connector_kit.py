"""The contract every connector keeps, as tests to inherit. Version 1.

    class TestMine(ConnectorContract):
        def make_connector(self, timeout_s): ...
        def healthy(self): ...
        def at(self, host, port): ...

A test that cannot hold for a platform is named in `exempt` with the reason; it is then reported as
skipped with that reason, never left out.
"""

from __future__ import annotations

import asyncio
import logging
import time
import unittest
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any, ClassVar

from bc_lib.domain.capabilities import Capabilities, Support
from bc_lib.domain.inventory import Environment, Resource
from bc_lib.domain.observation import Observation, Reach
from bc_lib.ports.connector import Connector
from bc_lib.testing import bad_targets

VERSION = 1
TIMEOUT_S = 1.0
SLACK_S = 0.6
FORBIDDEN_HOSTS = (
    "169.254.169.254",
    "0.0.0.0",
    "224.0.0.1",
    "fd00:ec2::254",
    "::ffff:169.254.169.254",
    "/var/run",
    "a@b",
    "2130706433",
)


class ConnectorContract:
    """Inherit, and give the three methods. `canary` is the password that `make_connector`'s secrets hold."""

    exempt: ClassVar[Mapping[str, str]] = {}
    canary: ClassVar[str] = "canary-7f3a91"

    def make_connector(self, timeout_s: float) -> Connector:
        """A new connector; its secrets resolve every reference to a password `canary`."""
        raise unittest.SkipTest("make_connector is given by the class that inherits")

    def healthy(self) -> Resource:
        """A resource with all nodes up."""
        raise unittest.SkipTest("healthy is given by the class that inherits")

    def at(self, host: str, port: int) -> Resource:
        """A resource of environment demo with one node at host:port."""
        raise unittest.SkipTest("at is given by the class that inherits")

    def test_declares_platform_and_capabilities(self) -> None:
        """A platform that cannot be moved says why."""
        connector = self._make()
        assert isinstance(connector.capabilities, Capabilities)
        assert connector.capabilities.monitor is not Support.UNKNOWN
        if connector.capabilities.switchover is not Support.FULL:
            assert connector.capabilities.monitor_only_reason

    def test_shows_every_statement(self) -> None:
        """`--show-sql` shows what is sent, each with its purpose."""
        statements = self._make().statements()
        assert statements
        assert all(one.purpose.strip() and one.text.strip() for one in statements)

    def test_sees_every_node(self) -> None:
        """FR-010, FR-011: each node once, with figures, a time, a latency."""

        async def check(connector: Connector) -> None:
            for cold in (False, False, True, False):
                self._whole(await connector.observe(self.healthy(), cold=cold), cold)

        self._run(check)

    def test_many_at_once(self) -> None:
        """One connector serves many tasks of one loop."""

        async def check(connector: Connector) -> None:
            colds = [number % 5 == 0 for number in range(20)]
            seen = await asyncio.gather(*(connector.observe(self.healthy(), cold=cold) for cold in colds))
            for observation, cold in zip(seen, colds, strict=True):
                self._whole(observation, cold)

        self._run(check, timeout_s=5.0)

    def test_nobody_listens(self) -> None:
        """A refused connection is REFUSED: the host is there, the service is not."""

        async def check(connector: Connector) -> None:
            self._failed(await connector.observe(self.at("127.0.0.1", bad_targets.free_port())), {Reach.REFUSED})

        self._run(check)

    def test_black_hole(self) -> None:
        """F26: packets vanish."""
        self._bad(bad_targets.black_hole, {Reach.UNREACHABLE})

    def test_mute(self) -> None:
        """F26: accepts and says nothing."""
        self._bad(lambda: bad_targets.serving(bad_targets.mute), {Reach.UNREACHABLE})

    def test_dripping(self) -> None:
        """F26: an answer that never ends."""
        self._bad(lambda: bad_targets.serving(bad_targets.drip), {Reach.UNREACHABLE, Reach.ERROR})

    def test_hang_up(self) -> None:
        """Closed without an answer: not known, so never REFUSED (which counts as down)."""
        self._bad(lambda: bad_targets.serving(bad_targets.hang_up), {Reach.UNREACHABLE, Reach.ERROR})

    def test_babble(self) -> None:
        """Some other service answers."""
        self._bad(lambda: bad_targets.serving(bad_targets.babble), {Reach.UNREACHABLE, Reach.ERROR})

    def test_cancelled(self) -> None:
        """A caller that gives up is let go at once."""

        async def check(connector: Connector) -> None:
            async with bad_targets.serving(bad_targets.mute) as port:
                task = asyncio.create_task(connector.observe(self.at("127.0.0.1", port)))
                await asyncio.sleep(0.2)
                began = time.perf_counter()
                task.cancel()
                await asyncio.wait({task}, timeout=5)
                assert task.cancelled()
                assert time.perf_counter() - began < SLACK_S

        self._run(check, timeout_s=30.0)

    def test_forbidden_hosts(self) -> None:
        """A13: refused before anything is sent, in any spelling; loopback outside the demo too."""

        async def check(connector: Connector) -> None:
            for host in FORBIDDEN_HOSTS:
                self._failed(await connector.observe(self.at(host, 80)), {Reach.ERROR})
            elsewhere = replace(self.at("127.0.0.1", 80), environment=Environment.PROD)
            self._failed(await connector.observe(elsewhere), {Reach.ERROR})

        self._run(check)

    def test_close_twice(self) -> None:
        """Closing is safe at any time."""

        async def check(connector: Connector) -> None:
            await connector.observe(self.healthy())
            await connector.close()

        self._run(check)

    def _bad(self, target: Callable[[], AbstractAsyncContextManager[int]], allowed: set[Reach]) -> None:
        """Cold and warm: ends in time, blocks nobody, tells no secret."""

        async def check(connector: Connector) -> None:
            async with target() as port:
                for cold in (True, False):
                    began = time.perf_counter()
                    observation, gap = await _with_ticker(connector.observe(self.at("127.0.0.1", port), cold=cold))
                    assert time.perf_counter() - began < TIMEOUT_S + SLACK_S
                    assert gap < TIMEOUT_S * 0.8, f"the loop stood still for {gap:.2f} s"
                    self._failed(observation, allowed)

        self._run(check)

    def _make(self, timeout_s: float = TIMEOUT_S) -> Connector:
        return self.make_connector(timeout_s)

    def _run(self, check: Callable[[Connector], Awaitable[None]], timeout_s: float = TIMEOUT_S) -> None:
        async def body() -> None:
            connector = self._make(timeout_s)
            try:
                await check(connector)
            finally:
                await connector.close()

        with _Listening() as logged:
            asyncio.run(body())
        assert self.canary not in "\n".join(logged.lines)

    def _whole(self, observation: Observation, cold: bool) -> None:
        resource = self.healthy()
        assert observation.resource == resource.name
        assert observation.cold is cold
        assert observation.observed_at.utcoffset() == timedelta(0)
        assert [node.node for node in observation.nodes] == [endpoint.node for endpoint in resource.endpoints]
        for node in observation.nodes:
            assert node.reach is Reach.OK, node.error
            assert node.facts is not None
            assert node.latency_s is not None
            assert node.latency_s >= 0
            assert node.observed_at.tzinfo is UTC
        assert self.canary not in repr(observation)

    def _failed(self, observation: Observation, allowed: set[Reach]) -> None:
        (node,) = observation.nodes
        assert node.reach in allowed, node
        assert node.facts is None
        assert node.error
        assert node.error.endswith((".", "?"))
        assert "\n" not in node.error
        assert self.canary not in repr(observation)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Replace exempted tests by a skip that tells the reason."""
        super().__init_subclass__(**kwargs)
        for name, reason in cls.exempt.items():
            setattr(cls, name, _skipped(name, reason))


def _skipped(name: str, reason: str) -> Callable[[ConnectorContract], None]:
    def skip(self: ConnectorContract) -> None:
        raise unittest.SkipTest(reason)

    skip.__name__ = name
    return skip


async def _with_ticker(work: Coroutine[Any, Any, Observation]) -> tuple[Observation, float]:
    """The result of `work`, and the longest time the loop did nothing else meanwhile (seconds)."""
    gaps: list[float] = [0.0]

    async def tick() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.01)
            gaps.append(time.perf_counter() - before - 0.01)

    ticker = asyncio.create_task(tick())
    try:
        return await work, max(gaps)
    finally:
        ticker.cancel()


class _Listening(logging.Handler):
    """Everything logged meanwhile, on every level."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())

    def __enter__(self) -> _Listening:
        root = logging.getLogger()
        self._level = root.level
        root.addHandler(self)
        root.setLevel(logging.DEBUG)
        return self

    def __exit__(self, *_: object) -> None:
        root = logging.getLogger()
        root.setLevel(self._level)
        root.removeHandler(self)
