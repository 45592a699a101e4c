"""Whether commits are known to wait for a standby (decision 15)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bc_lib.domain.assessment import Answer
from bc_lib.domain.memory import Memory
from bc_lib.domain.observation import CommitOverride
from bc_lib.domain.rules import assess
from tests.unit.domain.rounds import T0, pair, primary, resource, sender, standby

LISTED = sender()
SYNC: dict = {
    "downstreams": (replace(LISTED, sync_state="sync"),),
    "sync_standby_names": "ams",
    "settings": primary(T0).settings | {"synchronous_commit": "on"},
    "commit_overrides": (),
}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, "COMMITS_WAIT"),
        ({"settings": SYNC["settings"] | {"synchronous_commit": "remote_apply"}}, "COMMITS_WAIT"),
        ({"commit_overrides": (CommitOverride(who="role app", value="on"),)}, "COMMITS_WAIT"),
        ({"commit_overrides": (CommitOverride(who="role app", value="off"),)}, "ASYNC_WINDOW"),
        ({"commit_overrides": (CommitOverride(who="role bc_monitor", value="on", ours=True),)}, "ASYNC_WINDOW"),
        ({"commit_overrides": None}, "ASYNC_WINDOW"),
        ({"settings": primary(T0).settings}, "ASYNC_WINDOW"),
        *(
            ({"settings": SYNC["settings"] | {"synchronous_commit": value}}, "ASYNC_WINDOW")
            for value in ("off", "local", "remote_write")
        ),
        ({"downstreams": (replace(LISTED, sync_state="quorum"),)}, "ASYNC_WINDOW"),
        ({"downstreams": (replace(LISTED, sync_state="potential"),)}, "ASYNC_WINDOW"),
        ({"downstreams": (replace(LISTED, sync_state="sync", state="catchup"),)}, "ASYNC_WINDOW"),
        ({"downstreams": (replace(LISTED, sync_state="sync"), sender("lon"))}, "ASYNC_WINDOW"),
        ({"sync_standby_names": "FIRST 1 (lon, ams)"}, "ASYNC_WINDOW"),
        ({"sync_standby_names": "*"}, "ASYNC_WINDOW"),
        ({"sync_standby_names": None}, "ASYNC_WINDOW"),
    ],
)
def test_yes_always_says_whether_commits_wait(change: dict, code: str) -> None:
    """Decision 15: synchronous by deed, or the window of an asynchronous standby stays; never without a word."""
    found = assess(resource(), pair(T0, primary(T0, **{**SYNC, **change}), standby(T0)), Memory())[0]
    assert found.could_fail_over.answer is Answer.YES
    assert [reason.code for reason in found.could_fail_over.reasons] == [code]
