"""What a request would mean if it were raised now, for the form that raises it."""

from __future__ import annotations

from dataclasses import dataclass

from bc_lib.domain.actor import Actor, Role
from bc_lib.domain.execution.actions import DrillKind
from bc_lib.domain.requests.plan import Plan, Scope
from bc_lib.domain.requests.policy import Rule
from bc_lib.domain.requests.states import RequestType
from bc_lib.ports.people import KnownPerson
from bc_lib.services.gate import Gate
from bc_lib.services.requests.blacked_out import in_blackout
from bc_lib.services.requests.look import plan_now


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """The plan as it would be now, and the rule it would come under. `blackout`: that now falls into one, and whether
    that refuses it or is only a warning; empty where it does not."""

    plan: Plan
    rule: Rule
    blackout: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The actor as the database knows them now; `roles` are those that count."""

    person: KnownPerson | None
    roles: frozenset[Role]


def prospect(
    gate: Gate,
    kind: RequestType,
    scope: Scope,
    target_site: str,
    drill: DrillKind | None = None,
    person: int | None = None,
) -> Prospect:
    """Look, store nothing. Raises Denial where the request makes no sense now. `person`: who would ask."""
    read = gate.store.read
    policy = read.policy()
    plan = plan_now(read, policy, kind, scope, target_site, drill, asking=True)
    denial, warned = in_blackout(read, policy, plan, person)
    rule = next(rule for rule in policy.rules if rule.position == plan.policy_position)
    return Prospect(plan=plan, rule=rule, blackout=denial.sentence if denial else warned)


def known(gate: Gate, actor: Actor) -> Known:
    """Who this is and which roles count now. For showing buttons, never for deciding."""
    person = gate.store.read.person(actor.issuer, actor.subject)
    if person is None or person.disabled:
        return Known(person=person, roles=frozenset())
    return Known(person=person, roles=person.roles & actor.roles)
