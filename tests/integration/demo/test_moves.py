"""The estate under orders: both directions, a real failover, restarts, and never a second primary (F15, decision 15)."""

from __future__ import annotations

import json
import stat
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import yaml

from bc_lib.integrations.host_control.agent import AgentHosts
from bc_lib.integrations.inventory_file.reader import read_file
from bc_lib.ports.host_control import Done, HostVerb, Order
from bc_lib.ports.secrets import Credential
from tests.fixtures.pgcluster import FixedSecrets

Eventually = Callable[..., None]


def execution(demo: Any) -> dict[str, str]:
    lines = (demo.home / "execution.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def tell(demo: Any, name: str, site: str, verb: HostVerb, run: str, step: str = "s") -> Done:
    """An order by the effective estate file and the execution environment, as the runner would send it."""
    resource = read_file(demo.home / "estate.yaml").resource_map()[name]
    user, token = execution(demo)["BC_DEMO_HOST"].split(":", 1)
    agent = AgentHosts(resource, FixedSecrets({"env:BC_DEMO_HOST": Credential(user, token)}))
    peer = next(end for end in resource.endpoints if end.site != site)
    until = datetime.now(UTC) + timedelta(seconds=60)
    order = Order(
        node=site,
        verb=verb,
        resource=name,
        run=run,
        step=step,
        epoch=1,
        deadline=until,
        peer_host=peer.host,
        peer_port=peer.port,
    )
    try:
        return agent.carry_out(order)
    finally:
        agent.close()


def runs(demo: Any, name: str, site: str, query: str) -> Any:
    """One value, by the execution account through the proxy."""
    end = demo.endpoint(name, site)
    user, password = execution(demo)["BC_DEMO_EXECUTION"].split(":", 1)
    with psycopg.connect(
        host=end["host"], port=end["port"], dbname=end["database"], user=user, password=password, autocommit=True
    ) as connection:
        cursor = connection.execute(query.encode())
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def move(demo: Any, eventually: Eventually, name: str, old: str, new: str, run: str) -> None:
    """A switchover by hand: stop, catch up, promote, slots, start as standby."""
    marker = tell(demo, name, old, HostVerb.STOP, run).state.checkpoint_lsn
    eventually(lambda: runs(demo, name, new, f"SELECT pg_last_wal_replay_lsn() > '{marker}'"), "caught up")
    runs(demo, name, new, "SELECT pg_promote()")
    rejoin(demo, eventually, name, old, new, run)
    runs(demo, name, old, f"SELECT pg_drop_replication_slot('{new}')")


def rejoin(demo: Any, eventually: Eventually, name: str, old: str, new: str, run: str) -> None:
    runs(demo, name, new, f"SELECT pg_create_physical_replication_slot('{old}', true)")
    tell(demo, name, old, HostVerb.START_AS_STANDBY, run)
    status = "SELECT status FROM pg_stat_wal_receiver"
    eventually(lambda: demo.ask(name, old, status) == "streaming", f"{old} streams", 15)


def roles(demo: Any, name: str) -> dict[str, str]:
    return {node["site"]: f"{node['role']} {node['running']}" for node in demo.report(name)["nodes"]}


def shop(demo: Any, site: str) -> tuple[str, str]:
    with urllib.request.urlopen(demo.endpoint("shop-web", site)["url"], timeout=5) as answer:
        body = json.load(answer)
    return body["role"], body["database"]


def writes_go_on(demo: Any, eventually: Eventually, name: str) -> None:
    before = demo.report(name)
    eventually(lambda: demo.report(name)["rows_written"] > before["rows_written"] + 5, "load", 10)
    eventually(lambda: demo.report(name)["beats"] > before["beats"] + 1, "heartbeat", 10)


def test_secrets_of_acting_stand_apart(demo: Any) -> None:
    """S8: another file than the monitor's, private; nothing of it in demo.env or the estate file."""
    path = demo.home / "execution.env"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert set(execution(demo)) == {"BC_DEMO_EXECUTION", "BC_DEMO_CLIENT", "BC_DEMO_HOST"}
    assert not set(execution(demo)) & set(demo.environment())
    document = yaml.safe_load((demo.home / "estate.yaml").read_text())
    assert document["resources"][0]["execution"]["host_secret"] == "env:BC_DEMO_HOST"


def test_everything_follows_there_and_back(demo: Any, eventually: Eventually) -> None:
    """Decision 5: load, heartbeat, application and roles follow, over a restart of the agent too; nothing is a fault."""
    move(demo, eventually, "orders-db", "fra", "ams", "r-1")
    assert roles(demo, "orders-db") == {"fra": "standby True", "ams": "primary True"}
    writes_go_on(demo, eventually, "orders-db")
    eventually(lambda: shop(demo, "ams") == ("active", "ok") and shop(demo, "fra") == ("standby", "ok"), "shop follows")
    demo.end()
    demo.start()
    assert roles(demo, "orders-db") == {"fra": "standby True", "ams": "primary True"}
    writes_go_on(demo, eventually, "orders-db")
    for mode in ("replica-paused", "dr-down", "primary-down"):
        demo.do_break("orders-db", mode)
        demo.heal("orders-db")
    assert roles(demo, "orders-db") == {"fra": "standby True", "ams": "primary True"}
    move(demo, eventually, "orders-db", "ams", "fra", "r-2")
    assert roles(demo, "orders-db") == {"fra": "primary True", "ams": "standby True"}
    writes_go_on(demo, eventually, "orders-db")
    effects = {node["site"]: node["effects"] for node in demo.report("orders-db")["nodes"]}
    assert effects == {site: {"start-as-standby": 1, "stop": 1} for site in ("fra", "ams")}
    slots = "SELECT string_agg(slot_name, ',') FROM pg_replication_slots"
    assert (demo.ask("orders-db", "fra", slots), demo.ask("orders-db", "ams", slots)) == ("ams", None)


def test_a_failover_leaves_one_primary_until_the_rejoin(demo: Any, eventually: Eventually) -> None:
    """F15: neither healing nor a restart brings the replaced primary back; the rejoin does."""
    demo.do_break("billing-db", "primary-down")
    runs(demo, "billing-db", "ams", "SELECT pg_promote()")
    writes_go_on(demo, eventually, "billing-db")
    status, answer = demo.call("POST", "/heal", {"name": "billing-db"})
    assert (status, "second primary" in answer["error"]) == (422, True)
    demo.end()
    demo.start()
    assert roles(demo, "billing-db") == {"fra": "primary False", "ams": "primary True"}
    assert demo.report("billing-db")["primary"] == "billing-db-ams"
    tell(demo, "billing-db", "fra", HostVerb.STOP, "r-3")
    status, answer = demo.call("POST", "/heal", {"name": "billing-db"})
    assert (status, "run r-3 stopped it and owns it" in answer["error"]) == (422, True)
    copied = tell(demo, "billing-db", "fra", HostVerb.PRESERVE, "r-3")
    assert copied.state.preserved == ("billing-db-fra.diverged-r-3",)
    runs(demo, "billing-db", "ams", "CHECKPOINT")
    tell(demo, "billing-db", "fra", HostVerb.REWIND, "r-3")
    rejoin(demo, eventually, "billing-db", "fra", "ams", "r-3")
    assert "is back" in demo.heal("billing-db")
    assert roles(demo, "billing-db") == {"fra": "standby True", "ams": "primary True"}


def test_what_a_run_stopped_stays_stopped_over_a_killed_agent(demo: Any, eventually: Eventually) -> None:
    """F11: the agent dies in the middle of a move; the next one keeps the server stopped and knows the order."""
    tell(demo, "reports-db", "ams", HostVerb.STOP, "r-4")
    demo.end(9)
    demo.start()
    assert roles(demo, "reports-db") == {"fra": "primary True", "ams": "standby False"}
    assert tell(demo, "reports-db", "ams", HostVerb.STOP, "r-4").again
    status, _ = demo.call("POST", "/heal", {"name": "reports-db"})
    assert status == 422
    tell(demo, "reports-db", "ams", HostVerb.START_AS_STANDBY, "r-4")
    query = "SELECT status FROM pg_stat_wal_receiver"
    eventually(lambda: demo.ask("reports-db", "ams", query) == "streaming", "late, and receiving", 10)
    demo.heal("reports-db")
