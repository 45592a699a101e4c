"""Names are resolved off the loop, checked, and once per name (A13, F26)."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time

import pytest

from bc_lib.connectors.addresses import AddressBook
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.inventory import Endpoint, Environment, Platform, Resource
from bc_lib.domain.observation import Reach

DB = Endpoint(site="fra", node="fra", host="db1.example.com", port=5432, database="orders", secret="env:X")
RESOURCE = Resource(
    name="orders-db",
    platform=Platform.POSTGRESQL,
    tier=1,
    environment=Environment.PROD,
    owner="x",
    home_site="fra",
    dr_site="ams",
    endpoints=(DB,),
)


async def test_a_literal_is_not_looked_up() -> None:
    assert await AddressBook(lambda host: ("1.1.1.1",)).find(RESOURCE, DB, "10.0.0.1") == ("10.0.0.1",)


@pytest.mark.parametrize(
    "found",
    [("169.254.169.254",), ("127.0.0.1",), ("10.0.0.1", "169.254.169.254"), ("::ffff:127.0.0.1",), ("fe80::1%eth0",)],
)
async def test_one_bad_address_refuses_the_name(found: tuple[str, ...]) -> None:
    """A13."""
    with pytest.raises(Trouble) as trouble:
        await AddressBook(lambda host: found).find(RESOURCE, DB, "db1.example.com")
    assert trouble.value.reach is Reach.ERROR


async def test_an_unknown_name_is_no_proof_of_anything_down() -> None:
    """Our DNS may be the trouble: UNREACHABLE, so blind."""

    def unknown(host: str) -> tuple[str, ...]:
        raise OSError("no such name")

    for look_up in (unknown, lambda host: ()):
        with pytest.raises(Trouble) as trouble:
            await AddressBook(look_up).find(RESOURCE, DB, "db1.example.com")
        assert trouble.value.reach is Reach.UNREACHABLE


async def test_a_dead_name_holds_one_thread_and_never_the_loop() -> None:
    """F26: 50 resources of one dead name, and another name is answered at once."""
    release, asked = threading.Event(), []

    def slow(host: str) -> tuple[str, ...]:
        asked.append(host)
        if host == "dead.example.com":
            release.wait(5)
        return ("10.0.0.9",)

    book = AddressBook(slow)
    waiting = [asyncio.create_task(book.find(RESOURCE, DB, "dead.example.com")) for _ in range(50)]
    await asyncio.sleep(0.05)
    began = time.perf_counter()
    assert await book.find(RESOURCE, DB, "alive.example.com") == ("10.0.0.9",)
    assert time.perf_counter() - began < 0.5
    waiting.pop().cancel()
    release.set()
    assert set(await asyncio.gather(*waiting)) == {("10.0.0.9",)}
    assert asked == ["dead.example.com", "alive.example.com"]


def test_a_hanging_look_up_keeps_no_process_from_ending() -> None:
    """`bcctl check` ends when its answer is there."""
    program = """
import asyncio, time
from bc_lib.connectors.background import Background
async def main():
    try:
        async with asyncio.timeout(0.1):
            await Background(2, "x").run(lambda: time.sleep(30))
    except TimeoutError:
        pass
asyncio.run(main())
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=10)
