"""Confirm an approved request: accept what can be lost, type the phrase (FR-032)."""

from __future__ import annotations

import streamlit as st

from bc_lib.domain.actor import Actor
from bc_lib.domain.execution.acts import accepting
from bc_lib.domain.execution.run import RunActKind
from bc_lib.domain.requests.phrase import matches
from bc_lib.domain.requests.values import Request
from bc_lib.domain.words import capital
from bc_lib.services.execution.consent import loss_now
from bc_lib.services.gate import Gate
from bc_lib.services.requests.confirm import confirm
from bc_lib.services.requests.show import RequestView
from streamlit_app import acts, run_verbs, watching
from streamlit_app.components import decision as pieces
from streamlit_app.components.html import join, tag
from streamlit_app.components.requests import told
from streamlit_app.presenters.decision import Summary
from streamlit_app.presenters.run import act_words

CONFIRMED = "Confirmed. {id} is ready to start."


@st.dialog("Confirm", on_dismiss="rerun")
def dialog(view: RequestView, shown: Summary) -> None:
    """The effect, what cannot be undone, what can be lost; then the phrase."""
    request = view.request
    loss = acts.look(lambda gate: loss_now(gate, request.id))
    if loss is None:
        return  # the database does not answer, and that was said
    accepted = _accepted(view, loss)
    st.html(
        join(
            pieces.summary(shown),
            tag("p", accepted, class_="bc-note") if accepted else None,
            tag("p", "Type this phrase exactly:", class_="bc-quiet"),
            tag("p", request.phrase, class_="bc-phrase"),
        )
    )
    tail = f"{request.id}-{request.plan_revision}"
    with st.form(f"bc-confirm-{tail}", border=False):
        typed = st.text_input("Phrase", key=f"phrase-{request.id}", label_visibility="collapsed", autocomplete="off")
        asks = bool(loss) and accepted is None
        accepts = asks and st.checkbox(f"I accept losing {loss}.", key=f"loss-{tail}-{loss}")
        pressed = st.form_submit_button("Confirm", type="primary")
    if not pressed:
        return
    wrong = [f"accept losing {loss}"] if asks and not accepts else []
    if not matches(typed, request.phrase):
        wrong.append(f"type exactly “{request.phrase}”")
    if wrong:
        st.html(told(f"{capital(' and '.join(wrong))} first. Nothing was confirmed.", good=False))
        return
    after = acts.act(
        lambda gate, actor: _confirm(gate, actor, view, typed, loss if asks else ""),
        lambda done: CONFIRMED.format(id=done.id),
    )
    if after is None:
        acts.tell()
    else:
        st.switch_page("app_pages/run.py", query_params={"id": request.id})


def _confirm(gate: Gate, actor: Actor, view: RequestView, typed: str, loss: str) -> Request:
    """Consent is a decision of its own to exactly the figure shown; it stays where the phrase is wrong."""
    request = view.request
    if loss:
        revision, kind = request.plan_revision, RunActKind.CONSENT
        run_verbs.decide(gate, actor, run_verbs.Decision(request=request.id, revision=revision, kind=kind, value=loss))
        watching.forget(request.id)
    return confirm(gate, actor, request.id, typed, revision=request.plan_revision)


def _accepted(view: RequestView, loss: str) -> str | None:
    """Who accepted this loss, or more, of exactly this plan already; None: nobody."""
    ran = watching.run(view.request.id)
    found = accepting(ran.seen.acts, view.request.plan_revision, loss) if ran and loss else None
    return act_words(found, view.plan.plan, view.now) if found else None
