"""What a drill showed against its targets: a figure that is not known is never within."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bc_lib.domain.verified.results import NOT_MEASURED, NOTHING_KNOWN, Judged, Result, judged
from bc_lib.services.compliance.figures import of_pack

FIGURES = st.builds(
    judged, st.none() | st.floats(0, 1e6), st.none() | st.floats(0, 1e6), known=st.booleans()
) | st.sampled_from([NOTHING_KNOWN, NOT_MEASURED])


@pytest.mark.parametrize(
    ("seconds", "target", "known", "said"),
    [
        (5.0, 10.0, True, Judged.WITHIN),
        (10.0, 10.0, True, Judged.WITHIN),
        (10.1, 10.0, True, Judged.MORE),
        (11.0, 10.0, False, Judged.MORE),  # at least that long is enough to say so
        (5.0, 10.0, False, Judged.UNKNOWN),
        (5.0, None, True, Judged.NO_TARGET),
        (None, 10.0, True, Judged.NOT_MEASURED),
        (None, 10.0, False, Judged.UNKNOWN),
    ],
)
def test_a_figure_against_its_target(seconds: float | None, target: float | None, known: bool, said: Judged) -> None:
    assert judged(seconds, target, known=known).judged is said


@given(st.dictionaries(st.sampled_from("abc"), FIGURES), st.lists(st.sampled_from("abc"), max_size=3))
def test_a_group_is_within_only_where_every_member_is(rpo: dict[str, object], names: list[str]) -> None:
    """A member without a figure makes the whole not within, and its sum not known."""
    whole = Result(rto=NOTHING_KNOWN, rpo=rpo, executed=True).loss(names)  # type: ignore[arg-type]
    members = [rpo.get(name, NOT_MEASURED) for name in names]
    every = bool(members) and all(each.judged is Judged.WITHIN for each in members)  # type: ignore[attr-defined]
    assert (whole.judged is Judged.WITHIN) == every
    if any(each.seconds is None for each in members):  # type: ignore[attr-defined]
        assert whole.seconds is None


def of(there: float | None, ended: bool, back: float | None, *losses: float | None) -> Result:
    """A pack of one resource with an RTO of 10 s and an RPO of 5 s."""
    return of_pack(
        {
            "rto": {
                "target_s": 10.0,
                "clients_could_not_write_s": there,
                "ended": ended,
                "way_back": {"seconds": back},
            },
            "rpo": [{"resource": "orders-db", "at_most_s": each, "target_s": 5.0} for each in losses],
            "verdict": {"executed": True},
        }
    )


def test_the_worse_of_both_ways_counts() -> None:
    """A good way there hides neither a long way back nor one whose end nobody saw."""
    good = of(1.0, True, 2.0, 0.0, 1.0)
    assert (good.rto.seconds, good.rto.judged) == (2.0, Judged.WITHIN)
    assert (good.loss(["orders-db"]).seconds, good.loss(["orders-db"]).judged) == (1.0, Judged.WITHIN)
    assert of(1.0, True, 11.0).rto.judged is Judged.MORE
    assert of(11.0, True, 1.0).rto.judged is Judged.MORE
    assert of(1.0, True, None).rto.judged is Judged.UNKNOWN
    assert of(1.0, True, 1.0, 0.0, 6.0).loss(["orders-db"]).judged is Judged.MORE
    assert of(1.0, True, 1.0, None, 0.0).loss(["orders-db"]).judged is Judged.UNKNOWN
