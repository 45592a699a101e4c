"""The recovery test stands beside the health on every page that shows health (US-008)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from bc_lib.domain.requests.states import RequestType
from bc_lib.services.requests.withdraw import withdraw
from bc_lib.store.inventory import InventoryRepository
from tests.fixtures.requests import world
from tests.fixtures.running import Running, drilled, running
from tests.ui.real_screens import Open, opened, text

__all__ = ["running", "world"]


@pytest.fixture
def tab(running: Running) -> Iterator[Open]:
    with opened(running.world) as open_:
        yield open_


def move_ports(running: Running) -> None:
    """Every endpoint gets another port."""
    inventory = InventoryRepository(running.world.database.engine("bc_ui")).load().inventory
    moved = [
        replace(each, endpoints=tuple(replace(end, port=(end.port or 0) + 100) for end in each.endpoints))
        for each in inventory.resources
    ]
    running.world.apply(*moved, groups=inventory.groups)


def test_never_then_verified_then_changed_with_what_has_changed(running: Running, tab: Open) -> None:
    """On Overview, Resource and Group, with its age; a rehearsal changes nothing."""
    running.go(running.ready(RequestType.DRILL))
    assert "Never drilled" in text(tab("vera", "resource", name="orders-db"))
    request = drilled(running, "payments")
    overview = text(tab("vera"))
    assert overview.count("Verified</span>") == 3  # the group and its two members
    assert overview.count("Never drilled</span>") == 1
    for page, name in (("resource", "orders-db"), ("group", "payments")):
        body = text(tab("vera", page, name=name))
        assert f'href="/run?id={request.id}"' in body
        assert "nothing it tested has changed" in body
    move_ports(running)
    body = text(tab("vera", "resource", name="orders-db"))
    assert "Changed since" in body
    assert "orders-db: endpoints is another." in body
    assert "bc-panel bc-edge-agreed" not in body


def new_policy(running: Running) -> None:
    """Another version of the approval rules."""
    running.world.database.sql(
        "postgres",
        """
        WITH rule AS (INSERT INTO bc.policy_rule (version, position, name) VALUES (2, 1, 'All')
                      RETURNING version, position)
        INSERT INTO bc.policy_need SELECT version, position, 'approver-it', 1 FROM rule""",
    )


@pytest.mark.parametrize("change", [new_policy, move_ports])
def test_a_change_ends_the_green_of_every_page_at_its_next_reading(
    running: Running, tab: Open, change: Callable[[Running], None]
) -> None:
    """No light of a recovery test outlives what was tested: it is judged anew at each reading, pages that stay open
    included."""
    drilled(running, "payments")
    shown = {
        page: tab("vera", page, **query)
        for page, query in (
            ("", {}),
            ("resource", {"name": "orders-db"}),
            ("group", {"name": "payments"}),
            ("drills", {}),
            ("compliance", {}),
        )
    }
    assert {page: "Verified</span>" in text(at) for page, at in shown.items()} == dict.fromkeys(shown, True)
    change(running)
    assert {page: "Verified</span>" in text(at.run()) for page, at in shown.items()} == dict.fromkeys(shown, False)
    assert {page: "Changed since</span>" in text(at) for page, at in shown.items()} == dict.fromkeys(shown, True)


def coverage_page() -> None:
    """A page with nothing but the section."""
    from streamlit_app.components.coverage import coverage_section

    coverage_section()


def test_coverage_says_who_took_part_and_puts_what_is_not_tested_first(running: Running, tab: Open) -> None:
    """Each scenario with its last end; a rehearsal stands beside the drill and makes nothing green."""
    assert tab  # screens over this database
    running.go(running.ready(RequestType.DRILL, scope="payments"))
    at = AppTest.from_function(coverage_page, default_timeout=20).run()
    assert not at.exception
    body = text(at)
    assert "1 of 1 critical system not verified now, 1 overdue: payments." in body
    assert "Rehearsal, no recovery test" in body
    assert "bc-agreed" not in body
    request = drilled(running, "payments")
    body = text(at.run())
    assert "Every critical system is verified by a live drill in time." in body
    assert f'href="/requests?id={request.id}"' in body
    assert "Olga asked; Bea and Ian agreed; Oscar confirmed; Oscar decided during the run." in body
    assert "orders-db" not in body  # it is in the group
    assert "Every critical system is verified" in text(tab("vera", "drills"))


def test_the_request_says_what_changed_since_the_last_live_drill(running: Running, tab: Open) -> None:
    """The approver reads it before deciding; the same sentences as the mark's, and never "nothing" for "never"."""
    first = running.world.ask(kind=RequestType.DRILL, drill="live")
    assert "this plan was never tested" in text(tab("ian", "requests", id=first.id))
    withdraw(running.world.gate, running.world.actor("olga"), first.id)
    done = drilled(running, "payments")
    running.world.observe("orders-db")
    running.world.observe("billing-db")
    same = running.world.ask(kind=RequestType.DRILL, drill="live")
    body = text(tab("ian", "requests", id=same.id))
    assert f"Live drill {done.id} succeeded" in body
    assert ": no difference." in body
    assert "The steps are not compared" not in body
    move_ports(running)
    other = running.world.ask(scope="billing-db")
    body = text(tab("ian", "requests", id=other.id))
    assert "1 difference." in body
    assert "billing-db: endpoints is another." in body
    assert "orders-db: endpoints is another." not in body
    assert "The steps are not compared" in body
    assert "this plan was never tested" in text(tab("ian", "requests", id=first.id))
