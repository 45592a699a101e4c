"""The signer's silence is told to security, once for each time it falls silent (decision 9)."""

from __future__ import annotations

import hashlib

from bc_lib.domain.inventory import Environment
from bc_lib.domain.requests.notice import RequestNotice, RequestNoticeKind
from bc_lib.domain.words import clock
from bc_lib.ports.audit import SealState
from bc_lib.services.audit.signing import seal_trouble
from bc_lib.services.gate import Gate
from bc_lib.services.guard import PRODUCTION
from bc_lib.services.requests.notices import send


def tell_silence(gate: Gate, state: SealState) -> int:
    """Tell every security channel when the log is not sealed in time; how many messages are there for it."""
    trouble = seal_trouble(state)
    if trouble is None:
        return 0
    since = state.unsealed_since or state.now
    # With nothing unsealed there is no beginning to name it by: once a day for one sentence.
    sentence = f"{state.now.date().isoformat()}/{hashlib.sha256(trouble.encode()).hexdigest()[:16]}"
    mark = clock(since) if state.unsealed_since else sentence
    environment = Environment.PROD if gate.environment == PRODUCTION else Environment.DEV
    notice = RequestNotice(
        kind=RequestNoticeKind.UNSEALED,
        title="new records are not signed",
        text=trouble,
        key=f"audit/unsealed/{mark}",
        link="/audit",
        at=state.now,
        tier=1,
        environment=environment.value,
        rows=(("Not sealed since", clock(since)),),
    )
    with gate.store.work() as work:
        return send(gate, work, notice, None, security=True, routed=False)
