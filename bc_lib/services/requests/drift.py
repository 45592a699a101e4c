"""What became different since a plan was made: shown before anybody decides on it (decision 7)."""

from __future__ import annotations

from bc_lib.domain.denial import Denial
from bc_lib.domain.requests.binding import difference
from bc_lib.services.gate import Gate
from bc_lib.services.requests.look import drill_kind, plan_now
from bc_lib.services.requests.show import RequestView


def drift(gate: Gate, view: RequestView) -> str | None:
    """A phrase that follows "because", or the sentence why the request makes no sense now; None: nothing relevant.

    Shown, never decided by: every decision looks again under the request's lock.
    """
    request, read = view.request, gate.store.read
    try:
        now = plan_now(
            read, read.policy(), request.type, request.scope, request.target_site, drill_kind(request), asking=True
        )
    except Denial as denial:
        return denial.sentence
    return difference(view.plan.plan, now)
