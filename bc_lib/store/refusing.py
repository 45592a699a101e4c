"""A refusal of the database's guards as the same Denial that the services raise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from bc_lib.domain.denial import Denial
from bc_lib.domain.requests.generated import SQLSTATE


@contextmanager
def refusing() -> Iterator[None]:
    """Raises a guard's refusal as Denial; any other trouble stays as it is."""
    try:
        yield
    except DBAPIError as error:
        raise guard_denial(error) or error from error


def guard_denial(error: DBAPIError) -> Denial | None:
    """The refusal of a guard, with the guard's own code and sentence; None for any other trouble."""
    found = getattr(error.orig, "diag", None)
    if found is None or getattr(error.orig, "sqlstate", None) != SQLSTATE:
        return None
    return Denial(found.constraint_name or "DATABASE_REFUSED", found.message_primary or "")
