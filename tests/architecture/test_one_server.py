"""One PostgreSQL a test process: folders that named its fixture again had 29 of them run at once (measured)."""

from __future__ import annotations

import re

from bc_lib.runtime.folders import PROJECT

NAMED = re.compile(r"^from tests\.fixtures\.\w+ import .*\bdatabase_(server|template)\b", re.MULTILINE)
# They break their server, so each has one of its own, and what is made of it.
OWN = {"tests/faults/F21/test_shared_database_killed.py", "tests/faults/F22/test_disk_full.py"}


def test_the_fixture_is_named_once() -> None:
    named = {
        str(path.relative_to(PROJECT)) for path in (PROJECT / "tests").rglob("*.py") if NAMED.search(path.read_text())
    }
    assert named == OWN | {"tests/conftest.py"}
