"""Who must agree to what (FR-031)."""

from __future__ import annotations

from dataclasses import dataclass

from bc_lib.domain.requests.policy import Policy, Rule
from streamlit_app.presenters.request_words import needs_words
from streamlit_app.presenters.words import count, duration

HEAD = ("Order", "Applies to", "Must agree", "Change ticket", "Time to decide", "Time to confirm", "Time to start")


@dataclass(frozen=True, slots=True, kw_only=True)
class PoliciesPage:
    """Rows are cells under HEAD."""

    headline: str
    rows: tuple[tuple[str, ...], ...]


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
