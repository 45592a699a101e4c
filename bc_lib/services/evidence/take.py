"""Hands a pack out: the stored files, the signature beside them, its addenda; after recording who took it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from bc_lib.domain.actor import Actor
from bc_lib.domain.audit import AuditEntry, Kind
from bc_lib.domain.authorization import Verb
from bc_lib.domain.evidence.values import BODY, MANIFEST, SIGNATURE, Stored
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.values import Request
from bc_lib.ports.audit import AuditLog, AuditReader, CheckpointStore
from bc_lib.ports.evidence import Evidence
from bc_lib.services.audit.export import sealed_by
from bc_lib.services.evidence.signature import signature
from bc_lib.services.evidence.standalone_pack import pack_up, unpack
from bc_lib.services.gate import Gate
from bc_lib.services.guard import Subject, acting, audit_actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """What handing out needs, as bc_ui."""

    gate: Gate
    store: Evidence
    reader: AuditReader
    log: AuditLog
    checkpoints: CheckpointStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A zip. `addenda`: how many it holds; `waiting`: how many more exist that are not signed yet."""

    name: str
    content: bytes
    addenda: int
    waiting: int


def take(taking: Taking, actor: Actor, request_id: str) -> Taken:
    """Raises Denial (NO_PACK, PACK_UNSIGNED, roles), AuditUnavailable, BrokenCheckpoints: nothing is handed out."""
    about = Subject(request_id=request_id[:20])
    with acting(taking.gate, actor, Verb.EXPORT, about) as act:
        request = act.work.get(request_id)
        about.request_id, about.system = request.id, request.scope.name
        person = act.person
    stored = taking.store.read.stored(request_id)
    if not stored:
        raise refusal("NO_PACK", request=request_id)
    files, waiting = _files(taking, stored)
    made = Taken(
        name=f"evidence-{request_id}.zip",
        content=pack_up(files),
        addenda=len(stored) - 1 - waiting,
        waiting=waiting,
    )
    taking.log.append(
        AuditEntry(
            kind=Kind.RECORDED,
            verb="evidence.take",
            actor=audit_actor(actor, person),
            channel=actor.channel,
            system=request.scope.name,
            request_id=request_id,
            outcome="handed out",
            payload={"manifest": stored[0].digest, "addenda": made.addenda},
        )
    )
    return made


def body_of(store: Evidence, request: Request) -> bytes | None:
    """The JSON of a pack, for a page; None where there is none yet. Not a hand-out: the page shows the same anyway."""
    if not store.read.stored(request.id):
        return None
    return unpack(store.read.files(request.id, 0))[0][BODY]


def _files(taking: Taking, packs: Sequence[Stored]) -> tuple[dict[str, bytes], int]:
    """All files of the pack and of the addenda that are signed, and how many addenda are not."""
    sealed = sealed_by(taking.checkpoints)
    found: dict[str, bytes] = {}
    with taking.reader.snapshot() as snapshot:
        for each in packs:
            files, troubles = unpack(taking.store.read.files(each.request, each.number))
            proof = None if troubles else signature(snapshot, each, _first(files), sealed)
            if proof is None:
                if each.number == 0:
                    raise refusal("PACK_UNSIGNED", pack=each.name)
                return found, len(packs) - each.number
            prefix = f"addenda/{each.number}/" if each.number else ""
            found[prefix + MANIFEST] = files.pop(MANIFEST)
            found[prefix + SIGNATURE] = proof
            found |= {prefix + name: content for name, content in files.items()}
    return found, 0


def _first(files: dict[str, bytes]) -> int:
    """The first audit record in a pack."""
    return int(json.loads(files["audit.json"])["chain"]["first"])
