"""The life of one `bcctl up`: checks, start, watch, stop."""

from __future__ import annotations

import os
import secrets as random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from bc_lib.config import Settings
from bc_lib.runtime import control, descendants, leftovers, pg_binaries, portpick, preflight, secretsfile, state
from bc_lib.runtime.account import Account, server_account
from bc_lib.runtime.folders import Folders, choose
from bc_lib.runtime.pgserver import ServerFailed
from bc_lib.runtime.plan import Plan, units
from bc_lib.runtime.supervisor import Supervisor
from bc_lib.runtime.unit import Unit

STEP_S = 0.1
REMIND_S = 10.0
READY = "ready: "
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
Say = Callable[[str], None]


class StopRequested(BaseException):
    """Ctrl-C, SIGTERM or a closed terminal; a BaseException so that no handler swallows it."""


class AlreadyRunning(RuntimeError):
    """Another `bcctl up` owns this data folder; the message has its URL."""


@dataclass(slots=True)
class Signals:
    """The first signal raises StopRequested once; any further one asks for haste."""

    count: int = 0

    def install(self) -> None:
        """From now on signals end in StopRequested."""
        for one in SIGNALS:
            signal.signal(one, self._on)

    def _on(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1
        if self.count == 1:
            raise StopRequested

    def check(self) -> None:
        """Raise StopRequested for a signal whose exception was lost: Python drops those raised in a finalizer."""
        if self.count:
            raise StopRequested

    def defer(self) -> None:
        """Further signals are counted only."""
        self.count = max(self.count, 1)

    @property
    def hurry(self) -> bool:
        """True once somebody asked a second time."""
        return self.count > 1


def up(settings: Settings, environment: str, demo: bool, say: Say) -> None:
    """Run until somebody asks to stop. Raises AlreadyRunning, NotReady, UnitFailed, ServerFailed, RuntimeError."""
    _refuse_second(settings.data_dir)
    signals = Signals()
    signals.install()
    supervisor: Supervisor | None = None
    try:
        preflight.check_machine(settings)
        account = server_account()
        folders = choose(account)
        preflight.make_data_folder(folders, account)
        _only_one(settings.data_dir)
        descendants.become_subreaper()
        if ended := leftovers.end(folders.data, folders.servers):
            say(f"ended {ended} processes that an earlier run had left behind")
        supervisor = _compose(settings, environment, demo, folders, account, say)
        _come_up(supervisor, settings.data_dir, say, signals)
        _watch(supervisor, signals)
    except StopRequested:
        say("stopping (again to hurry)")
    finally:
        signals.defer()
        _stop(supervisor, settings.data_dir, signals)
    say("stopped; nothing is left running")


def _refuse_second(data: Path) -> None:
    if running := state.read_alive(data):
        raise AlreadyRunning(f"Already running: {running.url} (pid {running.pid}); bcctl down stops it.")


def _only_one(data: Path) -> None:
    """Take the lock for the rest of this process's life."""
    if state.try_lock(data) is None:
        _refuse_second(data)
        raise AlreadyRunning(f"Another bcctl up is just starting or stopping in {data}; wait a moment, then try again.")


def _compose(
    settings: Settings, environment: str, demo: bool, folders: Folders, account: Account | None, say: Say
) -> Supervisor:
    bin_folder = pg_binaries.find_bin(account, folders.servers / "postgresql")
    embedded = settings.database_url is None
    if embedded:
        preflight.check_database_folder(control.data_folder(folders), folders.data, bin_folder)
    ports = _ports(settings, say)
    plan = Plan(
        settings=settings,
        environment=environment,
        demo=demo,
        ports=ports,
        secrets=secretsfile.ensure(folders.data),
        bin_folder=bin_folder,
        run_id=random.token_hex(8),
    )
    leftovers.airflow_home(folders.data).mkdir(mode=0o700, exist_ok=True)
    state.write(folders.data, _own_state(plan))
    if folders.servers.parent != folders.data:
        say(
            f"database files are in {folders.servers}: "
            f"the account {account.name if account else '-'} cannot enter {folders.data}"
        )
    return Supervisor([*_database(plan, folders, account, say, embedded), *units(plan)], say, settings.start_timeout_s)


def _database(plan: Plan, folders: Folders, account: Account | None, say: Say, embedded: bool) -> list[Unit]:
    if not embedded:
        return []
    if control.initialise(folders, plan.bin_folder, account, plan.secrets[secretsfile.SUPERUSER]):
        say(f"made a new database in {control.data_folder(folders)}")
    return [control.unit(control.server(folders, plan.bin_folder, plan.ports["database"], account))]


def _ports(settings: Settings, say: Say) -> dict[str, int]:
    wanted = {"pages": settings.ui_port, "airflow": settings.airflow_port, "database": settings.database_port}
    chosen: dict[str, int] = {}
    for name, preferred in wanted.items():
        chosen[name] = portpick.pick(preferred, set(chosen.values()))
        if chosen[name] != preferred:
            say(f"port {preferred} ({name}) is taken; using {chosen[name]}")
    return chosen


def _own_state(plan: Plan) -> state.RuntimeState:
    return state.RuntimeState(
        pid=os.getpid(),
        mark=state.own_mark(),
        url=plan.url,
        environment=plan.environment,
        demo=plan.demo,
        started_at=datetime.now(UTC).isoformat(timespec="seconds"),
        ports=dict(plan.ports),
    )


def _come_up(supervisor: Supervisor, data: Path, say: Say, signals: Signals) -> None:
    remind_at = time.monotonic() + REMIND_S
    while not supervisor.all_ready:
        signals.check()
        supervisor.step()
        if time.monotonic() > remind_at:
            say("still waiting for " + ", ".join(supervisor.waiting_for()))
            remind_at = time.monotonic() + REMIND_S
        time.sleep(STEP_S)
    own = state.read(data)
    if own is not None:
        state.write(data, replace(own, ready=True))
        say(f"{READY}{own.url}")


def _watch(supervisor: Supervisor, signals: Signals) -> None:
    while True:
        signals.check()
        supervisor.step()
        time.sleep(STEP_S)


def _stop(supervisor: Supervisor | None, data: Path, signals: Signals) -> None:
    if supervisor is not None:
        supervisor.stop(lambda: signals.hurry)
    descendants.end_all(grace_s=3.0)
    own = state.read(data)
    if own is not None and own.mark == state.own_mark():
        state.clear(data)


__all__ = ["AlreadyRunning", "ServerFailed", "StopRequested", "up"]
