"""Who acts: a person, the roles they hold, and how we know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a person may be allowed. One person may hold several; rules still keep the persons apart."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    APPROVER_IT = "approver-it"
    APPROVER_BUSINESS = "approver-business"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody the sign-on knows. `subject` is unique and never reused; the name is for people only."""

    subject: str
    display_name: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person as signed in: `how` names the method, `at` is when they proved who they are (aware UTC).

    (`issuer`, `subject`) is the identity that rules compare, through the person it belongs to. `mfa` is the
    evidence of a second factor (amr values); `channel` is where the act comes from: ui, cli, job.
    `roles` is what the sign-on said; what counts is what the database also holds now.
    """

    subject: str
    display_name: str
    roles: frozenset[Role]
    how: str
    at: datetime
    issuer: str = "demo"
    mfa: tuple[str, ...] = ()
    channel: str = "ui"

    def holds(self, role: Role) -> bool:
        """True where the person holds `role`."""
        return role in self.roles
