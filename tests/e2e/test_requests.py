"""Asked, approved by two persons in sessions of their own, confirmed: in a real browser over a real database."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bc_lib.domain.requests.states import State
from bc_lib.services.requests.approve import approve
from tests.absences import chromium
from tests.e2e.real import product
from tests.e2e.test_screens import LOOKS, OVERFLOW, SMALL
from tests.fixtures.requests import BUSINESS, IT, World, world
from tests.fixtures.schedules import scheduled

__all__ = ["world"]
# Brings each part into view, and names those of which the bar then covers the end.
COVERED = """async () => {
  const bar = document.querySelector('.st-key-bc-decide'), main = document.querySelector('[data-testid=stMain]');
  const parts = [...main.querySelectorAll('h1, h2, p, li, dt, dd')]
    .filter(e => !bar.contains(e) && e.checkVisibility() && e.innerText.trim());
  const hidden = [];
  for (const part of parts) {
    part.scrollIntoView({block: 'center'});
    await new Promise(done => requestAnimationFrame(done));
    const box = part.getBoundingClientRect(), edge = bar.getBoundingClientRect();
    if (box.bottom > edge.top + 1 && box.top < edge.bottom - 1 && box.height < edge.top) hidden.push(part.innerText);
  }
  return {parts: parts.length, hidden};
}"""
pytestmark = pytest.mark.needs("browser")


@pytest.fixture(scope="module")
def browser():  # type: ignore[no-untyped-def]
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def base(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with product(world, tmp_path_factory.mktemp("screens") / "log.txt") as address:
        yield address


def enter(browser, base: str, path: str, person: str, width: int = 1440, scheme: str = "light"):  # type: ignore[no-untyped-def]
    """A browser of one's own, signed in as `person`, at `path`."""
    page = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    page.goto(base + path)
    page.get_by_role("button", name=person).click()
    page.wait_for_selector(".bc-asof", timeout=30_000)
    return page


def ask(page, name: str = "orders-db", kind: str = "Failover") -> str:  # type: ignore[no-untyped-def]
    """Raise a request on the resource's page; its id."""
    page.get_by_role("link", name="Raise a request").click()
    page.wait_for_selector(f"h1:has-text('Raise a request about {name}')", timeout=30_000)
    page.get_by_role("radio", name=kind).click()
    page.wait_for_selector("h2:has-text('What this would do')", timeout=30_000)
    page.get_by_label("Reason").fill("Frankfurt loses power at noon")
    page.get_by_role("button", name="Raise the request").click()
    page.wait_for_selector("h1:has-text('of orders-db to Amsterdam')", timeout=30_000)
    return page.url.split("id=")[1]


def test_olga_asks_ian_and_bea_approve_olga_confirms(browser, base: str, world: World) -> None:  # type: ignore[no-untyped-def]
    olga = enter(browser, base, "/resource?name=orders-db", "Olga")
    request_id = ask(olga)
    link = f"/requests?id={request_id}"
    for person, role in (("Ian", "Approver-IT"), ("Bea", "Approver-Business")):
        page = enter(browser, base, link, person)
        assert page.url.endswith(link)
        page.get_by_role("button", name="Approve…", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name=f"Approve as {role}").click(timeout=30_000)
        page.wait_for_selector(".bc-done", timeout=30_000)
        assert role in page.locator(".bc-votes").inner_text()
        page.context.close()
    olga.get_by_role("button", name="Confirm…").click(timeout=30_000)
    assert olga.locator("h1 .bc-word").inner_text() == "Approved"
    olga.get_by_text("I accept losing").click()
    olga.get_by_label("Phrase").fill("FAILOVER orders-db TO ams")
    olga.get_by_role("button", name="Confirm", exact=True).click()
    olga.wait_for_url("**/run?id=*", timeout=30_000)
    olga.wait_for_selector("h1 .bc-word:has-text('Ready to start')", timeout=30_000)
    assert world.gate.store.read.get(request_id).confirmed_by == "Olga"
    olga.context.close()


def test_sam_asks_and_cannot_approve_and_the_page_says_why(browser, base: str) -> None:  # type: ignore[no-untyped-def]
    sam = enter(browser, base, "/resource?name=orders-db", "Sam", 390)
    request_id = ask(sam)
    assert f"You asked for {request_id}, so another person must decide on it." in sam.inner_text(".bc-note")
    assert sam.get_by_role("button", name="Approve…", exact=True).count() == 0
    sam.context.close()


def test_a_vote_elsewhere_appears_without_a_reload(browser, base: str, world: World) -> None:  # type: ignore[no-untyped-def]
    request = world.ask()
    olga = enter(browser, base, f"/requests?id={request.id}", "Olga")
    olga.evaluate("window.still = 'the same document'")
    approve(world.gate, world.actor("ian"), request.id, IT)
    approve(world.gate, world.actor("bea"), request.id, BUSINESS)
    olga.get_by_role("button", name="Confirm…").wait_for(timeout=20_000)
    assert olga.evaluate("window.still") == "the same document"
    olga.context.close()


def test_tc040_a_wrong_phrase_is_refused_and_the_dialog_outlives_the_renewal(browser, base: str, world: World) -> None:  # type: ignore[no-untyped-def]
    request = world.approved()
    olga = enter(browser, base, f"/requests?id={request.id}", "Olga", 390)
    olga.get_by_role("button", name="Confirm…").click()
    box = olga.get_by_label("Phrase")
    box.fill("failover orders-db to ams")
    olga.wait_for_timeout(11_000)  # two renewals of what stands behind it
    assert box.input_value() == "failover orders-db to ams"
    olga.get_by_text("I accept losing").click()
    olga.get_by_role("button", name="Confirm", exact=True).click()
    olga.wait_for_selector("[data-testid=stDialog] .bc-trouble", timeout=20_000)
    assert "Type exactly “FAILOVER orders-db TO ams” first." in olga.inner_text("[data-testid=stDialog]")
    assert world.state(request) is State.APPROVED
    olga.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_decision_stays_in_reach_and_a_link_lands_on_it(
    browser, base: str, world: World, scheme: str
) -> None:  # type: ignore[no-untyped-def]
    """390 x 844: at the top, in the middle and at the end of the page; the link in a mail opens the question itself."""
    request = world.ask()
    page = enter(browser, base, f"/requests?id={request.id}", "Ian", 390, scheme)
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_selector("h2:has-text('What happened')", timeout=30_000)
    stays_in_reach(page, ("Approve…", "Deny…"), ("Loses", "Approver-Business too"))
    assert page.evaluate(OVERFLOW) == []
    page.context.close()
    linked = enter(browser, base, f"/requests?id={request.id}&act=approve", "Ian", 390, scheme)
    linked.set_viewport_size({"width": 390, "height": 844})
    press = linked.get_by_role("dialog").get_by_role("button", name="Approve as Approver-IT")
    press.wait_for(timeout=30_000)
    press.scroll_into_view_if_needed()
    box = press.bounding_box()
    assert box is not None
    assert 0 <= box["y"] <= 844 - box["height"]
    said = linked.get_by_role("dialog").inner_text()
    for word in ("Lost", "Outage", "Waiting costs", "Who else", "Cannot be undone"):
        assert word in said
    assert "act=" not in linked.url, "a reload asks for nothing"
    assert world.state(request) is State.PENDING_APPROVAL, "a link alone decides nothing"
    linked.context.close()
    for name, role in (("ian", IT), ("bea", BUSINESS)):
        approve(world.gate, world.actor(name), request.id, role)
    olga = enter(browser, base, f"/requests?id={request.id}", "Olga", 390, scheme)
    olga.set_viewport_size({"width": 390, "height": 844})
    olga.wait_for_selector("h2:has-text('What happened')", timeout=30_000)
    stays_in_reach(olga, ("Confirm…",), ("Loses",))
    olga.context.close()


def stays_in_reach(page, buttons: tuple[str, ...], words: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    """The bar is in the window at the top, in the middle and at the end; what it decides over can be read beside it."""
    for share in (0, 0.5, 1):
        page.evaluate(
            "s => { const m = document.querySelector('[data-testid=stMain]'); m.scrollTop = m.scrollHeight * s }", share
        )
        page.wait_for_timeout(300)
        for name in buttons:
            box = page.get_by_role("button", name=name, exact=True).bounding_box()
            assert box is not None, (name, share)
            assert box["y"] >= 0, (name, share, box)
            assert box["y"] + box["height"] <= 844, (name, share, box)
            assert box["x"] + box["width"] <= 390, (name, share, box)
            assert box["height"] >= 43.5
        line = page.locator(".bc-inbar").inner_text()
        assert all(word in line for word in words), line
        bar = page.locator(".st-key-bc-decide").bounding_box()
        assert bar["height"] <= 844 / 3, f"{bar}: what it decides over has the larger part of the screen"
        cut = "e => e.scrollHeight - e.clientHeight"
        assert page.locator(".bc-inbar").evaluate(cut) <= 1, "no word of the effect, the loss or the outage is cut off"
    # Each part that is decided over can be brought above the bar, also the last one.
    covered = page.evaluate(COVERED)
    assert covered["parts"] >= 4, covered
    assert covered["hidden"] == [], covered


def test_tc051_a_viewer_exports_through_the_link(browser, base: str, world: World, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    world.approved()
    vera = enter(browser, base, "/audit?system=orders-db&from=2020-01-01", "Vera")
    with vera.expect_download() as started:
        vera.get_by_role("link", name="Export CSV").click()
    started.value.save_as(tmp_path / "audit.zip")
    with zipfile.ZipFile(tmp_path / "audit.zip") as packed:
        packed.extractall(tmp_path)
    shown = vera.locator(".bc-records li").count()
    lines = (tmp_path / "audit.csv").read_text().splitlines()
    assert len(lines) == shown + 1
    checked = subprocess.run(
        [sys.executable, "-I", "-S", "verify_audit.py", "audit.csv"], cwd=tmp_path, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    vera.reload()
    vera.wait_for_selector(".bc-asof")
    assert "/audit?system=orders-db&from=2020-01-01" in vera.url
    vera.context.close()


def test_filters_of_requests_are_in_the_address_and_survive_the_sign_in(browser, base: str, world: World) -> None:  # type: ignore[no-untyped-def]
    world.ask()
    world.ask(scope="billing-db")
    vera = enter(browser, base, "/requests?q=billing", "Vera")
    vera.wait_for_selector("text=Failover of billing-db to Amsterdam")
    assert vera.get_by_text("Failover of orders-db to Amsterdam").count() == 0
    assert vera.url.endswith("/requests?q=billing")
    vera.context.close()


@pytest.mark.timeout(400)
def test_every_page_fits_and_can_be_touched(browser, base: str, world: World) -> None:  # type: ignore[no-untyped-def]
    request = world.ask()
    approve(world.gate, world.actor("ian"), request.id, IT, reason="A reason that is rather long " * 8)
    tomorrow = world.gate.store.read.now().replace(tzinfo=None, second=0, microsecond=0) + timedelta(days=1)
    scheduled(world, scope="reports-db", rule="FREQ=HOURLY;INTERVAL=6", starts=tomorrow, title="A title " * 20)
    for width, scheme in LOOKS:
        _every_page_fits(browser, base, request.id, width, scheme)


def _every_page_fits(browser, base: str, request: str, width: int, scheme: str) -> None:  # type: ignore[no-untyped-def]
    page = enter(browser, base, "/", "Bea", width, scheme)
    for path, there in (
        ("/", "Waiting on you"),
        ("/requests", "Asked for by you"),
        (f"/requests?id={request}", "What happened"),
        ("/audit", "Records"),
        ("/policies", "rules of approval"),
        ("/drills", "Schedules"),
        ("/drills?schedule=s-1", "Next dates"),
    ):
        page.goto(base + path)
        page.locator(f"h1:has-text('{there}'), h2:has-text('{there}')").first.wait_for(timeout=30_000)
        page.wait_for_timeout(300)
        assert page.evaluate(OVERFLOW) == [], (path, width, scheme)
        if width == 390:
            assert page.evaluate(SMALL) == [], (path, width, scheme)
    page.context.close()


def test_a_dialog_is_in_the_colours_of_its_page(browser, base: str) -> None:  # type: ignore[no-untyped-def]
    """Dark: the button to press is dark on light, and quiet words are light enough to be read."""
    olga = enter(browser, base, "/drills", "Olga", 390, "dark")
    olga.get_by_role("button", name="Add a blackout…").click()
    button = olga.get_by_role("dialog").get_by_role("button", name="Add it")
    assert button.evaluate("e => getComputedStyle(e).color") == "rgb(20, 23, 26)"
    olga.keyboard.press("Escape")
    olga.get_by_role("button", name="Add a schedule…").click()
    quiet = olga.get_by_role("dialog").locator(".bc-quiet").first
    assert quiet.evaluate("e => getComputedStyle(e).color") == "rgb(167, 174, 181)"
    olga.context.close()


def test_tc006_glass_is_broken_in_the_page_and_leaves_a_badge(browser, base: str, world: World) -> None:  # type: ignore[no-untyped-def]
    request = world.ask()
    olga = enter(browser, base, f"/requests?id={request.id}", "Olga", 390)
    olga.get_by_role("button", name="Break glass…").click()
    olga.get_by_label("Reason").fill("Nobody can be reached")
    olga.get_by_role("button", name="Break glass", exact=True).click()
    olga.wait_for_selector("[data-testid=stDialog] .bc-trouble", timeout=20_000)
    assert "needs an incident reference" in olga.inner_text("[data-testid=stDialog]")
    olga.get_by_label("Incident reference").fill("INC-1042")
    olga.get_by_role("button", name="Break glass", exact=True).click()
    olga.wait_for_selector("h1 .bc-glass", timeout=20_000)
    assert "INC-1042" in olga.inner_text(".bc-glassbox")
    stored = world.gate.store.read.get(request.id)
    assert (stored.state, stored.breakglass) == (State.APPROVED, 1)
    assert olga.evaluate(OVERFLOW) == []
    olga.context.close()
