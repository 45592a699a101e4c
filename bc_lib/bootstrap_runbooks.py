"""Composes runbooks for paper: planning from what is stored, as a role that only reads there."""

from __future__ import annotations

import logging
from pathlib import Path

from bc_lib import bootstrap
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


def refresh() -> str:
    """Every runbook anew, in the folder outside the database where they are kept; says what was done."""
    folder = load().runbooks
    try:
        return f"{write(folder, role=DbRole.RUNNER, tidy=True)} in {folder}"
    except OSError as trouble:
        logging.getLogger("bc.runbooks").exception("Runbooks cannot be written")
        raise RuntimeError(f"Runbooks cannot be written to {folder}: {trouble.strerror}.") from trouble
