"""From a checked URL to a request pinned to a checked address (A13)."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urljoin, urlsplit, urlunsplit

from bc_lib.domain.inventory import Endpoint, Tls


@dataclass(frozen=True, slots=True)
class Target:
    """One request: the URL for people, and the same with the checked address in place of the name."""

    url: str
    pinned: str
    host: str
    host_header: str


def pinned(url: str, address: str) -> Target:
    """`url` with its host replaced by `address`; the name stays in the Host header and in TLS."""
    parts = urlsplit(url)
    literal = f"[{address}]" if ":" in address else address
    netloc = literal if parts.port is None else f"{literal}:{parts.port}"
    return Target(
        url, urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, "")), parts.hostname or "", parts.netloc
    )


def same_origin(url: str, location: str) -> str | None:
    """The absolute URL that `location` leads to, None where it leaves scheme, host or port."""
    try:
        there = urljoin(url, location)
        before, after = urlsplit(url), urlsplit(there)
        stays = (before.scheme, before.netloc) == (after.scheme, after.netloc)
    except ValueError:
        return None
    return there if stays and there.isascii() and there.isprintable() else None


def tls_context(endpoint: Endpoint) -> ssl.SSLContext:
    """Verification as the endpoint says; never off."""
    return _context(endpoint.tls, endpoint.ca_file)


@lru_cache(maxsize=64)
def _context(tls: Tls, ca_file: str | None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if tls is Tls.VERIFY_CA:
        context.check_hostname = False
    return context
