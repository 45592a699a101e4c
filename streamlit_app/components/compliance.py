"""The compliance page's HTML: own tables, so that the only way to take them away is the audited one."""

from __future__ import annotations

from streamlit_app.components.html import Html, join, link, tag
from streamlit_app.components.marks import badge
from streamlit_app.components.resource import pairs
from streamlit_app.components.tables import table
from streamlit_app.components.verified import short
from streamlit_app.presenters.compliance import CompliancePage, SystemLine, record
from streamlit_app.presenters.marks import Mark

HEAD = ("Resource or group", "In this range", "Clients could not write", "Possible loss", "State when made")


def head(shown: CompliancePage) -> Html:
    """What is missing, of which days, how old this is."""
    return join(tag("h1", shown.headline), tag("p", shown.made, class_="bc-asof"))


def page(shown: CompliancePage, ways: Html) -> Html:
    """`ways`: the links of the export."""
    return join(
        ways,
        tag("p", "Only live drills count. Figures are those of the drills' evidence packs.", class_="bc-quiet"),
        tag("h2", "Resources and groups"),
        tag("div", table(HEAD, [_system(each) for each in shown.systems], "The inventory is empty."),
            class_="bc-compliance"),
        tag("h2", f"Live drills that ended in this range ({len(shown.drills.rows)})"),
        _records(shown.drills.columns, shown.drills.rows, "No live drill ended in this range."),
        tag("h2", "All requests of this range"),
        tag("p", "Whatever was asked for before its end and not over before its beginning, newest first: choose a "
            "sample from it.", class_="bc-quiet"),
        _records(shown.requests.columns, shown.requests.rows, "Nothing was asked for in this range."),
        tag("p", f"{shown.more} older ones are not listed here; the export holds all.", class_="bc-quiet")
        if shown.more else None,
        tag("details", tag("summary", "What this is about"), pairs(shown.facts), class_="bc-fold"),
    )  # fmt: skip


def _system(each: SystemLine) -> tuple[Html | str, ...]:
    said = each.cells
    facts = " · ".join(part for part in (said["kind"], f"tier {said['tier']}" if said["tier"] else "", said["owner"])
                       if part)  # fmt: skip
    last = (
        join(
            tag("span", f"{_how(said['result'], each.mark.word)}{said['ended']}, ", class_="bc-small"),
            link("requests", said["last one"], id=said["last one"]),
            tag("span", f" ({said['live drills in range']} in all)", class_="bc-small bc-quiet"),
        )
        if said["last one"]
        else None
    )
    return (
        join(
            link(said["kind"], said["name"], name=said["name"], class_="bc-name"),
            tag("span", facts, class_="bc-small bc-quiet bc-under"),
        ),
        join(badge(each.mark), tag("span", last, class_="bc-under") if last else None),
        _figure(said["clients could not write (s)"], said["RTO (s)"], each.rto),
        _figure(said["possible loss at most (s)"], said["RPO (s)"], each.rpo),
        short(each.tested),
    )


def _how(result: str, word: str) -> str:
    """More than the mark's word says already."""
    return "" if result == word else f"{result}, "


def _figure(seconds: str, target: str, mark: Mark) -> Html:
    if not mark.word:
        return tag("span", "–", class_="bc-quiet")
    figure = f"{seconds} s" if seconds else ""
    of = f" of {target} s" if target else ""
    return join(tag("span", f"{figure}{of} ", class_="bc-num") if figure or of else None, badge(mark))


def _records(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], empty: str) -> Html:
    """Each with all its cells folded under its first ones."""
    if not rows:
        return tag("p", empty, class_="bc-quiet")
    return tag("div", *(_record(columns, row) for row in rows))


def _record(columns: tuple[str, ...], row: tuple[str, ...]) -> Html:
    said = dict(zip(columns, row, strict=True))
    words = (said.get("what"), said["scope"], said.get("resource"), f"to {said['target site']}",
             said.get("state") or said.get("result"), said.get("asked at") or said.get("ended"))  # fmt: skip
    line = " · ".join(each for each in words if each)
    summary = tag("summary", tag("b", said["request"]), " ", line)
    open_it = tag("p", link("requests", f"Open {said['request']}", id=said["request"]))
    return tag("details", summary, pairs(record(columns, row)), open_it, class_="bc-fold")
