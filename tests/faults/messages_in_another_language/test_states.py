"""A server's messages may be in any language: what an error means comes from its SQLSTATE."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from bc_lib.connectors.postgresql.connector import PostgresConnector
from bc_lib.connectors.postgresql.execution.link import open_link
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.observation import NodeObservation, Reach
from bc_lib.ports.secrets import Credential
from tests.absences import older_postgres
from tests.fixtures.pgcluster import CANARY, Cluster, FixedSecrets, of, resource

WORDS = {
    "de": "das Datenbanksystem fährt gerade herunter",
    "ja": "データベースシステムは起動しています",
    "misleading": "password authentication failed: connection refused, certificate expired",
}
STATES = {
    "57P03": Reach.STARTING,
    "57P01": Reach.STARTING,
    "28P01": Reach.CREDENTIAL,
    "28000": Reach.CREDENTIAL,
    "42501": Reach.CREDENTIAL,
    "3D000": Reach.ERROR,
    "53300": Reach.ERROR,
    "0A000": Reach.ERROR,
}


@asynccontextmanager
async def refusing(state: str, words: str):
    """A server that refuses every sign-in with this state, in these words."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1024)
        fields = {"S": "SCHWERWIEGEND", "V": "FATAL", "C": state, "M": words, "D": "Näheres steht im Log."}
        body = b"".join(key.encode() + value.encode() + b"\0" for key, value in fields.items()) + b"\0"
        writer.write(b"E" + (len(body) + 4).to_bytes(4, "big") + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield int(server.sockets[0].getsockname()[1])


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("state", STATES)
async def test_refusals_by_state(state: str, language: str) -> None:
    """Watching and acting alike, whatever the words are."""
    async with refusing(state, WORDS[language]) as port:
        watched = resource(("fra", port))
        connector = PostgresConnector(FixedSecrets(), timeout_s=2.0)
        (node,) = (await connector.observe(watched)).nodes
        await connector.close()
        credential = Credential("bc_monitor", CANARY)
        with pytest.raises(Trouble) as acting:
            await asyncio.to_thread(open_link, watched, watched.endpoints[0], credential, "bc-run r-1/1")
    assert (node.reach, acting.value.reach) == (STATES[state], STATES[state])
    assert node.error == acting.value.sentence
    if state != "0A000":
        assert WORDS[language] not in node.error


@pytest.fixture(scope="module")
def german() -> Iterator[Cluster]:
    """A primary that speaks German, and a second one that starts and stops."""
    folder = older_postgres()
    assert folder is not None
    made = Cluster(folder)
    try:
        locale = made.root / "locales"
        locale.mkdir(mode=0o755)
        subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", locale / "de_DE.UTF-8"], check=True)
        made.add_primary()
        server = made.servers["fra"]
        server.stop()
        speak(made, locale)
        server.start()
        yield made
    finally:
        made.close()


def speak(made: Cluster, locale: Path) -> None:
    server = made.servers["fra"]
    server.settings = {**server.settings, "lc_messages": "de_DE.UTF-8"}
    own = server._env()
    own.pop("LC_ALL")
    server._env = lambda: {**own, "LOCPATH": str(locale)}  # type: ignore[method-assign]


@pytest.mark.needs("german messages")
async def test_a_server_that_speaks_german(german: Cluster) -> None:
    """A wrong password, an absent database, no right to connect, no line in pg_hba.conf: each as in English."""
    port = german.servers["fra"].port
    with pytest.raises(psycopg.OperationalError, match="Passwort-Authentifizierung"):
        psycopg.connect(host="127.0.0.1", port=port, user="bc_monitor", password="wrong", dbname="orders")
    watched = of(german, "fra")
    absent = replace(watched, endpoints=(replace(watched.endpoints[0], database="absent"),))
    wrong = await looked(watched, Credential("bc_monitor", "wrong"))
    assert wrong.reach is Reach.CREDENTIAL
    assert "user name or password" in str(wrong.error)
    nowhere = await looked(absent)
    assert (nowhere.reach, "does not exist" in str(nowhere.error)) == (Reach.ERROR, True)
    german.sql("fra", "REVOKE CONNECT ON DATABASE orders FROM PUBLIC, bc_monitor")
    barred = await looked(watched)
    assert (barred.reach, "may not log in" in str(barred.error)) == (Reach.CREDENTIAL, True)
    german.sql("fra", "GRANT CONNECT ON DATABASE orders TO bc_monitor")
    hba = german.servers["fra"].data / "pg_hba.conf"
    kept = hba.read_text()
    hba.write_text("host all postgres 127.0.0.1/32 scram-sha-256\n")
    german.sql("fra", "SELECT pg_reload_conf()")
    kept_out = await looked(watched)
    assert (kept_out.reach, "pg_hba.conf" in str(kept_out.error)) == (Reach.CREDENTIAL, True)
    hba.write_text(kept)
    german.sql("fra", "SELECT pg_reload_conf()")
    assert (await looked(watched)).reach is Reach.OK


async def looked(watched, credential: Credential | None = None) -> NodeObservation:
    secrets = FixedSecrets({"env:MONITOR": credential or Credential("bc_monitor", CANARY)})
    connector = PostgresConnector(secrets, timeout_s=3.0)
    (node,) = (await connector.observe(watched)).nodes
    await connector.close()
    return node
