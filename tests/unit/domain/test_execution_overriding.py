"""Checks that are never overridden (FR-033, FR-036, F15): one table, the same for start, service, page and inventory."""

from __future__ import annotations

from pathlib import Path

import pytest

from bc_lib.domain.execution.findings import Finding, Severity, blocking
from bc_lib.domain.execution.overriding import NEVER, may_override
from bc_lib.domain.execution_rules import execution_troubles
from bc_lib.domain.inventory import Execution, Inventory
from bc_lib.testing.builders import inventory, resource

PROJECT = Path(__file__).resolve().parents[3]
BY_POLICY = ("lag", "second-signal", "clients-write", "target-streams", "not-delayed", "standby-ams-2", "heartbeat")


def allowing(*checks: str) -> Inventory:
    """orders-db lists these."""
    acts = Execution(secret="env:BC_TEST_EXECUTION", client_secret="env:BC_TEST_CLIENT", allow_overrides=checks)
    return inventory(resource("orders-db", execution=acts), resource("reports-db"))


@pytest.mark.parametrize("severity", [Severity.BLOCK, Severity.UNKNOWN])
@pytest.mark.parametrize(
    ("check", "may"), [*((one, False) for one in sorted(NEVER)), *((one, True) for one in BY_POLICY)]
)
def test_table(check: str, may: bool, severity: Severity) -> None:
    """Although the resource lists every one, and although somebody stored that they answer for it."""
    known, value = allowing(*NEVER, *BY_POLICY), f"orders-db/{check}"
    assert may_override(known, value) is may
    found = Finding(check=check, resource="orders-db", severity=severity, sentence="No.")
    assert (blocking([found], {value}) == ()) is may
    troubles = [said for field, said in execution_troubles(known.resources[0]) if "allow_overrides" in field]
    assert (f"{check} can never be overridden; take it off the list" in troubles) is not may


@pytest.mark.parametrize(
    "value", ["orders-db/lag", "reports-db/lag", "x-db/lag", "orders-db", "orders-db/", "/lag", ""]
)
def test_nothing_is_overridden_that_nobody_listed(value: str) -> None:
    assert not may_override(allowing(), value)


def test_the_names_are_those_of_the_checks() -> None:
    """A check that is renamed must not slip through under its new name."""
    folders = ("bc_lib/connectors/postgresql/execution", "bc_lib/services/execution")
    text = "".join(each.read_text() for folder in folders for each in sorted((PROJECT / folder).glob("*.py")))
    assert [name for name in sorted(NEVER) if f'"{name}"' not in text] == []
