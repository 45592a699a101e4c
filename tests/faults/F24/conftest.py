"""Real pairs, one database for each test; and a runner over a target in memory."""

from __future__ import annotations

from tests.fixtures.moving import moving
from tests.fixtures.requests import world
from tests.fixtures.running import running

__all__ = ["moving", "running", "world"]
