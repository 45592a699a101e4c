"""Turn observations into rounds: rules, then alerting, each on what is remembered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bc_lib.domain.alerting import step
from bc_lib.domain.alerts import AlertState
from bc_lib.domain.inventory import Resource
from bc_lib.domain.memory import Memory, OwnMove
from bc_lib.domain.observation import Observation
from bc_lib.domain.own_runs import OwnRun
from bc_lib.domain.rules import assess
from bc_lib.ports.monitoring import Remembered, Round

FORGOTTEN = Remembered(memory=Memory(), alert=AlertState())


@dataclass(frozen=True, slots=True)
class Judged:
    """Rounds in order, and what will be remembered once they are stored."""

    rounds: tuple[Round, ...]
    remembered: dict[str, Remembered]
    broken: Mapping[str, Exception] = field(default_factory=dict)
    """What the rules raised for a resource: that observation is not judged, which makes it stale, never green."""


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
        try:
            assessment, memory = assess(resource, observation, before.memory, known.get(resource.name, ()))
            moving = (runs or {}).get(resource.name)
            explained = moving.explains() if moving else frozenset[str]()
            alert, notices = step(before.alert, resource, assessment, observation.observed_at, explained)
        except Exception as trouble:  # whatever is wrong with this one: the others are judged
            broken[resource.name] = trouble
            continue
        after[resource.name] = Remembered(memory=memory, alert=alert, assessment=assessment)
        rounds.append(
            Round(observation=observation, assessment=assessment, memory=memory, alert=alert, notices=notices)
        )
    return Judged(tuple(rounds), after, broken)
