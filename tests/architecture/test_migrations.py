"""Migrations are one chain: each number once, each but the first after exactly one other, one newest."""

from __future__ import annotations

import re

from bc_lib.runtime.folders import PROJECT

FOLDER = PROJECT / "sql" / "migrations" / "versions"


def test_one_chain() -> None:
    """Two that were written at the same time must not both follow the same one."""
    found = {}
    for path in sorted(FOLDER.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        (number,) = re.findall(r'^revision = "(\d+)"$', text, re.MULTILINE)
        (before,) = re.findall(r'^down_revision = (?:"(\d+)"|None)$', text, re.MULTILINE)
        assert path.name.startswith(f"{number}_"), path.name
        assert number not in found, path.name
        found[number] = before
    assert found
    befores = list(found.values())
    assert sorted(befores) == sorted(set(befores)), "two follow the same one"
    assert {before for before in befores if before} < set(found)
    assert len(set(found) - set(befores)) == 1, "one newest"
