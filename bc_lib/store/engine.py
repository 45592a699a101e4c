"""Connections to the shared database."""

from __future__ import annotations

from sqlalchemy import URL, Engine, create_engine, make_url

CONNECT_TIMEOUT_S = 5


def make_engine(url: str | URL, *, name: str = "bc", pool_size: int = 3) -> Engine:
    """An engine for `url`; it connects on first use. Times come back as UTC, `name` shows in pg_stat_activity."""
    return create_engine(
        make_url(url),
        pool_size=pool_size,
        max_overflow=5,
        pool_pre_ping=True,
        pool_recycle=1800,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S, "application_name": name, "options": "-c timezone=UTC"},
    )
