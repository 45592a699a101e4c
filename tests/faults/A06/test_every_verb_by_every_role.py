"""A06: every verb by every role that lacks it, as requester and as another, directly on the services: refused and audited."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bc_lib.domain.actor import Role
from bc_lib.domain.authorization import TABLE, Requester, Verb
from bc_lib.domain.denial import Denial
from bc_lib.domain.evidence.values import Answer, Side
from bc_lib.domain.requests.plan import Scope
from bc_lib.services.breakglass.grant import grant
from bc_lib.services.breakglass.review import review
from bc_lib.services.evidence.findings import close_finding, raise_finding
from bc_lib.services.evidence.sign_off import sign_off
from bc_lib.services.evidence.take import take
from bc_lib.services.guard import Subject, authorize
from bc_lib.services.requests.approve import approve
from bc_lib.services.requests.confirm import confirm
from bc_lib.services.requests.create import create
from bc_lib.services.requests.deny import deny
from bc_lib.services.requests.withdraw import withdraw
from tests.fixtures.evidence import Packs
from tests.fixtures.requests import IT, World, new

SCOPE = Scope(kind="resource", name="orders-db")


@pytest.mark.parametrize("role", Role)
def test_the_whole_table(world: World, role: Role) -> None:
    """Every verb x this role x (requester, other): allowed exactly where the table says so; each refusal is audited once."""
    world.set_roles("xena", role)
    for verb in Verb:
        row = TABLE[verb]
        for is_requester in (True, False):
            related = row.requester is Requester.ANY or is_requester is (row.requester is Requester.ONLY)
            before = len(world.audit.entries)
            try:
                authorize(
                    world.gate,
                    world.actor("xena"),
                    verb,
                    requester=is_requester,
                    about=Subject(system=f"{verb}-{is_requester}"),
                )
                allowed = True
            except Denial as denial:
                allowed = False
                assert denial.code in {"ROLE_MISSING", "REQUESTER_EXCLUDED", "REQUESTER_ONLY"}
                told = world.audit.entries[before:]
                assert [(each.kind, each.verb, each.reason_code) for each in told] == [
                    ("denied", f"request.{verb}", denial.code)
                ]
            assert allowed is (role in row.roles and related), (verb, role, is_requester)


def calls(world: World, request_id: str, grant_id: int) -> dict[Verb, Callable[[str], object]]:
    """The services themselves; the argument is who."""
    gate, actor = world.gate, world.actor
    return {
        Verb.CREATE: lambda who: create(gate, actor(who), new()),
        Verb.WITHDRAW: lambda who: withdraw(gate, actor(who), request_id),
        Verb.APPROVE: lambda who: approve(gate, actor(who), request_id, IT),
        Verb.DENY: lambda who: deny(gate, actor(who), request_id, IT, "No"),
        Verb.CONFIRM: lambda who: confirm(gate, actor(who), request_id, "x"),
        Verb.GRANT: lambda who: grant(gate, actor(who), SCOPE, "INC-2", "x"),
        Verb.REVIEW: lambda who: review(gate, actor(who), grant_id, "x"),
    }


def test_the_services_that_exist(world: World) -> None:
    """TC-002: a service called by a role that lacks its verb refuses, whatever the actor claims to hold."""
    request = world.ask()
    given = grant(world.gate, world.actor("olga"), SCOPE, "INC-1", "x")
    for role in Role:
        world.set_roles("xena", role)
        for verb, call in calls(world, request.id, given.id).items():
            if role in TABLE[verb].roles:
                continue
            world.roles["xena"] = tuple(Role)  # the sign-on's claim alone is worth nothing: the database knows one role
            with pytest.raises(Denial) as refused:
                call("xena")
            world.roles["xena"] = (role,)
            assert refused.value.code == "ROLE_MISSING", (verb, role)
    assert world.state(request).value == "PendingApproval"


def test_the_services_of_packs(world: World) -> None:
    """TC-002, issue 5: sign-off, findings and hand-out of a real pack, by each role that lacks the verb, and by nobody."""
    packs = Packs(world, world.data)
    ended = withdraw(world.gate, world.actor("olga"), world.ask().id).id
    packs.make()
    packs.sign()
    today = datetime.now(UTC).date()
    number = raise_finding(world.gate, packs.store, world.actor("ian"), ended, "x", "Ops", today, key="k").id
    parts = (world.gate, packs.store)
    verbs: dict[Verb, Callable[[str], object]] = {
        Verb.SIGN_OFF: lambda who: sign_off(*parts, world.actor(who), ended, Side.IT, Answer.ACCEPTED),
        Verb.RAISE_FINDING: lambda who: raise_finding(*parts, world.actor(who), ended, "x", "Ops", today, key="k2"),
        Verb.CLOSE_FINDING: lambda who: close_finding(*parts, world.actor(who), number, "x"),
        Verb.EXPORT: lambda who: take(packs.taking, world.actor(who), ended),
    }
    for roles in ((), *((role,) for role in Role)):
        world.set_roles("xena", *roles)
        for verb, call in verbs.items():
            if set(roles) & TABLE[verb].roles:
                continue
            world.roles["xena"] = tuple(Role)
            with pytest.raises(Denial) as refused:
                call("xena")
            world.roles["xena"] = roles
            assert refused.value.code == "ROLE_MISSING", (verb, roles)
    told = [each.verb for each in world.audit.entries if (each.kind, each.actor.subject) == ("denied", "xena")]
    assert sorted(told) == sorted(f"request.{verb}" for verb in verbs), "repeats within a minute are counted"
    read = packs.store.read
    assert (list(read.signoffs(ended)), [each.closed_at for each in read.remarks()]) == ([], [None])
    assert not [each for each in world.audit.entries if each.verb == "evidence.take"]


def test_a_role_must_stand_in_both(world: World) -> None:
    """What the sign-on no longer says does not count either, before the database has heard of it."""
    request = world.ask()
    with pytest.raises(Denial, match="role"):
        approve(world.gate, world.actor("ian", roles=frozenset()), request.id, IT)
