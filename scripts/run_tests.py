"""Gets what the tests need where that is allowed, then runs pytest."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from tests.absences import chromium, lacking  # noqa: E402


def install_browser() -> None:
    """Debian's Chromium, where we are root and there is an apt-get."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    print("test: installing Debian's chromium for the browser tests", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "libatomic1"],
    ):
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False
        )
        if done.returncode:
            print(f"test: {' '.join(command)} ended with {done.returncode}; going on without a browser", flush=True)
            return


def main(arguments: list[str]) -> int:
    """pytest's exit code."""
    if lacking("browser"):
        install_browser()
    found = chromium()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("AIRFLOW")}
    if found:
        environment["BC_CHROMIUM"] = found
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
