"""Composition of what acts: the runner, as bc_runner, with execution secrets that no other process resolves."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

from bc_lib import config
from bc_lib.bootstrap import gate
from bc_lib.config import DbRole
from bc_lib.domain.inventory import Resource
from bc_lib.ports.host_control import HostControl
from bc_lib.ports.secrets import SecretResolver
from bc_lib.services.execution.parts import Execution
from bc_lib.services.passes import Pass

DEMO_FILES = ("demo/demo.env", "demo/execution.env")
KNOWN_HOSTS, DEFAULT_KNOWN_HOSTS = "BC_SSH_KNOWN_HOSTS", "/etc/bc/known_hosts"
TTL_S = "BC_RUN_LEASE_S"


def execution(holder: str, role: DbRole = DbRole.RUNNER) -> Execution:
    """A runner's parts. `holder` names this process for people who look at leases. Raises config.ConfigError."""
    from bc_lib.connectors.mechanisms import LazyMechanisms
    from bc_lib.integrations.secrets.kept import KeptSecrets

    known = KeptSecrets(secrets())
    return Execution(
        gate=gate(role),
        mechanisms=LazyMechanisms(known, hosts(known)),
        holder=holder,
        ttl_s=_ttl_s(),
    )


def secrets() -> SecretResolver:
    """References to values. In the demo the accounts that act are added to those that watch."""
    from bc_lib.integrations.secrets.resolver import Resolver

    settings = config.load()
    demo = settings.env is config.DeploymentEnv.DEMO
    found = {key: value for name in DEMO_FILES if demo for key, value in _lines(settings, name).items()}
    return Resolver({**found, **os.environ})


def hosts(known: SecretResolver) -> Callable[[Resource], HostControl | None]:
    """The hosts of a resource, where an agent or bc-host obeys us on them; BC_SSH_KNOWN_HOSTS: the latter's keys."""

    @cache
    def of(resource: Resource) -> HostControl | None:
        from bc_lib.integrations.host_control.choosing import hosts_of

        return hosts_of(resource, known, Path(os.environ.get(KNOWN_HOSTS) or DEFAULT_KNOWN_HOSTS))

    return of


def refresh_prechecks(holder: str, looked: Pass) -> str:
    """Prechecks of requests that wait for people, made again where they are old, as a part of a pass; says how many."""
    from bc_lib.services.execution.prechecks import refresh

    ex = execution(holder)
    try:
        return f"{refresh(ex, looked)} prechecks made again"
    finally:
        ex.mechanisms.close()


def answer_checks(holder: str) -> int:
    """Look at both sites for everybody who asked what stands against a move; how many."""
    from bc_lib.services.execution.blockers import answer_checks as answer

    if not gate(DbRole.RUNNER).store.read.checks_asked():
        return 0
    ex = execution(holder)
    try:
        return answer(ex)
    finally:
        ex.mechanisms.close()


def _ttl_s() -> float:
    """BC_RUN_LEASE_S, else 30 s. Raises config.ConfigError."""
    given = os.environ.get(TTL_S, "30")
    try:
        found = float(given)
    except ValueError:
        found = 0.0
    if not 2.0 <= found <= 300.0:
        raise config.ConfigError(f"{TTL_S} must be 2 to 300 seconds.")
    return found


def _lines(settings: config.Settings, name: str) -> dict[str, str]:
    try:
        lines = (settings.data_dir / name).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
