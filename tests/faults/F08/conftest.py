"""Fixtures of the runner."""

from __future__ import annotations

from tests.fixtures.database import database, database_server, database_template
from tests.fixtures.requests import world
from tests.fixtures.running import running

__all__ = ["database", "database_server", "database_template", "running", "world"]
