"""When to tell people: a condition must hold, its end must hold, and each is told once (FR-020, FR-021).

A pure step over what is remembered, so that a second poller that repeats a round makes the same
notices with the same dedup keys.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bc_lib.domain import alert_rules as rules
from bc_lib.domain.alerts import AlertState, Notice, NoticeKind, Pending, Severity
from bc_lib.domain.assessment import Assessment, Reason
from bc_lib.domain.inventory import Resource
from bc_lib.domain.reasons import TABLE
from bc_lib.domain.words import count, duration

Figures = dict[str, float | int | str | None]


def step(
    state: AlertState,
    resource: Resource,
    assessment: Assessment,
    now: datetime,
    explained: frozenset[str] = frozenset(),
) -> tuple[AlertState, tuple[Notice, ...]]:
    """The next state and the notices of this round. `explained`: codes that a run of ours brings about (own_runs):
    timed, and told only once that run is over."""
    reasons = _conditions(assessment)
    timed, flipped = _time(state.pending, resource, assessment, frozenset(reasons), now)
    flips, flapping_since = _flips(state, resource, None if flipped in explained else flipped, now)
    notices: list[Notice] = []
    if flapping_since is not None and state.flapping_since is None:
        notices.append(_flapping(resource, flipped, flips, flapping_since))
    kept = []
    for pending in timed:
        told = {code: reason for code, reason in reasons.items() if code not in explained or pending.told_at}
        after, notice = _tell(pending, resource, told, flapping_since is not None, now)
        kept += [after] if after else []
        notices += [notice] if notice else []
    return AlertState(pending=tuple(kept), flips=flips, flapping_since=flapping_since), tuple(notices)


def _conditions(assessment: Assessment) -> dict[str, Reason]:
    """The first reason of each code that forces a status."""
    found: dict[str, Reason] = {}
    for reason in assessment.reasons:
        if TABLE[reason.code].status is not None:
            found.setdefault(reason.code, reason)
    return found


def _time(
    before: tuple[Pending, ...], resource: Resource, assessment: Assessment, present: frozenset[str], now: datetime
) -> tuple[tuple[Pending, ...], str | None]:
    """Carry every condition into this round; also the code of one that ended just now (a flip), if any."""
    after: dict[str, Pending] = {}
    flipped: str | None = None
    for pending in before:
        if pending.code in present:
            after[pending.code] = _again(pending, resource, now)
        elif rules.kept_open(pending.code, present, assessment):
            # Hidden, not ended. What was not told yet begins anew, because nobody saw it hold.
            if pending.told_at is not None:
                after[pending.code] = replace(pending, last_seen=now, good_since=None)
        else:
            flipped = flipped if pending.good_since else flipped or pending.code
            if pending.told_at is not None:
                after[pending.code] = replace(pending, good_since=pending.good_since or now)
    for code in present - after.keys():
        after[code] = Pending(code=code, since=now, last_seen=now)
    return tuple(after[code] for code in sorted(after)), flipped


def _again(pending: Pending, resource: Resource, now: datetime) -> Pending:
    unseen_for = (now - pending.last_seen).total_seconds()
    restart = pending.told_at is None and unseen_for > rules.gap_s(resource)
    return replace(pending, since=now if restart else pending.since, last_seen=now, good_since=None)


def _flips(
    state: AlertState, resource: Resource, flipped: str | None, now: datetime
) -> tuple[tuple[datetime, ...], datetime | None]:
    oldest = now - timedelta(seconds=rules.window_s(resource))
    flips = tuple(at for at in (*state.flips, *((now,) if flipped else ())) if at > oldest)
    if state.flapping_since is None:
        return flips, now if len(flips) > rules.MAX_FLIPS else None
    return flips, None if len(flips) <= rules.CALM_FLIPS else state.flapping_since


def _tell(
    pending: Pending, resource: Resource, reasons: dict[str, Reason], flapping: bool, now: datetime
) -> tuple[Pending | None, Notice | None]:
    """What becomes of one condition, and the notice it makes, if any."""
    needed = rules.duration_s(resource, pending.code)
    needed = max(needed, rules.STEADY_S) if flapping else needed
    if pending.told_at is None:
        reason = reasons.get(pending.code)
        ready = reason is not None and not rules.explained(pending.code, frozenset(reasons))
        if reason is None or not ready or (now - pending.since).total_seconds() < needed:
            return pending, None
        return replace(pending, told_at=now), _begin(pending, resource, reason, now)
    if pending.good_since is None or (now - pending.good_since).total_seconds() < max(needed, rules.RECOVER_AFTER_S):
        return pending, None
    return None, _end(pending, resource, reasons, now)


def _begin(pending: Pending, resource: Resource, reason: Reason, now: datetime) -> Notice:
    return _notice(
        rules.kinds(pending.code)[0],
        rules.severity(resource, pending.code),
        resource,
        pending.code,
        pending.since,
        reason.text,
        now,
        {**reason.figures, "since": pending.since.isoformat()},
    )


def _end(pending: Pending, resource: Resource, reasons: dict[str, Reason], now: datetime) -> Notice:
    lasted = ((pending.good_since or now) - pending.since).total_seconds()
    rest = f" Still open: {', '.join(TABLE[code].title.lower() for code in sorted(reasons))}." if reasons else ""
    text = f"Over after {duration(lasted)}: {TABLE[pending.code].title.lower()}.{rest}"
    return _notice(
        rules.kinds(pending.code)[1],
        Severity.INFO,
        resource,
        pending.code,
        pending.since,
        text,
        now,
        {"since": pending.since.isoformat(), "lasted_s": round(lasted, 1)},
    )


def _flapping(resource: Resource, flipped: str | None, flips: tuple[datetime, ...], since: datetime) -> Notice:
    window = duration(rules.window_s(resource))
    return _notice(
        NoticeKind.FLAPPING,
        Severity.WARNING,
        resource,
        flipped or "CHECK_FAILED",
        since,
        f"Changes back and forth too often ({count(len(flips), 'time')} in {window}); "
        f"further notices wait until it is steady for {duration(rules.STEADY_S)}.",
        since,
        {"flips": len(flips)},
    )


def _notice(
    kind: NoticeKind,
    severity: Severity,
    resource: Resource,
    code: str,
    since: datetime,
    text: str,
    now: datetime,
    figures: Figures,
) -> Notice:
    incident = f"{resource.name}:{code}:{since.isoformat()}"
    return Notice(
        kind=kind,
        severity=severity,
        resource=resource.name,
        tier=resource.tier,
        environment=resource.environment,
        code=code,
        text=text,
        occurred_at=now,
        dedup_key=f"{incident}:{kind.value}",
        incident=incident,
        figures=figures,
    )
