"""Figures of a plan: what it may lose, in the words that a failover's confirmation consents to."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bc_lib.domain.requests.plan import Measurement, Plan
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.words import duration

UNKNOWN_LOSS = "an unknown amount"
LOSS = "estimated loss of "


def loss_words(kind: RequestType, measurements: Sequence[Measurement]) -> str:
    """`up to 20 s`, or that it is not known; empty where the plan loses nothing by its way of moving."""
    if kind is not RequestType.FAILOVER:
        return ""
    uppers = [each.upper for each in measurements if each.name.startswith(LOSS)]
    known = [value for value in uppers if value is not None]
    if not uppers or len(known) < len(uppers):
        return UNKNOWN_LOSS
    return f"up to {duration(math.ceil(max(known)))}"


def loss_to_accept(approved: Plan, now: Plan) -> str:
    """What must be accepted at the start. What was known then and is not known now has become an unknown amount."""
    agreed = loss_words(approved.type, approved.measurements)
    return UNKNOWN_LOSS if agreed and loss_words(now.type, now.measurements) == UNKNOWN_LOSS else agreed
