"""What a plan may lose, in the words that a failover's confirmation consents to."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bc_lib.domain.loss import LossProof, LossStatement, state
from bc_lib.domain.loss.covering import UNKNOWN_LOSS, bound_accepted, covers
from bc_lib.domain.loss.judge import seconds
from bc_lib.domain.requests.binding import upper_bound
from bc_lib.domain.requests.plan import Plan, Target
from bc_lib.domain.requests.states import RequestType

LOSS = "estimated loss of "


def loss_words(kind: RequestType, resources: Sequence[str], proofs: Sequence[LossProof]) -> str:
    """`up to 20 s`, or that it is not known; empty where the plan loses nothing by its way of moving.

    The bound of a primary that has ended; while it lives, what the approvals cover, because the figure moves.
    """
    if kind is not RequestType.FAILOVER:
        return ""
    known = {each.resource: each for each in proofs}
    found = [_to_accept(known[name]) if name in known else None for name in resources]
    uppers = [each for each in found if each is not None]
    known_all = bool(uppers) and len(uppers) == len(found)
    return bound_accepted(math.ceil(max(uppers)) if known_all else None)


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
        unknown=f"no standby at {target.new} was seen",
        source_place=target.old,
        target_place=target.new,
    )


def loss_to_accept(approved: Plan, now: Plan) -> str:
    """What must be accepted at the start: what was approved while the primary lives, or where that covers what is known
    of its end now; else what is known now, which is exact once it has ended."""
    agreed = approved.loss
    wanted = loss_words(now.type, [each.resource for each in now.targets], now.proofs)
    if not agreed or UNKNOWN_LOSS in {wanted, agreed}:
        return wanted
    lives = all(each.ended is None for each in now.proofs)
    return agreed if lives or _covered(approved.proofs, now.proofs) else wanted


def _covered(approved: Sequence[LossProof], now: Sequence[LossProof]) -> bool:
    """Whether the primary of each had ended when it was approved, and no more is lost now."""
    known = {each.resource: each for each in approved if each.ended is not None}
    return all(each.resource in known and covers(known[each.resource], each) for each in now)


def _to_accept(proof: LossProof) -> float | None:
    found = seconds(proof)
    return found if proof.ended is not None else upper_bound(found)
