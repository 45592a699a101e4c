"""One group: one verdict, members in dependency order, the waves in which they would move."""

from __future__ import annotations

from dataclasses import dataclass

from bc_lib.domain.assessment import Status
from bc_lib.services.estate import Estate, GroupView
from streamlit_app.presenters.marks import STATUS, Mark
from streamlit_app.presenters.overview import Card, card
from streamlit_app.presenters.resource import Judged, Why, judged, why
from streamlit_app.presenters.verified import Marks, Tested, recovery
from streamlit_app.presenters.words import age, count, duration


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLine:
    """A member: `wave` counts from 1; `after` names those that move before it."""

    wave: int
    after: tuple[str, ...]
    card: Card


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPage:
    """The whole page."""

    name: str
    status: Mark
    worst: tuple[str, ...]
    facts: tuple[str, ...]
    reasons: tuple[Why, ...]
    verdicts: tuple[Judged, ...]
    members: tuple[MemberLine, ...]
    waves: tuple[tuple[str, ...], ...]
    ages: str
    tested: Tested


def group_page(view: GroupView, estate: Estate, marks: Marks | None = None, *, old: bool = False) -> GroupPage:
    """Everything the page says about `view`."""
    group, found = view.group, view.assessment
    status = STATUS[found.status]
    worst = found.worst_members if found.status is not Status.GREEN else ()
    wave_of = {name: number for number, wave in enumerate(found.waves, 1) for name in wave}
    after = {member.resource: member.after for member in group.members}
    cards = {member.name: card(member, estate, marks, old=old) for member in view.members}
    ages = [member.current.age_s for member in view.members if member.current.age_s is not None]
    return GroupPage(
        name=group.name,
        status=status,
        worst=worst,
        facts=(
            f"Tier {group.tier}",
            group.owner,
            count(len(group.members), "member"),
            f"RPO {duration(group.rpo_s)}" if group.rpo_s is not None else "no RPO target of its own",
        ),
        reasons=tuple(why(reason) for reason in found.reasons),
        verdicts=(
            judged("Could switch over", found.could_switch_over),
            judged("Could fail over", found.could_fail_over),
        ),
        members=tuple(
            MemberLine(wave=wave_of.get(name, 0), after=after.get(name, ()), card=cards[name])
            for name in found.order
            if name in cards
        ),
        waves=found.waves,
        ages=f"oldest observation {age(max(ages))}" if ages else "no member was ever seen",
        tested=recovery(marks, "group", group.name, old=old),
    )
