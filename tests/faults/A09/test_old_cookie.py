"""A09: a page that stays open after a sign-out, or after its account was switched off, writes nothing any more.

The page, its form and the cookie's ticket are the real ones; only where a browser sends the cookie, the test holds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import ProgrammingError
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from bc_lib.domain.actor import Actor
from bc_lib.domain.evidence.values import Answer, Side
from bc_lib.ports.sign_on import SignOnRefused
from bc_lib.services.evidence.sign_off import sign_off
from bc_lib.services.requests.withdraw import withdraw
from streamlit_app import deps
from streamlit_app.web import plumbing
from tests.fixtures.evidence import Packs
from tests.fixtures.requests import World, refused
from tests.ui.real_screens import MAIN, SECRET, parts, text


@dataclass(frozen=True, kw_only=True)
class Carrying(deps.Screens):
    """AppTest sends no cookie: every question about one is about this one."""

    cookie: list[str]

    def actor(self, token: str | None) -> Actor:
        return super().actor(self.cookie[-1])

    def another(self) -> deps.Screens:
        """The screens of another process with the same cookie secret, or of this one after a restart."""
        return deps.compose(self.parts, SECRET)


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A page that was opened while the cookie was good, and the browser that holds the cookie."""

    page: AppTest
    web: TestClient

    def press(self) -> str:
        """Accept the pack; what the page says then."""
        self.page.button(key="accept-it").click().run()
        return text(self.page) + "".join(each.value for each in self.page.error)


@pytest.fixture
def tab(world: World) -> Iterator[Tab]:
    """ian signed in, with the sign-off form of r-1 in front of him."""
    packs = Packs(world, world.data)
    request = withdraw(world.gate, world.actor("olga"), world.ask().id)
    packs.make()
    made = parts(world)
    screens = Carrying(parts=made, tickets=deps.compose(made, SECRET).tickets, cookie=[""])
    deps.install(screens)
    app = Starlette(routes=plumbing.routes(lambda: deps.Screens(parts=made, tickets=screens.tickets)))
    with TestClient(app, base_url="http://localhost", follow_redirects=False, client=("127.0.0.1", 5000)) as web:
        assert web.post("/sign-in", data={"person": "ian", "next": "/"}).status_code == 303
        screens.cookie.append(web.cookies[deps.COOKIE])
        page = AppTest.from_file(MAIN, default_timeout=30)
        page.query_params["id"] = request.id
        page.run()
        page.switch_page("app_pages/requests.py")
        page.query_params["id"] = request.id
        page.run()
        yield Tab(page=page, web=web)
    deps.forget()


def test_the_press_counts_while_nothing_ended(world: World, tab: Tab) -> None:
    """The others below would be worth nothing if this button did nothing."""
    assert "Accepted for the IT side" in tab.press()
    assert world.database.sql("bc_ui", "SELECT side FROM bc.evidence_signoff") == [("it",)]


def test_nothing_is_written_after_the_sign_out(world: World, tab: Tab) -> None:
    """At the next write, in a tab that was open all the time: the page says why."""
    tab.web.post("/sign-out")
    assert "You signed out; sign in again." in tab.press()
    assert _signed(world) == 0
    with pytest.raises(SignOnRefused, match="You signed out"):
        deps.current_actor()
    assert tab.web.get("/evidence/pack", params={"id": "r-1"}).status_code == 401


def test_another_process_of_the_pages_takes_no_ended_cookie(world: World, tab: Tab) -> None:
    """Two of everything: signed out in one, refused at the next write in the other, which had just taken the cookie."""
    here = deps.screens()
    assert isinstance(here, Carrying)
    there, cookie = here.another(), here.cookie[-1]
    mine = there.tickets.issue("ian", datetime.now(UTC))
    assert there.actor(cookie).subject == "ian"
    tab.web.post("/sign-out")
    for take in (there.acting, there.actor, here.another().actor):
        with pytest.raises(SignOnRefused, match="You signed out"):
            take(cookie)
    assert there.acting(mine).subject == "ian", "his other sign-in goes on"
    for statement in ("DELETE FROM bc.signed_out", "UPDATE bc.signed_out SET until = now()"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            world.database.sql("bc_ui", statement)


def test_signing_out_while_the_database_is_away_ends_it_here(world: World, tab: Tab) -> None:
    """The browser forgets its cookie and this process refuses it, whatever the database does."""
    here = deps.screens()
    assert isinstance(here, Carrying)

    class Away:
        def end(self, ticket: str, until: datetime) -> None:
            raise OSError("away")

        def tickets(self) -> frozenset[str]:
            raise OSError("away")

    cut = deps.Screens(parts=replace(here.parts, signed_out=Away()), tickets=here.tickets)
    cookie = here.cookie[-1]
    assert cut.actor(cookie).subject == "ian"
    cut.sign_out(cookie)
    with pytest.raises(SignOnRefused, match="You signed out"):
        cut.actor(cookie)


@pytest.mark.parametrize("end", ["PERSON_DISABLED", "ROLE_MISSING"])
def test_nothing_is_written_after_the_account_ended(world: World, tab: Tab, end: str) -> None:
    """The cookie is good still: the form is gone at the press, and what is sent past it is refused and audited."""
    if end == "PERSON_DISABLED":
        world.directory.disable("demo", "ian")
    else:
        world.set_roles("ian")
    said = tab.press()
    assert "Accepted" not in said
    assert "Sign off for the IT side" not in said
    assert _signed(world) == 0
    screens = deps.screens()
    store = screens.parts.evidence
    assert refused(sign_off, world.gate, store, screens.actor(None), "r-1", Side.IT, Answer.ACCEPTED) == end
    denied = "SELECT body::jsonb->>'reason_code' FROM bc_audit.record WHERE body::jsonb->>'kind' = 'denied'"
    assert world.database.sql("bc_ui", denied) == [(end,)]
    assert _signed(world) == 0


def _signed(world: World) -> object:
    return world.database.sql("bc_ui", "SELECT count(*) FROM bc.evidence_signoff")[0][0]
