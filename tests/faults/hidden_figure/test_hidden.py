"""A figure that may not be read would have decided: not green, with the reason; its neighbours are still read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bc_lib.domain.assessment import Answer, Status
from bc_lib.domain.inventory import Resource
from tests.fixtures.pgcluster import GRANTS, HEARTBEAT_TABLE, Cluster, cluster, facts, of
from tests.fixtures.watching import Watch, names

LATIN = "synchronous_standby_names = '\"gr\xf6\xdfe\"'\n".encode("latin-1")
CURED = b"synchronous_standby_names = ''\n"


@pytest.fixture(scope="module")
def made() -> Iterator[Cluster]:
    """fra and its standby ams; beside `orders` a database without an encoding, and one in Latin-1."""
    with cluster(ams={}) as found:
        for name, encoding in (("bytes", "SQL_ASCII"), ("latin", "LATIN1")):
            found.sql("fra", f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0")
            with found.connect("fra", name) as connection:
                connection.execute(HEARTBEAT_TABLE)
                connection.execute(GRANTS.read_text(encoding="utf-8"))
        found.caught_up("ams")
        yield found


def watch(made: Cluster, database: str) -> Watch:
    found = of(made)
    ends = tuple(replace(one, database=database) for one in found.endpoints)
    return Watch(made, beats=False, resource=replace(found, endpoints=ends, heartbeat=None))


def configure(made: Cluster, node: str, line: bytes) -> None:
    """Append `line` to a server's configuration and have it read."""
    with Path(made.servers[node].data, "postgresql.auto.conf").open("ab") as file:
        file.write(line)
    made.sql(node, "SELECT pg_reload_conf()")


@pytest.mark.parametrize("database", ["bytes", "orders", "latin"])
def test_bytes_that_are_no_text_hide_one_setting_only(made: Cluster, database: str) -> None:
    """A Latin-1 name in a file: the delay beside it still decides, and nobody blames a right."""
    look = watch(made, database)
    look.until(lambda seen: seen.status is Status.GREEN)
    configure(made, "ams", b"recovery_min_apply_delay = '10min'\n" + LATIN)
    try:
        found = look.until(lambda seen: "REPLAY_DELAYED" in names(seen))
        assert found.status is not Status.GREEN
        assert found.could_switch_over.answer is Answer.NO
        ams = facts(look.seen, "ams")
        assert (ams.replay_delay_s, ams.settings["max_connections"]) == (600.0, "100")
        told = " ".join(reason.text for reason in (*found.reasons, *found.findings) if "FIGURES" in reason.code)
        if database == "latin":
            assert ams.sync_standby_names == '"größe"'
            assert told == ""
        else:
            assert ams.missing == ("sync_standby_names",)
            assert "synchronous_standby_names" in told or "sync_standby_names" in told
            assert "no text in the database's encoding" in told
            assert "may not read" not in told
    finally:
        configure(made, "ams", b"recovery_min_apply_delay = 0\n" + CURED)
        look.until(lambda seen: seen.status is Status.GREEN)


def test_the_same_bytes_at_the_primary_leave_the_verdicts_open(made: Cluster) -> None:
    """There the setting says whether commits wait for this standby."""
    look = watch(made, "orders")
    configure(made, "fra", LATIN)
    try:
        found = look.until(lambda seen: "FIGURES_MISSING" in names(seen))
        answers = (found.could_switch_over.answer, found.could_fail_over.answer)
        assert (found.status, answers) == (Status.YELLOW, (Answer.UNKNOWN, Answer.UNKNOWN))
        assert facts(look.seen, "fra").read_only is False
    finally:
        configure(made, "fra", CURED)
        look.until(lambda seen: seen.status is Status.GREEN)


FUNCTIONS = {
    "pg_control_system()": True,
    "pg_control_checkpoint()": False,  # a streaming standby's receiver tells its timeline too
    "pg_current_wal_lsn()": True,
    "pg_walfile_name(pg_lsn)": True,
    "pg_last_wal_replay_lsn()": True,
    "pg_get_wal_replay_pause_state()": True,
}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_each_function_that_was_taken_from_us(made: Cluster, function: str) -> None:
    """One right less is one figure less: not green, unknown, and positions or slots beside it still there."""
    look = watch(made, "orders")
    look.until(lambda seen: seen.status is Status.GREEN)
    take(made, function)
    try:
        found = look.look()
        if FUNCTIONS[function]:
            assert found.status is not Status.GREEN
            assert found.could_switch_over.answer is Answer.UNKNOWN
            assert found.could_fail_over.answer is Answer.UNKNOWN
            assert any("our account may not read it" in reason.text for reason in found.reasons)
        for node in ("fra", "ams"):
            seen = facts(look.seen, node)
            assert len(seen.missing) <= 2
            assert "settings" not in seen.missing
        assert [slot.name for slot in facts(look.seen, "fra").slots] == ["slot_ams"]
    finally:
        give(made, function)
        look.until(lambda seen: seen.status is Status.GREEN)


def take(made: Cluster, function: str) -> None:
    made.sql("fra", f"REVOKE EXECUTE ON FUNCTION pg_catalog.{function} FROM PUBLIC, bc_monitor")
    made.caught_up("ams")


def give(made: Cluster, function: str) -> None:
    made.sql("fra", f"GRANT EXECUTE ON FUNCTION pg_catalog.{function} TO PUBLIC, bc_monitor")
    made.caught_up("ams")


def test_hidden_identifier_of_a_standby_of_somebody_else(made: Cluster) -> None:
    """ams is a copy of fra; the primary we were told is another cluster, further on. Without identifiers: unknown."""
    made.add_primary("other")
    made.sql("other", "CREATE TABLE t AS SELECT repeat('x', 900) FROM generate_series(1, 20000)", "postgres")
    for node in ("fra", "other"):
        made.sql(node, "REVOKE EXECUTE ON FUNCTION pg_catalog.pg_control_system() FROM PUBLIC, bc_monitor")
    made.caught_up("ams")
    wrong: Resource = replace(of(made), heartbeat=None)
    ends = [replace(one, port=made.servers["other"].port) if one.node == "fra" else one for one in wrong.endpoints[:2]]
    try:
        look = Watch(made, beats=False, resource=replace(wrong, endpoints=tuple(ends)))
        for _ in range(2):
            found = look.look()
            assert found.status is not Status.GREEN
            assert found.could_switch_over.answer in {Answer.UNKNOWN, Answer.NO}
            assert found.could_fail_over.answer in {Answer.UNKNOWN, Answer.NO}
            assert "FIGURES_MISSING" in names(found)
    finally:
        give(made, "pg_control_system()")
        made.servers.pop("other").stop("immediate")
