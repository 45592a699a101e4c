"""The resource page (US-002, FR-014, TC-031)."""

from __future__ import annotations

import pytest

from bc_lib.services.estate import Estate, read_estate
from bc_lib.testing.fake_screens import parts
from streamlit_app.components import resource as html
from streamlit_app.components.html import Html
from streamlit_app.presenters.group import group_page
from streamlit_app.presenters.resource import ResourcePage, resource_page


@pytest.fixture(scope="module")
def estate() -> Estate:
    made = parts()
    return read_estate(made.inventory, made.reader)


def page(estate: Estate, name: str) -> ResourcePage:
    view = estate.resource(name)
    assert view is not None
    return resource_page(view, estate)


def everything(shown: ResourcePage) -> str:
    return (html.head(shown, Html("")) + html.verdicts(shown.verdicts) + html.lag(shown) + html.sites(shown)
            + html.findings(shown))  # fmt: skip


def test_us002_verdicts_lag_and_both_sites(estate: Estate) -> None:
    shown = page(estate, "billing-db")
    assert [(v.question, v.answer.word) for v in shown.verdicts] == [
        ("Could switch over", "No"),
        ("Could fail over", "With loss"),
    ]
    assert dict(shown.lag)["Not yet replayed"] == "47 s, 7.0 MB"
    assert [(site.title, site.label, site.nodes[0].role) for site in shown.sites] == [
        ("Frankfurt", "home site", "Primary"),
        ("Amsterdam", "DR site", "Standby"),
    ]
    standby = dict(shown.sites[1].nodes[0].rows)
    assert (standby["Received"], standby["Replayed"], standby["Replay"]) == ("0/5000148", "0/4900148", "paused")
    assert shown.reasons[0].hint


def test_fr014_the_heartbeat_statement_stands_and_nothing_promises_no_loss(estate: Estate) -> None:
    shown = everything(page(estate, "billing-db"))
    assert "Caught up to heartbeat" in shown
    assert "potential loss window up to 48 s" in shown
    for name in ("orders-db", "billing-db", "archive-db", "ledger-db", "loyalty-db"):
        assert "no data loss" not in everything(page(estate, name)).lower()
        assert "synced" not in everything(page(estate, name)).lower()


def test_tc031_a_site_that_cannot_be_seen_is_not_called_down(estate: Estate) -> None:
    shown = page(estate, "ledger-db")
    assert shown.status.word == "Blind"
    assert shown.sites[1].nodes[0].reach.word == "Not reachable from here"
    assert "not fully compared" in shown.no_findings


@pytest.mark.parametrize("name", ["archive-db", "loyalty-db"])
def test_f28_a_page_without_fresh_data_shows_no_green(estate: Estate, name: str) -> None:
    shown = everything(page(estate, name))
    assert "bc-green" not in shown
    assert "bc-edge-green" not in shown


def test_f28_the_last_known_state_stands_with_its_time(estate: Estate) -> None:
    shown = page(estate, "archive-db")
    assert shown.last_known is not None
    assert shown.last_known.startswith("Last known: green, seen ")
    assert shown.as_of.startswith(", as last seen ")


def test_group_in_order_with_waves(estate: Estate) -> None:
    view = estate.group("finance")
    assert view is not None
    shown = group_page(view, estate)
    assert [(line.wave, line.card.name) for line in shown.members] == [
        (1, "ledger-db"),
        (1, "archive-db"),
        (2, "reports-db"),
    ]
    assert shown.worst == ("ledger-db",)
