"""Signed words: bc.proof and the rows it names. sql/guards/words.sql decides what may be stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.votes import (
    Statement,
    grant_statement,
    review_statement,
    thaw_statement,
    use_statement,
    withdraw_statement,
)
from bc_lib.ports.vote_proof import VoteKey
from bc_lib.ports.words import SaidWord, StoredWord
from bc_lib.store import requests_rows as rows

Ask = Callable[..., Sequence[Row[Any]]]

UNSEEN = "SELECT id, kind, ref, request FROM bc.proof WHERE looked_at IS NULL ORDER BY id LIMIT :limit"
LOOKED = "UPDATE bc.proof SET holds = :holds WHERE id = :id AND looked_at IS NULL RETURNING id"
KEYS = """
SELECT key_id, issuer, subject, public_key, bc.incarnation() AS incarnation FROM bc.vote_key
WHERE revoked_at IS NULL AND issuer = :issuer AND subject = :subject
"""
ROWS = {
    "confirmation": """SELECT c.*, p.digest FROM bc.confirmation c
        JOIN bc.request_plan p ON p.request = c.request AND p.revision = c.plan_revision
        WHERE c.request || '/' || c.plan_revision = :ref""",
    "breakglass_grant": "SELECT * FROM bc.breakglass_grant WHERE id::text = :ref",
    "breakglass_use": "SELECT * FROM bc.breakglass_use WHERE id::text = :ref",
    "breakglass_review": "SELECT * FROM bc.breakglass_review WHERE id::text = :ref",
    "withdrawal": "SELECT * FROM bc.withdrawal WHERE id::text = :ref",
    "freeze": "SELECT *, thaw_proof AS proof FROM bc.freeze WHERE id::text = :ref AND thawed_at IS NOT NULL",
}


class Words:
    """Implements ports.words.WordWork. `ask` runs one statement that returns rows."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def unseen(self, limit: int) -> Sequence[StoredWord]:
        """Oldest first."""
        return [StoredWord(**row._mapping) for row in self._ask(UNSEEN, limit=limit)]

    def said(self, word: StoredWord) -> SaidWord | None:
        """By its kind."""
        found = self._ask(ROWS[word.kind], ref=word.ref) if word.kind in ROWS else ()
        if not found:
            return None
        return SaidWord(statement=_statement(word.kind, found[0]), proof=rows.proof(found[0].proof))

    def keys_of(self, issuer: str, subject: str) -> Sequence[VoteKey]:
        """Not revoked."""
        return [rows.key(row) for row in self._ask(KEYS, issuer=issuer, subject=subject)]

    def looked(self, word: StoredWord, *, holds: bool) -> bool:
        """Once."""
        return bool(self._ask(LOOKED, id=word.id, holds=holds))


def minutes(row: Any) -> int:
    """For how long a grant was given."""
    lasts: timedelta = row.expires_at - row.granted_at
    return round(lasts.total_seconds() / 60)


def granted(row: Any) -> Statement:
    """What the holder of a grant must have signed."""
    scope = Scope(kind=row.scope_kind, name=row.scope_name)
    return grant_statement(scope, row.incident, minutes(row), row.issuer, row.subject)


def _statement(kind: str, row: Any) -> Statement:
    if kind == "breakglass_grant":
        return granted(row)
    if kind == "breakglass_review":
        return review_statement(row.grant_id, row.findings, row.issuer, row.subject)
    if kind == "freeze":
        return thaw_statement(row.id, row.thaw_reason, row.thawed_issuer, row.thawed_subject)
    if kind == "confirmation":
        return confirmed(row)
    who = (row.issuer, row.subject)
    if kind == "withdrawal":
        return withdraw_statement(row.request, row.plan_revision, row.plan_digest, *who)
    return use_statement(row.grant_id, row.request, row.plan_revision, row.plan_digest, *who)


def confirmed(row: Any) -> Statement:
    """What an operator who confirms must have signed; `digest` is that of the plan."""
    return Statement(
        request=row.request,
        plan_revision=row.plan_revision,
        plan_digest=row.digest,
        decision="confirm",
        role="operator",
        issuer=row.issuer,
        subject=row.subject,
    )
