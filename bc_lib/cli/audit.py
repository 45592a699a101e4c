"""`bcctl audit`: verify, export, seal the audit log."""

from __future__ import annotations

import json
import signal
import threading
from pathlib import Path
from typing import Annotated

import typer

from bc_lib.cli.audit_files import FileTrouble, unpacked, write_export
from bc_lib.cli.audit_filters import By, From, OfRequest, Outcome, System, Target, To, Type, wanted_of
from bc_lib.cli.exits import Exit, fail
from bc_lib.cli.gatekeeping import As, gate, person
from bc_lib.domain.audit import COLUMNS
from bc_lib.domain.authorization import Verb
from bc_lib.services.guard import Subject, audit_actor, authorize

app = typer.Typer(no_args_is_help=True, help="The audit log: verify, export, seal.")
Json = Annotated[bool, typer.Option("--json", help="Machine-readable, schema_version 1.")]
Place = Annotated[
    str | None,
    typer.Option(
        "--checkpoints",
        help="Read the checkpoints here only: a folder, a file of syslog lines, or s3://... as in BC_CHECKPOINTS.",
    ),
]


@app.command()
def verify(
    export_file: Annotated[
        Path | None, typer.Option("--export", help="Verify this export (.zip, .csv or .json); no database is asked.")
    ] = None,
    checkpoints: Place = None,
    public_key: Annotated[
        list[str] | None, typer.Option("--public-key", help="Trust this key only (hexadecimal); may be repeated.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Say whether the log is what was written, and which record is not. Exit 1 when anything is wrong."""
    if export_file is not None:
        _verify_export(export_file, public_key[0] if public_key else None, as_json)
        return
    from bc_lib.bootstrap import database_trouble
    from bc_lib.bootstrap_audit import audit
    from bc_lib.config import ConfigError, DbRole
    from bc_lib.services.audit.verify import finding_lines, verify_log

    try:
        parts = audit(DbRole.READER, checkpoints)
        found = verify_log(
            parts.reader, parts.checkpoints, parts.check, public_key or parts.keys, witnesses=parts.witnesses
        )
    except ConfigError as trouble:
        fail(str(trouble), Exit.UNKNOWN)
    except database_trouble() as trouble:
        fail(
            f"The audit log cannot be read ({type(trouble).__name__}). Start the database with: bcctl up", Exit.UNKNOWN
        )
    findings = [
        {"record": item.number, "last": item.last, "wrong": item.wrong.value, "text": item.text}
        for item in found.chain.findings
    ]
    _tell(
        as_json,
        found.chain.records,
        finding_lines(found),
        found.notes,
        {"findings": findings, "troubles": found.troubles, "signed_to": found.signed_to},
    )


def _verify_export(path: Path, key: str | None, as_json: bool) -> None:
    from bc_lib.services.audit.standalone_verify import NoExport
    from bc_lib.services.audit.standalone_verify import verify as verify_file

    try:
        with unpacked(path) as file:
            count, troubles, notes = verify_file(str(file), key)
    except (NoExport, FileTrouble) as trouble:
        fail(str(trouble), Exit.USAGE)
    _tell(as_json, count, troubles, notes, {})


def _tell(as_json: bool, count: int, troubles: list[str], notes: list[str], more: dict[str, object]) -> None:
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "schema_version": 1,
                    "sound": not troubles,
                    "records": count,
                    "wrong": troubles,
                    "notes": notes,
                    **more,
                },
                indent=2,
            )
        )
    else:
        for line in troubles:
            typer.echo(f"WRONG: {line}")
        for line in notes:
            typer.echo(f"note: {line}", err=True)
        typer.echo(f"{count} records: {f'NOT SOUND, {len(troubles)} findings' if troubles else 'sound'}")
    if troubles:
        raise typer.Exit(Exit.FAILED)


@app.command()
def export(
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="File to write: .csv, .json, or .zip with everything in it.")
    ],
    form: Annotated[str, typer.Option("--format", help="csv or json.")] = "csv",
    start: From = None,
    end: To = None,
    system: System = None,
    request: OfRequest = None,
    request_type: Type = None,
    target: Target = None,
    by: By = None,
    outcome: Outcome = None,
    checkpoints: Place = None,
    user: As = None,
) -> None:
    """Write the records of a filter, what proves them, and a verifier that needs nothing but Python. Itself audited."""
    from bc_lib.bootstrap import database_trouble
    from bc_lib.bootstrap_audit import audit
    from bc_lib.config import ConfigError
    from bc_lib.ports.audit import AuditUnavailable, BrokenCheckpoints
    from bc_lib.services.audit.export import Form
    from bc_lib.services.audit.export import export as run

    wanted = wanted_of(start, end, system, request, request_type, target, by, outcome)
    if form not in list(Form):
        fail("--format is csv or json.", Exit.USAGE)
    with gate() as door:
        actor = person(user)
        authorize(door, actor, Verb.EXPORT, about=Subject(system=system))
    try:
        parts = audit(checkpoints=checkpoints)
        name = f"audit.{form}" if output.suffix == ".zip" else output.name
        made = run(
            parts.reader,
            parts.log,
            parts.checkpoints,
            wanted,
            Form(form),
            actor=audit_actor(actor, None),
            channel="cli",
            name=name,
        )
        write_export(output, made.files)
    except (ConfigError, AuditUnavailable) as trouble:
        fail(str(trouble), Exit.UNKNOWN)
    except (BrokenCheckpoints, FileTrouble) as trouble:
        fail(str(trouble))
    except database_trouble() as trouble:
        fail(
            f"The audit log cannot be read ({type(trouble).__name__}). Start the database with: bcctl up", Exit.UNKNOWN
        )
    typer.echo(
        f"{made.records} records in {output}. Verify with: bcctl audit verify --export {output}",
        err=True,
    )


@app.command("list")
def list_records(
    *,
    start: From = None,
    end: To = None,
    system: System = None,
    request: OfRequest = None,
    request_type: Type = None,
    target: Target = None,
    by: By = None,
    outcome: Outcome = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many, the newest first.")] = 100,
    as_json: Json = False,
) -> None:
    """List records as the Audit page shows them, newest first."""
    from bc_lib.bootstrap import database_trouble
    from bc_lib.bootstrap_audit import audit
    from bc_lib.config import ConfigError, DbRole
    from bc_lib.services.audit.view import view

    wanted = wanted_of(start, end, system, request, request_type, target, by, outcome)
    try:
        page = view(audit(DbRole.READER).reader, wanted, size=limit)
    except ConfigError as trouble:
        fail(str(trouble), Exit.UNKNOWN)
    except database_trouble() as trouble:
        fail(
            f"The audit log cannot be read ({type(trouble).__name__}). Start the database with: bcctl up", Exit.UNKNOWN
        )
    records = [dict(zip(COLUMNS, line, strict=True)) for line in page.lines]
    if as_json:
        typer.echo(json.dumps({"schema_version": 1, "records": records, "more": page.older is not None}, indent=2))
        return
    for record in records:
        asked = f"{record['type']} to {record['target']}" if record["type"] else ""
        parts = (record["time"][:19], record["kind"], record["verb"], record["name"], record["system"],
                 record["request"], asked, record["outcome"] or record["reason"])  # fmt: skip
        typer.echo("  ".join(part for part in parts if part))
    if page.older is not None:
        typer.echo(f"Only the newest {limit} are listed.", err=True)


@app.command()
def sign(
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on until told to stop; new records are sealed within 30 s.")
    ] = False,
    interval: Annotated[float, typer.Option(min=1, max=25, help="Seconds between two looks.")] = 10.0,
    adopt: Annotated[
        bool, typer.Option("--adopt", help="Take the published checkpoints as this signer's memory first.")
    ] = False,
) -> None:
    """Seal new records. Exit 3 when the log is not an extension of what was signed last, 1 when a place is away."""
    from bc_lib.bootstrap import database_trouble
    from bc_lib.bootstrap_audit import signer
    from bc_lib.config import ConfigError
    from bc_lib.ports.audit import BrokenCheckpoints
    from bc_lib.ports.secrets import InvalidReference, SecretUnavailable
    from bc_lib.services.audit.checkpoint import SigningRefused
    from bc_lib.services.audit.checkpoint import adopt as take_over
    from bc_lib.services.audit.signing import keep_signing, one_round

    try:
        parts, beat = signer()
        if adopt:
            typer.echo(f"Adopted the checkpoints up to record {take_over(parts)}.", err=True)
    except (ConfigError, SecretUnavailable, InvalidReference, ValueError) as trouble:
        fail(str(trouble), Exit.USAGE)
    except (SigningRefused, BrokenCheckpoints) as trouble:
        fail(str(trouble), Exit.REFUSED)
    if watch:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        keep_signing(parts, beat, database_trouble(), stop.wait, lambda line: typer.echo(line, err=True), interval)
        return
    done = one_round(parts, beat, database_trouble())
    if done.trouble:
        fail(done.trouble, Exit.FAILED if done.trouble == done.missed else Exit.REFUSED)
    typer.echo(f"Sealed to record {done.signed_to} with the key {parts.key.public}.")


@app.command()
def checkpoints(place: Place = None, as_json: Json = False) -> None:
    """Show the newest checkpoints. Signatures are checked by `bcctl audit verify`."""
    from bc_lib.bootstrap_audit import audit
    from bc_lib.config import ConfigError, DbRole
    from bc_lib.ports.audit import BrokenCheckpoints, DamagedCopies

    found = []
    try:
        for checkpoint in audit(DbRole.READER, place).checkpoints.all():
            found.append(checkpoint)  # one by one: what was read before a place turns out wrong is shown
    except DamagedCopies as trouble:
        typer.echo(f"note: {trouble}", err=True)
    except (ConfigError, BrokenCheckpoints) as trouble:
        fail(str(trouble))
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "schema_version": 1,
                    "checkpoints": [
                        {
                            "first": item.first,
                            "last": item.last,
                            "made_at": item.made_at,
                            "key": item.key,
                            "digest": item.digest,
                        }
                        for item in found
                    ],
                },
                indent=2,
            )
        )
        return
    for item in found[-20:]:
        typer.echo(f"records {item.first} to {item.last}, sealed {item.made_at}, key {item.key[:16]}…")
    if not found:
        typer.echo("There is no checkpoint yet. Start the signer with: bcctl audit sign --watch")


@app.command(name="new-key")
def new_key() -> None:
    """Print a new signing key for your secrets manager; its public half goes to stderr, for verifiers."""
    from bc_lib.integrations.checkpoints.keys import Ed25519Key
    from bc_lib.integrations.checkpoints.keys import new_key as make

    key = make()
    typer.echo(key)
    typer.echo(f"Public key: {Ed25519Key(key).public}", err=True)
