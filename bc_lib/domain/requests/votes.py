"""A vote, and the statement that its proof signs (SEC-007, decision 16)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.actor import Role
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Who signed: `key_id` names a key that the web process cannot write; `signature` is hex over the statement."""

    method: str
    key_id: str
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What exactly somebody says: `decision` is approve, deny, confirm, break-glass or review; `role` may be empty."""

    request: str
    plan_revision: int
    plan_digest: str
    decision: str
    role: str
    issuer: str
    subject: str

    def canonical(self) -> bytes:
        """The bytes that are signed."""
        body = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps({"bc": "statement-1", **body}, sort_keys=True, separators=(",", ":")).encode()

    def nonce(self) -> str:
        """SHA-256 of the canonical bytes: the nonce of a fresh sign-on that proves the statement."""
        return hashlib.sha256(self.canonical()).hexdigest()


def grant_statement(scope: Scope, incident: str, minutes: int, issuer: str, subject: str) -> Statement:
    """What the holder of a break-glass grant says: its minutes and incident stand where a plan would."""
    return Statement(
        request=f"{scope.kind} {scope.name}",
        plan_revision=minutes,
        plan_digest=incident,
        decision="break-glass",
        role="",
        issuer=issuer,
        subject=subject,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """A vote as stored. `person` is who the identity belongs to now; `role_held`: the role is held and seen now."""

    id: int
    request: str
    plan_revision: int
    plan_digest: str
    person: int
    issuer: str
    subject: str
    name: str
    role: Role
    decision: Decision
    reason: str
    at: datetime
    channel: str
    role_held: bool
    proof: Proof | None

    def statement(self) -> Statement:
        """What its proof must have signed."""
        return Statement(
            request=self.request,
            plan_revision=self.plan_revision,
            plan_digest=self.plan_digest,
            decision=self.decision.value,
            role=self.role.value,
            issuer=self.issuer,
            subject=self.subject,
        )
