"""The sign-in page: complete HTML, no script, nothing of the estate in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bc_lib.domain.actor import Person
from streamlit_app.components.html import Html, join, tag

STYLE = Html((Path(__file__).parents[1] / "theme.css").read_text(encoding="utf-8"))


def page(people: Sequence[Person], wanted: str, trouble: str, environment: str) -> str:
    """The page; `wanted` is where a choice leads."""
    choices = tag("ul", *(_choice(person, wanted) for person in people), class_="bc-people") if people else None
    lead = "Choose who you are. These demo users have no password; this sign-in refuses to work in production."
    body = tag(
        "main",
        tag("h1", "Business Continuity"),
        tag("p", lead, class_="bc-quiet") if people else None,
        tag("p", trouble, class_="bc-trouble", role="alert") if trouble else None,
        choices,
        tag("p", f"Environment: {environment}", class_="bc-quiet bc-small"),
        class_="bc-sign-in",
    )
    return _whole("Sign in", body)


def leaving() -> str:
    """The page that asks once more before a sign-out."""
    button = tag(
        "button", tag("b", "Sign out"), tag("span", "in every tab of this browser", class_="bc-quiet"), type="submit"
    )
    body = tag(
        "main",
        tag("h1", "Sign out?"),
        tag("ul", tag("li", tag("form", button, method="post", action="/sign-out")), class_="bc-people bc-press"),
        tag("p", tag("a", "Back to the overview", href="/")),
        class_="bc-sign-in",
    )
    return _whole("Sign out", body)


def _whole(title: str, body: Html) -> str:
    head = tag(
        "head",
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        tag("title", f"{title} · Business Continuity"),
        tag("style", STYLE),
    )
    return join(Html("<!doctype html>"), tag("html", head, tag("body", body, class_="bc-plain"), lang="en"))


def _choice(person: Person, wanted: str) -> Html:
    roles = ", ".join(sorted(role.value for role in person.roles))
    button = tag(
        "button",
        tag("b", person.display_name),
        tag("span", roles, class_="bc-quiet"),
        type="submit",
        name="person",
        value=person.subject,
    )
    return tag(
        "li",
        tag("form", tag("input", type="hidden", name="next", value=wanted), button, method="post", action="/sign-in"),
    )
