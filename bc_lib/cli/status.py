"""`bcctl status` and `bcctl check`: what the stored observations say now."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from bc_lib.cli.exits import Exit, fail, reading, verified
from bc_lib.domain.assessment import Answer, Status, Verdict
from bc_lib.domain.plans.movable import watched_only
from bc_lib.domain.reason_rows import losses
from bc_lib.domain.words import duration
from bc_lib.services.estate import Estate, GroupView, ResourceView
from bc_lib.services.status_json import estate_json

NAGIOS = {Status.GREEN: 0, Status.YELLOW: 1, Status.RED: 2}
NAGIOS_UNKNOWN = 3
NAGIOS_WORDS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
ANSWERS = {Answer.YES: "yes", Answer.NO: "no", Answer.WITH_LOSS: "with loss", Answer.UNKNOWN: "not known"}


def status(
    name: Annotated[str | None, typer.Argument(help="A resource or group; all when left out.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable, schema_version 1.")] = False,
) -> None:
    """Show the status of the estate. Exit 4 when anything shown is stale, blind or never seen."""
    estate = _estate(name)
    if as_json:
        typer.echo(json.dumps(estate_json(estate, name, verified()), indent=2))
    else:
        for line in (*_lines(estate, name), *_tested(estate, name)):
            typer.echo(line)
    shown = [item["status"] for item in estate_json(estate, name)["resources"]]
    if any(not Status(word).known for word in shown):
        raise typer.Exit(Exit.UNKNOWN)


def check(
    name: Annotated[str, typer.Argument(help="A resource or group.")],
    show_sql: Annotated[
        bool, typer.Option("--show-sql", help="Print the statements a check runs, and run nothing.")
    ] = False,
) -> None:
    """Speak as a Nagios plug-in: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. Reads stored values, probes nothing."""
    estate = _estate(name, missing=NAGIOS_UNKNOWN, away=NAGIOS_UNKNOWN)
    if show_sql:
        _print_statements(estate, name)
        return
    view = estate.resource(name)
    group = estate.group(name)
    state = view.current.status if view else group.assessment.status if group else Status.NEVER_SEEN
    reasons = view.current.reasons if view else group.assessment.reasons if group else ()
    code = NAGIOS.get(state, NAGIOS_UNKNOWN)
    text = "; ".join(reason.text for reason in reasons) or "no trouble found"
    # "|" would begin Nagios performance data.
    typer.echo(f"{NAGIOS_WORDS[code]} {name} {state.value}: {text.replace('|', '/')}{_performance(view)}")
    raise typer.Exit(code)


def _performance(view: ResourceView | None) -> str:
    last = view.current.last if view and view.current.last and view.current.status == view.current.last.status else None
    if last is None or last.lag.replayed_s is None:
        return ""
    return f" | lag_s={last.lag.replayed_s:.3f}s"


def _print_statements(estate: Estate, name: str) -> None:
    from bc_lib.bootstrap import connectors

    view = estate.resource(name)
    if view is None:
        fail(f"{name} is a group; --show-sql takes a resource.", Exit.USAGE)
    for statement in connectors().get(view.current.resource.platform).statements():
        typer.echo(f"-- {statement.purpose}\n{statement.text.strip()}\n")


def _estate(name: str | None, missing: int = Exit.USAGE, away: int = Exit.UNKNOWN) -> Estate:
    estate = reading(away)
    if name is not None and estate.resource(name) is None and estate.group(name) is None:
        known = (
            ", ".join([view.name for view in estate.resources] + [view.group.name for view in estate.groups])
            or "nothing yet"
        )
        fail(f"There is no resource or group called {name!r}. Known: {known}.", missing)
    return estate


def _lines(estate: Estate, name: str | None) -> list[str]:
    group = estate.group(name) if name else None
    wanted = {view.name for view in group.members} if group else {name}
    lines = []
    for view in estate.resources:
        if name is None or view.name in wanted:
            lines.extend(_resource_lines(view))
    for item in estate.groups:
        if name is None or item.group.name == name:
            lines.extend(_group_lines(item))
    return lines or ["The inventory is empty. Add resources with: bcctl inventory apply FILE"]


def _tested(estate: Estate, name: str | None) -> list[str]:
    """The verified state, apart from health and never in its colours' words."""
    group = estate.group(name) if name else None
    wanted = {name} | ({view.name for view in group.members} if group else set())
    lines = ["", "Recovery tests (live drills only):"]
    for scope, mark in verified().items():
        if name is None or scope.name in wanted:
            late = f"; overdue, period {duration(mark.period_s)}" if mark.overdue else ""
            lines += [f"  {scope.kind} {scope.name}: {mark.state.value}{late}. {mark.sentence}"]
            lines += [f"    {each}" for each in mark.changes]
    return lines if len(lines) > 2 else []


def _resource_lines(view: ResourceView) -> list[str]:
    current = view.current
    age = "never" if current.age_s is None else f"{current.age_s:.0f} s ago"
    lines = [f"{current.status.value.upper():<10} {view.name} (tier {current.resource.tier}), observed {age}"]
    lines += [f"           {reason.code}: {reason.text}" for reason in current.reasons]
    lines += [f"           {reason.text}" for reason in view.dependencies]
    return [
        *lines,
        *_verdict_lines(current.could_switch_over, current.could_fail_over),
        *(f"           {reason.text}" for reason in current.could_fail_over.reasons if reason.code in losses.CODES),
    ]


def _group_lines(item: GroupView) -> list[str]:
    judged = item.assessment
    worst = f", worst: {', '.join(judged.worst_members)}" if judged.worst_members else ""
    return [
        f"{judged.status.value.upper():<10} group {item.group.name} (tier {item.group.tier}){worst}",
        *(f"           {reason.code}: {reason.text}" for reason in judged.reasons),
        *_verdict_lines(judged.could_switch_over, judged.could_fail_over),
    ]


def _verdict_lines(switch_over: Verdict, fail_over: Verdict) -> list[str]:
    if watched_only(switch_over):
        return ["           watched only: nothing here can move it"]
    return [
        f"           could switch over: {ANSWERS[switch_over.answer]}; could fail over: {ANSWERS[fail_over.answer]}"
    ]
