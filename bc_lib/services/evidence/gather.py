"""Everything that is known about a request that is over, read once, with each proof verified again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.breakglass import Grant
from bc_lib.domain.denial import Denial
from bc_lib.domain.evidence.values import Confirmed, Involved
from bc_lib.domain.execution.clock import Span, spans
from bc_lib.domain.execution.findings import Finding
from bc_lib.domain.execution.progress import Progress, progress
from bc_lib.domain.execution.run import Run, RunAct, RunEvent
from bc_lib.domain.execution.stated import losses, writers
from bc_lib.domain.inventory import Resource
from bc_lib.domain.loss import Fence, LossStatement
from bc_lib.domain.plans.recovery_time import target_when_planned
from bc_lib.domain.requests.policy import Rule
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.domain.requests.values import Happening, Request, StoredPlan
from bc_lib.domain.requests.votes import Vote
from bc_lib.ports.evidence import EvidenceReader
from bc_lib.ports.runs import Past, earlier
from bc_lib.ports.vote_proof import VoteVerifier
from bc_lib.services.execution.said import statement_of

MOST_EVENTS = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A request that is over. `proven`: which votes, decisions ("act 3"), confirmation and grant carry a valid proof.

    `rule`: None where the policy has changed since. `tested`: the last plan of this scope that really moved and came
    to its end before this request; None: never. `past`: earlier runs, without this one.
    """

    now: datetime
    request: Request
    plans: tuple[StoredPlan, ...]
    votes: tuple[Vote, ...]
    acts: tuple[RunAct, ...]
    proven: Mapping[str, bool]
    history: tuple[Happening, ...]
    rule: Rule | None
    grant: Grant | None
    confirmations: tuple[Confirmed, ...]
    people: tuple[Involved, ...]
    prechecks: tuple[datetime, Sequence[Finding]] | None
    run: Run | None
    progress: Progress | None
    losses: tuple[LossStatement, ...]
    writers: tuple[Fence, ...]
    spans: tuple[Span, ...]
    events: tuple[RunEvent, ...]
    past: tuple[Past, ...]
    resources: Mapping[str, Resource]
    rto_s: float | None
    inventory_changed_at: datetime | None
    tested: tuple[Request, StoredPlan] | None

    @property
    def plan(self) -> StoredPlan:
        """The plan that counted last."""
        return next(each for each in reversed(self.plans) if each.revision <= self.request.plan_revision)


def gather(read: EvidenceReader, verifier: VoteVerifier, request_id: str) -> Story:
    """Raises Denial UNKNOWN_REQUEST."""
    request, run = read.get(request_id), read.run(request_id)
    plans, votes = tuple(read.plans(request_id)), tuple(read.votes(request_id))
    acts, history = tuple(read.acts(request_id)), tuple(read.history(request_id))
    plan = next(each for each in reversed(plans) if each.revision <= request.plan_revision)
    names = [target.resource for target in plan.plan.targets]
    inventory = read.inventory()
    confirmations = tuple(read.confirmations(request_id))
    accounts = [
        read.requester_account(request_id),
        *((vote.issuer, vote.subject) for vote in votes),
        *((each.statement.issuer, each.statement.subject) for each in confirmations),
        *((act.issuer, act.subject) for act in acts),
    ]
    return Story(
        now=read.now(),
        request=request,
        plans=plans,
        votes=votes,
        acts=acts,
        proven=_proven(read, verifier, request, votes, acts, run, confirmations),
        history=history,
        rule=_rule(read, request),
        grant=read.grant(request.breakglass) if request.breakglass else None,
        confirmations=confirmations,
        people=tuple(read.involved(accounts)),
        prechecks=read.prechecks(request_id),
        run=run,
        progress=progress(run, plan.plan, request.state) if run else None,
        losses=losses(run, plan.plan) if run else (),
        writers=writers(run, plan.plan) if run else (),
        spans=spans(request, votes, history, run),
        events=tuple(event for _, event in read.events(request_id))[-MOST_EVENTS:],
        past=earlier(read.past(names, 200, run.started_at if run else None), run),
        resources={each.name: each for each in inventory.resources if each.name in names},
        rto_s=target_when_planned(plan.plan, inventory),
        inventory_changed_at=read.inventory_changed_at(),
        tested=_tested(read, request),
    )


def _rule(read: EvidenceReader, request: Request) -> Rule | None:
    wanted = (request.policy_version, request.policy_position)
    return next((rule for rule in read.policy().rules if (rule.version, rule.position) == wanted), None)


def _proven(
    read: EvidenceReader,
    verifier: VoteVerifier,
    request: Request,
    votes: Sequence[Vote],
    acts: Sequence[RunAct],
    run: Run | None,
    confirmations: Sequence[Confirmed],
) -> dict[str, bool]:
    keys = read.keys(request.id)
    found = {f"vote {vote.id}": verifier.held(vote.statement(), vote.proof, keys) for vote in votes}
    tries = {each.step.key: each.attempts for each in run.steps} if run else {}
    for act in acts:
        who = (act.issuer, act.subject)
        given = [  # the number of the try is signed too; which one it was is not stored
            statement_of(request, act.plan_digest, act.kind, act.step, act.value, act.role, who, number)
            for number in range(tries.get(act.step, 0) + 1)
        ]
        found[f"act {act.id}"] = act.plan_revision == request.plan_revision and any(
            verifier.held(each, act.proof, keys) for each in given
        )
    for each in confirmations:
        found[f"confirmation {each.statement.plan_revision}"] = verifier.held(each.statement, each.proof, keys)
    glass = read.grant_proof(request.breakglass) if request.breakglass else None
    if request.breakglass:
        found["grant"] = glass is not None and verifier.held(glass[0], glass[1], keys)
        used = read.use_proof(request.breakglass)
        found["use"] = used is not None and verifier.held(used[0], used[1], keys)
        reviewed = read.review_proof(request.breakglass)
        found["review"] = reviewed is not None and verifier.held(reviewed[0], reviewed[1], keys)
    return found


def _tested(read: EvidenceReader, request: Request) -> tuple[Request, StoredPlan] | None:
    """Of the same scope, really moved, succeeded, and asked for before."""
    with suppress(Denial):
        for each in read.list(states=(State.SUCCEEDED,), scope=request.scope.name).requests:
            real = each.type is not RequestType.DRILL or each.drill == "live"
            if real and each.scope == request.scope and each.id != request.id and each.created_at < request.created_at:
                return each, read.plan(each.id)
    return None
