"""`bcctl topology NAME`: who replicates from whom."""

from __future__ import annotations

from typing import Annotated

import typer

from bc_lib.cli.exits import Exit, fail, reading
from bc_lib.services.topology import topology_lines


def topology(name: Annotated[str, typer.Argument(help="A resource.")]) -> None:
    """Show nodes, roles, positions, standbys and cascades as last observed."""
    estate = reading()
    view = estate.resource(name)
    if view is None:
        fail(f"There is no resource called {name!r}. List them with: bcctl status", Exit.USAGE)
    for line in topology_lines(view):
        typer.echo(line)
