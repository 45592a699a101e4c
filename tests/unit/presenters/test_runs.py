"""What the pages say about runs (FR-033, FR-037, TC-044). Unknown is never green."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bc_lib.domain.execution.ended import OUTCOME
from bc_lib.domain.execution.findings import Severity
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.outcome import MemberOutcome, Outcome, Owed
from bc_lib.domain.execution.run import Run, RunActKind, RunLease
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.ports.runs import Frozen
from bc_lib.services.execution.against import Against
from bc_lib.services.requests.estimate import NO_OUTAGE, expected_outage
from bc_lib.testing.fake_runs import finding, marks_of_move, past_run, plan_steps, restored, run_at
from streamlit_app.presenters import run_words as words
from streamlit_app.presenters.request import figures, steps
from streamlit_app.presenters.run import progress_line, run_page
from streamlit_app.presenters.run_clock import clocks
from streamlit_app.presenters.run_past import last_drill, last_run, usual
from streamlit_app.presenters.run_stops import if_it_stops
from tests.fixtures.run_views import NOW, PLAN, S, seen


def test_everything_that_can_be_stored_has_words_and_a_shape() -> None:
    assert set(words.STEP) == set(StepState)
    assert set(words.SEVERITY) == set(Severity)
    assert set(OUTCOME) == set(Outcome)
    assert set(words.MEMBER) == set(MemberOutcome)
    assert set(words.OWED) == set(Owed)
    assert set(words.SAID) == set(RunActKind)
    assert words.STEP[S.UNKNOWN].key == words.SEVERITY[Severity.UNKNOWN].key == "blind"


def test_a_run_inside_its_outage_counts_against_the_target() -> None:
    began = NOW - timedelta(seconds=12.4)
    run = run_at(NOW, 1, marks=marks_of_move("orders-db/move", began)[:1], outage_began_at=began)
    clock = clocks(run, PLAN, 60.0, NOW)[0]
    assert (clock.figure, clock.ticking, clock.key) == ("12 s", True, "go")
    assert "Clients cannot write since 06:11:48.600 UTC (RTO target 1 min). 48 s left." in clock.detail
    late = clocks(run, PLAN, 10.0, NOW)[0]
    assert (late.key, late.fill) == ("no", 1.0)
    assert "Over by 2.4 s" in late.detail


@pytest.mark.parametrize(("rto", "key", "said"), [(60.0, "agreed", "Met: RTO target 1 min."), (0.05, "no", "Missed by"),
                                                  (None, "agreed", "No RTO target is set.")])  # fmt: skip
def test_the_clock_stops_when_a_client_s_write_was_acknowledged(rto: float | None, key: str, said: str) -> None:
    clock, unprotected = clocks(restored(NOW), PLAN, rto, NOW)
    assert (clock.figure, clock.key, clock.ticking) == ("92 ms", key, False)
    assert clock.detail.startswith(said)
    assert (unprotected.figure, unprotected.key) == ("15 s", "no")


def test_a_clock_that_never_stopped_or_ran_backwards_is_not_a_good_figure() -> None:
    began = NOW - timedelta(seconds=12)
    ended = run_at(NOW, 1, S.FAILED, outage_began_at=began, ended_at=NOW)
    assert clocks(ended, PLAN, 60.0, NOW)[0].figure == "not ended"
    skewed = run_at(NOW, 3, outage_began_at=began, restored_at=began - timedelta(seconds=1))
    assert clocks(skewed, PLAN, 60.0, NOW)[0].key == "blind"


def test_a_rehearsal_has_no_clock() -> None:
    plan = replace(PLAN, type=RequestType.DRILL, drill="rehearsal")
    assert clocks(run_at(NOW, 0), plan, 60.0, NOW)[0].figure == "none"
    assert "rehearsal" in expected_outage(plan, ())


def test_the_timeline_shows_planned_against_actual_and_the_moments_of_the_move() -> None:
    run = run_at(NOW, 1, marks=marks_of_move("orders-db/move", NOW - timedelta(seconds=3)))
    page = run_page(seen(run, past=(past_run(NOW, "r-0"), past_run(NOW, "r-1", step_s={"move": 99.0}))))
    check, move, verify = page.steps[:3]
    assert check.actual.startswith("took 700 ms, from 06:11:42 UTC")
    assert check.planned == "usually 400 ms (1 earlier run)"
    assert (move.current, move.last_chance, move.mark.word) == (True, True, "Under way")
    assert move.actual == "18 s so far, at most 1 min"
    assert move.planned == "usually 1.5 s (1 earlier run)"
    assert move.moments == (
        "old primary proven stopped 06:11:58.000 UTC",
        "caught up +12 ms",
        "promoted +48 ms",
    )
    assert (verify.actual, verify.planned) == ("not begun", "no earlier run")
    assert page.lead.startswith("It runs step 2 of 5: orders-db: stop the server at fra")
    assert progress_line(run) == "step 2 of 5"


@pytest.mark.parametrize(
    ("run", "state", "said"),
    [
        (None, State.APPROVED, "It has not begun"),
        (run_at(NOW, 1, S.UNKNOWN, held_because="nobody saw it"), State.HELD, "It is held: nobody saw it. It goes on"),
        (run_at(NOW, 1, S.FAILED, outcome=Outcome.ROLLED_BACK, ended_at=NOW), State.FAILED, "It was taken back"),
        (run_at(NOW, 1, S.FAILED, ended_at=NOW), State.FAILED, "How it ended is not recorded"),
        (restored(NOW), State.SERVICE_RESTORED, "Clients write again. Now step 4 of 5"),
        (run_at(NOW, 5, ended_at=NOW), State.SUCCEEDED, "nothing is owed"),
        (run_at(NOW, 2), State.STOPPING, "It is stopping where that is safe, now at step 3 of 5"),
        (run_at(NOW, 5), State.RUNNING, "Every step is done"),
    ],
)
def test_the_first_line_says_where_it_stands_in_every_state(run: Run | None, state: State, said: str) -> None:
    assert said in run_page(seen(run, state)).lead


def test_a_run_that_nobody_drives_says_so_unless_it_waits_for_a_person() -> None:
    gone = RunLease(request="r-1", holder="runner-1", epoch=7, expires_at=NOW, ttl_s=20.0)
    assert "bcctl run r-1" in run_page(seen(run_at(NOW, 1), lease=gone)).driver
    assert "it waits for a person" in run_page(seen(run_at(NOW, 1, S.UNKNOWN), State.HELD, lease=gone)).driver
    assert run_page(seen(run_at(NOW, 1))).driver == "Driven by runner-1, term 7."


def test_a_run_that_waits_for_a_secret_asks_nobody_to_decide() -> None:
    """F24: the unsealing is what it waits for."""
    page = run_page(seen(run_at(NOW, 1, S.CLAIMED, held_because="the secrets manager is sealed"), State.HELD))
    assert "It goes on by itself once that is over; its resources stay reserved." in page.lead
    assert page.story is not None
    assert page.story.parts[0][1][0].startswith("It looks again by itself")


def test_a_confirmed_request_says_what_stands_against_its_start() -> None:
    """FR-033: in the words of the start, on this page too; before the confirmation it is no trouble yet."""
    why = Against(code="CONSENT_MISSING", sentence="r-1 can lose up to 20 s.", do="")
    assert run_page(seen(None, State.READY_TO_START, against=why)).lead == f"It does not start yet: {why.sentence}"
    assert run_page(seen(None, State.APPROVED, against=why)).lead == "It has not begun: nothing was touched."


def test_what_happens_if_it_stops_here() -> None:
    def said(run: Run, state: State = State.RUNNING) -> str:
        return str(if_it_stops(seen(run, state)))

    at = NOW - timedelta(seconds=3)
    assert "nothing has moved" in said(run_at(NOW, 0))
    assert "may be unable to write" in said(run_at(NOW, 1))
    fenced = said(run_at(NOW, 1, marks=marks_of_move("orders-db/move", at)[:1]))
    assert "clients of orders-db cannot write until another runner takes over" in fenced
    assert "It can still be taken back: until ams is promoted" in fenced
    promoted = said(run_at(NOW, 1, marks=marks_of_move("orders-db/move", at)))
    assert "Only forward leads out" in promoted
    assert "taken back" not in promoted
    assert "counts as moved" in said(run_at(NOW, 1, S.UNKNOWN))
    assert "not proven yet" in said(run_at(NOW, 2))
    assert "the return of fra as the standby and the check afterwards" in said(restored(NOW), State.SERVICE_RESTORED)
    assert if_it_stops(seen(run_at(NOW, 5, ended_at=NOW), State.SUCCEEDED)) is None


def test_a_group_that_stops_between_members_says_who_moved() -> None:
    both = (*plan_steps()[:3], *plan_steps("billing-db")[1:3])
    run = run_at(NOW, 3, S.PLANNED, steps=both)
    text = str(if_it_stops(seen(run)))
    assert "orders-db has moved and billing-db has not" in text
    assert "a person finishes it" in text


def test_a_drill_that_stops_in_its_hold_does_not_contradict_itself() -> None:
    """It moves there and back: the way back that has not begun is no member that has not moved."""
    there = plan_steps()[:3]
    back = tuple(replace(each, key=f"{each.key}-back", node="fra", peer="ams", wave=3) for each in plan_steps()[1:3])
    hold = replace(there[2], action="hold", key="orders-db/hold", wave=2)
    drill = (*there, hold, *back)
    held = str(if_it_stops(seen(run_at(NOW, 3, S.WAITING, steps=drill))))
    assert "If it stops here, orders-db has moved. Only forward leads out" in held
    assert "has not" not in held
    home = str(if_it_stops(seen(run_at(NOW, 6, steps=drill))))
    assert "If it stops here, orders-db is back" in home
    assert "has moved" not in home


def test_a_group_that_returns_names_each_member_once() -> None:
    """Steps that are done only where a member could not be moved are no members of their own."""
    both = (*plan_steps()[:3], *plan_steps("billing-db")[1:3])
    ways = tuple(replace(each, key=f"{each.key}-back", returns=True) for each in plan_steps()[1:2])
    text = str(if_it_stops(seen(run_at(NOW, 3, S.PLANNED, steps=(*both, *ways)))))
    assert "If it stops here, orders-db has moved and billing-db has not." in text
    moved = str(if_it_stops(seen(run_at(NOW, 5, S.PLANNED, steps=(*both, *ways)))))
    assert "If it stops here, orders-db and billing-db have moved." in moved


def test_findings_stand_worst_first_with_figure_and_hint() -> None:
    found = (finding(), finding(Severity.UNKNOWN, "clock"), finding(Severity.BLOCK, "roles", hint="Look."))
    page = run_page(seen(None, State.APPROVED, prechecks=(NOW - timedelta(seconds=9), found)))
    assert [each.mark.word for each in page.checks[0].lines] == ["Blocks", "Not known", "Good"]
    assert (page.checks[0].lines[0].hint, page.checks[0].lines[0].figure) == ("Look.", "0.2 s")
    assert page.checks[0].made.startswith("made 9 s ago, 06:11:52 UTC")


def test_a_freeze_says_since_when_by_whom_and_why() -> None:
    frozen = Frozen(id=1, since=NOW, by="Ada", reason="Network change.")
    assert "Starts are frozen since 06:12:01 UTC by Ada: Network change. Nothing starts" in str(
        run_page(seen(run_at(NOW, 1), frozen=frozen)).frozen
    )


def test_us3_the_outage_is_estimated_from_runs_of_the_same_way_of_moving() -> None:
    past = [past_run(NOW, "r-7", 0.08), past_run(NOW, "r-8", 0.12), past_run(NOW, "r-9", 0.1, type="failback"),
            past_run(NOW, "r-6", 42.0, type="failover"), past_run(NOW, "r-5", None, type="drill")]  # fmt: skip
    assert (
        dict(figures(PLAN, past))["Estimated outage"]
        == "80 ms to 120 ms: what clients saw in 3 earlier runs of this kind"
    )
    assert expected_outage(PLAN, past[:1]).startswith("80 ms: what clients saw in 1 earlier run")
    assert expected_outage(PLAN, past, but="r-8").startswith("80 ms to 100 ms")
    assert expected_outage(replace(PLAN, type=RequestType.FAILOVER), past).startswith("42 s")
    assert expected_outage(PLAN, ()) == NO_OUTAGE


def test_the_estimate_of_a_group_needs_runs_of_all_its_members() -> None:
    group = replace(PLAN, targets=(*PLAN.targets, replace(PLAN.targets[0], resource="billing-db")))
    assert expected_outage(group, [past_run(NOW, "r-7")]) == NO_OUTAGE
    whole = [past_run(NOW, "r-8", 0.3), past_run(NOW, "r-8", 0.3, resource="billing-db"), past_run(NOW, "r-7")]
    assert expected_outage(group, whole).startswith("300 ms: what clients saw in 1 earlier run")


def test_last_drill_and_last_run_are_told_apart() -> None:
    past = [past_run(NOW, "r-8", outcome=Outcome.ROLLED_BACK), past_run(NOW, "r-7", type="drill")]
    drill, run = last_drill(past, NOW), last_run(past, NOW)
    assert drill is not None
    assert drill.text == "Drill, 1 h ago, 05:12:01 UTC: succeeded in 9 s"
    assert run is not None
    assert "failed after 9 s: It was taken back" in run.text
    assert last_drill(past[:1], NOW) is None
    assert usual(past, "other-db", "move") == "no earlier run"


def test_the_plan_says_waves_undo_and_where_it_may_stop() -> None:
    shown = steps(PLAN)
    assert shown[1].undo.startswith("until ams is promoted")
    assert shown[0].flags == ("wave 1", "may stop after it")
    assert "after clients write again" in shown[3].flags


def test_tc044_a_failed_step_leaves_what_was_done_what_was_not_and_what_to_do_next() -> None:
    failed = run_at(NOW, 1, S.FAILED, outcome=Outcome.ROLLED_BACK, ended_at=NOW)
    story = run_page(seen(failed, State.FAILED)).story
    assert story is not None
    assert [title for title, _ in story.parts] == ["What to do next", "Done", "Not done"]
    assert "bcctl request create --retry-of r-1" in story.parts[0][1][0]
    assert run_page(seen(run_at(NOW, 1))).story is None


def test_fr037_the_statement_about_loss_claims_no_more_than_the_evidence() -> None:
    run = restored(NOW)
    assert [(each.resource, each.mark.word) for each in run_page(seen(run)).losses] == [
        ("orders-db", "Cannot be bounded")
    ]
    facts = {"fence": "proven", "caught_up": "marker", "marker": "0/3000028"}
    proven = replace(
        run, steps=tuple(replace(each, facts=facts) if each.step.action == "move" else each for each in run.steps)
    )
    assert run_page(seen(proven)).losses[0].mark.word == "Proven"
    assert run_page(seen(run_at(NOW, 1))).losses == ()


def test_the_parts_of_the_time_are_shown_while_they_run() -> None:
    rows = dict(run_page(seen(run_at(NOW, 1))).split)
    assert rows["Wait for approval"].endswith("so far")
