"""The demo's mail server: takes every mail on loopback and keeps the newest ones as files."""

from __future__ import annotations

import asyncio
import email
import email.policy
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from bc_lib.runtime.portpick import HOST

KEEP = 500
MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail. `number` counts up for ever and names it."""

    number: int
    received_at: datetime
    sender: str
    to: str
    subject: str
    body: str


class Inbox:
    """Mails in a folder, one file each, named by their number."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: asyncio.Server | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self._last = max(self._numbers(), default=0)

    async def start(self, port: int) -> None:
        """Listen. Raises OSError where the port is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: SMTP(self, hostname="demo.example", data_size_limit=MOST_BYTES, timeout=30), HOST, port
        )

    def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """aiosmtpd's call for each mail."""
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        self.keep(content)
        return "250 kept"

    def keep(self, content: bytes) -> int:
        """Store one mail, drop the oldest ones over the limit; its number."""
        self._last += 1
        path = self._path(self._last)
        partial = path.with_suffix(".partial")
        partial.write_bytes(content)
        partial.replace(path)
        for number in self._numbers()[:-KEEP]:
            self._path(number).unlink(missing_ok=True)
        return self._last

    def newest(self, limit: int = 50) -> list[Mail]:
        """The newest mails, newest first."""
        return [mail for number in reversed(self._numbers()[-limit:]) if (mail := self.get(number)) is not None]

    def get(self, number: int) -> Mail | None:
        """One mail, None where there is no such number."""
        path = self._path(number)
        if not path.is_file():
            return None
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        received = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        sender, to, subject = (str(message[header] or "") for header in ("From", "To", "Subject"))
        return Mail(number, received, sender, to, subject, _text(message))

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:06d}.eml"

    def _numbers(self) -> list[int]:
        return sorted(int(path.stem) for path in self._folder.glob("*.eml") if path.stem.isdigit())


def _text(message: EmailMessage) -> str:
    part = message.get_body(("plain", "html"))
    return str(part.get_content()) if part is not None else ""
