"""A real Patroni cluster: seen with the monitoring rights alone, and never moved from here (decision 24)."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace

import psycopg
import pytest

from bc_lib.connectors.postgresql.connector import PostgresConnector
from bc_lib.domain.assessment import Answer, Assessment
from bc_lib.domain.inventory import Resource
from bc_lib.domain.managers import Manager
from bc_lib.domain.memory import Memory
from bc_lib.domain.rules import assess
from bc_lib.runtime.folders import PROJECT
from tests.absences import require
from tests.fixtures.pgcluster import CANARY, DATABASE, GRANTS, FixedSecrets, resource


@dataclass(frozen=True)
class Patroni:
    """A running cluster: its servers' ports, the leader's first."""

    ports: tuple[int, int]
    password: str

    def sql(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """As a superuser at the leader."""
        with psycopg.connect(
            host="127.0.0.1",
            port=self.ports[0],
            user="postgres",
            password=self.password,
            dbname=database,
            autocommit=True,
        ) as connection:
            cursor = connection.execute(statement.encode())
            return list(cursor) if cursor.description else []

    def resource(self, **more: object) -> Resource:
        """As the inventory would have it."""
        made = resource(("fra", self.ports[0]), ("ams", self.ports[1]), heartbeat=False)
        return replace(made, **more)  # type: ignore[arg-type]

    def look(self, **more: object) -> Assessment:
        """One round of the monitor."""
        watched = self.resource(**more)

        async def seen() -> Assessment:
            connector = PostgresConnector(FixedSecrets(), timeout_s=5.0)
            try:
                return assess(watched, await connector.observe(watched, cold=True), Memory())[0]
            finally:
                await connector.close()

        return asyncio.run(seen())


@pytest.fixture(scope="module")
def patroni() -> Iterator[Patroni]:
    """Patroni and etcd, as the benchmark installs and starts them, with the monitor's account."""
    require("etcd", __file__)
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.fixtures.patroni_child"],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        told = json.loads(next(line for line in child.stdout if line.startswith("PATRONI "))[8:])
        assert "missing" not in told, told["missing"]
        made = Patroni(tuple(told["ports"]), told["password"])
        made.sql(f"CREATE DATABASE {DATABASE}")
        made.sql(GRANTS.read_text(encoding="utf-8"), DATABASE)
        made.sql(f"ALTER ROLE bc_monitor PASSWORD '{CANARY}'")
        yield made
    finally:
        child.stdin.close()
        child.wait(60)


def test_it_is_seen_with_the_monitoring_rights_and_both_verdicts_are_no(patroni: Patroni) -> None:
    found = patroni.look()
    told = {reason.code: reason.text for reason in found.reasons}
    assert "MANAGED_UNDECLARED" in told
    assert "orders-db is declared unmanaged and looks managed by Patroni" in told["MANAGED_UNDECLARED"]
    assert "set on its command line" in told["MANAGED_UNDECLARED"]
    assert "application Patroni" in told["MANAGED_UNDECLARED"]
    assert (found.could_switch_over.answer, found.could_fail_over.answer) == (Answer.NO, Answer.NO)


def test_declared_it_is_no_finding_and_still_not_moved_from_here(patroni: Patroni) -> None:
    found = patroni.look(manager=Manager.PATRONI)
    assert not {reason.code for reason in found.reasons} & {"MANAGED", "MANAGED_UNDECLARED"}
    assert (found.could_switch_over.answer, found.could_fail_over.answer) == (Answer.NO, Answer.NO)
    assert "managed by Patroni: move it through its manager" in "".join(
        each.text for each in found.could_switch_over.reasons
    )


def test_what_an_administrator_overruled_does_not_stand_against_a_move(patroni: Patroni) -> None:
    found = patroni.look(manager_overruled="Patroni was taken away, its options stayed")
    assert found.could_fail_over.answer in {Answer.YES, Answer.WITH_LOSS}
    assert "MANAGED_UNDECLARED" not in {reason.code for reason in found.reasons}
