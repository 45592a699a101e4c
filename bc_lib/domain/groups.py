"""One verdict for a group: its worst member, named (FR-012)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bc_lib.domain.assessment import Answer, Reason, Status, Verdict
from bc_lib.domain.current import Current
from bc_lib.domain.dependencies import DependencyCycle, waves
from bc_lib.domain.inventory import Group
from bc_lib.domain.plans.movable import watched_only
from bc_lib.domain.reason_rows import losses
from bc_lib.domain.reasons import kind_of, worst_status
from bc_lib.domain.words import duration


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAssessment:
    """`order`: members' names, each after those it depends on; `waves`: the same in parallel steps."""

    status: Status
    worst_members: tuple[str, ...]  # every one that shares the worst state; none where all are green
    reasons: tuple[Reason, ...]
    could_switch_over: Verdict
    could_fail_over: Verdict
    order: tuple[str, ...]
    waves: tuple[tuple[str, ...], ...]

    @property
    def worst_member(self) -> str | None:
        """The first of them."""
        return next(iter(self.worst_members), None)


WORST_FIRST = (Status.RED, Status.BLIND, Status.STALE, Status.NEVER_SEEN, Status.YELLOW, Status.GREEN)
ANSWER_WORST_FIRST = (Answer.NO, Answer.UNKNOWN, Answer.WITH_LOSS, Answer.YES)


_FRESH = {Status.GREEN, Status.YELLOW, Status.RED, Status.BLIND}


def assess_group(group: Group, members: Mapping[str, Current]) -> GroupAssessment:
    """Judge a group from its members' current views. A member that is missing counts as never seen."""
    steps, order_trouble = _steps(group)
    names = tuple(name for step in steps for name in step)
    own = (*order_trouble, *_rpo(group, members), *_sites(group, members))
    statuses = {name: members[name].status if name in members else Status.NEVER_SEEN for name in names}
    first = min(names, key=lambda name: WORST_FIRST.index(statuses[name]), default=None)
    worst = [name for name in names if first is not None and statuses[name] is statuses[first]]
    status = min((worst_status(tuple(reason.code for reason in own)), *statuses.values()), key=WORST_FIRST.index)
    if not worst:
        status = Status.NEVER_SEEN
    return GroupAssessment(
        status=status,
        worst_members=tuple(name for name in worst if statuses[name] is not Status.GREEN),
        reasons=(*_why(worst, statuses, members), *own),
        could_switch_over=_verdict([(name, _view(members.get(name), switch=True)) for name in names], own, switch=True),
        could_fail_over=_verdict([(name, _view(members.get(name), switch=False)) for name in names], own, switch=False),
        order=names,
        waves=steps,
    )


def _steps(group: Group) -> tuple[tuple[tuple[str, ...], ...], tuple[Reason, ...]]:
    """Members in waves. Where no order exists: one member a wave as listed, and the reason."""
    names = {member.resource for member in group.members}
    inside = {member.resource: tuple(name for name in member.after if name in names) for member in group.members}
    outside = sorted({name for member in group.members for name in member.after} - names)
    trouble = tuple(
        Reason(code="GROUP_ORDER", text=f"{name} is named in the order of {group.name}, but is not a member.")
        for name in outside
    )
    try:
        return waves(inside), trouble
    except DependencyCycle as cycle:
        why = Reason(code="GROUP_ORDER", text=f"The order of {group.name} is a cycle: {cycle}.")
        return tuple((member.resource,) for member in group.members), (*trouble, why)


def _why(worst: Sequence[str], statuses: Mapping[str, Status], members: Mapping[str, Current]) -> tuple[Reason, ...]:
    """The first reason of every member that shares the worst state."""
    if not worst:
        return (Reason(code="NEVER_SEEN", text="The group has no members."),)
    return tuple(_first(name, members) for name in worst if statuses[name] is not Status.GREEN)


def _first(name: str, members: Mapping[str, Current]) -> Reason:
    if name not in members or not members[name].reasons:
        return Reason(code="NEVER_SEEN", node=name, text=f"{name}: never observed yet.")
    first = members[name].reasons[0]
    return Reason(code=first.code, node=name, text=f"{name}: {first.text}", figures=first.figures)


def _view(member: Current | None, *, switch: bool) -> Verdict:
    if member is None:
        return Verdict(answer=Answer.UNKNOWN, reasons=(Reason(code="NEVER_SEEN", text="Never observed yet."),))
    return member.could_switch_over if switch else member.could_fail_over


def _verdict(views: list[tuple[str, Verdict]], own: tuple[Reason, ...], *, switch: bool) -> Verdict:
    """The worst member's answer, named; the group's own reasons count too."""
    mine = [(reason, answer) for reason in own if (answer := _cap(reason, switch=switch)) is not None]
    if not views:
        return Verdict(answer=Answer.UNKNOWN)
    moving = [each for each in views if not watched_only(each[1])]
    if not moving:
        return views[0][1]
    views = moving
    answers = [verdict.answer for _, verdict in views] + [answer for _, answer in mine]
    answer = min(answers, key=ANSWER_WORST_FIRST.index)
    told = tuple(
        Reason(code=reason.code, node=name, text=f"{name}: {reason.text}", figures=reason.figures)
        for name, verdict in views
        if verdict.answer is answer  # a yes has its price too, such as the newest writes
        for number, reason in enumerate(verdict.reasons)
        if number == 0 or (not switch and reason.code in losses.CODES)
    )
    return Verdict(answer=answer, reasons=(*told, *(reason for reason, _ in mine)))


def _cap(reason: Reason, *, switch: bool) -> Answer | None:
    kind = kind_of(reason)
    return kind.blocks_switch_over if switch else kind.blocks_fail_over


def _rpo(group: Group, members: Mapping[str, Current]) -> tuple[Reason, ...]:
    """Members whose possible loss exceeds the group's own target, from fresh figures only."""
    found = []
    for member in group.members:
        view = members.get(member.resource)
        received = view.last.lag.received_s if view and view.last and view.status in _FRESH else None
        if group.rpo_s is not None and received is not None and received > group.rpo_s:
            found.append(
                Reason(
                    code="GROUP_RPO_BREACH",
                    node=member.resource,
                    figures={"received_s": received, "rpo_s": group.rpo_s},
                    text=f"{member.resource}: up to {duration(received)} of writes are not received, "
                    f"over the group's RPO target of {duration(group.rpo_s)}.",
                )
            )
    return tuple(found)


def _sites(group: Group, members: Mapping[str, Current]) -> tuple[Reason, ...]:
    at = {
        name: view.resource.title(view.last.active_site)
        for member in group.members
        if (name := member.resource) in members
        and (view := members[name]).last is not None
        and view.status in _FRESH
        and view.last.active_site
    }
    if len(set(at.values())) < 2:
        return ()
    where = ", ".join(f"{name} at {site}" for name, site in at.items())
    return (Reason(code="GROUP_SITES_DIFFER", text=f"Members run at different sites: {where}."),)
