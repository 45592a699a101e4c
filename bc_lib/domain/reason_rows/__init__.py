"""Rows of reasons.TABLE, one module a subject, in the order of the documentation."""

from __future__ import annotations

from typing import Final

from bc_lib.domain.reason_rows import apps, groups, lag, losses, parity, replication, roles, sight, upkeep
from bc_lib.domain.reason_rows.words import Row

ROWS: Final[tuple[Row, ...]] = (
    *sight.ROWS,
    *roles.ROWS,
    *replication.ROWS,
    *lag.ROWS,
    *upkeep.ROWS,
    *losses.ROWS,
    *parity.ROWS,
    *apps.ROWS,
    *groups.ROWS,
)
