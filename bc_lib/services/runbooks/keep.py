"""Writes runbooks into a folder, each whole or not at all; what is of nothing any more is taken away."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bc_lib.ports.documents import DocumentRenderer
from bc_lib.services.runbooks.paper import document
from bc_lib.services.runbooks.plans import Planned

LOG = logging.getLogger("bc.runbooks")
OURS = "runbook-*.pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """`written`: files that are new now. `missed`: those that could not be made; an older file of theirs stays."""

    written: tuple[Path, ...]
    missed: tuple[str, ...]
    removed: int = 0

    def __str__(self) -> str:
        missed = f", {len(self.missed)} could not be made ({', '.join(self.missed)})" if self.missed else ""
        return f"{len(self.written)} runbooks written, {self.removed} removed{missed}"


def keep(books: Iterable[Planned], renderer: DocumentRenderer, folder: Path, *, tidy: bool = False) -> Kept:
    """`tidy`: take away runbooks of what is not among `books`. Raises OSError where the folder can't be written."""
    folder.mkdir(parents=True, exist_ok=True)
    written, missed, names = [], [], set()
    for book in books:
        path = folder / f"{book.stem}.pdf"
        names.add(path.name)
        try:
            put(path, renderer.pdf(document(book.make())))
        except OSError:
            raise  # the folder cannot be written: that is so for all of them
        except Exception:  # whatever is wrong with this one
            LOG.exception("The runbook of %s could not be made", book.scope.name)
            missed.append(book.scope.name)
        else:
            written.append(path)
    gone = [each for each in kept(folder) if each.name not in names] if tidy else []
    for each in gone:
        each.unlink(missing_ok=True)
    return Kept(written=tuple(written), missed=tuple(missed), removed=len(gone))


def kept(folder: Path, name: str | None = None) -> list[Path]:
    """Runbooks that are there; `name`: of the resource or group called so."""
    wanted = {f"runbook-{kind}-{name}.pdf" for kind in ("group", "resource")}
    return sorted(each for each in folder.glob(OURS) if name is None or each.name in wanted)


def put(path: Path, content: bytes) -> None:
    """Replace a file at once."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
