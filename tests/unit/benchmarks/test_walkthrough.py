"""The walkthrough's judgement: a statement about loss against what a client counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.walkthrough.agreement import agrees

AFTER = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
UNTIL = AFTER + timedelta(seconds=2)
BOUNDED = {"certainty": "bounded", "after": AFTER.isoformat(), "until": UNTIL.isoformat()}
IN, BEFORE, LATER = AFTER + timedelta(seconds=1), AFTER - timedelta(seconds=1), UNTIL + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("statement", "lost", "agreed"),
    [
        ({"certainty": "proven"}, [], True),
        ({"certainty": "proven"}, [IN], False),
        (BOUNDED, [], True),
        (BOUNDED, [IN, UNTIL], True),
        (BOUNDED, [IN, BEFORE], False),
        (BOUNDED, [LATER], False),
        ({"certainty": "cannot be bounded"}, [BEFORE], True),
    ],
)
def test_a_statement_agrees_only_where_every_lost_row_lies_within_it(
    statement: dict[str, str], lost: list[datetime], agreed: bool
) -> None:
    assert agrees(statement, lost) is agreed


def test_an_unknown_word_is_not_taken_for_agreement() -> None:
    with pytest.raises(ValueError, match="unknown certainty"):
        agrees({"certainty": "probably"}, [])
