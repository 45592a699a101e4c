"""Short names for the columns of the tables beside this file."""

from __future__ import annotations

from bc_lib.domain.assessment import Answer, Status

Row = tuple[str, Status | None, Answer | None, Answer | None, str, str, str, str]
"""Code, status, best switch-over answer, best fail-over answer, title, meaning, hint, source."""

Y, R, B, STALE, NEVER_SEEN = Status.YELLOW, Status.RED, Status.BLIND, Status.STALE, Status.NEVER_SEEN
NO, LOSS, WHO = Answer.NO, Answer.WITH_LOSS, Answer.UNKNOWN
