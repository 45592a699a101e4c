"""People, an inventory and requests for a campaign's pair: approved and confirmed by the real services."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from sqlalchemy import Engine

from bc_lib.connectors.postgresql.connector import PostgresConnector
from bc_lib.domain.actor import Actor, Role
from bc_lib.domain.inventory import (
    Channel,
    ChannelKind,
    CheckKind,
    Endpoint,
    Environment,
    Execution,
    Heartbeat,
    IntegrityCheck,
    Inventory,
    Platform,
    Resource,
    Route,
    Site,
    Tls,
)
from bc_lib.domain.observation import Observation
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.requests.values import Request
from bc_lib.integrations.secrets.resolver import Resolver
from bc_lib.integrations.vote_proof.demo import DemoSigner, ensure_keys
from bc_lib.integrations.vote_proof.ed25519 import Ed25519Verifier
from bc_lib.ports.monitoring import Remembered
from bc_lib.ports.people import SeenPerson
from bc_lib.runtime.portpick import HOST
from bc_lib.services.changes.decide import agree
from bc_lib.services.changes.upkeep import change_upkeep
from bc_lib.services.collection.judge import judge
from bc_lib.services.gate import Gate
from bc_lib.services.inventory.propose import propose_inventory
from bc_lib.services.inventory.topic import INVENTORY
from bc_lib.services.plan_inventory import InventoryPlan, plan_inventory
from bc_lib.store.audit import TransactionAuditLog
from bc_lib.store.engine import make_engine
from bc_lib.store.inventory import InventoryRepository
from bc_lib.store.leases import Leases
from bc_lib.store.monitoring import MonitoringStore
from bc_lib.store.people import PeopleDirectory
from bc_lib.store.runs import RunStore
from benchmarks.campaign.people import ask
from benchmarks.campaign.place import DATABASE, NAME, NODES, Place
from benchmarks.campaign.shared import SharedDatabase

PEOPLE = {
    "olga": Role.OPERATOR,
    "oscar": Role.OPERATOR,
    "ian": Role.APPROVER_IT,
    "ivy": Role.APPROVER_IT,
    "bea": Role.APPROVER_BUSINESS,
    "ada": Role.ADMIN,
    "alan": Role.ADMIN,
}
ENVIRONMENT = "test"
BEAT = """INSERT INTO public.bc_heartbeat VALUES (1, clock_timestamp(), 1, pg_current_wal_lsn())
          ON CONFLICT (id) DO UPDATE SET beat_at = excluded.beat_at, timeline = excluded.timeline, lsn = excluded.lsn"""


@dataclass
class World:
    """`gate` works as bc_ui. Every call needs the shared database; it raises SQLAlchemy's errors while that is away."""

    place: Place
    shared: SharedDatabase
    gate: Gate = field(init=False)
    _engines: dict[str, Engine] = field(default_factory=dict)
    _remembered: dict[str, Remembered] = field(default_factory=dict)
    _asked: int = 0

    def __post_init__(self) -> None:
        self.gate = Gate(
            store=RunStore(self.engine("bc_ui"), TransactionAuditLog),
            signer=DemoSigner(self.data, ENVIRONMENT),
            verifier=Ed25519Verifier(),
            environment=ENVIRONMENT,
            base_url="http://localhost:8501",
        )

    @property
    def data(self) -> Path:
        """BC_DATA_DIR of everybody in the campaign."""
        return self.place.root / "data"

    def engine(self, role: str) -> Engine:
        """One for each role."""
        if role not in self._engines:
            self._engines[role] = make_engine(self.shared.url(role), name=f"campaign {role}", pool_size=2)
        return self._engines[role]

    def prepare(self) -> None:
        """People with their keys, and the pair in the inventory."""
        keys = ensure_keys(self.data, PEOPLE)
        people = [
            SeenPerson(
                issuer="demo", subject=name, name=name.capitalize(), roles=frozenset({role}), public_key=keys[name]
            )
            for name, role in PEOPLE.items()
        ]
        PeopleDirectory(self.engine("bc_sign_on")).bring(people)
        plan = plan_inventory(InventoryRepository(self.engine("bc_ui")), _inventory(self.place))
        if not plan.empty:  # else a campaign that was cut short goes on
            self._set_up(plan)

    def _set_up(self, plan: InventoryPlan) -> None:
        """As ada and alan: what can be moved takes two administrators."""
        secrets = Resolver(self._accounts())
        made = propose_inventory(
            self.gate, self.actor("ada"), plan, secrets, lambda *_: None, allow_unreachable=True, allow_unresolved=True
        )
        agree(self.gate, self.actor("alan"), INVENTORY, made.id)
        change_upkeep(replace(self.gate, store=RunStore(self.engine("bc_runner"), TransactionAuditLog)))

    def actor(self, name: str) -> Actor:
        """Somebody who signed in just now."""
        return Actor(
            subject=name,
            display_name=name.capitalize(),
            roles=frozenset({PEOPLE[name]}),
            how="demo",
            at=datetime.now(UTC),
        )

    def environment(self) -> dict[str, str]:
        """For a runner of its own: accounts that act, the role of the shared database, the data folder."""
        roles = {
            f"BC_DATABASE_URL_{role}": self.shared.url(f"bc_{role.lower()}") for role in ("UI", "RUNNER", "READER")
        }
        return {**self._accounts(), **roles, "BC_ENV": ENVIRONMENT, "BC_DATA_DIR": str(self.data)}

    def observe(self, *, beat: bool = True) -> None:
        """One round of a poller over the pair, with a heartbeat before it."""
        if beat:
            with psycopg.connect(self.place.superuser(*NODES), autocommit=True) as connection:
                connection.execute(BEAT)
        lease = Leases(self.engine("bc_poller")).acquire("poller/0", "campaign", 60)
        if lease is None:
            raise RuntimeError("Somebody else polls this campaign's pair.")
        known = {NAME: resource(self.place)}
        judged = judge([asyncio.run(self._look(known[NAME]))], known, self._remembered)
        MonitoringStore(self.engine("bc_poller"), lambda _: []).record(judged.rounds, lease)
        self._remembered |= judged.remembered

    def ready(self, kind: RequestType, site: str, reason: str) -> Request:
        """A request that was asked for, approved by two and confirmed with its phrase."""
        self._asked += 1
        return ask(self, ("olga", "oscar")[self._asked % 2], kind, site, reason)

    def close(self) -> None:
        """Give back connections."""
        for engine in self._engines.values():
            engine.dispose()

    def _accounts(self) -> dict[str, str]:
        words = {"MONITOR": "bc_monitor", "EXECUTION": "bc_execution", "CLIENT": "bc_client", "HOST": "agent"}
        return {f"BC_CAMPAIGN_{key}": f"{name}:{self.place.passwords[name]}" for key, name in words.items()}

    async def _look(self, wanted: Resource) -> Observation:
        connector = PostgresConnector(Resolver(self._accounts()), timeout_s=5.0)
        try:
            return await connector.observe(wanted, cold=True)
        finally:
            await connector.close()


def resource(place: Place) -> Resource:
    """The pair as the inventory holds it."""
    endpoints = tuple(
        Endpoint(
            site=node,
            node=node,
            host=HOST,
            port=place.ports[node],
            database=DATABASE,
            secret="env:BC_CAMPAIGN_MONITOR",  # noqa: S106 - a reference, as the others below
            tls=Tls.DISABLE,
            host_control=f"agent:{place.url}/host/{NAME}-{node}",
        )
        for node in NODES
    )
    return Resource(
        name=NAME,
        platform=Platform.POSTGRESQL,
        tier=1,
        environment=Environment.DEMO,  # loopback is allowed nowhere else
        owner="Payments team",
        home_site=NODES[0],
        dr_site=NODES[1],
        endpoints=endpoints,
        rpo_s=5.0,
        rto_s=60.0,
        heartbeat=Heartbeat(interval_s=1),
        execution=Execution(
            secret="env:BC_CAMPAIGN_EXECUTION",  # noqa: S106
            client_secret="env:BC_CAMPAIGN_CLIENT",  # noqa: S106
            host_secret="env:BC_CAMPAIGN_HOST",  # noqa: S106
            integrity=(IntegrityCheck(name="written", kind=CheckKind.ROW_COUNT, table="public.written"),),
        ),
    )


def _inventory(place: Place) -> Inventory:
    channel = Channel(name="ops-mail", kind=ChannelKind.MAIL, url="env:BC_CAMPAIGN_MAIL")
    security = [Channel(name=f"security-{n}", kind=ChannelKind.MAIL, url="env:BC_CAMPAIGN_MAIL") for n in (1, 2)]
    return Inventory(
        sites=(Site(name="fra", title="Frankfurt"), Site(name="ams", title="Amsterdam")),
        resources=(resource(place),),
        channels=(channel, *security),
        routes=(Route(tiers=(1, 2), environments=tuple(Environment), channels=("ops-mail",)),),
    )
