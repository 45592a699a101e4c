"""Partitions ahead and retention, through the database's functions that are limited by age (FR-013)."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Engine, text

from bc_lib.store.monitoring import beat


class Housekeeping:
    """As role bc_keeper."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ensure_partitions(self, days_ahead: int = 7) -> int:
        """Make the partitions of today and the days ahead, and those that rows wait for; how many were made."""
        with self._engine.begin() as connection:
            return int(
                connection.execute(text("SELECT bc.ensure_partitions(:days)"), {"days": days_ahead}).scalar_one()
            )

    def drop_old(self, raw_days: int, bucket_months: int) -> Mapping[str, int]:
        """Drop what is older than the retention; how many of what. Less than a day or a month is refused."""
        with self._engine.begin() as connection:
            rows = connection.execute(
                text("SELECT what, dropped FROM bc.drop_old(:days, :months)"),
                {"days": raw_days, "months": bucket_months},
            ).all()
        return {row.what: int(row.dropped) for row in rows}

    def beat(self, component: str, instance: str, details: Mapping[str, object]) -> None:
        """Say that a component lives."""
        beat(self._engine, component, instance, details)
