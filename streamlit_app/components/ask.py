"""The form's HTML around its fields."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bc_lib.domain.assessment import Answer
from streamlit_app.components.html import Html, join, link, tag
from streamlit_app.components.marks import badge
from streamlit_app.components.request import steps
from streamlit_app.components.resource import pairs
from streamlit_app.presenters.ask import Choice, Preview
from streamlit_app.presenters.checking import Checking
from streamlit_app.presenters.marks import ANSWER

BLOCKED = "It may be asked for, but it does not start while this stands."


def preview(shown: Preview) -> Html:
    """What it would mean now."""
    return tag(
        "section",
        tag("h2", "What this would do"),
        tag("p", shown.effect, class_="bc-effect"),
        tag("p", shown.blackout, class_="bc-halted-note") if shown.blackout else None,
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


def checking(found: Checking) -> Html:
    """Everything that stands against it, before anybody asks."""
    edge = "agreed" if found.clear else "no" if found.against else "never"
    return tag(
        "section",
        tag("h2", "What stands against it"),
        tag("p", found.said, tag("b", found.late) if found.late else None, class_="bc-quiet bc-small"),
        tag("p", tag("b", found.stands)),
        tag("ul", *(tag("li", *linked(each)) for each in found.against), class_="bc-listed") if found.against else None,
        tag("ul", *(tag("li", each) for each in found.warned), class_="bc-listed bc-quiet") if found.warned else None,
        class_=f"bc-panel bc-edge-{edge}",
        aria_live="polite",
    )


def refused(sentence: str) -> Html:
    """Why this cannot be asked for; a request that it names is a link."""
    return tag("p", *linked(sentence), class_="bc-trouble", role="alert")


def linked(sentence: str) -> list[Html | str]:
    """The sentence with the requests it names as links to them."""
    parts = re.split(r"\b(r-[0-9]+)\b", sentence)
    return [link("requests", part, id=part) if number % 2 else part for number, part in enumerate(parts)]


def means(words: str, choice: Choice) -> Html:
    """What the chosen type is, and whether it could be done now, with the reasons."""
    shown = choice.verdict
    reasons = [tag("li", each.text) for each in shown.reasons] or [tag("li", "The monitor sees nothing against it.")]
    no = tag("p", BLOCKED, class_="bc-quiet") if shown.answer is ANSWER[Answer.NO] else None
    return join(
        tag("p", f"{words}.", class_="bc-quiet"),
        tag(
            "div",
            tag("p", tag("b", f"{shown.question} now: "), badge(shown.answer)),
            tag("ul", *reasons, class_="bc-listed"),
            no,
            class_=f"bc-panel bc-edge-{shown.answer.key}",
        ),
    )


def not_offered(others: Sequence[tuple[str, str]]) -> Html:
    """The types that make no sense now, each with its reason."""
    lines = [tag("li", tag("b", f"{kind}: "), *linked(why)) for kind, why in others]
    return tag(
        "div", tag("p", "Not offered now:", class_="bc-quiet"), tag("ul", *lines, class_="bc-listed"), class_="bc-small"
    )


def sites_refused(refused: Sequence[tuple[str, str]], labels: Mapping[str, str]) -> Html:
    """The sites that cannot be chosen: what was seen there, and why not."""
    return join(*(tag("p", tag("b", f"{labels[site]}. "), *linked(why), class_="bc-small") for site, why in refused))


def group_instead(resource: str, groups: Sequence[str], kind: str | None) -> Html:
    """A resource that belongs to a group: the group with one tap."""
    more = {"type": kind} if kind else {}
    return join(
        *(
            tag(
                "p",
                f"{resource} is part of {group}, whose members move in an order. ",
                link("ask", f"Move the group {group} instead", class_="bc-act", group=group, **more),
                class_="bc-exports",
            )
            for group in groups
        )
    )
