"""The table of edges, and what is generated from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bc_lib.domain.requests.generated import files
from bc_lib.domain.requests.machine import EDGES, Event, edge
from bc_lib.domain.requests.states import OVER, State

ROOT = Path(__file__).resolve().parents[3]
SPELLED = """
Draft -> PendingApproval
PendingApproval -> Approved Rejected Expired Cancelled
Approved -> ReadyToStart Expired Cancelled PendingApproval
ReadyToStart -> Running Expired Cancelled PendingApproval Failed
Running -> ServiceRestored Held Stopping Failed
Held -> Running Stopping Failed
Stopping -> Failed
ServiceRestored -> Succeeded
"""


def test_the_edges_are_those_of_the_requirements_and_no_others() -> None:
    """Request states of requirements.md, spelled out once more by hand."""
    wanted = {
        (line.split(" -> ")[0], target)
        for line in SPELLED.split("\n")
        if line
        for target in line.split(" -> ")[1].split()
    }
    assert {(each.source.value, each.target.value) for each in EDGES} == wanted


def test_nothing_follows_what_is_over() -> None:
    """S5: a finished request is finished."""
    assert all(each.source not in OVER for each in EDGES)
    assert all(edge(state, event) is None for state in OVER for event in Event)


def test_only_the_runner_starts() -> None:
    """TC-005: no edge from ReadyToStart forward can be taken by bc_ui."""
    assert edge(State.READY_TO_START, Event.START).by == ("bc_runner",)  # type: ignore[union-attr]
    forward = {State.RUNNING, State.HELD, State.STOPPING, State.SERVICE_RESTORED, State.SUCCEEDED, State.FAILED}
    assert all(each.by == ("bc_runner",) for each in EDGES if each.target in forward)


@pytest.mark.parametrize("name", files())
def test_generated_files_are_current(name: str) -> None:
    """docs/state-machine.md, docs/authorization.md and the guard's edges: run scripts/generate_gate.py."""
    assert (ROOT / name).read_text(encoding="utf-8") == files()[name]
