"""Every page over the fakes, by Streamlit's own test runner."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from bc_lib.domain.actor import Actor
from bc_lib.testing.fake_screens import FakeParts, parts
from streamlit_app import deps, live

MAIN = Path(__file__).parents[2] / "streamlit_app" / "main.py"


@dataclass(frozen=True, kw_only=True)
class SignedIn(deps.Screens):
    """Screens whose reader is signed in: AppTest has no cookies."""

    def actor(self, token: str | None) -> Actor:
        return self.parts.sign_on.actor("sam", datetime.now(UTC))


@pytest.fixture
def made() -> FakeParts:
    return parts()


@pytest.fixture
def shown(made: FakeParts) -> Iterator[Callable[..., AppTest]]:
    composed = deps.compose(made, "for tests only, and long enough to sign with")
    deps.install(SignedIn(parts=made, tickets=composed.tickets))

    def run(page: str = "", **query: str) -> AppTest:
        at = AppTest.from_file(MAIN, default_timeout=20)
        at.query_params.update(query)
        at.run()
        if page:
            at.switch_page(f"app_pages/{page}.py")
            at.query_params.update(query)
            at.run()
        assert not at.exception
        return at

    yield run
    deps.forget()


def text(at: AppTest) -> str:
    return "\n".join(element.body for element in at.html)


def test_overview_says_what_is_wrong_first(shown: Callable[..., AppTest]) -> None:
    body = text(shown())
    assert "Red: billing-db; Blind: ledger-db" in body
    assert "As of " in body
    assert "Waiting on you" in body
    assert "Sam" in body


def test_overview_filters_come_from_the_address(shown: Callable[..., AppTest]) -> None:
    body = text(shown(q="reports"))
    assert "reports-db" in body
    assert 'href="/resource?name=ledger-db" class="bc-name"' not in body


def test_resource_page(shown: Callable[..., AppTest]) -> None:
    at = shown("resource", name="billing-db")
    body = text(at)
    for wanted in (
        "Could switch over",
        "Could fail over",
        "Both sites",
        "REPLAY_PAUSED",
        "History of status",
        "Last drill",
    ):
        assert wanted in body
    assert "no request" not in body.lower()
    assert not at.button


@pytest.mark.parametrize("name", ["orders-db", "reports-db", "ledger-db", "archive-db", "loyalty-db", "shop-web"])
def test_resource_page_in_every_status(shown: Callable[..., AppTest], name: str) -> None:
    assert name in text(shown("resource", name=name))


def test_a_site_of_what_is_watched_only_serves_or_stands_by(shown: Callable[..., AppTest]) -> None:
    """It has no primary here: nothing moves it."""
    body = text(shown("resource", name="shop-web"))
    assert [body.count(f">{word}<") for word in ("Serves", "Standby", "Primary", "Active")] == [1, 1, 0, 0], body
    assert "watched only" in body


@pytest.mark.parametrize("name", ["", "nothing-here", '"><script>alert(1)</script>'])
def test_a_name_that_does_not_exist_is_said_and_escaped(shown: Callable[..., AppTest], name: str) -> None:
    for page in ("resource", "group"):
        body = text(shown(page, name=name))
        assert "overview" in body
        assert "<script>" not in body


def test_group_page(shown: Callable[..., AppTest]) -> None:
    body = text(shown("group", name="payments"))
    assert "because of" in body
    assert body.index("orders-db</a>") < body.index("Wave 2")


def test_inventory_page(shown: Callable[..., AppTest]) -> None:
    body = text(shown("inventory"))
    assert "bcctl inventory apply FILE" in body
    assert "env:BC_DEMO_MONITOR" in body
    assert "Marketing &lt;loyalty &amp; rewards&gt;" in body


def test_compliance_page_says_what_was_never_drilled(shown: Callable[..., AppTest]) -> None:
    body = text(shown("compliance"))
    assert "0 of 8 resources and groups had a live drill; not drilled:" in body
    assert "Watched only, so not counted: shop-web." in body
    assert "No live drill ended in this range." in body


def test_health_page(shown: Callable[..., AppTest]) -> None:
    body = text(shown("health"))
    assert "Airflow triggerer" in body
    assert "Silent" in body


@pytest.mark.parametrize("page", ["", "resource", "group", "inventory", "health"])
def test_fr021_without_a_database_every_page_says_so(shown: Callable[..., AppTest], made: FakeParts, page: str) -> None:
    made.inventory.away = made.reader.away = True
    assert "does not answer" in text(shown(page, name="orders-db"))


def test_fr021_last_known_data_stays_with_its_time(
    shown: Callable[..., AppTest], made: FakeParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "SHARED_FOR_S", 0.0)
    at = shown()
    made.inventory.away = made.reader.away = True
    body = text(at.run())
    assert "The shared database does not answer. Shown: what was known at " in body
    assert "billing-db" in body


class Fault(Exception):
    """What nobody foresaw."""


@pytest.mark.parametrize("page", ["", "resource", "group", "inventory", "health"])
def test_a_fault_is_not_called_a_database_that_is_away(
    shown: Callable[..., AppTest], made: FakeParts, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: object) -> object:
        raise Fault

    monkeypatch.setattr(type(made.inventory), "load", fails)
    body = text(shown(page, name="orders-db"))
    assert "Something in this program went wrong (Fault; its log says more)" in body
    assert "database does not answer" not in body


def test_tc001_without_a_ticket_the_script_shows_nothing(made: FakeParts) -> None:
    deps.install(deps.compose(made, "for tests only, and long enough to sign with"))
    at = AppTest.from_file(MAIN, default_timeout=20).run()
    body = text(at)
    deps.forget()
    assert "Sign in" in body
    assert "billing-db" not in body
    assert "Inventory" not in [link.label for link in at.get("page_link")]
