"""Implements ports.mechanism.Mechanism for PostgreSQL: one call, one ground; nothing is open between calls."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bc_lib.connectors.postgresql.execution import (
    checking,
    failover,
    giving_back,
    postcheck,
    probing,
    protecting,
    rehearsal,
    rewinding,
    statements,
    switchover,
    traffic,
    verifying,
    writing,
)
from bc_lib.connectors.postgresql.execution.ground import Ground, HostFor, Vault
from bc_lib.connectors.postgresql.execution.scene import Pad, observe
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.findings import Finding, Severity
from bc_lib.domain.execution.run import Facts
from bc_lib.domain.inventory import Platform
from bc_lib.ports.mechanism import CredentialUnavailable, Effect, MarkFn, Probe, StepFailed, StepPaused, Work
from bc_lib.ports.secrets import SecretResolver

Act = Callable[[Ground, MarkFn], Mapping[str, Any]]


class PostgresMechanism:
    """Moves PostgreSQL. `hosts` finds the hosts of a resource; without them only a person can fence."""

    platform = Platform.POSTGRESQL

    def __init__(self, secrets: SecretResolver, hosts: HostFor) -> None:
        self._vault = Vault(secrets)
        self._hosts = hosts
        # Findings of an act that looks, kept for the verify that follows it.
        self._kept: dict[tuple[str, str, int], Sequence[Finding]] = {}
        self._acts: dict[Action, Act] = {
            Action.CHECK: self._check,
            Action.REHEARSE: self._rehearse,
            Action.STOP: _a_person,
            Action.MOVE: _move,
            Action.TRAFFIC: lambda ground, _: traffic.lead(ground),
            Action.VERIFY: writing.verify_write,
            Action.HOLD: lambda _, __: {},
            Action.PRESERVE: rewinding.preserve,
            Action.REJOIN: _a_person,
            Action.REPROTECT: lambda ground, _: protecting.reprotect(ground),
            Action.REWIND: rewinding.rewind,
            Action.POSTCHECK: self._postcheck,
        }

    def actions(self) -> frozenset[Action]:
        """See the port."""
        return frozenset(self._acts)

    def prechecks(self, work: Work) -> Sequence[Finding]:
        """See the port."""
        try:
            with self._ground(work) as ground:
                return checking.prechecks(ground)
        except StepFailed as error:
            pad = Pad(work.resource.name)
            pad.block("inventory", str(error))
            return tuple(pad.found)

    def take_over(self, work: Work) -> None:
        """See the port."""
        with self._ground(work) as ground:
            for endpoint in work.resource.endpoints:
                with contextlib.suppress(Trouble, CredentialUnavailable), ground.open(endpoint) as link:
                    link.rows(statements.END_OLDER, work.request, work.epoch)

    def probe(self, work: Work) -> Probe:
        """See the port."""
        try:
            with self._ground(work) as ground:
                seen = probing.probe(ground)
                if seen.effect is Effect.UNKNOWN and ground.missed:
                    return replace(seen, sentence=ground.missed, waits=True)
                return seen
        except StepFailed as error:
            return Probe(effect=Effect.UNKNOWN, sentence=str(error))

    def act(self, work: Work, mark: MarkFn) -> Facts:
        """See the port."""
        with self._ground(work) as ground:
            if ground.left_s() <= 0:
                raise StepFailed("Its time was over before it began; nothing was done.")
            return self._acts[Action(work.step.action)](ground, mark)

    def follow_up(self, work: Work) -> Facts:
        """See the port."""
        if Action(work.step.action) not in {Action.REPROTECT, Action.REWIND}:
            return {}
        with self._ground(work) as ground:
            return protecting.follow_up(ground)

    def verify(self, work: Work, facts: Facts) -> Sequence[Finding]:
        """See the port."""
        kept = self._kept.pop(_key(work), None)
        if kept is not None:
            return kept
        with self._ground(work) as ground:
            found = _findings(ground, facts)
            if ground.missed and any(each.severity is Severity.UNKNOWN for each in found):
                raise CredentialUnavailable(ground.missed)
            return found

    def undo(self, work: Work, mark: MarkFn) -> Facts:
        """See the port."""
        if Action(work.step.action) is not Action.MOVE:
            raise StepFailed(f"There is nothing to take back of {work.step.key}.")
        with self._ground(work) as ground:
            return giving_back.give_back(ground, mark)

    def close(self) -> None:
        """See the port."""
        self._kept.clear()
        self._vault.known.clear()

    def _ground(self, work: Work) -> Ground:
        return Ground(work, self._vault, self._hosts(work.resource))

    def _check(self, ground: Ground, _: MarkFn) -> Mapping[str, Any]:
        scene = observe(ground)
        if not ground.urgent:  # a failover looks without the hosts
            ground.need_what_was_missed()
        self._kept[_key(ground.work)] = checking.findings(scene)
        return checking.markers(scene)

    def _rehearse(self, ground: Ground, _: MarkFn) -> Mapping[str, Any]:
        facts, found = rehearsal.rehearse(ground)
        ground.need_what_was_missed()
        self._kept[_key(ground.work)] = found
        return facts

    def _postcheck(self, ground: Ground, _: MarkFn) -> Mapping[str, Any]:
        facts, self._kept[_key(ground.work)] = postcheck.postcheck(ground)
        return facts


def _findings(ground: Ground, facts: Facts) -> Sequence[Finding]:
    action = Action(ground.work.step.action)
    if action is Action.CHECK:
        return checking.prechecks(ground)
    if action is Action.REHEARSE:
        return rehearsal.rehearse(ground)[1]
    if action is Action.POSTCHECK:
        return postcheck.postcheck(ground)[1]
    return verifying.verify(ground, facts)


def _move(ground: Ground, mark: MarkFn) -> Mapping[str, Any]:
    return failover.failover(ground, mark) if ground.urgent else switchover.switchover(ground, mark)


def _a_person(ground: Ground, _: MarkFn) -> Mapping[str, Any]:
    raise StepPaused(f"A person does this at {ground.old.place} and attests it.")


def _key(work: Work) -> tuple[str, str, int]:
    return work.request, work.step.key, work.epoch
