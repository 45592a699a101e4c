"""What the screens need, composed once a process. The only caller of bc_lib.bootstrap."""

from __future__ import annotations

import logging
import os
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Protocol

from bc_lib.bootstrap_audit import AuditParts
from bc_lib.domain.actor import Actor
from bc_lib.integrations.sign_on.ticket import SIGNED_OUT, InvalidTicket, Ticket, Tickets
from bc_lib.ports.evidence import Evidence
from bc_lib.ports.inventory import InventoryRepository
from bc_lib.ports.reading import StatusReader
from bc_lib.ports.recurrence import Recurrence
from bc_lib.ports.runs import RunReader
from bc_lib.ports.sign_on import SignedOut, SignOn, SignOnRefused
from bc_lib.services.compliance.figures import Results
from bc_lib.services.gate import Gate
from bc_lib.services.verified.watched import WatchedMarks
from streamlit_app.live import LiveEstate, Recall
from streamlit_app.troubles import AWAY, fault
from streamlit_app.verifying import Verifier

LOG = logging.getLogger("bc.pages")
COOKIE = "bc_ticket"
ENDED = "sign-ins that were ended"


class Parts(Protocol):
    """What bootstrap gives to the screens: repositories under bc_ui or bc_reader, the sign-on, the gate, the audit.

    `runs` reads what the gate's store writes.
    """

    @property
    def inventory(self) -> InventoryRepository: ...

    @property
    def reader(self) -> StatusReader: ...

    @property
    def sign_on(self) -> SignOn: ...

    @property
    def signed_out(self) -> SignedOut: ...

    @property
    def environment(self) -> str: ...

    @property
    def gate(self) -> Gate: ...

    @property
    def runs(self) -> RunReader: ...

    @property
    def audit(self) -> AuditParts: ...

    @property
    def evidence(self) -> Evidence: ...

    @property
    def drill_periods_s(self) -> Mapping[int, float]: ...


@dataclass(frozen=True, kw_only=True)
class Screens:
    """Parts, and what the pages share between sessions."""

    parts: Parts
    tickets: Tickets

    @cached_property
    def live(self) -> LiveEstate:
        """The estate, read for all sessions together."""
        return LiveEstate(self.parts.inventory, self.parts.reader, trouble)

    @cached_property
    def recall(self) -> Recall:
        """Smaller reads, with their last good answer."""
        return Recall(trouble)

    @cached_property
    def recent(self) -> Recall:
        """Reads of runs, which are looked at while they happen."""
        return Recall(trouble, fresh_s=1.0)

    @cached_property
    def anew(self) -> Recall:
        """What is judged at each read: its last answer counts only while the database is away, and is called old."""
        return Recall(trouble, fresh_s=0.0)

    @cached_property
    def marks(self) -> WatchedMarks:
        """Recovery tests of everything."""
        return WatchedMarks(self.parts.gate.store.read, self.parts.drill_periods_s)

    @cached_property
    def drilled(self) -> Results:
        """Results of drills, for all sessions together."""
        return Results()

    @property
    def airflow_url(self) -> str:
        """Where Airflow's own pages are; empty where nobody said."""
        return os.environ.get("BC_AIRFLOW_URL", "").rstrip("/")

    @cached_property
    def verifier(self) -> Verifier:
        """Verifies the audit log, for all sessions together."""
        return Verifier(self.parts.audit)

    @cached_property
    def calendar(self) -> Recurrence:
        """Dates of rules."""
        from bc_lib import bootstrap_schedules

        return bootstrap_schedules.calendar()

    def actor(self, token: str | None) -> Actor:
        """Who holds this cookie, asked anew each time. Raises SignOnRefused with what to say.

        A sign-out in another process is known after a second at most; while the database is away only our own are.
        """
        ticket = self._ticket(token)
        ended = self.recent.get(ENDED, self.parts.signed_out.tickets)
        if ended is not None and ticket.id in ended.value:
            raise SignOnRefused(SIGNED_OUT)
        return self._holder(ticket)

    def acting(self, token: str | None) -> Actor:
        """As `actor`, for what writes or hands something out: a sign-out anywhere counts at once (A09)."""
        self.recent.forget(ENDED)
        return self.actor(token)

    def admits(self, token: str | None) -> bool:
        """True where the cookie is somebody's. The door asks no database: the page behind it does."""
        try:
            self._holder(self._ticket(token))
        except SignOnRefused:
            return False
        return True

    def sign_out(self, token: str | None) -> None:
        """End this sign-in: here at once, in every other process once the shared database has it."""
        ticket = self.tickets.end(token, datetime.now(UTC))
        if ticket is None:
            return
        try:
            self.parts.signed_out.end(ticket.id, ticket.expires_at)
        except Exception as error:  # whatever the driver raises: here it is ended, and the browser forgets its cookie
            LOG.warning("A sign-out is known to this process only: %s", type(error).__name__)

    def _ticket(self, token: str | None) -> Ticket:
        try:
            return self.tickets.read(token, datetime.now(UTC))
        except InvalidTicket as invalid:
            raise SignOnRefused(str(invalid)) from invalid

    def _holder(self, ticket: Ticket) -> Actor:
        return self.parts.sign_on.actor(ticket.subject, ticket.issued_at)


_lock = threading.Lock()
_made: list[Screens] = []


def screens() -> Screens:
    """The composed screens of this process."""
    with _lock:
        if not _made:
            from bc_lib import bootstrap

            _made.append(compose(bootstrap.screens(), _cookie_secret()))
        return _made[0]


def current_actor() -> Actor:
    """Who the running page belongs to; its cookie came with the WebSocket. Raises SignOnRefused."""
    import streamlit as st

    return screens().actor(st.context.cookies.get(COOKIE))


def acting() -> Actor:
    """As `current_actor`, for what writes. Raises SignOnRefused."""
    import streamlit as st

    return screens().acting(st.context.cookies.get(COOKIE))


def install(made: Screens) -> None:
    """Use these screens in this process: for a launcher of its own, as the tests have."""
    with _lock:
        _made[:] = [made]


def forget() -> None:
    """Forget the installed screens."""
    with _lock:
        _made.clear()


def compose(parts: Parts, secret: str) -> Screens:
    """Screens over `parts`; `secret` signs the cookies."""
    return Screens(parts=parts, tickets=Tickets(secret))


def _cookie_secret() -> str:
    """STREAMLIT_SERVER_COOKIE_SECRET, which every replica shares; else one that ends with this process."""
    from streamlit import config

    return str(config.get_option("server.cookieSecret") or "") or secrets.token_urlsafe(48)


def trouble(error: Exception) -> str:
    """Why something could not be read or done, as a clause without an end; the log gets the rest."""
    said = why(error)
    if said == AWAY:
        LOG.warning("The shared database did not answer: %s", type(error).__name__)
    else:
        LOG.error("Something could not be read or done", exc_info=error)
    return said


def why(error: Exception) -> str:
    """The same without a word in the log."""
    from bc_lib import bootstrap
    from bc_lib.config import ConfigError

    if isinstance(error, ConfigError):
        return str(error).rstrip(".")
    return AWAY if bootstrap.database_away(error) else fault(error)
