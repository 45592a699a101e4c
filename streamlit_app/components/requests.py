"""Lists of requests as HTML."""

from __future__ import annotations

from collections.abc import Sequence

from streamlit_app.components.html import Html, link, tag
from streamlit_app.components.marks import badge
from streamlit_app.presenters.inbox import Task
from streamlit_app.presenters.requests import Line

SHOWN_LATER = 3


def listed(title: str, lines: Sequence[Line], empty: str) -> Html:
    """One section."""
    return tag("section", tag("h2", title), plain(lines, empty))


def plain(lines: Sequence[Line], empty: str) -> Html:
    """The lines alone."""
    if not lines:
        return tag("p", empty, class_="bc-quiet")
    return tag("ul", *(_line(each) for each in lines), class_="bc-requests")


def waiting(found: Sequence[Task], trouble: str | None = None, title: str = "Waiting on you") -> Html:
    """Everything that waits for the reader; what holds nothing up is folded where it is much."""
    now, later = [each for each in found if not each.later], [each for each in found if each.later]
    fold = len(later) > SHOWN_LATER
    shown = now if fold else [*now, *later]
    return tag(
        "section",
        tag("h2", title),
        tag("p", trouble, class_="bc-quiet") if trouble else None,
        tag("ul", *(_task(each) for each in shown), class_="bc-requests") if shown else None,
        tag("p", "Nothing.", class_="bc-quiet") if not found and not trouble else None,
        tag(
            "details",
            tag("summary", f"{len(later)} evidence packs to sign off"),
            tag("ul", *(_task(each) for each in later), class_="bc-requests"),
            class_="bc-fold",
        )
        if fold
        else None,
        class_=None if found else "bc-waiting",
    )


def _task(each: Task) -> Html:
    clock = tag("span", each.until, class_=f"bc-clock{' bc-soon' if each.soon else ''}") if each.until else None
    return tag(
        "li",
        tag("div", badge(each.state), tag("a", each.title, href=each.href, class_="bc-name")),
        tag("p", each.since, class_="bc-clock bc-soon") if each.since else None,
        tag("div", *(tag("a", words, href=href, class_="bc-act") for words, href in each.acts), class_="bc-todo"),
        tag("p", each.facts, " · " if each.facts and clock else None, clock, class_="bc-quiet bc-small"),
        class_=f"bc-request bc-edge-{'red' if each.since else each.state.key}",
    )


def _line(each: Line) -> Html:
    clock = tag("span", each.until, class_=f"bc-clock{' bc-soon' if each.soon else ''}") if each.until else None
    return tag(
        "li",
        tag(
            "div",
            badge(each.state),
            link("requests", each.title, class_="bc-name", id=each.id),
            *(tag("span", word, class_="bc-tag") for word in each.tags),
            tag("span", each.badge, class_="bc-glass") if each.badge else None,
        ),
        tag("p", clock) if clock else None,
        tag("p", each.facts, class_="bc-quiet bc-small"),
        class_=f"bc-request bc-edge-{each.state.key}",
    )


def ask_link(kind: str, name: str) -> Html:
    """The way to raise a request about a resource or group."""
    return tag("p", link("ask", "Raise a request", class_="bc-act", **{kind: name}), class_="bc-exports")


def told(said: str, good: bool) -> Html:
    """What an act did, or why it was refused."""
    return tag("p", said, class_="bc-done" if good else "bc-trouble", role="status" if good else "alert")
