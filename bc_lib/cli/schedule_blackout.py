"""`bcctl schedule blackout`: days on which no schedule, or one of them, asks for anything."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from bc_lib.cli.exits import Exit, fail
from bc_lib.cli.gatekeeping import As, Json, gate, out, person
from bc_lib.cli.schedule_text import blackout_lines
from bc_lib.domain.schedules.values import Blackout
from bc_lib.services.schedules.blackouts import add_blackout, end_blackout
from bc_lib.services.schedules.view import blackout_json

app = typer.Typer(no_args_is_help=True, help="Days on which nothing is asked for; dates in them are skipped.")


@app.command()
def add(
    *,
    first: Annotated[str, typer.Option("--from", help="First day, such as 2027-12-20.")],
    last: Annotated[str | None, typer.Option("--to", help="Last day, included; default the first.")] = None,
    reason: Annotated[str, typer.Option("--reason")],
    zone: Annotated[str, typer.Option("--zone", help="IANA time zone of the days.")] = "UTC",
    schedule: Annotated[str | None, typer.Option("--schedule", help="Of this schedule only, such as s-1.")] = None,
    user: As = None,
    as_json: Json = False,
) -> None:
    """Add a blackout. Who was told of a date in it is told that it is called off."""
    from bc_lib.bootstrap_schedules import calendar

    begins = _day(first)
    wanted = Blackout(id=0, schedule=schedule, first_day=begins, last_day=_day(last) if last else begins, zone=zone,
                      reason=reason, by="")  # fmt: skip
    with gate(as_json) as made:
        _print([add_blackout(made, calendar(), person(user), wanted)], as_json)


@app.command("list")
def list_(
    ended: Annotated[bool, typer.Option("--ended", help="With those that were ended.")] = False,
    as_json: Json = False,
) -> None:
    """List blackouts."""
    with gate(as_json) as made:
        found = made.store.read.schedules.blackouts(ended=ended)
        out({"schema_version": 1, "blackouts": [blackout_json(each) for each in found]}, as_json, blackout_lines(found))


@app.command()
def remove(
    number: Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="Its number in the list.")],
    user: As = None,
    as_json: Json = False,
) -> None:
    """End a blackout: dates in it are asked for again. It stays on record."""
    from bc_lib.bootstrap_schedules import calendar

    with gate(as_json) as made:
        _print([end_blackout(made, calendar(), person(user), number)], as_json)


def _print(found: list[Blackout], as_json: bool) -> None:
    out({"schema_version": 1, **blackout_json(found[0])}, as_json, blackout_lines(found))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        fail(f"{text[:40]!a} is not a day; write such as 2027-12-20.", Exit.USAGE)
