"""Drills that ended, with their packs, on a real PostgreSQL."""

from __future__ import annotations

from tests.fixtures.commands import commands
from tests.fixtures.evidence import packs
from tests.fixtures.requests import world
from tests.fixtures.running import running

__all__ = ["commands", "packs", "running", "world"]
