"""Which endpoints may be used at all: an allow-list, checked at inventory apply and before every use (A13).

Two moments: `check_endpoint` looks at what is written, `check_address` at what a name resolved to.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from bc_lib.domain.inventory import Endpoint, Environment, Platform, Resource, Tls

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
HOST = re.compile(rf"{LABEL}(?:\.{LABEL})*\Z", re.ASCII)
# A name whose last label looks like a number is read as an address by resolvers (127.1, 0x7f000001).
NUMERIC_END = re.compile(r"(?:.*\.)?(?:[0-9]+|0[xX][0-9A-Fa-f]*)\Z", re.ASCII)
DATABASE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.$-]{0,62}\Z", re.ASCII)
CA_FILE = re.compile(r"(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)+\Z", re.ASCII)
URL_TEXT = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=%]+\Z", re.ASCII)
JSON_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z_][A-Za-z0-9_-]*){0,7}\Z", re.ASCII)
MAX_HOST, MAX_URL, MAX_PATH, MAX_FIELD = 253, 2000, 500, 100

# Cloud metadata services that ipaddress does not already call link-local.
METADATA = frozenset(
    map(ipaddress.ip_address, ("fd00:ec2::254", "fd20:ce::254", "100.100.100.200", "192.0.0.192", "168.63.129.16"))
)
NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))


class InvalidEndpoint(ValueError):
    """An endpoint outside the allow-list; the message is one sentence that says what is wrong."""


def check_endpoint(resource: Resource, endpoint: Endpoint) -> None:
    """Raise InvalidEndpoint unless `endpoint` may be used for `resource`. Pure: no look-up of names."""
    if endpoint.ca_file is not None and (len(endpoint.ca_file) > MAX_PATH or not CA_FILE.match(endpoint.ca_file)):
        raise _refuse(
            resource,
            endpoint,
            "ca_file must be an absolute path of letters, digits, '_', '.', '-' without hidden parts",
        )
    if resource.platform is Platform.HTTP:
        _check_http(resource, endpoint)
    else:
        _check_database(resource, endpoint)


def check_address(resource: Resource, endpoint: Endpoint, address: str) -> None:
    """Raise InvalidEndpoint unless the resolved `address` may be connected to for this endpoint."""
    parsed = _literal(address)
    if parsed is None:
        raise _refuse(resource, endpoint, f"{_shown(address)} is not an IP address")
    _check_ip(resource, endpoint, parsed)
    plain = endpoint.tls is Tls.DISABLE or (endpoint.url or "").startswith("http://")
    if plain and not _embedded(parsed).is_loopback:
        raise _refuse(
            resource, endpoint, f"it resolves to {parsed}, and a connection without TLS is allowed on loopback only"
        )


def is_ip_literal(host: str) -> bool:
    """True where `host` is an IP address and needs no look-up."""
    return _literal(host) is not None


def http_target(endpoint: Endpoint) -> tuple[str, str, int]:
    """Scheme, host and port of an HTTP endpoint that passed `check_endpoint`."""
    parts = urlsplit(endpoint.url or "")
    return parts.scheme, parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def _check_database(resource: Resource, endpoint: Endpoint) -> None:
    if endpoint.url is not None or endpoint.json_field is not None:
        raise _refuse(resource, endpoint, "url and json_field belong to HTTP applications")
    if endpoint.host is None or endpoint.port is None or endpoint.database is None or endpoint.secret is None:
        raise _refuse(resource, endpoint, "a database needs host, port, database and secret")
    if not DATABASE.match(endpoint.database):
        raise _refuse(
            resource,
            endpoint,
            f"database name {_shown(endpoint.database)} is not allowed (letters, digits, '_', '.', '$', '-')",
        )
    _check_host(resource, endpoint, endpoint.host)
    _check_port(resource, endpoint, endpoint.port)
    if endpoint.tls is Tls.DISABLE and not _written_as_loopback(endpoint.host):
        raise _refuse(resource, endpoint, "tls: disable is allowed on loopback only; use verify-full")
    if endpoint.tls is Tls.VERIFY_CA and endpoint.ca_file is None:
        raise _refuse(resource, endpoint, "tls: verify-ca needs ca_file, or any public certificate would do")


def _check_http(resource: Resource, endpoint: Endpoint) -> None:
    if (endpoint.host, endpoint.port, endpoint.database, endpoint.secret) != (None, None, None, None):
        raise _refuse(resource, endpoint, "an HTTP application has a url, and no host, port, database or secret")
    url = endpoint.url
    if url is None or len(url) > MAX_URL or not URL_TEXT.match(url):
        raise _refuse(resource, endpoint, "url is missing or holds characters that are not allowed")
    parts, port = _split(resource, endpoint, url)
    if "@" in parts.netloc:
        raise _refuse(resource, endpoint, "the url must not hold a user name or password")
    _check_host(resource, endpoint, parts.hostname or "")
    _check_port(resource, endpoint, port)
    if parts.scheme == "http" and not _written_as_loopback(parts.hostname or ""):
        raise _refuse(resource, endpoint, "http:// is allowed on loopback only; use https://")
    if parts.scheme == "https" and endpoint.tls is Tls.DISABLE:
        raise _refuse(resource, endpoint, "tls: disable makes no sense with https://")
    if endpoint.tls is Tls.VERIFY_CA and endpoint.ca_file is None:
        raise _refuse(resource, endpoint, "tls: verify-ca needs ca_file, or any public certificate would do")
    if endpoint.json_field is not None and (
        len(endpoint.json_field) > MAX_FIELD or not JSON_FIELD.match(endpoint.json_field)
    ):
        raise _refuse(
            resource, endpoint, f"json_field {_shown(endpoint.json_field)} is not a name or a dotted path of names"
        )


def _split(resource: Resource, endpoint: Endpoint, url: str) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(url)
        port = parts.port if parts.port is not None else (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise _refuse(resource, endpoint, "the url cannot be read") from None
    if parts.scheme not in {"http", "https"} or not url.startswith(f"{parts.scheme}://"):
        raise _refuse(resource, endpoint, "the url must begin with https:// (or http:// on loopback)")
    return parts, port


def _check_port(resource: Resource, endpoint: Endpoint, port: int) -> None:
    if isinstance(port, bool) or not isinstance(port, int) or not 1 <= port <= 65535:
        raise _refuse(resource, endpoint, "port must be a number from 1 to 65535")


def _check_host(resource: Resource, endpoint: Endpoint, host: str) -> None:
    address = _literal(host)
    if address is not None:
        _check_ip(resource, endpoint, address)
        return
    if len(host) > MAX_HOST or not HOST.match(host) or NUMERIC_END.match(host):
        raise _refuse(resource, endpoint, f"host {_shown(host)} is neither a plain host name nor an IP address")
    if _written_as_loopback(host):
        _check_loopback(resource, endpoint)


def _check_ip(resource: Resource, endpoint: Endpoint, address: IpAddress) -> None:
    inner = _embedded(address)
    for one in (address, inner):
        if one in METADATA or one.is_link_local or one.is_unspecified or one.is_multicast:
            raise _refuse(
                resource,
                endpoint,
                f"{address} is a metadata, link-local, multicast or unspecified address",
            )
    if inner.is_loopback:
        _check_loopback(resource, endpoint)
    elif isinstance(inner, ipaddress.IPv4Address) and (inner.is_reserved or int(inner) >> 24 == 0):
        raise _refuse(resource, endpoint, f"{address} is a reserved address")


def _check_loopback(resource: Resource, endpoint: Endpoint) -> None:
    if resource.environment is not Environment.DEMO:
        raise _refuse(resource, endpoint, "loopback is allowed in environment demo only")


def _written_as_loopback(host: str) -> bool:
    address = _literal(host)
    if address is not None:
        return _embedded(address).is_loopback
    return host.lower() == "localhost" or host.lower().endswith(".localhost")


def _literal(host: str) -> IpAddress | None:
    if "%" in host:  # a scope id would be a second, hidden way to say where
        return None
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _embedded(address: IpAddress) -> IpAddress:
    """The IPv4 address inside an IPv6 one that carries it, so that ::ffff:127.0.0.1 hides nothing."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if any(address in network for network in NAT64):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    compatible = ipaddress.IPv4Address(int(address)) if 1 < int(address) <= 0xFFFFFFFF else None
    return address.ipv4_mapped or address.sixtofour or compatible or address


def _shown(text: str) -> str:
    return ascii(text[:60])


def _refuse(resource: Resource, endpoint: Endpoint, why: str) -> InvalidEndpoint:
    return InvalidEndpoint(f"Endpoint {_shown(endpoint.node)} of {_shown(resource.name)} is refused: {why}.")
