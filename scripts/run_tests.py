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
from tests.in_memory import temporary  # noqa: E402
from tests.spreading import processes  # noqa: E402

PACKAGES = {
    "browser": ("chromium", "libatomic1"),
    "sshd": ("openssh-server", "openssh-client"),
    "etcd": ("etcd-server",),
    "german messages": ("postgresql", "locales"),
}
POLICY = Path("/usr/sbin/policy-rc.d")  # Debian's way to say that an installation starts no service


def install(packages: list[str]) -> None:
    """Debian's packages, where we are root and there is an apt-get. No service is started by it."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    print(f"test: installing Debian's {', '.join(packages)}", flush=True)
    ours = not POLICY.exists()
    if ours:
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
    try:
        _apt(packages)
    finally:
        if ours:
            POLICY.unlink(missing_ok=True)


def _apt(packages: list[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False
        )
        if done.returncode:
            print(f"test: {' '.join(command)} ended with {done.returncode}; going on without", flush=True)
            return


def spread(arguments: list[str]) -> list[str]:
    """Several processes, unless somebody says how many (-n 0: one, with its output as it comes)."""
    if any(each.startswith("-n") for each in arguments):
        return []
    return ["-n", str(processes()), "--dist", "loadscope", "--no-loadscope-reorder"]


def chosen(arguments: list[str]) -> list[str]:
    """Without those that kill parts of a whole running stack: they want the machine for themselves."""
    if "-m" in arguments:
        return []
    print("test: tests of a whole running Airflow are left to `make test-stack`", flush=True)
    return ["-m", "not stack"]


def main(arguments: list[str]) -> int:
    """pytest's exit code."""
    wanted = [package for need, packages in PACKAGES.items() if lacking(need) for package in packages]
    if wanted:
        install(wanted)
    found = chromium()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("AIRFLOW")}
    if found:
        environment["BC_CHROMIUM"] = found
    command = [sys.executable, "-m", "pytest", *spread(arguments), *chosen(arguments), *arguments]
    with temporary() as there:
        environment |= there
        return subprocess.run(command, cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
