"""`env:NAME`: an environment variable, for the demo and for injected secrets."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from bc_lib.ports.secrets import Credential, InvalidReference, SecretUnavailable

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}\Z", re.ASCII)


class EnvironmentSource:
    """Reads the variable at each use, so that a change counts at once."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = os.environ if environment is None else environment

    def check(self, rest: str) -> None:
        """Raise InvalidReference unless `rest` is the name of a variable."""
        if not NAME.match(rest):
            raise InvalidReference(
                "After env: comes the name of an environment variable: letters, digits and underscores."
            )

    def credential(self, rest: str) -> Credential:
        """`username:password`, split at the first colon."""
        username, colon, password = self.text(rest).partition(":")
        if not colon or not username or not password:
            raise SecretUnavailable(f"The environment variable {rest} (env:{rest}) must hold username:password.")
        return Credential(username, password)

    def text(self, rest: str) -> str:
        """The variable's value."""
        value = self._environment.get(rest)
        if not value:
            raise SecretUnavailable(f"The environment variable {rest} (env:{rest}) is not set for this process.")
        return value
