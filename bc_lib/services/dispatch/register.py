"""The first task of a DAG run: is this one of ours, for this request, of this kind? (A04, F08)"""

from __future__ import annotations

from bc_lib.domain.audit import AuditEntry, Kind, system_actor
from bc_lib.domain.denial import Denial
from bc_lib.domain.inventory import Environment
from bc_lib.domain.names import MAX_LENGTH
from bc_lib.domain.requests.notice import RequestNotice, RequestNoticeKind
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.values import Request
from bc_lib.ports.dispatch import DispatchStore
from bc_lib.services.gate import Gate
from bc_lib.services.guard import PRODUCTION
from bc_lib.services.requests.notices import send

RUNNER = "dag run"


def register(gate: Gate, store: DispatchStore, *, dag: str, run_id: str, request: object) -> Request:
    """The request of this DAG run. Raises Denial for a run that nobody ordered: audited, and security is told."""
    order = store.take(run_id, dag)
    if order is None or order.request != request:
        raise _refuse(gate, dag, run_id, request)
    found = gate.store.read.get(order.request)
    if found.state.over:
        raise _tell(gate, refusal("WRONG_STATE", request=found.id, state=found.state, wanted="under way"), run_id)
    return found


def _refuse(gate: Gate, dag: str, run_id: str, request: object) -> Denial:
    shown = ascii(str(run_id)[:MAX_LENGTH])
    denial = refusal("FORGED_DAG_RUN", run=shown, dag=ascii(dag[:MAX_LENGTH]))
    _tell(gate, denial, run_id, asked=str(request)[:MAX_LENGTH])
    with gate.store.work() as work:
        now = work.now()
        notice = RequestNotice(
            kind=RequestNoticeKind.FORGED_RUN,
            title=f"DAG run {shown} was started by hand",
            text=denial.sentence,
            key=f"dag/{dag}/{run_id}"[:200],
            link="/audit",
            at=now,
            tier=1,
            environment=(Environment.PROD if gate.environment == PRODUCTION else Environment.DEV).value,
            rows=(("DAG", dag), ("DAG run", shown), ("Asked for", ascii(str(request)[:MAX_LENGTH]))),
        )
        send(gate, work, notice, None, security=True, routed=False)
    return denial


def _tell(gate: Gate, denial: Denial, run_id: str, asked: str = "") -> Denial:
    with gate.store.work() as work:
        work.record(
            AuditEntry(
                kind=Kind.DENIED,
                verb="dag.register",
                actor=system_actor(RUNNER),
                channel="airflow",
                reason_code=denial.code,
                outcome="denied",
                payload={"sentence": denial.sentence, "dag_run": run_id[:200], "asked": asked},
            )
        )
    return denial
