"""The form's HTML around its fields."""

from __future__ import annotations

from streamlit_app.components.html import Html, join, tag
from streamlit_app.components.request import steps
from streamlit_app.components.resource import pairs
from streamlit_app.presenters.ask import Preview


def preview(shown: Preview) -> Html:
    """What it would mean now."""
    return tag(
        "section",
        tag("h2", "What this would do"),
        tag("p", shown.effect, class_="bc-effect"),
        pairs(shown.rows),
        tag(
            "details",
            tag("summary", f"The plan in {len(shown.steps)} steps"),
            steps(shown.steps),
            class_="bc-fold bc-flat",
        ),
        *(tag("p", each, class_="bc-quiet bc-small") for each in shown.limits),
        class_="bc-panel",
    )


def refused(sentence: str) -> Html:
    """Why this cannot be asked for."""
    return join(tag("p", sentence, class_="bc-trouble", role="alert"))
