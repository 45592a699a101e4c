"""A test that forgets this process's engines closes them first: else a connection stays open until somebody else's test."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
CLOSES = TESTS / "fixtures" / "commands.py"
FORGETS = "engine.cache" + "_clear("


def test_only_one_place_forgets_engines() -> None:
    found = {path for path in TESTS.rglob("*.py") if FORGETS in path.read_text(encoding="utf-8")}
    assert found == {CLOSES}, "call tests.fixtures.commands.close_engines"
