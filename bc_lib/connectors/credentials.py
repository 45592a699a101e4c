"""Secrets for connectors: resolved off the loop, shared while fresh, refetched when one was refused."""

from __future__ import annotations

import time

from bc_lib.connectors.background import Background
from bc_lib.connectors.singleflight import SingleFlight
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.observation import Reach
from bc_lib.ports.secrets import Credential, InvalidReference, SecretResolver, SecretUnavailable

THREADS = 8


class CredentialSource:
    """Credentials by reference. `keep_s` is how long one is used before it is looked up again."""

    def __init__(self, resolver: SecretResolver, keep_s: float = 60.0) -> None:
        self._resolver = resolver
        self._keep_s = keep_s
        self._known: dict[str, tuple[float, Credential]] = {}
        self._background = Background(THREADS, "bc-secret")
        self._flights: SingleFlight[str, Credential] = SingleFlight()

    async def get(self, reference: str, *, fresh: bool = False) -> Credential:
        """The credential behind `reference`; `fresh` asks the source again. Raises Trouble(CREDENTIAL)."""
        known = self._known.get(reference)
        if known is not None and not fresh and time.monotonic() - known[0] < self._keep_s:
            return known[1]
        found = await self._flights.run(reference, lambda: self._ask(reference))
        self._known[reference] = (time.monotonic(), found)
        return found

    def forget(self, reference: str) -> None:
        """The server refused what we hold: ask again next time."""
        self._known.pop(reference, None)

    async def _ask(self, reference: str) -> Credential:
        try:
            found = await self._background.run(lambda: self._resolver.credential(reference))
        except (SecretUnavailable, InvalidReference) as error:
            self._known.pop(reference, None)
            raise Trouble(Reach.CREDENTIAL, str(error)) from None
        if not found.username or not found.password:
            raise Trouble(Reach.CREDENTIAL, f"The secret {reference} holds an empty user name or password.")
        return found

    def close(self) -> None:
        """Forget every credential."""
        self._known.clear()
