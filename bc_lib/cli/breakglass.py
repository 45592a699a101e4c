"""`bcctl breakglass`: emergency grants and their reviews."""

from __future__ import annotations

from typing import Annotated

import typer

from bc_lib.cli.gatekeeping import As, Json, gate, out, person
from bc_lib.domain.breakglass import Grant
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.words import clock
from bc_lib.services.breakglass.grant import grant as make_grant
from bc_lib.services.breakglass.listing import list_grants
from bc_lib.services.breakglass.review import review as record_review
from bc_lib.services.breakglass.use import use as use_grant
from bc_lib.services.requests.show import show as show_request
from bc_lib.services.requests.show_json import grant_json

app = typer.Typer(
    no_args_is_help=True, help="Emergency grants: one use, an hour at most, security is told, a review is owed."
)
GrantId = Annotated[int, typer.Argument(metavar="GRANT")]


@app.command()
def grant(
    incident: Annotated[str, typer.Option("--incident", help="Such as INC-1042.")],
    reason: Annotated[str, typer.Option("--reason")],
    resource: Annotated[str | None, typer.Option("--resource")] = None,
    group: Annotated[str | None, typer.Option("--group")] = None,
    request: Annotated[str | None, typer.Option("--request", help="Use it at once on this request.")] = None,
    minutes: Annotated[int, typer.Option("--minutes")] = 60,
    user: As = None,
    as_json: Json = False,
) -> None:
    """Break glass for one resource or group, or for one request."""
    if sum(each is not None for each in (resource, group, request)) != 1:
        raise typer.BadParameter("Give --resource, --group or --request, one of them.")
    with gate(as_json) as made:
        scope = Scope(kind="resource", name=resource) if resource else Scope(kind="group", name=group or "")
        if request is not None:
            scope = show_request(made, request).request.scope
        given = make_grant(made, person(user), scope, incident, reason, minutes)
        if request is not None:
            use_grant(made, person(user), given.id, request)
            given = made.store.read.grant(given.id)
        _print(given, as_json)


@app.command()
def use(
    grant_id: GrantId, request_id: Annotated[str, typer.Argument(metavar="ID")], user: As = None, as_json: Json = False
) -> None:
    """Use your grant on a request: it stands in for the approvers who are missing."""
    with gate(as_json) as made:
        use_grant(made, person(user), grant_id, request_id)
        _print(made.store.read.grant(grant_id), as_json)


@app.command()
def review(
    grant_id: GrantId, findings: Annotated[str, typer.Option("--findings")], user: As = None, as_json: Json = False
) -> None:
    """Record the review of a grant you took no part in."""
    with gate(as_json) as made:
        _print(record_review(made, person(user), grant_id, findings), as_json)


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List grants: overdue reviews first."""
    with gate(as_json) as made:
        views = list_grants(made)
        out(
            {"schema_version": 1, "grants": [{**grant_json(view.grant), "overdue": view.overdue} for view in views]},
            as_json,
            [f"{'OVERDUE  ' if view.overdue else ''}{line}" for view in views for line in _lines(view.grant)]
            or ["No break-glass so far."],
        )


def _print(given: Grant, as_json: bool) -> None:
    out({"schema_version": 1, **grant_json(given)}, as_json, _lines(given))


def _lines(given: Grant) -> list[str]:
    used = f"used by {given.used_by}" if given.used_by else f"unused, until {clock(given.expires_at)}"
    owed = f"reviewed by {given.reviewed_by}" if given.reviewed_by else f"review due {clock(given.review_due)}"
    if given.voided:
        owed = "VOIDED: it carries no valid proof"
    return [f"{given.id}  {given.incident}  {given.scope.name}  by {given.holder_name}: {used}; {owed}"]
