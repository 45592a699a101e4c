"""The signed, expiring ticket kept in a cookie: it says who signed in and when, and nothing else.

Roles are not in it: they are read anew from the sign-on. It is signed (HMAC-SHA256), not secret.
A ticket that was signed out is refused until it would have expired anyway. This process remembers its own; what others
ended stands in the shared database (ports.sign_on.SignedOut), so this holds while that is away too.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

DEFAULT_LIFE = timedelta(hours=8)
MIN_SECRET = 32
MAX_LENGTH = 1024
SIGNED_OUT = "You signed out; sign in again."
_CONTEXT = b"business-continuity ticket v1:"


class InvalidTicket(Exception):
    """Not a ticket of ours, changed, expired, or signed out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One sign-in. `id` is random, so that one sign-in can be ended without the others."""

    id: str
    subject: str
    issued_at: datetime
    expires_at: datetime


class Tickets:
    """Issues, reads and ends tickets. Raises ValueError for a secret under 32 characters."""

    def __init__(self, secret: str, life: timedelta = DEFAULT_LIFE) -> None:
        if len(secret) < MIN_SECRET:
            raise ValueError(f"The secret that signs cookies needs at least {MIN_SECRET} characters.")
        self._key = hashlib.sha256(_CONTEXT + secret.encode()).digest()
        self._life = life
        self._ended: dict[str, datetime] = {}

    def issue(self, subject: str, now: datetime) -> str:
        """A new ticket for `subject`, valid from `now` for this object's life."""
        body = {
            "i": secrets.token_urlsafe(12),
            "s": subject,
            "a": int(now.timestamp()),
            "e": int((now + self._life).timestamp()),
        }
        payload = _encode(json.dumps(body, separators=(",", ":")).encode())
        return f"{payload}.{_encode(self._sign(payload))}"

    def read(self, token: object, now: datetime) -> Ticket:
        """The ticket behind `token`. Raises InvalidTicket."""
        payload, _, signature = (token if isinstance(token, str) else "")[:MAX_LENGTH].partition(".")
        expected = _encode(self._sign(payload)).encode()
        if not payload or not hmac.compare_digest(expected, signature.encode("utf-8", "replace")):
            raise InvalidTicket("Sign in.")
        ticket = _parse(payload)
        if not ticket.issued_at - timedelta(minutes=1) <= now < ticket.expires_at:
            raise InvalidTicket("Your sign-in has expired; sign in again.")
        if ticket.id in self._ended:
            raise InvalidTicket(SIGNED_OUT)
        return ticket

    def end(self, token: object, now: datetime) -> Ticket | None:
        """Refuse this ticket in this process from now on; the ticket. None where it is not valid."""
        try:
            ticket = self.read(token, now)
        except InvalidTicket:
            return None
        self._ended = {key: until for key, until in self._ended.items() if until > now} | {ticket.id: ticket.expires_at}
        return ticket

    def _sign(self, payload: str) -> bytes:
        return hmac.new(self._key, payload.encode("utf-8", "replace"), hashlib.sha256).digest()


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _parse(payload: str) -> Ticket:
    try:
        body = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return Ticket(
            id=str(body["i"]),
            subject=str(body["s"]),
            issued_at=datetime.fromtimestamp(body["a"], UTC),
            expires_at=datetime.fromtimestamp(body["e"], UTC),
        )
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise InvalidTicket("Sign in.") from error
