"""From a checked endpoint to libpq's keywords: all of them explicit, nothing taken from the surroundings (A13)."""

from __future__ import annotations

import os
import ssl

from psycopg import pq

from bc_lib.domain.inventory import Endpoint, Tls
from bc_lib.ports.secrets import Credential

APPLICATION_NAME = "bc-monitor"
# These would make libpq read a service file even where all keywords are given; the rest is overridden one by one.
SERVICE_VARIABLES = ("PGSERVICE", "PGSERVICEFILE")


def connection_keywords(
    endpoint: Endpoint, addresses: tuple[str, ...], credential: Credential, timeout_s: float
) -> dict[str, str]:
    """Keywords for one connection to `addresses` (already checked) of an endpoint that passed `check_endpoint`.

    Every keyword that libpq would otherwise read from a PG* variable is set. TLS is either required
    with verification or off; libpq's `prefer` and `allow`, which can be talked down, never occur.
    """
    for name in SERVICE_VARIABLES:
        os.environ.pop(name, None)
    count = len(addresses)
    keywords = _neutral_defaults() | {
        "host": ",".join([str(endpoint.host)] * count),
        "hostaddr": ",".join(addresses),
        "port": str(endpoint.port),
        "dbname": str(endpoint.database),
        "user": credential.username,
        "password": credential.password,
        "application_name": APPLICATION_NAME,
        "connect_timeout": str(max(2, int(timeout_s / count))),
        "client_encoding": "UTF8",
        "keepalives": "1",
        "keepalives_idle": "10",
        "keepalives_interval": "3",
        "keepalives_count": "3",
        "tcp_user_timeout": str(int(timeout_s * 1000)),
        "target_session_attrs": "any",
        "load_balance_hosts": "disable",
        "min_protocol_version": "3.0",
        "max_protocol_version": "3.0",
        "gssencmode": "disable",
        "passfile": os.devnull,
        "sslcertmode": "disable",
    }
    return keywords | _tls(endpoint)


def _tls(endpoint: Endpoint) -> dict[str, str]:
    if endpoint.tls is Tls.DISABLE:
        return {"sslmode": "disable", "require_auth": "scram-sha-256"}
    return {
        "sslmode": endpoint.tls.value,
        "sslrootcert": endpoint.ca_file or ssl.get_default_verify_paths().cafile or "system",
        "ssl_min_protocol_version": "TLSv1.2",
        "require_auth": "scram-sha-256,md5",
    }


def _neutral_defaults() -> dict[str, str]:
    """libpq's compiled default (or empty) for each keyword that has an environment variable."""
    return {
        option.keyword.decode(): (option.compiled or b"").decode()
        for option in pq.Conninfo.get_defaults()
        if option.envvar is not None and option.keyword not in {b"service", b"servicefile"}
    }
