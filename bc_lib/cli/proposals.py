"""What `bcctl policy` and `bcctl inventory` share about proposals: how they are printed and decided."""

from __future__ import annotations

from typing import Annotated

import typer

from bc_lib.cli.gatekeeping import gate, out, person
from bc_lib.domain.changes.proposal import ProposalState
from bc_lib.domain.words import clock
from bc_lib.services.changes.decide import agree, reject
from bc_lib.services.changes.listing import ProposalView, list_proposals, proposal_json, show_proposal
from bc_lib.services.changes.topic import Topic
from bc_lib.services.gate import Gate

Number = Annotated[int, typer.Argument(metavar="N", help="The proposal's number.")]
Digest = Annotated[str | None, typer.Option(help="Refuse unless this is what you looked at.")]
Why = Annotated[str, typer.Option("--reason", help="One line that is kept with it.")]


def listed(topic: Topic, as_json: bool, empty: str) -> None:
    """All proposals, newest first."""
    with gate(as_json) as made:
        views = list_proposals(made, topic)
        out(
            {"schema_version": 1, "proposals": [proposal_json(made, topic, view) for view in views]},
            as_json,
            [_head(view) for view in views] or [empty],
        )


def agreed(topic: Topic, number: int, digest: str | None, user: str | None, as_json: bool) -> None:
    """A second administrator agrees."""
    with gate(as_json) as made:
        agree(made, person(user), topic, number, digest=digest)
        shown(made, topic, number, as_json)


def rejected(topic: Topic, number: int, reason: str, user: str | None, as_json: bool) -> None:
    """An administrator ends a proposal."""
    with gate(as_json) as made:
        reject(made, person(user), topic, number, reason)
        shown(made, topic, number, as_json)


def shown(made: Gate, topic: Topic, number: int, as_json: bool) -> None:
    """One proposal with what it would change."""
    view = show_proposal(made, topic, number)
    lines = [_head(view), *view.lines, f"digest {view.proposal.digest}"]
    out({"schema_version": 1, **proposal_json(made, topic, view)}, as_json, lines)


def _head(view: ProposalView) -> str:
    each = view.proposal
    said = [f"proposed by {each.proposed.name}"]
    if each.decided is not None:
        reason = f" ({each.decided.reason})" if each.decided.reason else ""
        said.append(f"{each.decided.saying.value} by {each.decided.name}{reason}")
    if view.state is ProposalState.OPEN:
        said.append(f"another administrator must agree until {clock(each.expires_at)}")
    if each.ended is not None and each.ended.version is not None:
        said.append(f"version {each.ended.version} since {clock(each.ended.at)}")
    if each.ended is not None and each.ended.because:
        said.append(f"because {each.ended.because}")
    if not view.proven:
        said.append("NO VALID PROOF")
    return f"{each.id:<4} {view.state.value:<9} from version {each.base_version}: {'; '.join(said)}"
