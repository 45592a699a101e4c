"""The two pictures of a pack as values: where the time went, and planned against actual. For PDF, HTML and pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bc_lib.domain.documents import Bar, Bars, Lane, Tone
from bc_lib.domain.words import duration

ACTUAL = {"executed": Tone.GOOD, "failed": Tone.BAD, "not known": Tone.UNKNOWN}


def rto_picture(body: Mapping[str, Any]) -> Bars:
    """Parts of the recovery time on one axis."""
    parts: Sequence[Mapping[str, Any]] = body["rto"]["parts"]
    began = [datetime.fromisoformat(each["began_at"]) for each in parts if each["began_at"]]
    first = min(began) if began else None
    lanes = []
    for each in parts:
        name = f"{each['name']} ({each['who']})" if each["who"] else each["name"]
        if first is None or not each["began_at"]:
            lanes.append(Lane(name, absent=each.get("note") or "not measured"))
            continue
        start = (datetime.fromisoformat(each["began_at"]) - first).total_seconds()
        if each["seconds"] is None:
            lanes.append(Lane(name, absent="its end was not seen"))
            continue
        human = each["name"].startswith(("approval", "wait for appr", "wait for conf"))
        tone = Tone.NOTE if human else Tone.PLAIN
        lanes.append(Lane(name, (Bar(start, start + each["seconds"], duration(each["seconds"]), tone),)))
    words = "; ".join(f"{each['name']}: {_said(each['seconds'])}" for each in parts)
    return Bars("Where the time went, from the first moment on", tuple(lanes), words)


def steps_picture(body: Mapping[str, Any]) -> Bars | None:
    """Each step: how long it usually takes, one after the other, above what happened. None: nothing was executed."""
    steps: Sequence[Mapping[str, Any]] = body["steps"]
    began = [datetime.fromisoformat(each["began_at"]) for each in steps if each["began_at"]]
    if not began:
        return None
    first, planned_at, lanes = min(began), 0.0, []
    for each in steps:
        plan = Lane(
            f"{each['number']} {each['name']} planned", absent=f"no earlier run; limit {duration(each['limit_s'])}"
        )
        if each["planned_s"] is not None:
            end = planned_at + each["planned_s"]
            plan = Lane(plan.name, (Bar(planned_at, end, f"usually {duration(each['planned_s'])}", Tone.NOTE),))
            planned_at = end
        lanes += [plan, _actual(each, first)]
    words = "; ".join(f"{each['name']}: {each['executed']}, {_said(each['actual_s'])}" for each in steps)
    return Bars("Steps: planned (grey, from earlier runs) against actual", tuple(lanes), words)


def _actual(each: Mapping[str, Any], first: datetime) -> Lane:
    name = f"{each['number']} {each['name']} actual"
    if each["executed"] not in ACTUAL or not each["began_at"]:
        return Lane(name, absent=each["executed"])
    start = (datetime.fromisoformat(each["began_at"]) - first).total_seconds()
    if each["actual_s"] is None:
        return Lane(name, (Bar(start, start, f"{each['executed']}: its end was not seen", Tone.UNKNOWN, True),))
    word = f"{duration(each['actual_s'])}{'' if each['executed'] == 'executed' else ', ' + each['executed']}"
    return Lane(name, (Bar(start, start + each["actual_s"], word, ACTUAL[each["executed"]]),))


def _said(seconds: float | None) -> str:
    return "not measured" if seconds is None else duration(seconds)
