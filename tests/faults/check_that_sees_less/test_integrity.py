"""A check that sees less than it compares says so: 0 and 0 rows behind a policy agree about nothing (FR-037)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.findings import Finding, Severity
from bc_lib.domain.inventory import CheckKind, IntegrityCheck
from tests.fixtures.execpair import Driver, Pair, pair
from tests.fixtures.pgcluster import SUPERUSER

TABLES = """
CREATE TABLE public.ledger (id int PRIMARY KEY, owner name NOT NULL);
INSERT INTO public.ledger SELECT n, 'somebody' FROM generate_series(1, 500) n;
CREATE VIEW public.mine WITH (security_barrier) AS SELECT * FROM public.ledger WHERE owner = CURRENT_USER;
ALTER TABLE public.ledger ENABLE ROW LEVEL SECURITY;
CREATE POLICY nothing ON public.ledger TO bc_execution USING (false);
CREATE TABLE public.plain (id int PRIMARY KEY, word text, hidden text);
INSERT INTO public.plain SELECT n, 'w' || n, 'h' FROM generate_series(1, 40) n;
CREATE TABLE public.parts (id int NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE public.parts_1 PARTITION OF public.parts FOR VALUES FROM (0) TO (100);
CREATE TABLE public.parts_2 PARTITION OF public.parts FOR VALUES FROM (100) TO (200);
INSERT INTO public.parts SELECT generate_series(50, 149);
ALTER TABLE public.parts_2 ENABLE ROW LEVEL SECURITY;
CREATE POLICY nothing ON public.parts_2 TO bc_execution USING (false);
CREATE TABLE public.below () INHERITS (public.plain);
CREATE TABLE public.guarded (id int);
INSERT INTO public.guarded SELECT generate_series(1, 9);
ALTER TABLE public.guarded ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.guarded FORCE ROW LEVEL SECURITY;
ALTER TABLE public.guarded OWNER TO bc_execution;
CREATE POLICY half ON public.guarded USING (id < 5);
CREATE EXTENSION postgres_fdw;
CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '{port}', dbname 'orders');
CREATE USER MAPPING FOR bc_execution SERVER far OPTIONS (user 'postgres', password '{password}');
CREATE TABLE public.spread (id int NOT NULL) PARTITION BY RANGE (id);
CREATE FOREIGN TABLE public.spread_1 PARTITION OF public.spread FOR VALUES FROM (0) TO (100)
  SERVER far OPTIONS (table_name 'guarded');
CREATE SCHEMA elsewhere;
CREATE TABLE elsewhere.plain (id int);
GRANT USAGE ON SCHEMA elsewhere TO bc_execution;
GRANT SELECT ON public.ledger, public.mine, public.parts, public.spread, elsewhere.plain, public.plain, public.below
  TO bc_execution;
"""


@pytest.fixture(scope="module")
def moved() -> Iterator[Pair]:
    """A pair with every kind of table that shows less than there is, looked at from fra to ams."""
    with pair() as made:
        made.sql("fra", TABLES.format(port=made.cluster.servers["fra"].port, password=SUPERUSER))
        made.cluster.caught_up("ams")
        yield made


def judged(made: Pair, *checks: IntegrityCheck) -> dict[str, Finding]:
    """POSTCHECK's findings about these checks; fra is the primary."""
    driver = Driver(made, to="fra")
    driver.resource = made.resource(integrity=checks)
    found = driver.mechanism.verify(driver.work(Action.POSTCHECK), {})
    return {one.check.removeprefix("integrity-"): one for one in found if one.check.startswith("integrity-")}


def table(name: str, kind: CheckKind = CheckKind.ROW_COUNT) -> IntegrityCheck:
    return IntegrityCheck(name=f"{name.split('.')[1]}-{kind.value}", kind=kind, table=name)


def query(name: str, text: str) -> IntegrityCheck:
    return IntegrityCheck(name=name, kind=CheckKind.QUERY, query=text)


HIDES = (
    table("public.ledger"),
    table("public.ledger", CheckKind.CHECKSUM),
    query("ledger-query", "SELECT count(*) FROM public.ledger"),
    query("ledger-in-a-part", "SELECT count(*) FROM public.plain p LEFT JOIN public.ledger l USING (id)"),
    table("public.mine"),
    table("public.guarded"),
    table("public.spread"),
)
SHOWS = (
    (table("public.plain"), "40"),
    (table("public.plain", CheckKind.CHECKSUM), "40:"),
    (table("public.parts"), "100"),  # a policy below a parent does not filter what is read through the parent
    (query("plain-query", "SELECT count(*) FROM plain"), "40"),
)


def test_what_is_hidden_could_not_be_compared(moved: Pair) -> None:
    found = judged(moved, *HIDES)
    assert len(found) == len(HIDES)
    for name, one in found.items():
        assert one.severity is Severity.WARN, (name, one)
        assert "could not be made" in one.sentence, (name, one)
        assert "agree" not in one.sentence
        assert "BYPASSRLS" in one.hint
    assert "row-level security" in found["ledger-row-count"].sentence
    assert "foreign table" in found["spread-row-count"].sentence
    assert "a view" in found["mine-row-count"].sentence


def test_what_is_whole_is_compared(moved: Pair) -> None:
    found = judged(moved, *(check for check, _ in SHOWS))
    for check, figure in SHOWS:
        assert found[check.name].severity is Severity.OK, found[check.name]
        assert found[check.name].figure.startswith(figure)


def test_with_the_right_to_see_everything_it_is_compared(moved: Pair) -> None:
    moved.sql("fra", "ALTER ROLE bc_execution BYPASSRLS")
    try:
        found = judged(moved, table("public.ledger"))["ledger-row-count"]
        assert (found.severity, found.figure.startswith("500 at the primary, 500")) == (Severity.OK, True)
    finally:
        moved.sql("fra", "ALTER ROLE bc_execution NOBYPASSRLS")


def test_a_right_to_some_columns_makes_no_checksum(moved: Pair) -> None:
    moved.sql(
        "fra", "REVOKE SELECT ON public.plain FROM bc_execution; GRANT SELECT (id) ON public.plain TO bc_execution"
    )
    try:
        found = judged(moved, table("public.plain", CheckKind.CHECKSUM))["plain-checksum"]
        assert (found.severity, "could not be made" in found.sentence) == (Severity.WARN, True)
    finally:
        moved.sql(
            "fra", "REVOKE SELECT (id) ON public.plain FROM bc_execution; GRANT SELECT ON public.plain TO bc_execution"
        )


def test_a_query_that_means_another_table_at_the_standby_is_not_compared(moved: Pair) -> None:
    """search_path is a server's own setting: the standby would count another schema's table of that name."""
    moved.sql("ams", "ALTER SYSTEM SET search_path = elsewhere, public")
    moved.sql("ams", "SELECT pg_reload_conf()")
    try:
        found = judged(moved, query("path", "SELECT count(*) FROM plain"))["path"]
        assert (found.severity, "looked up" in found.sentence) == (Severity.WARN, True), found
    finally:
        moved.sql("ams", "ALTER SYSTEM RESET search_path")
        moved.sql("ams", "SELECT pg_reload_conf()")


def test_a_servers_own_format_is_no_difference(moved: Pair) -> None:
    """The same rows, printed by another DateStyle, do not differ."""
    moved.sql(
        "fra",
        "CREATE TABLE public.dated AS SELECT date '2026-11-29' AS at; GRANT SELECT ON public.dated TO bc_execution",
    )
    moved.sql("ams", "ALTER SYSTEM SET datestyle = 'German'")
    moved.sql("ams", "SELECT pg_reload_conf()")
    try:
        found = judged(moved, table("public.dated", CheckKind.CHECKSUM))["dated-checksum"]
        assert found.severity is Severity.OK, found
    finally:
        moved.sql("ams", "ALTER SYSTEM RESET datestyle")
        moved.sql("ams", "SELECT pg_reload_conf()")
