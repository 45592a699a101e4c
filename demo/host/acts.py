"""What the verbs really do to a server and its data folder. They block; the rules about orders are kept elsewhere."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
import psycopg

from bc_lib.integrations.host_control.host_side.old_wal import KEEP_ALL
from bc_lib.ports.host_control import HostRefused, HostVerb, Order
from bc_lib.runtime.pgserver import ServerFailed
from demo.host import missing_wal
from demo.host.hosted import STANDBY_SIGNAL, Hosted

START_S, REWIND_S = 60.0, 900.0
TOOLS = {"pg_rewind", "pg_basebackup", "cp"}
REBUILT_MARK = "bc_rebuilt"
WHO = "SELECT pg_is_in_recovery(), (SELECT system_identifier::text FROM pg_control_system())"


@dataclass(frozen=True, slots=True)
class Act:
    """What an order did. `changed` is False where it was like that before."""

    changed: bool
    details: dict[str, str]


def act(host: Hosted, order: Order) -> Act:
    """Carry it out. Raises HostRefused where nothing was done, ServerFailed where it was tried and failed."""
    acts: dict[HostVerb, Callable[[Hosted, Order], Act]] = {
        HostVerb.STOP: _stop,
        HostVerb.START: _start,
        HostVerb.START_AS_STANDBY: _start_as_standby,
        HostVerb.PRESERVE: _preserve,
        HostVerb.REWIND: _rewind,
        HostVerb.REBUILD: _rebuild,
    }
    return acts[order.verb](host, order)


def copy_of(host: Hosted, run: str) -> Path:
    """Where PRESERVE puts its copy; another one of the same run gets a number."""
    first = host.data.with_name(f"{host.data.name}.diverged-{run}")
    number, path = 2, first
    while path.exists():
        path, number = first.with_name(f"{first.name}.{number}"), number + 1
    return path


def mark_of(host: Hosted, run: str, step: str) -> str:
    """What a data folder that was built for this very order holds in REBUILT_MARK."""
    return f"{host.name} {run} {step}\n"


def built_by(host: Hosted) -> str:
    """The mark of the order that built the data folder; empty where none did."""
    try:
        return (host.data / REBUILT_MARK).read_text()
    except OSError:
        return ""


def end_leftovers(host: Hosted) -> None:
    """Programs of an order that we were killed in may still work on the folder."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.name() in TOOLS and any(str(host.data) in word for word in process.cmdline()):
                process.kill()
                process.wait(5)


def _stop(host: Hosted, order: Order) -> Act:
    host.hold(f"run {order.run}")
    was = host.node.is_running()
    host.node.stop("fast", _left_s(order))
    if host.node.is_running():
        raise ServerFailed(f"{host.name} could not be stopped.")
    return Act(was, {})


def _start(host: Hosted, order: Order) -> Act:
    was = host.node.is_running()
    host.release()
    if not was:
        _wait_started(host, order)
    return Act(not was, {})


def _start_as_standby(host: Hosted, order: Order) -> Act:
    if host.node.is_running():
        if host.node.is_standby():
            host.release()
            return Act(False, {})
        raise HostRefused("precondition", f"{host.name} runs as a primary; stop it first.")
    signal = host.data / STANDBY_SIGNAL
    signal.touch(mode=0o600)
    account = host.node.server.account
    if account is not None:
        os.chown(signal, account.uid, account.gid)
    host.release()
    _wait_started(host, order)
    return Act(True, {})


def _wait_started(host: Hosted, order: Order) -> None:
    try:
        host.node.start(min(START_S, _left_s(order)))
    except ServerFailed:
        # One that runs and is not ready yet is started: its state says so, and what it waits for is seen over SQL.
        if not host.node.is_running():
            raise
    host.after_start()


def _preserve(host: Hosted, order: Order) -> Act:
    _must_be_stopped(host)
    target = copy_of(host, order.run)
    partial = target.with_name(f"{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    # As the account that owns the files. Only cp knows reflinks, which make this instant where the disk has them.
    _program(host, ["cp", "-a", "--reflink=auto", str(host.data), str(partial)], _left_s(order))
    _program(host, ["sync", "-f", str(partial)], max(5.0, _left_s(order)))
    partial.rename(target)
    size = sum(path.lstat().st_size for path in target.rglob("*") if path.is_file())
    control = host.control()
    seen = {key: control.get(label, "") for key, label in PRESERVED_AT.items()}
    return Act(True, {"path": str(target), "bytes": str(size), **seen})


PRESERVED_AT = {"checkpoint": "Latest checkpoint location", "timeline": "Latest checkpoint's TimeLineID"}


def _rewind(host: Hosted, order: Order) -> Act:
    _must_be_stopped(host)
    source = _new_primary(host, order)
    state = host.control().get("Database cluster state", "")
    if not state.startswith("shut down") and not host.node.is_standby():
        _recover(host)
    command = ["-D", str(host.data), "--source-server", source, "--no-ensure-shutdown"]
    why = _why_not(host, command)
    if why and missing_wal.fetch(host, source):
        why = _why_not(host, command)
    if why:
        raise HostRefused("failed", f"{host.name} cannot be rewound: {why}")
    if _left_s(order) <= 0:
        raise HostRefused("deadline", f"The deadline passed before {host.name} was rewound.")
    try:
        said = host.node.server.run("pg_rewind", *command, timeout=REWIND_S)
    except (ServerFailed, subprocess.TimeoutExpired) as error:
        raise Torn(f"The rewind of {host.name} broke off, so it must be rebuilt: {_last_words(error)}") from None
    return Act("no rewind required" not in said, {"said": " ".join(said.split())[-500:]})


def _why_not(host: Hosted, command: list[str]) -> str:
    """What a dry run says against it; empty: nothing."""
    try:
        host.node.server.run("pg_rewind", *command, "--dry-run", timeout=REWIND_S)
    except ServerFailed as error:
        return _last_words(error)
    return ""


class Torn(ServerFailed):
    """The data folder is half one thing and half another: nothing but a rebuild helps."""


def _recover(host: Hosted) -> None:
    """Crash recovery without listening: pg_rewind's own would not know our settings, and would remove WAL."""
    _, *settings = host.node.server.command()
    host.node.server.run("postgres", "--single", *settings, *KEEP_ALL, "template1", timeout=REWIND_S)


def _rebuild(host: Hosted, order: Order) -> Act:
    _must_be_stopped(host)
    source = _new_primary(host, order)
    fresh = host.data.with_name(f"{host.data.name}.rebuilding")
    shutil.rmtree(fresh, ignore_errors=True)
    command = ["-D", str(fresh), "-R", "-X", "stream", "-c", "fast", "-S", host.slot, "-d", source]
    try:
        _base_backup(host, [*command, "-C"], order)
    except ServerFailed as error:
        if "already exists" not in str(error):
            raise
        shutil.rmtree(fresh, ignore_errors=True)
        _base_backup(host, command, order)
    (fresh / REBUILT_MARK).write_text(mark_of(host, order.run, order.step))
    replaced = host.data.with_name(f"{host.data.name}.replaced")
    shutil.rmtree(replaced, ignore_errors=True)
    if host.data.exists():
        host.data.rename(replaced)
    fresh.rename(host.data)
    shutil.rmtree(replaced, ignore_errors=True)
    return Act(True, {"source_port": str(_peer_port(host, order))})


def _base_backup(host: Hosted, command: list[str], order: Order) -> None:
    try:
        host.node.server.run("pg_basebackup", *command, timeout=_left_s(order))
    except subprocess.TimeoutExpired:
        raise ServerFailed(f"The base backup for {host.name} was not complete at the deadline.") from None


def _must_be_stopped(host: Hosted) -> None:
    if host.node.is_running():
        raise HostRefused("precondition", f"{host.name} runs; stop it first.")


def _peer_port(host: Hosted, order: Order) -> int:
    if order.peer_port is None or order.peer_port not in host.peers:
        raise HostRefused("precondition", f"The order does not name a server of {host.name}'s own pair as new primary.")
    return host.peers[order.peer_port]


def _new_primary(host: Hosted, order: Order) -> str:
    """The connection string of the new primary. Raises HostRefused where it is none, or of another cluster."""
    source = host.source(_peer_port(host, order))
    try:
        with psycopg.connect(source, autocommit=True) as connection:
            row = connection.execute(WHO).fetchone()
    except psycopg.Error as error:
        raise HostRefused("precondition", f"The new primary does not answer: {_last_words(error)}") from None
    in_recovery, identifier = row or (True, None)
    own = host.control().get("Database system identifier")
    if in_recovery:
        raise HostRefused("precondition", f"The server that {host.name} should follow is no primary.")
    if own is not None and identifier != own:
        raise HostRefused("precondition", f"The server that {host.name} should follow is of another cluster.")
    return source


def _program(host: Hosted, command: list[str], timeout: float) -> None:
    # PgServer.run takes programs by their path below its own folder; an absolute one stands for itself.
    program = shutil.which(command[0])
    if program is None:
        raise ServerFailed(f"{command[0]} is not installed on this host.")
    try:
        host.node.server.run(program, *command[1:], timeout=timeout)
    except subprocess.TimeoutExpired:
        raise ServerFailed(f"{command[0]} was not done at the deadline.") from None


def _left_s(order: Order) -> float:
    return max(0.0, (order.deadline - datetime.now(UTC)).total_seconds())


def _last_words(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[-1] if lines else type(error).__name__
