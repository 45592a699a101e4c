"""`bcctl down`: stop what `bcctl up` started, from anywhere; `bcctl airflow`: where the run history is."""

from __future__ import annotations

import typer

from bc_lib import config
from bc_lib.runtime import airflow_env, detach, secretsfile, state


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("down")(down)
    app.command("airflow")(airflow)


def down() -> None:
    """Stop everything that runs from this data folder, and wait until it is gone."""
    try:
        typer.echo(detach.stop(config.load()), err=True)
    except RuntimeError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


def airflow() -> None:
    """Where Airflow's run history is, and how to sign in there (read-only)."""
    settings = config.load()
    running = state.read_alive(settings.data_dir)
    if running is None:
        typer.echo("Nothing is running here: start it with bcctl up.", err=True)
        raise typer.Exit(1)
    password = secretsfile.load(settings.data_dir).get("airflow_viewer", "")
    typer.echo(f"http://localhost:{running.ports['airflow']}  user {airflow_env.VIEWER}  password {password}")
