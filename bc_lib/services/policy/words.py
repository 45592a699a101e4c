"""The signatures of what administrators say about a proposal."""

from __future__ import annotations

from collections.abc import Callable

from bc_lib.domain.requests.policy_change import Proposal, Word
from bc_lib.domain.requests.refusals import refusal
from bc_lib.ports.requests import Reading
from bc_lib.services.gate import Gate


def proven(gate: Gate, reading: Reading, proposal: Proposal) -> Callable[[Word], bool]:
    """Tells whether a word carries a valid proof, by keys that the web process cannot write."""
    keys = reading.policy_changes.keys(proposal.id)
    return lambda word: gate.verifier.verify(proposal.statement(word), word.proof, keys)


def require_proven(gate: Gate, reading: Reading, proposal: Proposal, word: Word) -> None:
    """Raises Denial PROOF_UNAVAILABLE where one's own word, just stored, would not count."""
    if not proven(gate, reading, proposal)(word):
        raise refusal("PROOF_UNAVAILABLE", why="the signature is not one of your current key.")
