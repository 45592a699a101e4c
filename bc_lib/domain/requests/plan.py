"""What would be done, as one value (decision 7): its identity must stay exactly, its measurements within a band."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from bc_lib.domain.loss.values import Fence, LossProof
from bc_lib.domain.requests.states import RequestType


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a request is about: `kind` is resource or group."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One resource that the plan touches. `endpoints` and `execution` are complete: secret references, TLS, hooks.

    `from_node` is the primary now and `to_node` the one that would be; empty where that is not known. `from_title` and
    `to_title`: the sites as people read them.
    """

    resource: str
    platform: str
    tier: int
    environment: str
    from_site: str
    to_site: str
    endpoints: tuple[str, ...]
    from_node: str = ""
    to_node: str = ""
    execution: str = ""
    from_title: str = field(default="", compare=False)
    to_title: str = field(default="", compare=False)

    @property
    def old(self) -> str:
        """The site that it leaves, as people read it."""
        return self.from_title or self.from_site

    @property
    def new(self) -> str:
        """The site that it goes to, as people read it."""
        return self.to_title or self.to_site


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step, in order. After the point of no return only forward leads out.

    `key` is unique in the plan. `node` is where it acts, `peer` the other side; `place` and `peer_place` are these as
    people read them. Steps of one `wave` belong together.
    `probe` and `undo` say in words how its effect is looked for and taken back (empty: not possible or not needed).
    `returns`: done only where a member of the group could not be moved.
    """

    resource: str
    action: str
    summary: str
    point_of_no_return: bool = False
    key: str = ""
    node: str = ""
    peer: str = ""
    wave: int = 1
    probe: str = ""
    undo: str = ""
    timeout_s: float = 60.0
    may_stop_after: bool = False
    manual: bool = False
    needs_allowance: bool = False
    after_restore: bool = False
    returns: bool = False
    place: str = field(default="", compare=False)
    peer_place: str = field(default="", compare=False)

    @property
    def old(self) -> str:
        """Where the old primary is, as people read it."""
        return self.peer_place or self.peer or "the old primary"

    @property
    def new(self) -> str:
        """Where the new primary is, as people read it."""
        return self.place or self.node or "the new primary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """A figure at planning time, in seconds; None: not known. `upper`: the greatest value the approvals cover."""

    name: str
    value: float | None
    upper: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan. `observed` holds what was seen (versions, system identifiers, topology); unseen is left out.

    `drill`: rehearsal or live; `if_partial`: finish or return, of a group; `loss`: what a failover's
    start must be told to accept, in words. `timeout_s`: for the whole run until clients write again, without the
    time in which it waits for people; it then stops where the plan lets it (0: plans made before there was one).
    `proofs`: of a failover, what was known about the loss of each resource then; `fences`: where its primary
    could have gone on writing. `rto_s`: within which clients shall write again, as the inventory said then; None: no
    target was set (0: plans made before there was one).
    """

    type: RequestType
    scope: Scope
    target_site: str
    tier: int
    environment: str
    policy_version: int
    policy_position: int
    effect: str
    targets: tuple[Target, ...]
    steps: tuple[Step, ...]
    measurements: tuple[Measurement, ...] = ()
    observed: dict[str, str] = field(default_factory=dict)
    limits: tuple[str, ...] = ()
    drill: str = ""
    if_partial: str = ""
    loss: str = ""
    timeout_s: float = 0.0
    proofs: tuple[LossProof, ...] = ()
    fences: tuple[Fence, ...] = ()
    rto_s: float | None = 0.0

    @property
    def where(self) -> str:
        """The site that it moves to, as people read it."""
        return next((each.new for each in self.targets if each.to_site == self.target_site), self.target_site)

    def identity(self) -> dict[str, object]:
        """What approvals bind to exactly, as JSON values."""
        return {
            "type": self.type.value,
            "scope": asdict(self.scope),
            "target_site": self.target_site,
            "tier": self.tier,
            "environment": self.environment,
            "policy": [self.policy_version, self.policy_position],
            "targets": [_bound(target) for target in self.targets],
            "steps": [_bound(step) for step in self.steps],
            "drill": self.drill,
            "if_partial": self.if_partial,
            "timeout_s": self.timeout_s,
        }

    def digest(self) -> str:
        """SHA-256 over the identity and what was observed, hexadecimal: the plan that a voter signs."""
        return _sha256(
            {
                "identity": self.identity(),
                "observed": self.observed,
                "measurements": [asdict(measurement) for measurement in self.measurements],
            }
        )


def _bound(value: Target | Step) -> dict[str, Any]:
    """Without what is only read: another title of a site makes no other plan."""
    shown = {each.name for each in fields(value) if not each.compare}
    return {name: held for name, held in asdict(value).items() if name not in shown}


def _sha256(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
