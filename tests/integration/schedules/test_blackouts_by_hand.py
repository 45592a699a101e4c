"""Blackouts bind what people ask by hand: forbidden or warned of by policy, an emergency never held up (FR-050)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.policy import InBlackout
from bc_lib.domain.requests.policy_rules import document, parse
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.services.breakglass.grant import grant
from bc_lib.services.changes.decide import agree
from bc_lib.services.changes.upkeep import change_upkeep
from bc_lib.services.policy.propose import propose_policy
from bc_lib.services.policy.topic import POLICY
from bc_lib.services.requests.asking import prospect
from tests.fixtures.requests import World, refused
from tests.fixtures.schedules import NOON, at
from tests.integration.schedules.test_blackouts import added

FAILOVER, SWITCHOVER, FAILBACK, DRILL = RequestType
IN_IT = NOON + timedelta(days=1)


@pytest.fixture
def dark(world: World) -> World:
    """It is the second of March, which is one."""
    at(world, NOON)
    added(world)
    at(world, IN_IT)
    return world


@pytest.mark.parametrize("kind", [SWITCHOVER, DRILL])
def test_what_can_wait_is_refused(dark: World, kind: RequestType) -> None:
    """With the days and the reason; audited; the day after it is asked."""
    assert refused(dark.ask, kind=kind) == "BLACKOUT"
    entry = dark.audit.entries[-1]
    assert (entry.reason_code, entry.payload["sentence"]) == (
        "BLACKOUT",
        f"No {kind.value} of orders-db is asked for in blackout 1 (2027-03-02: Quarter close); give a planned window "
        "outside of it. A failover and break-glass are not held up.",
    )
    at(dark, IN_IT + timedelta(days=1))
    assert dark.ask(kind=kind).state is State.PENDING_APPROVAL


def test_a_planned_window_counts_instead_of_now(dark: World) -> None:
    """Asked in it for a day outside; asked outside for a day in it."""
    day = timedelta(days=1)
    assert dark.ask(kind=SWITCHOVER, window_start=IN_IT + day, window_end=IN_IT + day * 1.1).id == "r-1"
    at(dark, NOON)
    assert (
        refused(dark.ask, kind=SWITCHOVER, scope="billing-db", window_start=IN_IT, window_end=IN_IT + day) == "BLACKOUT"
    )


def test_an_emergency_is_only_warned(dark: World) -> None:
    """A failover, and whoever breaks the glass; the warning is in the audit and before asking."""
    scope = Scope(kind="resource", name="orders-db")
    warned = "It falls into blackout 1 (2027-03-02: Quarter close)."
    assert prospect(dark.gate, FAILOVER, scope, "ams").blackout == warned
    assert dark.ask(kind=FAILOVER).state is State.PENDING_APPROVAL
    assert dark.audit.entries[-1].payload["blackout"] == warned
    other = Scope(kind="resource", name="billing-db")
    assert refused(dark.ask, kind=SWITCHOVER, scope="billing-db") == "BLACKOUT"
    grant(dark.gate, dark.actor("olga", at=IN_IT), other, "INC-1", "fire", 30)
    assert dark.ask(kind=SWITCHOVER, scope="billing-db").state is State.PENDING_APPROVAL


def test_the_policy_may_only_warn(dark: World) -> None:
    """Two administrators decide that, with a file; the database takes it and nothing else."""
    rules = dark.gate.store.read.policy().rules
    warning = tuple(replace(each, in_blackout=InBlackout.WARN) for each in rules)
    proposal = propose_policy(dark.gate, dark.actor("ada", at=IN_IT), warning)
    agree(dark.gate, dark.actor("alan", at=IN_IT), POLICY, proposal.id)
    change_upkeep(dark.runner)
    assert {each.in_blackout for each in dark.gate.store.read.policy().rules} == {InBlackout.WARN}
    assert dark.ask(kind=SWITCHOVER).state is State.PENDING_APPROVAL


def test_texts_signed_before_there_was_one_stay_what_they_are(world: World) -> None:
    """A rule that forbids is written as it was; the other one is read again as it is."""
    rules = world.gate.store.read.policy().rules
    assert "in_blackout" not in document(rules)
    warning = tuple(replace(each, in_blackout=InBlackout.WARN) for each in rules)
    assert [each.in_blackout for each in parse(document(warning), 2)] == [InBlackout.WARN] * len(rules)
    wrong = document(warning).replace('"in_blackout":"warn"', '"in_blackout":"forbid"')
    (trouble,) = world.database.sql("postgres", "SELECT bc.policy_trouble(:text)", text=wrong)
    assert trouble[0] == "a rule is not of the known form"
    (none,) = world.database.sql("postgres", "SELECT bc.policy_trouble(:text)", text=document(warning))
    assert none[0] == ""


def test_by_command(commands: Any, world: World) -> None:
    """Exit 3 with the sentence; a failover goes through with a warning on stderr; plan --check names it."""
    today = world.gate.store.read.now().date()
    added(world, first_day=today, last_day=date(today.year, 12, 31))
    words = ["request", "create", "--resource", "orders-db", "--reason", "x", "--as", "sam"]
    code, said, _ = commands(*words, "--type", "switchover")
    assert (code, "[BLACKOUT]" in said) == (3, True)
    code, said, _ = commands(*words, "--type", "failover")
    assert (code, said.startswith("Warning: It falls into blackout 1")) == (0, True)
    shown = commands("plan", "--type", "switchover", "--resource", "billing-db", "--check", "--json")
    assert (shown[0], any("blackout 1" in each for each in shown[2]["blockers"])) == (3, True)
