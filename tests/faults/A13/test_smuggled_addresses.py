"""A13: options, service files, socket paths, loopback, metadata hosts and TLS downgrade are refused by allow-list."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bc_lib.domain.endpoints import InvalidEndpoint, check_address, check_endpoint
from bc_lib.domain.inventory import Endpoint, Environment, Resource, Tls
from bc_lib.testing.builders import resource

SOUND = Endpoint(site="fra", node="fra", host="db1.example.com", port=5432, database="orders", secret="env:X")


def at(environment: Environment) -> Resource:
    return replace(resource(), environment=environment)


@pytest.mark.parametrize(
    "host",
    [
        "/var/run/postgresql",
        "@abstract",
        "db1.example.com,evil.example.com",
        "host=evil",
        "db1 sslmode=disable",
        "127.0.0.1",
        "localhost",
        "::1",
        "127.1",
        "0x7f000001",
        "2130706433",
        "0.0.0.0",
        "169.254.169.254",
        "fd00:ec2::254",
        "fe80::1",
        "224.0.0.1",
        "::ffff:127.0.0.1",
        "service=prod",
        "",
        "db1.example.com\n",
        "db1.example.com?sslmode=disable",
    ],
)
def test_refused_hosts(host: str) -> None:
    with pytest.raises(InvalidEndpoint):
        check_endpoint(at(Environment.PROD), replace(SOUND, host=host))


@pytest.mark.parametrize("environment", [one for one in Environment if one is not Environment.DEMO])
def test_loopback_is_for_the_demo_only(environment: Environment) -> None:
    loopback = replace(SOUND, host="127.0.0.1", tls=Tls.DISABLE)
    check_endpoint(at(Environment.DEMO), loopback)
    with pytest.raises(InvalidEndpoint):
        check_endpoint(at(environment), loopback)


def test_tls_is_never_switched_off_for_another_machine() -> None:
    for environment in Environment:
        with pytest.raises(InvalidEndpoint):
            check_endpoint(at(environment), replace(SOUND, tls=Tls.DISABLE))


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "::1", "0.0.0.0", "fe80::1"])
def test_a_name_that_resolves_to_a_forbidden_address_is_refused_too(address: str) -> None:
    with pytest.raises(InvalidEndpoint):
        check_address(at(Environment.PROD), SOUND, address)


@pytest.mark.parametrize("database", ["orders sslmode=disable", "orders?x=1", "postgres://x", "a'b", "a\x00b", ""])
def test_refused_databases(database: str) -> None:
    with pytest.raises(InvalidEndpoint):
        check_endpoint(at(Environment.PROD), replace(SOUND, database=database))


def test_a_plain_address_is_allowed() -> None:
    check_endpoint(at(Environment.PROD), SOUND)
    check_address(at(Environment.PROD), SOUND, "10.1.2.3")
