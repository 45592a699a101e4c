"""Slots of our standbys, of others, logical ones; archiving that hangs; unlogged tables (FR-010, FR-012)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bc_lib.domain.assessment import Answer, Status
from bc_lib.domain.logical_slots import QUIET_S, holds_up_stop, logical_slots
from bc_lib.domain.memory import Memory
from bc_lib.domain.observation import Archive, Downstream, NodeFacts, Slot, Unlogged, Upstream
from bc_lib.domain.rules import assess
from bc_lib.domain.rules.archive import HANGS_S
from tests.unit.domain.rounds import STEP, T0, codes, lsn, pair, primary, resource, standby

SEGMENT = 16 << 20
CUT_OFF = {"upstream": Upstream(status=None, configured_slot="slot_ams")}
LOST = Slot(name="slot_ams", active=False, slot_type="physical", wal_status="lost")


def judged(fra: NodeFacts, ams: NodeFacts, memory: Memory | None = None) -> Any:
    return assess(resource(), pair(fra.node_time or T0, fra, ams), memory or Memory())


def test_own_slot_lost_forbids() -> None:
    found, _ = judged(primary(T0, slots=(LOST,), downstreams=()), standby(T0, **CUT_OFF))
    assert (found.status, found.could_switch_over.answer) == (Status.RED, Answer.NO)
    assert found.could_fail_over.answer is Answer.WITH_LOSS
    assert "SLOT_LOST" in codes(found)


@pytest.mark.parametrize("kind", ["physical", "logical", None])
def test_slot_of_somebody_else_forbids_nothing(kind: str | None) -> None:
    other = replace(LOST, name="old_copy", slot_type=kind)
    found, _ = judged(primary(T0, slots=(other,)), standby(T0))
    assert (found.status, found.could_switch_over.answer) == (Status.YELLOW, Answer.YES)
    assert found.could_fail_over.answer is Answer.YES
    assert "SLOT_LOST_OTHER" in codes(found)


def test_logical_slot_of_the_same_name_is_not_the_standbys() -> None:
    found, _ = judged(primary(T0, slots=(replace(LOST, slot_type="logical"),)), standby(T0, **CUT_OFF))
    assert "SLOT_LOST" not in codes(found)


NAME, FLAG = st.sampled_from(["cdc", "sub"]), st.booleans()
SLOTS = st.lists(
    st.builds(
        Slot,
        name=NAME,
        active=FLAG,
        slot_type=st.sampled_from(["logical", "physical"]),
        wal_status=st.sampled_from(["reserved", "lost"]),
        temporary=FLAG,
        failover=st.none() | FLAG,
        synced=st.none() | FLAG,
    ),
    max_size=2,
    unique_by=lambda slot: slot.name,
).map(tuple)


@given(SLOTS, st.none() | SLOTS)
def test_synchronised_only_where_a_finished_copy_was_seen(
    mine: tuple[Slot, ...], there: tuple[Slot, ...] | None
) -> None:
    holds = None if there is None else standby(T0, slots=there)
    fates = logical_slots(primary(T0, slots=mine), holds)
    assert {one.slot.name for one in fates} == {slot.name for slot in mine if slot.logical and not slot.temporary}
    for one in fates:
        copies = [slot for slot in there or () if slot.name == one.slot.name]
        good = one.slot.failover is True and one.slot.wal_status != "lost"
        whole = any(copy.synced and not copy.temporary and copy.wal_status != "lost" for copy in copies)
        assert one.synchronised is (good and whole)


def test_logical_slots_are_told_while_nobody_moves() -> None:
    slot = Slot(name="cdc", active=False, slot_type="logical", plugin="pgoutput", database="orders")
    found, _ = judged(primary(T0, slots=(slot,)), standby(T0))
    assert found.status is Status.GREEN
    (told,) = [reason.text for reason in found.findings if reason.code == "LOGICAL_SLOTS_LEFT"]
    assert "cdc (pgoutput, database orders): this version has no failover slots" in told
    kept = replace(slot, failover=True)
    found, _ = judged(primary(T0, slots=(kept,)), standby(T0, slots=(replace(kept, synced=True, temporary=False),)))
    assert "LOGICAL_SLOTS_LEFT" not in codes(found)


def consumer(**more: Any) -> Downstream:
    given = {"state": "streaming", "sync_state": "async", "began_at": T0 - timedelta(minutes=1), "sent_lsn": lsn(10**9)}
    return Downstream(application_name="debezium", client_address=None, **(given | more))


@pytest.mark.parametrize(
    ("sender", "holds"),
    [
        (consumer(), True),
        (consumer(began_at=None), True),
        (consumer(began_at=T0 - timedelta(seconds=QUIET_S / 2)), False),
        (consumer(flushed_lsn=lsn(10**9)), False),
        (consumer(flushed_lsn=lsn(5 * 10**8)), True),
    ],
)
def test_consumer_that_does_not_confirm_is_told(sender: Downstream, holds: bool) -> None:
    assert holds_up_stop(sender, T0) is holds
    found, _ = judged(primary(T0, logical_senders=(sender,)), standby(T0))
    assert ("LOGICAL_SENDER_SILENT" in codes(found)) is holds


def archive(**more: Any) -> Archive:
    return Archive(**({"mode": "on", "last_wal": "0000000100000000000000FE", "segment_bytes": SEGMENT} | more))


@pytest.mark.parametrize(("age_s", "told"), [(HANGS_S - 1, False), (HANGS_S + 1, True), (None, False)])
def test_segments_that_wait(age_s: float | None, told: bool) -> None:
    since = None if age_s is None else T0 - timedelta(seconds=age_s)
    found, _ = judged(primary(T0, archive=archive(waiting=0 if since is None else 3, waiting_since=since)), standby(T0))
    assert ("ARCHIVE_HANGS" in codes(found)) is told
    assert found.could_switch_over.answer is Answer.YES


@pytest.mark.parametrize(
    ("last", "at_segment", "told"), [("FE", 0x101, True), ("FE", 0xFF, False), (None, 0x101, True)]
)
def test_without_the_list_positions_tell(last: str | None, at_segment: int, told: bool) -> None:
    """0xFF is being written: nothing after 0xFE is finished. Never archived: from the first position seen on."""
    state = archive(last_wal=f"0000000100000000000000{last}" if last else None)
    memory, at = Memory(), T0
    for number in range(int(HANGS_S / STEP.total_seconds()) + 4):
        place = (at_segment if number or last else at_segment - 2) * SEGMENT
        found, memory = judged(primary(at, place, archive=state), standby(at, place), memory)
        at += STEP
    assert ("ARCHIVE_HANGS" in codes(found)) is told
    found, memory = judged(
        primary(at, place, archive=archive(last_wal=f"{at_segment:024X}")), standby(at, place), memory
    )
    assert "ARCHIVE_HANGS" not in codes(found)


def test_archive_that_is_off_waits_for_nobody() -> None:
    state = archive(mode="off", waiting=3, waiting_since=T0 - timedelta(days=1))
    found, _ = judged(primary(T0, archive=state), standby(T0))
    assert found.status is Status.GREEN


def test_unlogged_tables_are_a_finding_with_sizes() -> None:
    tables = (Unlogged(name="public.cart", size_bytes=32768), *(Unlogged(name=f"t{n}") for n in range(9)))
    found, _ = judged(primary(T0, unlogged=tables), standby(T0))
    (told,) = [reason.text for reason in found.findings if reason.code == "UNLOGGED_TABLES"]
    assert found.status is Status.GREEN
    assert "public.cart (32 kB), t0 (size not known)" in told
    assert "and 5 more" in told
