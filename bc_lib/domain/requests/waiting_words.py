"""Waits as people read them: whom, for what, and the address of the very button."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from urllib.parse import urlencode

from bc_lib.domain.actor import Role
from bc_lib.domain.changes.proposal import TITLES, TopicName
from bc_lib.domain.requests.waiting import Do, Wait
from bc_lib.domain.words import capital

APPROVERS = frozenset({Role.APPROVER_IT, Role.APPROVER_BUSINESS})
ROLES = {
    Role.OPERATOR: "an operator",
    Role.APPROVER_IT: "an Approver-IT",
    Role.APPROVER_BUSINESS: "an Approver-Business",
    Role.ADMIN: "an administrator",
    Role.VIEWER: "a viewer",
}
_ASKS = {
    Do.APPROVE: "approve or deny it",
    Do.CONFIRM: "confirm it",
    Do.CONSENT: "accept losing {value}",
    Do.WAIVE: "do without a proven fence",
    Do.OVERRIDE: "go on in spite of a check ({what})",
    Do.ACKNOWLEDGE: "acknowledge another failover so soon",
    Do.ALLOW: "allow {what}",
    Do.ATTEST: "attest {what}",
    Do.RESOLVE: "say what became of {what}",
    Do.END_HOLD: "end {what}",
    Do.THAW: "thaw starts",
    Do.REVIEW: "review {what}",
    Do.AGREE: "agree to {what} about the {topic}",
    Do.SIGN_OFF: "sign its evidence off for the {value} side",
}


def whom(roles: Collection[Role]) -> str:
    """`an operator or an Approver-IT`; both kinds of approver together are `an approver`."""
    held = frozenset(roles)
    rest = [ROLES[role] for role in Role if role in held and not (role in APPROVERS and held >= APPROVERS)]
    return " or ".join([*rest, *(["an approver"] if held >= APPROVERS else [])])


def asks(wait: Wait) -> str:
    """What somebody must do, after "to": `allow the rewind of fra`."""
    topic = TITLES[TopicName(wait.value)] if wait.do is Do.AGREE else ""
    value = "IT" if wait.value == "it" else wait.value
    return _ASKS[wait.do].format(value=value, what=wait.what, topic=topic)


def todo(wait: Wait, roles: Sequence[Role] = ()) -> str:
    """On a button or in a list: `Allow the rewind of fra`; `roles`: in which the reader would do it."""
    words = asks(wait)
    held = f" as {' or '.join(_short(role) for role in roles)}" if wait.do is Do.APPROVE and roles else ""
    return capital(words).removesuffix(" it") + held


def waits_for(wait: Wait) -> str:
    """`waits for an approver to allow the rewind of fra`; two votes of different roles are told as one."""
    more = "; it is tried again by itself every minute" if wait.again else ""
    return f"waits for {_needed(wait)} to {asks(wait)}{more}"


def told(name: str, waits: Sequence[Wait]) -> str:
    """One sentence about the first of them: `Run r-1 waits for an approver to allow the rewind of fra.`"""
    return f"{name} {waits_for(waits[0])}." if waits else ""


def path(wait: Wait) -> str:
    """Page and query that open the very button."""
    if wait.do is Do.AGREE:
        return f"/{'policies' if wait.value == TopicName.POLICY else 'inventory'}?{urlencode({'proposal': wait.about})}"
    if wait.do is Do.REVIEW:
        return f"/requests?{urlencode({'review': wait.about})}"
    if wait.do is Do.THAW:
        return "/health?act=thaw"
    query = {"id": wait.about, "act": wait.do.value}
    query |= {"step": wait.step} if wait.step else {}
    query |= {"check": wait.value} if wait.do is Do.OVERRIDE else {}
    query |= {"side": wait.value} if wait.do is Do.SIGN_OFF else {}
    return f"/{'run' if wait.on_run else 'requests'}?{urlencode(query)}"


def _needed(wait: Wait) -> str:
    """Votes of every role that is missing are needed, not of one of them."""
    if wait.do is Do.APPROVE:
        return " and ".join(ROLES[role] for role in Role if role in wait.roles)
    return whom(wait.roles)


def _short(role: Role) -> str:
    return ROLES[role].split(" ", 1)[1]
