"""Makes what is due: the pack of each request that is over, and an addendum for what was said since. For a job.

Everything is made first; then one transaction stores it beside its audit record. What is interrupted before it leaves
nothing and is made again whole; what comes second stores nothing.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bc_lib.domain.audit import AuditEntry, AuditFilter, AuditRow, Kind, system_actor
from bc_lib.domain.evidence.values import BODY, MADE, Stored
from bc_lib.ports.audit import AuditReader, AuditSnapshot
from bc_lib.ports.documents import DocumentRenderer
from bc_lib.ports.evidence import Evidence
from bc_lib.ports.vote_proof import VoteVerifier
from bc_lib.services.audit.export import chain_of, json_of
from bc_lib.services.evidence.addendum import addendum, addendum_report
from bc_lib.services.evidence.body import body
from bc_lib.services.evidence.gather import gather
from bc_lib.services.evidence.joined import NAME, verifier
from bc_lib.services.evidence.manifest import make
from bc_lib.services.evidence.report import report
from bc_lib.services.evidence.table import timeline

LOG = logging.getLogger("bc.evidence")
MOST_A_PASS = 3
LISTED = 200
AUDIT = "audit.json"
KEEPER = "keeper"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What one pass did. `missed`: how many could not be made now; the log says why."""

    packs: int
    addenda: int
    missed: int

    def __str__(self) -> str:
        failed = f", {self.missed} COULD NOT BE MADE (see the log)" if self.missed else ""
        return f"{self.packs} evidence packs and {self.addenda} addenda made{failed}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """What making needs, as bc_keeper. `published`: where the fingerprint of the signer's key stands, in words."""

    store: Evidence
    verifier: VoteVerifier
    audit: AuditReader
    documents: DocumentRenderer
    published: str


def make_due(maker: Maker, most: int = MOST_A_PASS) -> Pass:
    """One pass. One that cannot be made does not stop the others; it is tried again at the next pass."""
    read, missed = maker.store.read, 0
    counts = {make_pack: 0, make_addendum: 0}
    for do, due in ((make_pack, read.due_packs(LISTED)), (make_addendum, read.due_addenda(LISTED))):
        for request_id in due:
            if counts[do] >= most:
                break
            try:
                counts[do] += do(maker, request_id)
            except Exception:  # whatever is wrong with this one
                missed += 1
                LOG.exception("The evidence of %s cannot be made", request_id)
    return Pass(packs=counts[make_pack], addenda=counts[make_addendum], missed=missed)


def make_pack(maker: Maker, request_id: str) -> bool:
    """True where this call made it."""
    read = maker.store.read
    if read.stored(request_id):
        return False
    story = gather(read, maker.verifier, request_id)
    with maker.audit.snapshot() as snapshot:
        rows = _records(snapshot, request_id, story.request.scope.name, story.grant.id if story.grant else None)
        told, chain = _slice(snapshot, rows)
    said = body(story, told, maker.published)
    document = report(said)
    files = {
        "report.html": maker.documents.html(document),
        "report.pdf": maker.documents.pdf(document),
        BODY: _json(said),
        "timeline.csv": timeline(said),
        AUDIT: json_of(rows, chain),
        NAME: verifier(),
    }
    made = make(request_id, 0, files, story.now, None)
    entry = _entry(request_id, story.request.scope.name, 0, made.digest, None, rows)
    return maker.store.keep(request_id, 0, made.manifest, made.files, 0, entry)


def make_addendum(maker: Maker, request_id: str) -> bool:
    """True where this call made one."""
    read = maker.store.read
    stored = read.stored(request_id)
    signoffs, remarks = read.signoffs(request_id), read.remarks(request_id)
    tells = len(signoffs) + len(remarks) + sum(each.closed_at is not None for each in remarks)
    if not stored or tells <= stored[-1].tells:
        return False
    last, request, now = stored[-1], read.get(request_id), read.now()
    with maker.audit.snapshot() as snapshot:
        rows = [row for row in snapshot.matching(AuditFilter(request=request_id)) if _after(row)]
        told, chain = _slice(snapshot, rows)
    keys = read.signoff_keys(request_id)
    said = addendum(
        request, stored[0], last, signoffs, remarks, now, told,
        {each.side: maker.verifier.held(each.statement(), each.proof, keys) for each in signoffs},
    )  # fmt: skip
    document = addendum_report(said)
    files = {
        "report.html": maker.documents.html(document),
        "report.pdf": maker.documents.pdf(document),
        "addendum.json": _json(said),
        AUDIT: json_of(rows, chain),
    }
    number = last.number + 1
    made = make(request_id, number, files, now, last.digest)
    entry = _entry(request_id, request.scope.name, number, made.digest, last, rows)
    return maker.store.keep(request_id, number, made.manifest, made.files, tells, entry)


def _records(snapshot: AuditSnapshot, request_id: str, scope: str, grant: int | None) -> list[AuditRow]:
    """Everything that was recorded about the request, and about the grant that it used."""
    found = {row.seq: row for row in snapshot.matching(AuditFilter(request=request_id))}
    for row in snapshot.matching(AuditFilter(system=scope)) if grant is not None else ():
        said = json.loads(row.body)
        if str(said.get("verb", "")).startswith("breakglass.") and said.get("payload", {}).get("grant") == grant:
            found[row.seq] = row
    return [found[seq] for seq in sorted(found)]


def _after(row: AuditRow) -> bool:
    return str(json.loads(row.body).get("verb", "")).startswith("evidence.")


def _slice(snapshot: AuditSnapshot, rows: list[AuditRow]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is said about the records, and the chain that goes with them; its checkpoints stand in signature.json."""
    chain = chain_of(snapshot, AuditFilter(), rows, [])
    return {name: chain[name] for name in ("log", "first", "last", "count")}, chain


def _json(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False, indent=1, allow_nan=False).encode() + b"\n"


def _entry(
    request_id: str, scope: str, number: int, digest: str, before: Stored | None, rows: list[AuditRow]
) -> AuditEntry:
    return AuditEntry(
        kind=Kind.RECORDED,
        verb=MADE,
        actor=system_actor(KEEPER),
        channel="job",
        system=scope,
        request_id=request_id,
        outcome="made",
        payload={
            "manifest": digest,
            "number": number,
            "previous": before.digest if before else None,
            "records": [rows[0].seq, rows[-1].seq] if rows else [],
        },
    )
