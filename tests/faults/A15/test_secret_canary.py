"""A15, SEC-005: the values behind the references of a real pair are looked for everywhere after runs that succeed and fail.

Looked through: packs (every file, with the streams of the PDF inflated), every row of our schemas, audit exports, logs of
this process down to DEBUG, what commands say on both streams, arguments of all processes while `bcctl run` works, pages.
Not covered here: XCom, rendered templates and conf of Airflow (tests/dags hold that tasks get ids only); the servers' own
logs; frames of a real browser (pages are what AppTest gets); text drawn with a font's own glyphs in the PDF (it is made
from report.html, which is looked through); an exception of a foreign connector that carries a secret in its own text,
which goes into the runner's log as it is.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import re
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from bc_lib.connectors.postgresql.connector import PostgresConnector
from bc_lib.domain.audit import AuditActor, AuditFilter
from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Request
from bc_lib.ports.secrets import Credential
from bc_lib.services.audit.export import Form, export
from bc_lib.services.collection.judge import judge
from bc_lib.services.evidence.standalone_pack import unpack
from bc_lib.store.audit import OwnTransactionAuditLog
from bc_lib.store.audit_reading import AuditReader
from bc_lib.store.leases import Leases
from bc_lib.store.monitoring import MonitoringStore
from tests.fixtures.commands import commands
from tests.fixtures.database import PASSWORDS
from tests.fixtures.evidence import Packs
from tests.fixtures.hostpair import SECRETS
from tests.fixtures.moving import Moving, moving
from tests.fixtures.pgcluster import FixedSecrets
from tests.ui.real_screens import opened

__all__ = ["commands", "moving"]

WRONG = {reference: Credential(each.username, f"wrong-{each.password}") for reference, each in SECRETS.items()}
PAGES = ("", "requests", "run", "audit", "inventory", "health", "policies", "resource", "ask")


@dataclass
class Hay:
    """Text by where it was found."""

    places: dict[str, bytes] = field(default_factory=dict)

    def add(self, place: str, text: str | bytes) -> None:
        self.places[place] = self.places.get(place, b"") + (text if isinstance(text, bytes) else text.encode()) + b"\n"

    def hits(self, needles: dict[str, bytes]) -> list[str]:
        return [
            f"{what} in {place}"
            for place, text in self.places.items()
            for what, word in needles.items()
            if word in text
        ]


def needles() -> dict[str, bytes]:
    """Each value as it is, in base64, in hexadecimal, and quoted for an address; wrong values hold the right ones."""
    values = {reference: each.password for reference, each in SECRETS.items()}
    values |= {f"password of {role}": password for role, password in PASSWORDS.items() if role != "postgres"}
    found = {}
    for what, value in values.items():
        raw = value.encode()
        forms = (raw, base64.b64encode(raw).rstrip(b"=")[:-1], raw.hex().encode(), quote(value, safe="").encode())
        found |= {
            f"{what} ({form})": text for form, text in zip(("plain", "base64", "hex", "quoted"), forms, strict=True)
        }
    return found


def test_the_search_finds_what_is_there() -> None:
    """A search that finds nothing anywhere would be worth nothing."""
    hay = Hay()
    hay.add("log", f"connecting as bc_execution:{SECRETS['env:EXECUTION'].password}")
    hay.add("answer", base64.b64encode(SECRETS["env:HOST"].password.encode()))
    hay.add("pdf", inflated(b"stream\n" + zlib.compress(SECRETS["env:CLIENT"].password.encode()) + b"\nendstream"))
    places = {each.split(" in ")[1] for each in hay.hits(needles())}
    assert places == {"log", "answer", "pdf"}


def test_no_secret_anywhere(
    moving: Moving, tmp_path: Path, commands: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two runs with wrong passwords and one as a process that succeeds, the poller with both, then everywhere."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("sqlalchemy").setLevel(logging.WARNING)
    hay, packs = Hay(), Packs(moving.world, tmp_path / "evidence")
    requests = [_failing(moving, "env:EXECUTION"), _failing(moving, "env:HOST")]
    _poller(moving)
    requests.append(moving.ready())
    with arguments(hay):
        said = moving.process(requests[-1]).communicate(timeout=120)
    hay.add("bcctl run", "".join(said))
    assert moving.world.state(requests[-1]) is State.SUCCEEDED, said
    moving.settled()
    monkeypatch.setenv("BC_AUDIT_CHECKPOINTS", str(packs.folder / "checkpoints"))
    for request in requests:
        for name, content in unpack(packs.take(request))[0].items():
            hay.add(f"pack {request.id} {name}", inflated(content) if name.endswith(".pdf") else content)
    told = [json.loads(hay.places[f"pack {each.id} pack.json"])["verdict"] for each in requests]
    assert [each["state"] for each in told] == ["Failed", "Failed", "Succeeded"]
    assert [each["recovery_test"][:3] for each in told[:2]] == ["No:", "No:"]
    _commands(hay, commands, requests)
    _pages(hay, moving, requests)
    _exports(hay, packs)
    _rows(hay, moving)
    hay.add("log", caplog.text)
    _worth_searching(hay)
    assert hay.hits(needles()) == []


def _failing(moving: Moving, reference: str) -> Request:
    """A run with one wrong password: it fails before anything happened, and says something about the account."""
    request = moving.ready()
    moving.secrets.credentials = {**SECRETS, reference: WRONG[reference]}
    report = moving.run(request)
    moving.secrets.credentials = dict(SECRETS)
    assert report.state == State.FAILED, report.text
    return request


def _poller(moving: Moving) -> None:
    """Looks with wrong passwords, and what it saw is stored like any other look."""

    async def look() -> list[Any]:
        connector = PostgresConnector(FixedSecrets(WRONG), timeout_s=3.0)
        try:
            return [await connector.observe(each, cold=True) for each in moving.resources()]
        finally:
            await connector.close()

    engine = moving.world.database.engine("bc_poller")
    lease = Leases(engine).acquire("poller/0", "test", 60)
    assert lease is not None
    judged = judge(asyncio.run(look()), {each.name: each for each in moving.resources()}, {})
    MonitoringStore(engine, lambda _: []).record(judged.rounds, lease)
    moving.observe()


def _commands(hay: Hay, commands: Any, requests: list[Request]) -> None:
    """With the secrets in their environment, right and wrong; some of them fail on purpose."""
    failed, done = requests[0].id, requests[-1].id
    with pytest.MonkeyPatch.context() as environment:
        for credentials in (SECRETS, WRONG):
            for reference, each in credentials.items():
                environment.setenv(reference.removeprefix("env:"), f"{each.username}:{each.password}")
            for words in (
                ["check", "orders-db"],
                ["check", "orders-db", "--show-sql"],
                ["status", "--json"],
                ["topology", "orders-db"],
                ["plan", "--type", "switchover", "--resource", "orders-db", "--target-site", "fra"],
                ["run", "show", failed, "--json"],
                ["run", failed],
                ["request", "show", done, "--json"],
                ["evidence", "show", done, "--json"],
                ["request", "approve", "r-x", "--role", "approver-it", "--as", "ian"],
            ):
                code, stderr, _ = commands(*words)
                hay.add(f"bcctl {' '.join(words)}", f"{code} {stderr}")


def _pages(hay: Hay, moving: Moving, requests: list[Request]) -> None:
    """Everything that AppTest holds of each page: all elements as they go to the browser."""
    with opened(moving.world) as open_:
        for request in (requests[0], requests[-1]):
            for page in PAGES:
                query = {"name": "orders-db"} if page == "resource" else {"id": request.id}
                at = open_("ada", page, **query)
                elements = [str(each.proto) for each in at.main if hasattr(each, "proto")]
                hay.add(f"page {page or 'overview'}", "\n".join(elements))


def _exports(hay: Hay, packs: Packs) -> None:
    engine = packs.world.database.engine("bc_ui")
    who = AuditActor(person=None, issuer="demo", subject="vera", name="Vera")
    for form in Form:
        made = export(AuditReader(engine), OwnTransactionAuditLog(engine), packs.checkpoints, AuditFilter(), form,
                      actor=who, channel="ui")  # fmt: skip
        for name, content in made.files.items():
            hay.add(f"export {name}", content)


def _rows(hay: Hay, moving: Moving) -> None:
    """Every row of every table of ours as text; packs are looked through as files."""
    sql = moving.world.database.sql
    tables = sql("postgres", """SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                                WHERE c.relkind IN ('r', 'p') AND n.nspname LIKE 'bc%' AND NOT c.relispartition""")  # fmt: skip
    for schema, table in tables:
        for (row,) in sql("postgres", f'SELECT t::text FROM "{schema}"."{table}" t'):
            hay.add(f"table {schema}.{table}", str(row))


@contextmanager
def arguments(hay: Hay) -> Iterator[None]:
    """What `ps` shows of every process while it lasts."""
    over = threading.Event()

    def look() -> None:
        seen: set[bytes] = set()
        while not over.wait(0.1):
            for each in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    seen.add(each.read_bytes().replace(b"\0", b" "))
                except OSError:
                    continue
        hay.add("processes", b"\n".join(seen))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield
    finally:
        over.set()
        looking.join()


def inflated(pdf: bytes) -> bytes:
    """A PDF and, behind it, its streams unpacked."""
    found = [pdf]
    for each in re.finditer(rb"stream\r?\n", pdf):
        try:
            found.append(zlib.decompressobj().decompress(pdf[each.end() :]))
        except zlib.error:
            continue
    return b"\n".join(found)


def _worth_searching(hay: Hay) -> None:
    """Each place holds what must stand there, so that a place that was not looked at is no place without a secret."""
    wanted = {
        "bcctl run": b"Succeeded",
        "processes": b"bc_lib.cli run",
        "log": b"HTTP Request",
        "table bc.request": b"orders-db",
        "table bc.resource": b"env:EXECUTION",
        "table bc_audit.record": b"request.start",
        "page run": b"orders-db",
        "page requests": b"orders-db",
        "page audit": b"request.create",
    }
    for place, word in wanted.items():
        assert word in hay.places.get(place, b""), (place, sorted(hay.places))
    assert any(place.endswith("report.pdf") for place in hay.places)
    assert b"password" in b"".join(text for place, text in hay.places.items() if place.startswith("pack")).lower()
