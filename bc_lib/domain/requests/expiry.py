"""When a waiting request is over. The moment itself is already too late: a limit is a bound, not a hint."""

from __future__ import annotations

from datetime import datetime

from bc_lib.domain.requests.states import State


def expired(state: State, expires_at: datetime | None, now: datetime) -> bool:
    """True where `state` waits and its time has passed. `now` is the database's clock, read under the row's lock."""
    return state.waiting and expires_at is not None and now >= expires_at
