"""The resource page's HTML."""

from __future__ import annotations

from streamlit_app.components.html import Html, join, link, tag
from streamlit_app.components.marks import badge
from streamlit_app.components.overview import meter
from streamlit_app.components.verified import line as tested_line
from streamlit_app.presenters.resource import Change, Judged, ResourcePage, Why
from streamlit_app.presenters.sites import Node, Rows, Site
from streamlit_app.presenters.verified import Tested


def head(page: ResourcePage, fresh: Html, tested: Tested | None = None) -> Html:
    """What is wrong, and how old that is; `tested` is the recovery test, `fresh` the freshness line."""
    return join(
        tag("h1", page.name, badge(page.status, "bc-lead")),
        tested_line(tested) if tested else None,
        fresh,
        tag("div", *(explain(reason) for reason in page.reasons), class_="bc-why"),
        tag("p", page.last_known, class_="bc-halted-note") if page.last_known else None,
        facts(page.facts, page.groups, page.depends_on),
    )


def facts(words: tuple[str, ...], groups: tuple[str, ...], depends_on: tuple[str, ...]) -> Html:
    """Tier, platform, owner and so on, with links to groups."""
    places = [join(" · in group ", link("group", name, name=name)) for name in groups]
    needs = f" · needs {', '.join(depends_on)}" if depends_on else None
    return tag("p", " · ".join(words), *places, needs, class_="bc-quiet")


def explain(reason: Why) -> Html:
    """A reason, what to do about it, and its code."""
    return tag(
        "div",
        tag("p", reason.text, class_="bc-reason"),
        tag("p", *code(reason.hint), class_="bc-hint") if reason.hint else None,
        tag("p", reason.code, class_="bc-code"),
        class_="bc-one",
    )


def code(text: str) -> list[Html | str]:
    """Text with `commands` in backticks set as code."""
    return [tag("code", part) if number % 2 else part for number, part in enumerate(text.split("`"))]


def verdicts(found: tuple[Judged, ...]) -> Html:
    """Both verdicts beside each other."""
    return tag("section", *(_verdict(each) for each in found), class_="bc-two")


def _verdict(judged: Judged) -> Html:
    reasons = (
        tag("ul", *(tag("li", reason.text) for reason in judged.reasons))
        if judged.reasons
        else tag("p", "Nothing stands against it.", class_="bc-quiet")
    )
    return tag(
        "div",
        tag("h2", f"{judged.question}: ", badge(judged.answer)),
        reasons,
        class_=f"bc-panel bc-edge-{judged.answer.key}",
    )


def sites(page: ResourcePage) -> Html:
    """Both sites, each as it sees itself."""
    return join(
        tag("h2", f"Both sites{page.as_of}"), tag("section", *(_site(site) for site in page.sites), class_="bc-two")
    )


def _site(site: Site) -> Html:
    nodes = [_node(node) for node in site.nodes] or [tag("p", "No endpoint at this site.", class_="bc-quiet")]
    return tag(
        "div", tag("h3", site.title, tag("span", f" {site.label}", class_="bc-quiet")), *nodes, class_="bc-panel"
    )


def _node(node: Node) -> Html:
    return tag(
        "div",
        tag(
            "p",
            tag("b", node.role),
            " ",
            badge(node.reach),
            tag("span", f" {node.name}", class_="bc-quiet") if node.name else None,
            class_="bc-node",
        ),
        tag("p", node.error, class_="bc-reason") if node.error else None,
        pairs(node.rows),
    )


def pairs(rows: Rows) -> Html:
    """Names and values."""
    cells = [cell for name, value in rows for cell in (tag("dt", name), tag("dd", value))]
    return tag("dl", *cells, class_="bc-pairs") if rows else Html("")


def lag(page: ResourcePage) -> Html:
    """Lag with its source, and the heartbeat's conservative statement."""
    if not page.lag and not page.heartbeat:
        return Html("")
    return join(
        tag("h2", f"Replication{page.as_of}"),
        tag(
            "div",
            meter(page.gauge) if not page.as_of else None,
            pairs(page.lag),
            tag("p", page.heartbeat, class_="bc-reason") if page.heartbeat else None,
            tag(
                "p",
                "Figures are indicators: received means written to the standby's disk, replayed means applied.",
                class_="bc-quiet bc-small",
            ),
            class_="bc-panel",
        ),
    )


def findings(page: ResourcePage) -> Html:
    """Parity and advice."""
    if not page.findings:
        return join(tag("h2", f"Findings{page.as_of}"), tag("p", page.no_findings, class_="bc-quiet"))
    return join(
        tag("h2", f"Findings{page.as_of}"), tag("div", *(explain(each) for each in page.findings), class_="bc-panel")
    )


def history(changes: tuple[Change, ...]) -> Html:
    """What changed, newest first."""
    lines = [
        tag(
            "li",
            tag("span", each.at, class_="bc-num bc-quiet"),
            tag("span", badge(each.before) if each.before else "First seen", " → ", badge(each.after)),
            tag("span", each.text),
        )
        for each in changes
    ]
    body = (
        tag("ol", *lines, class_="bc-history")
        if lines
        else tag("p", "No change of status is recorded yet.", class_="bc-quiet")
    )
    return join(tag("h2", "History of status"), body)
