"""Who is this? Answered by a sign-on, never by what somebody typed (SEC-001)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bc_lib.domain.actor import Actor, Person


class SignOnRefused(Exception):
    """Nobody is signed in by this; the message is one sentence that says why and what to do."""


class SignedOut(Protocol):
    """Tickets that were ended before they would have expired, for every process that takes them."""

    def end(self, ticket: str, until: datetime) -> None:
        """Refuse this ticket everywhere; it expires at `until`. Raises the database's errors."""
        ...

    def tickets(self) -> frozenset[str]:
        """Ids of those that would still be good. Raises the database's errors."""
        ...


class SignOn(Protocol):
    """Knows people and their roles."""

    how: str
    """Name of the method, stored with every act."""

    def offered(self) -> Sequence[Person]:
        """People a visitor may choose to be. Only a demo offers any. Raises SignOnRefused where it must not work."""
        ...

    def actor(self, subject: str, at: datetime) -> Actor:
        """The person with `subject` who signed in at `at`, with the roles held now.

        Asked again on every page run, so that a person removed meanwhile is out at once (A09).
        Raises SignOnRefused for an unknown or removed person.
        """
        ...
