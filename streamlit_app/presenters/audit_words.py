"""Verbs of the audit log as people say them; exports and the folded cells keep the verb itself."""

from __future__ import annotations

SUBJECTS = {
    "request": "Request",
    "run": "Starts everywhere",
    "evidence": "Evidence",
    "schedule": "Schedule",
    "inventory": "Inventory",
    "policy": "Approval rules",
    "people": "People",
    "audit": "Audit log",
    "compliance": "Compliance report",
    "dag": "Airflow",
}
ACTS = {
    "request.create": "Asks for a move",
    "request.approve": "Approves",
    "request.deny": "Denies",
    "request.confirm": "Confirms",
    "request.withdraw": "Withdraws",
    "request.start": "Starts",
    "request.run": "Runs",
    "request.expire": "Expires",
    "request.void": "Approvals become void",
    "request.hold": "Holds",
    "request.stop": "Stops where it is safe",
    "request.resolve": "Says what a step did",
    "request.attest": "Attests a step done by hand",
    "request.waive": "Does without a proven fence",
    "request.override": "Overrides a check",
    "request.consent": "Accepts a loss",
    "request.allow": "Allows a step",
    "request.acknowledge": "Acknowledges an earlier failover",
    "request.end-hold": "Ends the hold",
    "request.grant": "Grants break-glass",
    "request.review": "Reviews break-glass",
    "run.freeze": "Freezes all starts",
    "run.thaw": "Allows starts again",
    "evidence.made": "Evidence pack made",
    "evidence.take": "Takes an evidence pack away",
    "evidence.finding": "Raises a finding",
    "evidence.finding-closed": "Closes a finding",
    "evidence.sign-off": "Signs off",
    "audit.export": "Exports the audit log",
    "audit.begin": "Audit log begins",
    "compliance.export": "Exports the compliance report",
    "inventory.change": "Inventory changed",
    "people.change": "People or roles changed",
}


def act_words(verb: str) -> str:
    """`request.create` is `Asks for a move`; a verb without words of its own is told by its parts."""
    subject, _, act = verb.partition(".")
    told = SUBJECTS.get(subject, subject.replace("-", " ").capitalize())
    return ACTS.get(verb) or f"{told}: {act.replace('-', ' ').replace('_', ' ')}".removesuffix(": ")
