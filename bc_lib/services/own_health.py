"""Does the watcher itself live? Poller, delivery, outbox, leases, from stored rows (decision 14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bc_lib.domain.assessment import Status
from bc_lib.domain.evidence.owed import Owed
from bc_lib.domain.words import count, duration
from bc_lib.ports.reading import ComponentBeat, OutboxState, StatusReader
from bc_lib.services.collection.silence import SILENT_S, silences

LIMITS_S = {
    "poller": SILENT_S,
    "notices": 90.0,
    "requests": 90.0,
    "evidence": 90.0,
    "dispatcher": 90.0,
    "schedules": 180.0,
    "housekeeping": 3 * 3600.0,
    "runbooks": 3 * 3600.0,
    "audit-signer": 60.0,
    "sign-on": 300.0,
}
OUTBOX_OLD_S = 120.0
# The triggerer's loop says about every 10 s that it looks, but only while something waits: the dispatcher knows that.
WAITS, DISPATCHER, WAITS_S = "waits", "dispatcher", 40.0
RUN_HISTORY = "run history"
EVIDENCE = "evidence"
UNSEALED = "unsealed"  # what the requests job found at the place of checkpoints, whatever the signer says of itself
WHY_OWED = "It is tried again; the log of the requests job says why it fails (logger bc.evidence)."


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthItem:
    """One thing that is watched about ourselves."""

    name: str
    status: Status
    text: str
    seen_at: datetime | None = None


def own_health(reader: StatusReader) -> tuple[HealthItem, ...]:
    """Every item, in a fixed order."""
    now = reader.snapshot().now
    return (*component_items(now, reader.beats()), outbox_item(now, reader.outbox()))


def component_items(now: datetime, beats: Sequence[ComponentBeat]) -> tuple[HealthItem, ...]:
    """One item per expected component, from its newest beat. No beat at all is never green."""
    newest: dict[str, ComponentBeat] = {}
    for beat in beats:
        if beat.component not in newest or newest[beat.component].beat_at < beat.beat_at:
            newest[beat.component] = beat
    others = sorted(set(newest) - set(LIMITS_S) - {WAITS})
    judges = {EVIDENCE: _evidence}
    known = tuple(judges.get(name, _component)(name, newest.get(name), now) for name in [*LIMITS_S, *others])
    unwatched = " ".join(each.sentence for each in silences(beats, now)) if "poller" in newest else ""
    unsealed = newest["requests"].details.get(UNSEALED) if "requests" in newest else None
    worse = {"poller": unwatched, "audit-signer": str(unsealed or "")}
    known = tuple(
        replace(item, status=Status.RED, text=worse[item.name]) if worse.get(item.name) else item for item in known
    )
    return (*known, _waits(newest.get(WAITS), newest.get(DISPATCHER), now), _run_history(newest.get(DISPATCHER), now))


def _waits(beat: ComponentBeat | None, dispatcher: ComponentBeat | None, now: datetime) -> HealthItem:
    """Are waiting requests looked after? Its loop may be dead while the triggerer lives (F06)."""
    waiting = dispatcher.details.get("waiting") if dispatcher is not None else None
    seen_at = beat.beat_at if beat is not None else None
    if dispatcher is None or not isinstance(waiting, int):
        text = "The dispatcher has not said yet whether anything waits."
        return HealthItem(name=WAITS, status=Status.NEVER_SEEN, text=text, seen_at=seen_at)
    if waiting == 0 and _silent(dispatcher, now):
        text = "The dispatcher is silent, so whether anything waits by now is not known."
        return HealthItem(name=WAITS, status=Status.STALE, text=text, seen_at=seen_at)
    who = f"{waiting} request{'s' if waiting != 1 else ''} wait{'' if waiting != 1 else 's'} for people"
    if waiting == 0:
        return HealthItem(name=WAITS, status=Status.GREEN, text="No request waits for people.", seen_at=seen_at)
    if seen_at is None or (now - seen_at).total_seconds() > WAITS_S:
        age = f"last did {(now - seen_at).total_seconds():.0f} s ago" if seen_at else "never did"
        text = (
            f"{who}; Airflow's triggerer should look after them every 10 s and {age}. Approvals and confirmations are "
            "kept; start the triggerer again, or carry out a confirmed request with bcctl run."
        )
        return HealthItem(name=WAITS, status=Status.RED, text=text, seen_at=seen_at)
    text = f"{who}; the triggerer looked {(now - seen_at).total_seconds():.0f} s ago."
    return HealthItem(name=WAITS, status=Status.GREEN, text=text, seen_at=seen_at)


def _silent(beat: ComponentBeat, now: datetime) -> bool:
    return (now - beat.beat_at).total_seconds() > LIMITS_S[beat.component]


def _run_history(dispatcher: ComponentBeat | None, now: datetime) -> HealthItem:
    """Did tasks of ours die in Airflow, or did people change them there, in the last 24 hours? Only the dispatcher
    knows, so that nobody knows while it is silent."""
    said = dispatcher.details.get("airflow") if dispatcher is not None else None
    if dispatcher is not None and _silent(dispatcher, now):
        text = "The dispatcher is silent, so whether tasks died, or were changed by people, in Airflow is not known."
        return HealthItem(name=RUN_HISTORY, status=Status.STALE, text=text, seen_at=dispatcher.beat_at)
    if dispatcher is None or not isinstance(said, Mapping):
        text = "The dispatcher has not said yet whether tasks died, or were changed by people, in Airflow."
        return HealthItem(name=RUN_HISTORY, status=Status.NEVER_SEEN, text=text)
    died, changed = int(said.get("died") or 0), int(said.get("changed") or 0)
    if not died and not changed:
        text = "No task of ours died in Airflow, and nobody changed one there, in 24 hours."
        return HealthItem(name=RUN_HISTORY, status=Status.GREEN, text=text, seen_at=dispatcher.beat_at)
    text = (
        f"In 24 hours {count(died, 'task')} of ours died in Airflow and {changed} were changed there by people. "
        f"{said.get('newest') or ''}".strip()
    )
    return HealthItem(name=RUN_HISTORY, status=Status.YELLOW, text=text, seen_at=dispatcher.beat_at)


def _component(name: str, beat: ComponentBeat | None, now: datetime) -> HealthItem:
    if beat is None:
        return HealthItem(name=name, status=Status.NEVER_SEEN, text=f"{name} has never reported.")
    age = (now - beat.beat_at).total_seconds()
    limit = LIMITS_S.get(name, 300.0)
    if age > limit:
        return HealthItem(
            name=name,
            status=Status.RED,
            seen_at=beat.beat_at,
            text=f"{name} last reported {duration(age)} ago; it should at least every {duration(limit)}.",
        )
    trouble = beat.details.get("last_error")
    if trouble:
        # A signer that refuses has seen a log that was tampered with: nothing here is as grave.
        status = Status.RED if beat.details.get("refused") else Status.YELLOW
        return HealthItem(name=name, status=status, seen_at=beat.beat_at, text=f"{name} reports: {trouble}")
    return HealthItem(
        name=name,
        status=Status.GREEN,
        seen_at=beat.beat_at,
        text=f"{name} reported {duration(age)} ago; it should at least every {duration(limit)}.",
    )


def _evidence(name: str, beat: ComponentBeat | None, now: datetime) -> HealthItem:
    """The job that makes packs lives, and says which it owes: late ones are red, whatever it says of itself."""
    item = _component(name, beat, now)
    if beat is None or item.status is not Status.GREEN:
        return item
    owed = _owed(beat.details, now)
    if owed is None:
        return replace(
            item, status=Status.NEVER_SEEN, text="The job has not said yet whether an evidence pack is owed."
        )
    if owed.late:
        return replace(item, status=Status.RED, text=f"{owed.sentence} {WHY_OWED}")
    if beat.details.get("missed"):
        return replace(item, status=Status.YELLOW, text=f"{beat.details.get('done')}. {owed.sentence} {WHY_OWED}")
    return replace(item, text=f"{owed.sentence} {item.text}")


def _owed(details: Mapping[str, object], now: datetime) -> Owed | None:
    number, first, since = (details.get(name) for name in ("owed", "owed_first", "owed_since"))
    if number == 0:
        return Owed(now=now)
    if isinstance(number, int) and isinstance(first, str) and isinstance(since, str):
        return Owed(now=now, count=number, oldest=first, since=datetime.fromisoformat(since))
    return None


def outbox_item(now: datetime, outbox: OutboxState) -> HealthItem:
    """Waiting and dead notices."""
    waiting = (now - outbox.oldest_waiting_at).total_seconds() if outbox.oldest_waiting_at else 0.0
    error = f" Last error: {outbox.last_error}" if outbox.last_error else ""
    if outbox.dead:
        return HealthItem(
            name="outbox",
            status=Status.RED,
            seen_at=outbox.last_delivered_at,
            text=f"{outbox.dead} notices could not be delivered and were given up.{error}",
        )
    if waiting > OUTBOX_OLD_S:
        return HealthItem(
            name="outbox",
            status=Status.RED,
            seen_at=outbox.last_delivered_at,
            text=f"{outbox.waiting} notices wait, the oldest for {waiting:.0f} s.{error}",
        )
    return HealthItem(
        name="outbox",
        status=Status.GREEN,
        seen_at=outbox.last_delivered_at,
        text=f"{outbox.waiting} notices wait; none was given up.",
    )
