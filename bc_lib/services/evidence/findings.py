"""Findings about a request that is over: raised with an owner and a due date, visible until somebody closes them."""

from __future__ import annotations

from datetime import date, timedelta

from bc_lib.domain.actor import Actor
from bc_lib.domain.authorization import Verb
from bc_lib.domain.denial import Denial
from bc_lib.domain.evidence.values import Remark
from bc_lib.domain.names import MAX_TEXT
from bc_lib.domain.requests.refusals import refusal
from bc_lib.ports.evidence import Evidence
from bc_lib.services.evidence.acting import line, spoken
from bc_lib.services.gate import Gate

MOST = 1000
FURTHEST = timedelta(days=5 * 365)


def raise_finding(
    gate: Gate, store: Evidence, actor: Actor, request_id: str, what: str, owner: str, due: date, *, key: str
) -> Remark:
    """Record it. The same `key` from the same account is the same finding. Raises Denial."""
    with spoken(gate, store, actor, Verb.RAISE_FINDING, request_id) as each:
        said, whose = line("finding", what, MOST), line("owner", owner, MAX_TEXT)
        today = each.work.now().date()
        if not today <= due <= today + FURTHEST:
            raise refusal("DUE_INVALID")
        before = {one.id for one in each.work.remarks(request_id)}
        number = each.work.raise_remark(request_id, actor, said, whose, due, line("key", key, 100))
        if number not in before:
            each.record("evidence.finding", "raised",
                        {"finding": number, "what": said, "owner": whose, "due": due.isoformat()})  # fmt: skip
        return _found(each.work.remark(number), number)


def close_finding(gate: Gate, store: Evidence, actor: Actor, number: int, note: str) -> Remark:
    """Record that it is done, and how. Raises Denial."""
    known = store.read.remark(number)
    if known is None:
        raise _unknown(number)
    with spoken(gate, store, actor, Verb.CLOSE_FINDING, known.request) as each:
        said = line("note", note, MOST)
        if _found(each.work.remark(number), number).closed_at is not None:
            raise refusal("FINDING_CLOSED", finding=number)
        each.work.close_remark(number, actor, said)
        each.record("evidence.finding-closed", "closed", {"finding": number, "note": said, "what": known.what})
        return _found(each.work.remark(number), number)


def _found(remark: Remark | None, number: int) -> Remark:
    if remark is None:
        raise _unknown(number)
    return remark


def _unknown(number: int) -> Denial:
    return refusal("UNKNOWN_FINDING", finding=number)
