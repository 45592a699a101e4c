"""The form that raises a request: what can be asked for, and what it would mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bc_lib.domain.plans.sense import Seen
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import RequestType
from bc_lib.ports.runs import Past
from bc_lib.services.estate import Estate
from bc_lib.services.requests.asking import Prospect
from bc_lib.services.requests.offers import Offers
from bc_lib.services.requests.plan_text import loss_lines
from bc_lib.services.requests.rivals import denial_of
from streamlit_app.presenters.request import Pairs, StepLine, figures, loss_rows, no_return, steps
from streamlit_app.presenters.request_words import needs_words
from streamlit_app.presenters.resource import Judged, judged
from streamlit_app.presenters.words import duration

PLAIN = frozenset({"ALREADY_THERE", "FAILBACK_HOME"})
AT_HOME = "It is at its home site, so there is nothing to fail back."


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a request can be about, and the titles of sites."""

    scope: Scope
    titles: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What may be chosen for one type: its verdict with reasons, the sites, and why the others cannot be chosen
    (site, sentence; empty where its label says enough)."""

    kind: RequestType
    verdict: Judged
    sites: tuple[str, ...]
    preselected: str | None
    refused: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The types that are offered, and the others with why not. `labels`: sites with what was seen there."""

    offered: tuple[Choice, ...]
    not_offered: tuple[tuple[str, str], ...]
    labels: dict[str, str]
    groups: tuple[str, ...]
    rival: str | None

    def of(self, kind: RequestType) -> Choice | None:
        """What may be chosen for this type; None where it is not offered."""
        return next((each for each in self.offered if each.kind is kind), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What the request would mean if it were raised now."""

    effect: str
    rows: Pairs
    steps: tuple[StepLine, ...]
    limits: tuple[str, ...]
    ticket: str
    blackout: str = ""


def target(estate: Estate, resource: str, group: str) -> Target | None:
    """The resource or group of the address; None where there is none."""
    known = estate.group(group) if group else estate.resource(resource)
    if known is None:
        return None
    scope = Scope(kind="group", name=group) if group else Scope(kind="resource", name=resource)
    return Target(scope=scope, titles=estate.site_titles)


def choices(found: Offers, titles: Mapping[str, str], wanted_site: str | None = None) -> Choices:
    """In words. `wanted_site`: the site of the address, which is preselected where it may be chosen."""
    names = {site: titles.get(site, site) for site in found.sites}
    offered, others = [], []
    for kind in RequestType:
        why = found.why_not(kind)
        if why is None:
            offered.append(_choice(found, kind, wanted_site))
        else:
            at_home = kind is RequestType.FAILBACK and why.code == "ALREADY_THERE"
            others.append((kind.value.capitalize(), AT_HOME if at_home else why.sentence))
    return Choices(
        offered=tuple(offered),
        not_offered=tuple(others),
        labels={site: f"{name}{_seen_there(found, site)}" for site, name in names.items()},
        groups=found.groups,
        rival=denial_of(found.rival).sentence if found.rival else None,
    )


def _choice(found: Offers, kind: RequestType, wanted_site: str | None) -> Choice:
    sites, urgent = found.to(kind), kind is RequestType.FAILOVER
    verdict = judged("Could fail over", found.fail_over) if urgent else judged("Could switch over", found.switch_over)
    return Choice(
        kind=kind,
        verdict=verdict,
        sites=sites,
        preselected=wanted_site if wanted_site in sites else sites[0] if not wanted_site and len(sites) == 1 else None,
        refused=tuple(
            (each.site, "" if each.site != wanted_site and each.denial.code in PLAIN else each.denial.sentence)
            for each in found.offers
            if each.kind is kind and each.denial is not None
        ),
    )


def _seen_there(found: Offers, site: str) -> str:
    """`, active now`, or that it was, of the members whose primary was last seen at this site."""
    here = [each for each in found.known.values() if each.site == site]
    if not here:
        return ""
    some = "" if len(here) == len(found.known) else f" for {len(here)} of {len(found.known)}"
    running = [each for each in here if each.primary is Seen.RUNNING]
    if len(running) == len(here):
        return f", active now{some}"
    gone = next(each for each in here if each.primary is not Seen.RUNNING)
    when = f", last seen {gone.at:%H:%M:%S} UTC" if gone.at else ""
    return f", was active, {'down' if gone.primary is Seen.DOWN else 'not seen now'}{when}{some}"


def preview(found: Prospect, past: Sequence[Past] = ()) -> Preview:
    """In words; `past` are earlier runs of its resources."""
    plan, rule = found.plan, found.rule
    return Preview(
        effect=plan.effect,
        rows=(
            *loss_rows(loss_lines(plan), plan.loss),
            *figures(plan, past),
            ("Cannot be undone", no_return(plan)),
            ("Must agree", f"{needs_words(rule.needs)}, different persons, never you ({rule.name})"),
            ("Time to decide", duration(rule.pending_s)),
        ),
        steps=steps(plan),
        limits=plan.limits,
        ticket="needed" if rule.ticket_required else "optional",
        blackout=found.blackout,
    )
