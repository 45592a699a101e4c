"""The outbox: once written, delivered at least once, and never to production's pager from elsewhere (decision 12)."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy.exc import DBAPIError

from bc_lib.domain.inventory import Channel, ChannelKind, Environment
from bc_lib.ports.notices import Notification, NotificationPriority
from bc_lib.store.inventory import InventoryRepository
from bc_lib.store.leases import Leases
from bc_lib.store.monitoring import MonitoringStore
from bc_lib.store.outbox import Outbox
from bc_lib.store.reading import StatusReader
from bc_lib.testing.builders import administrator, inventory, notice, resource, round_of
from tests.fixtures.database import Database

PAGER = Channel(name="duty-pager", kind=ChannelKind.PAGER, url="env:BC_TEST_PAGER", production=True)
MAIL = Channel(name="ops-mail", kind=ChannelKind.MAIL, url="env:BC_TEST_MAIL")
ESTATE = inventory(
    resource("orders-db", environment=Environment.PROD),
    resource("lab-db", environment=Environment.TEST),
    channels=(PAGER, MAIL),
    routes=(),
)
RAW = (
    "INSERT INTO bc.outbox (channel, dedup_key, resource, environment, production, notification) "
    "VALUES (:channel, :key, :resource, :environment, :production, '{}')"
)

BODY = '{"subject": "s", "body": "b", "body_html": "", "priority": "high", "alert_name": "a", "idempotency_id": "i"}'


@pytest.fixture
def estate(inventories: InventoryRepository) -> InventoryRepository:
    """One production and one test resource, a production pager and a mail channel."""
    inventories.replace(ESTATE, expected_revision=0, actor=administrator("test"), summary="first")
    return inventories


@pytest.fixture
def outbox(database: Database) -> Outbox:
    return Outbox(database.engine("bc_keeper"))


def _put(
    database: Database,
    channel: str,
    resource_name: str | None,
    environment: str,
    role: str = "bc_poller",
    key: str = "k",
) -> None:
    database.sql(role, RAW, channel=channel, key=key, resource=resource_name, environment=environment, production=False)


@pytest.mark.parametrize("role", ["bc_poller", "bc_runner", "postgres"])
@pytest.mark.parametrize(
    ("resource_name", "claimed"), [("lab-db", "test"), ("lab-db", "prod"), ("no-such-db", "prod"), (None, "prod")]
)
def test_non_production_never_reaches_the_pager(
    database: Database, estate: object, role: str, resource_name: str | None, claimed: str
) -> None:
    """Decision 12 by raw SQL: a lie about the environment, an unknown or a missing resource change nothing."""
    with pytest.raises(DBAPIError, match="only_production_reaches_production"):
        _put(database, "duty-pager", resource_name, claimed, role)


def test_production_reaches_the_pager_and_everybody_reaches_mail(
    database: Database, estate: object, outbox: Outbox
) -> None:
    _put(database, "duty-pager", "orders-db", "prod", key="1")
    _put(database, "ops-mail", "lab-db", "test", key="2")
    assert database.sql("bc_reader", "SELECT channel, environment, production FROM bc.outbox ORDER BY id") == [
        ("duty-pager", "prod", True),
        ("ops-mail", "test", False),
    ]


def test_replica_mode_does_not_switch_the_guard_off(database: Database, estate: object) -> None:
    """The triggers are ENABLE ALWAYS (decision 8)."""
    with (
        pytest.raises(DBAPIError, match="only_production_reaches_production"),
        database.engine("postgres").begin() as connection,
    ):
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql(
            "INSERT INTO bc.outbox (channel, dedup_key, resource, environment, notification) "
            "VALUES ('duty-pager', 'k', 'lab-db', 'prod', '{}')"
        )


def test_a_row_that_became_forbidden_is_given_up_not_delivered(
    database: Database, estate: InventoryRepository, outbox: Outbox, reader: StatusReader
) -> None:
    """The resource leaves production while its notice waits."""
    _put(database, "duty-pager", "orders-db", "prod")
    moved = dataclasses.replace(
        ESTATE, resources=tuple(dataclasses.replace(one, environment=Environment.STAGING) for one in ESTATE.resources)
    )
    estate.replace(moved, expected_revision=1, actor=administrator("test"), summary="moved")
    with pytest.raises(DBAPIError, match="production only"):
        database.sql("bc_keeper", "UPDATE bc.outbox SET claimed_until = bc.now() + interval '1 minute'")
    assert outbox.claim(10, 30) == []
    assert reader.outbox().dead == 1


def test_a_wrong_route_costs_no_measurement(database: Database, estate: object, leases: Leases) -> None:
    """The store leaves a forbidden or unknown channel out instead of losing the whole batch."""
    message = Notification(
        subject="s", body="b", body_html="", priority=NotificationPriority.HIGH, alert_name="a", idempotency_id="i"
    )
    store = MonitoringStore(
        database.engine("bc_poller"), lambda _: [("duty-pager", message), ("gone", message), ("ops-mail", message)]
    )
    lease = leases.acquire("poller/0", "me", 10)
    assert lease is not None
    at = store.now()
    store.record([round_of("lab-db", at, notices=[notice("lab-db", at=at)])], lease)
    assert database.sql("bc_reader", "SELECT channel FROM bc.outbox") == [("ops-mail",)]
    assert database.sql("bc_reader", "SELECT count(*) FROM bc.observation") == [(1,)]


def test_life_of_a_message(database: Database, estate: object, outbox: Outbox, reader: StatusReader) -> None:
    """FR-020: taken by one at a time, tried again after an error, then delivered; dead letters are counted."""
    for key in ("1", "2"):
        database.sql(
            "bc_poller",
            "INSERT INTO bc.outbox (channel, dedup_key, resource, environment, notification) VALUES "
            "('ops-mail', :key, 'lab-db', 'test', CAST(:body AS jsonb))",
            key=key,
            body=BODY,
        )
    first, second = outbox.claim(10, 60)
    assert (first.id < second.id, first.attempts, first.notification.priority) == (True, 1, NotificationPriority.HIGH)
    assert outbox.claim(10, 60) == []
    outbox.failed(first.id, "mailbox is full\0", 0)
    assert [(item.id, item.attempts) for item in outbox.claim(10, 60)] == [(first.id, 2)]
    outbox.delivered(first.id)
    outbox.failed(first.id, "too late", None)
    outbox.failed(second.id, "no such address", None)
    state = reader.outbox()
    assert (state.waiting, state.dead, state.last_error) == (0, 1, "no such address")
    assert state.last_delivered_at is not None


def test_a_claim_that_nobody_finished_comes_back(database: Database, estate: object, outbox: Outbox) -> None:
    """At least once: the sender died."""
    database.sql(
        "bc_poller",
        "INSERT INTO bc.outbox (channel, dedup_key, resource, environment, notification) VALUES "
        "('ops-mail', 'k', 'lab-db', 'test', CAST(:body AS jsonb))",
        body=BODY,
    )
    assert len(outbox.claim(10, 60)) == 1
    database.set_clock("pg_catalog.clock_timestamp() + interval '61 seconds'")
    assert len(outbox.claim(10, 60)) == 1
