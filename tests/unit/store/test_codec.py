"""Values to JSON and back: whatever was stored comes back equal."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bc_lib.domain.alerts import AlertState
from bc_lib.domain.assessment import Assessment
from bc_lib.domain.inventory import Inventory
from bc_lib.domain.memory import Memory
from bc_lib.domain.observation import NodeFacts, Observation, Reach, Role
from bc_lib.ports.notices import Notification
from bc_lib.store.codec import Undecodable, clean, dumps, from_json, to_json
from bc_lib.testing.builders import assessment, observation

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=12)
MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(9000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - their form
FIGURES = st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.none() | st.integers(-(2**60), 2**60) | FIGURES | TEXTS
st.register_type_strategy(str, TEXTS)
st.register_type_strategy(datetime, MOMENTS)
st.register_type_strategy(float, FIGURES)
STORED = (Assessment, Observation, Memory, AlertState, Notification, Inventory)


@pytest.mark.parametrize("kind", STORED)
@given(data=st.data())
def test_round_trip(kind: type, data: st.DataObject) -> None:
    """Every class that goes into a JSONB column, with anything in it."""
    value = data.draw(st.from_type(kind))
    assert from_json(kind, json.loads(dumps(value))) == value


def test_defaults_are_left_out_and_come_back() -> None:
    assert to_json(NodeFacts(role=Role.STANDBY)) == {"role": "standby"}
    assert from_json(NodeFacts, {"role": "standby", "a_field_of_tomorrow": 1}) == NodeFacts(role=Role.STANDBY)


@given(st.text())
def test_any_text_becomes_one_that_jsonb_holds(text: str) -> None:
    """NUL and lone surrogates, which a target's error message may hold, must not cost a batch of rounds."""
    made = clean(text)
    made.encode("utf-8")
    assert "\0" not in made
    seen = dataclasses.replace(
        observation("x", datetime(2026, 1, 1, tzinfo=UTC)).nodes[0], error=text, reach=Reach.ERROR
    )
    assert "\\u0000" not in dumps(seen) or "\\u0000" in text
    dumps(seen).encode("utf-8")


def test_figures_that_are_no_numbers_become_unknown() -> None:
    judged = assessment("x", datetime(2026, 1, 1, tzinfo=UTC), codes=["A"])
    odd = dataclasses.replace(judged, lag=dataclasses.replace(judged.lag, replayed_s=float("inf")))
    assert from_json(Assessment, json.loads(dumps(odd))).lag.replayed_s is None


@pytest.mark.parametrize(
    "stored", [{}, [], None, 3, {"role": "king"}, {"role": None}, {"role": "primary", "downstreams": 5}]
)
def test_what_does_not_fit_is_one_kind_of_error(stored: object) -> None:
    with pytest.raises(Undecodable):
        from_json(NodeFacts, stored)
