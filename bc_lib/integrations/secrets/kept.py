"""Secrets that were had once are kept for as long as their process lives, for the runner: a secrets manager that is
sealed in the middle of a run stops no move half-way (F24, F31)."""

from __future__ import annotations

from bc_lib.ports.secrets import Credential, SecretResolver, SecretUnavailable


class KeptSecrets:
    """Implements SecretResolver over another one, which is asked first each time: a changed secret counts at once."""

    def __init__(self, secrets: SecretResolver) -> None:
        self._secrets = secrets
        self._known: dict[str, Credential] = {}

    def check(self, reference: str) -> None:
        """See the port."""
        self._secrets.check(reference)

    def credential(self, reference: str) -> Credential:
        """See the port. Raises SecretUnavailable only for what was never had."""
        try:
            self._known[reference] = self._secrets.credential(reference)
        except SecretUnavailable:
            if reference not in self._known:
                raise
        return self._known[reference]

    def text(self, reference: str) -> str:
        """See the port; never kept."""
        return self._secrets.text(reference)
