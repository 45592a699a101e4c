"""What waits for whom: the one rule behind the inbox, the buttons, the notices and the first line of a page.

A wait is an act that only a person can do and that holds something up until it is done. Who may do it is what the
service of the act accepts (authorization.TABLE, the requester's exclusion, what somebody said already).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bc_lib.domain.actor import Role
from bc_lib.domain.authorization import TABLE, Requester, Verb
from bc_lib.domain.breakglass import Grant
from bc_lib.domain.changes.proposal import Proposal, ProposalState
from bc_lib.domain.evidence.values import Side
from bc_lib.domain.requests.values import Request


class Do(StrEnum):
    """What somebody must do. Those about a run carry the names of domain.execution.run.RunActKind."""

    APPROVE = "approve"  # or deny
    CONFIRM = "confirm"
    CONSENT = "consent"
    WAIVE = "waive"
    OVERRIDE = "override"
    ACKNOWLEDGE = "acknowledge"
    ALLOW = "allow"
    ATTEST = "attest"
    RESOLVE = "resolve"
    END_HOLD = "end-hold"
    THAW = "thaw"
    REVIEW = "review"
    AGREE = "agree"
    SIGN_OFF = "sign-off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """One act that is waited for. `about`: a request's id, or the number of a grant or proposal; `step`: a key.

    `value`: the loss to accept, `<resource>/<check>` to go on in spite of, the side of a sign-off, a proposal's topic.
    `what`: the step, finding or grant in words. `never`: persons who may not (they asked, or decide once and have);
    `said`: persons who said it already where another one must say the same. `again`: it is tried without them as well.
    """

    do: Do
    verb: Verb
    roles: frozenset[Role]
    about: str
    step: str = ""
    value: str = ""
    what: str = ""
    never: frozenset[int] = frozenset()
    said: frozenset[int] = frozenset()
    until: datetime | None = None
    again: bool = False

    def allowed(self, person: int, roles: Collection[Role]) -> tuple[Role, ...]:
        """Roles in which this person may do it, in the order of Role; none where they may not. Their own earlier word
        can be replaced by another one."""
        return () if person in self.never else tuple(role for role in Role if role in self.roles and role in roles)

    def open_to(self, person: int, roles: Collection[Role]) -> tuple[Role, ...]:
        """The same, but none either where they said already what another person must say too: it does not wait for
        them."""
        return () if person in self.said else self.allowed(person, roles)

    @property
    def on_run(self) -> bool:
        """Whether its button stands on the page of the run."""
        return self.do in {Do.ALLOW, Do.ATTEST, Do.RESOLVE, Do.END_HOLD}


def askers(request: Request, verb: Verb) -> frozenset[int]:
    """Persons whom the table keeps from this because they asked (S2, S5)."""
    if TABLE[verb].requester is not Requester.NEVER:
        return frozenset()
    return frozenset({request.requester, *request.editors})


def of_grants(grants: Iterable[Grant]) -> tuple[Wait, ...]:
    """Reviews that are owed, by somebody who took no part (SEC-006)."""
    return tuple(
        Wait(
            do=Do.REVIEW,
            verb=Verb.REVIEW,
            roles=TABLE[Verb.REVIEW].roles,
            about=str(each.id),
            what=f"break-glass {each.id} of {each.incident}",
            never=frozenset(each.took_part),
            until=each.review_due,
        )
        for each in grants
        if each.open
    )


def of_proposal(proposal: Proposal, verb: Verb, newest: int, now: datetime) -> tuple[Wait, ...]:
    """The word of a second administrator. `newest`: version of what it changes. Signatures are not looked at here."""
    if proposal.state(now) is not ProposalState.OPEN or proposal.base_version != newest:
        return ()
    return (
        Wait(
            do=Do.AGREE,
            verb=verb,
            roles=TABLE[verb].roles,
            about=str(proposal.id),
            value=proposal.topic.value,
            what=f"proposal {proposal.id} of {proposal.proposed.name}",
            never=frozenset({proposal.proposed.person}),
            until=proposal.expires_at,
        ),
    )


def of_pack(request: Request, signed: Iterable[tuple[Side, int]]) -> tuple[Wait, ...]:
    """Sides that have not signed off the pack of a request that was executed. `signed`: who did for which side."""
    done = dict(signed)
    persons = frozenset(done.values()) | askers(request, Verb.SIGN_OFF)
    return tuple(
        Wait(
            do=Do.SIGN_OFF,
            verb=Verb.SIGN_OFF,
            roles=frozenset({side.role}),
            about=request.id,
            value=side.value,
            never=persons,
        )
        for side in Side
        if side not in done
    )
