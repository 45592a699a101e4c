"""Changes of the approval policy on the Policies page, with real services over a real database (S5, A07, SEC-002)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from bc_lib.domain.changes.proposal import ProposalState
from bc_lib.services.changes.decide import reject
from bc_lib.services.changes.listing import show_proposal
from bc_lib.services.changes.upkeep import change_upkeep
from bc_lib.services.policy.propose import propose_policy
from bc_lib.services.policy.topic import POLICY
from tests.fixtures.policies import TICKETS, rules
from tests.fixtures.requests import World, world
from tests.ui.real_screens import Open, opened, text

__all__ = ["world"]


@pytest.fixture
def tab(world: World) -> Iterator[Open]:
    propose_policy(world.gate, world.actor("ada"), TICKETS)
    with opened(world) as open_:
        yield open_


def labels(at: AppTest) -> list[str]:
    """Every button that is shown."""
    return [each.label for each in at.button]


def press(at: AppTest, wanted: str) -> str:
    """The page after pressing."""
    next(each for each in at.button if each.label == wanted).click()
    at.run()
    assert not at.exception
    return text(at)


def test_a_proposal_is_shown_to_everybody(tab: Open) -> None:
    """Who proposed, until when, and what would change; no button for those who may not."""
    at = tab("vera", "policies")
    body = text(at)
    assert "Proposal 1, made from version 1" in body
    assert "Proposed by Ada. Another administrator must agree until" in body
    assert "ticket required: no -&gt; yes" in body
    assert labels(at) == []


def test_the_proposer_may_take_it_back_only(tab: Open) -> None:
    """S2 on the page: one sentence instead of the button."""
    at = tab("ada", "policies")
    assert "another administrator must agree" in text(at)
    assert labels(at) == ["Reject"]


def test_the_second_administrator_agrees(tab: Open, world: World) -> None:
    """The page says that it is not the policy yet; the runner makes it so."""
    at = tab("alan", "policies")
    assert labels(at) == ["Agree", "Reject"]
    body = press(at, "Agree")
    assert "You agreed to proposal 1." in body
    assert "it becomes the policy within seconds" in body
    assert labels(at) == []
    assert "version 1" in body
    change_upkeep(world.runner)
    body = text(tab("alan", "policies"))
    assert "version 2" in body
    assert "Proposal 1" not in body


def test_rejecting_needs_a_reason(tab: Open, world: World) -> None:
    """The service's sentence, then done."""
    at = tab("alan", "policies")
    assert "The reason must be one line" in press(at, "Reject")
    at.text_input[0].set_value("Not now")
    assert "Proposal 1 is rejected" in press(at, "Reject")
    assert show_proposal(world.gate, POLICY, 1).state is ProposalState.REJECTED


def test_somebody_was_faster(tab: Open, world: World) -> None:
    """A10: two tabs, one word counts, the other is told."""
    at = tab("alan", "policies")
    reject(world.gate, world.actor("ada"), POLICY, 1, "Mine")
    next(each for each in at.button if each.label == "Agree").click()
    at.run()
    assert show_proposal(world.gate, POLICY, 1).state is ProposalState.REJECTED
    assert "Proposal 1" not in text(at) or "is decided or over" in text(at)


def test_text_from_people_is_shown_as_text(tab: Open, world: World) -> None:
    """A12: a rule's name is no markup."""
    nasty = rules(replace(TICKETS[0], name='<img src=x onerror="alert(1)">'), TICKETS[1])
    propose_policy(world.gate, world.actor("alan"), nasty)
    body = text(tab("vera", "policies"))
    assert "<img" not in body
    assert "&lt;img" in body


def test_a_proposal_without_proof_is_marked(tab: Open, world: World) -> None:
    """F33: no Agree button under a forged word."""
    world.database.sql("bc_sign_on", "UPDATE bc.vote_key SET revoked_at = bc.now() WHERE subject = 'ada'")
    at = tab("alan", "policies")
    assert "It carries no valid proof" in text(at)
    assert labels(at) == ["Reject"]
