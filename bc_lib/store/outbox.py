"""Messages on their way: taken for a while, delivered at least once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, text

from bc_lib.ports.notices import Notification, OutboxItem
from bc_lib.store.codec import clean, from_json

log = logging.getLogger(__name__)
MAX_ERROR = 500

FORBIDDEN = """
UPDATE bc.outbox o SET dead_at = bc.now(),
    last_error = 'The channel has left the inventory or takes production notices only.'
WHERE o.delivered_at IS NULL AND o.dead_at IS NULL AND NOT EXISTS (
    SELECT FROM bc.channel c LEFT JOIN bc.resource r ON r.name = o.resource
    WHERE c.name = o.channel AND (NOT c.production OR r.environment = 'prod'))
"""
CLAIM = """
UPDATE bc.outbox o SET claimed_until = bc.now() + make_interval(secs => :lock_s), attempts = o.attempts + 1
WHERE o.id IN (
    SELECT id FROM bc.outbox
    WHERE delivered_at IS NULL AND dead_at IS NULL AND due_at <= bc.now()
        AND (claimed_until IS NULL OR claimed_until <= bc.now())
    ORDER BY id LIMIT :most FOR UPDATE SKIP LOCKED)
RETURNING o.id, o.channel, o.notification, o.created_at, o.attempts
"""
DELIVERED = """
UPDATE bc.outbox SET delivered_at = bc.now(), last_error = NULL
WHERE id = :id AND delivered_at IS NULL AND dead_at IS NULL
"""
FAILED = """
UPDATE bc.outbox SET last_error = :error, claimed_until = NULL,
    due_at = CASE WHEN CAST(:retry_s AS float8) IS NULL THEN due_at
        ELSE bc.now() + make_interval(secs => CAST(:retry_s AS float8)) END,
    dead_at = CASE WHEN CAST(:retry_s AS float8) IS NULL THEN bc.now() END
WHERE id = :id AND delivered_at IS NULL AND dead_at IS NULL
"""


class Outbox:
    """Implements ports.notices.Outbox as role bc_keeper. `attempts` counts the claim that is being made."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def claim(self, limit: int, lock_s: float) -> Sequence[OutboxItem]:
        """Take due items, oldest first, after giving up those that may not go out any more (decision 12)."""
        with self._engine.begin() as connection:
            given_up = connection.execute(text(FORBIDDEN)).rowcount
            rows = connection.execute(text(CLAIM), {"most": limit, "lock_s": lock_s}).all()
        if given_up:
            log.warning("%d notices were given up: their channel is gone or takes production notices only", given_up)
        items = [self._item(row) for row in sorted(rows, key=lambda row: int(row.id))]
        return [item for item in items if item is not None]

    def _item(self, row: Any) -> OutboxItem | None:
        """A message that cannot be read is given up, which Health shows; those behind it go out."""
        try:
            message = from_json(Notification, row.notification)
        except Exception as trouble:  # whatever is stored there
            log.exception("The stored message %s cannot be read", row.id)
            self.failed(row.id, f"The stored message cannot be read ({type(trouble).__name__}).", None)
            return None
        return OutboxItem(
            id=row.id,
            channel=row.channel,
            notification=message,
            created_at=row.created_at,
            attempts=row.attempts,
        )

    def delivered(self, item_id: int) -> None:
        """Mark as delivered."""
        with self._engine.begin() as connection:
            connection.execute(text(DELIVERED), {"id": item_id})

    def failed(self, item_id: int, error: str, retry_in_s: float | None) -> None:
        """Record the error; due again after `retry_in_s`, or never (None)."""
        given = {"id": item_id, "error": clean(error)[:MAX_ERROR], "retry_s": retry_in_s}
        with self._engine.begin() as connection:
            connection.execute(text(FAILED), given)
