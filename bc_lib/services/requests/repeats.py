"""Tells the audit of refusals that repeated: one counted record for each kind and minute (SEC-002, A18)."""

from __future__ import annotations

from bc_lib.domain.audit import AuditActor, AuditEntry, Kind
from bc_lib.services.gate import Gate


def record_repeats(gate: Gate) -> int:
    """Record every past minute's repeats that were not told yet; how many records. For a job."""
    with gate.store.work() as work:
        found = work.repeats()
        for each in found:
            person = work.person(each.issuer, each.subject)
            work.record(
                AuditEntry(
                    kind=Kind.DENIED,
                    verb=f"request.{each.verb}",
                    channel="job",
                    system=each.system or None,
                    reason_code=each.code,
                    outcome="denied",
                    payload={"repeated": each.count - each.audited, "minute": each.minute.isoformat()},
                    actor=AuditActor(
                        person=str(person.id) if person else None,
                        issuer=each.issuer,
                        subject=each.subject,
                        name=person.name if person else each.subject,
                    ),
                )
            )
        return len(found)
