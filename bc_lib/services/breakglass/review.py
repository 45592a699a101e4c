"""Record the review of a break-glass: findings by somebody who took no part (SEC-006)."""

from __future__ import annotations

from bc_lib.domain.actor import Actor
from bc_lib.domain.authorization import Verb
from bc_lib.domain.breakglass import Grant
from bc_lib.domain.requests.notice import RequestNoticeKind
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.votes import Proof, review_statement
from bc_lib.services.breakglass.grant import notice_of
from bc_lib.services.gate import Gate
from bc_lib.services.guard import Subject, acting
from bc_lib.services.requests.decide import sign
from bc_lib.services.requests.notices import send

MAX_FINDINGS = 4000


def review(gate: Gate, actor: Actor, grant_id: int, findings: str, *, proof: Proof | None = None) -> Grant:
    """Close the grant with `findings`. Raises Denial."""
    about = Subject(details={"grant": grant_id})
    with acting(gate, actor, Verb.REVIEW, about) as act:
        work = act.work
        work.lock_grants()
        given = work.grant(grant_id)
        about.system = given.scope.name
        if not given.open:
            raise refusal("GRANT_REVIEWED", grant=grant_id)
        if act.person.id in given.took_part:
            raise refusal("REVIEWER_EXCLUDED", grant=grant_id)
        said = findings.strip()
        if not said or len(said) > MAX_FINDINGS or not said.replace("\n", " ").isprintable():
            raise refusal("TEXT_INVALID", field="findings", most=MAX_FINDINGS)
        statement = review_statement(grant_id, said, actor.issuer, actor.subject)
        given = work.add_review(given, actor, said, proof or sign(gate, work, actor, statement))
        act.record(
            "breakglass.review", "reviewed", payload={"grant": given.id, "incident": given.incident, "findings": said}
        )
        resource = next((each for each in work.inventory().resources if each.name == given.scope.name), None)
        environment = resource.environment.value if resource else "dev"
        send(
            gate,
            work,
            notice_of(given, RequestNoticeKind.REVIEWED, act.person.name, 1, environment, work.now()),
            None,
            resource=given.scope.name,
            security=True,
            routed=False,
        )
        return given
