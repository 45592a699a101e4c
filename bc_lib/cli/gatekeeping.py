"""What the commands of requests share: who acts, refusals as exit code 3, JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from bc_lib.cli.exits import Exit, fail
from bc_lib.domain.actor import Actor
from bc_lib.domain.denial import Denial
from bc_lib.domain.names import InvalidName
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import RequestType
from bc_lib.ports.sign_on import SignOnRefused
from bc_lib.services.gate import Gate
from bc_lib.services.requests.offers import offers
from bc_lib.services.requests.preview import resources_of
from bc_lib.services.requests.sites import site_meant

As = Annotated[str | None, typer.Option("--as", metavar="USER", help="Act as this demo user. Not in prod.")]
Json = Annotated[bool, typer.Option("--json", help="Machine-readable, schema_version 1.")]


NOWHERE = "-"
TargetSite = Annotated[
    str | None,
    typer.Option("--target-site", help="Its name or its title. Left out: the one site that it can be moved to now."),
]


@contextmanager
def gate(as_json: bool = False) -> Iterator[Gate]:
    """The services' gate. A Denial ends the command with its sentence, its code and exit 3."""
    from bc_lib.bootstrap import database_trouble
    from bc_lib.bootstrap import gate as compose

    try:
        yield compose()
    except Denial as denial:
        refuse(denial.code, denial.sentence, as_json)
    except SignOnRefused as refused:
        refuse("SIGN_ON_REFUSED", str(refused), as_json)
    except InvalidName as error:
        fail(str(error), Exit.USAGE)
    except database_trouble() as trouble:
        fail(f"The shared database does not answer ({type(trouble).__name__}). Start it with: bcctl up", Exit.UNKNOWN)


def refuse(code: str, sentence: str, as_json: bool) -> None:
    """The refusal on stderr (and as JSON on stdout), exit code 3."""
    if as_json:
        typer.echo(json.dumps({"schema_version": 1, "denied": {"code": code, "sentence": sentence}}))
    fail(f"{sentence} [{code}]", Exit.REFUSED)


def person(user: str | None) -> Actor:
    """Who acts: --as, else BC_USER. Raises SignOnRefused in prod and for anybody unknown."""
    from bc_lib.bootstrap import screens

    name = user or os.environ.get("BC_USER")
    if not name:
        raise SignOnRefused(
            "Say who you are with --as USER (demo users: vera, olga, ian, bea, ada, alan, sam), or use the pages."
        )
    return replace(screens().sign_on.actor(name, datetime.now(UTC)), channel="cli")


def site_for(made: Gate, kind: RequestType, scope: Scope, said: str | None) -> str:
    """The site that was said, else the only one there is. Where there is none: one that the service refuses with why,
    so that the refusal is audited as every other."""
    if said is not None:
        return site_said(made, scope, said)
    try:
        found = offers(made, scope)
    except Denial:
        return NOWHERE
    sites = found.to(kind)
    if len(sites) > 1:
        raise typer.BadParameter(f"Give --target-site: {' or '.join(sites)}.")
    refused = next((each.site for each in found.offers if each.denial is found.why_not(kind)), NOWHERE)
    return sites[0] if sites else refused


def site_said(made: Gate, scope: Scope, said: str) -> str:
    """The site that is meant by its name or its title, by the names of the inventory. Raises Denial SITE_AMBIGUOUS."""
    try:
        members = resources_of(made.store.read.inventory(), scope)
    except Denial:
        return said  # the service refuses the scope, so that it is audited
    return site_meant(scope.name, members, said)


def out(value: dict[str, Any], as_json: bool, lines: list[str]) -> None:
    """JSON, or the lines."""
    typer.echo(json.dumps(value, indent=2) if as_json else "\n".join(lines))
