"""Writes what is generated from the domain's tables: the guards' edges and two pages of docs/."""

from __future__ import annotations

import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

if __name__ == "__main__":
    from bc_lib.domain.requests.generated import files

    for name, text in files().items():
        (PROJECT / name).write_text(text, encoding="utf-8")
        print(name)
