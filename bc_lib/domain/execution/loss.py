"""The evidence about the loss of a move that was made: from its own facts, and from what was known when it began."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bc_lib.domain.execution.run import Facts
from bc_lib.domain.loss.revived import lived_on
from bc_lib.domain.loss.values import (
    Basis,
    Ended,
    EndKind,
    Fence,
    FenceKind,
    LossProof,
    Marker,
    NotCarried,
    Relation,
)
from bc_lib.domain.loss.words import exact
from bc_lib.domain.lsn import position

PROVEN, ATTESTED = "proven", "attested"
SILENT = {"refused": EndKind.REFUSED, "unreachable": EndKind.OUT_OF_REACH}


def proof(
    resource: str,
    *,
    old: str,
    new: str,
    places: tuple[str, str] | None = None,
    moved: Facts,
    checked: Facts,
    fenced_at: datetime | None,
    before: LossProof | None = None,
) -> LossProof:
    """`moved`: of the verified move; `checked`: of the check before it; `fenced_at`: when the fence was proven;
    `before`: what the monitor knew at the start, of the same two servers; `places`: `old` and `new` as people read
    them.
    """
    source_place, target_place = places or (old, new)
    known = before if before is not None and (before.source, before.target) == (old, new) else None
    marker, stood = _text(moved.get("marker")), _text(moved.get("replayed_lsn"))
    noted = _mapping(_mapping(checked.get("nodes")).get(old))
    held, basis = _held(moved, noted, known)
    ended = _ended(old, moved, noted, fenced_at, before)
    return LossProof(
        resource=resource,
        source=old,
        target=new,
        kind="log position",
        relation=Relation.AT_LEAST,
        at_source=_marker(marker, fenced_at) or _last_seen(moved) or (known.at_source if known else None),
        at_target=_marker(stood, None),
        final=moved.get("fence") == PROVEN and moved.get("caught_up") == "marker" and position(marker) is not None,
        holds=_past(marker, stood, moved),
        held_until=held,
        basis=basis,
        ended=ended,
        alive_at=before.alive_at if before is not None and before.source == old else None,
        least_bytes=_certainly_missing(moved),
        not_carried=_not_carried(moved),
        unknown=_unknown(source_place, target_place, moved, held, ended),
        source_place=source_place,
        target_place=target_place,
    )


def fence(resource: str, old: str, place: str, moved: Facts, fenced_at: datetime | None, ended: Ended | None) -> Fence:
    """What keeps `old` from acknowledging beside the new primary, and how far that is proven."""
    if moved.get("fence") == PROVEN:
        return Fence(resource=resource, source=old, kind=FenceKind.STOPPED, since=fenced_at, source_place=place)
    word = str(moved.get("fence_sentence") or "") if moved.get("fence") == ATTESTED else ""
    since = ended.at if ended is not None else None
    return Fence(
        resource=resource,
        source=old,
        kind=FenceKind.NOT_PROVABLE,
        since=since,
        word=word.rstrip("."),
        source_place=place,
    )


def _past(marker: str | None, stood: str | None, moved: Facts) -> bool:
    """The planned move waits until replay is past the marker, or is taken back; the urgent one says where it stood."""
    if "replayed_lsn" not in moved:
        return True
    return (position(stood) or 0) > (position(marker) or 0)


def _held(moved: Facts, noted: Facts, known: LossProof | None) -> tuple[datetime | None, Basis | None]:
    """The later of what the monitor knew and of the last commit applied, by the old primary's measured clock."""
    held = (known.held_until, known.basis) if known else (None, None)
    last, ahead = _moment(moved.get("last_commit_at")), _ahead(noted, known)
    if last is None or ahead is None:
        return held
    ours = last - timedelta(seconds=ahead)
    return held if held[0] is not None and held[0] >= ours else (ours, Basis.COMMIT)


def _ahead(noted: Facts, known: LossProof | None) -> float | None:
    """How far the old primary's clock is at most ahead of ours; the monitor's measure counts first, so that the same
    commit is told with the same time before and after the move."""
    if known is not None and known.ahead_s is not None:
        return known.ahead_s
    ahead, within = noted.get("clock_ahead_s"), noted.get("clock_within_s")
    if isinstance(ahead, int | float) and isinstance(within, int | float):
        return float(ahead) + abs(float(within))
    return None


def _ended(old: str, moved: Facts, noted: Facts, fenced_at: datetime | None, before: LossProof | None) -> Ended | None:
    """When `old` could acknowledge no more. A proven fence ends it, or earlier where the monitor saw it refuse and its
    host then found it down; without one, the moment when it went out of sight is all there is."""
    seen = before.ended if before is not None and before.source == old else None
    if moved.get("fence") == PROVEN:
        lives = lived_on(before, _written(moved, noted)) if before is not None and seen is not None else None
        died = seen is not None and seen.kind is EndKind.REFUSED and noted.get("running") is False
        if seen is not None and died and not lives:
            return replace(seen, down_since=lives is False)
        kind = EndKind.STARTED_AGAIN if died else EndKind.STOPPED
        return Ended(kind=kind, at=fenced_at) if fenced_at is not None else None
    if seen is not None:
        return seen
    silent, at = SILENT.get(str(noted.get("reach"))), _moment(noted.get("seen_at"))
    return Ended(kind=silent, at=at) if silent is not None and at is not None else None


def _written(moved: Facts, noted: Facts) -> datetime | None:
    """When the control file of the old primary was last written, by its host's clock, as far as it was asked."""
    found = [_moment(each.get("control_written_at")) for each in (noted, moved)]
    return max((each for each in found if each is not None), default=None)


def _unknown(old: str, new: str, moved: Facts, held: datetime | None, ended: Ended | None) -> str:
    """Why there is no bound, where more can be said than that a moment is missing."""
    if ended is None:
        if moved.get("fence") == ATTESTED:
            return f"that {old} was stopped is people's word and not proven, so the window stays open"
        if moved.get("fence") != PROVEN:
            return f"whether {old} still takes writes is not proven, so the window stays open"
        return f"when {old} was stopped is not recorded"
    if held is None and _moment(moved.get("last_commit_at")) is not None:
        own = exact(_moment(moved.get("last_commit_at")))
        return f"the last commit at {new} is of {own} by the clock of {old}, which was not measured"
    return "" if held is not None else f"no commit was seen at {new}, so no moment is certain"


def _certainly_missing(moved: Facts) -> int | None:
    """Bytes between what the old primary had written when last seen and what was applied; only on one timeline."""
    seen = _mapping(moved.get("old_last_seen"))
    if not seen or seen.get("timeline") != moved.get("timeline_before"):
        return None
    had, applied = position(_text(seen.get("lsn"))), position(_text(moved.get("replayed_lsn")))
    return None if had is None or applied is None else max(0, had - applied)


def _last_seen(moved: Facts) -> Marker | None:
    seen = _mapping(moved.get("old_last_seen"))
    return _marker(_text(seen.get("lsn")), _moment(seen.get("seen_at")))


def _not_carried(moved: Facts) -> tuple[NotCarried, ...]:
    """Of the fact `not_carried`: a list of `{"name": ..., "size_bytes": ...}`."""
    named = moved.get("not_carried")
    found = [_mapping(each) for each in named] if isinstance(named, list | tuple) else []
    return tuple(
        NotCarried(name=str(each["name"]), size_bytes=each["size_bytes"] if _whole(each.get("size_bytes")) else None)
        for each in found
        if each.get("name")
    )


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _marker(value: str | None, read_at: datetime | None) -> Marker | None:
    return Marker(value=value, read_at=read_at) if value else None


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
