"""The documented table of reason codes (FR-012)."""

from __future__ import annotations

import pytest

from bc_lib.cli.docs import PAGE, page
from bc_lib.domain.assessment import Answer, Status
from bc_lib.domain.reason_rows import ROWS
from bc_lib.domain.reasons import TABLE

NEEDED = [
    "PRIMARY_DOWN",
    "DR_DOWN",
    "PRIMARY_BLIND",
    "DR_BLIND",
    "BOTH_BLIND",
    "CREDENTIAL_UNAVAILABLE",
    "NODE_STARTING",
    "CHECK_FAILED",
    "NO_PRIMARY",
    "TWO_PRIMARIES",
    "UNREQUESTED_MOVE",
    "SITE_MISMATCH",
    "RECEIVER_NOT_STREAMING",
    "REPLAY_PAUSED",
    "REPLAY_STALLED",
    "REPLAY_DELAYED",
    "LAG_WARN",
    "LAG_CRITICAL",
    "RPO_BREACH",
    "LAG_UNKNOWN",
    "HEARTBEAT_STOPPED",
    "HEARTBEAT_UNKNOWN",
    "SLOW",
    "SLOT_LOST",
    "RETAINED_WAL",
    "ARCHIVE_FAILING",
    "LONG_TRANSACTION",
    "PREPARED_TRANSACTION",
    "REPLAY_CONFLICTS",
    "SYNC_WAITERS",
    "PARITY_VERSION",
    "PARITY_SETTINGS",
    "PARITY_EXTENSIONS",
    "PARITY_COLLATION",
    "PARITY_LIMITS",
    "APP_DOWN",
    "APP_ERROR",
    "APP_BLIND",
    "DEPENDENCY",
    "FIGURES_MISSING",
    "STALE",
    "NEVER_SEEN",
]


def test_page_is_current() -> None:
    """docs/reason-codes.md is generated from the code."""
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m bc_lib.cli.docs`"


def test_all_codes_are_there_once() -> None:
    assert set(NEEDED) <= TABLE.keys()
    assert len(ROWS) == len(TABLE)


@pytest.mark.parametrize("kind", TABLE.values(), ids=lambda kind: kind.code)
def test_each_row_is_whole_and_safe(kind) -> None:
    """What is not known never leaves a verdict at yes; red and blind come with a sentence on what to do."""
    assert all((kind.title, kind.meaning.endswith("."), kind.hint.endswith("."), kind.source))
    assert kind.status is not Status.GREEN
    if kind.status in {Status.BLIND, Status.STALE, Status.NEVER_SEEN}:
        assert kind.blocks_switch_over is Answer.UNKNOWN
    assert "synced" not in (kind.meaning + kind.hint).lower()
    assert "no data loss" not in (kind.meaning + kind.hint).lower()
