"""The coverage of critical systems in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.execution.ended import OUTCOME
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import State
from bc_lib.domain.verified.coverage import Coverage, Scenario
from bc_lib.domain.verified.values import Asked, Mark
from bc_lib.domain.words import count
from bc_lib.services.verified.covered import Covered
from streamlit_app.presenters.verified import Tested, recovery
from streamlit_app.presenters.words import age, listed, moment

WORDS = {
    Scenario.LIVE_DRILL: "Live drill",
    Scenario.REHEARSAL: "Rehearsal, no recovery test",
    Scenario.SWITCHOVER: "Switchover, no recovery test",
    Scenario.FAILOVER: "Failover, no recovery test",
    Scenario.FAILBACK: "Failback, no recovery test",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """The last try of a scenario: `request` None: never. `who`: everybody who took part."""

    scenario: str
    text: str
    who: str = ""
    request: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageLine:
    """One critical system."""

    kind: str
    name: str
    facts: str
    tested: Tested
    tries: tuple[Try, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveragePage:
    """The section."""

    headline: str
    lines: tuple[CoverageLine, ...]


def coverage_page(found: Covered, *, old: bool = False) -> CoveragePage:
    """`old`: read before the database went away; then nothing is good."""
    return CoveragePage(headline=_headline(found), lines=tuple(_line(each, found.now, old) for each in found.lines))


def took_part(asked: Asked) -> str:
    """`Olga asked; Bea and Ian agreed; Oscar confirmed`."""
    parts = [f"{asked.asked_by} asked"]
    for names, did in (
        (asked.agreed, "agreed"),
        (asked.denied, "denied"),
        (asked.confirmed, "confirmed"),
        (asked.decided, "decided during the run"),
    ):
        if names:
            parts.append(f"{listed(names, 9)} {did}")
    if asked.breakglass:
        parts.append("approvers replaced by break-glass")
    return "; ".join(parts)


def how_it_ended(asked: Asked) -> str:
    """`Succeeded`, or `Failed` with what became of it."""
    if asked.state is State.SUCCEEDED:
        return "Succeeded"
    outcome = next((words for key, words in OUTCOME.items() if key.value == asked.outcome), "nothing was executed")
    return f"{asked.state.value}: {outcome}"


def _headline(found: Covered) -> str:
    if not found.lines:
        return "No group or resource of tier 1 is in the inventory."
    wrong = [each for each in found.lines if each.mark is None or not each.mark.holds]
    late = [each for each in found.lines if each.mark is not None and each.mark.overdue]
    if not wrong:
        return "Every critical system is verified by a live drill in time."
    return (
        f"{len(wrong)} of {count(len(found.lines), 'critical system')} not verified now, {len(late)} overdue: "
        f"{listed([each.scope.name for each in wrong])}."
    )


def _line(each: Coverage, now: datetime, old: bool) -> CoverageLine:
    marks: Mapping[Scope, Mark] | None = {each.scope: each.mark} if each.mark else None
    return CoverageLine(
        kind=each.scope.kind,
        name=each.scope.name,
        facts=f"{each.scope.kind.capitalize()} · tier {each.tier} · {each.owner}",
        tested=recovery(marks, each.scope.kind, each.scope.name, old=old),
        tries=tuple(_try(scenario, each.last.get(scenario), each.scope, now) for scenario in Scenario),
    )


def _try(scenario: Scenario, asked: Asked | None, scope: Scope, now: datetime) -> Try:
    if asked is None:
        return Try(scenario=WORDS[scenario], text="Never tried.")
    ago = age((now - asked.state_since).total_seconds())
    what = f"{how_it_ended(asked)}. {ago.capitalize()}, {moment(asked.state_since, now)}, to {asked.where}"
    of = f", as part of {asked.scope.name}" if asked.scope != scope else ""
    return Try(scenario=WORDS[scenario], text=f"{what}{of}", who=took_part(asked), request=asked.request)
