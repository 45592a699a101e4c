"""Makes .venv with the pinned packages. The second time it sees that nothing changed and ends at once.

Everything is addressed relative to the project's folder, so its name may hold spaces and quotes.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".bc-setup"
TOOLS, PINS = "requirements/tools.txt", "requirements/dev.txt"
LAUNCHER = '#!/bin/sh\nhere=$(dirname "$(readlink -f "$0")")\nexec "$here/python" -P -m bc_lib.cli "$@"\n'


def wanted() -> str:
    """What the finished .venv was made from: the pins, the Python, the place."""
    digest = hashlib.sha256()
    for name in (TOOLS, PINS, "scripts/setup.py"):
        digest.update((PROJECT / name).read_bytes())
    digest.update(f"{sys.version_info[:2]}{PROJECT}".encode())
    return digest.hexdigest()


def say(text: str) -> None:
    """A line for the person who waits."""
    print(f"setup: {text}", flush=True)


def run(*command: str, env: dict[str, str] | None = None) -> bool:
    """Run a command in the project's folder; True where it ended well."""
    return (
        subprocess.run(
            command, cwd=PROJECT, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL, check=False
        ).returncode
        == 0
    )


def refuse(sentence: str) -> None:
    """End with one sentence that says what to do."""
    print(f"setup: {sentence}", file=sys.stderr)
    sys.exit(1)


def make_venv() -> None:
    """A fresh .venv; ours is replaced where it was made for another Python or another place."""
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        refuse(
            f"this Python has no venv module: install it (Debian, Ubuntu: apt install python{version}-venv), "
            "then try again."
        )
    if shutil.disk_usage(PROJECT).free < 2_500_000_000:
        refuse(f"less than 2.5 GB are free where {PROJECT} lives: free some, or clone the project to a larger disk.")
    say("making .venv")
    if not run(sys.executable, "-m", "venv", "--clear", ".venv"):
        refuse("making .venv failed; the lines above say why.")


def uv_environment() -> dict[str, str]:
    """uv reads no pip configuration: hand it the index this machine's pip uses, where one is set."""
    if any(name in os.environ for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")):
        return {}
    found = subprocess.run(
        [str(PYTHON), "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    for line in found.splitlines():
        key, _, value = line.partition("=")
        if key.rpartition(".")[2] == "index-url":
            return {"UV_DEFAULT_INDEX": value.strip("'\"")}
    return {}


def install() -> None:
    """The pinned packages by uv, by pip where uv cannot. Hashes are checked either way."""
    say("installing the pinned packages, about 1 GB; this takes one to five minutes the first time")
    flags = ["install", "--quiet", "--require-hashes"]
    pip = [".venv/bin/python", "-m", "pip", *flags, "--disable-pip-version-check", "-r"]
    uv = [".venv/bin/python", "-m", "uv", "pip", *flags, "--python", ".venv/bin/python", "-r"]
    environment = {"UV_HTTP_TIMEOUT": "120", "UV_NO_PROGRESS": "1", "UV_SYSTEM_CERTS": "1", **uv_environment()}
    by_uv = run(*pip, TOOLS) and run(*uv, PINS, env=environment)
    if by_uv:
        return
    say("uv could not install them; trying pip, which is slower")
    if not run(*pip, PINS):
        refuse(
            "installing failed; the lines above say why. It needs a package index: check the network, then try again."
        )


def compile_packages() -> None:
    """Bytecode once, now: uv leaves it out, and where Python may write none (PYTHONDONTWRITEBYTECODE) each process of
    Airflow would compile for seconds at every start. A package's own templates that are no Python are passed over."""
    say("compiling them, so that everything starts faster")
    run(str(PYTHON), "-W", "ignore", "-m", "compileall", "-qq", "-j", "0", str(_purelib()))


def _purelib() -> Path:
    return Path(sysconfig.get_paths("venv", vars={"base": str(VENV), "platbase": str(VENV)})["purelib"])


def link_project() -> None:
    """Put this folder on the venv's path and `bcctl` into its bin folder: no build, no download."""
    (_purelib() / "business_continuity.pth").write_text(f"{PROJECT}\n", encoding="utf-8")
    launcher = VENV / "bin" / "bcctl"
    launcher.write_text(LAUNCHER, encoding="utf-8")
    launcher.chmod(0o755)


def main() -> None:
    """Make .venv where it is missing or made from something else."""
    with (PROJECT / "scripts" / "setup.py").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted() and PYTHON.exists():
            return
        begun = time.monotonic()
        make_venv()
        install()
        compile_packages()
        link_project()
        STAMP.write_text(wanted(), encoding="utf-8")
        say(f"done in {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        refuse("interrupted; start it again to finish.")
