"""The overview's HTML."""

from __future__ import annotations

from streamlit_app.components.html import Html, join, link, tag
from streamlit_app.components.marks import badge, verdict
from streamlit_app.components.verified import line, short
from streamlit_app.presenters.overview import Card, Gauge, GroupLine, Overview

HEAD = ("Status", "Resource", "Tier", "Lag", "Could switch over", "Could fail over", "Recovery test", "Seen")


def counts(page: Overview) -> Html:
    """How many there are of each status; zeroes stay, quietly, so that the strip never jumps."""
    return tag(
        "ul",
        *(
            tag(
                "li",
                tag("span", number, class_="bc-figure"),
                badge(mark),
                class_=f"bc-count{'' if number else ' bc-none'}",
            )
            for mark, number in page.counts
        ),
        class_="bc-counts",
        aria_label="Resources by status",
    )


def cards(page: Overview) -> Html:
    """Everything that is not green, worst first."""
    return tag("div", *(_card(each) for each in page.cards), class_="bc-cards")


def _card(card: Card) -> Html:
    return tag(
        "article",
        tag(
            "header",
            badge(card.status),
            link("resource", card.name, class_="bc-name", name=card.name),
            _tier(card.tier),
        ),
        tag("p", card.reasons[0] if card.reasons else "", class_="bc-reason"),
        tag("p", f"and {len(card.reasons) - 1} more", class_="bc-quiet") if len(card.reasons) > 1 else None,
        meter(card.gauge),
        tag(
            "p",
            verdict("Could switch over", card.switch_over),
            verdict("Could fail over", card.fail_over),
            class_="bc-verdicts",
        ),
        line(card.tested),
        tag(
            "footer",
            tag("span", card.facts),
            tag("span", tag("span", card.age, class_="bc-age"), f" · {card.seen_at}"),
            tag("span", card.last_known, class_="bc-last") if card.last_known else None,
        ),
        class_=f"bc-card bc-edge-{card.status.key}",
    )


def meter(gauge: Gauge) -> Html:
    """Lag against RPO: the figure, and a bar where the share is known."""
    bar = None
    if gauge.fill is not None and gauge.target is not None:
        fill = tag(
            "span",
            class_=f"bc-fill{' bc-over' if gauge.over else ''}",
            style=f"width:{max(1, round(gauge.fill * 100))}%",
        )
        tick = tag("span", class_="bc-tick", style=f"left:calc({round(gauge.target * 100)}% - 2px)")
        bar = tag("span", fill, tick, class_="bc-bar", aria_hidden="true")
    return tag(
        "p",
        tag("span", gauge.text, class_="bc-num"),
        tag("span", "over the target", class_="bc-red bc-small") if gauge.over else None,
        bar,
        class_="bc-gauge",
    )


def table(page: Overview) -> Html:
    """The rest, one line each."""
    if not page.rows:
        return Html("")
    head = tag(
        "thead",
        tag(
            "tr",
            *(tag("th", word, scope="col") for word in HEAD),
        ),
    )
    body = tag("tbody", *(_row(row) for row in page.rows))
    return tag("div", tag("table", head, body, class_="bc-table bc-rows"), class_="bc-scroll")


def _row(row: Card) -> Html:
    return tag(
        "tr",
        tag("td", badge(row.status)),
        tag(
            "td",
            link("resource", row.name, name=row.name, class_="bc-name"),
            tag("span", row.facts, class_="bc-small bc-quiet bc-under"),
        ),
        tag("td", row.tier, data_head="Tier"),
        tag("td", row.gauge.text, class_="bc-num"),
        tag("td", badge(row.switch_over), data_head="Could switch over"),
        tag("td", badge(row.fail_over), data_head="Could fail over"),
        tag("td", short(row.tested), data_head="Recovery test"),
        tag("td", row.age, class_="bc-num", title=row.seen_at),
    )


def more(page: Overview) -> Html | None:
    """What the table leaves out; half a thousand rows every few seconds would make a phone slow."""
    if not page.more:
        return None
    return tag(
        "p", f"{page.more} more are not listed here. Find them above, or ", tag("a", "list all", href="/?all=1"), ".",
        class_="bc-quiet",
    )  # fmt: skip


def groups(page: Overview) -> Html:
    """Groups with their worst member."""
    if not page.groups:
        return Html("")
    return tag("section", tag("h2", "Groups"), tag("ul", *(_group(each) for each in page.groups), class_="bc-groups"))


def _group(group: GroupLine) -> Html:
    worst = join(" ", *because(group.worst)) if group.worst else None
    return tag(
        "li",
        tag(
            "div",
            badge(group.status),
            link("group", group.name, class_="bc-name", name=group.name),
            _tier(group.tier),
            worst,
        ),
        tag("p", group.reason, class_="bc-reason"),
        tag(
            "p",
            verdict("Could switch over", group.switch_over),
            verdict("Could fail over", group.fail_over),
            class_="bc-verdicts",
        ),
        line(group.tested),
        class_=f"bc-edge-{group.status.key}",
    )


def _tier(tier: int) -> Html:
    return tag("span", f"Tier {tier}", class_="bc-tier")


def because(worst: tuple[str, ...]) -> list[str | Html]:
    """Every member that shares the worst state, as links."""
    parts: list[str | Html] = ["because of "]
    for number, name in enumerate(worst):
        if number:
            parts.append(" and " if number == len(worst) - 1 else ", ")
        parts.append(link("resource", name, name=name))
    return parts
