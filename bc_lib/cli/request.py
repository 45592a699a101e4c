"""`bcctl request`: ask, look, approve, deny, withdraw, confirm."""

from __future__ import annotations

import uuid
from typing import Annotated

import typer

from bc_lib.cli.gatekeeping import As, Json, TargetSite, gate, out, person, site_for
from bc_lib.domain.actor import Role
from bc_lib.domain.execution.actions import DrillKind
from bc_lib.domain.requests.notice import asked_for
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.state_words import STATE_WORDS
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.domain.requests.values import NewRequest
from bc_lib.domain.words import clock
from bc_lib.services.gate import Gate
from bc_lib.services.requests.approve import approve as approve_request
from bc_lib.services.requests.blacked_out import in_blackout
from bc_lib.services.requests.confirm import confirm as confirm_request
from bc_lib.services.requests.create import create as create_request
from bc_lib.services.requests.deny import deny as deny_request
from bc_lib.services.requests.inbox import open_waits
from bc_lib.services.requests.listing import list_requests, standing_against, waiting_on
from bc_lib.services.requests.show import RequestView
from bc_lib.services.requests.show import show as show_request
from bc_lib.services.requests.show_json import request_json, summary_json
from bc_lib.services.requests.waiting_json import waiting_json, waiting_lines
from bc_lib.services.requests.withdraw import withdraw

app = typer.Typer(no_args_is_help=True, help="Requests for failover, switchover, failback, drill.")
Id = Annotated[str, typer.Argument(metavar="ID", help="Such as r-12.")]
RoleOption = Annotated[Role, typer.Option("--role", help="approver-it or approver-business.")]
Revision = Annotated[int | None, typer.Option(help="Refuse unless this is still the plan's revision.")]


@app.command()
def create(
    *,
    kind: Annotated[RequestType, typer.Option("--type")],
    reason: Annotated[str, typer.Option("--reason")],
    target_site: TargetSite = None,
    resource: Annotated[str | None, typer.Option("--resource")] = None,
    group: Annotated[str | None, typer.Option("--group")] = None,
    ticket: Annotated[str | None, typer.Option("--ticket")] = None,
    retry_of: Annotated[str | None, typer.Option("--retry-of")] = None,
    drill: Annotated[DrillKind | None, typer.Option("--drill", help="With --type drill; default rehearsal.")] = None,
    key: Annotated[str | None, typer.Option("--key", help="The same key again is the same submission.")] = None,
    user: As = None,
    as_json: Json = False,
) -> None:
    """Ask for a state change of one resource or group. Nothing happens until others approve and somebody confirms."""
    if (resource is None) == (group is None):
        raise typer.BadParameter("Give --resource or --group, one of them.")
    scope = Scope(kind="resource", name=resource) if resource else Scope(kind="group", name=group or "")
    with gate(as_json) as made:
        actor = person(user)
        new = NewRequest(
            type=kind,
            scope=scope,
            target_site=site_for(made, kind, scope, target_site),
            reason=reason,
            key=key or str(uuid.uuid4()),
            ticket=ticket,
            retry_of=retry_of,
            drill=drill.value if drill else None,
        )
        created = create_request(made, actor, new)
        _warn(made, created.id)
        _print(made, created.id, as_json)


@app.command("list")
def list_(
    state: Annotated[list[State] | None, typer.Option("--state")] = None,
    scope: Annotated[str | None, typer.Option("--scope", help="A resource or group.")] = None,
    as_json: Json = False,
) -> None:
    """List requests, newest first."""
    with gate(as_json) as made:
        found = list_requests(made, states=tuple(state or ()), scope=scope)
        why = standing_against(made, found.requests)
        out(
            {
                "schema_version": 1,
                "now": found.now.isoformat(),
                "requests": [summary_json(each, why.get(each.id)) for each in found.requests],
            },
            as_json,
            [
                f"{each.id:<8} {STATE_WORDS[each.state]:<20} {asked_for(each)}"
                f", asked by {each.requester_name}" + (f"\n         {why[each.id].words}" if each.id in why else "")
                for each in found.requests
            ]
            or ["No requests. Ask with: bcctl request create"],
        )


@app.command()
def waiting(user: As = None, as_json: Json = False) -> None:
    """List what waits for a person, the most pressing first: with --as for one of their roles, else for anybody."""
    with gate(as_json) as made:
        found = waiting_on(made, person(user)) if user else open_waits(made)
        out(waiting_json(found), as_json, waiting_lines(found, made.base_url))


@app.command()
def show(request_id: Id, as_json: Json = False) -> None:
    """Show one request: plan, approvals, who is missing and by when."""
    with gate(as_json) as made:
        _print(made, request_id, as_json)


@app.command()
def approve(
    request_id: Id,
    role: RoleOption,
    reason: Annotated[str, typer.Option("--reason")] = "",
    revision: Revision = None,
    user: As = None,
    as_json: Json = False,
) -> None:
    """Agree in one role."""
    with gate(as_json) as made:
        _print(
            made, approve_request(made, person(user), request_id, role, revision=revision, reason=reason).id, as_json
        )


@app.command()
def deny(
    request_id: Id,
    role: RoleOption,
    reason: Annotated[str, typer.Option("--reason")],
    revision: Revision = None,
    user: As = None,
    as_json: Json = False,
) -> None:
    """Say no; that ends the request."""
    with gate(as_json) as made:
        _print(made, deny_request(made, person(user), request_id, role, reason, revision=revision).id, as_json)


@app.command(name="cancel", hidden=True)  # its name before the pages and this command said the same word
@app.command(name="withdraw")
def withdraw_(
    request_id: Id, reason: Annotated[str, typer.Option("--reason")] = "", user: As = None, as_json: Json = False
) -> None:
    """Take your own request back."""
    with gate(as_json) as made:
        _print(made, withdraw(made, person(user), request_id, reason=reason).id, as_json)


@app.command()
def confirm(
    request_id: Id,
    phrase: Annotated[str, typer.Option("--phrase", help="Exactly as shown.")],
    revision: Revision = None,
    user: As = None,
    as_json: Json = False,
) -> None:
    """Confirm an approved request with its phrase."""
    with gate(as_json) as made:
        _print(made, confirm_request(made, person(user), request_id, phrase, revision=revision).id, as_json)


def _warn(made: Gate, request_id: str) -> None:
    """On stderr, where it was asked for in a blackout that does not forbid it."""
    read = made.store.read
    _, warned = in_blackout(read, read.policy(), read.plan(request_id).plan)
    if warned:
        typer.echo(f"Warning: {warned}", err=True)


def _print(made: Gate, request_id: str, as_json: bool) -> None:
    view = show_request(made, request_id)
    out(request_json(view), as_json, _lines(view))


def _lines(view: RequestView) -> list[str]:
    request = view.request
    lines = [
        f"{request.id}  {STATE_WORDS[request.state]}  {asked_for(request)}",
        f"  {view.plan.plan.effect}",
        f"  asked by {request.requester_name}: {request.reason}",
    ]
    if view.grant:
        lines.append(f"  BREAK-GLASS by {view.grant.holder_name}, incident {view.grant.incident}: {view.grant.reason}")
    if view.plan.because:
        lines.append(f"  earlier approvals are void because {view.plan.because}")
    lines += [
        f"  {vote.decision.value} by {vote.name} as {vote.role.value}"
        for vote in view.votes
        if vote.plan_revision == request.plan_revision
    ]
    lines += [f"  missing: {need.count} {need.role.value}" for need in view.missing]
    lines += [f"  {each}" for each in view.losing.sentences]
    if view.outage:
        lines.append(f"  clients cannot write since {clock(view.outage.began_at)}. {view.outage.sentence}".rstrip())
    lines += [f"  accepted: {each.words}" for each in view.losing.accepted]
    if request.state.waiting and view.losing.missing:
        lines.append(f"  to accept before the start: losing {view.losing.missing}")
    lines += _against(view)
    if request.expires_at:
        lines.append(f"  until {clock(request.expires_at)}")
    if request.state is State.APPROVED:
        lines.append(f"  to confirm, type: {request.phrase}")
    return lines


def _against(view: RequestView) -> list[str]:
    found = view.against
    return [] if found is None else [f"  {found.words}", *([f"  to do: {found.do}"] if found.do else [])]
