"""Secrets as references, resolved at the moment of use in the process that uses them (SEC-005)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


class SecretUnavailable(Exception):
    """The reference could not be resolved. The message names the reference, never a value."""


class InvalidReference(ValueError):
    """Not a reference at all; says which forms exist."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A user name and a password. The password is never shown by repr."""

    username: str
    password: str = field(repr=False)


class SecretResolver(Protocol):
    """Resolves `env:NAME` and `vault:PATH`."""

    def check(self, reference: str) -> None:
        """Raise InvalidReference when the form is wrong. No network, no environment look-up."""
        ...

    def credential(self, reference: str) -> Credential:
        """User name and password. Raises SecretUnavailable or InvalidReference."""
        ...

    def text(self, reference: str) -> str:
        """The secret as one string (an URL of a channel). Raises SecretUnavailable or InvalidReference."""
        ...
