"""Checks the import directions of pyproject.toml; `lint_imports.py FOLDER` checks a copy of the project there."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main(folder: Path) -> int:
    """0 where every contract holds."""
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    from importlinter.cli import lint_imports

    return int(lint_imports(config_filename=str(folder / "pyproject.toml"), no_cache=True))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))
