"""Checkpoints as syslog messages, RFC 5424: over TLS (RFC 5425), TCP with octet counting (RFC 6587), a local socket.

A message is at most 2048 octets, which every TLS receiver must take, so a checkpoint travels in parts. Syslog has no
receipt. The nearest to one is that the receiver ends the connection after reading it to its end; without that the
checkpoint counts as not taken and is sent again, so that a receiver may get one twice.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime

from bc_lib.domain.audit_checkpoint import Checkpoint, to_bytes
from bc_lib.integrations.checkpoints.targets import SyslogTarget
from bc_lib.ports.audit import PlaceAway

TIMEOUT_S = 5.0
PRIORITY = 13 * 8 + 5  # facility "log audit", severity "notice"
APP, MESSAGE_ID = "bcctl-audit", "checkpoint"
PART_CHARS = 1600


class Syslog:
    """Implements ports.audit.CheckpointSink. `now` is this process's clock; `timeout_s` is for each wait."""

    def __init__(self, target: SyslogTarget, now: Callable[[], datetime], timeout_s: float = TIMEOUT_S) -> None:
        self._target = target
        self._now = now
        self._timeout_s = timeout_s

    def publish(self, checkpoint: Checkpoint) -> None:
        """See the port. Whether it was sent before cannot be asked: the same again is sent again."""
        messages = [self._message(part) for part in parts(checkpoint)]
        try:
            if self._target.path is not None:
                self._local(messages)
            elif self._target.plain:
                with self._connected() as wire:
                    _send(wire, messages)
            else:
                with self._secured() as wire:
                    _send(wire, messages)
        except ssl.SSLCertVerificationError as error:
            raise PlaceAway(f"its certificate is not trusted: {error.verify_message}.") from None
        except TimeoutError:
            raise PlaceAway(
                f"it did not take the messages and end the connection within {self._timeout_s:g} s."
            ) from None
        except OSError as error:
            raise PlaceAway(f"{error.strerror or type(error).__name__}.") from None

    def _message(self, text: str) -> bytes:
        stamp = self._now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        host = socket.gethostname()[:255] or "-"
        return f"<{PRIORITY}>1 {stamp} {host} {APP} {os.getpid()} {MESSAGE_ID} - {text}".encode("ascii", "replace")

    def _local(self, messages: list[bytes]) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wire:
            wire.settimeout(self._timeout_s)
            wire.connect(str(self._target.path))
            for message in messages:
                wire.send(message)

    def _connected(self) -> socket.socket:
        return socket.create_connection((self._target.host, self._target.port), self._timeout_s)

    def _secured(self) -> ssl.SSLSocket:
        context = ssl.create_default_context(cafile=str(self._target.ca) if self._target.ca else None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        plain = self._connected()
        try:
            return context.wrap_socket(plain, server_hostname=self._target.host)
        except BaseException:
            plain.close()
            raise


def parts(checkpoint: Checkpoint) -> list[str]:
    """The texts that carry a checkpoint; letters that no receiver escapes, so that any kind of log file keeps them."""
    content = to_bytes(checkpoint)
    data = base64.urlsafe_b64encode(content).decode().rstrip("=")
    pieces = [data[start : start + PART_CHARS] for start in range(0, len(data), PART_CHARS)]
    digest = hashlib.sha256(content).hexdigest()
    return [
        f"bc-checkpoint v1 last={checkpoint.last} id={digest} part={place}/{len(pieces)} data={piece}"
        for place, piece in enumerate(pieces, 1)
    ]


def _send(wire: socket.socket, messages: list[bytes]) -> None:
    """Everything, then the end of the connection, then the receiver's."""
    wire.sendall(b"".join(b"%d %s" % (len(message), message) for message in messages))
    if isinstance(wire, ssl.SSLSocket):
        # A receiver may answer our goodbye with its own or by closing: both mean that it read to the end.
        with contextlib.suppress(ssl.SSLEOFError, ssl.SSLZeroReturnError):
            wire = wire.unwrap()
    with contextlib.suppress(OSError):
        wire.shutdown(socket.SHUT_WR)
    while wire.recv(4096):
        pass
