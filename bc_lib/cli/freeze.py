"""`bcctl freeze` and `bcctl thaw`: the kill switch for everything."""

from __future__ import annotations

from typing import Annotated

import typer

from bc_lib.cli.gatekeeping import As, Json, gate, out, person
from bc_lib.domain.words import clock

Reason = Annotated[str, typer.Option("--reason", help="One line; everybody is shown it.")]


def freeze(reason: Reason, user: As = None, as_json: Json = False) -> None:
    """Forbid every start; runs stop where it is safe."""
    from bc_lib.services.execution.freeze import freeze as throw

    with gate(as_json) as made:
        found = throw(made, person(user), reason)
        body = {"schema_version": 1, "frozen": True, "since": found.since.isoformat(), "by": found.by}
        out(body, as_json, [f"Starts are frozen since {clock(found.since)} by {found.by}. Thaw with: bcctl thaw"])


def thaw(reason: Reason, user: As = None, as_json: Json = False) -> None:
    """Allow starts again."""
    from bc_lib.services.execution.thaw import thaw as take_back

    with gate(as_json) as made:
        take_back(made, person(user), reason)
        out({"schema_version": 1, "frozen": False}, as_json, ["Starts are allowed again."])
