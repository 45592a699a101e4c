"""The inventory file: every trouble with file and line, all at once, never a traceback (FR-001, A12, A13)."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bc_lib.domain.inventory import Inventory
from bc_lib.integrations.inventory_file.reader import parse, read_file
from bc_lib.integrations.inventory_file.units import seconds, size
from bc_lib.ports.inventory import InvalidInventory

ESTATE = Path(__file__).resolve().parents[3] / "demo" / "estate.yaml"
GOOD = """schema_version: 1
sites:
  - {name: fra, title: Frankfurt}
  - {name: ams, title: Amsterdam}
resources:
  - name: orders-db
    platform: postgresql
    tier: 1
    environment: demo
    owner: Payments team
    home_site: fra
    dr_site: ams
    rpo: 30s
    thresholds: {lag_warn: 10s, retained_wal_warn: 512MB}
    heartbeat: {interval: 1s}
    endpoints:
      - {site: fra, host: 127.0.0.1, port: 55431, database: orders, secret: "env:BC_DEMO_MONITOR", tls: disable}
      - {site: ams, host: 127.0.0.1, port: 55432, database: orders, secret: "env:BC_DEMO_MONITOR", tls: disable}
  - name: billing-db
    platform: postgresql
    tier: 2
    environment: demo
    owner: Payments team
    home_site: fra
    dr_site: ams
    depends_on: [orders-db]
    endpoints:
      - {site: fra, host: 127.0.0.1, port: 55433, database: billing, secret: "env:BC_DEMO_MONITOR", tls: disable}
      - {site: ams, host: 127.0.0.1, port: 55434, database: billing, secret: "env:BC_DEMO_MONITOR", tls: disable}
groups:
  - name: payments
    tier: 1
    owner: Payments team
    members:
      - {resource: orders-db}
      - {resource: billing-db, after: [orders-db]}
channels:
  - {name: ops-mail, kind: mail, url: "env:BC_DEMO_MAIL_URL", production: false}
  - {name: duty, kind: pager, url: "env:BC_PAGER", production: true}
routes:
  - {tiers: [1, 2], environments: [demo], channels: [ops-mail]}
"""


def _errors(text: str | bytes) -> list[str]:
    with pytest.raises(InvalidInventory) as caught:
        parse(text if isinstance(text, bytes) else text.encode(), "estate.yaml")
    return list(caught.value.errors)


def test_the_demo_estate_is_right() -> None:
    """It is the documentation of the format."""
    found = read_file(ESTATE)
    assert [resource.name for resource in found.resources] == ["orders-db", "billing-db", "reports-db", "shop-web"]
    assert found.resources[0].thresholds.retained_wal_warn_bytes == 512 * 1024**2
    assert found.resources[3].depends_on == ("payments",)


# What is replaced (first occurrence), by what, and the one error that must come of it.
BAD = [
    ("    rpo: 30s", "    rpoo: 30s", "estate.yaml:13: resource orders-db: unknown key 'rpoo'; did you mean 'rpo'?"),
    (
        "rpo: 30s",
        "rpo: 30",
        "estate.yaml:13: resource orders-db: rpo: 30 has no unit; write a time as a number with one of the units "
        "ms, s, min, h, d, such as 15s",
    ),
    (
        "rpo: 30s",
        "rpo: 30sec",
        "estate.yaml:13: resource orders-db: rpo: unknown unit 'sec'; write a time as a number with one of the "
        "units ms, s, min, h, d, such as 15s",
    ),
    ("rpo: 30s", "rpo: 0s", "estate.yaml:13: resource orders-db: rpo must be greater than zero and not absurdly large"),
    (
        "512MB",
        "512Mb",
        "estate.yaml:14: resource orders-db: thresholds.retained_wal_warn: unknown unit 'Mb'; write a size as a number "
        "with one of the units B, kB, MB, GB, TB, such as 512MB",
    ),
    (
        "lag_warn: 10s",
        "lag_warn: 10s, lag_critical: 5s",
        "estate.yaml:14: resource orders-db: thresholds.lag_warn: lag_warn must not be greater than lag_critical",
    ),
    (
        "    tier: 1\n    environment",
        "    tier: 3\n    environment",
        "estate.yaml:8: resource orders-db: tier: 3 is not one of 1 or 2",
    ),
    (
        "platform: postgresql",
        "platform: mysql",
        "estate.yaml:7: resource orders-db: platform: 'mysql' is not one of 'postgresql' or 'http'",
    ),
    (
        "name: billing-db",
        "name: orders-db",
        "estate.yaml:19: resource orders-db: the name 'orders-db' is given twice; first in line 6",
    ),
    (
        "dr_site: ams",
        "dr_site: fra",
        "estate.yaml:12: resource orders-db: home_site and dr_site are both fra; a resource needs two sites",
    ),
    (
        "dr_site: ams",
        "dr_site: amsterdam",
        "estate.yaml:12: resource orders-db: there is no site 'amsterdam'; known: ams, fra",
    ),
    ("    owner: Payments team\n    home", "    home", "estate.yaml:6: resource orders-db: the key 'owner' is missing"),
    (
        "      - {site: ams, host: 127.0.0.1, port: 55432",
        "      - {site: fra, node: b, host: 127.0.0.1, port: 55432",
        "estate.yaml:16: resource orders-db: there is no endpoint at site ams",
    ),
    (
        "port: 55432",
        "port: 99999",
        "estate.yaml:18: resource orders-db: endpoints[2].port: 99999: input should be less than or equal to 65535",
    ),
    (
        'database: orders, secret: "env:BC_DEMO_MONITOR"',
        "database: orders",
        "estate.yaml:17: resource orders-db: endpoints[1]: Endpoint "
        "'fra' of 'orders-db' is refused: a database needs host, port, database and secret.",
    ),
    (
        "host: 127.0.0.1",
        "host: 169.254.169.254",
        "estate.yaml:17: resource orders-db: endpoints[1]: Endpoint 'fra' of 'orders-db' is "
        "refused: 169.254.169.254 is a metadata, link-local, multicast or unspecified address.",
    ),
    (
        "{resource: orders-db}",
        "{resource: orders-db, after: [billing-db]}",
        "estate.yaml:19: resource billing-db: dependency cycle: billing-db -> orders-db -> billing-db",
    ),
    (
        "depends_on: [orders-db]",
        "depends_on: [order-db]",
        "estate.yaml:26: resource billing-db: depends_on[1]: there is no resource or group "
        "'order-db'; did you mean 'orders-db'?",
    ),
    (
        "after: [orders-db]",
        "after: [reports-db]",
        "estate.yaml:36: group payments: members[2].after: there is no member 'reports-db'; did you mean 'orders-db'?",
    ),
    (
        "channels: [ops-mail]",
        "channels: [duty]",
        "estate.yaml:41: route 1: channels[1]: channel duty is for production only, and this route is for demo too",
    ),
    (
        "channels: [ops-mail]",
        "channels: [ops-mial]",
        "estate.yaml:41: route 1: channels[1]: there is no channel 'ops-mial'; did you mean 'ops-mail'?",
    ),
    (
        '"env:BC_DEMO_MAIL_URL"',
        '"mailtos://me:hunter2@example.org"',
        "estate.yaml:38: channel ops-mail: url holds a password or parameters; "
        "write a reference to it (env:NAME or vault:PATH)",
    ),
    ("sites:", "site:", "estate.yaml:2: unknown key 'site'; did you mean 'sites'?"),
    ("schema_version: 1", "schema_version: 2", "estate.yaml:1: schema_version 2 is not known; this version reads 1"),
    (
        "    tier: 1",
        "    tier: 1\n    tier: 2",
        "estate.yaml:9: resource orders-db: the key 'tier' is given twice; first in line 8",
    ),
    (
        "name: fra",
        "name: fra'; --",
        'estate.yaml:3: site 1: site name "fra\'; --" is not allowed: use a-z, 0-9 and single hyphens, '
        "beginning with a letter, at most 63 characters.",
    ),
    (
        "title: Frankfurt",
        'title: "Frank\\u202efurt"',
        "estate.yaml:3: site fra: title 'Frank\\u202efurt' is not allowed: one line of 1 to 200 printable characters.",
    ),
]


@pytest.mark.parametrize(("old", "new", "error"), BAD, ids=[new.strip()[:40] for _, new, _ in BAD])
def test_one_clear_error(old: str, new: str, error: str) -> None:
    assert old in GOOD
    assert error in _errors(GOOD.replace(old, new, 1))


def test_all_errors_are_shown_at_once_and_in_order() -> None:
    text = GOOD
    for old, new, _ in (BAD[0], BAD[4], BAD[7], BAD[13], BAD[20]):
        text = text.replace(old, new, 1)
    errors = _errors(text)
    assert [error.split(":")[1] for error in errors] == ["7", "13", "14", "18", "41"]


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "must hold keys"),
        (b"[]", "must hold keys"),
        (b"hello", "must hold keys"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"a: b: c", "not YAML"),
        (b"a: \x00", "not YAML"),
        (b"a: &x 1\nb: *x", "aliases"),
        (b"[" * 100_000, "nested deeper"),
        (b"a: !!python/object:os.system x", "cannot be read"),
        (b"? [1]\n: 2", "plain word"),
        (b"schema_version: 1\nresources: 5", "must be a list"),
        (b"schema_version: 1\nresources: [5, null]", "keys and values"),
        (b"schema_version: true", "is not known"),
        (b"a: 1\n---\nb: 2", "not YAML"),
        (b"schema_version: 1\nsites: [{name: [], title: 2001-01-01}]", "must be a text"),
        (b"<<: {a: 1}", "plain word"),
        (b"schema_version: 1\nsites: [{name: " + b"9" * 5000 + b", title: x}]", "site 1"),
    ],
)
def test_what_is_no_inventory_at_all(content: bytes, part: str) -> None:
    errors = _errors(content)
    assert any(part in error for error in errors), errors
    assert all(error.startswith("estate.yaml") for error in errors)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidInventory, match="cannot be opened"):
        read_file(tmp_path / "none.yaml")
    with pytest.raises(InvalidInventory, match="cannot be opened"):
        read_file(tmp_path)


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_random_content_is_never_a_traceback(content: bytes) -> None:
    _either(content)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_good_file_with_anything_in_one_place_is_never_a_traceback(data: st.DataObject) -> None:
    """Junk at a random path of a good file: either it is right, or it is refused in sentences."""
    document = yaml.safe_load(GOOD)
    at, steps = document, data.draw(st.integers(1, 5))
    while True:
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        key = data.draw(st.sampled_from(keys))
        steps -= 1
        if steps == 0 or not isinstance(at[key], dict | list) or not at[key]:
            break
        at = at[key]
    at[key] = data.draw(JUNK)
    _either(yaml.safe_dump(document, allow_unicode=True).encode("utf-8", "replace"))


def _either(content: bytes) -> None:
    try:
        found = parse(content, "estate.yaml")
    except InvalidInventory as error:
        lines = error.errors
    else:
        assert isinstance(found, Inventory)
        return
    assert lines
    assert all(line and "\n" not in line for line in lines)


def test_units() -> None:
    assert (seconds("500ms"), seconds("15s"), seconds("2min"), seconds("1.5 h"), seconds("1d")) == (
        0.5,
        15.0,
        120.0,
        5400.0,
        86400.0,
    )
    assert (size("1kB"), size("512MB"), size("1.5GB"), size("10B")) == (1024, 512 * 1024**2, 1536 * 1024**2, 10)
    for wrong in ("", "s", "15", 15, "-5s", "1e3s", "15S", "nan s", "٣s", True, None, [], "15s\n"):
        with pytest.raises(ValueError, match="such as 15s"):
            seconds(wrong)
