"""The signatures of what administrators say about a proposal, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Callable

from bc_lib.domain.changes.proposal import Fault, Proposal, Word, fault
from bc_lib.domain.requests.refusals import refusal
from bc_lib.ports.requests import Reading
from bc_lib.services.changes.topic import Topic
from bc_lib.services.gate import Gate


def proven(gate: Gate, reading: Reading, proposal: Proposal) -> Callable[[Word], bool]:
    """Tells whether a word carries a valid proof, by keys that the web process cannot write."""
    keys = reading.changes.keys(proposal.id)
    return lambda word: gate.verifier.verify(proposal.statement(word), word.proof, keys)


def require_proven(gate: Gate, reading: Reading, proposal: Proposal, word: Word) -> None:
    """Raises Denial PROOF_UNAVAILABLE where one's own word, just stored, would not count."""
    if not proven(gate, reading, proposal)(word):
        raise refusal("PROOF_UNAVAILABLE", why="the signature is not one of your current key.")


def fault_of(gate: Gate, reading: Reading, topic: Topic, proposal: Proposal) -> Fault | None:
    """What is wrong with a proposal that is not over; None: it may go on."""
    signed = proven(gate, reading, proposal)
    return fault(proposal, topic.newest(reading), signed, lambda each: topic.trouble(reading, each))


def said_about(proposal: Proposal) -> list[Word]:
    """Everything that was said, in order."""
    return [proposal.proposed, *([proposal.decided] if proposal.decided else [])]
