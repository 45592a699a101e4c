"""Proposals that wait, with what they would change, and the buttons of whoever may decide about them."""

from __future__ import annotations

import streamlit as st

from bc_lib.domain.actor import Actor
from bc_lib.services.changes.decide import agree, reject
from bc_lib.services.changes.listing import ProposalView, list_proposals
from bc_lib.services.changes.topic import Topic
from bc_lib.services.gate import Gate
from bc_lib.services.requests.asking import Known, known
from streamlit_app import acts
from streamlit_app.components.html import join, tag
from streamlit_app.presenters.proposals import ProposalCard, proposal_card


def waiting(topic: Topic, actor: Actor) -> None:
    """What the last act did, then every proposal that somebody or the runner must still deal with."""
    acts.tell()
    found = acts.look(lambda gate: _waiting(gate, topic, actor))
    if found is None:
        return
    views, who = found
    for view in views:
        _proposal(topic, proposal_card(topic, view, who))


def _waiting(gate: Gate, topic: Topic, actor: Actor) -> tuple[list[ProposalView], Known]:
    return [view for view in list_proposals(gate, topic, over=False) if view.waits], known(gate, actor)


def _proposal(topic: Topic, card: ProposalCard) -> None:
    st.html(
        join(
            tag("h2", card.headline),
            tag("p", card.said),
            tag("p", card.trouble, class_="bc-trouble", role="alert") if card.trouble else None,
            tag("pre", "\n".join(card.lines), class_="bc-difference"),
            tag("p", card.why_not, class_="bc-quiet") if card.why_not else None,
        )
    )
    key = f"{topic.name.value}-{card.number}"
    if card.agree and st.button("Agree", key=f"agree-{key}", type="primary"):
        after = acts.act(
            lambda gate, actor: agree(gate, actor, topic, card.number, digest=card.digest),
            lambda done: f"You agreed to proposal {done.id}. {card.becomes.capitalize()} within seconds.",
        )
        _shown(after is not None)
    if not card.reject:
        return
    with st.form(f"reject-{key}", border=False, enter_to_submit=False):
        reason = st.text_input("Reason (one line)", key=f"why-{key}", max_chars=200)
        pressed = st.form_submit_button("Reject")
    if pressed:
        after = acts.act(
            lambda gate, actor: reject(gate, actor, topic, card.number, reason.strip()),
            lambda done: f"Proposal {done.id} is rejected; the {topic.name.value} stays as it is.",
        )
        _shown(after is not None)


def _shown(done: bool) -> None:
    """What an act changed is shown from the database; a refusal is told where it was pressed."""
    if done:
        st.rerun()
    acts.tell()
