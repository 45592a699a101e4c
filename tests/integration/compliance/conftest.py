"""Drills that ended, with their packs, on a real PostgreSQL."""

from __future__ import annotations

from tests.fixtures.commands import commands
from tests.fixtures.evidence import packs
from tests.fixtures.requests import database, database_server, database_template, world
from tests.fixtures.running import running

__all__ = ["commands", "database", "database_server", "database_template", "packs", "running", "world"]
