"""Runs every target in its shortest form in a clone whose folder's name has blanks, quotes and other letters.

    python scripts/anywhere.py [TARGET ...]      all of them where none is named

Each has to do its work, not only to end: the demo answers over HTTP and leaves no process behind, a benchmark measures
our own product, the campaign strikes and judges. Takes about five minutes with a warm package cache.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
FOLDER = 'it\'s a "café" $HOME & co'
READY = "http://"
UP_S, STOP_S, STEP_S = 600.0, 120.0, 1800.0


class Wrong(Exception):
    """What did not hold."""


def clone(parent: Path) -> Path:
    """The committed tree, as somebody who clones it has it."""
    here = parent / FOLDER
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(PROJECT), str(here)], check=True)
    return here


def make(here: Path, *words: str) -> str:
    """What `make` printed. Raises Wrong where it failed."""
    done = subprocess.run(
        ["make", *words], cwd=here, env=clean(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=STEP_S, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Wrong(f"make {words[0]} ended with {done.returncode}:\n{done.stdout[-3000:]}")
    return done.stdout


def clean() -> dict[str, str]:
    """Our environment without what this run's own tools were told."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("BC_", "AIRFLOW", "MAKE", "PYTEST"))
    }


def demo(here: Path) -> str:
    """Starts, answers, ends by Ctrl-C with nothing left."""
    ports = dict(zip(("BC_UI_PORT", "BC_AIRFLOW_PORT", "BC_DATABASE_PORT"), free_ports(3), strict=True))
    log = here.parent / "demo.log"
    with log.open("wb") as stream:
        child = subprocess.Popen(
            ["make", "demo"], cwd=here, env=clean() | {name: str(port) for name, port in ports.items()},
            stdin=subprocess.DEVNULL, stdout=stream, stderr=subprocess.STDOUT, start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )  # fmt: skip
    try:
        url = until(lambda: printed_url(log, child), UP_S, lambda: f"make demo printed no URL:\n{tail(log)}")
        status = json.loads(run(here, ".venv/bin/bcctl", "status", "--json"))
        names = [row["name"] for row in status["resources"]]
        if "orders-db" not in names:
            raise Wrong(f"the demo watches {names}, not orders-db")
        with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310 (the URL that our own make printed)
            if answer.status != 200:
                raise Wrong(f"{url} answered {answer.status}")
    finally:
        os.killpg(child.pid, signal.SIGINT)
        try:
            child.wait(STOP_S)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            raise Wrong(f"Ctrl-C did not end the demo:\n{tail(log)}") from None
    left = until(lambda: None if running_in(here) else "none", 15.0, lambda: f"still running: {running_in(here)}")
    return f"{url} answered, {len(names)} resources watched, processes left: {left}"


def tests(here: Path) -> str:
    """One file that starts servers of its own."""
    return (
        make(here, "test", "ARGS=tests/unit/audit tests/integration/audit/test_append.py -q").strip().splitlines()[-1]
    )


def bench_switchover(here: Path) -> str:
    """One switchover and one failover of ours and of the bare sequence, every row kept."""
    result = here.parent / "switchover.json"
    make(here, "bench-switchover", f"ARGS=--rounds 1 --kills 1 --only raw,ours --json '{result}'")
    rows = {(row["key"], row["act"]): row for row in json.loads(result.read_text())["results"]}
    ours = [row for (key, _), row in rows.items() if key == "ours"]
    unmeasured = [row for row in ours if not row["rounds"]]
    if not ours or unmeasured:
        raise Wrong(f"our own product was not measured: {ours}")
    return ", ".join(f"{row['act']} {row['rounds'][0]['outage_ms']:.0f} ms" for row in ours)


def bench_loss(here: Path) -> str:
    """One failover, its stated loss against the client's count."""
    return make(here, "bench-loss", "FAILOVERS=1").strip().splitlines()[-1]


def faults(here: Path) -> str:
    """Two rounds of the campaign."""
    result = here.parent / "campaign.json"
    make(here, "faults", f"ARGS=--rounds 2 --seed 3 --fresh --json '{result}'")
    return f"campaign: {result.read_text()[:200]}"


def bc_host(here: Path) -> str:
    """The one file for a database host is written and tells how it is used."""
    make(here, "bc-host")
    return f"{(here / 'dist' / 'bc-host').stat().st_size} bytes"


TARGETS: dict[str, Callable[[Path], str]] = {
    "bc-host": bc_host,
    "test": tests,
    "demo": demo,
    "bench-switchover": bench_switchover,
    "bench-loss": bench_loss,
    "faults": faults,
}


def printed_url(log: Path, child: subprocess.Popen[bytes]) -> str | None:
    """The line that is a URL. Raises Wrong where make has ended without one."""
    for line in log.read_text(errors="replace").splitlines():
        if line.strip().startswith(READY):
            return line.strip()
    if child.poll() is not None:
        raise Wrong(f"make demo ended with {child.returncode}:\n{tail(log)}")
    return None


def until(look: Callable[[], str | None], limit_s: float, why: Callable[[], str]) -> str:
    """What `look` gives once it gives something. Raises Wrong after `limit_s` seconds."""
    end = time.monotonic() + limit_s
    while (seen := look()) is None:
        if time.monotonic() > end:
            raise Wrong(why())
        time.sleep(0.5)
    return seen


def run(here: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=here, env=clean(), capture_output=True, text=True, timeout=120, check=False)
    if not done.stdout:
        raise Wrong(f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-500:]}")
    return done.stdout


def running_in(here: Path) -> list[str]:
    """Command lines of processes that run from the clone."""
    seen = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # it has ended
            continue
        if str(here) in words:
            seen.append(words[:120])
    return seen


def tail(log: Path) -> str:
    return log.read_text(errors="replace")[-3000:]


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now."""
    holders = [socket.socket() for _ in range(count)]
    try:
        for holder in holders:
            holder.bind(("127.0.0.1", 0))
        return [holder.getsockname()[1] for holder in holders]
    finally:
        for holder in holders:
            holder.close()


def main(names: list[str]) -> int:
    """0 where every target held; each says what it saw."""
    if unknown := set(names) - set(TARGETS):
        print(f"anywhere: there is no {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}", file=sys.stderr)
        return 2
    parent = Path(tempfile.mkdtemp(prefix="bc-anywhere-"))
    parent.chmod(0o755)  # servers run as an unprivileged account
    failed = []
    try:
        here = clone(parent)
        for name in names or list(TARGETS):
            began = time.monotonic()
            try:
                said = TARGETS[name](here)
            except (Wrong, subprocess.SubprocessError, OSError, KeyError, ValueError) as trouble:
                failed.append(name)
                said = f"WRONG: {trouble}"
            print(f"anywhere: {name}, {time.monotonic() - began:.0f} s: {said}", flush=True)
    finally:
        shutil.rmtree(parent, ignore_errors=True)
    print(f"anywhere: {len(names or TARGETS) - len(failed)} held, {len(failed)} did not", flush=True)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
