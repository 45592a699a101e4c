"""Reason codes. Differences between the sites."""

from __future__ import annotations

from typing import Final

from bc_lib.domain.reason_rows.words import NO, Row, Y

# fmt: off
ROWS: Final[tuple[Row, ...]] = (
    ("PARITY_VERSION", None, None, None, "Different versions",
     "The two sites run different server versions.",
     "Update the standby first, then move, then update the other.",
     "server_version"),
    ("PARITY_LIMITS", Y, NO, None, "Standby's limits are lower",
     ("A setting that must not be lower at a standby than at its primary is lower. What was received before the primary"
      " raised it is replayed; what comes after it pauses replay, and a restarted standby refuses to start."),
     "Raise it at the standby and restart it.",
     "pg_settings"),
    ("PARITY_SETTINGS", None, None, None, "Settings differ",
     "Settings that matter after a move differ between the sites.",
     "Make them equal, or note why not.",
     "pg_settings"),
    ("PARITY_EXTENSIONS", None, None, None, "Extensions differ",
     "An extension, or its version, is present at the primary's site only.",
     "Install the same packages at both sites.",
     "pg_extension; pg_available_extension_versions"),
    ("PARITY_COLLATION", Y, None, None, "Collation versions differ",
     "Text sorts differently at the two sites; indexes on text may be wrong after a move.",
     "Use the same operating system libraries, or reindex after a move.",
     "pg_database.datcollversion; pg_collation_actual_version"),
)
