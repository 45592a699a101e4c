"""The approval policy changes by two administrators, and then by the runner (S2, S5, decisions 8 and 16, FR-040)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bc_lib.domain.actor import Role
from bc_lib.domain.changes.proposal import Proposal, ProposalState
from bc_lib.domain.denial import Denial
from bc_lib.domain.requests.policy import Policy, Rule
from bc_lib.domain.requests.refusals import SENTENCES
from bc_lib.domain.requests.states import State
from bc_lib.ports.vote_proof import ProofUnavailable
from bc_lib.services.changes.decide import agree, reject
from bc_lib.services.changes.listing import list_proposals, show_proposal
from bc_lib.services.changes.upkeep import change_upkeep
from bc_lib.services.policy.plan import plan_lines, plan_policy
from bc_lib.services.policy.propose import propose_policy
from bc_lib.services.policy.topic import POLICY
from bc_lib.services.requests.approve import approve
from bc_lib.services.requests.confirm import confirm
from bc_lib.services.requests.create import create
from bc_lib.services.requests.show import show
from bc_lib.services.requests.upkeep import upkeep
from tests.fixtures.policies import TICKETS, rule, rules
from tests.fixtures.requests import BUSINESS, IT, World, new, refused, together


def propose(world: World, who: str = "ada", given: tuple[Rule, ...] = TICKETS) -> Proposal:
    """A proposal."""
    return propose_policy(world.gate, world.actor(who), given)


def agreed(world: World, given: tuple[Rule, ...] = TICKETS) -> Proposal:
    """ada proposed, alan agreed."""
    return agree(world.gate, world.actor("alan"), POLICY, propose(world, given=given).id)


def policy(world: World) -> Policy:
    """The policy as it is."""
    return world.gate.store.read.policy()


def state(world: World, proposal: Proposal) -> ProposalState:
    """Where it stands."""
    return show_proposal(world.gate, POLICY, proposal.id).state


def test_from_proposal_to_policy(world: World) -> None:
    """Nothing changes by one person, nor by two; the runner applies, once, with before and after in the audit."""
    made = propose(world)
    assert (made.id, made.base_version, state(world, made)) == (1, 1, ProposalState.OPEN)
    assert change_upkeep(world.runner) == 0
    agree(world.gate, world.actor("alan"), POLICY, made.id, digest=made.digest)
    assert policy(world).version == 1
    assert state(world, made) is ProposalState.AGREED
    assert change_upkeep(world.runner) == 1
    assert change_upkeep(world.runner) == 0
    stored = policy(world)
    assert stored.version == 2
    assert [(each.name, each.needs, each.ticket_required, each.ticket_pattern) for each in stored.rules] == [
        (each.name, each.needs, each.ticket_required, each.ticket_pattern) for each in TICKETS
    ]
    assert [verb for _, verb, _ in world.audit.verbs()] == ["policy.propose", "policy.agree", "policy.apply"]
    entry = world.audit.entries[-1]
    assert (entry.outcome, entry.actor.name) == ("version 2", "policy watch")
    assert entry.payload["before"][0]["ticket_required"] is False
    assert entry.payload["after"][0]["ticket_required"] is True
    assert [(each["says"], each["name"]) for each in entry.payload["words"]] == [
        ("propose", "Ada"),
        ("agree", "Alan"),
    ]
    told = world.database.sql(
        "postgres", "SELECT channel FROM bc.outbox WHERE dedup_key = 'policy/1/policy' ORDER BY 1"
    )
    assert told == [("security-1",), ("security-2",)]


def test_a_new_policy_voids_what_waits(world: World) -> None:
    """Decision 7: policy version is part of the plan's identity; the request says why, and is approved anew."""
    world.let_rivals()
    pending, approved, ready = world.ask(), world.approved(), world.ready()
    assert "3 waiting requests must be approved again" in "\n".join(plan_lines(plan_policy(world.gate, TICKETS)))
    agreed(world)
    assert upkeep(world.runner) == "0 expired, 3 voided, 0 counted refusals recorded, 1 proposals ended"
    for request in (pending, approved, ready):
        view = show(world.gate, request.id)
        assert view.request.state is State.PENDING_APPROVAL
        assert (view.request.policy_version, view.plan.because) == (2, "the approval policy changed")
        assert refused(confirm, world.gate, world.actor("olga"), request.id, request.phrase) == "WRONG_STATE"
        approve(world.gate, world.actor("ian"), request.id, IT)
        assert approve(world.gate, world.actor("bea"), request.id, BUSINESS).state is State.APPROVED
    assert refused(create, world.gate, world.actor("olga"), new()) == "TICKET_REQUIRED"


def test_before_the_upkeep_voids_a_decision_does(world: World) -> None:
    """Between the new version and the pass that voids, nobody slips through under the old rules."""
    request = world.approved()
    agreed(world)
    change_upkeep(world.runner)
    with pytest.raises(Denial) as found:
        confirm(world.gate, world.actor("olga"), request.id, request.phrase)
    assert found.value.sentence == SENTENCES["PLAN_CHANGED"].format(
        request=request.id, difference="the approval policy changed"
    )


@pytest.mark.parametrize("who", ["vera", "olga", "ian", "bea", "sam", "pat"])
def test_only_administrators(world: World, who: str) -> None:
    """SEC-002: Verb.CHANGE_POLICY; the refusal is audited."""
    made = propose(world)
    assert refused(propose, world, who) == "ROLE_MISSING"
    assert refused(agree, world.gate, world.actor(who), POLICY, made.id) == "ROLE_MISSING"
    assert refused(reject, world.gate, world.actor(who), POLICY, made.id, "no") == "ROLE_MISSING"
    assert ("denied", "request.change-policy", "ROLE_MISSING") in world.audit.verbs()


def test_one_person_is_not_two(world: World) -> None:
    """Persons are compared, not identities: a linked account of ada is ada, before and after the agreement."""
    world.roles["ada-two"] = (Role.ADMIN,)
    world.bring()
    first = propose(world)
    assert refused(agree, world.gate, world.actor("ada"), POLICY, first.id) == "PROPOSER_EXCLUDED"
    agree(world.gate, world.actor("ada-two"), POLICY, first.id)  # two persons, as far as anybody knows
    world.directory.link("demo", "ada", "demo", "ada-two")
    assert change_upkeep(world.runner) == 1
    ended = show_proposal(world.gate, POLICY, first.id).proposal.ended
    assert ended is not None
    assert (ended.state, ended.because) == (
        ProposalState.VOID,
        "Ada proposed it and agreed to it: two different persons are needed",
    )
    second = propose(world)
    assert refused(agree, world.gate, world.actor("ada-two"), POLICY, second.id) == "PROPOSER_EXCLUDED"
    assert policy(world).version == 1


@pytest.mark.parametrize("who", ["ada", "alan"])
def test_a_role_that_is_gone_when_it_counts(world: World, who: str) -> None:
    """A02: both must be administrators at the moment of applying."""
    made = agreed(world)
    world.set_roles(who, Role.VIEWER)
    change_upkeep(world.runner)
    ended = show_proposal(world.gate, POLICY, made.id).proposal.ended
    assert ended is not None
    assert ended.because == f"{who.capitalize()} no longer holds the role admin"
    assert policy(world).version == 1
    assert ("denied", "policy.apply", "PROPOSAL_VOID") in world.audit.verbs()


def test_a_person_switched_off_does_not_count(world: World) -> None:
    """A disabled administrator is none."""
    agreed(world)
    world.directory.disable("demo", "ada")
    change_upkeep(world.runner)
    assert policy(world).version == 1


def test_the_base_is_the_version_that_stands(world: World) -> None:
    """Optimistic: what was made from an old version is refused, and ends."""
    late = propose(world, "alan", rules(rule("Everybody")))
    assert refused(propose_policy, world.gate, world.actor("ada"), TICKETS, base_version=7) == "PROPOSAL_STALE"
    agreed(world)
    change_upkeep(world.runner)
    assert refused(agree, world.gate, world.actor("ada"), POLICY, late.id) in {"PROPOSAL_STALE", "PROPOSAL_OVER"}
    change_upkeep(world.runner)
    ended = show_proposal(world.gate, POLICY, late.id).proposal.ended
    assert ended is not None
    assert ended.because == "the approval policy changed meanwhile"


def test_two_agreed_at_once_only_the_first_stands(world: World) -> None:
    """Both made from version 1: the older is applied, the other is void."""
    first, second = agreed(world), agreed(world, rules(rule("Everybody")))
    assert change_upkeep(world.runner) == 2
    assert (state(world, first), state(world, second)) == (ProposalState.APPLIED, ProposalState.VOID)
    assert policy(world).version == 2


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (rules(rule(tiers=(1,))), "POLICY_UNSAFE"),
        (rules(rule(needs=())), "POLICY_UNSAFE"),
        (rules(rule(needs=(TICKETS[1].needs[0],))), "POLICY_UNSAFE"),
    ],
)
def test_rules_that_cannot_stand(world: World, given: tuple[Rule, ...], code: str) -> None:
    """S2: a gap, a rule for nobody, one person on tier 1."""
    assert refused(propose_policy, world.gate, world.actor("ada"), given) == code


def test_the_same_rules_and_the_same_proposal(world: World) -> None:
    """What stands already is refused; the same again while it is open is one proposal (F09)."""
    assert refused(propose_policy, world.gate, world.actor("ada"), policy(world).rules) == "PROPOSAL_SAME"
    assert propose(world).id == propose(world).id == 1
    assert propose(world, "alan").id == 2


def test_rejecting(world: World) -> None:
    """Any administrator, the proposer too, with a reason; the first word counts."""
    made = propose(world)
    assert refused(reject, world.gate, world.actor("ada"), POLICY, made.id, " \n") == "TEXT_INVALID"
    reject(world.gate, world.actor("ada"), POLICY, made.id, "A slip")
    assert state(world, made) is ProposalState.REJECTED
    assert refused(agree, world.gate, world.actor("alan"), POLICY, made.id) == "PROPOSAL_OVER"
    assert change_upkeep(world.runner) == 1
    assert state(world, made) is ProposalState.REJECTED
    assert policy(world).version == 1
    assert refused(agree, world.gate, world.actor("alan"), POLICY, 99) == "UNKNOWN_PROPOSAL"
    assert refused(show_proposal, world.gate, POLICY, 2**80) == "UNKNOWN_PROPOSAL"
    assert refused(agree, world.gate, world.actor("alan"), POLICY, made.id, digest="0" * 64) == "PROPOSAL_OVER"


def test_the_rules_that_were_looked_at(world: World) -> None:
    """Agreeing may name the digest that was shown."""
    made = propose(world)
    assert refused(agree, world.gate, world.actor("alan"), POLICY, made.id, digest="0" * 64) == "PROPOSAL_DIGEST"


def test_a_proposal_expires(world: World) -> None:
    """S3: after seven days by the database's clock, open or agreed."""
    open_, second = propose(world), agreed(world, rules(rule("Everybody")))
    world.freeze_clock(open_.expires_at - timedelta(microseconds=1))
    world.bring()
    assert state(world, open_) is ProposalState.OPEN
    world.freeze_clock(second.expires_at)
    world.bring()
    assert refused(agree, world.gate, world.actor("alan"), POLICY, open_.id) == "PROPOSAL_OVER"
    assert change_upkeep(world.runner) == 2
    assert {state(world, open_), state(world, second)} == {ProposalState.EXPIRED}
    assert policy(world).version == 1


def test_many_at_once(world: World) -> None:
    """20 agreements and rejections, 10 proposals, 5 runners: one word, one version, numbers without a gap."""
    made = propose(world)

    def say(number: int) -> object:
        if number % 2:
            return agree(world.gate, world.actor("alan"), POLICY, made.id).decided
        return reject(world.gate, world.actor("alan"), POLICY, made.id, "no").decided

    said = together(20, say)
    assert sum(each != "PROPOSAL_OVER" for each in said) == 1, said
    for each in show_proposal(world.gate, POLICY, made.id), *list_proposals(world.gate, POLICY):
        assert each.proven
    tried = together(10, lambda number: propose(world, "ada", rules(rule(f"Rule {number}"))))
    assert {each for each in tried if isinstance(each, str)} <= {"PROPOSAL_STALE"}
    found = [each.proposal.id for each in list_proposals(world.gate, POLICY)]
    assert found == list(range(len(found), 0, -1))
    newest = show_proposal(world.gate, POLICY, found[0]).proposal
    if newest.decided is None:
        agree(world.gate, world.actor("alan"), POLICY, newest.id)
    together(5, lambda _: change_upkeep(world.runner))
    assert policy(world).version == 2
    applied = [each for each in list_proposals(world.gate, POLICY) if each.state is ProposalState.APPLIED]
    assert len(applied) == 1
    assert sum(verb == "policy.apply" and kind == "completed" for kind, verb, _ in world.audit.verbs()) >= 1
    records = world.database.sql(
        "postgres",
        "SELECT count(*) FROM bc_audit.record WHERE body::jsonb->>'verb' = 'policy.apply' AND body::jsonb->>'kind' = 'completed'",
    )
    assert records == [(1,)]


def test_no_audit_no_change(world: World) -> None:
    """F23: the rules and their record are one transaction."""
    made = agreed(world)
    world.audit.away = True
    assert change_upkeep(world.runner) == 0
    assert policy(world).version == 1
    world.audit.away = False
    assert change_upkeep(world.runner) == 1
    assert state(world, made) is ProposalState.APPLIED


def test_without_a_signature_nothing_is_stored(world: World) -> None:
    """Decision 16: no proof, no proposal."""

    class Away:
        def sign(self, *_: object) -> object:
            raise ProofUnavailable("the sign-in is away.")

    mute = replace(world.gate, signer=Away())  # type: ignore[arg-type]
    assert refused(propose_policy, mute, world.actor("ada"), TICKETS) == "PROOF_UNAVAILABLE"
    assert list_proposals(world.gate, POLICY) == ()
