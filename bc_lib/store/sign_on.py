"""Sign-ins that were ended, as bc_ui."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, text

END = "INSERT INTO bc.signed_out (ticket, until) VALUES (:ticket, :until) ON CONFLICT (ticket) DO NOTHING"
ENDED = "SELECT ticket FROM bc.signed_out WHERE until > bc.now()"


class SignedOut:
    """Implements ports.sign_on.SignedOut."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def end(self, ticket: str, until: datetime) -> None:
        """Twice is once."""
        with self._engine.begin() as connection:
            connection.execute(text(END), {"ticket": ticket, "until": until})

    def tickets(self) -> frozenset[str]:
        """A handful: what people ended in the last hours."""
        with self._engine.connect() as connection:
            return frozenset(connection.execute(text(ENDED)).scalars())
