"""Proposals of administrators: rows that bc_ui adds, and the functions by which bc_runner applies or ends them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Row

from bc_lib.domain.actor import Actor
from bc_lib.domain.changes.proposal import Ending, Proposal, ProposalState, Saying, TopicName, Word
from bc_lib.domain.inventory import Inventory
from bc_lib.domain.requests.policy import Policy
from bc_lib.domain.requests.policy_rules import InvalidDocument, digest
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.votes import Proof
from bc_lib.ports.vote_proof import VoteKey
from bc_lib.store import requests_rows as rows
from bc_lib.store import requests_sql
from bc_lib.store.codec import Undecodable, clean, dumps, from_json, to_json
from bc_lib.store.inventory_rows import from_rows, to_rows

# Runs one statement that returns rows.
Ask = Callable[..., Sequence[Row[Any]]]

ADMIN_NOW = """NOT p.disabled AND EXISTS (SELECT FROM bc.role_assignment a
      WHERE a.person = p.id AND a.role = 'admin' AND a.last_seen_at > bc.now() - interval '24 hours')"""
PROPOSALS = """
SELECT c.*, p.id AS person_now, p.name, (ADMIN_NOW) AS admin_now, d.*,
    o.outcome, o.version, o.code, o.because, o.at AS ended_at
FROM bc.change_proposal c
JOIN bc.identity i ON i.issuer = c.issuer AND i.subject = c.subject JOIN bc.person p ON p.id = i.person
LEFT JOIN (
    SELECT d.proposal AS d_proposal, d.decision, d.digest AS d_digest, d.issuer AS d_issuer, d.subject AS d_subject,
        d.reason AS d_reason, d.at AS d_at, d.channel AS d_channel, d.proof AS d_proof, p.id AS d_person,
        p.name AS d_name, (ADMIN_NOW) AS d_admin_now
    FROM bc.change_decision d
    JOIN bc.identity i ON i.issuer = d.issuer AND i.subject = d.subject JOIN bc.person p ON p.id = i.person
) d ON d.d_proposal = c.id
LEFT JOIN bc.change_outcome o ON o.proposal = c.id
WHERE (CAST(:number AS bigint) IS NULL OR c.id = :number) AND (:over OR o.proposal IS NULL)
    AND (CAST(:topic AS text) IS NULL OR c.topic = :topic)
ORDER BY c.id DESC LIMIT :limit
""".replace("ADMIN_NOW", ADMIN_NOW)
KEYS = """
SELECT k.key_id, k.issuer, k.subject, k.public_key, bc.incarnation() AS incarnation FROM bc.vote_key k
WHERE k.revoked_at IS NULL AND (k.issuer, k.subject) IN (
    SELECT issuer, subject FROM bc.change_proposal WHERE id = :number
    UNION SELECT issuer, subject FROM bc.change_decision WHERE proposal = :number)
"""
RULES = requests_sql.RULES.replace("(SELECT max(version) FROM bc.policy_rule)", ":version")
PROPOSE = """
INSERT INTO bc.change_proposal (id, topic, base_version, document, digest, issuer, subject, channel, signed_in_how,
    signed_in_at, mfa, proof)
VALUES (:number, :topic, :base_version, :document, :digest, :issuer, :subject, :channel, :how, :signed_in_at, :mfa,
    CAST(:proof AS jsonb)) RETURNING id
"""
DECIDE = """
INSERT INTO bc.change_decision (proposal, decision, digest, issuer, subject, reason, channel, signed_in_how,
    signed_in_at, mfa, proof)
VALUES (:number, :decision, :digest, :issuer, :subject, :reason, :channel, :how, :signed_in_at, :mfa,
    CAST(:proof AS jsonb)) RETURNING proposal
"""


FORM = "inventory-1"
INVENTORY_AT = "SELECT after, rows FROM bc.inventory_change WHERE revision = :revision"
APPLY = {
    TopicName.POLICY: "SELECT bc.apply_policy_change(:number)",
    TopicName.INVENTORY: "SELECT bc.apply_inventory_change(:number)",
}


class Changes:
    """Implements ports.changes.ChangeWork over `ask`, which belongs to a transaction or opens one for reading."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def list(self, topic: TopicName | None = None, *, over: bool = True, limit: int = 100) -> Sequence[Proposal]:
        """Newest first."""
        found = self._ask(PROPOSALS, number=None, topic=topic and topic.value, over=over, limit=limit)
        return [_proposal(row) for row in found]

    def get(self, topic: TopicName, number: int) -> Proposal:
        """One proposal. Raises Denial UNKNOWN_PROPOSAL."""
        found = self._ask(PROPOSALS, number=number, topic=topic.value, over=True, limit=1) if 0 < number < 2**63 else ()
        if not found:
            raise refusal("UNKNOWN_PROPOSAL", topic=topic.value, proposal=str(number)[:20])
        return _proposal(found[0])

    def keys(self, number: int) -> Sequence[VoteKey]:
        """Keys of everybody who said something about it."""
        return [rows.key(row) for row in self._ask(KEYS, number=number)]

    def policy_at(self, version: int) -> Policy:
        """The rules of one version."""
        return Policy(version=version, rules=tuple(rows.rule(row) for row in self._ask(RULES, version=version)))

    def revision(self) -> int:
        """The inventory's revision."""
        return int(self._ask("SELECT revision FROM bc.inventory_revision")[0][0])

    def inventory_at(self, revision: int) -> Inventory:
        """The inventory of one revision. Raises InvalidDocument."""
        if revision == 0:
            return Inventory()
        found = self._ask(INVENTORY_AT, revision=revision)
        if not found:
            raise InvalidDocument(f"the inventory of revision {revision} is not known any more")
        # What the tables held then, where that was kept: what the writer of the change says does not count.
        return from_rows(found[0].rows) if found[0].rows else _inventory(found[0].after)

    def inventory_document(self, inventory: Inventory) -> str:
        """What the runner reads and the rows that the database writes, in one text that is signed."""
        inventory = _inventory(to_json(inventory))  # as it reads back: 30 seconds are 30.0, so that there is one text
        said = {"bc": FORM, "inventory": to_json(inventory), "rows": to_rows(inventory)}
        return json.dumps(said, sort_keys=True, separators=(",", ":"), allow_nan=False)

    def inventory_wanted(self, document: str) -> Inventory:
        """The inventory of a document. Raises InvalidDocument."""
        try:
            found = _inventory(json.loads(document)["inventory"])
            ours = self.inventory_document(found) == document
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise InvalidDocument(f"the inventory cannot be read ({type(error).__name__})") from error
        if not ours:
            raise InvalidDocument("the inventory is not of the known form")
        return found

    def next_number(self) -> int:
        """One more than the greatest, of any topic."""
        return int(self._ask("SELECT coalesce(max(id), 0) + 1 FROM bc.change_proposal")[0][0])

    def propose(
        self, topic: TopicName, number: int, base_version: int, document: str, actor: Actor, proof: Proof
    ) -> Proposal:
        """A proposal."""
        said = {"number": number, "base_version": base_version, "document": document, "digest": digest(document)}
        self._ask(PROPOSE, topic=topic.value, **said, **_signed(actor, proof))
        return self.get(topic, number)

    def decide(self, proposal: Proposal, actor: Actor, saying: Saying, reason: str, proof: Proof) -> Proposal:
        """What a second administrator says."""
        said = {"number": proposal.id, "decision": saying.value, "digest": proposal.digest, "reason": clean(reason)}
        self._ask(DECIDE, **said, **_signed(actor, proof))
        return self.get(proposal.topic, proposal.id)

    def apply(self, proposal: Proposal) -> int:
        """The newest version from now on."""
        return int(self._ask(APPLY[proposal.topic], number=proposal.id)[0][0])

    def end(self, number: int, how: ProposalState, code: str | None = None, because: str | None = None) -> None:
        """It is over."""
        call = "SELECT bc.end_change(:number, :how, :code, :because)"
        self._ask(call, number=number, how=how.value, code=code, because=because)


def _inventory(said: Any) -> Inventory:
    try:
        return from_json(Inventory, said)
    except Undecodable as error:
        raise InvalidDocument("the inventory cannot be read") from error


def _signed(actor: Actor, proof: Proof) -> dict[str, Any]:
    return {
        "issuer": actor.issuer,
        "subject": actor.subject,
        "channel": actor.channel,
        "how": actor.how,
        "signed_in_at": actor.at,
        "mfa": list(actor.mfa),
        "proof": dumps(proof),
    }


def _proposal(row: Any) -> Proposal:
    return Proposal(
        id=row.id,
        topic=TopicName(row.topic),
        base_version=row.base_version,
        document=row.document,
        digest=row.digest,
        proposed=Word(
            saying=Saying.PROPOSE,
            person=row.person_now,
            name=row.name,
            issuer=row.issuer,
            subject=row.subject,
            admin_now=row.admin_now,
            at=row.at,
            channel=row.channel,
            reason="",
            digest=row.digest,
            proof=rows.proof(row.proof),
        ),
        decided=_decided(row) if row.decision else None,
        ended=_ending(row) if row.outcome else None,
        expires_at=row.expires_at,
    )


def _decided(row: Any) -> Word:
    return Word(
        saying=Saying(row.decision),
        person=row.d_person,
        name=row.d_name,
        issuer=row.d_issuer,
        subject=row.d_subject,
        admin_now=row.d_admin_now,
        at=row.d_at,
        channel=row.d_channel,
        reason=row.d_reason,
        digest=row.d_digest,
        proof=rows.proof(row.d_proof),
    )


def _ending(row: Any) -> Ending:
    state = ProposalState(row.outcome)
    return Ending(state=state, at=row.ended_at, version=row.version, code=row.code, because=row.because)
