"""What the note of a DAG run says: the request, what, from, to, who; in the end how it ended and why."""

from __future__ import annotations

from bc_lib.domain.execution.progress import headline
from bc_lib.domain.requests.state_words import STATE_WORDS
from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Request
from bc_lib.domain.words import clock, one_line
from bc_lib.ports.dispatch import DagOrder
from bc_lib.ports.runs import RunReader

MOST = 900


def note_of(read: RunReader, order: DagOrder, base_url: str) -> str:
    """Plain text of a few lines, the newest state of the request first where it is over."""
    request = read.get(order.request)
    plan = read.plan(request.id).plan
    lines = [ended_words(read, request)] if request.state.over else []
    lines.append(f"{request.id}: {request.drill + ' ' if request.drill else ''}{request.type.value} of "
                 f"{request.scope.kind} {request.scope.name}")  # fmt: skip
    lines += [f"{target.resource}: from {target.old} to {target.new}" for target in plan.targets]
    lines.append(f"Asked by {request.requester_name}: {one_line(request.reason)}")
    votes = [vote for vote in read.votes(request.id) if vote.plan_revision == request.plan_revision]
    if votes:
        lines.append("Decided by " + ", ".join(f"{vote.name} ({vote.role.value})" for vote in votes))
    if request.confirmed_by:
        lines.append(f"Confirmed by {request.confirmed_by}")
    if order.number > 1:
        lines.append(f"A further DAG run, because {order.why or 'the one before ended too early'}.")
    lines.append(f"{base_url.rstrip('/')}/requests?id={request.id}")
    return "\n".join(lines)[:MOST]


def ended_words(read: RunReader, request: Request) -> str:
    """`Withdrawn 2026-11-23 05:07:09 UTC by Olga: no longer needed`."""
    last = next((each for each in reversed(read.history(request.id)) if each.after is request.state), None)
    words = f"{STATE_WORDS[request.state]} {clock(request.state_since)}"
    run = read.run(request.id)
    if run is not None:
        return f"{words}. {headline(run, request.state)}"
    by = f" by {last.person}" if last is not None and last.person and request.state is not State.EXPIRED else ""
    why = f": {one_line(last.reason)}" if last is not None and last.reason else ""
    return f"{words}{by}{why}"
