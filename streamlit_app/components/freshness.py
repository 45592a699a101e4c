"""How old is this page, and what if it stopped renewing."""

from __future__ import annotations

from datetime import datetime

from streamlit_app.components.html import Html, join, tag
from streamlit_app.presenters.words import moment
from streamlit_app.troubles import AWAY


def line(now: datetime, away_since: datetime | None, more: str = "", why: str = AWAY) -> Html:
    """The time of the data; `why` nothing could be read since `away_since`.

    The second sentence appears by itself where no renewal replaced this piece for 25 s: a style sheet's animation
    needs neither a script nor a connection.
    """
    stamp = f"{now:%H:%M:%S} UTC"
    halted = tag(
        "p", f"This page has stopped renewing. It shows {stamp}. Reload it.", class_="bc-halted", role="status"
    )
    if away_since is not None:
        return join(
            tag(
                "p",
                f"{why}. Shown: what was known at {moment(away_since)}.",
                class_="bc-trouble",
                role="alert",
            ),
            halted,
        )
    return join(tag("p", f"As of {stamp}", f" · {more}" if more else None, class_="bc-asof"), halted)
