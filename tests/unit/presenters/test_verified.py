"""The recovery test's mark on the pages: what is not known, changed, failed or overdue is never green (US-008)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.verified.coverage import urgency
from bc_lib.domain.verified.values import Mark, Verified
from streamlit_app.components import verified as html
from streamlit_app.presenters.verified import recovery
from streamlit_app.troubles import UNREAD

SCOPE = Scope(kind="resource", name="orders-db")
GOOD = Mark(
    state=Verified.VERIFIED, sentence="It went well.", period_s=86_400.0, overdue=False, drill="r-1", age_s=7200
)


def marks_of() -> st.SearchStrategy[Mark]:
    return st.builds(
        Mark,
        state=st.sampled_from(Verified),
        sentence=st.just("A sentence."),
        period_s=st.just(86_400.0),
        overdue=st.booleans(),
        drill=st.none() | st.just("r-1"),
        age_s=st.none() | st.floats(0, 1e9),
        changes=st.lists(st.text(max_size=20), max_size=3).map(tuple),
    )


@given(mark=marks_of(), old=st.booleans())
def test_green_only_where_one_may_rely_on_it(mark: Mark, old: bool) -> None:
    """The green check stands exactly for what holds and was read just now."""
    shown = recovery({SCOPE: mark}, "resource", "orders-db", old=old)
    assert (shown.mark.key == "agreed") == (mark.holds and not old)
    assert ("bc-agreed" in html.panel(shown)) == (mark.holds and not old)
    if mark.overdue and not old:
        assert "Overdue" in {shown.mark.word, shown.late.word if shown.late else ""}


@given(mark=marks_of())
def test_what_has_changed_is_on_the_panel_and_escaped(mark: Mark) -> None:
    shown = recovery({SCOPE: replace(mark, changes=("<b>endpoints</b> is another.",))}, "resource", "orders-db")
    assert "&lt;b&gt;endpoints" in html.panel(shown)


@pytest.mark.parametrize("marks", [None, {}, {Scope(kind="group", name="orders-db"): GOOD}])
def test_what_was_not_read_is_not_known(marks: dict[Scope, Mark] | None) -> None:
    """Also where only something of the same name but another kind was."""
    shown = recovery(marks, "resource", "orders-db")
    assert (shown.mark.word, shown.sentence) == ("Not known", UNREAD)


def test_each_state_has_a_word_and_a_shape_of_its_own() -> None:
    """Colour never stands alone."""
    marks = [replace(GOOD, state=state) for state in Verified] + [replace(GOOD, overdue=True)]
    shown = [recovery({SCOPE: mark}, "resource", "orders-db").mark for mark in marks]
    assert len({each.word for each in shown}) == len({each.key for each in shown}) == len(marks)


def test_overdue_comes_first_then_the_worst() -> None:
    late, failed = replace(GOOD, overdue=True), replace(GOOD, state=Verified.FAILED)
    assert sorted([GOOD, failed, late], key=urgency) == [late, failed, GOOD]


def test_the_age_is_said() -> None:
    assert "2 h ago" in html.line(recovery({SCOPE: GOOD}, "resource", "orders-db"))
