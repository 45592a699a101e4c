"""The processes of a campaign. Each is ended by its id, and by the kernel where the campaign itself is killed."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bc_lib.runtime.descendants import die_with_parent
from bc_lib.runtime.folders import PROJECT


class Broken(RuntimeError):
    """A part of the campaign itself does not work; nothing is said about the product. One sentence."""


class Child:
    """A Python module of ours as a process; its lines are read as they come."""

    def __init__(self, module: str, words: Sequence[str], log: Path, env: Mapping[str, str] | None = None) -> None:
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module, *words],
                cwd=PROJECT,
                env={**os.environ, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )
        self.name = module.rpartition(".")[2]
        self.lines: list[str] = []
        self._queue: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def alive(self) -> bool:
        """Also while frozen."""
        return self.process.poll() is None

    def line(self, timeout_s: float) -> str | None:
        """The next line; None at the end and after `timeout_s`."""
        try:
            found = self._queue.get(timeout=timeout_s)
        except queue.Empty:
            return None
        if found is not None:
            self.lines.append(found)
        return found

    def must_say(self, word: str, timeout_s: float) -> None:
        """Wait for a line. Raises Broken."""
        if self.line(timeout_s) != word:
            raise Broken(f"{self.name} did not say {word!r} within {timeout_s:.0f} s; its log is in the folder.")

    def send(self, sig: signal.Signals) -> None:
        """Nothing happens where it has ended."""
        if self.alive:
            self.process.send_signal(sig)

    def end(self, timeout_s: float = 30) -> None:
        """Politely, then with SIGKILL."""
        self.send(signal.SIGCONT)
        self.send(signal.SIGTERM)
        try:
            self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._queue.put(line.rstrip("\n"))
        self._queue.put(None)


class Runner(Child):
    """One visit of a runner. `began`: when it said that it goes, monotonic clock; 0 before."""

    def __init__(self, request: str, log: Path, env: Mapping[str, str]) -> None:
        super().__init__("benchmarks.campaign.runner", [request], log, env)
        self.began = 0.0

    def goes(self, timeout_s: float) -> bool:
        """Wait until it begins; False where it ended or waits still."""
        until = time.monotonic() + timeout_s
        while not self.began and (left := until - time.monotonic()) > 0:
            found = self.line(left)
            if found == "go":
                self.began = time.monotonic()
            elif found is None:
                return False
        return bool(self.began)

    def report(self, timeout_s: float) -> dict[str, Any] | None:
        """What it came to; None where it was killed, broke off, or has not ended."""
        try:
            self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return None
        while self.line(1.0) is not None:
            pass
        last = self.lines[-1] if self.lines else ""
        return json.loads(last) if last.startswith("{") else None
