"""An addendum: who signed off, which findings there are and which are closed, since the pack was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bc_lib.domain.documents import Code, Document, Facts, Section, Table, Text, Tone
from bc_lib.domain.evidence.values import Remark, Side, SignOff, Stored
from bc_lib.domain.requests.values import Request
from bc_lib.domain.words import clock
from bc_lib.services.evidence.body_who import proof_word

SCHEMA_VERSION = 1


def addendum(
    request: Request,
    pack: Stored,
    before: Stored,
    signoffs: Sequence[SignOff],
    remarks: Sequence[Remark],
    now: datetime,
    audit: Mapping[str, Any],
    proven: Mapping[Side, bool],
) -> dict[str, Any]:
    """Its content as JSON values: everything that was said so far, not only what is new."""
    return {
        "schema_version": SCHEMA_VERSION,
        "made_at": now.isoformat(),
        "request": request.id,
        "scope": request.scope.name,
        "number": before.number + 1,
        "pack": pack.digest,
        "sign_off": [_side(side, signoffs, proven, pack) for side in Side],
        "findings": [
            {
                "number": each.id,
                "what": each.what,
                "owner": each.owner,
                "due": each.due.isoformat(),
                "raised_by": each.raised_by,
                "raised_at": each.raised_at.isoformat(),
                "state": "closed" if each.closed_at else "OVERDUE" if each.overdue(now) else "open",
                "closed_by": each.closed_by,
                "closed_at": each.closed_at.isoformat() if each.closed_at else None,
                "closing": each.closing,
            }
            for each in remarks
        ],
        "audit": dict(audit),
    }


def _side(side: Side, signoffs: Sequence[SignOff], proven: Mapping[Side, bool], pack: Stored) -> dict[str, Any]:
    given = next((each for each in signoffs if each.side is side), None)
    if given is None:
        return {"side": side.value, "answer": None, "sentence": "not signed off"}
    counts = proven.get(side, False) and given.digest == pack.digest
    return {
        "side": side.value,
        "answer": given.answer.value if counts else None,
        "sentence": f"{given.answer.value} by {given.name}" if counts else "does not count: it carries no valid proof",
        "name": given.name,
        "account": f"{given.issuer} / {given.subject}",
        "role": given.role.value,
        "at": given.at.isoformat(),
        "note": given.note,
        "pack": given.digest,
        "proof": proof_word(proven.get(side)),
    }


def addendum_report(said: Mapping[str, Any]) -> Document:
    """For people."""
    made = clock(datetime.fromisoformat(said["made_at"]))
    sides = tuple(
        (each["side"], each["sentence"], each.get("at", "")[:19].replace("T", " "), each.get("note", ""),
         each.get("proof", ""))
        for each in said["sign_off"]
    )  # fmt: skip
    findings = tuple(
        (str(each["number"]), each["what"], each["owner"], each["due"], each["state"],
         f"{each['closing']} ({each['closed_by']})" if each["closed_at"] else "")
        for each in said["findings"]
    )  # fmt: skip
    open_ = sum(each["state"] != "closed" for each in said["findings"])
    both = all(each["answer"] == "accepted" for each in said["sign_off"])
    return Document(
        title=f"Addendum {said['number']} to the evidence of {said['request']}",
        subtitle=f"What was said about the pack after the end. {open_} findings open.",
        made_at=f"Made {made}. Times are UTC by the clock of the shared database.",
        footer=f"{said['request']} addendum {said['number']} · made {made}",
        sections=(
            Section(
                "Sign-off of the two sides",
                (
                    Text("Both sides accept the pack." if both else "Not accepted by both sides.",
                         Tone.GOOD if both else Tone.UNKNOWN),
                    Table(("side", "said", "when", "note", "proof"), sides, widths=(12, 28, 20, 24, 16)),
                ),
            ),
            Section("Findings", (Table(("", "what", "owner", "due", "state", "how it was closed"), findings,
                                       "No finding was raised.", (6, 36, 16, 12, 10, 20)),)),
            Section("What this is an addendum of", (Facts((("Request", said["request"]), ("Scope", said["scope"]))),
                                                    Text("SHA-256 of the pack's manifest:"), Code(said["pack"]))),
        ),
    )  # fmt: skip
