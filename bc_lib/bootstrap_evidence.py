"""Composes evidence packs: making as bc_keeper, handing out and speaking about them as bc_ui.

Environment: BC_EVIDENCE_KEY_PUBLISHED, where this organisation publishes the fingerprint of the signer's key, in words.
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from bc_lib import bootstrap
from bc_lib.config import DbRole
from bc_lib.ports.evidence import Evidence

if TYPE_CHECKING:
    from bc_lib.services.evidence.make import Maker
    from bc_lib.services.evidence.take import Taking

PUBLISHED = "in every checkpoint at its places outside the database, and by the command bcctl evidence key"


def store(role: DbRole = DbRole.UI) -> Evidence:
    """Requests, runs and evidence as `role`."""
    from bc_lib.store.audit import TransactionAuditLog
    from bc_lib.store.evidence import EvidenceStore

    return EvidenceStore(bootstrap.engine(role), TransactionAuditLog)


def maker() -> Maker:
    """What makes packs."""
    from bc_lib.integrations.documents.renderer import Documents
    from bc_lib.integrations.vote_proof.ed25519 import Ed25519Verifier
    from bc_lib.services.evidence.make import Maker
    from bc_lib.store.audit_reading import AuditReader

    return Maker(
        store=store(DbRole.KEEPER),
        verifier=Ed25519Verifier(),
        audit=AuditReader(bootstrap.engine(DbRole.KEEPER)),
        documents=Documents(),
        published=os.environ.get("BC_EVIDENCE_KEY_PUBLISHED") or PUBLISHED,
    )


def make_due(holder: str = "command") -> str:
    """One pass over what is due, with a sign of life; says what was done. Raises the database's errors."""
    from bc_lib.services.evidence.make import make_due as run
    from bc_lib.store.monitoring import beat

    made = maker()
    done, owed = run(made), made.store.read.owed()
    said = {"done": str(done), "missed": done.missed, "owed": owed.count}
    said |= {"owed_first": owed.oldest, "owed_since": owed.since.isoformat()} if owed.since else {}
    beat(bootstrap.engine(DbRole.KEEPER), "evidence", holder, said)
    return str(done)


def make_due_in_job(holder: str) -> str:
    """The same for a job that has other work: it goes on whatever becomes of this."""
    try:
        return make_due(holder)
    except Exception as trouble:
        logging.getLogger("bc.evidence").exception("Evidence packs cannot be made")
        return f"evidence packs could not be made ({type(trouble).__name__})"


def taking() -> Taking:
    """What hands packs out."""
    from bc_lib.bootstrap_audit import audit
    from bc_lib.services.evidence.take import Taking

    parts = audit()
    return Taking(
        gate=bootstrap.gate(), store=store(), reader=parts.reader, log=parts.log, checkpoints=parts.checkpoints
    )


def known_keys() -> tuple[str, ...]:
    """Public keys of the signer as the checkpoints outside the database and the configuration name them."""
    from bc_lib.bootstrap_audit import audit

    parts = audit(DbRole.READER)
    last = parts.checkpoints.last()
    return tuple(dict.fromkeys([*([last.key] if last else []), *parts.keys]))
