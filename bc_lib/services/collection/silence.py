"""A shard that nobody watches, or of which nothing can be stored: red on Health, and told once each time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bc_lib.domain.inventory import Resource
from bc_lib.domain.requests.notice import RequestNotice, RequestNoticeKind
from bc_lib.domain.words import clock, duration
from bc_lib.ports.reading import ComponentBeat
from bc_lib.services.gate import Gate
from bc_lib.services.requests.notices import send
from bc_lib.services.requests.preview import PRODUCTION_FIRST

SILENT_S = 30.0  # a poller beats about every 4 s; another one takes over 15 s after it died
TOLD_AFTER_S = 60.0
AWAKE = "awake_since"
SLOW_S = 10.0  # the connectors' own time to give up


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Of one shard. `mark` is equal for as long as it is the same silence; `since`: None where none was seen."""

    sentence: str
    mark: str
    since: datetime | None


def stored_within_s(resources: Iterable[Resource]) -> float | None:
    """How long a writer may store nothing: two of the shortest intervals and an answer's time. None: no resources."""
    return min((2 * each.interval_s + SLOW_S for each in resources), default=None)


def silences(beats: Sequence[ComponentBeat], now: datetime) -> Iterator[Silence]:
    """One of each shard that is not watched, from the newest sign of life of each."""
    newest: dict[object, ComponentBeat] = {}
    for beat in sorted((each for each in beats if each.component == "poller"), key=lambda each: each.beat_at):
        newest.pop(beat.details.get("shard", 0), None)
        newest[beat.details.get("shard", 0)] = beat
    last = next(reversed(newest.values()), None)
    shards = last.details.get("shards") if last else None
    for shard in range(shards if isinstance(shards, int) else 1):
        of = f"Shard {shard} of {shards}: " if shards not in (None, 1) else ""
        silent = _silence(newest.get(shard), of, now)
        if silent is not None:
            yield silent
        elif shard not in newest:
            yield Silence(sentence=f"{of}no poller has ever reported.", mark=f"never/{shard}", since=None)


def _silence(beat: ComponentBeat | None, of: str, now: datetime) -> Silence | None:
    if beat is None:
        return None
    age_s = (now - beat.beat_at).total_seconds()
    if age_s > SILENT_S:
        said = f"{of}poller last reported {duration(age_s)} ago; it should at least every {duration(SILENT_S)}."
        return Silence(sentence=said, mark=f"silent/{clock(beat.beat_at)}", since=beat.beat_at)
    stored, within = beat.details.get("stored_s"), beat.details.get("stored_within_s")
    if isinstance(stored, int | float) and isinstance(within, int | float) and stored > within:
        why = f" It says: {beat.details['last_error']}" if beat.details.get("last_error") else ""
        said = f"{of}nothing that the poller saw was stored for {duration(stored)}, so no status is newer.{why}"
        mark = f"unstored/{beat.instance}/{beat.details.get('epoch')}/{beat.details.get('rounds')}"
        return Silence(sentence=said, mark=mark, since=beat.beat_at - timedelta(seconds=stored))
    return None


def awake_since(beats: Sequence[ComponentBeat], now: datetime) -> datetime:
    """Since when the requests job has looked without a pause, as it said itself; now where it begins to."""
    own = max((each for each in beats if each.component == "requests"), key=lambda each: each.beat_at, default=None)
    said = own.details.get(AWAKE) if own is not None else None
    if own is None or not isinstance(said, str) or (now - own.beat_at).total_seconds() > TOLD_AFTER_S:
        return now
    return datetime.fromisoformat(said)


def tell_unwatched(gate: Gate, beats: Sequence[ComponentBeat], now: datetime, awake: datetime) -> int:
    """Tell operations and security of each silence; how many messages are there for them.

    `awake`: since when we look ourselves. What fell silent while everything was down is told a minute after that.
    """
    told = 0
    for silence in silences(beats, now):
        since = silence.since or awake
        if (now - max(since, awake)).total_seconds() <= TOLD_AFTER_S:
            continue
        with gate.store.work() as work:
            resources = work.inventory().resources
            if not resources:
                return 0
            environment = min((each.environment for each in resources), key=PRODUCTION_FIRST.index)
            notice = RequestNotice(
                kind=RequestNoticeKind.UNWATCHED,
                title=f"not watched since {clock(since)}",
                text=f"{silence.sentence} Each resource of it becomes stale; Health says more.",
                key=f"poller/{silence.mark}",
                link="/health",
                at=now,
                tier=min(each.tier for each in resources if each.environment is environment),
                environment=environment.value,
                rows=(("Since", clock(since)),),
            )
            about = next(each.name for each in resources if each.environment is environment)
            told += send(gate, work, notice, None, resource=about, security=True)
    return told
