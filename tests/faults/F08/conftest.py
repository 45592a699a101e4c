"""Fixtures of the runner, and a running stack."""

from __future__ import annotations

from tests.fixtures.database import database, database_server, database_template
from tests.fixtures.live import live
from tests.fixtures.requests import world
from tests.fixtures.running import running

__all__ = ["database", "database_server", "database_template", "live", "running", "world"]
