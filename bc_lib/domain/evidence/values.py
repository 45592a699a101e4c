"""Packs, addenda, sign-offs and findings as stored. Times are aware UTC by the shared database's clock."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bc_lib.domain.actor import Role
from bc_lib.domain.requests.votes import Proof, Statement

MADE = "evidence.made"  # the audit record that names a pack's manifest; only MAKER may write one that counts
MAKER = "bc_keeper"
MANIFEST, SIGNATURE, BODY = "manifest.json", "signature.json", "pack.json"


class Side(StrEnum):
    """Who signs off."""

    IT = "it"
    BUSINESS = "business"

    @property
    def role(self) -> Role:
        """The role that speaks for the side."""
        return Role.APPROVER_IT if self is Side.IT else Role.APPROVER_BUSINESS


class Answer(StrEnum):
    """What a side says about a pack."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackLine:
    """A pack in the list of all: the request it is of, how that ended, when the pack was made, how many addenda."""

    request: str
    type: str
    scope: str
    where: str
    state: str
    made_at: datetime
    digest: str
    addenda: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A pack (number 0) or one of its addenda. `digest`: SHA-256 of the manifest. `tells`: of how many words after the
    end it tells."""

    request: str
    number: int
    digest: str
    made_at: datetime
    tells: int

    @property
    def name(self) -> str:
        """`r-1` or `r-1 addendum 2`."""
        return self.request if self.number == 0 else f"{self.request} addendum {self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """What one side said about the pack with `digest`. `person` is who the identity belongs to now."""

    request: str
    side: Side
    answer: Answer
    note: str
    digest: str
    person: int
    name: str
    issuer: str
    subject: str
    role: Role
    channel: str
    at: datetime
    proof: Proof | None

    def statement(self) -> Statement:
        """What its proof must have signed."""
        return signoff_statement(self.request, self.digest, self.side, self.answer, (self.issuer, self.subject))


def signoff_statement(request: str, digest: str, side: Side, answer: Answer, who: tuple[str, str]) -> Statement:
    """What a side signs: the pack's digest stands where a plan would."""
    return Statement(
        request=request,
        plan_revision=0,
        plan_digest=digest,
        decision=f"sign-off:{side.value}:{answer.value}",
        role=side.role.value,
        issuer=who[0],
        subject=who[1],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """A confirmation: what must have been signed, and the proof; what was typed, where and when."""

    statement: Statement
    proof: Proof | None
    name: str
    phrase: str
    channel: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A finding: something to be done by `owner` until `due`. Open while `closed_at` is None."""

    id: int
    request: str
    scope: str
    what: str
    owner: str
    due: date
    raised_by: str
    raised_at: datetime
    closed_by: str | None = None
    closed_at: datetime | None = None
    closing: str = ""

    def overdue(self, now: datetime) -> bool:
        """Open, and its day has passed."""
        return self.closed_at is None and self.due < now.date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Involved:
    """A person who took part, with the roles and when each was last seen, as the database knows them at the moment."""

    person: int
    name: str
    issuer: str
    subject: str
    disabled: bool
    roles: tuple[tuple[str, datetime], ...]


def dump(value: object) -> bytes:
    """JSON of one form only: sorted, without blanks, ASCII, so that a changed byte is seen wherever it stands."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode()
