"""Steps of a whole scope in dependency waves: all checks first, then member by member, then what is owed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bc_lib.domain.execution.actions import DrillKind
from bc_lib.domain.inventory import IfPartial, Resource
from bc_lib.domain.plans import postgresql
from bc_lib.domain.plans.topology import Topology
from bc_lib.domain.requests.plan import Step
from bc_lib.domain.requests.states import RequestType


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A resource that moves, with its nodes and its wave (from 1)."""

    resource: Resource
    nodes: Topology
    wave: int


def steps(
    kind: RequestType, members: Sequence[Member], drill: DrillKind | None, if_partial: IfPartial | None = None
) -> tuple[Step, ...]:
    """All steps in order, each with a key of its own. `if_partial`: of a group, for a planned move."""
    checks = [postgresql.check(each.resource, each.nodes) for each in members]
    if kind is RequestType.DRILL and drill is not DrillKind.LIVE:
        return (*checks, *(postgresql.rehearse(each.resource, each.nodes) for each in members))
    if kind is RequestType.DRILL:
        return (*checks, *_there_and_back(members))
    way_back = _way_back(members) if if_partial is IfPartial.RETURN and len(members) > 1 else []
    return (*checks, *_moves(kind, members), *way_back, *_owed(kind, members))


def waves_of(names: Sequence[str], waves: Sequence[Sequence[str]]) -> Mapping[str, int]:
    """The wave of each name, counted from 1 without waves in which nothing moves."""
    moving = [[name for name in wave if name in names] for wave in waves]
    return {name: place for place, wave in enumerate(filter(None, moving), start=1) for name in wave}


def _moves(kind: RequestType, members: Sequence[Member]) -> list[Step]:
    return [step for each in members for step in postgresql.move(each.resource, each.nodes, kind, each.wave)]


def _owed(kind: RequestType, members: Sequence[Member]) -> list[Step]:
    found = [
        replace(step, after_restore=True)
        for each in members
        for step in postgresql.reprotect(each.resource, each.nodes, kind, each.wave)
    ]
    return found + [postgresql.postcheck(each.resource, each.nodes, each.wave) for each in members]


def _way_back(members: Sequence[Member]) -> list[Step]:
    """The last wave first: what depends on others goes back before them. The last member of all never needs it: nothing
    comes after its move that could fail."""
    switch, last = RequestType.SWITCHOVER, max(each.wave for each in members)
    found: list[Step] = []
    for each in reversed(members[:-1]):
        back, wave = postgresql.turned(each.nodes), 2 * last + 1 - each.wave
        turn = postgresql.reprotect(each.resource, each.nodes, switch, wave)
        found += [replace(step, key=f"{step.key}-return") for step in turn]
        found += postgresql.move(each.resource, back, switch, wave, back=True)
        found += postgresql.reprotect(each.resource, back, switch, wave, back=True)
    return [replace(step, returns=True, may_stop_after=False) for step in found]


def _there_and_back(members: Sequence[Member]) -> list[Step]:
    """A live drill: moved, protected, held, moved back, protected again. Its way back is part of what is approved."""
    switch, last = RequestType.SWITCHOVER, max(each.wave for each in members)
    found = _moves(switch, members)
    for each in members:
        found += postgresql.reprotect(each.resource, each.nodes, switch, each.wave)
    found.append(postgresql.hold(members[0].resource, members[0].nodes, last + 1))
    for each in members:
        back, wave = postgresql.turned(each.nodes), last + 1 + each.wave
        found += postgresql.move(each.resource, back, switch, wave, back=True)
    for each in members:
        back, wave = postgresql.turned(each.nodes), last + 1 + each.wave
        found += [
            replace(step, after_restore=True)
            for step in postgresql.reprotect(each.resource, back, switch, wave, back=True)
        ]
    found += [
        postgresql.postcheck(each.resource, postgresql.turned(each.nodes), last + 1 + each.wave) for each in members
    ]
    return found
