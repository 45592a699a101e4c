"""The screens as a process of their own, over fakes, on a free port."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bc_lib.testing.fake_screens import MANY

PROJECT = Path(__file__).parents[2]
READY_S = 40.0


@contextmanager
def serving(log: Path, resources: int = 0) -> Iterator[str]:
    """The base address of a started server; it is ended on the way out."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "tests/ui/fake_app.py", "--server.port", str(port),
               "--server.address", "127.0.0.1"]  # fmt: skip
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=PROJECT, env={**os.environ, MANY: str(resources)}, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        _wait(f"http://localhost:{port}/_stcore/health", process, log)
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + READY_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"The screens did not start: {log.read_text(errors='replace')[-2000:]}")
