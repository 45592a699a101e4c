"""Three persons with a browser each, and what they do on the pages."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.absences import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ASKS, IT, BUSINESS = "Olga", "Ian", "Bea"
SLOW_MS = 120_000
OVER = ("Succeeded", "Failed", "Denied", "Expired", "Withdrawn")
PROMPTS = re.compile(r"^(End the hold.*|Allow .*|Acknowledge another failover.*)…$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for. `drill`: the words of the page for the kind of drill, empty for a real move."""

    scope: str
    name: str
    kind: str
    site: str
    drill: str = ""


@dataclass(frozen=True, slots=True)
class People:
    """One signed-in page a person, each in a context of its own."""

    browser: Browser
    base: str
    pages: dict[str, Page]

    def ask(self, wish: Wish) -> str:
        """Olga raises the request on the page; its id."""
        page = self.pages[ASKS]
        _open(page, f"{self.base}/{wish.scope}?name={wish.name}", f"h1:has-text('{wish.name}')")
        page.get_by_role("link", name="Raise a request").click()
        page.wait_for_selector(f"h1:has-text('Raise a request about {wish.name}')")
        page.get_by_role("radio", name=wish.kind, exact=True).click()
        if wish.drill:
            page.get_by_role("radio", name=wish.drill, exact=True).click()
        site = page.get_by_role("radio", name=re.compile(rf"\({wish.site}\)"))
        if site.get_attribute("aria-checked") != "true":
            site.click()
        page.wait_for_selector("h2:has-text('What this would do')")
        page.get_by_label("Reason").fill(f"Walk through: {wish.kind.lower()} of {wish.name}")
        page.get_by_role("button", name="Raise the request").click()
        page.wait_for_url(re.compile(r"/requests\?id=r-\d+"))
        return page.url.split("id=")[1]

    def approve(self, request: str) -> None:
        """Ian and Bea, one after the other."""
        for person in (IT, BUSINESS):
            page = self.pages[person]
            _open(page, f"{self.base}/requests?id={request}", "h1 .bc-word")
            page.get_by_role("button", name="Approve…", exact=True).click()
            page.get_by_role("dialog").get_by_role("button", name="Approve as").click()
            page.wait_for_selector(".bc-done")

    def confirm(self, request: str) -> None:
        """Olga accepts the loss where there is one, and types the phrase that the dialog shows."""
        page = self.pages[ASKS]
        _open(page, f"{self.base}/requests?id={request}", "h1 .bc-word:has-text('Approved')")
        page.get_by_role("button", name="Confirm…").click()
        phrase = page.locator(".bc-phrase").inner_text()
        if (accept := page.get_by_text("I accept losing")).count():
            accept.click()
        page.get_by_label("Phrase").fill(phrase)
        page.get_by_role("button", name="Confirm", exact=True).click()
        _closed(page)

    def watch(self, request: str, patience_s: float) -> Iterator[tuple[str, str]]:
        """Each new word of the Run page, with the decision that waits there for somebody, until it is over.

        Yields ("Held", "") or ("Running", "End the hold"). Whoever is offered a decision takes it after the yield.
        """
        for page in self.pages.values():
            _open(page, f"{self.base}/run?id={request}", "h1 .bc-word")
        until, last = time.monotonic() + patience_s, ("", "")
        while time.monotonic() < until:
            word = self.pages[ASKS].locator("h1 .bc-word").first.inner_text()
            prompt = self._prompt()
            now = (word, prompt[1] if prompt else "")
            if now != last:
                yield now
            last = now
            if word in OVER:
                return
            if prompt:
                self._decide(*prompt)
            self.pages[ASKS].wait_for_timeout(500)

    def _prompt(self) -> tuple[Page, str] | None:
        for page in self.pages.values():
            found = page.get_by_role("button", name=PROMPTS)
            if found.count():
                return page, found.first.inner_text().rstrip("…")
        return None

    def _decide(self, page: Page, label: str) -> None:
        """One person decides; then nobody is asked any more, on whoever's page."""
        page.get_by_role("button", name=f"{label}…").first.click()
        page.get_by_label("What was seen or why").fill("Looked at; go on")
        page.get_by_role("dialog").get_by_role("button", name=label, exact=True).click()
        _closed(page)
        for each in self.pages.values():
            each.get_by_role("button", name=f"{label}…").first.wait_for(state="detached")

    def like(self, width: int, scheme: str) -> BrowserContext:
        """Olga once more, in a window of another size and colour; the caller closes it."""
        state = self.pages[ASKS].context.storage_state()
        return _context(self.browser, width, scheme, state)


@contextmanager
def people(base: str) -> Iterator[People]:
    """Signed in, and signed out by closing the browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        try:
            pages = {name: _context(browser, 1440, "light", None).new_page() for name in (ASKS, IT, BUSINESS)}
            for name, page in pages.items():
                page.goto(base + "/")
                page.get_by_role("button", name=name).click()
                page.wait_for_selector(".bc-asof")
            yield People(browser, base, pages)
        finally:
            browser.close()


def _context(browser: Browser, width: int, scheme: str, state: object) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]  # playwright names the words in a Literal
        storage_state=state,  # type: ignore[arg-type]  # its own answer, given back
    )
    context.set_default_timeout(SLOW_MS)
    return context


def _open(page: Page, address: str, there: str) -> None:
    page.goto(address)
    page.wait_for_selector(there)


def _closed(page: Page) -> None:
    """The dialog took the press. Raises RuntimeError with what it says instead."""
    from playwright.sync_api import TimeoutError as TooLate

    try:
        page.wait_for_selector("[data-testid=stDialog]", state="detached")
    except TooLate:
        page.screenshot(path="walkthrough-dialog.png")
        raise RuntimeError(f"A dialog stays open: {page.get_by_role('dialog').inner_text()!r}") from None
