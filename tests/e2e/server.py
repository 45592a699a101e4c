"""The screens as a process of their own on a free port: over fakes, or the product over a database of a test."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bc_lib.testing.fake_screens import MANY

PROJECT = Path(__file__).parents[2]
READY_S = 40.0


FAKES, PRODUCT = "tests/ui/fake_app.py", "streamlit_app/app.py"


@contextmanager
def serving(
    log: Path, resources: int = 0, app: str = FAKES, environment: Mapping[str, str] | None = None
) -> Iterator[str]:
    """The base address of a started server; it is ended on the way out. `environment` is added to ours."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", app, "--server.port", str(port),
               "--server.address", "127.0.0.1"]  # fmt: skip
    variables = {**os.environ, MANY: str(resources), **(environment or {})}
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=PROJECT, env=variables, stdout=output, stderr=subprocess.STDOUT)
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
