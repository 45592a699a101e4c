"""A figure that may not be read would have decided: its absence is said, and never green (FR-012, decision 22)."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields, replace
from pathlib import Path
from typing import Any

import pytest

from bc_lib.connectors.postgresql.queries import SECTIONS
from bc_lib.domain import rules
from bc_lib.domain.assessment import Answer, Status
from bc_lib.domain.memory import Memory
from bc_lib.domain.observation import NodeFacts
from bc_lib.domain.rules import assess
from bc_lib.domain.rules.figures import AT_PRIMARY, AT_STANDBY, ELSEWHERE, Figure
from bc_lib.domain.standby_limits import LIMITS as NAMES
from bc_lib.testing.builders import LIMITS
from tests.unit.domain.rounds import STEP, T0, codes, healthy, pair, primary, resource, standby

DECIDE_NOTHING = {
    "version": "a finding",
    "extensions": "a finding",
    "replay_conflicts": "a finding",
    "logical_senders": "a finding",
    "replayed_at": "one of several sources of the lag; without any LAG_UNKNOWN",
    "missing": "what this is about",
    "missing_why": "what this is about",
    "lists_standbys": "of missing",
    "started_at": "part of the node's own section, without which it was not seen",
    "address": "part of the node's own section; only adds to what fits",
    "timeline_began_lsn": "its own rule says when it is not known",
    "unlogged": "a finding",
    "commit_overrides": "not known counts as asynchronous: the caveat stays",
    "archive": "without it the archived position tells",
}
"""Figures that rules read and whose absence takes nothing from status or verdicts, and why."""

HIDDEN = [("fra", figure) for figure in AT_PRIMARY] + [("ams", figure) for figure in AT_STANDBY]


def without(facts: NodeFacts, name: str) -> NodeFacts:
    """The facts with one of them hidden: at its default, and named."""
    field = next(one for one in fields(NodeFacts) if one.name == name)
    empty: Any = field.default if field.default is not MISSING else field.default_factory()  # type: ignore[misc]
    return replace(facts, **{name: empty}, missing=(name,), missing_why={name: "because of the test"})


@pytest.mark.parametrize(("node", "figure"), HIDDEN, ids=lambda one: one if isinstance(one, str) else one.field)
@pytest.mark.parametrize("rounds", [0, 3])
def test_each_deciding_figure_hidden_is_not_green(node: str, figure: Figure, rounds: int) -> None:
    """At the first look, and after it was known for a while."""
    memory, at = Memory(), T0
    for _ in range(rounds):
        _, memory = assess(resource(), healthy(at), memory)
        at += STEP
    fra, ams = primary(at), standby(at)
    fra, ams = (without(fra, figure.field), ams) if node == "fra" else (fra, without(ams, figure.field))
    found, _ = assess(resource(), pair(at, fra, ams), memory)
    assert found.status is not Status.GREEN
    told = [reason.text for reason in found.reasons if reason.code in {"FIGURES_MISSING", "FIGURES_UNREAD"}]
    assert len(told) == 1
    assert f"{figure.words} (because of the test)" in told[0]
    assert "right" not in told[0]
    if figure.verdict:
        assert found.could_switch_over.answer not in {Answer.YES, Answer.WITH_LOSS}
        assert found.could_fail_over.answer not in {Answer.YES, Answer.WITH_LOSS}


@pytest.mark.parametrize("node", ["fra", "ams"])
@pytest.mark.parametrize("name", NAMES)
def test_each_deciding_setting_hidden_is_not_known(node: str, name: str) -> None:
    rest = {key: value for key, value in LIMITS.items() if key != name}
    fra, ams = ({"settings": rest}, {}) if node == "fra" else ({}, {"settings": rest})
    found, _ = assess(resource(), pair(T0, primary(T0, **fra), standby(T0, **ams)), Memory())
    assert (found.status, found.could_fail_over.answer) == (Status.YELLOW, Answer.UNKNOWN)
    assert "LIMITS_UNKNOWN" in codes(found)


def test_every_figure_that_a_rule_reads_is_weighed() -> None:
    """A rule that takes a new figure must say what its absence means."""
    text = "\n".join(path.read_text() for path in Path(rules.__file__).parent.glob("*.py"))
    weighed = {figure.field for figure in (*AT_PRIMARY, *AT_STANDBY)} | ELSEWHERE.keys() | DECIDE_NOTHING.keys()
    read = {name for name in re.findall(r"(?:facts|here|there)\.(\w+)", text) if name in dir(NodeFacts)} - {
        "http_status"
    }
    assert len(read) > 15
    assert read - weighed == set()


def test_every_deciding_figure_is_named_by_the_section_that_brings_it() -> None:
    """So that a section that fails names it."""
    named = {figure for section in SECTIONS for figure in section.figures}
    assert {figure.field for figure in (*AT_PRIMARY, *AT_STANDBY)} <= named


def test_what_decides_nothing_is_a_finding() -> None:
    found, _ = assess(resource(), pair(T0, primary(T0, missing=("extensions",)), standby(T0)), Memory())
    assert found.status is Status.GREEN
    assert [reason.code for reason in found.findings] == ["FIGURES_HIDDEN"]
