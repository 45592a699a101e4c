"""Changes that wait for a second administrator (S5): of the approval policy, of the inventory."""

from __future__ import annotations

from dataclasses import dataclass

from bc_lib.domain.changes.proposal import ProposalState, TopicName
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.words import clock
from bc_lib.services.changes.listing import ProposalView
from bc_lib.services.changes.topic import Topic
from bc_lib.services.requests.asking import Known
from streamlit_app.presenters.choices import may
from streamlit_app.presenters.words import count

MOST_LINES = 200
BECOMES = {TopicName.POLICY: "it becomes the policy", TopicName.INVENTORY: "it becomes the inventory"}
WHOLE = {TopicName.POLICY: "bcctl policy show {}", TopicName.INVENTORY: "bcctl inventory proposals {}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalCard:
    """A proposal that waits. `lines`: what would change; `agree`, `reject`: which buttons this person is shown.

    `becomes`: what happens within seconds of the agreement.
    """

    number: int
    digest: str
    headline: str
    said: str
    lines: tuple[str, ...]
    becomes: str
    trouble: str | None
    agree: bool = False
    reject: bool = False
    why_not: str | None = None


def proposal_card(topic: Topic, view: ProposalView, known: Known) -> ProposalCard:
    """One proposal as this person sees it. Buttons are never the control: the service decides again."""
    each, agreed, becomes = view.proposal, view.state is ProposalState.AGREED, BECOMES[topic.name]
    second = each.decided.name if each.decided else ""
    own = known.person is not None and known.person.id == each.proposed.person
    admin = may(known, topic.verb) and not agreed
    excluded = refusal("PROPOSER_EXCLUDED", topic=topic.name.value, proposal=each.id).sentence
    return ProposalCard(
        number=each.id,
        digest=each.digest,
        headline=f"Proposal {each.id}, made from {_base(topic)} {each.base_version}",
        said=f"Proposed by {each.proposed.name}. "
        + (
            f"{second} agreed; {becomes} within seconds."
            if agreed
            else f"Another administrator must agree until {clock(each.expires_at)}."
        ),
        lines=_lines(topic, view),
        becomes=becomes,
        trouble=None if view.proven else f"It carries no valid proof, so it will not become the {topic.name.value}.",
        agree=admin and not own and view.proven,
        reject=admin,
        why_not=excluded if admin and own else None,
    )


def _base(topic: Topic) -> str:
    return "revision" if topic.name is TopicName.INVENTORY else "version"


def _lines(topic: Topic, view: ProposalView) -> tuple[str, ...]:
    """The first ones; a proposal may be about hundreds of resources."""
    more = len(view.lines) - MOST_LINES
    if more <= 0:
        return view.lines
    whole = WHOLE[topic.name].format(view.proposal.id)
    return (*view.lines[:MOST_LINES], f"{count(more, 'more line')}: {whole}")
