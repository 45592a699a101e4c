"""Composes what schedules need beside the gate."""

from __future__ import annotations

from typing import cast

from bc_lib import bootstrap
from bc_lib.config import DbRole
from bc_lib.ports.recurrence import Recurrence


def calendar() -> Recurrence:
    """RFC 5545 rules."""
    from bc_lib.integrations.recurrence.rrule import RruleCalendar

    return cast(Recurrence, RruleCalendar())


def run_due(holder: str) -> str:
    """Turn due dates into requests and send pre-notices, as bc_runner; says what was done."""
    from bc_lib.services.schedules.due import run_due as look
    from bc_lib.store.monitoring import beat

    done = look(bootstrap.gate(DbRole.RUNNER), calendar())
    trouble = {"last_error": done.troubles[0]} if done.troubles else {}
    beat(bootstrap.engine(DbRole.RUNNER), "schedules", holder, {"done": str(done), **trouble})
    return str(done)
