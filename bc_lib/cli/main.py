"""`bcctl`: nouns, then verbs. Each module beside this one holds its own commands."""

from __future__ import annotations

import typer

from bc_lib.cli import db, demo, down, health, inventory, poll, status, topology, up

app = typer.Typer(
    name="bcctl",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Watches replicated databases: could this one switch over, could it fail over, and why not?",
)
up.register(app)
down.register(app)
for command in (status.status, status.check, topology.topology, health.health, poll.poll):
    app.command()(command)
for noun, commands in (("inventory", inventory.app), ("demo", demo.app), ("db", db.app)):
    app.add_typer(commands, name=noun)
