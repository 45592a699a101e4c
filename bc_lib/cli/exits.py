"""Exit codes, errors in one sentence, and the estate as commands read it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import NoReturn

import typer

from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.verified.values import Mark
from bc_lib.services.estate import Estate, read_estate
from bc_lib.services.verified.marks import marks


class Exit(IntEnum):
    """0 ok, 1 failed, 2 usage, 3 refused by policy, 4 unknown or stale."""

    OK = 0
    FAILED = 1
    USAGE = 2
    REFUSED = 3
    UNKNOWN = 4


def fail(sentence: str, code: int = Exit.FAILED) -> NoReturn:
    """One sentence on stderr, and the exit code."""
    typer.echo(sentence, err=True)
    raise typer.Exit(code)


def reading(away: int = Exit.UNKNOWN) -> Estate:
    """The estate now. Ends the command with one sentence and code `away` when the database cannot be asked."""
    from bc_lib.bootstrap import database_trouble
    from bc_lib.bootstrap import reading as compose
    from bc_lib.config import ConfigError

    try:
        parts = compose()
        return read_estate(parts.inventory, parts.status)
    except ConfigError as error:
        fail(str(error), away)
    except database_trouble() as trouble:
        fail(f"The shared database does not answer ({type(trouble).__name__}). Start it with: bcctl up", away)


def verified(away: int = Exit.UNKNOWN) -> Mapping[Scope, Mark]:
    """The verified state of everything; ends the command as `reading` does."""
    from bc_lib import config
    from bc_lib.bootstrap import database_trouble, requests_reading

    try:
        return marks(requests_reading(), config.load().drill_periods_s)
    except database_trouble() as trouble:
        fail(f"The shared database does not answer ({type(trouble).__name__}). Start it with: bcctl up", away)
