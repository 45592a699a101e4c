"""Applies what two administrators agreed, and ends what cannot stand (decision 16, F33). For the requests job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bc_lib.domain.audit import AuditEntry, Kind, system_actor
from bc_lib.domain.changes.proposal import TITLES, Fault, Proposal, ProposalState, TopicName
from bc_lib.domain.denial import Denial
from bc_lib.domain.inventory import Environment
from bc_lib.domain.requests.notice import RequestNotice, RequestNoticeKind
from bc_lib.domain.requests.refusals import refusal
from bc_lib.ports.requests import RequestWork
from bc_lib.services.changes.topic import Topic
from bc_lib.services.changes.words import fault_of, said_about
from bc_lib.services.gate import Gate
from bc_lib.services.guard import PRODUCTION
from bc_lib.services.inventory.topic import INVENTORY
from bc_lib.services.passes import Pass
from bc_lib.services.policy.topic import POLICY
from bc_lib.services.requests.notices import send

ENDS = {ProposalState.REJECTED, ProposalState.EXPIRED}
TOPICS: Mapping[TopicName, Topic] = {TopicName.POLICY: POLICY, TopicName.INVENTORY: INVENTORY}


def change_upkeep(gate: Gate, done: Pass | None = None) -> int:
    """Look at every proposal that has not ended, the oldest first; how many ended now. Each in its own transaction.

    One that cannot be dealt with keeps nobody from expiring and voiding requests; it is tried again.
    """
    waiting = list(reversed(gate.store.read.changes.list(over=False, limit=1000)))
    done = done or Pass(gate.store.read.now)
    return sum(
        done.each(
            "the proposal",
            waiting,
            lambda each: _one(gate, TOPICS[each.topic], each.id),
            lambda each: f"{each.id} ({each.topic.value})",
        )
    )


def _one(gate: Gate, topic: Topic, number: int) -> bool:
    try:
        with gate.store.work() as work:
            return _step(gate, work, topic, number)
    except Denial as denial:  # the database knew better than what was read a moment before
        if denial.code == "PROPOSAL_OVER":
            return False
        with gate.store.work() as work:
            found = Fault(code=denial.code, why=denial.sentence)
            return _void(gate, work, topic, work.changes.get(topic.name, number), found)


def _step(gate: Gate, work: RequestWork, topic: Topic, number: int) -> bool:
    proposal = work.changes.get(topic.name, number)
    state = proposal.state(work.now())
    if proposal.ended is not None:
        return False
    found = fault_of(gate, work, topic, proposal)
    if found is not None:
        return _void(gate, work, topic, proposal, found)
    if state in ENDS:
        return _end(work, proposal, state)
    return state is ProposalState.AGREED and _apply(gate, work, topic, proposal)


def _apply(gate: Gate, work: RequestWork, topic: Topic, proposal: Proposal) -> bool:
    """One transaction: the change, the ending, the notice and the record with before and after."""
    found = topic.difference(work, proposal.base_version, proposal.document)
    version = work.changes.apply(proposal)
    told = {"version": version, **found.payload, "changes": list(found.lines)}
    _record(work, proposal, Kind.COMPLETED, "apply", f"version {version}", told, members=found.members)
    if topic.told_as is not None:
        text = f"The {TITLES[topic.name]} is now version {version}."
        _tell(gate, work, topic, proposal, topic.told_as, text, found.lines)
    return True


def _void(gate: Gate, work: RequestWork, topic: Topic, proposal: Proposal, found: Fault) -> bool:
    work.changes.end(proposal.id, ProposalState.VOID, found.code, found.why)
    code = "PROPOSAL_FORGED" if found.forged else "PROPOSAL_VOID"
    sentence = refusal(code, topic=topic.name.value, proposal=proposal.id, why=found.why).sentence
    payload = {"sentence": sentence, "because": found.why}
    _record(work, proposal, Kind.DENIED, "apply", ProposalState.VOID.value, payload, found.code)
    if found.forged:
        _tell(gate, work, topic, proposal, RequestNoticeKind.FORGED, sentence, ())
    return True


def _end(work: RequestWork, proposal: Proposal, state: ProposalState) -> bool:
    work.changes.end(proposal.id, state)
    _record(work, proposal, Kind.RECORDED, "end", state.value, {})
    return True


def _record(
    work: RequestWork,
    proposal: Proposal,
    kind: Kind,
    verb: str,
    outcome: str,
    payload: Mapping[str, object],
    code: str | None = None,
    members: tuple[str, ...] = (),
) -> None:
    said = [
        {
            "says": word.saying.value,
            "person": word.person,
            "name": word.name,
            "issuer": word.issuer,
            "subject": word.subject,
            "proof": word.proof.key_id if word.proof else None,
        }
        for word in said_about(proposal)
    ]
    work.record(
        AuditEntry(
            kind=kind,
            verb=f"{proposal.topic.value}.{verb}",
            actor=system_actor(f"{proposal.topic.value} watch"),
            channel="job",
            members=members,
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
    gate: Gate,
    work: RequestWork,
    topic: Topic,
    proposal: Proposal,
    kind: RequestNoticeKind,
    text: str,
    lines: Sequence[str],
) -> None:
    """Security hears of every new policy and of every forged word."""
    environment = Environment.PROD if gate.environment == PRODUCTION else Environment.DEV
    # The database lets a production channel hear only of what concerns a production resource.
    about = next((each.name for each in work.inventory().resources if each.environment is environment), "")
    notice = RequestNotice(
        kind=kind,
        title=f"{topic.name.value} proposal {proposal.id}",
        text=text,
        key=f"{topic.name.value}/{proposal.id}/{kind.name.lower()}",
        link=topic.page,
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
