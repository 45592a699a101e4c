"""Break glass on a request whose approvers cannot be reached (SEC-006): grant and use, each told to security."""

from __future__ import annotations

import streamlit as st

from bc_lib.domain.actor import Actor
from bc_lib.domain.breakglass import MAX_MINUTES
from bc_lib.domain.requests.values import Request
from bc_lib.services.breakglass.grant import grant
from bc_lib.services.breakglass.listing import list_grants
from bc_lib.services.breakglass.use import use
from bc_lib.services.gate import Gate
from bc_lib.services.requests.show import RequestView
from streamlit_app import acts
from streamlit_app.components.html import tag

WARNING = (
    "Security is told at once, the approvers who are skipped are told why, and a review is owed afterwards. "
    "The typed confirmation and all checks stay."
)


@st.dialog("Break glass", on_dismiss="rerun")
def dialog(view: RequestView) -> None:
    """Incident and reason; then the request is approved by the grant, or a sentence says why not."""
    request = view.request
    st.html(tag("p", WARNING))
    with st.form(f"bc-glass-{request.id}", border=False, enter_to_submit=False):
        incident = st.text_input(
            "Incident reference", key=f"incident-{request.id}", placeholder="INC-1042", max_chars=40
        )
        reason = st.text_input("Reason (one line)", key=f"glass-why-{request.id}", max_chars=400)
        pressed = st.form_submit_button("Break glass", type="primary")
    if not pressed:
        return
    after = acts.act(
        lambda gate, actor: _break(gate, actor, request, incident.strip(), reason.strip()),
        lambda done: f"{done.id} is approved by break-glass. Security is being told; a review is owed.",
    )
    if after is None:
        acts.tell()
    else:
        st.rerun()


def _break(gate: Gate, actor: Actor, request: Request, incident: str, reason: str) -> Request:
    """A grant that was made by an earlier press and never used is used now, so that pressing again grants once."""
    person, now = gate.store.read.person(actor.issuer, actor.subject), gate.store.read.now()
    unused = next(
        (
            each.grant
            for each in list_grants(gate)
            if person and each.grant.incident == incident and each.grant.usable(request.scope, person.id, now)
        ),
        None,
    )
    given = unused or grant(gate, actor, request.scope, incident, reason, MAX_MINUTES)
    return use(gate, actor, given.id, request.id, revision=request.plan_revision)
