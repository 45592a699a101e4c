"""Checkpoints as syslog messages against receivers on loopback (decision 9; RFC 5424, 5425, 6587)."""

from __future__ import annotations

import re
import socket
import ssl
import time
from pathlib import Path

import pytest

from bc_lib.integrations.checkpoints.syslog import Syslog
from bc_lib.integrations.checkpoints.syslog_lines import SyslogLines
from bc_lib.integrations.checkpoints.targets import SyslogTarget
from bc_lib.ports.audit import PlaceAway
from tests.fixtures.certificates import Authority
from tests.fixtures.checkpoint_places import Receiver, chain, now

HEADER = re.compile(
    rb"<109>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z [!-~]{1,255} bcctl-audit \d+ checkpoint - bc-checkpoint v1 "
)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def context(authority: Authority, name: str = "127.0.0.1") -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(*authority.issue(name))
    return made


def secured(receiver: Receiver, authority: Authority) -> Syslog:
    return Syslog(SyslogTarget(host="127.0.0.1", port=receiver.port, ca=authority.ca_file), now, 1.0)


def plain(receiver: Receiver) -> Syslog:
    return Syslog(SyslogTarget(host="127.0.0.1", port=receiver.port, plain=True), now, 1.0)


def settled(receiver: Receiver, count: int) -> None:
    """The receiver's thread may be a moment behind."""
    began = time.monotonic()
    while len(receiver.messages) < count:
        assert time.monotonic() - began < 5
        time.sleep(0.01)


@pytest.mark.parametrize("tls", [True, False])
def test_what_is_sent_can_be_read_from_the_log_file(tls: bool, authority: Authority, tmp_path: Path) -> None:
    """Several messages for a big one; each is RFC 5424, at most 2048 octets."""
    made = chain([1, 700, 3])
    with Receiver(context(authority) if tls else None) as receiver:
        syslog = secured(receiver, authority) if tls else plain(receiver)
        for checkpoint in made:
            syslog.publish(checkpoint)
        settled(receiver, 30)
        assert all(HEADER.match(message) and len(message) <= 2048 for message in receiver.messages)
        assert list(SyslogLines(receiver.write(tmp_path / "messages")).all()) == made


def test_a_local_socket(tmp_path: Path) -> None:
    """As /dev/log: one message a datagram."""
    made = chain([40])
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as taker:
        taker.bind(str(tmp_path / "log"))
        taker.settimeout(5)
        Syslog(SyslogTarget(path=tmp_path / "log"), now).publish(made[0])
        lines = [taker.recv(65536)]
        while b"part=1/" in lines[0] and len(lines) < int(lines[0].split(b"part=1/")[1].split()[0]):
            lines.append(taker.recv(65536))
    (tmp_path / "lines").write_bytes(b"\n".join(lines))
    assert list(SyslogLines(tmp_path / "lines").all()) == made
    with pytest.raises(PlaceAway):
        Syslog(SyslogTarget(path=tmp_path / "nobody"), now).publish(made[0])


@pytest.mark.parametrize("mode", ["hang", "reset"])
def test_a_receiver_that_takes_nothing_is_away(mode: str) -> None:
    """Written to a socket is not taken: nobody knows until the receiver has read to the end."""
    with Receiver(mode=mode) as receiver:
        began = time.monotonic()
        with pytest.raises(PlaceAway):
            plain(receiver).publish(chain([200])[0])
        assert time.monotonic() - began < 4


def test_certificates_are_checked(authority: Authority, tmp_path: Path) -> None:
    """SEC-004: another name, an unknown authority, no TLS at all."""
    made = chain([1])[0]
    other = tmp_path / "other"
    other.mkdir()
    named = context(authority, "elsewhere.example")
    with Receiver(named) as receiver, pytest.raises(PlaceAway, match="certificate"):
        secured(receiver, authority).publish(made)
    with Receiver(context(Authority(other))) as receiver:
        with pytest.raises(PlaceAway, match="certificate"):
            secured(receiver, authority).publish(made)
        assert receiver.messages == []
    with Receiver() as receiver, pytest.raises(PlaceAway):
        secured(receiver, authority).publish(made)


def test_nobody_listens() -> None:
    with pytest.raises(PlaceAway, match="refused"):
        Syslog(SyslogTarget(host="127.0.0.1", port=1, plain=True), now, 1.0).publish(chain([1])[0])
