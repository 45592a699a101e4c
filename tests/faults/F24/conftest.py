"""Real pairs, one database for each test; and a runner over a target in memory."""

from __future__ import annotations

from tests.fixtures.database import database, database_server, database_template
from tests.fixtures.moving import moving
from tests.fixtures.requests import world
from tests.fixtures.running import running

__all__ = ["database", "database_server", "database_template", "moving", "running", "world"]
