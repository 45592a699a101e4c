"""Settings of this deployment: environment variables `BC_*`, else what `bcctl up` recorded, else defaults.

Times are seconds unless the name says days or months.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bc_lib.runtime import secretsfile, state
from bc_lib.runtime.folders import project_data
from bc_lib.runtime.jsonfile import read_object

SUPERVISED = "BC_SUPERVISED"
TASK_URLS = "BC_TASK_URLS"
DAY_S = 86_400.0


class ConfigError(RuntimeError):
    """A setting is missing or wrong; the message is one sentence that says what to do."""


class DeploymentEnv(StrEnum):
    """Where this tool runs. Not the environment of a monitored resource."""

    DEMO = "demo"
    DEV = "dev"
    TEST = "test"
    PROD = "prod"


class DbRole(StrEnum):
    """Login roles of the shared database; each process gets the URL of its own only."""

    OWNER = "owner"
    UI = "ui"
    POLLER = "poller"
    RUNNER = "runner"
    KEEPER = "keeper"
    READER = "reader"
    SIGNER = "signer"
    SIGN_ON = "sign_on"

    @property
    def login(self) -> str:
        """The role's name in PostgreSQL."""
        return f"bc_{self.value}"

    @property
    def variable(self) -> str:
        """The environment variable that gives its URL."""
        return f"BC_DATABASE_URL_{self.name}"


def _recorded_environment() -> DeploymentEnv:
    running = state.read_alive(project_data())
    return DeploymentEnv(running.environment) if running else DeploymentEnv.DEV


class Settings(BaseSettings):
    """Everything that may be set from outside, typed. `BC_ENV=prod` and so on."""

    model_config = SettingsConfigDict(env_prefix="BC_", extra="ignore", frozen=True)

    env: DeploymentEnv = Field(default_factory=_recorded_environment)
    data_dir: Path = Field(default_factory=project_data)
    database_url: str | None = Field(
        default=None, description="superuser's URL of a server of your own; none: the embedded one"
    )
    ui_port: int = Field(default=8501, ge=1024, le=65535)
    airflow_port: int = Field(default=8580, ge=1024, le=65535)
    database_port: int = Field(default=25430, ge=1024, le=65535)
    start_timeout_s: float = Field(default=240.0, gt=0)
    min_disk_mb: int = Field(default=2000, ge=0)
    min_memory_mb: int = Field(default=2000, ge=0)
    check_timeout_s: float = Field(default=4.0, gt=0)
    raw_retention_days: int = Field(default=30, ge=1)
    bucket_retention_months: int = Field(default=13, ge=1)
    drill_days_tier_1: int = Field(default=180, ge=1, description="how long a live drill of a critical system counts")
    drill_days_tier_2: int = Field(default=365, ge=1)
    runbooks_dir: Path | None = Field(
        default=None, description="where runbooks for paper are kept; none: runbooks in the data folder"
    )
    checkpoints: str | None = Field(
        default=None, description="where audit checkpoints go, separated by commas; none: a folder of the data folder"
    )

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.absolute()

    @field_validator("database_url", "checkpoints", "runbooks_dir", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return value or None

    @property
    def drill_periods_s(self) -> dict[int, float]:
        """How many seconds a successful live drill counts, by tier."""
        return {1: self.drill_days_tier_1 * DAY_S, 2: self.drill_days_tier_2 * DAY_S}

    @property
    def runbooks(self) -> Path:
        """Where runbooks for paper are kept: files, so that they are there when the database is not."""
        return (self.runbooks_dir or self.data_dir / "runbooks").absolute()

    @property
    def logs(self) -> Path:
        """Where every process writes its log."""
        return self.data_dir / "logs"


def load() -> Settings:
    """The settings as they are now. Raises pydantic.ValidationError."""
    return Settings()


def database_url(role: DbRole | str, settings: Settings | None = None) -> str:
    """SQLAlchemy URL (`postgresql+psycopg://`) of a login role, given as `poller` or `bc_poller`.

    From BC_DATABASE_URL_<ROLE>; in tasks from the role's own file in BC_TASK_URLS; else from secrets.json with
    BC_DATABASE_URL's or the embedded server's address. A process that `bcctl up` started gets the first two only.
    Raises ConfigError.
    """
    wanted = DbRole(str(role).removeprefix("bc_"))
    if _only and wanted not in _only:
        raise ConfigError(
            f"This process works as {', '.join(role.login for role in _only)} only, not as {wanted.login}."
        )
    given = os.environ.get(wanted.variable) or _task_url(wanted)
    if given:
        return with_driver(given)
    if os.environ.get(SUPERVISED):
        raise ConfigError(
            f"This process was not given the database role {wanted.login}; {wanted.variable} is not set in it."
        )
    chosen = settings or load()
    password = secretsfile.load(chosen.data_dir).get(wanted.login)
    if not password:
        raise ConfigError(
            f"No password for {wanted.login} in {chosen.data_dir}: run bcctl up first, or set {wanted.variable}."
        )
    return role_url(server_address(chosen), wanted.login, password, "bc")


def has_url(role: DbRole) -> bool:
    """Whether this process was given this role's URL, and may use it."""
    return (not _only or role in _only) and bool(os.environ.get(role.variable) or _task_url(role))


@contextmanager
def only(*roles: DbRole) -> Iterator[None]:
    """From here on this process asks for no other role's URL: a slip in it opens nothing else."""
    global _only  # noqa: PLW0603 - of the process, as the environment is
    before, _only = _only, roles
    try:
        yield
    finally:
        _only = before


_only: tuple[DbRole, ...] = ()


def task_file(folder: Path, role: DbRole) -> Path:
    """Where a task finds the URL of its role."""
    return folder / f"{role.login}.json"


def _task_url(role: DbRole) -> str | None:
    folder = os.environ.get(TASK_URLS)
    found = read_object(task_file(Path(folder), role)) if folder else None
    return str(found["url"]) if found else None


def server_address(settings: Settings) -> str:
    """host:port of the shared database's server. Raises ConfigError where none runs."""
    if settings.database_url:
        return urlsplit(settings.database_url).netloc.rpartition("@")[2]
    running = state.read_alive(settings.data_dir)
    if running is None:
        raise ConfigError("Nothing is running here: start it with bcctl up, or give BC_DATABASE_URL.")
    return f"127.0.0.1:{running.ports['database']}"


def role_url(address: str, login: str, password: str, database: str) -> str:
    """A URL from its parts; login and password are quoted."""
    return (
        f"postgresql+psycopg://{quote(login, safe='')}:{quote(password, safe='')}@{address}/{quote(database, safe='')}"
    )


def with_driver(url: str) -> str:
    """`url` with psycopg 3 named as the driver, which SQLAlchemy and Airflow need. Raises ConfigError."""
    parts = urlsplit(url)
    if parts.scheme.partition("+")[0] not in {"postgresql", "postgres"}:
        raise ConfigError("A database URL must begin with postgresql+psycopg://.")
    return urlunsplit(parts._replace(scheme="postgresql+psycopg"))
