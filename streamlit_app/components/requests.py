"""Lists of requests as HTML."""

from __future__ import annotations

from collections.abc import Sequence

from streamlit_app.components.html import Html, link, tag
from streamlit_app.components.marks import badge
from streamlit_app.presenters.requests import Line


def listed(title: str, lines: Sequence[Line], empty: str) -> Html:
    """One section."""
    return tag("section", tag("h2", title), plain(lines, empty))


def plain(lines: Sequence[Line], empty: str) -> Html:
    """The lines alone."""
    if not lines:
        return tag("p", empty, class_="bc-quiet")
    return tag("ul", *(_line(each) for each in lines), class_="bc-requests")


def waiting(lines: Sequence[Line], trouble: str | None = None) -> Html:
    """ "Waiting on you" of the overview."""
    return tag(
        "section",
        tag("h2", "Waiting on you"),
        tag("p", trouble, class_="bc-quiet") if trouble else None,
        plain(lines, "Nothing.") if lines or not trouble else None,
        class_=None if lines else "bc-waiting",
    )


def _line(each: Line) -> Html:
    clock = tag("span", each.until, class_=f"bc-clock{' bc-soon' if each.soon else ''}") if each.until else None
    todo = tag("b", each.todo) if each.todo else None
    return tag(
        "li",
        tag(
            "div",
            badge(each.state),
            link("requests", each.title, class_="bc-name", id=each.id),
            *(tag("span", word, class_="bc-tag") for word in each.tags),
            tag("span", each.badge, class_="bc-glass") if each.badge else None,
        ),
        tag("p", todo, " · " if todo and clock else None, clock) if todo or clock else None,
        tag("p", each.facts, class_="bc-quiet bc-small"),
        class_=f"bc-request bc-edge-{each.state.key}",
    )


def ask_link(kind: str, name: str) -> Html:
    """The way to raise a request about a resource or group."""
    return tag("p", link("ask", "Raise a request", class_="bc-act", **{kind: name}), class_="bc-exports")


def told(said: str, good: bool) -> Html:
    """What an act did, or why it was refused."""
    return tag("p", said, class_="bc-done" if good else "bc-trouble", role="status" if good else "alert")
