"""Applies what two administrators agreed, and ends what cannot stand (decision 16, F33). For the requests job."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from bc_lib.domain.audit import AuditEntry, Kind, system_actor
from bc_lib.domain.denial import Denial
from bc_lib.domain.inventory import Environment
from bc_lib.domain.requests.notice import RequestNotice, RequestNoticeKind
from bc_lib.domain.requests.policy_change import Fault, Proposal, ProposalState, changes, fault
from bc_lib.domain.requests.policy_rules import plain
from bc_lib.domain.requests.refusals import refusal
from bc_lib.ports.requests import RequestWork
from bc_lib.services.gate import Gate
from bc_lib.services.guard import PRODUCTION
from bc_lib.services.policy.plan import change_lines
from bc_lib.services.policy.words import proven
from bc_lib.services.requests.notices import send

log = logging.getLogger(__name__)
WATCH = "policy watch"
ENDS = {ProposalState.REJECTED, ProposalState.EXPIRED}


def policy_upkeep(gate: Gate) -> int:
    """Look at every proposal that has not ended, the oldest first; how many ended now. Each in its own transaction."""
    waiting = gate.store.read.policy_changes.list(over=False, limit=1000)
    return sum(_one(gate, each.id) for each in reversed(waiting))


def _one(gate: Gate, number: int) -> bool:
    """A proposal that cannot be dealt with keeps nobody from expiring and voiding requests; it is tried again."""
    try:
        try:
            with gate.store.work() as work:
                return _step(gate, work, number)
        except Denial as denial:  # the database knew better than what was read a moment before
            if denial.code == "PROPOSAL_OVER":
                return False
            with gate.store.work() as work:
                return _void(gate, work, work.policy_changes.get(number), Fault(code=denial.code, why=denial.sentence))
    except Exception as trouble:
        log.error("Policy proposal %s stays as it is: %s", number, trouble)
        return False


def _step(gate: Gate, work: RequestWork, number: int) -> bool:
    proposal = work.policy_changes.get(number)
    state = proposal.state(work.now())
    if proposal.ended is not None:
        return False
    found = fault(proposal, work.policy().version, proven(gate, work, proposal))
    if found is not None:
        return _void(gate, work, proposal, found)
    if state in ENDS:
        return _end(work, proposal, state)
    return state is ProposalState.AGREED and _apply(gate, work, proposal)


def _apply(gate: Gate, work: RequestWork, proposal: Proposal) -> bool:
    """One transaction: the rules, the ending, the notice and the record with before and after."""
    before, after = work.policy_changes.version(proposal.base_version), proposal.rules()
    version = work.policy_changes.apply(proposal.id)
    told = change_lines(changes(before.rules, after))
    _record(
        work,
        proposal,
        Kind.COMPLETED,
        "policy.apply",
        f"version {version}",
        {
            "version": version,
            "before": [plain(rule) for rule in before.rules],
            "after": [plain(rule) for rule in after],
            "changes": told,
        },
    )
    _tell(gate, work, proposal, RequestNoticeKind.POLICY, f"The approval policy is now version {version}.", told)
    return True


def _void(gate: Gate, work: RequestWork, proposal: Proposal, found: Fault) -> bool:
    work.policy_changes.end(proposal.id, ProposalState.VOID, found.code, found.why)
    sentence = refusal("POLICY_FORGED" if found.forged else "POLICY_VOID", proposal=proposal.id, why=found.why).sentence
    payload = {"sentence": sentence, "because": found.why}
    _record(work, proposal, Kind.DENIED, "policy.apply", ProposalState.VOID.value, payload, found.code)
    if found.forged:
        _tell(gate, work, proposal, RequestNoticeKind.FORGED, sentence, [])
    return True


def _end(work: RequestWork, proposal: Proposal, state: ProposalState) -> bool:
    work.policy_changes.end(proposal.id, state)
    _record(work, proposal, Kind.RECORDED, "policy.end", state.value, {})
    return True


def _record(
    work: RequestWork,
    proposal: Proposal,
    kind: Kind,
    verb: str,
    outcome: str,
    payload: Mapping[str, object],
    code: str | None = None,
) -> None:
    words = [proposal.proposed, *([proposal.decided] if proposal.decided else [])]
    said = [
        {
            "says": word.saying.value,
            "person": word.person,
            "name": word.name,
            "issuer": word.issuer,
            "subject": word.subject,
            "proof": word.proof.key_id if word.proof else None,
        }
        for word in words
    ]
    work.record(
        AuditEntry(
            kind=kind,
            verb=verb,
            actor=system_actor(WATCH),
            channel="job",
            reason_code=code,
            outcome=outcome,
            payload={
                "proposal": proposal.id,
                "base_version": proposal.base_version,
                "digest": proposal.digest,
                "words": said,
                **payload,
            },
        )
    )


def _tell(
    gate: Gate, work: RequestWork, proposal: Proposal, kind: RequestNoticeKind, text: str, lines: list[str]
) -> None:
    """Security hears of every new policy and of every forged word."""
    environment = Environment.PROD if gate.environment == PRODUCTION else Environment.DEV
    # The database lets a production channel hear only of what concerns a production resource.
    about = next((each.name for each in work.inventory().resources if each.environment is environment), "")
    notice = RequestNotice(
        kind=kind,
        title=f"policy proposal {proposal.id}",
        text=text,
        key=f"policy/{proposal.id}/{kind.name.lower()}",
        link="/policies",
        at=work.now(),
        tier=1,
        environment=environment.value,
        rows=(
            ("Proposal", str(proposal.id)),
            ("Proposed by", proposal.proposed.name),
            ("Decided by", proposal.decided.name if proposal.decided else ""),
            ("Changes", "; ".join(line.strip() for line in lines)),
        ),
    )
    send(gate, work, notice, None, resource=about, security=True, routed=False)
