"""Health and OpenMetrics speak from stored values only."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bc_lib.ports.reading import OutboxState
from bc_lib.services.estate import Estate, read_estate
from bc_lib.testing.fake_screens import parts
from streamlit_app.presenters.health import health_page
from streamlit_app.presenters.inventory import inventory_page
from streamlit_app.presenters.openmetrics import render

MADE = parts()
QUIET = OutboxState(waiting=0, oldest_waiting_at=None, dead=0, last_delivered_at=None, last_error=None)


@pytest.fixture(scope="module")
def estate() -> Estate:
    return read_estate(MADE.inventory, MADE.reader)


def test_health_names_what_is_silent_and_what_was_never_seen(estate: Estate) -> None:
    page = health_page(estate, MADE.reader.beats(), MADE.reader.outbox(), None)
    words = {line.what: line.mark.word for line in page.lines}
    assert words["Airflow triggerer"] == "Trouble"
    assert words["Poller"] == "Well"
    assert words["Outbox"] == "Trouble"
    assert "Airflow triggerer" in page.headline
    never = {line.what: line.mark.word for line in health_page(estate, (), QUIET, None).lines}
    assert never["Poller"] == "Never seen"


def test_f28_stale_observations_are_trouble_whatever_the_poller_claims(estate: Estate) -> None:
    page = health_page(estate, MADE.reader.beats(), QUIET, None)
    assert next(line for line in page.lines if line.what == "Observations").mark.key == "red"


def test_a_database_that_is_away_is_said_with_the_time_of_its_last_answer(estate: Estate) -> None:
    line = health_page(estate, (), QUIET, estate.now - timedelta(minutes=2)).lines[0]
    assert (line.what, line.mark.key) == ("Shared database", "red")
    assert "last answer" in line.detail


def test_metrics_leave_out_what_is_not_known(estate: Estate) -> None:
    text = render(estate, MADE.reader.beats(), MADE.reader.outbox(), True)
    assert text.endswith("# EOF\n")
    assert 'bc_status{resource="archive-db",tier="2",status="stale"} 1' in text
    assert 'bc_status{resource="archive-db",tier="2",status="green"} 0' in text
    assert 'bc_lag_seconds{resource="billing-db",tier="1"} 47' in text
    assert 'bc_lag_seconds{resource="archive-db"' not in text
    assert 'bc_observation_age_seconds{resource="loyalty-db"' not in text
    names = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")]
    assert len(names) == len(set(names))


def test_sec005_inventory_shows_references_and_no_open_address() -> None:
    inventory = MADE.inventory.inventory
    channels = inventory.channels[0]
    opened = type(channels)(name="open", kind=channels.kind, url="mailto://user:hunter2@example.org")
    page = inventory_page(type(inventory)(resources=inventory.resources, channels=(channels, opened)), 3)
    shown = repr(page)
    assert "env:BC_DEMO_MONITOR" in shown
    assert "hunter2" not in shown
