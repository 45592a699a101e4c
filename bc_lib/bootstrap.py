"""Composition root: builds what each process needs, and nothing else does.

Drivers and adapters are imported inside the functions, so that parsing a DAG or asking for help loads none.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bc_lib import config
from bc_lib.config import DbRole
from bc_lib.domain.alerts import Notice
from bc_lib.domain.inventory import Endpoint, Inventory, Resource
from bc_lib.domain.observation import Observation
from bc_lib.ports.connector import ConnectorRegistry
from bc_lib.ports.evidence import Evidence
from bc_lib.ports.inventory import InventoryRepository
from bc_lib.ports.monitoring import Leases, MonitoringStore
from bc_lib.ports.notices import Notification, NotificationPriority
from bc_lib.ports.reading import StatusReader
from bc_lib.ports.requests import RequestReader
from bc_lib.ports.runs import RunReader
from bc_lib.ports.secrets import SecretResolver
from bc_lib.ports.sign_on import SignedOut, SignOn

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bc_lib.bootstrap_audit import AuditParts
    from bc_lib.services.deliver_notices import Counts
    from bc_lib.services.gate import Gate
    from bc_lib.services.passes import Pass

DEMO_ENV = "demo/demo.env"
LOCAL_URL = "http://localhost:8501"


@cache
def engine(role: DbRole) -> Engine:
    """The engine of one login role; one a process. Raises config.ConfigError."""
    from bc_lib.store.engine import make_engine

    return make_engine(config.database_url(role), name=f"bc-{role.value}")


def database_trouble() -> tuple[type[Exception], ...]:
    """What reading the shared database may raise when it is away or not set up."""
    from sqlalchemy.exc import SQLAlchemyError

    return (SQLAlchemyError, config.ConfigError)


def database_away(error: BaseException) -> bool:
    """True where the shared database could not be asked: no connection, no answer in time. A fault is none of these."""
    from sqlalchemy.exc import InterfaceError, OperationalError
    from sqlalchemy.exc import TimeoutError as PoolTimeout

    return isinstance(error, (OperationalError, InterfaceError, PoolTimeout, ConnectionError))


def secrets() -> SecretResolver:
    """References to values. In the demo the estate's own credentials are added to the environment."""
    from bc_lib.integrations.secrets.resolver import Resolver

    settings = config.load()
    extra = _demo_environment(settings.data_dir) if settings.env is config.DeploymentEnv.DEMO else {}
    return Resolver({**extra, **os.environ})


def connectors() -> ConnectorRegistry:
    """All connectors; drivers load on first use."""
    from bc_lib.connectors.registry import LazyRegistry

    return cast(ConnectorRegistry, LazyRegistry(secrets(), timeout_s=config.load().check_timeout_s))


@dataclass(frozen=True, slots=True)
class Reading:
    """What commands read."""

    inventory: InventoryRepository
    status: StatusReader


def reading() -> Reading:
    """Repositories under bc_reader."""
    from bc_lib.store.inventory import InventoryRepository as Stored
    from bc_lib.store.reading import StatusReader as Reader

    base = engine(DbRole.READER)
    return Reading(Stored(base), Reader(base, minute_days=config.load().raw_retention_days))


def requests_reading() -> RequestReader:
    """Stored requests and plans under bc_reader."""
    from bc_lib.store.requests_reading import RequestReader as Requests

    return Requests(engine(DbRole.READER))


@dataclass(frozen=True, slots=True)
class Editing:
    """What changing the inventory needs; `read_file` raises InvalidInventory, `probe` asks whether a host answers."""

    inventory: InventoryRepository
    secrets: SecretResolver
    read_file: Callable[[Path], Inventory]
    probe: Callable[[Resource, Endpoint], str | None]
    look: Callable[[Sequence[Resource]], Sequence[Observation]]


def editing() -> Editing:
    """The inventory under bc_ui."""
    from bc_lib.integrations.inventory_file.reader import read_file
    from bc_lib.integrations.tcp_probe import tcp_probe
    from bc_lib.store.inventory import InventoryRepository as Stored

    return Editing(Stored(engine(DbRole.UI)), secrets(), read_file, tcp_probe, _looked_at)


def _looked_at(resources: Sequence[Resource]) -> Sequence[Observation]:
    """Each once, over fresh connections, all at the same time."""
    from bc_lib.connectors.registry import LazyRegistry

    async def look() -> Sequence[Observation]:
        registry = LazyRegistry(secrets())
        try:
            return await asyncio.gather(*(registry.get(one.platform).observe(one, cold=True) for one in resources))
        finally:
            await registry.close()

    return asyncio.run(look())


@dataclass(frozen=True, slots=True)
class Screens:
    """What the pages need."""

    inventory: InventoryRepository
    reader: StatusReader
    sign_on: SignOn
    signed_out: SignedOut
    environment: str
    gate: Gate
    audit: AuditParts
    runs: RunReader
    evidence: Evidence
    drill_periods_s: Mapping[int, float]


def screens() -> Screens:
    """Repositories under bc_reader, the sign-on of this deployment, and what acts: the gate and the audit, as bc_ui."""
    from bc_lib.bootstrap_audit import audit
    from bc_lib.bootstrap_evidence import store
    from bc_lib.integrations.sign_on.demo import DemoSignOn
    from bc_lib.store.runs_reading import RunReader as Runs
    from bc_lib.store.sign_on import SignedOut as Ended

    parts, settings = reading(), config.load()
    return Screens(
        inventory=parts.inventory,
        reader=parts.status,
        sign_on=DemoSignOn(settings.env.value),
        signed_out=Ended(engine(DbRole.UI)),
        environment=settings.env.value,
        gate=gate(),
        audit=audit(),
        runs=Runs(engine(DbRole.UI)),
        evidence=store(),
        drill_periods_s=settings.drill_periods_s,
    )


@dataclass(frozen=True, slots=True)
class Polling:
    """What a poller's window needs."""

    inventory: InventoryRepository
    store: MonitoringStore
    leases: Leases
    registry: ConnectorRegistry


def polling() -> Polling:
    """Repositories under bc_poller."""
    from bc_lib.store.inventory import InventoryRepository as Stored
    from bc_lib.store.leases import Leases as StoredLeases
    from bc_lib.store.monitoring import MonitoringStore as Store

    base = engine(DbRole.POLLER)
    inventory = Stored(base)
    return Polling(inventory, Store(base, outgoing(inventory)), StoredLeases(base), connectors())


def outgoing(inventory: InventoryRepository) -> Callable[[Notice], Sequence[tuple[str, Notification]]]:
    """Which channels get which message, by the inventory's routes as they are at that moment."""
    from bc_lib.domain.notice_text import render
    from bc_lib.domain.routing import route

    held: dict[int, Inventory] = {}

    def current() -> Inventory:
        revision = inventory.revision()
        if revision not in held:
            held.clear()
            stored = inventory.load()
            held[stored.revision] = stored.inventory
            return stored.inventory
        return held[revision]

    def messages(notice: Notice) -> Sequence[tuple[str, Notification]]:
        found = current()
        text = render(notice, pages_url())
        message = Notification(
            subject=text.subject,
            body=text.body,
            body_html=text.body_html,
            priority=NotificationPriority(text.priority),
            alert_name=text.alert_name,
            idempotency_id=text.idempotency_id,
            metadata=dict(text.metadata),
        )
        return [(channel, message) for channel in route(notice, found.channels, found.routes)]

    return messages


@dataclass(frozen=True, slots=True)
class Delivery:
    """Delivering notices: one pass, and a sign of life."""

    deliver_once: Callable[[], Counts]
    beat: Callable[[str, Mapping[str, object]], None]


def delivery() -> Delivery:
    """The outbox under bc_keeper."""
    from bc_lib.integrations.notifications import make_notifier
    from bc_lib.services.deliver_notices import deliver_once
    from bc_lib.store.housekeeping import Housekeeping
    from bc_lib.store.inventory import InventoryRepository as Stored
    from bc_lib.store.outbox import Outbox

    base = engine(DbRole.KEEPER)
    outbox, inventory, notifier, keeper = Outbox(base), Stored(base), make_notifier(secrets()), Housekeeping(base)
    return Delivery(
        deliver_once=lambda: deliver_once(outbox, inventory, notifier),
        beat=lambda holder, details: keeper.beat("notices", holder, details),
    )


@dataclass(frozen=True, slots=True)
class HouseKeeper:
    """Partitions and retention. `run` raises RuntimeError with what was not done, after doing the rest."""

    run: Callable[[str], str]


def housekeeping() -> HouseKeeper:
    """Housekeeping under bc_keeper with this deployment's retention."""
    from bc_lib.services.passes import Pass
    from bc_lib.store.housekeeping import Housekeeping

    keeper, settings = Housekeeping(engine(DbRole.KEEPER)), config.load()

    def run(holder: str) -> str:
        looked, none = Pass(lambda: None), dict[str, int]()
        made = looked.part("making partitions", keeper.ensure_partitions, 0)
        days, months = settings.raw_retention_days, settings.bucket_retention_months
        dropped = looked.part("dropping what is old", lambda: dict(keeper.drop_old(days, months)), none)
        keeper.beat("housekeeping", holder, {"partitions_made": made, **dropped, **looked.told})
        said = f"{made} partitions made, dropped: {dropped}{looked}"
        if looked.troubles:
            raise RuntimeError(said)
        return said

    return HouseKeeper(run)


def gate(role: DbRole = DbRole.UI) -> Gate:
    """What the services of requests work with, as bc_ui (pages, commands) or bc_runner (jobs)."""
    from bc_lib.integrations.vote_proof.demo import DemoSigner
    from bc_lib.integrations.vote_proof.ed25519 import Ed25519Verifier
    from bc_lib.services.gate import Gate
    from bc_lib.store.audit import TransactionAuditLog
    from bc_lib.store.runs import RunStore

    base, settings = engine(role), config.load()
    return Gate(
        store=RunStore(base, TransactionAuditLog),
        signer=DemoSigner(settings.data_dir, settings.env.value),
        verifier=Ed25519Verifier(),
        environment=settings.env.value,
        base_url=pages_url(),
    )


def pages_url() -> str:
    """Where links lead: BC_UI_URL, else the pages of the `bcctl up` that runs with this data folder."""
    from bc_lib.runtime.state import read_alive

    running = None if os.environ.get("BC_UI_URL") else read_alive(config.load().data_dir)
    return os.environ.get("BC_UI_URL") or (running.url if running else LOCAL_URL)


def bring_people() -> int:
    """People, roles and keys from the sign-on into the database as bc_sign_on, daily at least; how many are known.

    0 in prod, where the demo sign-in does not work: there each sign-on will bring its own person.
    """
    from bc_lib.integrations.sign_on.demo import DemoSignOn
    from bc_lib.integrations.vote_proof.demo import ensure_keys
    from bc_lib.ports.people import SeenPerson
    from bc_lib.store.people import PeopleDirectory

    settings = config.load()
    if settings.env is config.DeploymentEnv.PROD:
        return 0
    people = DemoSignOn(settings.env.value).offered()
    keys = ensure_keys(settings.data_dir, [each.subject for each in people])
    return PeopleDirectory(engine(DbRole.SIGN_ON)).bring(
        [
            SeenPerson(
                issuer="demo",
                subject=each.subject,
                name=each.display_name,
                roles=each.roles,
                public_key=keys[each.subject],
            )
            for each in people
        ]
    )


def sign_on_lives(holder: str, details: Mapping[str, object]) -> None:
    """Say that people are being brought, as bc_sign_on."""
    from bc_lib.store.monitoring import beat

    beat(engine(DbRole.SIGN_ON), "sign-on", holder, details)


def request_upkeep(holder: str = "command", also: Callable[[Pass], str] | None = None) -> str:
    """Expire, void and count, and look after the audit's signer, as bc_runner; says what was done. About every 15 s.

    `also`: a part of the same pass that is composed elsewhere.
    """
    from bc_lib.bootstrap_audit import sealed_places
    from bc_lib.bootstrap_evidence import store
    from bc_lib.services.audit.signing import seal_trouble
    from bc_lib.services.audit.silence import tell_silence
    from bc_lib.services.collection.silence import AWAKE, awake_since, tell_unwatched
    from bc_lib.services.evidence.owed import tell_owed
    from bc_lib.services.own_health import UNSEALED
    from bc_lib.services.passes import Pass
    from bc_lib.services.requests.upkeep import upkeep
    from bc_lib.store.audit_signer import SignerBeat
    from bc_lib.store.monitoring import beat
    from bc_lib.store.reading import StatusReader

    door = gate(DbRole.RUNNER)
    looked = Pass(door.store.read.now)
    signer, packs = SignerBeat(engine(DbRole.RUNNER)), store(DbRole.RUNNER)
    state = looked.part("reading what is sealed", lambda: signer.state(sealed_places()), None)
    told = looked.part("telling of the audit's signer", lambda: tell_silence(door, state) if state else 0, 0)
    beats, now = StatusReader(engine(DbRole.RUNNER)).beats(), door.store.read.now()
    awake = awake_since(beats, now)
    unwatched = looked.part("telling of silent pollers", lambda: tell_unwatched(door, beats, now, awake), 0)
    late = looked.part("telling of owed packs", lambda: tell_owed(door, packs), 0)
    more = looked.part("what else there is", lambda: also(looked), "") if also else ""
    done = f"{told} told that the log is not sealed; {upkeep(door, looked)}"
    done += f"; {unwatched} told that nothing is watched" if unwatched else ""
    done += "".join([f"; {late} told that an evidence pack is owed" if late else "", f"; {more}" if more else ""])
    unsealed = seal_trouble(state) if state else None
    beat(
        engine(DbRole.RUNNER),
        "requests",
        holder,
        {"done": done, AWAKE: awake.isoformat(), UNSEALED: unsealed, **looked.told},
    )
    return done


def _demo_environment(data: Path) -> dict[str, str]:
    """KEY=VALUE lines that the demo agent wrote; nothing where it has not run."""
    try:
        lines = (data / DEMO_ENV).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
