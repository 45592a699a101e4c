"""The form that raises a request: what can be asked for, and what it would mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bc_lib.domain.requests.plan import Scope
from bc_lib.ports.runs import Past
from bc_lib.services.estate import Estate, ResourceView
from bc_lib.services.requests.asking import Prospect
from streamlit_app.presenters.request import Pairs, StepLine, figures, no_return, steps
from streamlit_app.presenters.request_words import needs_words
from streamlit_app.presenters.words import duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a request can be about: its sites with titles, home site first, and where it is active now."""

    scope: Scope
    sites: tuple[str, ...]
    titles: dict[str, str]
    active: str | None

    @property
    def other(self) -> str | None:
        """The site that it would move to."""
        rest = [site for site in self.sites if site != self.active]
        return rest[0] if self.active and len(rest) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What the request would mean if it were raised now."""

    effect: str
    rows: Pairs
    steps: tuple[StepLine, ...]
    limits: tuple[str, ...]
    ticket: str


def target(estate: Estate, resource: str, group: str) -> Target | None:
    """The resource or group of the address; None where there is none."""
    if group:
        view = estate.group(group)
        members, scope = (view.members if view else ()), Scope(kind="group", name=group)
    else:
        one = estate.resource(resource)
        members, scope = ((one,) if one else ()), Scope(kind="resource", name=resource)
    if not members:
        return None
    sites = tuple(dict.fromkeys(site for each in members for site in _sites(each)))
    actives = {_active(each) for each in members}
    return Target(
        scope=scope,
        sites=sites,
        titles={site: estate.site_titles.get(site, site) for site in sites},
        active=actives.pop() if len(actives) == 1 else None,
    )


def preview(found: Prospect, past: Sequence[Past] = ()) -> Preview:
    """In words; `past` are earlier runs of its resources."""
    plan, rule = found.plan, found.rule
    return Preview(
        effect=plan.effect,
        rows=(
            *figures(plan, past),
            *((("Must be accepted", f"losing {plan.loss}"),) if plan.loss else ()),
            ("Cannot be undone", no_return(plan)),
            ("Must agree", f"{needs_words(rule.needs)}, different persons, never you ({rule.name})"),
            ("Time to decide", duration(rule.pending_s)),
        ),
        steps=steps(plan),
        limits=plan.limits,
        ticket="needed" if rule.ticket_required else "optional",
    )


def _sites(view: ResourceView) -> tuple[str, str]:
    return view.current.resource.home_site, view.current.resource.dr_site


def _active(view: ResourceView) -> str | None:
    return view.current.last.active_site if view.current.last else None
