"""`bcctl run ID` drives an approved and confirmed request without Airflow; `bcctl run VERB` decides about a run."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from bc_lib.cli.exits import Exit
from bc_lib.cli.gatekeeping import As, Json, gate, out, person
from bc_lib.domain.execution.run import RunAct
from bc_lib.domain.requests.states import State
from bc_lib.services.execution.show import run_json, run_lines, show_run

GO = "go"
Id = Annotated[str, typer.Argument(metavar="ID", help="Such as r-12.")]
StepKey = Annotated[str, typer.Argument(metavar="STEP", help="Such as orders-db/move.")]
Note = Annotated[str, typer.Option("--note", help="One line.")]
Reason = Annotated[str, typer.Option("--note", help="The reason, one line.")]
Revision = Annotated[int | None, typer.Option(help="Refuse unless this is still the plan's revision.")]


class _IdFirst(TyperGroup):
    """`bcctl run r-12` is `bcctl run go r-12`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        words = [each for each in args if not each.startswith("-")]
        if words and words[0] not in self.commands:
            args = [GO, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(cls=_IdFirst, no_args_is_help=True, help="Run a confirmed request; decide about its run.")


@app.command(GO, hidden=True)
def go(request_id: Id, as_json: Json = False) -> None:
    """Start, resume or finish a request from its journal, as far as it goes now. Airflow is not needed."""
    from bc_lib.bootstrap_execution import execution
    from bc_lib.jobs import holder_name
    from bc_lib.services.execution.runner import run

    ex = execution(f"bcctl {holder_name()}")
    with gate(as_json):
        try:
            found = run(ex, request_id, "bcctl run")
        finally:
            ex.mechanisms.close()
        body = {
            "schema_version": 1,
            "id": found.request,
            "state": found.state,
            "text": found.text,
            "acted": found.acted,
        }
        out(body, as_json, [f"{found.request}  {found.state}  {found.text}"])
        if not found.acted:
            raise typer.Exit(Exit.REFUSED)
        if found.state == State.FAILED.value:
            raise typer.Exit(Exit.FAILED)


@app.command()
def show(request_id: Id, as_json: Json = False) -> None:
    """What was done, what was not, what to do next, and the rest by hand."""
    with gate(as_json) as made:
        view = show_run(made, request_id)
        out(run_json(view), as_json, run_lines(view))


@app.command()
def stop(request_id: Id, note: Note = "", revision: Revision = None, user: As = None, as_json: Json = False) -> None:
    """Ask for a safe stop: the run ends where the plan lets it."""
    from bc_lib.services.execution.stop import stop as ask

    with gate(as_json) as made:
        _said(ask(made, person(user), request_id, note=note, revision=revision), as_json)


@app.command()
def resolve(
    request_id: Id,
    step: StepKey,
    value: Annotated[str, typer.Argument(metavar="DECISION", help="done, not-done or give-up.")],
    note: Note = "",
    revision: Revision = None,
    user: As = None,
    as_json: Json = False,
) -> None:
    """Decide what an unknown step did. On tier 1 two persons must say the same."""
    from bc_lib.services.execution.resolve import resolve as say

    with gate(as_json) as made:
        _said(say(made, person(user), request_id, step, value, note=note, revision=revision), as_json)


@app.command()
def attest(
    request_id: Id,
    step: StepKey,
    note: Reason,
    value: Annotated[
        str, typer.Option("--value", help="done or not-done; of a stop by hand also done@LSN, its shutdown checkpoint.")
    ] = "done",
    revision: Revision = None,
    user: As = None,
    as_json: Json = False,
) -> None:
    """Say that a manual step was done, with what was done and seen."""
    from bc_lib.services.execution.attest import attest as say

    with gate(as_json) as made:
        _said(say(made, person(user), request_id, step, value, note=note, revision=revision), as_json)


@app.command()
def waive(request_id: Id, note: Reason, revision: Revision = None, user: As = None, as_json: Json = False) -> None:
    """Do without a proven fence; it stays owed."""
    from bc_lib.services.execution.waive import waive as say

    with gate(as_json) as made:
        _said(say(made, person(user), request_id, note=note, revision=revision), as_json)


@app.command()
def override(
    request_id: Id,
    check: Annotated[str, typer.Argument(metavar="RESOURCE/CHECK")],
    note: Reason,
    revision: Revision = None,
    user: As = None,
    as_json: Json = False,
) -> None:
    """Go on in spite of a precheck, where the resource's policy lists it."""
    from bc_lib.services.execution.override import override as say

    with gate(as_json) as made:
        _said(say(made, person(user), request_id, check, note=note, revision=revision), as_json)


@app.command()
def consent(
    request_id: Id,
    loss: Annotated[str, typer.Option("--loss", help="Exactly as shown by: bcctl request show")],
    note: Note = "",
    revision: Revision = None,
    user: As = None,
    as_json: Json = False,
) -> None:
    """Accept the loss that a failover can bring."""
    from bc_lib.services.execution.consent import consent as say

    with gate(as_json) as made:
        _said(say(made, person(user), request_id, loss, note=note, revision=revision), as_json)


@app.command()
def acknowledge(
    request_id: Id, note: Reason, revision: Revision = None, user: As = None, as_json: Json = False
) -> None:
    """Acknowledge a second failover within the block period."""
    from bc_lib.services.execution.acknowledge import acknowledge as say

    with gate(as_json) as made:
        _said(say(made, person(user), request_id, note=note, revision=revision), as_json)


@app.command()
def allow(
    request_id: Id, step: StepKey, note: Note = "", revision: Revision = None, user: As = None, as_json: Json = False
) -> None:
    """Allow a step that needs an approval of its own."""
    from bc_lib.services.execution.allow import allow as say

    with gate(as_json) as made:
        _said(say(made, person(user), request_id, step, note=note, revision=revision), as_json)


@app.command("end-hold")
def end_hold(
    request_id: Id, step: StepKey, note: Note = "", revision: Revision = None, user: As = None, as_json: Json = False
) -> None:
    """End a live drill's hold: it goes back."""
    from bc_lib.services.execution.end_hold import end_hold as say

    with gate(as_json) as made:
        _said(say(made, person(user), request_id, step, note=note, revision=revision), as_json)


def _said(act: RunAct, as_json: bool) -> None:
    body = {
        "schema_version": 1,
        "id": act.request,
        "decision": act.kind.value,
        "step": act.step,
        "value": act.value,
        "by": act.name,
        "at": act.at.isoformat(),
    }
    about = " ".join(part for part in (act.kind.value, act.step, act.value) if part)
    out(body, as_json, [f"{act.request}: {about}, by {act.name}. The runner verifies it and goes on."])
