"""VERIFY: a write through the clients' own address, with the clients' own account. The RTO clock stops here."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bc_lib.connectors.postgresql.endpoint import connection_keywords
from bc_lib.connectors.postgresql.execution import statements
from bc_lib.connectors.postgresql.execution.ground import Ground
from bc_lib.connectors.postgresql.execution.link import CONNECT_S, Link, connected
from bc_lib.connectors.postgresql.execution.names import resolve
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.execution.actions import MarkName
from bc_lib.domain.inventory import Endpoint
from bc_lib.domain.observation import Reach
from bc_lib.ports.mechanism import MarkFn, StepFailed

TRY_AGAIN_S = 0.02
# Where the endpoints differ in anything else, libpq's one connection string cannot hold them all.
PER_HOST = ("host", "hostaddr", "port")


def client_link(ground: Ground) -> Link:
    """A writable connection as clients make it: one connection string with every host. Raises Trouble,
    CredentialUnavailable."""
    credential = ground.vault.get(ground.execution.client_secret)
    found: list[dict[str, str]] = []
    usable: list[Endpoint] = []
    trouble: Trouble | None = None
    for endpoint in ground.resource.endpoints:
        try:
            addresses = resolve(ground.resource, endpoint, CONNECT_S)
        except Trouble as error:
            trouble = error
            continue
        found.append(connection_keywords(endpoint, addresses[:1], credential, CONNECT_S))
        usable.append(endpoint)
    if not found:
        raise trouble or Trouble(Reach.ERROR, f"{ground.resource.name} has no address at all.")
    links = _strings(found)
    for place, keywords in enumerate(links):
        wanted = {"application_name": ground.work.actor, "target_session_attrs": "read-write"}
        try:
            return connected(usable[0] if len(links) == 1 else usable[place], credential, keywords | wanted)
        except Trouble as error:
            trouble = error
    raise trouble or Trouble(Reach.ERROR, "Nobody takes writes.")


def verify_write(ground: Ground, mark: MarkFn) -> dict[str, Any]:
    """Write until it is acknowledged by the target, and say when. Raises StepFailed, CredentialUnavailable."""
    began, tries, last = time.monotonic(), 0, "no time was left"
    while ground.left_s() > 0.2 or not tries:
        tries += 1
        try:
            with client_link(ground) as link:
                landed = write(link, ground.work.request)
            at = datetime.now(UTC)
            _on_target(ground, landed)
        except Trouble as trouble:
            last = trouble.sentence
            time.sleep(TRY_AGAIN_S)
            continue
        facts = {**landed, "written_at": at.isoformat(), "tries": tries}
        mark(MarkName.WRITTEN, facts)
        return {**facts, "waited_s": round(time.monotonic() - began, 4)}
    raise StepFailed(f"No write through the clients' address of {ground.resource.name} was acknowledged: {last}")


def write(link: Link, run: str) -> dict[str, Any]:
    """One acknowledged row, and which server has it. Raises Trouble."""
    link.rows(statements.WRITE_PROBE, run)
    in_recovery, system_identifier, started_at, timeline, lsn = link.row(statements.PRIMARY_NOW)
    if in_recovery:
        raise Trouble(Reach.ERROR, f"{link.where} answered as a standby.")
    return {
        "system_identifier": system_identifier,
        "server_started_at": started_at.isoformat(),
        "timeline": timeline,
        "lsn": lsn,
        "port": link.connection.info.port,
    }


def _on_target(ground: Ground, landed: dict[str, Any]) -> None:
    """Raises StepFailed where another server took the write; Trouble where the target cannot be asked."""
    with ground.open(ground.target) as link:
        _, system_identifier, started_at, timeline, _ = link.row(statements.PRIMARY_NOW)
    seen = (landed["system_identifier"], landed["server_started_at"], landed["timeline"])
    if seen != (system_identifier, started_at.isoformat(), timeline):
        raise StepFailed(
            f"The clients' write landed at port {landed['port']} on timeline {landed['timeline']}, not at "
            f"{ground.target.place}: two servers take writes, or the clients' address leads elsewhere.",
            facts=landed,
        )


def _strings(found: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    rest = [{name: value for name, value in one.items() if name not in PER_HOST} for one in found]
    if any(one != rest[0] for one in rest):
        return list(found)
    return [rest[0] | {name: ",".join(one[name] for one in found) for name in PER_HOST}]
