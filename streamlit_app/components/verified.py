"""The recovery test's mark: word, shape, colour and age, beside the health and never in its place."""

from __future__ import annotations

from streamlit_app.components.html import Html, join, link, tag
from streamlit_app.components.marks import badge
from streamlit_app.presenters.verified import Tested


def line(shown: Tested) -> Html:
    """One line for a card."""
    return tag("p", tag("span", "Recovery test", class_="bc-ask"), short(shown), class_="bc-tested")


def short(shown: Tested) -> Html:
    """The marks and the age."""
    return tag(
        "span",
        badge(shown.mark),
        badge(shown.late) if shown.late else None,
        tag("span", shown.age, class_="bc-small bc-quiet bc-num") if shown.age else None,
        class_="bc-testmarks",
    )


def panel(shown: Tested) -> Html:
    """Everything about it: what it says, what has changed since, and the drill behind it."""
    changes = tag(
        "div",
        tag("p", f"What changed since ({len(shown.changes)}):"),
        tag("ul", *(tag("li", each) for each in shown.changes), class_="bc-changes"),
    )
    return tag(
        "section",
        tag("h2", "Recovery test: ", badge(shown.mark), badge(shown.late) if shown.late else None),
        tag("p", shown.sentence, class_="bc-reason"),
        changes if shown.changes else None,
        tag(
            "p",
            join(link("run", shown.drill, id=shown.drill), " · ") if shown.drill else None,
            join(shown.period, " Rehearsals, switchovers and failovers do not count."),
            class_="bc-quiet bc-small",
        )
        if shown.period
        else None,
        class_=f"bc-panel bc-edge-{shown.mark.key} bc-testpanel",
    )
