"""Everything that stands against a move of a real pair is known before anybody asks, the same by page and command."""

from __future__ import annotations

from typing import Any

from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import RequestType
from bc_lib.ports.runs import CheckAsked, Checked
from bc_lib.services.execution.blockers import NOTHING, answer_checks, ask_check
from streamlit_app.presenters.checking import checking
from tests.fixtures.commands import commands
from tests.fixtures.hostpair import SECRETS
from tests.fixtures.moving import Moving
from tests.fixtures.pgcluster import wait_for

__all__ = ["commands"]


def looked(moving: Moving, kind: RequestType) -> Checked:
    """As the page asks and the runner's job answers."""
    asked = CheckAsked(kind=kind, scope=Scope(kind="resource", name=moving.pair.name), target_site=moving.other)
    ask_check(moving.world.gate, moving.world.actor("olga"), asked)
    assert answer_checks(moving.execution()) == 1
    found = moving.read.check(asked)
    assert found is not None
    return found


def test_page_and_command_say_the_same_before_anybody_asks(moving: Moving, commands: Any, monkeypatch: Any) -> None:
    for reference, each in SECRETS.items():
        monkeypatch.setenv(reference.removeprefix("env:"), f"{each.username}:{each.password}")
    name, new = moving.pair.name, moving.other
    clear = looked(moving, RequestType.SWITCHOVER)
    assert clear.against == ()
    assert len(clear.findings) > 5
    assert checking(clear, (), moving.read.now()).stands == NOTHING
    moving.pair.sql(new, "SELECT pg_wal_replay_pause()")
    wait_for(lambda: moving.pair.sql(new, "SELECT pg_get_wal_replay_pause_state()") == [("paused",)])
    found = looked(moving, RequestType.SWITCHOVER)
    assert len(found.against) == 1
    assert "paused" in found.against[0]
    shown = checking(found, (), moving.read.now())
    words = ["plan", "--type", "switchover", "--resource", name, "--target-site", new, "--check"]
    code, said, _ = commands(*words)
    assert code == 3
    for line in (shown.stands, *shown.against):
        assert line in said, line
    assert moving.read.list().requests == ()
    moving.pair.sql(new, "SELECT pg_wal_replay_resume()")
