"""A compliance report as three tables of texts: what the page shows, what the export holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bc_lib.domain.requests.state_words import STATE_WORDS
from bc_lib.domain.requests.states import State
from bc_lib.domain.verified.coverage import scenario
from bc_lib.domain.verified.results import Figure, Result
from bc_lib.domain.verified.values import Asked, Verified
from bc_lib.services.compliance.report import Compliance, System

NOT_DRILLED = "not drilled in this range"
FIGURES = ("clients could not write (s)", "RTO (s)", "against RTO", "possible loss at most (s)", "RPO (s)",
           "against RPO")  # fmt: skip
SYSTEMS = ("kind", "name", "tier", "owner", "live drills in range", "last one", "ended", "result", *FIGURES,
           "verified state when made")  # fmt: skip
DRILLS = ("request", "scope", "resource", "target site", "ended", "result", *FIGURES, "asked by", "agreed", "confirmed",
          "decided during the run", "break-glass", "evidence pack (SHA-256 of manifest)")  # fmt: skip
REQUESTS = ("request", "what", "kind", "scope", "members", "target site", "tier", "environment", "reason",
            "change ticket", "state", "outcome", "asked at", "asked by", "agreed", "denied", "confirmed",
            "decided during the run", "break-glass", "over since", "executed by",
            "evidence pack (SHA-256 of manifest)")  # fmt: skip
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table. Every row has one cell a column."""

    name: str
    columns: Row
    rows: tuple[Row, ...]


def sheets(found: Compliance) -> tuple[Sheet, Sheet, Sheet]:
    """Systems, drills (one line a drill and resource), requests."""
    return (
        Sheet("systems", SYSTEMS, tuple(_system(each, found) for each in found.systems)),
        Sheet("drills", DRILLS, tuple(row for each in found.drills for row in _drill(each, found))),
        Sheet("requests", REQUESTS, tuple(_request(each) for each in found.requests)),
    )


def facts(found: Compliance) -> tuple[tuple[str, str], ...]:
    """What the tables are about."""
    drilled = [each for each in found.systems if each.drills]
    return (
        ("from (UTC day, included)", found.days.first.isoformat()),
        ("to (UTC day, included)", found.days.last.isoformat()),
        ("made at", at(found.made_at)),
        ("systems", str(len(found.systems))),
        ("systems with a live drill in the range", str(len(drilled))),
        ("live drills that ended in the range", str(len(found.drills))),
        ("requests not over before the range", str(len(found.requests))),
        ("what counts", "live drills only: no rehearsal, switchover or failover"),
        ("figures", "from the signed evidence pack of each drill; verify it with verify_pack.py"),
    )


def at(moment: datetime | None) -> str:
    """As people and spreadsheets read it, in UTC to the second; empty for none."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC") if moment else ""


def result_words(asked: Asked, result: Result) -> str:
    """How a drill ended."""
    if asked.state is State.SUCCEEDED:
        return "Succeeded"
    return f"Failed ({asked.outcome})" if asked.outcome else "Failed (nothing was executed)"


def _system(each: System, found: Compliance) -> Row:
    head = (each.scope.kind, each.scope.name, str(each.tier or ""), each.owner, str(len(each.drills)))
    state = "not in the inventory any more"
    if each.mark is not None:
        state = each.mark.state.value + (", overdue" if each.mark.overdue else "")
    if not each.drills:
        watched = each.mark is not None and each.mark.state is Verified.WATCHED
        return (*head, "", "", "" if watched else NOT_DRILLED, *([""] * len(FIGURES)), state)
    last = each.drills[0]
    said = found.results[last.request]
    touched = [name for name in each.members if name in last.members] or _touched(each, last)
    return (*head, last.request, at(last.state_since), result_words(last, said), *_figures(said, touched), state)


def _touched(each: System, last: Asked) -> list[str]:
    return list(last.members) if each.scope.kind == "group" else [each.scope.name]


def _drill(each: Asked, found: Compliance) -> list[Row]:
    said = found.results[each.request]
    return [
        (
            each.request,
            each.scope.name,
            resource,
            each.where,
            at(each.state_since),
            result_words(each, said),
            *_figures(said, [resource]),
            each.asked_by,
            _names(each.agreed),
            _names(each.confirmed),
            _names(each.decided),
            "yes" if each.breakglass else "no",
            each.pack or "none is made yet",
        )
        for resource in each.members
    ]


def _request(each: Asked) -> Row:
    return (
        each.request,
        scenario(each).value,
        each.scope.kind,
        each.scope.name,
        _names(each.members),
        each.where,
        str(each.tier),
        each.environment,
        each.reason,
        each.ticket,
        STATE_WORDS[each.state],
        each.outcome,
        at(each.asked_at),
        each.asked_by,
        _names(each.agreed),
        _names(each.denied),
        _names(each.confirmed),
        _names(each.decided),
        "yes" if each.breakglass else "no",
        at(each.ended_at),
        each.executor,
        each.pack,
    )


def _figures(said: Result, resources: Sequence[str]) -> Row:
    return (*_figure(said.rto), *_figure(said.loss(resources)))


def _figure(each: Figure) -> Row:
    return _number(each.seconds), _number(each.target_s), each.judged.value


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _names(names: Sequence[str]) -> str:
    return ", ".join(names)
