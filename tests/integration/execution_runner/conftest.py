"""Fixtures of the runner."""

from __future__ import annotations

from tests.fixtures.requests import world
from tests.fixtures.running import running, running_back

__all__ = ["running", "running_back", "world"]
