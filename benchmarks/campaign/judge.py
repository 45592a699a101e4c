"""What the target itself wrote down, and what is wrong with it. Pure; the product's own journal is not asked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bc_lib.domain.execution.run import Run

STOP, START, STANDBY = "stop", "start", "start-as-standby"
UNTOUCHED = "Untouched"
OVER = ("Succeeded", "Failed")
Effects = Mapping[str, Counter[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One round as it ended. `timelines`: of the primary, before and after; `effects`: of this run, by node and verb.

    `primaries`: nodes that take writes at the end; `outcome`: of a request that failed; `alive`: leases not released;
    `streams`: a standby follows the primary.
    """

    request: str
    state: str
    outcome: str
    old: str
    new: str
    timelines: tuple[int, int]
    effects: Effects
    primaries: Sequence[str]
    lost: int
    alive: int
    streams: bool = True
    wrong: Sequence[str] = field(default_factory=tuple)


def effects_of(run: str, lines: Mapping[str, Iterable[str]]) -> dict[str, Counter[str]]:
    """What each node's host really did for a run, by verb; an order that changed nothing counts for nothing."""
    found = {}
    for node, written in lines.items():
        counts: Counter[str] = Counter()
        intents: dict[int, str] = {}
        for line in written:
            entry = json.loads(line)
            if entry["kind"] == "intent" and entry["run"] == run:
                intents[entry["number"]] = entry["verb"]
            elif entry["kind"] == "result" and entry["number"] in intents and entry["changed"]:
                counts[intents[entry["number"]]] += 1
        found[node] = counts
    return found


def outcome_of(run: Run | None) -> str:
    """A request that failed without a run was refused by its prechecks: the target must show that nothing was done."""
    if run is None:
        return UNTOUCHED
    return run.outcome.value if run.outcome is not None else ""


def wrongs(seen: Seen) -> list[str]:
    """One sentence for each thing that must not be; none for a good round."""
    found = [*seen.wrong, *_double(seen)]
    advanced = seen.timelines[1] - seen.timelines[0]
    if seen.state not in OVER:
        found.append(f"{seen.request} ended {seen.state or 'nowhere'}: that is no end.")
    if seen.state == "Failed" and not seen.outcome:
        found.append(f"{seen.request} failed without an outcome.")
    if seen.outcome == UNTOUCHED and seen.state == "Failed" and any(each.total() for each in seen.effects.values()):
        found.append(f"{seen.request} says that it touched nothing, and the hosts did something for it.")
    if list(seen.primaries) not in ([seen.old], [seen.new]):
        found.append(f"After {seen.request} {len(seen.primaries)} nodes take writes: {', '.join(seen.primaries)}.")
    elif seen.state == "Succeeded" and (advanced != 1 or list(seen.primaries) != [seen.new]):
        found.append(f"{seen.request} succeeded; {seen.primaries[0]} is primary, its timeline went on by {advanced}.")
    elif advanced != int(list(seen.primaries) == [seen.new]):
        found.append(f"After {seen.request} {seen.primaries[0]} is primary, its timeline went on by {advanced}.")
    if seen.lost:
        found.append(f"{seen.lost} acknowledged rows were lost in {seen.request}.")
    if seen.alive:
        found.append(f"{seen.alive} leases are not released after {seen.request}.")
    if not seen.streams:
        found.append(f"After {seen.request} no standby follows the primary.")
    return found


def _double(seen: Seen) -> list[str]:
    """Allowed: one stop and one start of the old primary, as standby or, where the move was taken back, as it was."""
    found = []
    for node, counts in seen.effects.items():
        for verb, count in sorted(counts.items()):
            most = 1 if node == seen.old and verb in {STOP, START, STANDBY} else 0
            if count > most:
                found.append(f"{seen.request} did {verb} {count} times at {node}, at most {most} is right.")
    old = seen.effects.get(seen.old, Counter())
    if old[START] and old[STANDBY]:
        found.append(f"{seen.request} started {seen.old} both as primary and as standby.")
    return found
