"""What the execution part of a resource must satisfy (S8, A12, A13): secrets of its own, nothing smuggled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from bc_lib.domain.execution.overriding import never
from bc_lib.domain.inventory import CheckKind, Execution, IntegrityCheck, Platform, Resource, TrafficKind
from bc_lib.domain.names import InvalidName, check_name

REFERENCE = re.compile(r"(?:env:[A-Za-z_][A-Za-z0-9_]{0,127}|vault:[A-Za-z0-9_][A-Za-z0-9_./-]{0,255})\Z", re.ASCII)
TABLE = re.compile(r"[a-z_][a-z0-9_$]{0,62}(?:\.[a-z_][a-z0-9_$]{0,62})?\Z", re.ASCII)
SSH_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?"
SSH = re.compile(rf"ssh:[a-z_][a-z0-9_-]{{0,31}}@{SSH_HOST}(?::[0-9]{{1,5}})?\Z", re.ASCII)
PATH = re.compile(r"(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)*/?\Z", re.ASCII)
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
MAX_QUERY, MAX_CHECKS = 2000, 50


def execution_troubles(resource: Resource) -> Iterator[tuple[str, str]]:
    """Field and sentence of each trouble; nothing where the resource is monitored only."""
    for place, endpoint in enumerate(resource.endpoints):
        if endpoint.host_control is not None and not host_control_fits(endpoint.host_control):
            yield (
                f"endpoints.{place}.host_control",
                "host_control must be agent:https://HOST:PORT/PATH (http on loopback only) or ssh:USER@HOST",
            )
    found = resource.execution
    if found is None:
        return
    if resource.platform is not Platform.POSTGRESQL:
        yield "execution", f"execution is not available for {resource.platform.value}; it is monitored only"
        return
    yield from _secrets(resource, found)
    for place, name in enumerate(found.allow_overrides):
        if never(name):
            yield f"execution.allow_overrides.{place}", f"{name} can never be overridden; take it off the list"
    if (found.webhook is not None) is not (found.traffic is TrafficKind.WEBHOOK):
        yield "execution.webhook", "webhook is needed with traffic: webhook, and with nothing else"
    elif found.webhook is not None and not address_fits(found.webhook):
        yield "execution.webhook", "webhook must be https://HOST:PORT/PATH; http is for loopback only"
    if len(found.integrity) > MAX_CHECKS:
        yield "execution.integrity", f"at most {MAX_CHECKS} integrity checks are possible"
    names = [check.name for check in found.integrity]
    for place, check in enumerate(found.integrity):
        trouble = _check(check, names[:place])
        if trouble:
            yield f"execution.integrity.{place}", trouble


def host_control_fits(text: str) -> bool:
    """Whether a host control address has one of the two allowed forms."""
    return address_fits(text[len("agent:") :]) if text.startswith("agent:") else SSH.match(text) is not None


def address_fits(text: str) -> bool:
    """Whether `text` is an https address (http on loopback) without user, query or fragment."""
    try:
        parts: SplitResult = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    plain = not (parts.username or parts.password or parts.query or parts.fragment) and len(text) <= MAX_QUERY
    secure = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
    return bool(plain and secure and host and text.isascii() and text.isprintable() and PATH.match(parts.path))


def _secrets(resource: Resource, found: Execution) -> Iterator[tuple[str, str]]:
    monitoring = {endpoint.secret for endpoint in resource.endpoints}
    for field in ("secret", "client_secret", "host_secret"):
        value = getattr(found, field)
        if value is None:
            continue
        if not REFERENCE.match(value):
            yield f"execution.{field}", f"{field} must be a reference (env:NAME or vault:PATH), never a value"
        elif value in monitoring:
            yield f"execution.{field}", f"{field} is the monitoring secret too; acting needs an account of its own"
    if found.secret == found.client_secret:
        yield "execution.client_secret", "client_secret must be the clients' account, not the execution account"
    needs = any((one.host_control or "").startswith("agent:") for one in resource.endpoints)
    if needs and found.host_secret is None:
        yield "execution.host_secret", "host_secret is needed where a host is controlled by an agent"


def _check(check: IntegrityCheck, earlier: list[str]) -> str | None:
    try:
        check_name("integrity check", check.name)
    except InvalidName as error:
        return str(error)
    if check.name in earlier:
        return f"the check {check.name} is given twice"
    if check.kind is CheckKind.QUERY:
        fits = check.table is None and check.query is not None and _one_select(check.query)
        return None if fits else "a query check needs query: one SELECT without a semicolon, and no table"
    fits = check.query is None and check.table is not None and TABLE.match(check.table) is not None
    return None if fits else f"a {check.kind.value} check needs table: schema.table in plain lower-case letters"


def _one_select(query: str) -> bool:
    shown = query.isprintable() or all(char.isprintable() or char == "\n" for char in query)
    return shown and len(query) <= MAX_QUERY and ";" not in query and query.lstrip().lower().startswith("select ")
