"""Composes runbooks for paper: planning from what is stored, as a role that only reads there."""

from __future__ import annotations

import logging
from pathlib import Path

from bc_lib import bootstrap
from bc_lib.bootstrap_dispatch import beat
from bc_lib.config import DbRole, load
from bc_lib.services.runbooks.keep import Kept, keep
from bc_lib.services.runbooks.plans import runbooks


def write(folder: Path, name: str | None = None, role: DbRole = DbRole.READER, *, tidy: bool = False) -> Kept:
    """Runbooks of everything, or of what is called `name`. Raises the database's errors, ConfigError, OSError."""
    from bc_lib.integrations.documents.renderer import Documents
    from bc_lib.store.requests_reading import RequestReader

    read = RequestReader(bootstrap.engine(role))
    wanted = (each for each in runbooks(read) if name is None or each.scope.name == name)
    return keep(wanted, Documents(), folder, tidy=tidy)


def refresh(holder: str) -> str:
    """Every runbook anew, in the folder outside the database where they are kept; says what was done, to Health too."""
    folder = load().runbooks
    try:
        done = write(folder, role=DbRole.RUNNER, tidy=True)
    except OSError as trouble:
        logging.getLogger("bc.runbooks").exception("Runbooks cannot be written")
        said = f"Runbooks cannot be written to {folder}: {trouble.strerror}."
        beat("runbooks", holder, {"last_error": said})
        raise RuntimeError(said) from trouble
    beat("runbooks", holder, {"done": str(done), "last_error": f"{done}." if done.missed else None})
    return f"{done} in {folder}"
