"""W steers what is watched: with the password of bc_ui alone, past every page (FR-040, S2)."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bc_lib.domain.assessment import Status
from bc_lib.domain.changes.proposal import TopicName
from bc_lib.domain.freshness import effective_status
from bc_lib.runtime.folders import PROJECT
from bc_lib.store.inventory import InventoryRepository
from tests.fixtures.requests import World, estate

SILENT = {
    "interval": "UPDATE bc.resource SET interval_s = 600 WHERE name = 'reports-db'",
    "alert delay": "UPDATE bc.resource SET alert_after_s = 3600 WHERE name = 'reports-db'",
    "targets": "UPDATE bc.resource SET rpo_s = 86400, lag_warn_s = NULL WHERE name = 'reports-db'",
    "owner": "UPDATE bc.resource SET owner = 'Nobody' WHERE name = 'reports-db'",
    "a resource gone": "DELETE FROM bc.resource WHERE name = 'reports-db'",
    "a site's title": "UPDATE bc.site SET title = 'Elsewhere'",
    "a new site": "INSERT INTO bc.site (name, title, position) VALUES ('xyz', 'X', 9)",
    "endpoints": "UPDATE bc.endpoint SET host = '127.0.0.9' WHERE resource = 'reports-db'",
    "a group": "UPDATE bc.resource_group SET rpo_s = 86400",
    "a member": "DELETE FROM bc.group_member WHERE resource = 'billing-db'",
    "an order": "DELETE FROM bc.group_order",
    "a dependency": "INSERT INTO bc.dependency (resource, position, on_resource) VALUES ('reports-db', 0, 'orders-db')",
    "security's address": "UPDATE bc.channel SET url = 'mailto://x.example' WHERE name = 'security-1'",
    "a channel": "DELETE FROM bc.channel WHERE name = 'ops-mail'",
    "a route": "UPDATE bc.route SET tiers = '{2}'",
    "all routes": "DELETE FROM bc.route",
    "a route's channels": "DELETE FROM bc.route_channel",
    "the revision alone": "UPDATE bc.inventory_revision SET revision = revision + 1",
}
TOLD = """
INSERT INTO bc.inventory_change (revision, actor, summary, before, after)
SELECT revision, 'Ada', 'tier 2', {before}, {after} FROM bc.inventory_revision
"""
NEXT = "UPDATE bc.inventory_revision SET revision = revision + 1"
LIE = {"before": "'{}'", "after": """'{"resources": [{"name": "orders-db", "tier": 2}]}'"""}


def together(world: World, *statements: str) -> None:
    """As bc_ui, in one transaction."""
    with world.database.engine("bc_ui").begin() as connection:
        for statement in statements:
            connection.execute(text(statement.replace(":", r"\:")))


def content(world: World) -> object:
    """What the tables hold, and the revision."""
    return world.database.sql("postgres", "SELECT bc.inventory_content(), revision FROM bc.inventory_revision")


@pytest.mark.parametrize("what", SILENT)
def test_no_change_is_silent(world: World, what: str) -> None:
    """Without its revision and change row: refused at the end of the transaction, whatever table."""
    before = content(world)
    with pytest.raises(DBAPIError, match="with its next revision and a change row only"):
        together(world, SILENT[what])
    for late in ("SET CONSTRAINTS ALL IMMEDIATE", "SET session_replication_role = replica", "SET ROLE bc_runner"):
        with pytest.raises(DBAPIError, match="change row only|permission denied"):
            together(world, late, SILENT[what])
    assert content(world) == before


def test_the_revision_cannot_be_driven_to_its_end(world: World) -> None:
    for wrong in ("9223372036854775807", "revision + 2", "revision - 1", "revision"):
        with pytest.raises(DBAPIError, match="grows by one"):
            together(world, f"UPDATE bc.inventory_revision SET revision = {wrong}")


def test_a_revision_that_nobody_knows_is_a_sentence(world: World, commands: Any, tmp_path: Path) -> None:
    """Left behind from before the guard: the next proposal says what is wrong, and makes nothing."""
    for statement in (
        "ALTER TABLE bc.inventory_revision DISABLE TRIGGER guard_revision",
        "UPDATE bc.inventory_revision SET revision = 9223372036854775807",
    ):
        world.database.sql("postgres", statement)
    file = tmp_path / "estate.yaml"
    file.write_text((PROJECT / "demo" / "estate.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    code, said, _ = commands(
        "inventory", "propose", str(file), "--allow-unreachable", "--allow-unresolved", "--as", "ada"
    )
    assert code == 1
    assert "The inventory of revision 9223372036854775807 is not known any more" in said
    assert world.database.sql("bc_reader", "SELECT FROM bc.change_proposal") == []


def test_no_change_row_for_what_never_happened(world: World) -> None:
    with pytest.raises(DBAPIError, match="has not happened to its tables"):
        together(world, NEXT, TOLD.format(**LIE))
    with pytest.raises(DBAPIError, match="of its own revision"):
        together(world, "INSERT INTO bc.inventory_change (revision, actor, summary, before, after) "
                 "VALUES (77, 'Ada', 'x', '{}', '{}')")  # fmt: skip
    with pytest.raises(DBAPIError, match="permission denied"):
        together(world, NEXT, TOLD.format(**LIE).replace("after)", "after, rows)").replace("FROM", ", '{}' FROM"))


def test_nothing_changes_after_its_change_row(world: World) -> None:
    """First what is told, then more: refused, also where the constraints were asked for early."""
    rows = (SILENT["owner"], NEXT, TOLD.format(**LIE))
    for later in (SILENT["interval"], SILENT["security's address"], SILENT["all routes"], NEXT):
        with pytest.raises(DBAPIError, match="comes last"):
            together(world, *rows, "SET CONSTRAINTS ALL IMMEDIATE", later)


def test_a_lying_change_row_is_seen_through(world: World) -> None:
    """It says tier 2 and changes security's address: the audit has the rows, proposals start from what is true."""
    together(world, SILENT["security's address"], NEXT, TOLD.format(**LIE))
    ((said,),) = world.database.sql(
        "bc_reader",
        "SELECT body::jsonb->'payload'->'rows' FROM bc_audit.record WHERE body::jsonb->>'verb' = 'inventory.change' "
        "ORDER BY seq DESC LIMIT 1",
    )
    assert isinstance(said, dict)
    assert list(said) == ["channel"]
    assert [row["url"] for row in said["channel"]["new"]] == ["mailto://x.example"]
    assert [row["name"] for row in said["channel"]["gone"]] == ["security-1"]
    changes = world.gate.store.read.changes
    repository = InventoryRepository(world.database.engine("bc_reader"))
    assert changes.inventory_at(changes.revision()) == repository.load().inventory
    assert changes.list(TopicName.INVENTORY) == []


FIGURES = {
    "interval_s": (0.5, 901, 1e5),
    "alert_after_s": (86401, 1e12),
    "heartbeat_interval_s": (86401,),
    "rpo_s": (31536001, 1e9),
    "rto_s": (31536001,),
    "lag_warn_s": (31536001,),
    "lag_critical_s": (1e9,),
    "latency_warn_s": (1e9,),
    "long_transaction_warn_s": (1e9,),
    "retained_wal_warn_bytes": (2**60,),
}
CASES = [(column, figure) for column, figures in FIGURES.items() for figure in figures]


@pytest.mark.parametrize(("column", "figure"), CASES)
def test_figures_have_bounds(world: World, column: str, figure: float) -> None:
    with pytest.raises(DBAPIError, match="sensible_"):
        together(world, f"UPDATE bc.resource SET {column} = {figure} WHERE name = 'reports-db'")


@pytest.mark.parametrize("interval", [1e5, 1e300, math.inf])
def test_a_light_ages_whatever_its_row_says(interval: float) -> None:
    """Should the bound be away: 906 s after the last look nothing is green."""
    seen = datetime(2026, 1, 1, tzinfo=UTC)
    assert effective_status(Status.GREEN, seen, seen + timedelta(seconds=904), interval) is Status.GREEN
    assert effective_status(Status.GREEN, seen, seen + timedelta(seconds=906), interval) is Status.STALE


def test_an_administrators_change_stands(world: World) -> None:
    """The same by the repository: stored, with the rows that differ in its audit record."""
    world.apply(channels=estate().channels[:2])
    ((rows,),) = world.database.sql(
        "bc_reader", "SELECT differs FROM bc.inventory_change ORDER BY revision DESC LIMIT 1"
    )
    assert isinstance(rows, dict)
    assert [row["name"] for row in rows["channel"]["gone"]] == ["security-2"]
