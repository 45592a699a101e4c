"""Turn observations into rounds: rules, then alerting, each on what is remembered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from bc_lib.domain.alerting import step
from bc_lib.domain.alerts import AlertState
from bc_lib.domain.inventory import Resource
from bc_lib.domain.memory import Memory, OwnMove
from bc_lib.domain.observation import Observation, Reach
from bc_lib.domain.own_runs import OwnRun
from bc_lib.domain.rules import assess
from bc_lib.ports.monitoring import Remembered, Round

UNJUDGED = "What it answered could not be judged; the monitor's log says why."
FORGOTTEN = Remembered(memory=Memory(), alert=AlertState())


@dataclass(frozen=True, slots=True)
class Judged:
    """Rounds in order, and what will be remembered once they are stored."""

    rounds: tuple[Round, ...]
    remembered: dict[str, Remembered]
    broken: Mapping[str, Exception] = field(default_factory=dict)
    """What the rules raised for a resource; its observation was set aside, and it is judged as a check that failed."""


def judge(
    observations: Iterable[Observation],
    resources: Mapping[str, Resource],
    remembered: Mapping[str, Remembered],
    moves: Mapping[str, tuple[OwnMove, ...]] | None = None,
    runs: Mapping[str, OwnRun] | None = None,
) -> Judged:
    """Judge observations in order of time. Those of resources no longer watched are dropped.

    Pure: the caller keeps `remembered` only after the rounds are stored, so that a failed write
    repeats the same judgement, with the same dedup keys.
    """
    rounds: list[Round] = []
    known = moves or {}
    after: dict[str, Remembered] = {}
    broken: dict[str, Exception] = {}
    for observation in sorted(observations, key=lambda item: item.observed_at):
        resource = resources.get(observation.resource)
        if resource is None:
            continue
        before = after.get(resource.name) or remembered.get(resource.name) or FORGOTTEN
        own, run = known.get(resource.name, ()), (runs or {}).get(resource.name)
        found: Round | None
        try:
            found = _round(resource, observation, before, own, run)
        except Exception as trouble:  # whatever is wrong with this one: the others are judged
            broken[resource.name] = trouble
            found = _set_aside(resource, observation, before, own, run)
        if found is None:
            continue
        after[resource.name] = Remembered(memory=found.memory, alert=found.alert, assessment=found.assessment)
        rounds.append(found)
    return Judged(tuple(rounds), after, broken)


def unjudged(observation: Observation) -> Observation:
    """The same look with what it brought put away: a check that failed at each node, with the sentence why."""
    nodes = (replace(each, reach=Reach.ERROR, error=UNJUDGED, facts=None) for each in observation.nodes)
    return replace(observation, nodes=tuple(nodes))


def _round(
    resource: Resource, observation: Observation, before: Remembered, own: tuple[OwnMove, ...], run: OwnRun | None
) -> Round:
    assessment, memory = assess(resource, observation, before.memory, own)
    explained = run.explains() if run else frozenset[str]()
    alert, notices = step(before.alert, resource, assessment, observation.observed_at, explained)
    return Round(observation=observation, assessment=assessment, memory=memory, alert=alert, notices=notices)


def _set_aside(
    resource: Resource, observation: Observation, before: Remembered, own: tuple[OwnMove, ...], run: OwnRun | None
) -> Round | None:
    """None where what is remembered breaks the rules too: then nothing new is stored, and it goes stale."""
    try:
        return _round(resource, unjudged(observation), before, own, run)
    except Exception:
        return None
