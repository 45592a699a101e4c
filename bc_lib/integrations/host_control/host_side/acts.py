"""What the verbs really do to a server and its data folder."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from .preconditions import must_be_stopped, peer_of
from .rewinding import rewind
from .server import Server
from .words import (
    PRESERVE,
    REWIND,
    STANDBY_SIGNAL,
    START,
    START_AS_STANDBY,
    STOP,
    Failed,
    Order,
    Refused,
    Unsettled,
    left_s,
)

START_S = 60.0


Did = tuple[bool, dict[str, str]]  # changed anything, and details


def stop(server: Server, order: Order) -> Did:
    """Fast; at once where that takes too long, because it must be certain at the end. Nobody else may start it."""
    was = server.running()
    server.configured("hold", left_s(order))
    if was is not False and not server.configured("stop", left_s(order)):
        data, seconds = str(server.data), left_s(order)
        server.run("pg_ctl", "stop", "-D", data, "-m", "fast", "-w", "-t", _whole(seconds * 0.7), timeout=seconds)
        if server.running() is not False:
            server.run("pg_ctl", "stop", "-D", data, "-m", "immediate", "-t", _whole(seconds * 0.2), timeout=seconds)
    while server.running() is not False:
        if left_s(order) <= 0:
            raise Unsettled
        time.sleep(0.05)
    return was is not False, {}


def start(server: Server, order: Order) -> Did:
    """As it is on disk."""
    was = server.running()
    server.configured("release", left_s(order))
    if not was:
        _start(server, order)
    return not was, {}


def start_as_standby(server: Server, order: Order) -> Did:
    """standby.signal first."""
    if server.running() is not False:
        if (server.data / STANDBY_SIGNAL).exists():
            server.configured("release", left_s(order))
            return False, {}
        raise Refused("precondition", f"{server.name} runs as a primary; stop it first.")
    _follow(server, order)
    (server.data / STANDBY_SIGNAL).touch(mode=0o600)
    server.configured("release", left_s(order))
    _start(server, order)
    return True, {}


def _follow(server: Server, order: Order) -> None:
    """Whom to follow, at the end of postgresql.auto.conf: a rewind brings the other server's own file here.

    Nothing where the configuration has no `follow`: then the server's settings say it by themselves.
    """
    words = server.section.get("follow")
    if words is None:
        return
    wanted = {
        "primary_conninfo": f"{peer_of(server, order)} {words}",
        "primary_slot_name": server.section.get("slot", ""),
    }
    path = server.data / "postgresql.auto.conf"
    kept = [line for line in path.read_text().splitlines() if line.partition("=")[0].strip() not in wanted]
    kept += ["{} = '{}'".format(name, value.replace("'", "''")) for name, value in wanted.items()]
    fresh = path.with_name("postgresql.auto.conf.bc-host")
    with open(fresh, "w", encoding="utf-8") as file:
        file.write("\n".join(kept) + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _start(server: Server, order: Order) -> None:
    seconds = min(START_S, left_s(order))
    try:
        if not server.configured("start", seconds):
            options = server.section.get("options", "")
            command = ["pg_ctl", "start", "-D", str(server.data), "-w", "-t", _whole(seconds), "-l", _log(server)]
            server.must(*command, *(["-o", options] if options else []), timeout=seconds + 1)
    except Failed:
        # One that runs and is not ready yet is started: its state says so.
        if not server.running():
            raise


def preserve(server: Server, order: Order) -> Did:
    """A copy beside the data folder; complete only under its last name."""
    must_be_stopped(server)
    links = [path for path in (server.data / "pg_wal", *(server.data / "pg_tblspc").glob("*")) if path.is_symlink()]
    if links:
        raise Refused("precondition", f"{links[0]} leads out of the data folder; a person must copy {server.name}.")
    target = server.data.with_name(server.copy_of(order["run"]))
    partial = target.with_name(f"{target.name}.partial")
    server.must("/bin/rm", "-rf", "--", str(partial), timeout=left_s(order))
    server.must("/bin/cp", "-a", "--reflink=auto", "--", str(server.data), str(partial), timeout=left_s(order))
    server.must("/bin/sync", "-f", str(partial), timeout=max(5.0, left_s(order)))
    partial.rename(target)
    return True, {"path": str(target)}


def _whole(seconds: float) -> str:
    return str(max(1, int(seconds)))


def _log(server: Server) -> str:
    return server.section.get("log", "/dev/null")


ACTS: dict[str, Callable[[Server, Order], Did]] = {
    STOP: stop,
    START: start,
    START_AS_STANDBY: start_as_standby,
    PRESERVE: preserve,
    REWIND: rewind,
}
