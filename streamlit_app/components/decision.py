"""The summary beside a decision, as HTML."""

from __future__ import annotations

from streamlit_app.components.html import Html, join, tag
from streamlit_app.components.resource import pairs
from streamlit_app.presenters.decision import Summary


def summary(shown: Summary) -> Html:
    """In a dialog: everything, before somebody presses once more."""
    return join(tag("p", shown.effect, class_="bc-effect"), pairs(tuple(each for each in shown.rows if each[1])))


def line(shown: Summary) -> Html:
    """In the bar that stays at the bottom of the screen."""
    return tag("p", tag("b", shown.effect), " ", shown.line, class_=f"bc-inbar{' bc-urgent' if shown.urgent else ''}")
