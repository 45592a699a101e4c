"""`bcctl evidence r-12 -o pack.zip` takes a pack; the verbs speak about it: sign-off, findings, key."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from bc_lib.cli.exits import Exit, fail
from bc_lib.cli.gatekeeping import As, Json, gate, out, person
from bc_lib.domain.evidence.values import Answer, Remark, Side

TAKE = "take"
Id = Annotated[str, typer.Argument(metavar="ID", help="Such as r-12.")]
WITH_VALUE = {"-o", "--output", "--as", "--owner", "--due", "--note", "--key", "--side"}


class _IdFirst(TyperGroup):
    """`bcctl evidence r-12 -o pack.zip` is `bcctl evidence take r-12 -o pack.zip`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        words = [
            each
            for place, each in enumerate(args)
            if not each.startswith("-") and (place == 0 or args[place - 1] not in WITH_VALUE)
        ]
        if words and words[0] not in self.commands:
            args = [TAKE, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(cls=_IdFirst, no_args_is_help=True, help="Evidence packs: take, make, sign off, findings, key.")


@app.command(TAKE, hidden=True)
def take(
    request_id: Id,
    output: Annotated[Path, typer.Option("--output", "-o", help="The zip to write; an existing file is not replaced.")],
    user: As = None,
    as_json: Json = False,
) -> None:
    """Write the pack of a request that is over, with its signature and addenda. Itself audited."""
    from bc_lib.bootstrap_evidence import taking
    from bc_lib.ports.audit import AuditUnavailable, BrokenCheckpoints
    from bc_lib.services.evidence.take import take as run

    if output.exists():
        fail(f"{output} exists; name a new file. Nothing was written.", Exit.USAGE)
    with gate(as_json):
        try:
            made = run(taking(), person(user), request_id)
        except AuditUnavailable as trouble:
            fail(str(trouble), Exit.UNKNOWN)
        except BrokenCheckpoints as trouble:
            fail(f"{trouble} Without checkpoints nothing is signed, so nothing was written.", Exit.UNKNOWN)
        try:
            with output.open("xb") as stream:
                stream.write(made.content)
        except OSError as trouble:
            fail(f"{output} cannot be written: {trouble.strerror}.")
        body = {"schema_version": 1, "id": request_id, "addenda": made.addenda, "not_signed_yet": made.waiting}
        more = f", {made.waiting} more are not signed yet" if made.waiting else ""
        lines = [
            f"{output}: pack with {made.addenda} addenda{more}.",
            f"Verify anywhere: unzip it, or take verify_pack.py from it: python3 -I -S verify_pack.py {output.name} "
            "--key KEY",
        ]
        out(body, as_json, lines)


@app.command()
def make(as_json: Json = False) -> None:
    """Make now what is due. The requests job does it by itself, about every 10 s."""
    from bc_lib.bootstrap_evidence import make_due
    from bc_lib.jobs import holder_name

    with gate(as_json):
        done = make_due(holder_name())
        out({"schema_version": 1, "done": done}, as_json, [f"{done}."])


@app.command()
def show(request_id: Id, as_json: Json = False) -> None:
    """Whether there is a pack, who signed it off, and its findings."""
    from bc_lib.bootstrap_evidence import store

    with gate(as_json) as made:
        read = store().read
        made.store.read.get(request_id)
        stored, said, remarks = read.stored(request_id), read.signoffs(request_id), read.remarks(request_id)
        body = {
            "schema_version": 1,
            "id": request_id,
            "packs": [{"number": e.number, "digest": e.digest, "made_at": e.made_at.isoformat()} for e in stored],
            "sign_off": [{"side": e.side.value, "answer": e.answer.value, "by": e.name} for e in said],
            "findings": [_json(each) for each in remarks],
        }
        names = {each.side: f"{each.answer.value} by {each.name}" for each in said}
        lines = [
            *(f"{e.name}: made {e.made_at:%Y-%m-%d %H:%M:%S} UTC, manifest {e.digest}" for e in stored),
            *(f"sign-off {side.value}: {names.get(side, 'not yet')}" for side in Side),
            *map(_line, remarks),
        ]
        out(body, as_json, lines if stored else [f"There is no pack of {request_id} yet."])


@app.command()
def signoff(
    request_id: Id,
    side: Annotated[Side, typer.Option(help="it or business.")],
    answer: Annotated[Answer, typer.Argument(metavar="ANSWER", help="accepted or rejected.")] = Answer.ACCEPTED,
    note: Annotated[str, typer.Option("--note", help="One line.")] = "",
    user: As = None,
    as_json: Json = False,
) -> None:
    """Say for one side that the pack is right, or not. Two persons for the two sides, neither of them the requester."""
    from bc_lib.bootstrap_evidence import store
    from bc_lib.services.evidence.sign_off import sign_off

    with gate(as_json) as made:
        said = sign_off(made, store(), person(user), request_id, side, answer, note=note)
        body = {"schema_version": 1, "id": request_id, "side": side.value, "answer": answer.value, "by": said.name}
        out(body, as_json, [f"{request_id}: {answer.value} for the {side.value} side by {said.name}."])


@app.command()
def finding(
    request_id: Id,
    what: Annotated[str, typer.Argument(metavar="WHAT", help="What is to be done; one line.")],
    owner: Annotated[str, typer.Option("--owner", help="Who sees to it.")],
    due: Annotated[datetime, typer.Option("--due", formats=["%Y-%m-%d"], help="Until when, as 2026-12-24.")],
    user: As = None,
    as_json: Json = False,
) -> None:
    """Note a finding; it stays visible until somebody closes it."""
    from bc_lib.bootstrap_evidence import store
    from bc_lib.services.evidence.findings import raise_finding

    with gate(as_json) as made:
        day: date = due.date()
        found = raise_finding(made, store(), person(user), request_id, what, owner, day, key=str(uuid.uuid4()))
        out({"schema_version": 1, **_json(found)}, as_json, [_line(found)])


@app.command()
def close(
    number: Annotated[int, typer.Argument(metavar="FINDING", help="Its number.")],
    note: Annotated[str, typer.Option("--note", help="How it was done; one line.")],
    user: As = None,
    as_json: Json = False,
) -> None:
    """Say that a finding is done."""
    from bc_lib.bootstrap_evidence import store
    from bc_lib.services.evidence.findings import close_finding

    with gate(as_json) as made:
        found = close_finding(made, store(), person(user), number, note)
        out({"schema_version": 1, **_json(found)}, as_json, [_line(found)])


@app.command()
def findings(
    everything: Annotated[bool, typer.Option("--all", help="Those that are closed too.")] = False, as_json: Json = False
) -> None:
    """Findings that are open, the earliest due first."""
    from bc_lib.bootstrap_evidence import store

    with gate(as_json):
        found = store().read.remarks(only_open=not everything)
        body = {"schema_version": 1, "findings": [_json(each) for each in found]}
        out(body, as_json, [_line(each) for each in found] or ["No finding is open."])


@app.command()
def key(as_json: Json = False) -> None:
    """The signer's public key and its fingerprint, to be published outside the packs."""
    from bc_lib.bootstrap_evidence import known_keys
    from bc_lib.ports.audit import BrokenCheckpoints
    from bc_lib.services.evidence.standalone_pack import fingerprint

    with gate(as_json):
        try:
            found = known_keys()
        except BrokenCheckpoints as trouble:
            fail(str(trouble), Exit.UNKNOWN)
        body = {"schema_version": 1, "keys": [{"key": each, "fingerprint": fingerprint(each)} for each in found]}
        lines = [f"key {each}\nfingerprint (SHA-256) {fingerprint(each)}" for each in found]
        out(body, as_json, lines or ["No key is known yet: nothing was signed."])


def _json(each: Remark) -> dict[str, Any]:
    return {
        "number": each.id,
        "id": each.request,
        "scope": each.scope,
        "what": each.what,
        "owner": each.owner,
        "due": each.due.isoformat(),
        "raised_by": each.raised_by,
        "raised_at": each.raised_at.isoformat(),
        "closed_by": each.closed_by,
        "closed_at": each.closed_at.isoformat() if each.closed_at else None,
        "closing": each.closing,
    }


def _line(each: Remark) -> str:
    state = f"closed by {each.closed_by}: {each.closing}" if each.closed_at else f"open, due {each.due.isoformat()}"
    return f"finding {each.id} ({each.request}, {each.scope}): {each.what} [{each.owner}; {state}]"
