"""Screens over a test's own database and its real services, with whoever the test says signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from bc_lib.bootstrap_audit import AuditParts
from bc_lib.domain.actor import Actor, Person
from bc_lib.domain.verified.judge import PERIODS_S
from bc_lib.integrations.checkpoints.directory import CheckpointFolder
from bc_lib.integrations.checkpoints.keys import signature_fits
from bc_lib.integrations.sign_on.demo import DemoSignOn
from bc_lib.ports.evidence import Evidence
from bc_lib.ports.inventory import InventoryRepository as Inventories
from bc_lib.ports.reading import StatusReader as Statuses
from bc_lib.ports.runs import RunReader
from bc_lib.ports.sign_on import SignedOut, SignOn
from bc_lib.services.audit.remembered import Witnesses
from bc_lib.services.gate import Gate
from bc_lib.store.audit import OwnTransactionAuditLog, TransactionAuditLog
from bc_lib.store.audit_reading import AuditReader
from bc_lib.store.audit_signer import SignerBeat
from bc_lib.store.evidence import EvidenceStore
from bc_lib.store.inventory import InventoryRepository
from bc_lib.store.reading import StatusReader
from bc_lib.store.runs_reading import RunReader as StoredRuns
from bc_lib.store.sign_on import SignedOut as Ended
from streamlit_app import deps
from streamlit_app.web import plumbing
from tests.fixtures.requests import World

MAIN = Path(__file__).parents[2] / "streamlit_app" / "main.py"
SECRET = "for tests only, and long enough to sign with"
Open = Callable[..., AppTest]


@dataclass(frozen=True, kw_only=True)
class RealParts:
    """What bootstrap.screens() gives, over the test's database."""

    inventory: Inventories
    reader: Statuses
    sign_on: SignOn
    signed_out: SignedOut
    gate: Gate
    audit: AuditParts
    runs: RunReader
    evidence: Evidence
    environment: str = "test"
    drill_periods_s: Mapping[int, float] = field(default_factory=lambda: PERIODS_S)


def parts(world: World) -> RealParts:
    """As bc_ui and bc_reader."""
    people = [
        Person(subject=name, display_name=name.capitalize(), roles=frozenset(roles))
        for name, roles in world.roles.items()
    ]
    base, ui = world.database.engine("bc_reader"), world.database.engine("bc_ui")
    return RealParts(
        inventory=InventoryRepository(base),
        reader=StatusReader(base, minute_days=2),
        sign_on=DemoSignOn("test", people),
        signed_out=Ended(ui),
        gate=world.gate,
        audit=AuditParts(
            reader=AuditReader(ui),
            log=OwnTransactionAuditLog(ui),
            check=signature_fits,
            keys=(),
            checkpoints=CheckpointFolder(world.data / "checkpoints"),
            seal=SignerBeat(ui),
            witnesses=Witnesses(seal=SignerBeat(ui).state),
        ),
        runs=StoredRuns(ui),
        evidence=EvidenceStore(ui, TransactionAuditLog),
    )


@dataclass(frozen=True, kw_only=True)
class Chosen(deps.Screens):
    """AppTest has no cookies: the person is a name here, asked anew from the sign-on like always."""

    person: list[str]

    def actor(self, token: str | None) -> Actor:
        return self.parts.sign_on.actor(self.person[-1], datetime.now().astimezone())


@contextmanager
def routes(world: World, address: str = "http://localhost") -> Iterator[TestClient]:
    """What the pages serve beside the pages, behind the gate; nobody is signed in."""
    screens = deps.compose(parts(world), SECRET)
    gate = Middleware(plumbing.Gate, admits=plumbing.admits(lambda: screens))
    app = Starlette(routes=plumbing.routes(lambda: screens), middleware=[gate])
    with TestClient(app, base_url=address, follow_redirects=False, client=("127.0.0.1", 5000)) as made:
        yield made


def sign_in(web: TestClient, person: str = "vera", wanted: str = "/") -> None:
    """As somebody who clicks on a name."""
    assert web.post("/sign-in", data={"person": person, "next": wanted}).status_code == 303


@contextmanager
def opened(world: World) -> Iterator[Open]:
    """Call it with a person, a page and a query; every AppTest it gives back is a tab of its own.

    `run(at, person)` through `at.run()` goes on as the person of the last call.
    """
    made = parts(world)
    person = ["vera"]
    deps.install(Chosen(parts=made, tickets=deps.compose(made, SECRET).tickets, person=person))

    def open_(who: str, page: str = "", **query: str) -> AppTest:
        person[:] = [who]
        at = AppTest.from_file(MAIN, default_timeout=30)
        at.query_params.update(query)
        at.run()
        if page:
            at.switch_page(f"app_pages/{page}.py")
            at.query_params.update(query)
            at.run()
        assert not at.exception
        return at

    try:
        yield open_
    finally:
        deps.forget()


def text(at: AppTest) -> str:
    """All our HTML on the page."""
    return "\n".join(element.body for element in at.html)
