"""What one call of the mechanism stands on: both nodes, their connections, their hosts, and the time left."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self

from bc_lib.connectors.postgresql.execution.link import CONNECT_S, Link, open_link
from bc_lib.connectors.postgresql.execution.sight import Sight, look
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.inventory import Endpoint, Execution, Resource
from bc_lib.domain.observation import Reach
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.states import RequestType
from bc_lib.ports.host_control import (
    HostControl,
    HostRefused,
    HostSecretUnavailable,
    HostState,
    HostUnknown,
    HostUnreachable,
)
from bc_lib.ports.mechanism import CredentialUnavailable, StepFailed, Work
from bc_lib.ports.secrets import Credential, InvalidReference, SecretResolver, SecretUnavailable

HostFor = Callable[[Resource], HostControl | None]
"""The hosts of one resource; None where a person acts on them."""


@dataclass(slots=True)
class Vault:
    """Credentials; one that was had once is kept, so that a sealed secrets manager stops no move half-way (F31)."""

    secrets: SecretResolver
    known: dict[str, Credential] = field(default_factory=dict)

    def get(self, reference: str) -> Credential:
        """The credential. Raises CredentialUnavailable."""
        try:
            found = self.secrets.credential(reference)
        except (SecretUnavailable, InvalidReference) as error:
            if reference in self.known:
                return self.known[reference]
            raise CredentialUnavailable(str(error)) from None
        self.known[reference] = found
        return found


@dataclass(slots=True)
class Ground:
    """Used as a context: its connections end with it. `target` becomes the primary, `old` is or was it.

    `missed`: why a secret could not be had in this call; empty: none was missed.
    """

    work: Work
    vault: Vault
    hosts: HostControl | None
    target: Endpoint = field(init=False)
    old: Endpoint = field(init=False)
    links: list[Link] = field(default_factory=list)
    missed: str = ""

    def __post_init__(self) -> None:
        self.target = self.endpoint(self.work.step.node or self._planned("to_node"))
        self.old = self.endpoint(self.work.step.peer or self._planned("from_node"))

    @property
    def resource(self) -> Resource:
        """The resource of the step."""
        return self.work.resource

    @property
    def plan(self) -> Plan:
        """The approved plan."""
        return self.work.plan

    @property
    def urgent(self) -> bool:
        """True for a failover: the old primary may be lost."""
        return self.work.plan.type is RequestType.FAILOVER

    @property
    def execution(self) -> Execution:
        """Raises StepFailed where the resource is watched only."""
        if self.resource.execution is None:
            raise StepFailed(f"{self.resource.name} has no execution account in the inventory; it is watched only.")
        return self.resource.execution

    @property
    def others(self) -> tuple[Endpoint, ...]:
        """Further standbys."""
        mine = {self.target.node, self.old.node}
        return tuple(one for one in self.resource.endpoints if one.node not in mine)

    def endpoint(self, node: str) -> Endpoint:
        """A node by name. Raises StepFailed."""
        found = next((one for one in self.resource.endpoints if one.node == node), None)
        if found is None:
            raise StepFailed(f"{self.resource.name} has no node {node or '(none named)'} in the inventory; plan again.")
        return found

    def open(self, endpoint: Endpoint, connect_s: float = CONNECT_S, database: str = "") -> Link:
        """A new connection with the execution account, to another `database` of that server where one is named.

        Raises Trouble, CredentialUnavailable, StepFailed.
        """
        credential = self._secret(self.execution.secret)
        link = open_link(self.resource, endpoint, credential, self.work.actor, connect_s=connect_s, database=database)
        self.links.append(link)
        return link

    def need_what_was_missed(self) -> None:
        """Before anything is touched: raises CredentialUnavailable where a secret was missed in this call."""
        if self.missed:
            raise CredentialUnavailable(self.missed)

    def _secret(self, reference: str) -> Credential:
        try:
            return self.vault.get(reference)
        except CredentialUnavailable as error:
            self.missed = self.missed or str(error)
            raise

    def left_s(self) -> float:
        """Seconds until nothing may have an effect any more; negative afterwards."""
        now, right = datetime.now(UTC), self.work.effect_by
        # A lease that is renewed goes on; one that has ended stops everything at once.
        return ((self.work.deadline if right > now else right) - now).total_seconds()

    def host_state(self, node: str, timeout_s: float = 3.0) -> tuple[HostState | None, str]:
        """What the host says, or why it says nothing."""
        if self.hosts is None:
            return None, f"the host of {self.resource.place(node)} is not under our control"
        try:
            return self.hosts.state(node, timeout_s), ""
        except HostSecretUnavailable as error:
            self.missed = self.missed or str(error)
            return None, str(error)
        except (HostUnreachable, HostUnknown, HostRefused) as error:
            return None, str(error)

    def sight(self, endpoint: Endpoint) -> Sight:
        """One node by SQL and by its host; trouble is part of what is seen. Raises CredentialUnavailable."""
        asked = datetime.now(UTC)
        host, host_trouble = self.host_state(endpoint.node)
        ahead_s, within_s = _clock_of(host, asked, datetime.now(UTC))
        try:
            link = self.open(endpoint)
            try:
                return look(link, heartbeat=self.resource.heartbeat is not None, host=host, host_trouble=host_trouble)
            except (KeyError, TypeError, ValueError, AttributeError):
                raise Trouble(Reach.ERROR, f"The server at {link.where} gave figures that make no sense.") from None
        except Trouble as trouble:
            return Sight(
                endpoint=endpoint,
                reach=trouble.reach,
                trouble=trouble.sentence,
                ahead_s=ahead_s,
                within_s=within_s,
                host=host,
                host_trouble=host_trouble,
            )

    def close(self) -> None:
        """End every connection."""
        for link in self.links:
            with contextlib.suppress(Exception):
                link.close()
        self.links.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _planned(self, field_name: str) -> str:
        for target in self.plan.targets:
            if target.resource == self.resource.name:
                return str(getattr(target, field_name))
        return ""


def _clock_of(host: HostState | None, asked: datetime, answered: datetime) -> tuple[float | None, float | None]:
    """How far a host's clock is ahead of ours and to within what: the server that is down there went by it."""
    if host is None or host.clock is None:
        return None, None
    within = (answered - asked) / 2
    return (host.clock - (asked + within)).total_seconds(), within.total_seconds()
