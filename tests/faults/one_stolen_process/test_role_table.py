"""The table of rights is what the database says, and each right has an answer to: what may this role do here alone?"""

from __future__ import annotations

from pathlib import Path

from bc_lib.store.role_table import notes, page, rights
from tests.fixtures.database import Database

PAGE = Path(__file__).parents[3] / "docs" / "roles.md"
UNGUARDED = {
    "bc.airflow_report",
    "bc.current_status",
    "bc.dispatch",
    "bc.observation",
    "bc.refused_attempt",
    "bc.signed_out",
    "bc.status_change",
    "bc.trend_hour",
    "bc.trend_minute",
}
"""Tables that a login role writes without a guard: each note says what comes of it."""


def test_the_page_is_what_the_database_says(database: Database) -> None:
    with database.engine("postgres").connect() as connection:
        found = rights(connection)
    said, there = set(notes()), {(one.role, one.object) for one in found}
    assert (there - said, said - there) == (set(), set())
    assert PAGE.read_text(encoding="utf-8") == page(found), "run bcctl db roles"


def test_what_is_written_is_guarded(database: Database) -> None:
    """A new table that a login role may write, without a guard that always fires, has to be named here first."""
    with database.engine("postgres").connect() as connection:
        found = rights(connection)
    tables = [one for one in found if not one.object.endswith("()")]
    assert len(tables) > 40
    assert {one.object for one in tables if not one.guards} <= UNGUARDED | INVENTORY


INVENTORY = {"bc.inventory_revision", "bc.channel", "bc.dependency", "bc.route", "bc.route_channel", "bc.site", "bc.person", "bc.identity",
             "bc.role_assignment", "bc.vote_key"}  # fmt: skip


def test_nobody_else_has_a_right(database: Database) -> None:
    """PUBLIC, and roles that are not of ours, have none."""
    with database.engine("postgres").connect() as connection:
        roles = {one.role for one in rights(connection)}
    assert roles == {"bc_keeper", "bc_poller", "bc_reader", "bc_runner", "bc_sign_on", "bc_signer", "bc_ui"}
