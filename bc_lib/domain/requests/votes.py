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
class Once:
    """What makes a signed statement occur once: `incarnation` of the shared database (bc.instance), `at` the moment of
    the signature (ISO 8601 with its offset, by the shared database's clock), `nonce` drawn by the signer."""

    incarnation: str
    at: str
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Who signed: `key_id` names a key that the web process cannot write; `signature` is hex over the statement.

    `once` None: signed in the form of before, which is history and admits nothing any more.
    """

    method: str
    key_id: str
    signature: str
    once: Once | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What exactly somebody says: `decision` is approve, deny, confirm, withdraw, break-glass, thaw, review and others;
    `role` may be empty."""

    request: str
    plan_revision: int
    plan_digest: str
    decision: str
    role: str
    issuer: str
    subject: str

    def canonical(self, once: Once | None = None) -> bytes:
        """The bytes that are signed; without `once` those of the form of before."""
        body = {name: getattr(self, name) for name in self.__slots__}
        form = {"bc": "statement-1"}
        if once is not None:
            form = {"bc": "statement-2", "incarnation": once.incarnation, "at": once.at, "nonce": once.nonce}
        return json.dumps({**form, **body}, sort_keys=True, separators=(",", ":")).encode()

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


def use_statement(grant: int, request: str, revision: int, digest: str, issuer: str, subject: str) -> Statement:
    """What the holder says who uses a grant on one plan of one request."""
    return Statement(
        request=request,
        plan_revision=revision,
        plan_digest=digest,
        decision=f"break-glass-use:{grant}",
        role="",
        issuer=issuer,
        subject=subject,
    )


def review_statement(grant: int, findings: str, issuer: str, subject: str) -> Statement:
    """What a reviewer of a break-glass says: the digest of the findings stands where a plan's would."""
    return _about(f"break-glass {grant}", findings, "review", issuer, subject)


def thaw_statement(freeze: int, reason: str, issuer: str, subject: str) -> Statement:
    """What somebody says who takes the kill switch back: the reason's digest stands where a plan's would."""
    return _about(f"freeze {freeze}", reason, "thaw", issuer, subject)


def withdraw_statement(request: str, revision: int, digest: str, issuer: str, subject: str) -> Statement:
    """What the requester says who takes a request back."""
    return Statement(
        request=request,
        plan_revision=revision,
        plan_digest=digest,
        decision="withdraw",
        role="",
        issuer=issuer,
        subject=subject,
    )


def _about(what: str, text: str, decision: str, issuer: str, subject: str) -> Statement:
    return Statement(
        request=what,
        plan_revision=0,
        plan_digest=hashlib.sha256(text.encode()).hexdigest(),
        decision=decision,
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
