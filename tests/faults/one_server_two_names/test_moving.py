"""The checks of a move say two names of one server as the watch does, never as two servers that take writes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.findings import Finding, Severity
from bc_lib.domain.execution.overriding import never
from bc_lib.domain.requests.states import RequestType
from tests.fixtures.execpair import Driver, Pair, pair

SAME = "fra and ams are one server under two names"


@pytest.fixture(scope="module")
def made() -> Iterator[Pair]:
    with pair() as found:
        yield found


def driver(made: Pair, kind: RequestType = RequestType.SWITCHOVER, **nodes: str) -> Driver:
    """Asks through an inventory whose `nodes` lead to the server of another one."""
    found = Driver(made, kind=kind)
    ends = tuple(
        replace(end, port=made.cluster.servers[nodes.get(end.node, end.node)].port) for end in found.resource.endpoints
    )
    found.resource = replace(found.resource, endpoints=ends)
    return found


def by_check(findings: tuple[Finding, ...]) -> dict[str, Finding]:
    return {finding.check: finding for finding in findings}


@pytest.mark.parametrize("kind", [RequestType.SWITCHOVER, RequestType.FAILOVER])
@pytest.mark.parametrize(("name", "leads_to"), [("ams", "fra"), ("fra", "ams")])
def test_the_check_names_the_fault_of_the_inventory(made: Pair, kind: RequestType, name: str, leads_to: str) -> None:
    asked = driver(made, kind, **{name: leads_to})
    found = by_check(tuple(asked.mechanism.prechecks(asked.work(Action.CHECK))))
    assert found["one-server"].severity is Severity.BLOCK
    assert found["one-server"].sentence.startswith(SAME)
    assert never("one-server")
    assert not {"one-primary", "same-cluster"} & set(found)
    assert "take writes" not in " ".join(one.sentence for one in found.values() if one.check.startswith("one-"))


def test_the_check_after_the_move_says_it_too(made: Pair) -> None:
    asked = driver(made, ams="fra")
    found = by_check(tuple(asked.mechanism.verify(asked.work(Action.POSTCHECK), {})))
    assert found["one-server"].sentence.startswith(SAME)
    assert found["one-primary"].severity is Severity.UNKNOWN


def test_a_right_inventory_has_no_such_finding(made: Pair) -> None:
    asked = driver(made)
    found = by_check(tuple(asked.mechanism.prechecks(asked.work(Action.CHECK))))
    assert "one-server" not in found
    assert found["one-primary"].severity is Severity.OK


def test_two_real_primaries_stay_two_beside_a_twin(made: Pair) -> None:
    """A third name of the first one is not a third primary, and hides the second one from nobody."""
    made.sql("ams", "SELECT pg_promote()")
    made.hosts.away.add("fra-vip")  # a name, not a host
    asked = driver(made)
    extra = replace(asked.resource.endpoints[0], node="fra-vip")
    asked.resource = replace(asked.resource, endpoints=(*asked.resource.endpoints, extra))
    found = by_check(tuple(asked.mechanism.prechecks(asked.work(Action.CHECK))))
    assert "fra and fra-vip are one server under two names" in found["one-server"].sentence
    assert (found["one-primary"].severity, found["one-primary"].figure) == (Severity.BLOCK, "2 primaries")
