"""The audit page's HTML: own tables, so that the only way to take records away is the audited one."""

from __future__ import annotations

from collections.abc import Sequence

from streamlit_app.components.html import Html, join, link, tag
from streamlit_app.components.marks import badge
from streamlit_app.components.resource import pairs
from streamlit_app.components.tables import table
from streamlit_app.presenters.audit import PACKS_HEAD, Chain, Grant, Record


def state(found: Chain) -> Html:
    """The log's state as the page's headline."""
    return join(tag("h1", found.headline, badge(found.mark, "bc-lead")), _details(found))


def verified(found: Chain) -> Html:
    """What the verification said."""
    return tag(
        "div", tag("p", badge(found.mark), " ", found.headline), _details(found),
        class_=f"bc-told bc-edge-{found.mark.key}", role="status",
    )  # fmt: skip


def _details(found: Chain) -> Html | None:
    return tag("ul", *(tag("li", each) for each in found.details), class_="bc-quiet") if found.details else None


def exports(csv: str, json: str) -> Html:
    """Links through the audited service."""
    return tag(
        "p",
        tag("a", "Export CSV", href=csv, class_="bc-act", download=""),
        " ",
        tag("a", "Export JSON", href=json, class_="bc-act", download=""),
        class_="bc-exports",
    )


def records(lines: Sequence[Record], words: str) -> Html:
    """The records, each with all its cells folded under it."""
    return join(tag("p", words, class_="bc-quiet"), tag("ol", *(_record(each) for each in lines), class_="bc-records"))


def packs(rows: Sequence[Sequence[str]], whole: bool) -> Html:
    """The packs of these filters, newest first, each with the link that takes it away. `whole`: there are no more."""
    cells = [
        (link("requests", row[0], id=row[0]), *row[1:],
         tag("a", "Download", href=f"/evidence/pack?id={row[0]}", class_="bc-act", download=""))
        for row in rows
    ]  # fmt: skip
    more = (
        None if whole else tag("p", "Only the newest are listed; narrow the filters to see others.", class_="bc-quiet")
    )
    return join(
        tag("h2", "Evidence packs"),
        table((*PACKS_HEAD, "Pack"), cells, "No evidence pack matches these filters."),
        more,
    )


def pages(newest: str | None, older: str | None) -> Html:
    """Links between pages."""
    ways = [tag("a", words, href=way, class_="bc-act") for words, way in (("Newest", newest), ("Older", older)) if way]
    return tag("p", *ways, class_="bc-exports") if ways else Html("")


def grants(found: Sequence[Grant], chosen: int | None) -> Html:
    """Break-glass, what is owed first."""
    if not found:
        return Html("")
    return tag("section", tag("h2", "Break-glass"), *(_grant(each, chosen == each.id) for each in found))


def _grant(each: Grant, chosen: bool) -> Html:
    summary = tag("summary", badge(each.mark), " ", tag("b", each.text))
    ways = [link("requests", f"Request {each.request}", id=each.request)] if each.request else []
    if each.open and not chosen:
        ways.append(link("audit", "Record the review", breakglass=str(each.id)))
    links = [join(" · " if number else None, way) for number, way in enumerate(ways)]
    return tag(
        "details", summary, pairs(each.rows), tag("p", *links) if links else None,
        class_="bc-fold", open="" if chosen else None,
    )  # fmt: skip


def _record(each: Record) -> Html:
    about = " · ".join(part for part in (each.system, each.asked, each.outcome) if part)
    summary = tag(
        "summary",
        tag("span", each.number, class_="bc-num bc-quiet"),
        tag("span", each.at, class_="bc-num bc-quiet"),
        badge(each.mark),
        tag("span", tag("b", each.what), " ", tag("span", f"by {each.who}", class_="bc-quiet")),
        tag("span", about),
    )
    request = tag("p", link("requests", each.request, id=each.request)) if each.request else None
    return tag("li", tag("details", summary, pairs(each.cells), request))
