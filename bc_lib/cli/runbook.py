"""`bcctl runbook NAME|--all -o DIR`: the current plans for paper; those that are kept where the database is away."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bc_lib.cli.exits import Exit, fail
from bc_lib.domain.words import clock
from bc_lib.services.runbooks.keep import kept, put


def runbook(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the PDF files.")],
    name: Annotated[str | None, typer.Argument(help="A resource or group.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every resource and group.")] = False,
) -> None:
    """Write the plan of each action with contacts as PDF. Exit 4 where only the kept ones could be copied."""
    from bc_lib.bootstrap import database_trouble
    from bc_lib.bootstrap_runbooks import write

    if (name is None) != everything:
        fail("Give the name of a resource or group, or --all.", Exit.USAGE)
    try:
        done = write(output, name)
    except database_trouble() as trouble:
        _copy(output, name, type(trouble).__name__)
    except OSError as trouble:
        fail(f"{output} cannot be written: {trouble.strerror}.")
    if not done.written and not done.missed:
        fail(f"There is no resource or group called {name!r}." if name else "The inventory is empty.", Exit.USAGE)
    for path in done.written:
        typer.echo(path)
    if done.missed:
        fail(f"Could not be made: {', '.join(done.missed)}.")


def _copy(output: Path, name: str | None, why: str) -> NoReturn:
    from bc_lib.config import load

    folder = load().runbooks
    found = kept(folder, name)
    if not found:
        fail(f"The shared database does not answer ({why}), and no runbook is kept in {folder}.", Exit.UNKNOWN)
    try:
        output.mkdir(parents=True, exist_ok=True)
        for each in found:
            put(output / each.name, each.read_bytes())
            typer.echo(output / each.name)
        oldest = min(each.stat().st_mtime for each in found)
    except OSError as trouble:
        fail(f"{output} cannot be written: {trouble.strerror}.")
    fail(
        f"The shared database does not answer ({why}): these are kept ones, the oldest made "
        f"{clock(datetime.fromtimestamp(oldest, UTC))}. Each says on it when it was made.",
        Exit.UNKNOWN,
    )
