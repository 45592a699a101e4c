"""`bcctl`: nouns, then verbs. Each module beside this one holds its own commands."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from bc_lib.cli import (
    audit,
    breakglass,
    compliance,
    db,
    demo,
    down,
    evidence,
    freeze,
    health,
    inventory,
    plan,
    policy,
    poll,
    request,
    run,
    runbook,
    schedule,
    status,
    topology,
    up,
)
from bc_lib.config import ConfigError
from bc_lib.runtime.jsonfile import BrokenFile


class _Sentences(TyperGroup):
    """What is wrong with the installation is one sentence for every command, never a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (ConfigError, BrokenFile) as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from error


app = typer.Typer(
    name="bcctl",
    cls=_Sentences,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Watches replicated databases: could this one switch over, could it fail over, and why not?",
)
up.register(app)
down.register(app)
app.command("status")(status.status)
app.command("check")(status.check)
app.command("topology")(topology.topology)
app.command("health")(health.health)
app.command("poll")(poll.poll)
app.command("plan")(plan.plan)
app.command("compliance")(compliance.compliance)
app.command("runbook")(runbook.runbook)
app.command("freeze")(freeze.freeze)
app.command("thaw")(freeze.thaw)
app.add_typer(inventory.app, name="inventory")
app.add_typer(demo.app, name="demo")
app.add_typer(db.app, name="db")
app.add_typer(request.app, name="request")
app.add_typer(run.app, name="run")
app.add_typer(breakglass.app, name="breakglass")
app.add_typer(policy.app, name="policy")
app.add_typer(schedule.app, name="schedule")
app.add_typer(audit.app, name="audit")
app.add_typer(evidence.app, name="evidence")
