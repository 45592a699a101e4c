"""Which processes `bcctl up` runs, in which order, each with nothing in its environment but what it needs."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bc_lib.config import SUPERVISED, TASK_URLS, DbRole, Settings, role_url, with_driver
from bc_lib.runtime import airflow_env, airflow_part, control, leftovers, probes
from bc_lib.runtime.folders import PROJECT
from bc_lib.runtime.secretsfile import AIRFLOW_ROLE, SUPERUSER
from bc_lib.runtime.unit import Ready, Unit, command_spawner

DROPPED = (
    "AIRFLOW",
    "STREAMLIT_",
    "BC_DATABASE_URL",
    "BC_AIRFLOW_DATABASE_URL",
    "BC_SUPERUSER_URL",
    TASK_URLS,
    "PYTHONPATH",
    "PYTHONHOME",
)
SHARED_DATABASE, AIRFLOW_SCHEMA, AGENT, ESTATE = "shared database", "airflow schema", "demo estate", "demo inventory"
UI, SIGNER, SIGN_ON = "pages", "audit signer", "sign-on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything the units are made from."""

    settings: Settings
    environment: str
    demo: bool
    ports: Mapping[str, int]
    secrets: Mapping[str, str]
    bin_folder: Path
    run_id: str

    @property
    def superuser_url(self) -> str:
        """The superuser's URL on the shared database's server."""
        given = self.settings.database_url
        return with_driver(given) if given else role_url(self.address, SUPERUSER, self.secrets[SUPERUSER], "postgres")

    @property
    def address(self) -> str:
        """host:port of the shared database's server."""
        given = self.settings.database_url
        return (
            given.partition("://")[2].partition("/")[0].rpartition("@")[2]
            if given
            else f"127.0.0.1:{self.ports['database']}"
        )

    @property
    def url(self) -> str:
        """The one address a person needs."""
        return f"http://localhost:{self.ports['pages']}"

    def base_env(self) -> dict[str, str]:
        """What every child gets: the caller's environment without anybody's database URL."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(DROPPED)}
        return kept | {
            "BC_ENV": self.environment,
            leftovers.MARKER: str(self.settings.data_dir),
            leftovers.RUN_MARKER: self.run_id,
            SUPERVISED: "1",
            "PYTHONPATH": str(PROJECT),
            "PYTHONUNBUFFERED": "1",
            "BC_UI_URL": self.url,
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "/usr/bin:/bin")]),
        }

    def role_env(self, *roles: DbRole) -> dict[str, str]:
        """The URLs of these roles, given one by one or made from the server's address."""
        made = {role: role_url(self.address, role.login, self.secrets[role.login], "bc") for role in roles}
        return {role.variable: os.environ.get(role.variable) or made[role] for role in roles}

    def airflow_env(self) -> dict[str, str]:
        """Settings of every Airflow process."""
        given = os.environ.get("BC_AIRFLOW_DATABASE_URL")
        connection = (
            with_driver(given) if given else role_url(self.address, AIRFLOW_ROLE, self.secrets[AIRFLOW_ROLE], "airflow")
        )
        return airflow_env.settings(self.settings.data_dir, self.ports["airflow"], connection, self.secrets)


def units(plan: Plan) -> list[Unit]:
    """All units but the embedded database server."""
    demo = [_agent(plan), _estate(plan)] if plan.demo else []
    return [*_preparations(plan), *demo, _signer(plan), _sign_on(plan), _pages(plan), *_airflow(plan)]


def _python(
    plan: Plan,
    name: str,
    args: list[str],
    env: Mapping[str, str],
    ready: Ready | None = None,
    after: tuple[str, ...] = (),
    grace_s: float = 8.0,
    cwd: Path = PROJECT,
) -> Unit:
    """A unit that runs this very Python; without `ready` it is a oneshot."""
    log = plan.settings.logs / f"{name.replace(' ', '-')}.log"
    spawn = command_spawner([sys.executable, *args], env, log, cwd)
    if ready is None:
        return Unit(name=name, spawn=spawn, log=log, after=after, oneshot=True, grace_s=grace_s)
    return Unit(name=name, spawn=spawn, log=log, ready=ready, after=after, grace_s=grace_s)


def _preparations(plan: Plan) -> list[Unit]:
    superuser = {"BC_SUPERUSER_URL": plan.superuser_url, "BC_POSTGRES_BIN": str(plan.bin_folder)}
    superuser |= plan.role_env(*DbRole) | {TASK_URLS: str(task_urls(plan))}
    return [
        _python(
            plan,
            SHARED_DATABASE,
            ["-m", "bc_lib.runtime.prepare", "shared"],
            plan.base_env() | superuser,
            after=(control.NAME,),
        ),
        _python(
            plan,
            AIRFLOW_SCHEMA,
            ["-m", "bc_lib.runtime.prepare", "airflow"],
            plan.base_env() | superuser | plan.airflow_env(),
            after=(control.NAME,),
        ),
    ]


def _agent(plan: Plan) -> Unit:
    ready = probes.agent(plan.settings.data_dir / "demo" / "agent.json")
    return _python(plan, AGENT, ["-m", "demo.agent"], plan.base_env(), ready, grace_s=20.0)


def _estate(plan: Plan) -> Unit:
    """Brings the demo's estate into the inventory, as its two administrators would."""
    env = {key: value for key, value in plan.base_env().items() if key != SUPERVISED}
    file = plan.settings.data_dir / "demo" / "estate.yaml"
    return _python(
        plan,
        ESTATE,
        ["-m", "demo.set_up", str(file)],
        env,
        after=(SHARED_DATABASE, AGENT),
    )


def _signer(plan: Plan) -> Unit:
    """Signs checkpoints of the audit log; the only process that has the key (decision 9)."""
    env = plan.base_env() | plan.role_env(DbRole.SIGNER) | {"BC_AUDIT_SIGNING_KEY": plan.secrets["audit_signing_key"]}
    command = ["-m", "bc_lib.cli", "audit", "sign", "--watch"]
    return _python(plan, SIGNER, command, env, lambda _started: True, after=(SHARED_DATABASE,))


def _sign_on(plan: Plan) -> Unit:
    """Brings people, roles and vote keys; the only process that may write them, and it does nothing else."""
    env = plan.base_env() | plan.role_env(DbRole.SIGN_ON)
    command = ["-m", "bc_lib.runtime.bring_people"]
    return _python(plan, SIGN_ON, command, env, lambda _started: True, after=(SHARED_DATABASE,))


def _pages(plan: Plan) -> Unit:
    port = plan.ports["pages"]
    flags = {
        "server.port": port,
        "server.address": probes.HOST,
        "server.headless": "true",
        "client.showErrorDetails": "none",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "server.enableAgentApi": "false",
        "browser.serverAddress": "localhost",
        "browser.serverPort": port,
    }
    args = [part for key, value in flags.items() for part in (f"--{key}", str(value))]
    hosts = [part for host in ("localhost", probes.HOST) for part in ("--server.allowedHosts", host)]
    env = plan.base_env() | plan.role_env(DbRole.UI, DbRole.READER)
    env.setdefault("BC_AIRFLOW_URL", f"http://localhost:{plan.ports['airflow']}")
    env["STREAMLIT_SERVER_COOKIE_SECRET"] = plan.secrets["streamlit_cookie"]
    return _python(
        plan,
        UI,
        ["-m", "streamlit", "run", "streamlit_app/app.py", *args, *hosts],
        env,
        probes.pages_ok(port),
        after=(SHARED_DATABASE,),
        grace_s=5.0,
    )


def _airflow(plan: Plan) -> list[Unit]:
    """Airflow's four. Only the scheduler, which starts tasks, waits for everything that tasks use."""
    port, schema = plan.ports["airflow"], (AIRFLOW_SCHEMA,)
    shared, home = plan.base_env() | plan.airflow_env(), leftovers.airflow_home(plan.settings.data_dir)
    shared |= {airflow_part.ALONE: "" if _elsewhere(plan) else "1", "BC_POSTGRES_BIN": str(plan.bin_folder)}
    all_there = (SHARED_DATABASE, *schema, *((AGENT,) if plan.demo else ()))

    def one(
        part: str,
        args: list[str],
        ready: Ready,
        roles: tuple[DbRole, ...],
        after: tuple[str, ...] = schema,
        more: Mapping[str, str] | None = None,
    ) -> Unit:
        command, env = ["-m", "bc_lib.runtime.airflow_part", part, *args], shared | plan.role_env(*roles)
        return _python(plan, f"airflow {part}", command, {**env, **(more or {})}, ready, after=after, cwd=home)

    def beats(part: str) -> Ready:
        return probes.airflow_part(port, part)

    api = one(
        "api-server",
        ["--host", probes.HOST, "--port", str(port)],
        probes.http_ok(port, "/api/v2/version"),
        (DbRole.READER,),
    )
    # No role's URL: tasks are forked from it, and each reads the file of the one role that it works as.
    tasks = {**airflow_env.service_env(port, plan.secrets), TASK_URLS: str(task_urls(plan))}
    scheduler = one("scheduler", ["--skip-serve-logs"], beats("scheduler"), (), all_there, tasks)
    return [
        replace(api, stop_stage=1),  # tasks report to it until they are stopped
        # A task's supervisor looks every 5 s whether it ended. A scheduler frozen for minutes leaves its loop and
        # lives on (measured): only its missing heartbeats tell.
        replace(scheduler, stop_tree=True, grace_s=15.0, pulse=probes.airflow_alive(port, "scheduler")),
        one("dag-processor", [], beats("dag_processor"), (DbRole.READER,)),
        one(
            "triggerer",
            ["--skip-serve-logs"],
            beats("triggerer"),
            (DbRole.READER, DbRole.KEEPER),
            more=airflow_env.TRIGGERER,
        ),
    ]


def task_urls(plan: Plan) -> Path:
    """The folder in which tasks find the URL of their role, one file a role (0600)."""
    return plan.settings.data_dir / "airflow" / "roles"


def _elsewhere(plan: Plan) -> bool:
    """Airflow's database is not our own: others may run schedulers on it."""
    return bool(plan.settings.database_url or os.environ.get("BC_AIRFLOW_DATABASE_URL"))
