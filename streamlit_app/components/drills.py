"""The Drills page's HTML."""

from __future__ import annotations

from collections.abc import Sequence

from streamlit_app.components.html import Html, join, link, tag
from streamlit_app.components.marks import badge, shape
from streamlit_app.components.resource import pairs
from streamlit_app.components.tables import table
from streamlit_app.presenters.drill_month import Day, Entry, Month
from streamlit_app.presenters.drills import ScheduleLine, SchedulePage

WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NONE = "No schedule. Operators and administrators add one with the button above, or: bcctl schedule add"


def head(title: str, fresh: Html, troubles: Sequence[str], unwatched: str | None) -> Html:
    """What is wrong with dates, or what is next; how old that is."""
    return join(
        tag("h1", title),
        fresh,
        tag("p", unwatched, class_="bc-trouble", role="alert") if unwatched else None,
        *(tag("p", each, class_="bc-note") for each in troubles),
    )


def month(shown: Month) -> Html:
    """A month of weeks; on a phone a list of the days that hold something."""
    ways = tag(
        "nav",
        link("drills", f"← {shown.before}", month=shown.before),
        link("drills", "This month"),
        link("drills", f"{shown.after} →", month=shown.after),
        class_="bc-months",
        aria_label="Other months",
    )
    return join(
        tag("h2", shown.title),
        ways,
        tag(
            "div",
            *(tag("div", day, class_="bc-weekday", aria_hidden="true") for day in WEEK),
            *(_day(day) for week in shown.weeks for day in week),
            class_="bc-month",
            role="list",
        ),
        tag("p", "Nothing in this month.", class_="bc-quiet bc-empty-month") if shown.empty else None,
        *(tag("p", each, class_="bc-note") for each in shown.left_out),
        tag("p", "Each date on the clock of its schedule's own time zone.", class_="bc-quiet bc-small"),
    )


def schedules(lines: Sequence[ScheduleLine]) -> Html:
    """All of them, the next first."""
    if not lines:
        return join(tag("h2", "Schedules"), tag("p", NONE, class_="bc-quiet"))
    return join(tag("h2", "Schedules"), tag("ul", *(_line(each) for each in lines), class_="bc-requests"))


def schedule(page: SchedulePage, fresh: Html) -> Html:
    """One of them."""
    dates = (
        tag("ul", *(tag("li", each) for each in page.coming), class_="bc-waves")
        if page.coming
        else tag("p", "No date to come.", class_="bc-quiet")
    )
    rows = [(at, badge(mark), link("requests", request, id=request) if request else said)
            for at, mark, said, request in page.past]  # fmt: skip
    return join(
        tag("h1", page.title, badge(page.state, "bc-lead")),
        fresh,
        tag("p", f"{page.lead} Nothing is executed unless it is approved and confirmed after each date."),
        tag("section", pairs(page.rows), class_="bc-panel bc-wide"),
        tag("h2", "Next dates"),
        dates,
        tag("h2", "What became of the last dates"),
        table(("Date", "Outcome", "Request, or why none"), rows, "No date has come yet."),
        tag("p", link("drills", "All schedules"), class_="bc-quiet"),
    )


def preview(dates: Sequence[str]) -> Html:
    """The dates that a form would give."""
    return join(tag("p", tag("b", "Its next dates")), tag("ul", *(tag("li", each) for each in dates)))


def _line(each: ScheduleLine) -> Html:
    return tag(
        "li",
        tag(
            "div",
            badge(each.state),
            link("drills", f"{each.title}: {each.name}", class_="bc-name", schedule=each.id),
        ),
        tag("p", tag("b", each.next)),
        tag("p", each.trouble, class_="bc-red") if each.trouble else None,
        tag("p", each.facts, class_="bc-quiet bc-small"),
        class_=f"bc-edge-{'no' if each.trouble else each.state.key}",
    )


def _day(shown: Day) -> Html:
    held = bool(shown.entries or shown.blackouts)
    classes = (
        "bc-day",
        "" if shown.inside else "bc-outside",
        "bc-today" if shown.today else "",
        "" if held else "bc-bare",
        "bc-closed" if shown.blackouts else "",
    )
    return tag(
        "div",
        tag(
            "div",
            tag("span", f"{shown.day:%a} ", class_="bc-dayname"),
            tag("span", f"{shown.day.day}", class_="bc-num"),
            tag("span", f" {shown.day:%B}", class_="bc-dayname"),
            tag("b", " Today") if shown.today else None,
            class_="bc-date",
        ),
        *(tag("p", each, class_="bc-small bc-blackout") for each in shown.blackouts),
        *(_entry(each) for each in shown.entries),
        class_=" ".join(each for each in classes if each),
        role="listitem",
    )


def _entry(each: Entry) -> Html:
    way = (
        link("requests", each.text, id=each.request)
        if each.request
        else link("drills", each.text, schedule=each.schedule)
    )
    said = each.mark.word + (f" {each.request}" if each.request else "")
    return tag(
        "div",
        tag("span", shape(each.mark), tag("span", each.clock, class_="bc-num"), class_="bc-badge bc-" + each.mark.key),
        way,
        tag("span", said, class_="bc-quiet bc-small"),
        class_="bc-entry",
        title=each.mark.meaning,
    )
