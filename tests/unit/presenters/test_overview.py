"""The overview says what is wrong, worst first, and never paints unknown green (US-001, F28)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bc_lib.services.estate import Estate, read_estate
from bc_lib.testing.fake_screens import parts
from streamlit_app.components import overview as html
from streamlit_app.presenters.overview import Filters, overview


@pytest.fixture(scope="module")
def estate() -> Estate:
    made = parts()
    return read_estate(made.inventory, made.reader)


def test_us001_worst_first_and_every_status_counted(estate: Estate) -> None:
    page = overview(estate, Filters())
    assert [card.name for card in page.cards] == ["billing-db", "ledger-db", "archive-db", "loyalty-db", "reports-db"]
    assert [row.name for row in page.rows] == ["orders-db", "shop-web"]
    assert {mark.key: number for mark, number in page.counts} == {
        "red": 1, "blind": 1, "stale": 1, "never": 1, "yellow": 1, "green": 2,
    }  # fmt: skip
    assert page.headline.startswith("Red: billing-db; Blind: ledger-db")
    assert "oldest 4 min ago" in page.ages


def test_f28_stale_is_said_with_what_was_last_known_and_no_figure(estate: Estate) -> None:
    stale = next(card for card in overview(estate, Filters()).cards if card.name == "archive-db")
    assert stale.status.word == "Stale"
    assert stale.last_known is not None
    assert stale.last_known.startswith("Last known: green")
    assert stale.gauge.fill is None
    assert (stale.switch_over.word, stale.fail_over.word) == ("Not known", "Not known")


def test_nothing_unknown_has_the_green_mark(estate: Estate) -> None:
    unknown = [card for card in overview(estate, Filters()).cards if card.status.key in {"blind", "stale", "never"}]
    assert {card.status.key for card in unknown} == {"blind", "stale", "never"}
    assert [card.name for card in unknown if "green" in {card.switch_over.key, card.fail_over.key}] == []


def test_lag_is_measured_against_the_target(estate: Estate) -> None:
    red = overview(estate, Filters()).cards[0]
    assert red.gauge.text == "lag 47 s of RPO 30 s"
    assert red.gauge.over
    assert red.gauge.target == pytest.approx(30 / 47)


def test_groups_name_their_worst_member(estate: Estate) -> None:
    groups = {line.name: line for line in overview(estate, Filters()).groups}
    assert (groups["payments"].worst, groups["payments"].status.word) == (("billing-db",), "Red")
    assert (groups["finance"].worst, groups["finance"].status.word) == (("ledger-db",), "Blind")


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (Filters(text="payments billing"), {"billing-db"}),
        (Filters(environments=("test",)), {"loyalty-db"}),
        (Filters(tiers=(1,), text="FINANCE"), {"ledger-db"}),
        (Filters(text="nobody"), set()),
    ],
)
def test_filters_hide_rows_but_never_the_headline(estate: Estate, filters: Filters, names: set[str]) -> None:
    page = overview(estate, filters)
    assert {card.name for card in (*page.cards, *page.rows)} == names
    assert page.headline == overview(estate, Filters()).headline
    assert page.hidden == len(estate.resources) - len(names)


def test_a12_names_owners_and_reasons_are_escaped(estate: Estate) -> None:
    evil = '<img src=x onerror="alert(1)">'
    views = tuple(
        replace(v, current=replace(v.current, resource=replace(v.current.resource, owner=evil),
                                   reasons=tuple(replace(r, text=evil) for r in v.current.reasons)))
        for v in estate.resources
    )  # fmt: skip
    page = overview(replace(estate, resources=views), Filters())
    shown = html.cards(page) + html.table(page) + html.groups(page) + html.counts(page)
    assert "<img" not in shown
    assert "&lt;img" in shown


def test_us001_five_hundred_are_all_counted_and_all_within_reach() -> None:
    made = parts(500)
    estate = read_estate(made.inventory, made.reader)
    short, full = overview(estate, Filters()), overview(estate, Filters(every_row=True))
    assert sum(number for _, number in short.counts) == 500
    assert len(short.cards) + len(short.rows) + short.more == 500
    assert len(full.cards) + len(full.rows) == 500


def test_an_empty_estate_says_so() -> None:
    made = parts()
    made.inventory.inventory = type(made.inventory.inventory)()
    assert overview(read_estate(made.inventory, made.reader), Filters()).headline == "Nothing is watched yet."
