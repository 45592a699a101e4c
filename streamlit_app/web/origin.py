"""Under which addresses these pages are ours, and who may drive them (A08).

A cookie knows no ports and SameSite counts every port of a host as one site, so a page on another port of the same host
could act as whoever is signed in. And a name that somebody else points at us (DNS rebinding) makes his page ours to a
browser. So the Host must be a name of ours, and an Origin must be our own in scheme, host and port.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.types import Scope

URL, HOSTS = "BC_UI_URL", "BC_UI_HOSTS"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
DEFAULT_PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Ours:
    """`names`: hosts by which we are called, lower case. `origins`: what BC_UI_URL says, for a proxy that ends TLS."""

    names: frozenset[str]
    origins: frozenset[str]

    def called(self, scope: Scope) -> bool:
        """Whether the Host is a name of ours; none, or two, is not."""
        found = HOST.match(_host(scope))
        return found is not None and found["name"].strip("[]").lower() in self.names

    def sent_from_here(self, scope: Scope, *, must: bool) -> bool:
        """Whether the Origin is ours. `must`: whether it has to be there, which browsers see to for a WebSocket."""
        found = header(scope, b"origin")
        if found is None:
            return not must
        scheme = {"ws": "http", "wss": "https"}.get(scope["scheme"], scope["scheme"])
        return normal(found) in {normal(f"{scheme}://{_host(scope)}"), *self.origins} - {None}

    def linked_from_here(self, scope: Scope) -> bool:
        """Whether a plain GET was made by a page of ours or by the person: not by another page, on whatever port."""
        site = header(scope, b"sec-fetch-site")
        if site is not None:
            return site in {"same-origin", "none"}
        referer = header(scope, b"referer")
        return referer is None or normal(referer) in {normal(f"{scope['scheme']}://{_host(scope)}"), *self.origins}


def ours(url: str, more: str = "") -> Ours:
    """From the address that BC_UI_URL says and further host names, split by blanks or commas."""
    address = normal(url)
    name = urlsplit(url).hostname
    names = {name.lower()} if name else set[str]()
    return Ours(LOOPBACK | names | _split(more), frozenset({address} if address else ()))


def from_environment() -> Ours:
    """As this process was started."""
    return ours(os.environ.get(URL, ""), os.environ.get(HOSTS, ""))


def header(scope: Scope, name: bytes) -> str | None:
    """The header's value; what comes twice counts as one that nobody sends."""
    found = [value for key, value in scope["headers"] if key == name]
    return None if not found else found[0].decode("latin-1") if len(found) == 1 else "\x00"


def normal(address: str) -> str | None:
    """scheme://host:port of an address, the port always written; None for what is none."""
    try:
        parts = urlsplit(address)
        port = parts.port or DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or parts.username is not None:
        return None
    return f"{parts.scheme}://{parts.hostname.lower()}:{port}"


def _host(scope: Scope) -> str:
    return header(scope, b"host") or "\x00"


def _split(text: str) -> Iterable[str]:
    return frozenset(each.lower() for each in re.split(r"[\s,]+", text) if each)
