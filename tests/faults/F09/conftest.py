"""The world of requests, on a real PostgreSQL."""

from __future__ import annotations

from tests.fixtures.requests import world

__all__ = ["world"]
