"""The group page's HTML."""

from __future__ import annotations

from streamlit_app.components.html import Html, join, link, tag
from streamlit_app.components.marks import badge, verdict
from streamlit_app.components.overview import because, meter
from streamlit_app.components.resource import explain, verdicts
from streamlit_app.components.verified import line as tested_line
from streamlit_app.components.verified import panel
from streamlit_app.presenters.group import GroupPage, MemberLine


def page(shown: GroupPage, fresh: Html, act: Html | None = None) -> Html:
    """One verdict, the members in order, the waves; `fresh` is the freshness line, `act` what the reader may do."""
    waves = tag(
        "ol",
        *(
            tag("li", tag("b", f"Wave {number}"), " ", join(*_names(wave)))
            for number, wave in enumerate(shown.waves, 1)
        ),
        class_="bc-waves",
    )
    return join(
        tag("h1", shown.name, badge(shown.status, "bc-lead"), _because(shown.worst)),
        tested_line(shown.tested),
        fresh,
        tag("div", *(explain(reason) for reason in shown.reasons), class_="bc-why"),
        tag("p", " · ".join(shown.facts), class_="bc-quiet"),
        act,
        verdicts(shown.verdicts),
        panel(shown.tested),
        tag("h2", "Members, in the order in which they move"),
        tag("ol", *(_member(line) for line in shown.members), class_="bc-groups"),
        tag("h2", "Waves"),
        tag("p", "Members of one wave may move at the same time; the next wave waits for it.", class_="bc-quiet"),
        waves,
    )


def _because(worst: tuple[str, ...]) -> Html | None:
    return tag("span", *because(worst), class_="bc-because") if worst else None


def _names(wave: tuple[str, ...]) -> list[Html]:
    return [join(", " if number else None, link("resource", name, name=name)) for number, name in enumerate(wave)]


def _member(line: MemberLine) -> Html:
    card = line.card
    after = tag("span", f"after {', '.join(line.after)}", class_="bc-quiet") if line.after else None
    return tag(
        "li",
        tag(
            "div",
            badge(card.status),
            link("resource", card.name, class_="bc-name", name=card.name),
            after,
            tag("span", f"Wave {line.wave}", class_="bc-tier"),
        ),
        tag("p", card.reasons[0] if card.reasons else "", class_="bc-reason"),
        meter(card.gauge),
        tag(
            "p",
            verdict("Could switch over", card.switch_over),
            verdict("Could fail over", card.fail_over),
            class_="bc-verdicts",
        ),
        tested_line(card.tested),
        tag(
            "p",
            f"{card.age} · {card.seen_at}" + (f" · {card.last_known}" if card.last_known else ""),
            class_="bc-quiet bc-small",
        ),
        class_=f"bc-edge-{card.status.key}",
    )
