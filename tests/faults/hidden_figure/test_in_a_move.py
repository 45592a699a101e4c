"""What the execution account may not read is said as that, with the cure, and never taken as "there is none"."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bc_lib.connectors.postgresql.execution import moving
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.findings import Finding, Severity
from bc_lib.domain.requests.states import RequestType
from bc_lib.ports.mechanism import StepFailed
from tests.fixtures.execpair import Driver, Pair, pair
from tests.fixtures.hostpair import GRANTS


@pytest.fixture
def made() -> Iterator[Pair]:
    with pair() as found:
        yield found


def checked(made: Pair, kind: RequestType = RequestType.SWITCHOVER) -> dict[str, Finding]:
    driver = Driver(made, kind=kind)
    return {one.check: one for one in driver.mechanism.prechecks(driver.work(Action.CHECK))}


def changed(made: Pair, statement: str) -> None:
    made.sql("fra", statement)
    made.cluster.caught_up("ams")


def test_a_catalog_that_may_not_be_read_is_named_with_its_cure(made: Pair) -> None:
    """Who answers "permission denied" is not out of reach: nobody restores it, and no failover expects it."""
    changed(made, "REVOKE SELECT ON pg_catalog.pg_roles FROM PUBLIC")
    found = checked(made)
    for check in ("target-reachable", "primary-reachable"):
        assert found[check].severity is Severity.BLOCK
        assert "was not seen: Our account lacks a right at 127.0.0.1:" in found[check].sentence
        assert "permission denied for view pg_roles." in found[check].sentence
        assert "sql/grants/postgresql_execution.sql" in found[check].sentence
        assert "Restore" not in found[check].hint
    lost = checked(made, RequestType.FAILOVER)["primary-reachable"]
    assert "as a failover expects" not in lost.sentence
    assert "permission denied for view pg_roles." in lost.sentence
    changed(made, GRANTS.read_text(encoding="utf-8"))
    cured = checked(made)
    assert {cured[check].severity for check in ("target-reachable", "primary-reachable")} == {Severity.OK}


def test_a_receiver_that_may_not_be_read_is_no_proof_that_nobody_sends(made: Pair) -> None:
    """Whoever receives from a server that is hidden from us would be promoted beside it."""
    hidden = "Whether anybody sends to ams may not be read there; grant pg_monitor"
    driver = Driver(made)
    with driver.mechanism._ground(driver.work(Action.MOVE)) as ground:
        found = moving.ready(ground)
        changed(
            made,
            "REVOKE pg_monitor FROM bc_execution; GRANT pg_read_all_settings TO bc_execution; "
            "GRANT EXECUTE ON FUNCTION pg_ls_waldir() TO bc_execution",
        )
        with pytest.raises(Trouble, match=hidden):
            moving.no_sender_left(found, at_marker=False)
        with pytest.raises(StepFailed, match=f"ams was not touched: {hidden}"):
            moving.ready(ground)
    assert hidden in checked(made)["fed-by-primary"].sentence
    assert made.sql("ams", "SELECT pg_is_in_recovery()") == [(True,)]
    assert made.hosts.effects == []
