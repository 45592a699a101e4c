"""What every page needs: the live reading, and a sentence where there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import streamlit as st

from bc_lib.domain.actor import Actor
from bc_lib.domain.authorization import Verb
from bc_lib.domain.plans.movable import watched_only
from bc_lib.ports.sign_on import SignOnRefused
from bc_lib.services.estate import ResourceView
from bc_lib.services.requests.asking import known
from bc_lib.services.requests.inbox import open_waits
from streamlit_app import deps, watching
from streamlit_app.components import run as runs
from streamlit_app.components.html import Html, tag
from streamlit_app.components.requests import ask_link
from streamlit_app.live import NothingRead, Reading
from streamlit_app.presenters.choices import may
from streamlit_app.presenters.run_past import last_drill, last_run
from streamlit_app.presenters.standing import explained as explained_codes
from streamlit_app.presenters.standing import standing as standing_lines

RENEW_S = 5
CHART_S = 15
NOTHING = "{why} and nothing has been read yet. Check that it runs (bcctl up); this page tries again."


def read(*, quiet: bool = False) -> Reading | None:
    """The estate, or None after saying (unless `quiet`) that nothing could be read.

    Asks again who is reading: a live fragment runs without the script around it, and an expired or
    ended sign-in must end the figures too (A09).
    """
    if reader(quiet=quiet) is None:
        return None
    try:
        return deps.screens().live.read()
    except NothingRead as nothing:
        if not quiet:
            st.html(tag("p", NOTHING.format(why=nothing), class_="bc-trouble", role="alert"))
        return None


def reader(*, quiet: bool = False) -> Actor | None:
    """Who is reading now; None after saying (unless `quiet`) that nobody is signed in any more."""
    try:
        return deps.current_actor()
    except SignOnRefused as refused:
        if not quiet:
            st.html(refusal(refused))
        return None


def refusal(refused: SignOnRefused) -> Html:
    """Why nothing is shown, and where to go."""
    return tag("p", f"{refused} ", tag("a", "Sign in", href="/sign-in"), class_="bc-trouble", role="alert")


def raise_request(kind: str, name: str, reading: Reading) -> Html | None:
    """The way to the form, for those who may use it now and where there is something to ask for."""
    made, actor = deps.screens(), reader(quiet=True)
    there = reading.estate.resource(name) if kind == "resource" else reading.estate.group(name)
    if actor is None or not there:
        return None
    if watched_only((there.current if isinstance(there, ResourceView) else there.assessment).could_switch_over):
        return tag("p", "Watched only: nothing here can move it, so there is nothing to ask for.", class_="bc-quiet")
    who = made.recall.get(("known", actor.issuer, actor.subject, actor.roles), lambda: known(made.parts.gate, actor))
    return ask_link(kind, name) if who and may(who.value, Verb.CREATE) else None


def standing(resources: Sequence[str]) -> Html | None:
    """The run or request about them, and whom it waits for: the first line of their page."""
    found, made = watching.activity(), deps.screens()
    all_ = made.recall.get("waits", lambda: open_waits(made.parts.gate))
    lines = standing_lines(resources, found.running if found else (), all_.value if all_ and not all_.old else None)
    return runs.standing(lines)


def explained(resource: str) -> Mapping[str, str]:
    """Codes of its trouble that a run brings about, with the run's id; none where that is not known now."""
    found = watching.activity()
    return explained_codes(resource, found.running) if found else {}


def last_runs(kind: str, resources: Sequence[str]) -> Html:
    """The last drill and the last run of them."""
    found = watching.experience(resources)
    if found is None:
        return runs.unknown_past()
    return runs.last(last_drill(found.past, found.now), last_run(found.past, found.now), kind)


def missing(kind: str, name: str, reading: Reading | None) -> None:
    """There is no such thing; what to do instead."""
    if reading is not None:
        st.html(tag("h1", f"There is no {kind} named {name}." if name else f"Which {kind}?"))
        st.html(
            tag(
                "p",
                "Choose one on the ",
                tag("a", "overview", href="/"),
                "; names are in the inventory.",
                class_="bc-asof",
            )
        )


def hours(number: int) -> timedelta:
    """A span."""
    return timedelta(hours=number)
