"""What a plan may lose, in the words that a failover's confirmation consents to."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from bc_lib.domain.loss import LossProof, LossStatement, state
from bc_lib.domain.loss.judge import seconds
from bc_lib.domain.requests.binding import upper_bound
from bc_lib.domain.requests.plan import Plan, Target
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.words import duration

UNKNOWN_LOSS = "an unknown amount"
LOSS = "estimated loss of "
_UP_TO = re.compile(r"up to (?:(\d+) d ?)?(?:(\d+) h ?)?(?:(\d+) min ?)?(?:(\d+) s)?\Z")
_SECONDS = (86_400, 3_600, 60, 1)


def loss_words(kind: RequestType, resources: Sequence[str], proofs: Sequence[LossProof]) -> str:
    """`up to 20 s`, or that it is not known; empty where the plan loses nothing by its way of moving.

    The bound of a primary that has ended; while it lives, what the approvals cover, because the figure moves.
    """
    if kind is not RequestType.FAILOVER:
        return ""
    known = {each.resource: each for each in proofs}
    found = [_to_accept(known[name]) if name in known else None for name in resources]
    uppers = [each for each in found if each is not None]
    if not uppers or len(uppers) < len(found):
        return UNKNOWN_LOSS
    return f"up to {duration(max(1, math.ceil(max(uppers))))}"


def statements(plan: Plan) -> tuple[LossStatement, ...]:
    """What may be said about the loss of each resource of a failover; where nothing is known, that."""
    if plan.type is not RequestType.FAILOVER:
        return ()
    known = {each.resource: each for each in plan.proofs}
    return tuple(state(known.get(each.resource) or _nothing_known(each)) for each in plan.targets)


def _nothing_known(target: Target) -> LossProof:
    return LossProof(
        resource=target.resource,
        source=target.from_node or target.from_site,
        target=target.to_node or target.to_site,
        unknown=f"no standby at {target.to_site} was seen",
    )


def loss_to_accept(approved: Plan, now: Plan) -> str:
    """What must be accepted at the start. While the primary lives it is what was approved; its end makes it exact."""
    agreed = approved.loss
    wanted = loss_words(now.type, [each.resource for each in now.targets], now.proofs)
    lives = all(each.ended is None for each in now.proofs)
    return agreed if agreed and lives and UNKNOWN_LOSS not in {wanted, agreed} else wanted


def covers(accepted: str, asked: str) -> bool:
    """Whether who accepted `accepted` has accepted `asked` too: the same, or less of it."""
    if accepted in {asked, UNKNOWN_LOSS}:
        return True
    given, wanted = _seconds(accepted), _seconds(asked)
    return given is not None and wanted is not None and given >= wanted


def _to_accept(proof: LossProof) -> float | None:
    found = seconds(proof)
    return found if proof.ended is not None else upper_bound(found)


def _seconds(words: str) -> float | None:
    match = _UP_TO.match(words)
    if match is None or not any(match.groups()):
        return None
    return float(sum(int(number) * unit for number, unit in zip(match.groups(), _SECONDS, strict=True) if number))
