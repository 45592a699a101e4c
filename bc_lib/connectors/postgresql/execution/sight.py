"""One node seen from everywhere we can look: its own SQL, and its host."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg

from bc_lib.connectors.postgresql import queries
from bc_lib.connectors.postgresql.errors import is_section_trouble, to_trouble
from bc_lib.connectors.postgresql.execution import statements
from bc_lib.connectors.postgresql.execution.link import Link
from bc_lib.connectors.postgresql.parse import parse
from bc_lib.connectors.postgresql.session import answer
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.inventory import Endpoint
from bc_lib.domain.observation import NodeFacts, Reach, Role
from bc_lib.ports.host_control import HostState


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What was seen of one node. `more`: answers of statements.MORE. `host_trouble` is empty if the host answered."""

    endpoint: Endpoint
    reach: Reach
    trouble: str = ""
    facts: NodeFacts | None = None
    more: Mapping[str, Any] = field(default_factory=dict)
    ahead_s: float | None = None
    within_s: float | None = None
    host: HostState | None = None
    host_trouble: str = ""

    @property
    def node(self) -> str:
        """Its name in the inventory."""
        return self.endpoint.node

    @property
    def place(self) -> str:
        """Where it is, as people read it."""
        return self.endpoint.place

    @property
    def role(self) -> Role | None:
        """None: it did not answer."""
        return self.facts.role if self.facts else None

    @property
    def stranger(self) -> str:
        """The sentence for a server that does not know us where the host says that ours is stopped; else empty."""
        if self.reach is not Reach.CREDENTIAL or self.host is None or self.host.running is not False:
            return ""
        return (
            f"Another server answers at the address of {self.place} and refuses us: its host says that ours is stopped."
        )


def look(link: Link, *, heartbeat: bool, host: HostState | None = None, host_trouble: str = "") -> Sight:
    """Everything a reachable server tells. Raises Trouble."""
    facts = parse(*_sections(link, heartbeat))
    (more,) = link.row(statements.more(link.version))
    return Sight(
        endpoint=link.endpoint,
        reach=Reach.OK,
        facts=facts,
        more=more,
        ahead_s=link.ahead.total_seconds(),
        within_s=link.ahead_within.total_seconds(),
        host=host,
        host_trouble=host_trouble,
    )


def _sections(link: Link, heartbeat: bool) -> tuple[dict[str, Any], dict[str, str]]:
    names = queries.section_names(link.version, heartbeat)
    try:
        return _ask(link, names), {}
    except psycopg.Error as error:
        if not is_section_trouble(error):
            raise to_trouble(error, link.where, link.credential) from None
    answers: dict[str, Any] = {}
    failed: dict[str, str] = {}
    for name in names:
        try:
            answers |= _ask(link, (name,))
        except psycopg.Error as error:
            if name == queries.NODE.name or not is_section_trouble(error):
                raise to_trouble(error, link.where, link.credential) from None
            failed[name] = str(error.sqlstate)
    return answers, failed


def _ask(link: Link, names: tuple[str, ...]) -> dict[str, Any]:
    (row,) = link.raw(queries.combined(names, link.version))
    try:
        return answer(row, link.connection)
    except psycopg.DataError:
        raise Trouble(
            Reach.ERROR, f"The server at {link.where} gave figures that make no sense; is it PostgreSQL?"
        ) from None
