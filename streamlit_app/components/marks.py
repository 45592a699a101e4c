"""Status as shape, word and colour together."""

from __future__ import annotations

from streamlit_app.components.html import Html, tag
from streamlit_app.presenters.marks import Mark


def badge(mark: Mark, extra: str = "") -> Html:
    """Shape and word."""
    return tag(
        "span",
        shape(mark),
        tag("span", mark.word, class_="bc-word"),
        class_=f"bc-badge bc-{mark.key} {extra}".strip(),
        title=mark.meaning,
    )


def shape(mark: Mark) -> Html:
    """The shape alone; the word must stand beside it."""
    return tag("span", class_=f"bc-mark bc-{mark.key}", aria_hidden="true")


def verdict(question: str, mark: Mark) -> Html:
    """ "Could fail over: with loss"."""
    return tag("span", tag("span", question, class_="bc-ask"), " ", badge(mark), class_="bc-verdict")
