"""Runbooks of the world's inventory."""

from __future__ import annotations

from tests.fixtures.commands import commands
from tests.fixtures.requests import database, database_server, database_template, world
from tests.fixtures.running import running

__all__ = ["commands", "database", "database_server", "database_template", "running", "world"]
