"""Unlogged tables, which replication does not carry, are named with their sizes while nobody moves anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bc_lib.domain.assessment import Status
from bc_lib.domain.loss import NotCarried
from bc_lib.domain.loss.covering import covers
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
    there = {(table.name, table.size_bytes) for table in facts(watch.seen, "ams").unlogged}
    assert there == {("public.cart", None), ('public."seen by ü"', None)}, "a standby's catalog names them"
    with made.connect("fra") as locking, locking.transaction():
        locking.execute("LOCK TABLE cart IN ACCESS EXCLUSIVE MODE")
        watch.look()
        sizes = {table.name: table.size_bytes for table in facts(watch.seen, "fra").unlogged}
    assert sizes["public.cart"] is None
    assert sizes['public."seen by ü"'] == 0
    assert facts(watch.seen, "fra").missing == ()


def test_what_is_said_of_a_loss_excepts_them_while_the_primary_lives_and_after_its_end() -> None:
    """In a synchronous pair too: the status, the proof that every plan, page and mail is made of, and a plan of it."""
    with cluster(ams={}) as pair:
        pair.sql("fra", "CREATE UNLOGGED TABLE cart(id bigserial)")
        pair.sql("fra", "INSERT INTO cart SELECT generate_series(1, 1000)")
        pair.sql("fra", "ALTER SYSTEM SET synchronous_standby_names = 'ams'")
        pair.sql("fra", "SELECT pg_reload_conf()")
        watch = Watch(pair)
        lives = watch.until(lambda seen: "COMMITS_WAIT" in {each.code for each in seen.could_fail_over.reasons})
        (told,) = [each.text for each in lives.could_fail_over.reasons if each.code == "COMMITS_WAIT"]
        assert re.search(r"Not replicated at all, and so missing there: unlogged table cart \(\d+ kB\)\.", told)
        assert [each.name for each in lives.loss.not_carried] == ["unlogged table cart"], "not its column's sequence"
        pair.servers["fra"].stop("immediate")
        watch.beats = False
        lost = watch.until(lambda seen: seen.loss is not None and seen.loss.ended is not None)
        assert lost.loss.not_carried == (NotCarried(name="unlogged table cart"),)
        (told,) = [each.text for each in lost.could_fail_over.reasons if each.code == "POSSIBLE_LOSS"]
        assert "so missing there: unlogged table cart." in told
        assert covers(lost.loss, watch.look().loss)
        assert not covers(replace(lost.loss, not_carried=()), lost.loss), "a consent that did not name them"


def test_tables_that_could_not_be_looked_for_are_excepted_too(made: Cluster) -> None:
    """The catalog of whoever is asked may be closed to us."""
    watch = Watch(made)
    with made.connect("fra") as closing:
        closing.execute("REVOKE SELECT ON pg_catalog.pg_locks FROM PUBLIC")
    found = watch.look()
    assert found.loss is not None
    assert [each.name for each in found.loss.not_carried] == ["unlogged tables, which could not be looked for"]
