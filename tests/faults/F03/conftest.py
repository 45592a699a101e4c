"""Fixtures of runs."""

from __future__ import annotations

from tests.fixtures.requests import world
from tests.fixtures.runs import runs

__all__ = ["runs", "world"]
