"""`bcctl plan`: what would be done, step by step. It only reads, and works while a site is away."""

from __future__ import annotations

from typing import Annotated

import typer

from bc_lib.cli.gatekeeping import Json, gate, out
from bc_lib.domain.execution.actions import DrillKind
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import RequestType
from bc_lib.services.requests.asking import prospect
from bc_lib.services.requests.plan_text import plan_json, plan_lines


def plan(
    kind: Annotated[RequestType, typer.Option("--type")],
    target_site: Annotated[str, typer.Option("--target-site")],
    resource: Annotated[str | None, typer.Option("--resource")] = None,
    group: Annotated[str | None, typer.Option("--group")] = None,
    drill: Annotated[DrillKind | None, typer.Option("--drill", help="With --type drill; default rehearsal.")] = None,
    as_json: Json = False,
) -> None:
    """Show the plan for moving one resource or group to a site, as it would be now. Nothing is stored or changed."""
    if (resource is None) == (group is None):
        raise typer.BadParameter("Give --resource or --group, one of them.")
    if drill is not None and kind is not RequestType.DRILL:
        raise typer.BadParameter("--drill goes with --type drill.")
    scope = Scope(kind="resource", name=resource) if resource else Scope(kind="group", name=group or "")
    with gate(as_json) as made:
        found = prospect(made, kind, scope, target_site, drill).plan
        out({"schema_version": 1, "plan": plan_json(found)}, as_json, plan_lines(found))
