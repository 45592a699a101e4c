"""Which endpoints may be used (A12, A13)."""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bc_lib.domain.endpoints import InvalidEndpoint, check_address, check_endpoint
from bc_lib.domain.inventory import Endpoint, Environment, Platform, Resource, Tls

DB = Endpoint(site="fra", node="fra", host="db1.example.com", port=5432, database="orders", secret="env:X")
WEB = Endpoint(site="fra", node="fra", url="https://shop.example.com/health", json_field="version")
NASTY = st.sampled_from(
    [*list("'\"`;:@/\\=?&#%$ \t\n\r\x00[]{}()<>|,*"), "\u202e", "\u200b", "а", "\ufeff", "．", "ſ", "%00", "..", "//"]
)


def resource(endpoint: Endpoint, environment: Environment = Environment.PROD) -> Resource:
    platform = Platform.HTTP if endpoint.url else Platform.POSTGRESQL
    return Resource(
        name="orders-db",
        platform=platform,
        tier=1,
        environment=environment,
        owner="x",
        home_site="fra",
        dr_site="ams",
        endpoints=(endpoint,),
    )


def allowed(endpoint: Endpoint, environment: Environment = Environment.PROD, address: str | None = None) -> bool:
    try:
        check_endpoint(resource(endpoint, environment), endpoint)
        if address:
            check_address(resource(endpoint, environment), endpoint, address)
    except InvalidEndpoint as refusal:
        text = str(refusal)
        assert text.isprintable()
        assert text.isascii()
        assert text.endswith(".")
        return False
    return True


@pytest.mark.parametrize(
    "host",
    ["db1", "db1.example.com", "10.1.2.3", "192.168.0.1", "2001:db8::1", "fd12:3456::1", "DB-1.example.COM", "8.8.8.8"],
)
def test_ordinary_hosts(host: str) -> None:
    assert allowed(replace(DB, host=host))


@pytest.mark.parametrize(
    "host",
    [
        "",
        " ",
        "/var/run/postgresql",
        "@abstract",
        "db1,db2",
        "db1 user=postgres",
        "host=db1",
        "db1;x",
        "user@db1",
        "db_1",
        "-db",
        "db-",
        "db1.",
        ".db1",
        "a..b",
        "db1\n",
        "db1\0",
        "dB1\u202e",
        "db\u0430",
        "169.254.169.254",
        "169.254.0.1",
        "0.0.0.0",
        "0.1.2.3",
        "255.255.255.255",
        "240.0.0.1",
        "224.0.0.1",
        "fe80::1",
        "fe80::1%eth0",
        "ff02::1",
        "::",
        "fd00:ec2::254",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "::169.254.169.254",
        "100.100.100.200",
        "2130706433",
        "0x7f000001",
        "127.1",
        "0177.0.0.1",
        "127.0.0.1.",
        "db.0x1",
        "x" * 64,
        "a." * 127 + "a",
        "10.1.2.3:5432",
        "[::1]",
    ],
)
def test_refused_hosts_in_every_environment(host: str) -> None:
    """A13: socket paths, several hosts, options, metadata, odd spellings of addresses."""
    for environment in Environment:
        assert not allowed(replace(DB, host=host), environment)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.9.9.9", "::1", "localhost", "LOCALHOST", "x.localhost", "::ffff:127.0.0.1"]
)
def test_loopback_is_for_the_demo_only(host: str) -> None:
    """A13: and for the demo only."""
    for environment in Environment:
        assert allowed(replace(DB, host=host), environment) is (environment is Environment.DEMO)


def test_tls_is_off_on_loopback_only() -> None:
    """SEC-004: written, and after resolving the name."""
    plain = replace(DB, tls=Tls.DISABLE)
    for environment in Environment:
        assert not allowed(plain, environment)
        assert not allowed(replace(plain, host="10.0.0.1"), environment)
    assert allowed(replace(plain, host="localhost"), Environment.DEMO, "127.0.0.1")
    assert not allowed(replace(plain, host="localhost"), Environment.DEMO, "10.0.0.1")
    assert not allowed(replace(DB, tls=Tls.VERIFY_CA))
    assert allowed(replace(DB, tls=Tls.VERIFY_CA, ca_file="/etc/bc/ca.pem"))


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "127.0.0.1",
        "::1",
        "::ffff:127.0.0.1",
        "0.0.0.0",
        "fe80::1",
        "fd00:ec2::254",
        "not-an-ip",
        "::ffff:169.254.169.254",
    ],
)
def test_what_a_name_resolves_to_is_checked_too(address: str) -> None:
    """A13: a good name that points to a bad address."""
    assert not allowed(DB, address=address)
    assert allowed(DB, address="10.1.2.3")
    assert allowed(DB, address="2001:db8::7")


@pytest.mark.parametrize(
    "changes",
    [
        {"port": 0},
        {"port": 65536},
        {"port": -1},
        {"port": True},
        {"port": None},
        {"host": None},
        {"secret": None},
        {"database": None},
        {"database": "a b"},
        {"database": "host=evil"},
        {"database": "postgresql://evil"},
        {"database": ""},
        {"database": "-x"},
        {"database": "x" * 64},
        {"database": "a'b"},
        {"database": "a\0"},
        {"url": "https://x"},
        {"json_field": "v"},
        {"ca_file": "relative.pem"},
        {"ca_file": "/etc/../etc/shadow"},
        {"ca_file": "/a b"},
        {"ca_file": "system"},
        {"ca_file": ""},
    ],
)
def test_other_parts_of_a_database(changes: dict[str, Any]) -> None:
    assert not allowed(replace(DB, **changes))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "shop.example.com",
        "ftp://x.example",
        "file:///etc/passwd",
        "http://shop.example.com/",
        "https://u:p@shop.example.com/",
        "https://@shop.example.com/",
        "https:///x",
        "https://shop.example.com:0/",
        "https://shop.example.com:99999/",
        "https://shop.example.com:x/",
        "https://a b/",
        "https://x\n.example/",
        "https://169.254.169.254/latest",
        "https://[::ffff:169.254.169.254]/",
        "https://[fe80::1%25eth0]/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://shop.example.com\\@evil/",
        "https://shop.example.com/#x",
        "HTTPS:shop",
        "https://%31.2.3.4/",
        "https://ex\u0430mple.com/",
        "gopher://x/",
        "unix:///var/run/x",
        "https://[/",
    ],
)
def test_refused_urls(url: str) -> None:
    assert not allowed(replace(WEB, url=url) if url else replace(WEB, url="?"))


def test_urls_of_the_demo() -> None:
    assert allowed(replace(WEB, url="http://127.0.0.1:55481/health"), Environment.DEMO)
    assert allowed(replace(WEB, url="http://[::1]:55481/health?x=1"), Environment.DEMO)
    assert not allowed(replace(WEB, url="http://shop.example.com/"), Environment.DEMO)
    assert allowed(WEB)
    for changes in (
        {"host": "x"},
        {"port": 1},
        {"secret": "env:X"},
        {"tls": Tls.DISABLE},
        {"json_field": "a..b"},
        {"json_field": "a b"},
        {"tls": Tls.VERIFY_CA},
    ):
        assert not allowed(replace(WEB, **changes))


@given(st.text(max_size=20), NASTY, st.text(max_size=20))
def test_no_host_or_database_with_a_nasty_character(before: str, nasty: str, after: str) -> None:
    """A12: quotes, separators, controls, direction marks, look-alikes."""
    text = before + nasty + after
    if ":" not in text:  # an IPv6 address is the one place for a colon
        assert not allowed(replace(DB, host=text), Environment.DEMO)
    if nasty not in {"$", ".."}:  # PostgreSQL allows both in a database name, and neither does harm there
        assert not allowed(replace(DB, database=text), Environment.DEMO)
    assert not allowed(replace(WEB, json_field=text), Environment.DEMO)


@given(st.text(max_size=60))
def test_any_text_as_host_is_plain_or_refused(host: str) -> None:
    assume(not set(host) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:"))
    assert not allowed(replace(DB, host=host), Environment.DEMO)


@given(st.ip_addresses())
def test_any_address(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    """Literal and resolved follow one rule, and neither lets a special address through."""
    literal = allowed(replace(DB, host=str(address)))
    assert literal is allowed(DB, address=str(address))
    if literal:
        assert not (address.is_loopback)
        assert not (address.is_link_local)
        assert not (address.is_multicast)
        assert not (address.is_unspecified)


@given(st.text(max_size=80))
def test_any_text_as_url(rest: str) -> None:
    """Never an exception other than InvalidEndpoint."""
    for start in ("", "https://", "http://127.0.0.1", "https://shop.example.com"):
        allowed(replace(WEB, url=start + rest or "x"), Environment.DEMO)
