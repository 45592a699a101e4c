"""Every target that starts something is tried from a folder with blanks in its name: none is forgotten there."""

from __future__ import annotations

import re
from pathlib import Path

from scripts.anywhere import TARGETS

MAKEFILE = Path(__file__).resolve().parents[2] / "Makefile"


def test_each_bench_and_whatever_starts_servers_is_tried_anywhere() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE.read_text(), re.MULTILINE))
    wanted = {name for name in targets if name in {"demo", "test", "faults"} or name.startswith("bench-")}
    assert wanted >= {"demo", "test", "faults", "bench-switchover"}, "as the file is written"
    assert wanted <= TARGETS.keys()
