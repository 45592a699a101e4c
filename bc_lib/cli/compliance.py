"""`bcctl compliance`: what was drilled in a range of dates, with which result, and what never was."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bc_lib.cli.audit_files import FileTrouble, write_export
from bc_lib.cli.exits import Exit, fail
from bc_lib.cli.gatekeeping import As, gate, person
from bc_lib.domain.words import count
from bc_lib.services.audit.export import Form
from bc_lib.services.compliance.export import as_json, export
from bc_lib.services.compliance.report import Compliance, days_of, report
from bc_lib.services.compliance.tables import sheets

Day = ["%Y-%m-%d"]


def compliance(
    first: Annotated[
        datetime | None, typer.Option("--from", formats=Day, help="First day (UTC); a year before the last.")
    ] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=Day, help="Last day, included; today.")] = None,
    form: Annotated[Form, typer.Option("--format", help="csv or json.")] = Form.CSV,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="A .zip, or the first file with the others beside it. Itself audited."),
    ] = None,
    user: As = None,
) -> None:
    """Show the report, or with -o write it: resources and groups, live drills, and every request of the range."""
    from bc_lib.bootstrap_audit import audit
    from bc_lib.bootstrap_evidence import store
    from bc_lib.config import load
    from bc_lib.ports.audit import AuditUnavailable

    with gate() as made:
        periods, read = load().drill_periods_s, store().read
        days = days_of(first and first.date(), last and last.date(), datetime.now(UTC).date())
        if output is None:
            found = report(read, days, periods)
            typer.echo(as_json(found).decode().rstrip() if form is Form.JSON else "\n".join(_lines(found)))
            return
        try:
            taken = export(made, read, audit().log, person(user), days, form, periods)
            write_export(output, taken.files)
        except AuditUnavailable as trouble:
            fail(str(trouble), Exit.UNKNOWN)
        except FileTrouble as trouble:
            fail(str(trouble))
    typer.echo(f"{output}: {_counted(taken.found)}.", err=True)


def _lines(found: Compliance) -> list[str]:
    systems = sheets(found)[0]
    lines = [f"From {found.days.first} to {found.days.last}, both included (UTC). Only live drills count."]
    for row in systems.rows:
        said = dict(zip(systems.columns, row, strict=True))
        what = f"{said['kind']} {said['name']}: {said['result']}"
        if said["last one"]:
            what += (
                f" {said['ended']} ({said['last one']}); against RTO: {said['against RTO']}, "
                f"against RPO: {said['against RPO']}"
            )
        lines.append(f"{what}. Now: {said['verified state when made']}.")
    return [*lines, f"{_counted(found)}. Write all of it with -o FILE.zip."]


def _counted(found: Compliance) -> str:
    return f"{count(len(found.drills), 'live drill')}, {count(len(found.requests), 'request')}"
