"""HTML from values. Text is escaped unless it is Html already, so that data can never become markup (A12)."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

VOID = frozenset({"br", "hr", "input"})


class Html(str):
    """Markup that is safe to send as it is; made by this module only."""


def tag(name: str, /, *children: Html | str | int | None, **attributes: str | int | None) -> Html:
    """An element. `class_` is class, `aria_label` is aria-label; None leaves a child or attribute out."""
    shown = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Html(f"<{name}{shown}>") if name in VOID else Html(f"<{name}{shown}>{join(*children)}</{name}>")


def join(*children: Html | str | int | None) -> Html:
    """Children one after the other."""
    return Html(
        "".join(child if isinstance(child, Html) else escape(str(child)) for child in children if child is not None)
    )


def link(page: str, label: Html | str, /, *, class_: str | None = None, **query: str) -> Html:
    """A link to a page of ours, with its id in the query string."""
    address = f"/{page}?{urlencode(query)}" if query else f"/{page}"
    return tag("a", label, href=address, class_=class_)


def in_airflow(address: str) -> Html:
    """A link to a request's DAG runs, in a window of its own."""
    return tag("a", "Its DAG run in Airflow", href=address, rel="noreferrer", target="_blank")
