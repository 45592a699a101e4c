"""Real pairs, one database for each test."""

from __future__ import annotations

from tests.fixtures.moving import moving, moving_group
from tests.fixtures.requests import world

__all__ = ["moving", "moving_group", "world"]
