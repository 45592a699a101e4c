"""The one table of who may do what (SEC-002). docs/authorization.md is generated from it.

Invariant: a verb that is not here does not exist, and a role that is not in its row is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bc_lib.domain.actor import Role


class Verb(StrEnum):
    """Everything that anybody can do."""

    CREATE = "create"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    DENY = "deny"
    CONFIRM = "confirm"
    START = "start"
    STOP = "stop"
    RESOLVE = "resolve"
    ATTEST = "attest"
    WAIVE = "waive"
    OVERRIDE = "override"
    FREEZE = "freeze"
    THAW = "thaw"
    GRANT = "grant"
    REVIEW = "review"
    CHANGE_INVENTORY = "change-inventory"
    CHANGE_THRESHOLDS = "change-thresholds"
    CHANGE_POLICY = "change-policy"
    CHANGE_SCHEDULE = "change-schedule"
    CALENDAR_FEED = "calendar-feed"
    SIGN_OFF = "sign-off"
    RAISE_FINDING = "raise-finding"
    CLOSE_FINDING = "close-finding"
    EXPORT = "export"
    READ = "read"


class Requester(StrEnum):
    """What it means to be the person who asked: no matter, only that person, never that person."""

    ANY = "any"
    ONLY = "only"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """A row. `mfa`: a second factor is asked for in prod; `fresh`: signed in a moment ago."""

    roles: frozenset[Role]
    requester: Requester = Requester.ANY
    mfa: bool = False
    fresh: bool = False
    writes: bool = True
    meaning: str


V, OPERATOR, IT, BUSINESS, ADMIN = Role.VIEWER, Role.OPERATOR, Role.APPROVER_IT, Role.APPROVER_BUSINESS, Role.ADMIN
NEVER = Requester.NEVER


def _row(
    meaning: str,
    *roles: Role,
    requester: Requester = Requester.ANY,
    mfa: bool = False,
    fresh: bool = False,
    writes: bool = True,
) -> Permission:
    return Permission(roles=frozenset(roles), requester=requester, mfa=mfa, fresh=fresh, writes=writes, meaning=meaning)


TABLE: dict[Verb, Permission] = {
    Verb.CREATE: _row("ask for a failover, switchover, failback or drill", OPERATOR),
    Verb.WITHDRAW: _row("take one's own request back", OPERATOR, requester=Requester.ONLY),
    Verb.APPROVE: _row("agree to a request", IT, BUSINESS, requester=NEVER, mfa=True),
    Verb.DENY: _row("end a request", IT, BUSINESS, requester=NEVER, mfa=True),
    Verb.CONFIRM: _row("type the phrase of an approved request", OPERATOR, mfa=True),
    Verb.START: _row("start a confirmed request", OPERATOR, mfa=True),
    Verb.STOP: _row("stop a run where it is safe", OPERATOR, IT, ADMIN),
    Verb.RESOLVE: _row("decide what an unknown step did", OPERATOR, IT, mfa=True),
    Verb.ATTEST: _row("say that a manual step was done", OPERATOR, IT, mfa=True),
    Verb.WAIVE: _row("do without a proven fence", IT, requester=NEVER, mfa=True),
    Verb.OVERRIDE: _row("go on in spite of a precheck", IT, requester=NEVER, mfa=True),
    Verb.FREEZE: _row("forbid every start", OPERATOR, IT, ADMIN),
    Verb.THAW: _row("allow starts again", ADMIN, mfa=True),
    Verb.GRANT: _row("break glass in an emergency, and use the grant", OPERATOR, ADMIN, mfa=True, fresh=True),
    Verb.REVIEW: _row("record the review of a break-glass", IT, BUSINESS, ADMIN, requester=NEVER, mfa=True),
    Verb.CHANGE_INVENTORY: _row("change what is watched", ADMIN),
    Verb.CHANGE_THRESHOLDS: _row("change targets and thresholds", ADMIN),
    Verb.CHANGE_POLICY: _row("change who must approve", ADMIN, mfa=True),
    Verb.CHANGE_SCHEDULE: _row("change schedules of drills and rotations", OPERATOR, ADMIN),
    Verb.CALENDAR_FEED: _row("make a calendar feed of one's own, and end it", V, OPERATOR, IT, BUSINESS, ADMIN),
    Verb.SIGN_OFF: _row(
        "say for one side that an evidence pack is right or not", IT, BUSINESS, requester=NEVER, mfa=True
    ),
    Verb.RAISE_FINDING: _row("note a finding about a request that is over", OPERATOR, IT, BUSINESS, ADMIN),
    Verb.CLOSE_FINDING: _row("say that a finding is done", IT, BUSINESS, ADMIN),
    Verb.EXPORT: _row(
        "export the audit log, evidence packs and compliance reports", V, OPERATOR, IT, BUSINESS, ADMIN, writes=False
    ),
    Verb.READ: _row("read", V, OPERATOR, IT, BUSINESS, ADMIN, writes=False),
}


def roles_text(verb: Verb) -> str:
    """`approver-it or approver-business`, in the order of Role."""
    return " or ".join(role.value for role in Role if role in TABLE[verb].roles)
