"""Who must agree to what (FR-031), and changes of it that wait for a second administrator (S5)."""

from __future__ import annotations

from dataclasses import dataclass

from bc_lib.domain.authorization import Verb
from bc_lib.domain.requests.policy import Policy, Rule
from bc_lib.domain.requests.policy_change import ProposalState
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.words import clock
from bc_lib.services.policy.listing import ProposalView
from bc_lib.services.requests.asking import Known
from streamlit_app.presenters.choices import may
from streamlit_app.presenters.request_words import needs_words
from streamlit_app.presenters.words import count, duration

HEAD = ("Order", "Applies to", "Must agree", "Change ticket", "Time to decide", "Time to confirm", "Time to start")


@dataclass(frozen=True, slots=True, kw_only=True)
class PoliciesPage:
    """Rows are cells under HEAD."""

    headline: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalCard:
    """A proposal that waits. `lines`: what would change; `agree`, `reject`: which buttons this person is shown."""

    number: int
    digest: str
    headline: str
    said: str
    lines: tuple[str, ...]
    trouble: str | None
    agree: bool = False
    reject: bool = False
    why_not: str | None = None


def proposal_card(view: ProposalView, known: Known) -> ProposalCard:
    """One proposal as this person sees it. Buttons are never the control: the service decides again."""
    each, agreed = view.proposal, view.state is ProposalState.AGREED
    second = each.decided.name if each.decided else ""
    own = known.person is not None and known.person.id == each.proposed.person
    admin = may(known, Verb.CHANGE_POLICY) and not agreed
    return ProposalCard(
        number=each.id,
        digest=each.digest,
        headline=f"Proposal {each.id}, made from version {each.base_version}",
        said=f"Proposed by {each.proposed.name}. "
        + (
            f"{second} agreed; it becomes the policy within seconds."
            if agreed
            else f"Another administrator must agree until {clock(each.expires_at)}."
        ),
        lines=view.lines,
        trouble=None if view.proven else "It carries no valid proof, so it will not become the policy.",
        agree=admin and not own and view.proven,
        reject=admin,
        why_not=refusal("PROPOSER_EXCLUDED", proposal=each.id).sentence if admin and own else None,
    )


def policies_page(policy: Policy) -> PoliciesPage:
    """The newest rules in order."""
    return PoliciesPage(
        headline=f"{count(len(policy.rules), 'rule')} of approval, version {policy.version}",
        rows=tuple(_row(rule) for rule in policy.rules),
    )


def _row(rule: Rule) -> tuple[str, ...]:
    ticket = "needed" if rule.ticket_required else "not needed"
    return (
        f"{rule.position}",
        f"{rule.name}: {_applies(rule)}",
        f"{needs_words(rule.needs)}, different persons" if len(rule.needs) > 1 else needs_words(rule.needs),
        f"{ticket}, form {rule.ticket_pattern}" if rule.ticket_pattern else ticket,
        duration(rule.pending_s),
        duration(rule.approved_s),
        duration(rule.ready_s),
    )


def _applies(rule: Rule) -> str:
    parts = (
        f"tier {' or '.join(map(str, rule.tiers))}" if rule.tiers else "every tier",
        " or ".join(each.value for each in rule.types) if rule.types else "every type",
        " or ".join(each.value for each in rule.environments) if rule.environments else "every environment",
    )
    return ", ".join(parts)
