"""The world of requests and runs, on a real PostgreSQL."""

from __future__ import annotations

from tests.fixtures.commands import commands
from tests.fixtures.requests import world
from tests.fixtures.running import running

__all__ = ["commands", "running", "world"]
