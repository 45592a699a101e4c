"""The result of a drill from its evidence pack, so that this says what the signed pack says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bc_lib.domain.evidence.values import BODY
from bc_lib.domain.verified.results import NOTHING_KNOWN, Figure, Result, judged, worst
from bc_lib.domain.verified.values import Asked
from bc_lib.ports.evidence import EvidenceReader
from bc_lib.services.evidence.body_run import OPEN
from bc_lib.services.evidence.standalone_pack import NoPack, unpack


class Results:
    """Results of drills. Each pack is opened once: it never changes, and its digest names it."""

    def __init__(self) -> None:
        self._known: dict[str, Result] = {}

    def of(self, read: EvidenceReader, asked: Asked) -> Result:
        """Nothing is known where there is no pack yet, or where it is not as it was written; then it is asked again."""
        found = self._known.get(asked.pack) or _stored(read, asked)
        if found is None:
            nothing = dict.fromkeys(asked.members, NOTHING_KNOWN)
            return Result(rto=NOTHING_KNOWN, rpo=nothing, executed=asked.executor != "")
        self._known[asked.pack] = found
        return found


def _stored(read: EvidenceReader, asked: Asked) -> Result | None:
    if not asked.pack:
        return None
    try:
        files, troubles = unpack(read.files(asked.request, 0))
        return None if troubles else of_pack(json.loads(files[BODY]))
    except (LookupError, NoPack, ValueError):
        return None


def _known(each: Mapping[str, Any]) -> bool:
    """Where two writers are possible the seconds are not the whole loss."""
    return each["at_most_s"] is not None and each.get("judged") != OPEN


def of_pack(body: Mapping[str, Any]) -> Result:
    """From the JSON of a pack: the worse of the way there and the way back counts."""
    rto, target = body["rto"], body["rto"]["target_s"]
    there = rto["clients_could_not_write_s"]
    ways = [judged(there, target, known=there is None or bool(rto["ended"]))]
    back = rto.get("way_back")  # packs made before there was one do not tell of it
    if back is not None:
        ways.append(judged(back["seconds"], target, known=back["seconds"] is not None))
    losses: dict[str, list[Figure]] = {}
    for each in body["rpo"]:
        figure = judged(each["at_most_s"], each["target_s"], known=_known(each))
        losses.setdefault(each["resource"], []).append(figure)
    return Result(
        rto=worst(ways),
        rpo={name: worst(figures) for name, figures in losses.items()},
        executed=bool(body["verdict"]["executed"]),
    )
