"""What stands against a move stands on the Ask page before anybody asks, in the words of `bcctl plan --check`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.exc import DBAPIError
from streamlit.testing.v1 import AppTest

from bc_lib.domain.execution.findings import Severity
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import RequestType
from bc_lib.ports.runs import CheckAsked
from bc_lib.services.execution.blockers import NOTHING, answer_checks, ask_check
from bc_lib.services.execution.freeze import freeze
from bc_lib.testing.fake_runs import finding
from streamlit_app.presenters.checking import LOOKING, UNLOOKED, UNSEEN
from tests.fixtures.requests import refused, world
from tests.fixtures.running import Running, running
from tests.ui.real_screens import Open, opened, text

__all__ = ["running", "world"]
SWITCH = CheckAsked(
    kind=RequestType.SWITCHOVER, scope=Scope(kind="resource", name="orders-db"), target_site="ams", drill=""
)


@pytest.fixture
def tab(running: Running) -> Iterator[Open]:
    with opened(running.world) as open_:
        yield open_


def ask(tab: Open) -> AppTest:
    return tab("olga", "ask", resource="orders-db", type="switchover")


def press(at: AppTest) -> AppTest:
    next(each for each in at.button if each.label == "Check everything now").click()
    at.run()
    assert not at.exception
    return at


def test_everything_stands_there_before_anybody_asks(running: Running, tab: Open) -> None:
    """At once what is known, after a press what both sites say; nothing is requested by looking."""
    at = ask(tab)
    assert UNLOOKED.strip() in text(at)
    assert UNSEEN in text(at)
    assert NOTHING not in text(at), "nobody has looked"
    assert UNSEEN in text(press(at))
    assert NOTHING not in text(at), "nobody has answered"
    freeze(running.world.gate, running.world.actor("ada"), "storage migration")
    assert "Starts are frozen" in text(at.run())
    running.target.findings["precheck"] = [
        finding(Severity.BLOCK, sentence="Replay is paused."),
        finding(check="reach"),
    ]
    assert LOOKING in text(press(at))
    assert answer_checks(running.execution()) == 1
    found = running.world.gate.store.read.check(SWITCH)
    assert found is not None
    assert not found.waits
    body = text(at.run())
    assert LOOKING not in body
    assert f"What stands against it ({len(found.against)}):" in body
    assert "Replay is paused." in found.against[0]
    assert found.against[1].startswith("Starts are frozen")
    assert len(found.against) == 2
    assert "2 checks, 1 well" in body
    assert "Replay is paused." in body
    assert running.world.gate.store.read.list().requests == ()
    assert answer_checks(running.execution()) == 0, "answered is answered"


def test_an_answer_counts_for_what_was_asked_last_and_not_for_long(running: Running, tab: Open) -> None:
    at = press(ask(tab))
    answer_checks(running.execution())
    assert NOTHING in text(at.run())
    assert LOOKING in text(press(at)), "asked again: what was seen before is no answer"
    running.later(40.0)
    assert "No runner has answered for" in text(at.run())
    answer_checks(running.execution())
    running.later(400.0)
    assert UNLOOKED.strip() in text(at.run())


def test_who_may_not_ask_for_a_move_sends_no_runner(running: Running) -> None:
    gate, actor = running.world.gate, running.world.actor
    assert refused(ask_check, gate, actor("vera"), SWITCH) == "ROLE_MISSING"
    assert gate.store.read.checks_asked() == []
    assert ("denied", "request.create", "ROLE_MISSING") in running.world.audit.verbs()


INSERT = """
INSERT INTO bc.check_asked (type, scope_kind, scope_name, target_site, drill)
VALUES (:type, 'resource', :name, :site, :drill)
"""


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "nothing-here"},
        {"site": "moon"},
        {"type": "drop"},
        {"drill": "live"},
        {"type": "drill"},
    ],
)
def test_only_moves_of_the_inventory_are_looked_at(running: Running, wrong: dict[str, str]) -> None:
    """Attacker W: with the password of the pages. The rows are bounded by the inventory, the answers are the runner's."""
    values = {"type": "switchover", "name": "orders-db", "site": "ams", "drill": "", **wrong}
    with pytest.raises(DBAPIError, match="Only a move of the inventory"):
        running.world.database.sql("bc_ui", INSERT, **values)


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("bc_ui", "UPDATE bc.check_asked SET against = '[]'"),
        ("bc_ui", "UPDATE bc.check_asked SET answered_at = bc.now()"),
        ("bc_ui", "DELETE FROM bc.check_asked"),
        ("bc_runner", "UPDATE bc.check_asked SET target_site = 'fra'"),
        ("bc_keeper", "UPDATE bc.check_asked SET against = '[]'"),
    ],
)
def test_nobody_answers_for_the_runner(running: Running, role: str, statement: str) -> None:
    """Attackers W and K."""
    ask_check(running.world.gate, running.world.actor("olga"), SWITCH)
    with pytest.raises(DBAPIError, match="permission denied"):
        running.world.database.sql(role, statement)
