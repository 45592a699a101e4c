"""Data that replication does not carry is named before the move, in every database, and excepted afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.findings import Finding, Severity
from bc_lib.domain.requests.states import RequestType
from tests.fixtures.execpair import Driver, Pair, pair

CART = """CREATE UNLOGGED TABLE public.cart (id int); INSERT INTO public.cart SELECT generate_series(1, 1000);
CREATE TABLE public.parted (id bigserial) PARTITION BY RANGE (id);
CREATE UNLOGGED TABLE public.part_1 PARTITION OF public.parted FOR VALUES FROM (0) TO (10)"""


@pytest.fixture
def made() -> Iterator[Pair]:
    """Unlogged tables in the watched database and in one beside it."""
    with pair() as found:
        found.sql("fra", CART)
        found.sql("fra", 'CREATE DATABASE "other shop"')
        found.cluster.sql("fra", "CREATE SCHEMA s; CREATE UNLOGGED TABLE s.sessions (id int)", "other shop")
        found.cluster.caught_up("ams")
        yield found


def checked(driver: Driver) -> dict[str, Finding]:
    return {one.check: one for one in driver.mechanism.prechecks(driver.work(Action.CHECK))}


def test_they_are_named_with_sizes_and_excepted_in_what_the_move_says(made: Pair) -> None:
    driver = Driver(made)
    found = checked(driver)["unlogged-tables"]
    assert found.severity is Severity.WARN
    assert "cart (64 kB)" in found.sentence
    assert "s.sessions in database other shop (0 B)" in found.sentence
    assert "part_1" in found.sentence
    assert found.figure == "3 tables"
    driver.do(Action.CHECK)
    made.sql("fra", "CREATE UNLOGGED TABLE public.late (id int)")  # after CHECK: the move looks once more
    facts = driver.do(Action.MOVE)
    names = {each["name"]: each["size_bytes"] for each in facts["not_carried"]}
    assert names["unlogged table cart"] >= 8192
    assert set(names) == {
        "unlogged table cart",
        "unlogged table late",
        "unlogged table part_1",
        "unlogged table s.sessions in database other shop",
    }
    assert made.sql("ams", "SELECT count(*) FROM public.cart") == [(0,)]


def test_a_locked_table_and_a_closed_database_hide_nothing(made: Pair) -> None:
    made.sql("fra", 'REVOKE CONNECT ON DATABASE "other shop" FROM PUBLIC')
    with made.cluster.connect("fra") as connection:
        connection.autocommit = False
        connection.execute("LOCK TABLE public.cart IN ACCESS EXCLUSIVE MODE")
        found = checked(Driver(made))
    assert "cart" in found["unlogged-tables"].sentence
    assert found["unlogged-unseen"].severity is Severity.WARN
    assert "other shop" in found["unlogged-unseen"].sentence
    driver = Driver(made)
    driver.do(Action.CHECK)
    noted = driver.earlier["orders-db/check"]["not_carried"]
    assert "unlogged tables in database other shop, which could not be looked at" in {each["name"] for each in noted}


def test_after_a_loss_the_standbys_catalog_names_them(made: Pair) -> None:
    made.kill("fra")
    driver = Driver(made, kind=RequestType.FAILOVER)
    assert "cart" in checked(driver)["unlogged-tables"].sentence
    driver.do(Action.CHECK)
    facts = driver.do(Action.MOVE)
    assert {"name": "unlogged table cart", "size_bytes": None} in facts["not_carried"]


def test_without_any_nothing_is_excepted() -> None:
    with pair() as plain:
        driver = Driver(plain)
        assert checked(driver)["unlogged-tables"].severity is Severity.OK
        driver.do(Action.CHECK)
        assert driver.do(Action.MOVE)["not_carried"] == []
