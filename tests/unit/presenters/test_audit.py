"""What the audit page claims: sealed is not verified, and what is not known is never green (FR-041)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bc_lib.domain.audit import COLUMNS
from bc_lib.domain.audit_filter import filter_from
from bc_lib.domain.audit_findings import ChainReport, Wrong
from bc_lib.ports.audit import SealState
from bc_lib.services.audit.verify import Verification
from streamlit_app.presenters.audit import address, chain, record, verified

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
SEAL = SealState(
    now=NOW, beat_at=NOW - timedelta(seconds=5), signed_to=90, refused=None, written_to=100, unsealed_since=None
)


@pytest.mark.parametrize(
    ("seal", "guards", "key"),
    [
        (SEAL, (), "green"),
        (replace(SEAL, unsealed_since=NOW - timedelta(seconds=20)), (), "green"),
        (replace(SEAL, unsealed_since=NOW - timedelta(seconds=121)), (), "yellow"),
        (replace(SEAL, beat_at=NOW - timedelta(seconds=61)), (), "yellow"),
        (replace(SEAL, beat_at=None, signed_to=0), (), "never"),
        (replace(SEAL, refused="The log was cut."), (), "red"),
        (SEAL, ("The guard against UPDATE is switched off.",), "red"),
    ],
)
def test_state_of_the_log(seal: SealState, guards: tuple[str, ...], key: str) -> None:
    found = chain(seal, guards)
    assert found.mark.key == key
    assert all(guard in found.details for guard in guards)


def test_a_verification_is_green_only_where_something_signed_covers_it() -> None:
    sound = Verification(ChainReport(records=3), signed_to=3)
    assert verified(sound, NOW, NOW).mark.key == "green"
    assert verified(replace(sound, signed_to=0), NOW, NOW).mark.key == "yellow"
    sound.chain.add(2, Wrong.CHANGED, "Record 2 was changed.")
    wrong = verified(sound, NOW, NOW)
    assert wrong.mark.key == "red"
    assert "Record 2 was changed." in wrong.details


def test_days_are_whole_and_a_link_says_the_same_filter() -> None:
    wanted = filter_from({"from": "2026-11-01", "to": "2026-11-02", "system": "orders & co", "upto": "7"})
    assert (wanted.start, wanted.end) == (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC))
    assert (
        address("/audit", wanted, upto=wanted.upto)
        == "/audit?from=2026-11-01&to=2026-11-02&system=orders+%26+co&upto=7"
    )
    assert address("/audit", filter_from({"system": ""})) == "/audit"


def test_a_record_that_cannot_be_read_is_still_shown() -> None:
    shown = record(("9", *[""] * (len(COLUMNS) - 2), "{broken"), {})
    assert shown.number == "9"
    assert ("details", "{broken") in shown.cells
