"""Where a campaign lives: folders, ports, passwords. Kept on disk, so that a campaign that was cut short goes on."""

from __future__ import annotations

import json
import os
import random
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from psycopg.conninfo import make_conninfo

from bc_lib.runtime.account import Account, owned_folder, reachable_by, server_account
from bc_lib.runtime.folders import FALLBACK, project_data
from bc_lib.runtime.pg_binaries import find_bin
from bc_lib.runtime.portpick import HOST, pick

FILE = "place.json"
NODES = ("fra", "ams")
NAME = "orders-db"  # the pair's
DATABASE = "postgres"
ACCOUNTS = ("superuser", "bc_monitor", "bc_execution", "bc_client", "agent")
SETTINGS = {
    "wal_log_hints": "on",
    "shared_buffers": "32MB",
    "max_connections": "60",
    "wal_keep_size": "64MB",
    "wal_retrieve_retry_interval": "200ms",
    "max_replication_slots": "8",
    "max_prepared_transactions": "5",
}


@dataclass(frozen=True, slots=True)
class Place:
    """`ports`: of fra, ams, the hosts' API and the shared database. `passwords`: by account, never printed."""

    root: Path
    programs: Path
    ports: Mapping[str, int]
    passwords: Mapping[str, str] = field(repr=False)
    settings: Mapping[str, str] = field(default_factory=lambda: dict(SETTINGS))

    @property
    def account(self) -> Account | None:
        """Whom the servers run as."""
        return server_account()

    @property
    def passfile(self) -> Path:
        """libpq reads the superuser's password from here."""
        return self.root / "passfile"

    @property
    def url(self) -> str:
        """Where the hosts' API is."""
        return f"http://{HOST}:{self.ports['hosts']}"

    @property
    def journals(self) -> Path:
        """The hosts' own journals, one file a node: the judge."""
        return self.root / "host"

    def journal(self, node: str) -> Path:
        """One node's."""
        return self.journals / f"{NAME}-{node}.jsonl"

    def superuser(self, *nodes: str) -> str:
        """A connection string of the superuser; several nodes: whichever takes writes."""
        return self._conninfo(nodes, user="postgres", passfile=str(self.passfile))

    def client(self) -> str:
        """The clients' own address: both nodes, whichever takes writes."""
        return self._conninfo(NODES, user="bc_client", password=self.passwords["bc_client"])

    def _conninfo(self, nodes: tuple[str, ...], **who: str) -> str:
        many = {"target_session_attrs": "read-write"} if len(nodes) > 1 else {}
        hosts, ports = ",".join(HOST for _ in nodes), ",".join(str(self.ports[node]) for node in nodes)
        # The library quotes: the folder of a passfile may hold blanks and quotes.
        return make_conninfo(host=hosts, port=ports, dbname=DATABASE, connect_timeout=2, **who, **many)

    def save(self) -> None:
        """Put it where `load` finds it, for us alone."""
        plain = asdict(self) | {"root": str(self.root), "programs": str(self.programs)}
        private(self.root / FILE, json.dumps(plain, indent=1))
        private(self.passfile, f"*:*:*:postgres:{self.passwords['superuser']}\n")
        if (account := self.account) is not None:
            os.chown(self.passfile, account.uid, account.gid)


def private(path: Path, text: str) -> None:
    """A file that nobody else may read."""
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def load(root: Path) -> Place | None:
    """The place that was made there; None where none was."""
    try:
        plain = json.loads((root / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Place(**plain | {"root": Path(plain["root"]), "programs": Path(plain["programs"])})


def make(root: Path, programs: Path | None = None, superuser: str = "", **settings: str) -> Place:
    """A new one below `root`, saved. `superuser`: its password, where somebody else must know it."""
    account = server_account()
    owned_folder(root, None, 0o755)
    taken: set[int] = set()
    for _ in range(4):
        taken.add(pick(random.randrange(30000, 40000), taken))
    passwords = {name: secrets.token_hex(12) for name in ACCOUNTS}
    if superuser:
        passwords["superuser"] = superuser
    found = Place(
        root=root,
        programs=programs or find_bin(account, root / "programs"),
        ports=dict(zip(("fra", "ams", "hosts", "shared"), sorted(taken), strict=True)),
        passwords=passwords,
        settings={**SETTINGS, **settings},
    )
    found.save()
    return found


def campaign_folder(name: str = "campaign") -> Path:
    """Below the data folder, or where the servers' account can reach it."""
    wanted = project_data() / name
    return wanted if reachable_by(wanted / "x", server_account()) else FALLBACK / name
