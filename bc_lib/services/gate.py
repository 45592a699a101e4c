"""What the services of requests work with; bootstrap makes one for each process."""

from __future__ import annotations

from dataclasses import dataclass

from bc_lib.ports.runs import Runs
from bc_lib.ports.vote_proof import VoteSigner, VoteVerifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """`environment` is BC_ENV, `base_url` the address of the pages for links in notices."""

    store: Runs
    signer: VoteSigner
    verifier: VoteVerifier
    environment: str
    base_url: str
