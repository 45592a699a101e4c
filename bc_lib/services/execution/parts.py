"""What the runner works with; bootstrap_execution makes one for each process."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from bc_lib.ports.mechanism import Mechanisms
from bc_lib.services.gate import Gate

BLOCK_S = 1800.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """`gate` works as bc_runner. Times are seconds.

    `ttl_s`: how long a lease lasts, which is also how long a successor waits after a crash; `margin_s`: how long before
    its end nothing may be begun; `evidence_s`: how old prechecks may be at the start; `block_s`: within which a second
    failover of the same scope needs an acknowledgement (F17); `pause_s`: between two tries of a step that waits;
    `patience_s`: how long a step that clients do not wait for is tried before its runner leaves it to the next one.
    `stop`: set when this process must end: the step in hand is finished, the rest is left to a successor.
    """

    gate: Gate
    mechanisms: Mechanisms
    holder: str
    ttl_s: float = 30.0
    margin_s: float = 0.5
    evidence_s: float = 15.0
    block_s: float = BLOCK_S
    pause_s: float = 1.0
    patience_s: float = 30.0
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one visit of the runner came to. `acted` False: nothing was done, `text` is the recorded outcome."""

    request: str
    state: str
    text: str
    acted: bool = True
