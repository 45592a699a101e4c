"""Record the review of a break-glass, by somebody who took no part (SEC-006)."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from bc_lib.domain.actor import Actor
from bc_lib.domain.authorization import Verb
from bc_lib.domain.breakglass import Grant
from bc_lib.domain.requests.refusals import refusal
from bc_lib.services.breakglass.listing import GrantView, list_grants
from bc_lib.services.breakglass.review import MAX_FINDINGS, review
from bc_lib.services.gate import Gate
from bc_lib.services.requests.asking import Known, known
from streamlit_app import acts
from streamlit_app.app_pages import common
from streamlit_app.components.html import Html, join, link, tag
from streamlit_app.components.resource import pairs
from streamlit_app.presenters.choices import may
from streamlit_app.presenters.request import glass_rows


def page(number: str) -> None:
    """The grant, what it was used on, and the form where the reader may review it."""
    acts.tell()
    actor = common.reader()
    found = acts.look(lambda gate: _read(gate, actor)) if actor else None
    if found is None:
        return
    grants, who, now = found
    view = next((each for each in grants if str(each.grant.id) == number), None)
    if view is None:
        st.html(tag("h1", "There is no such break-glass."))
        return
    grant = view.grant
    st.html(
        join(
            tag("h1", f"Break-glass {grant.id}: {grant.incident}"),
            tag("p", f"It was for {grant.scope.kind} {grant.scope.name}. ", _used(grant), class_="bc-effect"),
            pairs(glass_rows(view, now)),
        )
    )
    if grant.open and may(who, Verb.REVIEW) and who.person is not None:
        if who.person.id in grant.took_part:
            st.html(tag("p", refusal("REVIEWER_EXCLUDED", grant=grant.id).sentence, class_="bc-note"))
        else:
            _form(grant)


def _read(gate: Gate, actor: Actor) -> tuple[tuple[GrantView, ...], Known, datetime]:
    return list_grants(gate), known(gate, actor), gate.store.read.now()


def _used(grant: Grant) -> Html | str:
    if grant.used_by is None:
        return "It was not used."
    return join("It stood in for the approvers of ", link("requests", grant.used_by, id=grant.used_by), ".")


def _form(grant: Grant) -> None:
    with st.form(f"bc-review-{grant.id}", enter_to_submit=False):
        said = st.text_area("What the review found", key=f"findings-{grant.id}", max_chars=MAX_FINDINGS)
        pressed = st.form_submit_button("Record the review", type="primary")
    if pressed:
        after = acts.act(
            lambda gate, actor: review(gate, actor, grant.id, said),
            lambda done: f"The review of break-glass {done.id} is recorded.",
        )
        if after is not None:
            st.rerun()
        acts.tell()
