"""Why replay at the target is paused: somebody's wish, or the server's own because a limit is too low there.

Resuming the second kind ends the server (domain/standby_limits.py), so nothing is resumed that is not known to be the
first.
"""

from __future__ import annotations

from collections.abc import Mapping

from bc_lib.connectors.postgresql.execution import settings, statements
from bc_lib.connectors.postgresql.execution.ground import Ground
from bc_lib.connectors.postgresql.execution.link import Link
from bc_lib.connectors.postgresql.execution.sight import Sight
from bc_lib.domain.standby_limits import StandbyLimits, highest, judge_limits, limits_of

COMPARE = (
    "Compare max_connections, max_worker_processes, max_wal_senders, max_prepared_transactions and "
    "max_locks_per_transaction with the primary's; raise what is lower and restart it."
)


def judged(target: Sight, old: Sight, noted: Mapping[str, str] | None = None) -> StandbyLimits:
    """By the primary's settings, its control file, and the target's own, which says what it has replayed so far.

    `noted`: what was seen of the primary before it was lost.
    """
    known = (limits_of(old.facts) if old.facts else {}, noted or {})
    hosts = (one.host.limits if one.host else {} for one in (target, old))
    assert target.facts is not None
    return judge_limits(target.facts, highest(*known, *hosts))


def sentence(limits: StandbyLimits, place: str) -> str:
    """Why `place` cannot be promoted now; for a paused replay that may not be resumed, and for one that will pause."""
    if limits.short:
        return f"{place} cannot be promoted: {limits.remedy(place)}."
    return (
        f"Replay at {place} is paused, and whether the server itself paused it, because a limit is lower than the "
        "primary's, is not known."
    )


def trouble(ground: Ground, link: Link) -> str:
    """Why a paused target may not be resumed; empty where it may, or is not paused.

    Raises Trouble, CredentialUnavailable.
    """
    (paused,) = link.row(statements.PAUSED)
    if not paused:
        return ""
    target, old = ground.sight(ground.target), ground.sight(ground.old)
    if target.facts is None:
        return target.trouble
    limits = judged(target, old, settings.of_check(ground, ground.old.node).get("limits"))
    return "" if limits.may_resume else sentence(limits, target.place)
