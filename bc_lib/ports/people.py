"""Persons, the identities that belong to them, and the roles the sign-on showed for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bc_lib.domain.actor import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPerson:
    """A person as the database knows them now. `roles`: those seen within 24 hours."""

    id: int
    name: str
    disabled: bool
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPerson:
    """What the sign-on says about one account. `public_key` (64 hexadecimal digits) checks their votes."""

    issuer: str
    subject: str
    name: str
    roles: frozenset[Role]
    public_key: str | None = None


class PeopleDirectory(Protocol):
    """Brings people from the sign-on into the database, as bc_sign_on."""

    def bring(self, people: Sequence[SeenPerson]) -> int:
        """Store accounts, names, roles and keys as seen now; how many persons are known.

        A role no longer shown is removed at once; an account no longer shown loses its roles. All or nothing.
        """
        ...

    def link(self, issuer: str, subject: str, other_issuer: str, other_subject: str) -> None:
        """Make the second account an identity of the first one's person. Raises LookupError for an unknown first."""
        ...

    def disable(self, issuer: str, subject: str, disabled: bool = True) -> None:
        """Switch a person off, or on again. Raises LookupError."""
        ...
