"""Unlogged tables, which replication does not carry, are named with their sizes while nobody moves anything."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bc_lib.domain.assessment import Status
from tests.fixtures.pgcluster import Cluster, cluster, facts
from tests.fixtures.watching import Watch


@pytest.fixture(scope="module")
def made() -> Iterator[Cluster]:
    with cluster(ams={}) as found:
        yield found


def test_named_with_sizes_also_while_one_is_locked(made: Cluster) -> None:
    """A lock on one of them neither holds up the look nor hides the others."""
    for statement in (
        "CREATE UNLOGGED TABLE cart(id int)",
        "INSERT INTO cart SELECT generate_series(1, 1000)",
        'CREATE UNLOGGED TABLE "seen by ü"(id int)',
        "CREATE TABLE kept(id int)",
        "CREATE TEMPORARY TABLE mine(id int)",
    ):
        made.sql("fra", statement)
    watch = Watch(made)
    found = watch.until(lambda seen: seen.status is Status.GREEN)
    (told,) = [reason.text for reason in found.findings if reason.code == "UNLOGGED_TABLES"]
    assert "public.cart (" in told
    assert "kB)" in told
    assert {table.name for table in facts(watch.seen, "fra").unlogged} == {"public.cart", 'public."seen by ü"'}
    assert facts(watch.seen, "ams").unlogged == ()
    with made.connect("fra") as locking, locking.transaction():
        locking.execute("LOCK TABLE cart IN ACCESS EXCLUSIVE MODE")
        watch.look()
        sizes = {table.name: table.size_bytes for table in facts(watch.seen, "fra").unlogged}
    assert sizes["public.cart"] is None
    assert sizes['public."seen by ü"'] == 0
    assert facts(watch.seen, "fra").missing == ()
