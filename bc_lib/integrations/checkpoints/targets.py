"""BC_CHECKPOINTS read: where checkpoints go, as values. No network, no secret is resolved here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from bc_lib.ports.secrets import InvalidReference, SecretResolver

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
FORMS = (
    "directory:/path, s3://bucket/prefix?..., syslog+tls://host:6514?..., "
    "syslog+tcp:// on loopback, syslog+unix:///dev/log"
)
YEAR_DAYS, MOST_DAYS = 365, 36500


class InvalidTarget(ValueError):
    """A target that cannot be used as it is written; one sentence that repeats no secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryTarget:
    """A folder."""

    path: Path

    @property
    def name(self) -> str:
        """What people call it."""
        return f"directory:{self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Target:
    """A bucket with object lock. `credential`: a secret reference. `endpoint`: None is the provider's own."""

    bucket: str
    prefix: str
    credential: str
    endpoint: str | None = None
    region: str = "us-east-1"
    ca: Path | None = None
    retention_days: int = YEAR_DAYS

    @property
    def name(self) -> str:
        """What people call it."""
        at = f" at {urlsplit(self.endpoint).netloc}" if self.endpoint else ""
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/") + at


@dataclass(frozen=True, slots=True, kw_only=True)
class SyslogTarget:
    """A syslog receiver. `path`: a local socket; else `host` and `port`, with TLS unless `plain`."""

    host: str = ""
    port: int = 0
    path: Path | None = None
    plain: bool = False
    ca: Path | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        if self.path is not None:
            return f"syslog+unix://{self.path}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"syslog+{'tcp' if self.plain else 'tls'}://{host}:{self.port}"


Target = DirectoryTarget | S3Target | SyslogTarget


def file_stem(target: Target) -> str:
    """A file name for what is remembered of a target; other parameters of the same place keep it."""
    kind = type(target).__name__.removesuffix("Target").lower()
    return f"{kind}-{hashlib.sha256(target.name.encode()).hexdigest()[:16]}"


def read_targets(text: str, secrets: SecretResolver) -> tuple[Target, ...]:
    """Targets separated by commas (%2C is a comma within one). Raises InvalidTarget."""
    found = tuple(read_target(part.strip(), secrets) for part in text.split(",") if part.strip())
    names = [target.name for target in found]
    if len(set(names)) != len(names):
        raise InvalidTarget("BC_CHECKPOINTS names one place twice; name each once.")
    if all(isinstance(target, SyslogTarget) for target in found):
        raise InvalidTarget(
            "BC_CHECKPOINTS needs a place that can be read back beside syslog: add directory:/path or s3://bucket."
        )
    return found


def read_target(text: str, secrets: SecretResolver) -> Target:
    """One target. Raises InvalidTarget."""
    kind = text.partition(":")[0].lower()
    if kind == "directory":
        path = Path(unquote(text.partition(":")[2]))
        if not path.is_absolute():
            raise InvalidTarget("A checkpoint directory is an absolute path: directory:/path.")
        return DirectoryTarget(path=path)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise InvalidTarget(f"A target of BC_CHECKPOINTS is no address; write {FORMS}.") from None
    if "@" in parts.netloc:
        raise InvalidTarget(
            "A target of BC_CHECKPOINTS holds a user or a password: write credential=REFERENCE instead."
        )
    if kind == "s3":
        return _s3(parts, secrets)
    if kind in {"syslog+tls", "syslog+tcp", "syslog+unix"}:
        return _syslog(parts, port)
    raise InvalidTarget(f"A target of BC_CHECKPOINTS is of no known kind; write {FORMS}.")


def _s3(parts: SplitResult, secrets: SecretResolver) -> S3Target:
    given = _parameters(parts, {"endpoint", "region", "credential", "ca", "retention_days"})
    if not parts.netloc:
        raise InvalidTarget("An object store needs its bucket: s3://bucket/prefix?credential=REFERENCE.")
    try:
        secrets.check(given.get("credential", ""))
    except InvalidReference as error:
        raise InvalidTarget(f"The credential of s3://{parts.netloc}: {error}") from None
    endpoint = given.get("endpoint")
    if endpoint is not None:
        _encrypted(endpoint)
    days = given.get("retention_days", str(YEAR_DAYS))
    if not days.isascii() or not days.isdigit() or not 1 <= int(days) <= MOST_DAYS:
        raise InvalidTarget(f"retention_days of s3://{parts.netloc} is a number of days from 1 to {MOST_DAYS}.")
    return S3Target(
        bucket=parts.netloc,
        prefix=unquote(parts.path).strip("/"),
        credential=given["credential"],
        endpoint=endpoint,
        region=given.get("region", "us-east-1"),
        ca=_file(given.get("ca")),
        retention_days=int(days),
    )


def _encrypted(endpoint: str) -> None:
    """TLS for everything that leaves the machine (SEC-004)."""
    try:
        at = urlsplit(endpoint)
        usable = at.scheme == "https" or (at.scheme == "http" and at.hostname in LOOPBACK)
        usable = usable and bool(at.hostname) and "@" not in at.netloc
    except ValueError:
        usable = False
    if not usable:
        raise InvalidTarget("The endpoint of an object store begins with https:// (http:// on loopback only).")


def _syslog(parts: SplitResult, port: int | None) -> SyslogTarget:
    if parts.scheme == "syslog+unix":
        _parameters(parts, set())
        path = Path(unquote(parts.path))
        if parts.netloc or not path.is_absolute():
            raise InvalidTarget("A local syslog socket is an absolute path: syslog+unix:///dev/log.")
        return SyslogTarget(path=path)
    plain = parts.scheme == "syslog+tcp"
    given = _parameters(parts, set() if plain else {"ca"})
    if not parts.hostname or parts.path.strip("/"):
        raise InvalidTarget("A syslog target is a host and a port: syslog+tls://host:6514.")
    if plain and parts.hostname not in LOOPBACK:
        raise InvalidTarget("syslog+tcp is for loopback only; use syslog+tls for a receiver on another machine.")
    return SyslogTarget(
        host=parts.hostname, port=port or (514 if plain else 6514), plain=plain, ca=_file(given.get("ca"))
    )


def _parameters(parts: SplitResult, known: set[str]) -> dict[str, str]:
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if parts.fragment or len(dict(pairs)) != len(pairs) or not set(dict(pairs)) <= known:
        raise InvalidTarget(
            f"A target {parts.scheme}:// takes these parameters, once each: {', '.join(sorted(known)) or 'none'} "
            "(write # as %23)."
        )
    return dict(pairs)


def _file(text: str | None) -> Path | None:
    if text is None:
        return None
    if not Path(text).is_file():
        raise InvalidTarget("The file named by ca= of a checkpoint target is not there.")
    return Path(text)
