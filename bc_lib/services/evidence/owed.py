"""A pack that cannot be made is told to operations and security, once a request; meanwhile it is tried again."""

from __future__ import annotations

from urllib.parse import quote

from bc_lib.domain.requests.notice import RequestNotice, RequestNoticeKind
from bc_lib.domain.words import clock
from bc_lib.ports.evidence import Evidence
from bc_lib.services.gate import Gate
from bc_lib.services.requests.notices import send


def tell_owed(gate: Gate, store: Evidence) -> int:
    """Tell of the pack that is owed longest, where that is late; how many messages are there for it. As bc_runner."""
    owed = store.read.owed()
    if not owed.late or owed.oldest is None or owed.since is None:
        return 0
    with gate.store.work() as work:
        request = work.get(owed.oldest)
        notice = RequestNotice(
            kind=RequestNoticeKind.PACK_OWED,
            title=f"{request.id}: {request.scope.name}",
            text=f"{owed.sentence} It is tried again about every 10 s. The log of the requests job says why it fails "
            "(logger bc.evidence); bcctl evidence make tries at once.",
            key=f"evidence/owed/{request.id}",
            link=f"/requests?id={quote(request.id, safe='')}",
            at=owed.now,
            tier=request.tier,
            environment=request.environment,
            rows=(("Request", request.id), ("Owed since", clock(owed.since)), ("Owed in all", str(owed.count))),
        )
        return send(gate, work, notice, work.plan(request.id).plan, security=True)
