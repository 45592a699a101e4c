"""The product's own pages over a real database of a test, and a poller that keeps it fresh."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.server import PRODUCT, serving
from tests.fixtures.requests import World

OBSERVED = ("orders-db", "billing-db", "reports-db")


@contextmanager
def product(world: World, log: Path) -> Iterator[str]:
    """The base address of streamlit_app/app.py as the deployment starts it."""
    variables = {
        "BC_ENV": "test",
        "BC_DATA_DIR": str(world.data),
        "BC_DATABASE_URL_UI": world.database.url("bc_ui"),
        "BC_DATABASE_URL_READER": world.database.url("bc_reader"),
    }
    with observing(world), serving(log, app=PRODUCT, environment=variables) as address:
        yield address


@contextmanager
def observing(world: World, every_s: float = 4.0) -> Iterator[None]:
    """A round of every resource now and then: approvals bind to figures, which must not go stale meanwhile."""
    ended = threading.Event()

    def rounds() -> None:
        while not ended.wait(every_s):
            for name in OBSERVED:
                world.observe(name)

    thread = threading.Thread(target=rounds, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(10)
