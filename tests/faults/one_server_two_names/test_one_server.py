"""Two names that lead to one server are a fault of the inventory, said as that, watching and applying it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from bc_lib.connectors.postgresql.connector import PostgresConnector
from bc_lib.domain.assessment import Answer, Status
from bc_lib.domain.inventory import Environment, Inventory, Resource
from bc_lib.domain.observation import Observation
from bc_lib.ports.inventory import InvalidInventory, StoredInventory
from bc_lib.services.apply_inventory import check_world
from bc_lib.services.plan_inventory import InventoryPlan
from bc_lib.testing.builders import inventory
from tests.fixtures.pgcluster import Cluster, FixedSecrets, cluster, of
from tests.fixtures.tcpproxy import Proxy
from tests.fixtures.watching import Watch, forbidden, names


@pytest.fixture(scope="module")
def made() -> Iterator[Cluster]:
    with cluster(ams={}) as found:
        both = {"listen_addresses": "127.0.0.1,::1"}
        for server in found.servers.values():
            server.stop("fast")
            server.settings = {**server.settings, **both}
            for host in ("::1/128",):
                with (server.data / "pg_hba.conf").open("a") as file:
                    file.write(f"host all all {host} scram-sha-256\n")
            server.start()
        found.caught_up("ams")
        yield found


def at(made: Cluster, ams: tuple[str, int]) -> Resource:
    right = of(made)
    return replace(right, endpoints=(right.endpoints[0], replace(right.endpoints[1], host=ams[0], port=ams[1])))


@pytest.mark.parametrize("ams", ["::1", "127.0.0.1"])
def test_both_address_families(made: Cluster, ams: str) -> None:
    """Not two primaries whose data diverge, nobody moved anything; and it is over when the endpoint is right."""
    watch = Watch(made, resource=of(made))
    watch.until(lambda seen: seen.status is Status.GREEN)
    right, watch.resource = watch.resource, at(made, (ams, made.servers["fra"].port))
    for _ in range(2):
        found = watch.look()
        assert forbidden(found)
        assert "ONE_SERVER" in names(found)
        assert not {"TWO_PRIMARIES", "UNREQUESTED_MOVE"} & names(found)
        assert any("fra and ams are one server under two names" in reason.text for reason in found.reasons)
    watch.resource = right
    watch.until(lambda seen: seen.status is Status.GREEN)


def test_two_names_of_the_standby(made: Cluster) -> None:
    """Both endpoints at the DR server: none of them is a primary, and that is not the news."""
    right = of(made)
    wrong = replace(right.endpoints[0], port=made.servers["ams"].port)
    found = Watch(made, beats=False, resource=replace(right, endpoints=(wrong, right.endpoints[1]))).look()
    assert forbidden(found)
    assert "ONE_SERVER" in names(found)


async def test_a_forwarder(made: Cluster) -> None:
    async with Proxy(made.servers["fra"].port) as proxy:
        with pytest.raises(InvalidInventory) as refused:
            await asyncio.to_thread(checked, at(made, ("127.0.0.1", proxy.port)))
    (told,) = refused.value.errors
    assert "resource orders-db: fra and ams are one server under two names" in told


async def test_a_forwarder_is_seen_while_watching_too(made: Cluster) -> None:
    """Another port and another address than the server's own: neither tells, what the server says of itself does."""
    async with Proxy(made.servers["fra"].port) as proxy:
        found = await asyncio.to_thread(Watch(made, resource=at(made, ("127.0.0.1", proxy.port))).look)
    assert forbidden(found)
    assert "ONE_SERVER" in names(found)
    assert not {"TWO_PRIMARIES", "UNREQUESTED_MOVE"} & names(found)


def test_a_unix_socket_is_no_second_name(made: Cluster) -> None:
    """It leads to this very machine, whatever the inventory means: it is never connected to, and said as that."""
    found = Watch(made, resource=at(made, ("/var/run/postgresql", made.servers["fra"].port))).look()
    assert found.status is not Status.GREEN
    assert not {found.could_switch_over.answer, found.could_fail_over.answer} & {Answer.YES, Answer.WITH_LOSS}
    assert any("is neither a plain host name nor an IP address" in reason.text for reason in found.reasons)
    assert "TWO_PRIMARIES" not in names(found)


def test_applying_the_right_one_is_not_refused(made: Cluster) -> None:
    checked(of(made))


def test_a_node_that_does_not_answer_is_no_twin(made: Cluster) -> None:
    """Hidden identifiers or a dead node make nobody the same as anybody."""
    made.servers["ams"].stop("fast")
    try:
        checked(of(made))
    finally:
        made.servers["ams"].start()


def checked(wanted: Resource) -> None:
    """As `bcctl inventory apply` does it, with a look by the monitor's own connector. Raises InvalidInventory."""

    def look(resources: Sequence[Resource]) -> Sequence[Observation]:
        async def every() -> list[Observation]:
            connector = PostgresConnector(FixedSecrets(), timeout_s=3.0)
            try:
                return [await connector.observe(one, cold=True) for one in resources]
            finally:
                await connector.close()

        return asyncio.run(every())

    stored = StoredInventory(revision=1, inventory=Inventory())
    plan = InventoryPlan(
        stored=stored,
        wanted=inventory(replace(wanted, environment=Environment.DEMO)),
        changes=(),
    )
    secrets = FixedSecrets()
    check_world(plan, secrets, lambda *_: None, allow_unreachable=True, allow_unresolved=True, look=look)
