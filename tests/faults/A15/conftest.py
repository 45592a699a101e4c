"""The world of requests, on a real PostgreSQL."""

from __future__ import annotations

from tests.fixtures.requests import database, database_server, database_template, world

__all__ = ["database", "database_server", "database_template", "world"]
