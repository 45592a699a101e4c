"""A real demo estate in a folder of its own, one for each module of tests."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
import yaml

from tests.fixtures.throwaway import data_folder

PROJECT = Path(__file__).resolve().parents[3]


@dataclass
class Demo:
    """The agent as a process, and ways to look at what it runs."""

    data: Path
    process: subprocess.Popen[bytes] | None = None
    seen: set[psutil.Process] = field(default_factory=set)

    @property
    def home(self) -> Path:
        return self.data / "demo"

    @property
    def log(self) -> str:
        return (self.data / "agent.log").read_text()

    def start(self, timeout: float = 40) -> float:
        """Start the agent and wait until it is ready; the seconds it took."""
        began = time.monotonic()
        with (self.data / "agent.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "demo.agent"],
                cwd=PROJECT,
                stdout=log,
                stderr=log,
                env={**os.environ, "BC_DATA_DIR": str(self.data), "BC_DEMO_SLOW_S": "0.4"},
            )
        while not self._ready():
            assert self.process.poll() is None, self.log
            assert time.monotonic() - began < timeout, self.log
            time.sleep(0.05)
        self.seen |= set(psutil.Process(self.process.pid).children(recursive=True)) | self.servers()
        return time.monotonic() - began

    def end(self, sig: int = signal.SIGTERM) -> float:
        """Send `sig` to the agent and wait for its end; the seconds it took."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(sig)
        self.process.wait(20)
        return time.monotonic() - began

    def servers(self) -> set[psutil.Process]:
        """Every living postmaster of this data folder, whoever is its parent."""
        found = set()
        for process in psutil.process_iter():
            try:
                ours = process.name() == "postgres" and str(self.data) in " ".join(process.cmdline())
                if ours and process.status() != psutil.STATUS_ZOMBIE:
                    found.add(process)
            except psutil.Error:
                continue
        return found

    def left_over(self) -> list[psutil.Process]:
        """Processes that once were ours and still live."""
        return [one for one in self.seen | self.servers() if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]

    def about(self) -> dict[str, Any]:
        return dict(json.loads((self.home / "agent.json").read_text()))

    def call(self, method: str, path: str, body: Any = None, token: str | None = None) -> tuple[int, dict[str, Any]]:
        about = self.about()
        connection = http.client.HTTPConnection("127.0.0.1", about["port"], timeout=60)
        headers = {"Authorization": f"Bearer {token or about['token']}"}
        connection.request(method, path, json.dumps(body), headers)
        answer = connection.getresponse()
        found = dict(json.loads(answer.read()))
        connection.close()
        return answer.status, found

    def do_break(self, name: str, mode: str) -> str:
        status, answer = self.call("POST", "/break", {"name": name, "mode": mode})
        assert status == 200, answer
        return str(answer["text"])

    def heal(self, name: str) -> str:
        status, answer = self.call("POST", "/heal", {"name": name})
        assert status == 200, answer
        return str(answer["text"])

    def report(self, name: str) -> dict[str, Any]:
        found = self.call("GET", "/state")[1]["resources"]
        return dict(next(item for item in found if item["name"] == name))

    def environment(self) -> dict[str, str]:
        lines = (self.home / "demo.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def endpoint(self, name: str, site: str) -> dict[str, Any]:
        document = yaml.safe_load((self.home / "estate.yaml").read_text())
        resource = next(item for item in document["resources"] if item["name"] == name)
        return dict(next(end for end in resource["endpoints"] if end["site"] == site))

    def connect(self, name: str, site: str, timeout: int = 3) -> psycopg.Connection[Any]:
        """As the monitor does: through the proxy, with the monitoring account."""
        end = self.endpoint(name, site)
        user, password = self.environment()["BC_DEMO_MONITOR"].split(":", 1)
        return psycopg.connect(
            host=end["host"],
            port=end["port"],
            dbname=end["database"],
            user=user,
            password=password,
            connect_timeout=timeout,
            autocommit=True,
            sslmode="disable",
        )

    def ask(self, name: str, site: str, query: str) -> Any:
        """The first value of the first row."""
        with self.connect(name, site) as connection:
            row = connection.execute(query).fetchone()  # type: ignore[call-overload]
        return row[0] if row else None

    def _ready(self) -> bool:
        try:
            return bool(self.about()["ready"]) and self.process is not None and self.about()["pid"] == self.process.pid
        except (OSError, ValueError, KeyError):
            return False


@pytest.fixture(scope="module")
def bare_demo() -> Iterator[Demo]:
    """A data folder that the servers' account can reach (pytest's own folders are closed), agent not started."""
    data = data_folder("bc-demo-")
    demo = Demo(data)
    try:
        yield demo
    finally:
        if demo.process is not None and demo.process.poll() is None:
            demo.end()
        for process in demo.left_over():
            process.kill()
        shutil.rmtree(data, ignore_errors=True)


@pytest.fixture(scope="module")
def demo(bare_demo: Demo) -> Demo:
    """The estate, up."""
    bare_demo.start()
    return bare_demo


@pytest.fixture
def eventually() -> Callable[..., None]:
    """Wait until a condition holds; an assertion error with its text otherwise."""

    def wait(holds: Callable[[], bool], what: str, timeout: float = 8) -> None:
        deadline = time.monotonic() + timeout
        while not holds():
            assert time.monotonic() < deadline, f"not within {timeout} s: {what}"
            time.sleep(0.05)

    return wait
