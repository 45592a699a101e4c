"""`bcctl plan`: what would be done, step by step. It only reads, and works while a site is away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from bc_lib.cli.exits import Exit
from bc_lib.cli.gatekeeping import Json, TargetSite, gate, out, site_for
from bc_lib.domain.execution.actions import DrillKind
from bc_lib.domain.execution.findings import Finding
from bc_lib.domain.requests.plan import Plan, Scope
from bc_lib.domain.requests.states import RequestType
from bc_lib.services.requests.asking import prospect
from bc_lib.services.requests.plan_text import plan_json, plan_lines


def plan(
    kind: Annotated[RequestType, typer.Option("--type")],
    target_site: TargetSite = None,
    resource: Annotated[str | None, typer.Option("--resource")] = None,
    group: Annotated[str | None, typer.Option("--group")] = None,
    drill: Annotated[DrillKind | None, typer.Option("--drill", help="With --type drill; default rehearsal.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Also look at both sites and say everything that stands against it.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show the plan for moving one resource or group, as it would be now. Nothing is stored or changed.

    With --check exit 3 where something stands against it.
    """
    if (resource is None) == (group is None):
        raise typer.BadParameter("Give --resource or --group, one of them.")
    if drill is not None and kind is not RequestType.DRILL:
        raise typer.BadParameter("--drill goes with --type drill.")
    scope = Scope(kind="resource", name=resource) if resource else Scope(kind="group", name=group or "")
    with gate(as_json) as made:
        found = prospect(made, kind, scope, site_for(made, kind, scope, target_site), drill).plan
        if not check:
            out({"schema_version": 1, "plan": plan_json(found)}, as_json, plan_lines(found))
            return
        findings, against = _checked(found)
        value = {
            "schema_version": 1,
            "plan": plan_json(found),
            "checks": [asdict(each) for each in findings],
            "blockers": list(against),
        }
        out(value, as_json, [*plan_lines(found), *_check_lines(findings, against)])
        if against:
            raise typer.Exit(Exit.REFUSED)


def _checked(plan: Plan) -> tuple[Sequence[Finding], tuple[str, ...]]:
    """As the runner looks, in this process: it needs the runner's secrets, as `bcctl run` does."""
    from bc_lib.bootstrap_execution import execution
    from bc_lib.services.execution.blockers import blockers

    ex = execution("bcctl plan --check")
    try:
        return blockers(ex, plan)
    finally:
        ex.mechanisms.close()


def _check_lines(findings: Sequence[Finding], against: Sequence[str]) -> list[str]:
    from bc_lib.services.execution.blockers import looked_words, stands_words, warned

    return [
        "",
        f"Checked now: {looked_words(findings)}.",
        *(f"  {each}" for each in warned(findings)),
        stands_words(against),
        *(f"  {each}" for each in against),
    ]
