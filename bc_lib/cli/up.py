"""`bcctl up`: start everything, print one URL, look after it until Ctrl-C."""

from __future__ import annotations

import sys
import time
from typing import Annotated

import typer
from pydantic import ValidationError

from bc_lib import config
from bc_lib.runtime import boot, detach
from bc_lib.runtime.jsonfile import BrokenFile
from bc_lib.runtime.pgserver import ServerFailed
from bc_lib.runtime.preflight import NotReady
from bc_lib.runtime.supervisor import UnitFailed

FAILED, USAGE = 1, 2
EXPECTED = (NotReady, UnitFailed, ServerFailed, BrokenFile, boot.AlreadyRunning, RuntimeError, OSError)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("up")(up)


def up(
    demo: Annotated[
        bool, typer.Option("--demo", help="Also run the demo's estate: real database pairs on this machine.")
    ] = False,
    background: Annotated[
        bool, typer.Option("--detach", help="Return once everything answers; bcctl down stops it.")
    ] = False,
) -> None:
    """Start the database, Airflow and the pages in the project's data folder, and watch over them."""
    settings = _settings(demo)
    try:
        if background:
            url = detach.start(settings, demo, _say)
            print(url)
            return
        boot.up(settings, settings.env.value, demo, _Progress())
    except UnitFailed as error:
        _say(f"{error}\nEverything that had been started is stopped again.")
        raise typer.Exit(FAILED) from error
    except EXPECTED as error:
        _say(str(error))
        raise typer.Exit(FAILED) from error


def _settings(demo: bool) -> config.Settings:
    try:
        settings = config.load()
    except ValidationError as error:
        first = error.errors()[0]
        _say(f"BC_{'_'.join(str(part) for part in first['loc']).upper()} is wrong: {first['msg']}.")
        raise typer.Exit(USAGE) from error
    if not demo:
        return settings
    if "env" in settings.model_fields_set and settings.env is not config.DeploymentEnv.DEMO:
        _say(f"--demo does not go with BC_ENV={settings.env.value}: leave BC_ENV unset, or start without --demo.")
        raise typer.Exit(USAGE)
    return settings.model_copy(update={"env": config.DeploymentEnv.DEMO})


class _Progress:
    """Lines with the seconds since the start; the URL alone goes to stdout."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    def __call__(self, line: str) -> None:
        if line.startswith(boot.READY):
            _out(line.removeprefix(boot.READY))
        else:
            _say(f"[{time.monotonic() - self._begun:5.1f} s] {line}")


def _say(line: str) -> None:
    _write(line, sys.stderr)


def _out(line: str) -> None:
    _write(f"\nReady. Open {line}\nCtrl-C stops everything.", sys.stdout)


def _write(text: str, stream: object) -> None:
    """A closed terminal or pipe must not keep us from stopping everything in order."""
    try:
        print(text, file=stream, flush=True)  # type: ignore[call-overload]
    except OSError:
        return
