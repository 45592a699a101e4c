"""Plain tables of words, for Inventory and Health."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from streamlit_app.components.html import Html, join, link, tag
from streamlit_app.components.marks import badge
from streamlit_app.components.resource import pairs
from streamlit_app.presenters.health import HealthPage
from streamlit_app.presenters.inventory import Endpoints, InventoryPage


def table(head: Sequence[str], rows: Iterable[Sequence[Html | str]], empty: str) -> Html:
    """A table, or what to do where there is nothing; on a phone each cell carries its column's name."""
    body = [tag("tr", *(tag("td", cell, data_head=name) for name, cell in zip(head, row, strict=True))) for row in rows]
    if not body:
        return tag("p", empty, class_="bc-quiet")
    return tag(
        "div",
        tag(
            "table",
            tag("thead", tag("tr", *(tag("th", name, scope="col") for name in head))),
            tag("tbody", *body),
            class_="bc-table bc-named",
        ),
        class_="bc-scroll",
    )


def health(page: HealthPage) -> Html:
    """One line a thing that is watched."""
    rows = [(line.what, badge(line.mark), line.figure, line.detail) for line in page.lines]
    shown = table(("What", "State", "Figure", "Detail"), rows, "Nothing is recorded yet.")
    return tag("div", shown, class_="bc-health")


def inventory(page: InventoryPage) -> Html:
    """Resources with their settings, groups, channels, routes."""
    resources = (
        tag("div", *(_resource(each) for each in page.resources))
        if page.resources
        else tag(
            "p",
            "Nothing found. Add resources with bcctl inventory apply FILE, or change the search.",
            class_="bc-quiet",
        )
    )
    hidden = (
        tag("p", f"{page.hidden} more are not shown: search for them above.", class_="bc-quiet")
        if page.hidden
        else None
    )
    return join(
        tag("h2", "Resources"),
        resources,
        hidden,
        tag("h2", "Groups"),
        table(
            ("Group", "Tier", "Owner", "RPO", "Members, in order"),
            [(link("group", row[0], name=row[0]), *row[1:]) for row in page.groups],
            "No groups.",
        ),
        tag("h2", "Channels"),
        table(
            ("Channel", "Kind", "Address", "For"),
            page.channels,
            "No channel: nobody is told anything. Add one under channels: in the file.",
        ),
        tag("h2", "Routes"),
        table(("Tiers", "Environments", "Channels"), page.routes, "No route: notices go nowhere."),
    )


def change() -> Html:
    """How the inventory is changed."""
    return tag(
        "p",
        "Change it in a file: ",
        tag("code", "bcctl inventory plan FILE"),
        " shows the difference, ",
        tag("code", "bcctl inventory apply FILE"),
        " applies it, all or nothing. What makes a move's meaning (endpoints, secrets, tier, groups of what can be "
        "moved) takes two administrators: one proposes with ",
        tag("code", "bcctl inventory propose FILE"),
        ", another agrees here.",
        class_="bc-quiet",
    )


def _resource(shown: Endpoints) -> Html:
    summary = tag("summary", tag("b", shown.name), " ", tag("span", " · ".join(shown.facts), class_="bc-quiet"))
    return tag(
        "details",
        summary,
        pairs(shown.settings),
        table(("Site", "Endpoint", "Secret reference", "Transport"), shown.endpoints, "No endpoint."),
        tag("p", shown.notes) if shown.notes else None,
        tag("p", link("resource", "Open its page", name=shown.name)),
        class_="bc-fold",
    )
