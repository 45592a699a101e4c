"""A mechanism over a target in memory that judges: it counts effects, and refuses older epochs and late orders.

Points at which a test may step in (`FakeTarget.at`): probe, act, stop, stopped, promote, promoted, acted, verify, undo,
and the name of every other effect before it and, with `-done`, after it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bc_lib.domain.execution.actions import Action, MarkName
from bc_lib.domain.execution.attested import BY_HAND
from bc_lib.domain.execution.findings import Finding, Severity
from bc_lib.domain.execution.run import Facts
from bc_lib.domain.inventory import Platform
from bc_lib.ports.mechanism import (
    CredentialUnavailable,
    Effect,
    MarkFn,
    Mechanism,
    Probe,
    StepFailed,
    StepUnknown,
    Work,
)

Hook = Callable[[str, Work], None]


class Killed(BaseException):
    """The runner's process ended here."""


def nothing(point: str, work: Work) -> None:
    """The hook of a target that nobody disturbs."""


@dataclass
class Pair:
    """Two servers. `primary` takes writes; both may, if somebody did wrong."""

    primary: set[str] = field(default_factory=lambda: {"fra"})
    stopped: set[str] = field(default_factory=set)
    standby: set[str] = field(default_factory=lambda: {"ams"})
    preserved: bool = False

    def stop(self, node: str) -> None:
        """It takes no writes any more."""
        self.stopped.add(node)
        self.primary.discard(node)

    def promote(self, node: str) -> None:
        """It takes writes from now on."""
        self.standby.discard(node)
        self.primary.add(node)

    def follow(self, node: str) -> None:
        """It is a standby from now on."""
        self.stopped.discard(node)
        self.primary.discard(node)
        self.standby.add(node)

    def keep(self) -> None:
        """A copy lies aside."""
        self.preserved = True


@dataclass
class FakeTarget:
    """What stands behind every resource. `effects` counts (resource, step, verb); `wrong` lists broken promises."""

    at: Hook = nothing
    effects: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    pairs: dict[str, Pair] = field(default_factory=dict)
    highest: dict[str, int] = field(default_factory=dict)
    begun: set[tuple[str, str]] = field(default_factory=set)
    blind: bool = False  # nothing of it can be seen
    sealed: str = ""  # why its secrets cannot be had
    findings: dict[str, list[Finding]] = field(default_factory=dict)  # by action

    def pair(self, work: Work) -> Pair:
        """The servers of a resource."""
        return self.pairs.setdefault(work.resource.name, Pair())

    def order(self, work: Work, verb: str) -> None:
        """Carry one effect out, or refuse it. Raises StepFailed."""
        name = work.resource.name
        if work.epoch < self.highest.get(name, 0):
            self.refused.append(f"{work.step.key} {verb}: epoch {work.epoch}")
            raise StepFailed(f"{name} refused {verb}: another runner has taken over.")
        if datetime.now(UTC) > work.effect_by:
            self.refused.append(f"{work.step.key} {verb}: late")
            raise StepFailed(f"{name} refused {verb}: the order came late.")
        self.highest[name] = work.epoch
        self.effects[work.request, work.step.key, verb] += 1

    def doubles(self) -> list[object]:
        """Effects that happened more than once."""
        return [each for each, count in self.effects.items() if count > 1]


class FakeMechanism:
    """Implements ports.mechanism.Mechanism."""

    platform = Platform.POSTGRESQL

    def __init__(self, target: FakeTarget) -> None:
        self._target = target

    def actions(self) -> frozenset[Action]:
        """Everything."""
        return frozenset(Action)

    def prechecks(self, work: Work) -> Sequence[Finding]:
        """As the test wants; well by itself."""
        return self._findings("precheck", work)

    def take_over(self, work: Work) -> None:
        """The target hears of the new epoch."""
        name = work.resource.name
        self._target.highest[name] = max(self._target.highest.get(name, 0), work.epoch)

    def probe(self, work: Work) -> Probe:
        """By the state of the servers alone."""
        target, step = self._target, work.step
        target.at("probe", work)
        target.begun.discard((work.request, step.key))
        if target.sealed:
            return Probe(effect=Effect.UNKNOWN, sentence=target.sealed, waits=True)
        if target.blind:
            return Probe(effect=Effect.UNKNOWN, sentence="Nobody answers.")
        effect = self._there(target.pair(work), work)
        return Probe(effect=effect, sentence=f"{step.key} is {effect.value}.", facts={"probed": effect.value})

    def follow_up(self, work: Work) -> Facts:
        """Nothing comes with its effects."""
        return {}

    def act(self, work: Work, mark: MarkFn) -> Facts:
        """Go on from what is there."""
        target, key = self._target, (work.request, work.step.key)
        target.at("act", work)
        if target.sealed:
            raise CredentialUnavailable(target.sealed)
        if key in target.begun:
            target.wrong.append(f"{work.step.key} was begun again without a probe")
        target.begun.add(key)
        action, pair = Action(work.step.action), target.pair(work)
        facts: dict[str, object] = {"epoch": work.epoch}
        if action is Action.MOVE:
            facts |= self._move(work, pair, mark)
        elif action in {Action.REPROTECT, Action.REWIND}:
            self._effect(work, action.value, lambda: pair.follow(work.step.peer))
        elif action is Action.PRESERVE:
            self._effect(work, "preserve", pair.keep)
        elif action is Action.VERIFY:
            if pair.primary != {work.step.node}:
                raise StepFailed(f"No write was acknowledged at {work.step.node}.")
            mark(MarkName.WRITTEN, {"node": work.step.node})
        target.at("acted", work)
        return facts

    def verify(self, work: Work, facts: Facts) -> Sequence[Finding]:
        """As the test wants."""
        self._target.at("verify", work)
        if self._target.sealed:
            raise CredentialUnavailable(self._target.sealed)
        return self._findings(work.step.action, work)

    def undo(self, work: Work, mark: MarkFn) -> Facts:
        """The old primary takes writes again, unless the target is one already."""
        pair, old = self._target.pair(work), work.step.peer
        self._target.at("undo", work)
        if work.step.node in pair.primary:
            raise StepUnknown("It is promoted already.")
        self._target.order(work, "start")
        pair.stopped.discard(old)
        pair.primary.add(old)
        mark(MarkName.UNDONE, {"node": old})
        return {"started_again": old}

    def close(self) -> None:
        """Nothing is open."""

    def _move(self, work: Work, pair: Pair, mark: MarkFn) -> Mapping[str, object]:
        old, new = work.step.peer, work.step.node
        if old not in pair.stopped:
            self._effect(work, "stop", lambda: pair.stop(old), done="stopped")
        mark(MarkName.FENCED, {"node": old})
        mark(MarkName.CAUGHT_UP, {"node": new})
        if new not in pair.primary:
            self._effect(work, "promote", lambda: pair.promote(new), done="promoted")
        mark(MarkName.PROMOTED, {"node": new})
        return {"fence": "proven", "caught_up": "marker", "marker": "0/3000148"}

    def _effect(self, work: Work, verb: str, do: Callable[[], object], done: str = "") -> None:
        self._target.at(verb, work)
        self._target.order(work, verb)
        do()
        if len(self._target.pair(work).primary) > 1:
            self._target.wrong.append(f"two primaries after {work.step.key}")
        self._target.at(done or f"{verb}-done", work)

    def _there(self, pair: Pair, work: Work) -> Effect:
        action = Action(work.step.action)
        if action in BY_HAND:
            there = pair.stopped if action is Action.STOP else pair.standby
            return Effect.SEEN if work.step.peer in there else Effect.NOT_SEEN
        if action is Action.MOVE:
            promoted, stopped = work.step.node in pair.primary, work.step.peer in pair.stopped
            return Effect.SEEN if promoted else Effect.PARTLY if stopped else Effect.NOT_SEEN
        if action in {Action.REPROTECT, Action.REWIND}:
            return Effect.SEEN if work.step.peer in pair.standby else Effect.NOT_SEEN
        return Effect.SEEN if action is Action.PRESERVE and pair.preserved else Effect.NOT_SEEN

    def _findings(self, what: str, work: Work) -> Sequence[Finding]:
        given = [each for each in self._target.findings.get(what, ()) if each.resource == work.resource.name]
        return given or [well(work.resource.name)]


@dataclass
class FakeMechanisms:
    """Implements ports.mechanism.Mechanisms over one target."""

    target: FakeTarget

    def get(self, platform: Platform) -> Mechanism | None:
        """The fake for PostgreSQL, nothing for the rest."""
        return FakeMechanism(self.target) if platform is Platform.POSTGRESQL else None

    def close(self) -> None:
        """Nothing is open."""


def well(resource: str) -> Finding:
    """A finding that stops nothing."""
    return Finding(check="lag", resource=resource, severity=Severity.OK, sentence="It follows.", figure="0.1 s")


def blocks(resource: str, check: str = "lag", severity: Severity = Severity.BLOCK) -> Finding:
    """A finding that stops the start."""
    return Finding(
        check=check,
        resource=resource,
        severity=severity,
        sentence="It is too far behind.",
        figure="412 s",
        hint="Wait.",
    )
