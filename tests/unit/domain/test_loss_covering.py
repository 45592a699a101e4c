"""Who accepted a loss accepted every smaller one of the same move, and nothing else (decision 23)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bc_lib.domain.execution.acts import accepting
from bc_lib.domain.execution.run import RunAct, RunActKind
from bc_lib.domain.loss import Ended, EndKind, LossProof, NotCarried, Relation
from bc_lib.domain.loss.covering import UNKNOWN_LOSS, bound_accepted, covers, words_cover
from bc_lib.domain.loss.judge import seconds
from bc_lib.domain.plans.figures import loss_to_accept, loss_words
from bc_lib.domain.requests.plan import Plan, Scope, Target
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.words import duration

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def lost(bound: float | None, *, over: bool = True, **more: object) -> LossProof:
    """Of a failover of orders-db from fra to ams."""
    made = LossProof(
        resource="orders-db",
        source="fra",
        target="ams",
        kind="log position",
        held_until=None if bound is None else NOW - timedelta(seconds=bound),
        ended=Ended(kind=EndKind.REFUSED, at=NOW) if over else None,
        seen_at=NOW,
    )
    return replace(made, **more)  # type: ignore[arg-type]


TABLES = (NotCarried(name="app.cache"), NotCarried(name="app.jobs", size_bytes=7))
proofs = st.builds(
    lost,
    st.none() | st.floats(0, 1e6),
    over=st.booleans(),
    kind=st.sampled_from(["log position", "GTID set"]),
    target=st.sampled_from(["ams", "lon"]),
    final=st.booleans(),
    holds=st.sampled_from([None, True, False]),
    unknown=st.sampled_from(["", "nobody looked"]),
    not_carried=st.sampled_from([(), TABLES[:1], TABLES]),
)


@given(proofs)
def test_it_covers_itself(proof: LossProof) -> None:
    assert covers(proof, proof)


@given(proofs, proofs, proofs)
def test_what_covers_a_cover_covers(one: LossProof, two: LossProof, three: LossProof) -> None:
    assert covers(one, three) or not (covers(one, two) and covers(two, three))


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.booleans())
def test_a_wider_bound_covers_a_tighter_one_and_never_the_other_way(one: float, more: float, over: bool) -> None:
    tight, wide = lost(one, over=over), lost(one + more)
    assert covers(wide, tight)
    assert covers(tight, wide) is (seconds(tight) == seconds(wide))


@given(proofs)
def test_what_cannot_be_bounded_was_accepted_only_as_that(proof: LossProof) -> None:
    unbounded = replace(proof, unknown="nobody looked", final=False)
    assert covers(unbounded, proof)
    assert covers(proof, unbounded) is (seconds(proof) is None)


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "GTID set"},
        {"relation": Relation.SUBSET},
        {"resource": "billing-db"},
        {"source": "lon"},
        {"target": "lon"},
        {"not_carried": TABLES[:1]},
    ],
)
def test_another_move_another_marker_and_what_is_not_replicated_are_other_losses(other: dict[str, object]) -> None:
    assert not covers(lost(None), lost(1, **other))
    assert covers(lost(None, **other), lost(1, **other))
    assert covers(lost(5, not_carried=TABLES), lost(1, not_carried=TABLES[:1]))


@given(st.none() | st.integers(0, 400_000), st.none() | st.integers(0, 400_000))
def test_the_words_that_people_sign_cover_as_their_bounds_do(one: int | None, two: int | None) -> None:
    mine, theirs = bound_accepted(one), bound_accepted(two)
    assert words_cover(mine, mine)
    if one is None or (two is not None and two <= one):
        assert words_cover(mine, theirs)
    else:
        assert words_cover(mine, theirs) is (two is not None and duration(max(1, one)) == duration(max(1, two)))
    assert not words_cover("nothing", theirs)
    assert not words_cover("", theirs)
    assert not words_cover(mine, "nothing")


def plan(*found: LossProof) -> Plan:
    """A failover of orders-db."""
    target = Target(
        resource="orders-db",
        platform="postgresql",
        tier=1,
        environment="test",
        from_site="fra",
        to_site="ams",
        endpoints=(),
    )
    return Plan(
        type=RequestType.FAILOVER,
        scope=Scope(kind="resource", name="orders-db"),
        target_site="ams",
        tier=1,
        environment="test",
        policy_version=1,
        policy_position=1,
        effect="Moves.",
        targets=(target,),
        steps=(),
        measurements=(),
        observed={},
        proofs=found,
        loss=loss_words(RequestType.FAILOVER, ["orders-db"], found),
    )


@pytest.mark.parametrize(
    ("approved", "now", "asked"),
    [
        (lost(5), lost(3), "up to 5 s"),  # what approvers read covers it: one figure from the plan to the start
        (lost(3), lost(5), "up to 5 s"),
        (lost(None), lost(5), "up to 5 s"),
        (lost(5), lost(None), UNKNOWN_LOSS),
        (lost(5), lost(3, kind="GTID set"), "up to 3 s"),
        (lost(5, over=False), lost(3), "up to 3 s"),  # its end makes the band of the living exact
        (lost(5, over=False), lost(6, over=False), "up to 15 s"),
    ],
)
def test_the_start_asks_for_what_was_approved_where_that_covers(
    approved: LossProof, now: LossProof, asked: str
) -> None:
    assert loss_to_accept(plan(approved), plan(now)) == asked


def said(number: int, person: int, value: str, revision: int = 1) -> RunAct:
    """A consent."""
    return RunAct(
        id=number, request="r-1", kind=RunActKind.CONSENT, step="", value=value, note="", person=person, name="Olga",
        issuer="test", subject=str(person), role="Operator", plan_revision=revision, plan_digest="", at=NOW, proof=None,
    )  # fmt: skip


def test_a_tighter_bound_asks_nobody_again_and_a_newer_word_replaces_ones_own() -> None:
    wide, tight = said(1, 1, "up to 10 s"), said(2, 2, "up to 3 s")
    assert accepting([wide], 1, "up to 3 s") == wide
    assert accepting([wide, tight], 1, "up to 10 s") == wide, "another's tighter word does not take it back"
    assert accepting([wide, tight], 1, "up to 3 s") == tight
    assert accepting([wide, said(3, 1, "up to 3 s")], 1, "up to 10 s") is None
    assert accepting([wide], 2, "up to 3 s") is None
    assert accepting([replace(wide, kind=RunActKind.WAIVE)], 1, "up to 3 s") is None
