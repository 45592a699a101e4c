"""Fixtures of requests."""

from __future__ import annotations

from tests.fixtures.requests import world

__all__ = ["world"]
