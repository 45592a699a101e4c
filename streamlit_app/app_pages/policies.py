"""Policies: who must agree to what, and changes of it that wait for a second administrator."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from bc_lib.domain.actor import Actor
from bc_lib.domain.words import count
from bc_lib.services.gate import Gate
from bc_lib.services.policy.decide import agree_policy, reject_policy
from bc_lib.services.policy.listing import ProposalView, list_proposals
from bc_lib.services.requests.asking import Known, known
from bc_lib.services.requests.policy import show_policy
from streamlit_app import acts
from streamlit_app.app_pages import common
from streamlit_app.components import freshness, tables
from streamlit_app.components.html import join, tag
from streamlit_app.components.resource import code
from streamlit_app.presenters.policies import HEAD, ProposalCard, policies_page, proposal_card

EMPTY = "There is no rule, so nobody can approve anything. An administrator must add one."
HOW = (
    "Nobody changes these rules alone: one administrator proposes a file (`bcctl policy propose FILE`), another "
    "agrees here or with `bcctl policy agree`."
)


def _page() -> None:
    actor = common.reader()
    if actor is None:
        return
    policy = acts.look(show_policy)
    if policy is None:
        return
    found = acts.look(lambda gate: _waiting(gate, actor))
    if found is None:
        return
    views, who, now = found
    page = policies_page(policy)
    waits = f"{count(len(views), 'change')} of them wait{'s' if len(views) == 1 else ''} for an administrator, below."
    st.html(
        join(
            tag("h1", page.headline),
            freshness.line(now, None),
            tag("p", waits, class_="bc-note") if views else None,
            tag("p", "The first rule that covers a request decides. The person who asked never counts."),
        )
    )
    acts.tell()
    for view in views:
        _proposal(proposal_card(view, who))
    st.html(join(tables.table(HEAD, page.rows, EMPTY), tag("p", *code(HOW), class_="bc-note")))


def _waiting(gate: Gate, actor: Actor) -> tuple[list[ProposalView], Known, datetime]:
    waiting = [view for view in list_proposals(gate, over=False) if view.waits]
    return waiting, known(gate, actor), gate.store.read.now()


def _proposal(card: ProposalCard) -> None:
    st.html(
        join(
            tag("h2", card.headline),
            tag("p", card.said),
            tag("p", card.trouble, class_="bc-trouble", role="alert") if card.trouble else None,
            tag("pre", "\n".join(card.lines)),
            tag("p", card.why_not, class_="bc-quiet") if card.why_not else None,
        )
    )
    if card.agree and st.button("Agree", key=f"policy-agree-{card.number}", type="primary"):
        after = acts.act(
            lambda gate, actor: agree_policy(gate, actor, card.number, digest=card.digest),
            lambda done: f"You agreed to proposal {done.id}. It becomes the policy within seconds.",
        )
        _shown(after is not None)
    if not card.reject:
        return
    with st.form(f"policy-reject-{card.number}", border=False, enter_to_submit=False):
        reason = st.text_input("Reason (one line)", key=f"policy-why-{card.number}", max_chars=200)
        pressed = st.form_submit_button("Reject")
    if pressed:
        after = acts.act(
            lambda gate, actor: reject_policy(gate, actor, card.number, reason.strip()),
            lambda done: f"Proposal {done.id} is rejected; the policy stays as it is.",
        )
        _shown(after is not None)


def _shown(done: bool) -> None:
    """What an act changed is shown from the database; a refusal is told where it was pressed."""
    if done:
        st.rerun()
    acts.tell()


_page()
