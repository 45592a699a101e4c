"""One word for each state, in sentences and on pages; names of states never reach people (FR-022)."""

from __future__ import annotations

import re

from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.state_words import STATE_WORDS, as_shown, in_words
from bc_lib.domain.requests.states import State
from streamlit_app.presenters.request_words import STATE


def test_every_state_has_a_word_of_its_own_and_pages_use_it() -> None:
    assert set(STATE_WORDS) == set(State) == set(STATE)
    assert len(set(STATE_WORDS.values())) == len(State)
    assert {state: mark.word for state, mark in STATE.items()} == STATE_WORDS
    assert not [word for word in STATE_WORDS.values() if re.search(r"[a-z][A-Z]", word)]


def test_a_refusal_says_states_as_people_do() -> None:
    said = refusal("WRONG_STATE", request="r-1", state=State.CANCELLED, wanted="PendingApproval or Approved").sentence
    assert said == "r-1 is withdrawn; this can be done only while it is waiting for approval or approved."


def test_only_whole_names_are_turned_into_words() -> None:
    assert in_words("Runningly, a state that is over") == "Runningly, a state that is over"
    assert as_shown("made") == "made"
    assert as_shown("ReadyToStart") == "Ready to start"
