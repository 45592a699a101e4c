"""Implements the SecretResolver port over the sources `env:` and `vault:`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from bc_lib.integrations.secrets.env import EnvironmentSource
from bc_lib.integrations.secrets.vault import VaultSource
from bc_lib.ports.secrets import Credential, InvalidReference

FORMS = "env:NAME or vault:mount/path (for one text: vault:mount/path#key)"
MAX_LENGTH = 300


class Source(Protocol):
    """One kind of reference; `rest` is what follows the colon."""

    def check(self, rest: str) -> None:
        """Raise InvalidReference when the form is wrong."""
        ...

    def credential(self, rest: str) -> Credential:
        """User name and password. Raises SecretUnavailable or InvalidReference."""
        ...

    def text(self, rest: str) -> str:
        """One string. Raises SecretUnavailable or InvalidReference."""
        ...


class Resolver:
    """Safe to use from several threads."""

    def __init__(self, environment: Mapping[str, str] | None = None, *, timeout_s: float = 3.0) -> None:
        self._sources: dict[str, Source] = {
            "env": EnvironmentSource(environment),
            "vault": VaultSource(environment, timeout_s=timeout_s),
        }

    def check(self, reference: str) -> None:
        """See the port."""
        source, rest = self._split(reference)
        source.check(rest)

    def credential(self, reference: str) -> Credential:
        """See the port."""
        source, rest = self._split(reference)
        source.check(rest)
        return source.credential(rest)

    def text(self, reference: str) -> str:
        """See the port."""
        source, rest = self._split(reference)
        source.check(rest)
        return source.text(rest)

    def _split(self, reference: str) -> tuple[Source, str]:
        scheme, colon, rest = reference.partition(":")
        source = self._sources.get(scheme)
        if source is None or not colon or len(reference) > MAX_LENGTH:
            # The text is not repeated: what stands here by mistake may be the secret itself.
            raise InvalidReference(f"This is not a secret reference; write {FORMS}.")
        return source, rest
