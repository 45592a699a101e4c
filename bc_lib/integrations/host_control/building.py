"""Builds bc-host, the host side of ssh.py, as one file: `python -m bc_lib.integrations.host_control.building FILE`."""

from __future__ import annotations

import shutil
import sys
import tempfile
import zipapp
from pathlib import Path

HOST_SIDE = Path(__file__).with_name("host_side")
# -I: neither the environment nor the account's own folders change what runs.
INTERPRETER = "/usr/bin/python3 -I"


def build(target: Path, interpreter: str = INTERPRETER) -> Path:
    """Write the program; its path. Raises OSError."""
    with tempfile.TemporaryDirectory(prefix="bc-host-") as name:
        source = Path(name) / "app"
        shutil.copytree(HOST_SIDE, source / HOST_SIDE.name, ignore=shutil.ignore_patterns("__pycache__"))
        main = f"import sys\nfrom {HOST_SIDE.name}.main import main\nsys.exit(main())\n"
        (source / "__main__.py").write_text(main, encoding="utf-8")
        zipapp.create_archive(source, target, interpreter=interpreter)
    target.chmod(0o755)
    return target


if __name__ == "__main__":
    print(build(Path(sys.argv[1])))
