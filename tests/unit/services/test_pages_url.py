"""Links lead to the pages that run, on whatever port: another installation may listen on the usual one."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from bc_lib.bootstrap import LOCAL_URL, pages_url
from bc_lib.runtime import state


def test_links_lead_to_the_port_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BC_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("BC_ENV", "test")
    monkeypatch.delenv("BC_UI_URL", raising=False)
    assert pages_url() == LOCAL_URL
    running = state.RuntimeState(
        pid=os.getpid(),
        mark=state.own_mark(),
        url="http://localhost:8502",
        environment="test",
        demo=False,
        started_at="2026-11-24T03:00:00Z",
    )
    state.write(tmp_path, running)
    assert pages_url() == "http://localhost:8502"
    monkeypatch.setenv("BC_UI_URL", "https://bc.example")
    assert pages_url() == "https://bc.example"
    monkeypatch.delenv("BC_UI_URL")
    state.write(tmp_path, replace(running, mark="of another process"))
    assert pages_url() == LOCAL_URL
