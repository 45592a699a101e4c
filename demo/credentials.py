"""Passwords of the demo, made once; they live in files of mode 0600 below the data folder and nowhere else."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from bc_lib.runtime.account import Account
from demo.refusal import CannotStart
from demo.statefile import write_private

MONITOR = "bc_monitor"
REPLICATOR = "bc_replicator"
BEATER = "bc_beater"
APPLICATION = "shop_app"
EXECUTION = "bc_execution"
CLIENT = "bc_client"
MAILBOXES = {
    "BC_DEMO_MAIL_URL": "ops",
    "BC_DEMO_SECURITY_DESK_URL": "security-desk",
    "BC_DEMO_SECURITY_LEAD_URL": "security-lead",
}


@dataclass(frozen=True, slots=True)
class Passwords:
    """One password a login role, and the token of orders to the hosts."""

    superuser: str
    monitor: str
    replicator: str
    beater: str
    application: str
    execution: str
    client: str
    host: str


ADDED_LATER = {"execution", "client", "host"}


def load_or_make(path: Path) -> tuple[Passwords, bool]:
    """The passwords, and whether all were made just now; those that an older demo had not are added."""
    known: dict[str, str] = {}
    if path.exists():
        try:
            known = dict(json.loads(path.read_text()))
            given = {item.name for item in fields(Passwords)} - ADDED_LATER
            if not given <= set(known) or not all(isinstance(word, str) for word in known.values()):
                raise ValueError("a password is missing")
        except (ValueError, TypeError) as error:
            raise CannotStart(f"{path} is damaged; remove the folder {path.parent} to build the demo anew.") from error
    made = Passwords(**{item.name: known.get(item.name) or secrets.token_urlsafe(24) for item in fields(Passwords)})
    if asdict(made) != known:
        write_private(path, json.dumps(asdict(made), indent=2) + "\n")
    return made, not known


def write_environment(path: Path, passwords: Passwords, smtp_port: int) -> None:
    """demo.env: what the estate file's `env:` references mean."""
    address = f"mailto://127.0.0.1:{smtp_port}/?from=monitor@demo.example&mode=insecure&to="
    values = {"BC_DEMO_MONITOR": f"{MONITOR}:{passwords.monitor}"}
    values |= {name: f"{address}{mailbox}@demo.example" for name, mailbox in MAILBOXES.items()}
    write_private(path, "".join(f"{name}={value}\n" for name, value in values.items()))


def write_execution_environment(path: Path, passwords: Passwords) -> None:
    """execution.env: what only the runner may know (S8). Monitor, pages and Airflow's parsers never read it."""
    values = {
        "BC_DEMO_EXECUTION": f"{EXECUTION}:{passwords.execution}",
        "BC_DEMO_CLIENT": f"{CLIENT}:{passwords.client}",
        "BC_DEMO_HOST": f"agent:{passwords.host}",
    }
    write_private(path, "".join(f"{name}={value}\n" for name, value in values.items()))


def write_passfile(path: Path, passwords: Passwords, account: Account | None) -> None:
    """libpq's password file for the standbys' replication connection, owned by the servers' account."""
    write_private(path, f"*:*:*:{REPLICATOR}:{passwords.replicator}\n")
    if account is not None:
        os.chown(path, account.uid, account.gid)
