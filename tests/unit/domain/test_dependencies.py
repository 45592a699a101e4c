"""Order, waves, cycles by name (FR-001)."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bc_lib.domain.dependencies import DependencyCycle, find_cycle, order, show, waves

NAMES = st.sampled_from("abcdefgh")
GRAPHS = st.dictionaries(NAMES, st.sets(NAMES, max_size=4), max_size=8)


def test_waves_put_together_what_may_go_together() -> None:
    assert waves({"web": ["db", "cache"], "db": [], "cache": [], "cdn": ["web"]}) == (
        ("db", "cache"),
        ("web",),
        ("cdn",),
    )


def test_cycle_is_shown_from_its_least_name() -> None:
    cycle = find_cycle({"orders-db": ["billing-db"], "billing-db": ["orders-db"], "x": ["orders-db"]})
    assert cycle is not None
    assert show(cycle) == "billing-db -> orders-db -> billing-db"
    assert find_cycle({"a": ["a"]}) == ("a", "a")


def test_a_chain_longer_than_the_stack() -> None:
    chain = {str(n): [str(n + 1)] for n in range(20_000)}
    assert find_cycle(chain) is None


@given(GRAPHS)
def test_either_an_order_or_a_true_cycle(edges: dict[str, set[str]]) -> None:
    """Every name comes after what it depends on, or the cycle that is shown really stands in the edges."""
    cycle = find_cycle(edges)
    if cycle is None:
        places = {name: place for place, name in enumerate(order(edges))}
        assert all(places[after] < places[name] for name, many in edges.items() for after in many)
        return
    assert cycle[0] == cycle[-1] == min(cycle)
    assert all(later in edges[earlier] for earlier, later in pairwise(cycle))
    with pytest.raises(DependencyCycle):
        waves(edges)
