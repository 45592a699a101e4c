"""One running stack for all tests that need Airflow itself."""

from __future__ import annotations

from tests.fixtures.live import live

__all__ = ["live"]
