"""Statements per version, and facts from answers (FR-010)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bc_lib.connectors.postgresql import queries
from bc_lib.connectors.postgresql.parse import parse
from bc_lib.domain.observation import NodeFacts, Role

FIGURES = set(NodeFacts.__dataclass_fields__)
NODE = {
    "in_recovery": True,
    "version": "15.18 (Debian 15.18-0+deb12u1)",
    "node_time": "2026-11-23T05:00:00.12+00:00",
    "started_at": "2026-11-23T04:00:00+00:00",
    "sees_stats": True,
}


@pytest.mark.parametrize("version", [130000, 140000, 150000, 160000, 170000, 180000])
def test_each_version_is_asked_what_it_knows(version: int) -> None:
    names = queries.section_names(version, True)
    sql = queries.combined(names, version)
    assert ("pg_get_wal_replay_pause_state" in sql) is (version >= 140000)
    assert ("pg_is_wal_replay_paused" in sql) is (version < 140000)
    assert ("datcollversion" in sql) is (version >= 150000)
    assert sql.count("(") == sql.count(")")
    assert "{" not in sql.replace("'{}'", "")


def test_statements_only_read() -> None:
    """Each begins with SELECT, but for the one that makes the session read-only."""
    setup, *sections = queries.statements()
    assert "default_transaction_read_only = on" in setup.text
    for statement in sections:
        assert statement.text.startswith("SELECT ")
        assert not re.search(
            r"\b(INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|GRANT|CALL|COPY|DO|LOCK|TRUNCATE)\b", statement.text
        )


def test_every_figure_a_section_names_exists() -> None:
    """`missing` speaks of fields of NodeFacts."""
    assert queries.SECTIONS
    for section in queries.SECTIONS:
        assert {figure.split(".")[0] for figure in section.figures} <= FIGURES


def test_nothing_but_the_node_itself() -> None:
    """Every section failed: all of it missing, nothing invented."""
    failed = dict.fromkeys((name for name in queries.section_names(180000, True) if name != "node"), "42501")
    found = parse({"node": NODE}, failed)
    assert found.role is Role.STANDBY
    assert found.version == "15.18"
    assert found.received_lsn is None
    assert found.upstream is None
    assert found.replay_paused is None
    assert {"received_lsn", "upstream", "slots", "heartbeat", "settings", "timeline", "replay_paused"} <= set(
        found.missing
    )


def test_no_receiver_is_a_figure_too() -> None:
    """No row in pg_stat_wal_receiver: no receiver runs. That is known, not missing."""
    found = parse({"node": NODE, "receiver": None}, {})
    assert found.upstream is not None
    assert found.upstream.status is None
    assert "upstream" not in found.missing


def test_a_hidden_receiver_is_missing() -> None:
    receiver = {
        "pid": 7,
        "status": None,
        "sender_host": None,
        "sender_port": None,
        "received_tli": None,
        "last_message_age_s": None,
    }
    found = parse({"node": {**NODE, "sees_stats": False}, "receiver": receiver}, {})
    assert found.upstream is None
    assert "upstream" in found.missing


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("16384", "8kB", "131072kB"),
        ("4096", "kB", "4096kB"),
        ("30000", "ms", "30000ms"),
        ("-1", "ms", "-1"),
        ("0", "MB", "0"),
        ("on", None, "on"),
    ],
)
def test_units(value: str, unit: str | None, shown: str) -> None:
    assert parse({"node": NODE, "settings": {"work_mem": [value, unit]}}, {}).settings == {"work_mem": shown}


@pytest.mark.parametrize(("value", "unit", "seconds"), [("300000", "ms", 300.0), ("2", "min", 120.0), ("5", "s", 5.0)])
def test_delay_in_seconds(value: str, unit: str, seconds: float) -> None:
    assert parse({"node": NODE, "settings": {"recovery_min_apply_delay": [value, unit]}}, {}).replay_delay_s == seconds


@given(st.text(max_size=600))
def test_names_from_a_server_are_foreign_text(name: str) -> None:
    """A12: one printable line of bounded length, whatever an application calls itself."""
    row: dict[str, Any] = dict.fromkeys(
        (
            "client_address",
            "client_port",
            "pid",
            "began_at",
            "slot_name",
            "slot_type",
            "sent_lsn",
            "written_lsn",
            "flushed_lsn",
            "replayed_lsn",
            "write_lag_s",
            "flush_lag_s",
            "replay_lag_s",
            "reply_age_s",
        )
    )
    row |= {"application_name": name, "state": "streaming", "sync_state": "async"}
    (downstream,) = parse({"node": NODE, "downstreams": [row]}, {}).downstreams
    assert downstream.application_name.isprintable()
    assert len(downstream.application_name) <= 500
