"""`bcctl health`: does the watcher itself live?"""

from __future__ import annotations

import json
from typing import Annotated

import typer

from bc_lib.cli.exits import Exit, fail
from bc_lib.domain.assessment import Status
from bc_lib.services.own_health import own_health


def health(
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable, schema_version 1.")] = False,
) -> None:
    """Show our own components. Exit 0 when all are green, 1 when something is wrong, 4 when something is not known."""
    from bc_lib.bootstrap import database_trouble, reading

    try:
        items = own_health(reading().status)
    except database_trouble() as trouble:
        fail(f"The shared database does not answer ({type(trouble).__name__}). Start it with: bcctl up", Exit.UNKNOWN)
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "schema_version": 1,
                    "items": [
                        {
                            "name": item.name,
                            "status": item.status.value,
                            "text": item.text,
                            "seen_at": item.seen_at.isoformat() if item.seen_at else None,
                        }
                        for item in items
                    ],
                },
                indent=2,
            )
        )
    else:
        for item in items:
            typer.echo(f"{item.status.value.upper():<10} {item.text}")
    if any(not item.status.known for item in items):
        raise typer.Exit(Exit.UNKNOWN)
    if any(item.status is not Status.GREEN for item in items):
        raise typer.Exit(Exit.FAILED)
