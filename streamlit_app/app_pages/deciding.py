"""Approve or deny: the button asks once more, with what is decided beside it (FR-031)."""

from __future__ import annotations

from functools import partial

import streamlit as st

from bc_lib.domain.actor import Role
from bc_lib.domain.requests.states import Decision, State
from bc_lib.domain.requests.values import Request
from bc_lib.domain.role_words import role_words
from bc_lib.services.requests.approve import approve
from bc_lib.services.requests.deny import deny
from bc_lib.services.requests.show import RequestView
from streamlit_app import acts, deep
from streamlit_app.app_pages import pressing
from streamlit_app.components import decision as pieces
from streamlit_app.presenters.decision import Summary

PRESSED = "bc-pressed"
WORDS = {Decision.APPROVE: "Approve", Decision.DENY: "Deny"}


def buttons(view: RequestView, roles: tuple[Role, ...], shown: Summary) -> None:
    """Both; a link to the approval opens its question at once."""
    request = view.request
    for decision, words in WORDS.items():
        kind = "primary" if decision is Decision.APPROVE else "secondary"
        pressed = st.button(f"{words}…", type=kind, key=f"ask-{decision.value}-{request.id}")
        if (pressed and pressing.open_one()) or deep.wants(decision.value):
            st.dialog(f"{words} {request.id}?", on_dismiss="rerun")(_dialog)(view, roles, decision, shown)


def do_pressed() -> bool:
    """Each press goes to its service, a denial first; True where one was recorded."""
    pressed = st.session_state.pop(PRESSED, [])
    done = []
    for decision, request_id, revision, role, reason in sorted(pressed, key=lambda each: each[0] is Decision.APPROVE):
        if decision is Decision.DENY:
            act = partial(deny, request_id=request_id, role=role, reason=reason, revision=revision)
        else:
            act = partial(approve, request_id=request_id, role=role, reason=reason, revision=revision)
        done.append(acts.act(act, _denied if decision is Decision.DENY else _approved))
    return any(each is not None for each in done)


def _dialog(view: RequestView, roles: tuple[Role, ...], decision: Decision, shown: Summary) -> None:
    request, tail = view.request, f"{decision.value}-{view.request.id}-{view.request.plan_revision}"
    st.html(pieces.summary(shown))
    with st.form(f"bc-decide-{tail}", border=False, enter_to_submit=False):
        if len(roles) > 1:
            st.segmented_control("As", roles, key=f"as-{tail}", default=roles[0], format_func=role_words, required=True)
        asked = "needed" if decision is Decision.DENY else "optional"
        st.text_input(f"Reason (one line; {asked})", key=f"reason-{tail}", max_chars=400)
        label = f"{WORDS[decision]} as {role_words(roles[0])}" if len(roles) == 1 else WORDS[decision]
        args = (decision, request.id, request.plan_revision, roles, tail)
        st.form_submit_button(label, type="primary", key=tail, on_click=_note, args=args)
    if PRESSED in st.session_state:
        if do_pressed():
            st.rerun()
        acts.tell()


def _note(decision: Decision, request_id: str, revision: int, roles: tuple[Role, ...], tail: str) -> None:
    """A callback gets what the person saw when they pressed, even where the page has changed since."""
    role = st.session_state.get(f"as-{tail}") or roles[0]
    reason = str(st.session_state.get(f"reason-{tail}") or "")
    st.session_state.setdefault(PRESSED, []).append((decision, request_id, revision, role, reason))


def _denied(after: Request) -> str:
    return f"Denied. {after.id} is over."


def _approved(after: Request) -> str:
    if after.state is State.APPROVED:
        return "Approved. Everybody who must agree has agreed; an operator can confirm it now."
    return "Approved. It is not enough yet; see who is missing."
