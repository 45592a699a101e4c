"""Times when an old primary took writes beside the new one after a move: from the marks of the journal alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.execution.actions import MarkName
from bc_lib.domain.execution.run import Mark, Run
from bc_lib.domain.words import clock

# A fact of a probe: whether the old primary takes writes now; None: it cannot be said.
TAKES_WRITES = "takes_writes"
# Facts of the mark TWO_WRITERS. An episode that was over when it was found carries both bounds.
SINCE, UNTIL, NODE, BESIDE = "since", "until", "node", "beside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """`since` None: not known. `until` None: it lasts, as far as is known. `seen`: while it lasted; else its bounds are
    those of what was found afterwards, and it lies between them."""

    resource: str
    node: str
    beside: str
    since: datetime | None
    until: datetime | None
    seen: bool

    @property
    def sentence(self) -> str:
        """For people."""
        who = f"{self.node} took writes as a second primary beside {self.beside}"
        if self.until is None:
            begun = f" since {clock(self.since)}" if self.since else ""
            return f"Two servers take writes{begun}: {self.node} as well as {self.beside}."
        if not self.seen:
            begun = f"after {clock(self.since)} and " if self.since else ""
            return f"{who}, {begun}before {clock(self.until)}; nobody saw it then."
        return f"{who} from {clock(self.since) if self.since else 'an unknown time'} to {clock(self.until)}."


def episodes(run: Run) -> tuple[Episode, ...]:
    """All of a run, oldest first."""
    found: list[Episode] = []
    resources = {step.step.key: step.step.resource for step in run.steps}
    begun: dict[str, Mark] = {}
    for mark in sorted(run.marks, key=lambda mark: mark.at):
        name = resources.get(mark.step, "")
        if mark.name is MarkName.TWO_WRITERS and mark.facts.get(UNTIL):
            found.append(_episode(name, mark, _moment(mark.facts.get(UNTIL)) or mark.at, seen=False))
        elif mark.name is MarkName.TWO_WRITERS:
            begun.setdefault(name, mark)
        elif mark.name is MarkName.ONE_WRITER and name in begun:
            found.append(_episode(name, begun.pop(name), mark.at, seen=True))
    found += [_episode(name, mark, None, seen=True) for name, mark in begun.items()]
    return tuple(found)


def open_episodes(run: Run) -> tuple[Episode, ...]:
    """Those that last."""
    return tuple(episode for episode in episodes(run) if episode.until is None)


def _episode(resource: str, mark: Mark, until: datetime | None, *, seen: bool) -> Episode:
    since = mark.at if seen else _moment(mark.facts.get(SINCE))
    node, beside = (str(mark.facts.get(name) or "a server") for name in (NODE, BESIDE))
    return Episode(resource=resource, node=node, beside=beside, since=since, until=until, seen=seen)


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
