"""Passes on what is said about our tasks in Airflow: one died, or a person marked or cleared one (decision 2).

Nothing is changed by it: the request decides. People are told because the run history does not say the truth any more.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bc_lib.domain.audit import AuditActor, AuditEntry, Kind, system_actor
from bc_lib.domain.inventory import Environment
from bc_lib.domain.requests.notice import RequestNotice, RequestNoticeKind
from bc_lib.domain.words import one_line
from bc_lib.ports.dispatch import Report, ReportStore, Starter
from bc_lib.services.gate import Gate
from bc_lib.services.guard import PRODUCTION
from bc_lib.services.requests.notices import send

DIED, MARKED, CLEARED = "died", "marked", "cleared"
TOGETHER = timedelta(seconds=20)
AIRFLOW = "airflow"


def read_airflows_log(store: ReportStore, starter: Starter) -> None:
    """Take over what people did since the last look. Raises AirflowAway."""
    for act in starter.acts(store.newest_event()):
        store.report(act)


def pass_on(gate: Gate, store: ReportStore) -> int:
    """Audit each, and tell people of what was done; how many. Airflow's log also has what it refused, without saying
    so: a mark counts where a process of Airflow saw it done, and the log adds the person."""
    untold = list(store.untold())
    from_log = [report for report in store.recent() if report.event is not None]
    for report in untold:
        done = report.event is None or report.kind == CLEARED
        person = report.person or next((other.person for other in from_log if _same(report, other)), "")
        if person and not report.person:
            store.name(report, person)
        _pass_on(gate, replace(report, person=person), tells=done)
        store.told(report)
    return len(untold)


def _same(seen: Report, logged: Report) -> bool:
    if seen.kind != logged.kind or (seen.dag, seen.run_id) != (logged.dag, logged.run_id):
        return False
    near = seen.at is not None and logged.at is not None and abs(seen.at - logged.at) <= TOGETHER
    return near and (not logged.task or seen.task in logged.task)


def _pass_on(gate: Gate, report: Report, *, tells: bool) -> None:
    request = report.run_id.partition("~")[0] if "~" in report.run_id else None
    actor = AuditActor(issuer=AIRFLOW, subject=report.person, name=report.person) if report.person else None
    with gate.store.work() as work:
        work.record(
            AuditEntry(
                kind=Kind.FAILED if report.kind == DIED else Kind.RECORDED,
                verb=f"dag.{report.kind}",
                actor=actor or system_actor("airflow"),
                channel="airflow",
                request_id=request[:20] if request else None,
                outcome=report.kind if tells else "asked",
                payload={"dag": report.dag, "dag_run": report.run_id, "task": report.task, "said": report.said},
            )
        )
        if tells:
            send(gate, work, _notice(gate, report, work.now()), None, security=report.kind != DIED)


def recent_words(store: ReportStore) -> dict[str, object]:
    """For the dispatcher's beat, from which Health reads it: how many died or were changed in 24 hours, the newest."""
    seen = [report for report in store.recent() if report.event is None or report.kind == CLEARED]
    newest = {
        kind: next((f"{report.at:%H:%M} UTC: {sentence(report)}" for report in seen if report.kind == kind), "")
        for kind in (DIED, MARKED, CLEARED)
    }
    return {
        "died": sum(report.kind == DIED for report in seen),
        "changed": sum(report.kind != DIED for report in seen),
        "newest": " ".join(words for words in newest.values() if words),
    }


def sentence(report: Report) -> str:
    """One line for people."""
    what = f"{report.task or 'tasks'} of {report.run_id} ({report.dag})"
    if report.kind == DIED:
        return one_line(f"The task {what} died: {report.said}")
    who = report.person or "Somebody"
    if report.kind == CLEARED:
        return one_line(f"{who} asked Airflow to clear {what}.")
    return one_line(f"{who} changed {what} in Airflow: {report.said}.")


def _notice(gate: Gate, report: Report, at: datetime) -> RequestNotice:
    died = report.kind == DIED
    rest = (
        "What it did is in the journal; it is tried again where that can help."
        if died
        else "This changes nothing about the request; the run history does not say the truth any more."
    )
    return RequestNotice(
        kind=RequestNoticeKind.TASK_DIED if died else RequestNoticeKind.CHANGED_IN_AIRFLOW,
        title=one_line(f"{report.task or 'DAG run'} of {report.run_id}"),
        text=f"{sentence(report)} {rest}",
        key=f"airflow/{report.kind}/{report.id}",
        link="/health",
        at=at,
        tier=1,
        environment=(Environment.PROD if gate.environment == PRODUCTION else Environment.DEV).value,
        rows=(("DAG", report.dag), ("DAG run", report.run_id), ("Task", report.task), ("By", report.person)),
    )
